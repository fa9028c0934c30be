package chat.parley.settings;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Certificates in a file that are trusted, and what they were used to sign. */
public final class Authorities {
  private Authorities() {}

  /**
   * Trusts the certificates of a PEM file and no others; blocks.
   *
   * @param setting that names the file
   * @throws SettingsException naming setting and file when it cannot be read or holds none
   */
  public static TrustManager[] read(String setting, Path file) {
    byte[] pem = Tls.bytesOf(setting, file);
    try {
      return trusting(certificates(pem));
    } catch (CertificateException e) {
      throw new SettingsException(setting + ": " + file + " holds no certificate in PEM", e);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every Java platform can trust certificates", e);
    }
  }

  private static Collection<? extends Certificate> certificates(byte[] pem)
      throws CertificateException {
    Collection<? extends Certificate> found =
        CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    if (found.isEmpty()) {
      throw new CertificateException("no certificate");
    }
    return found;
  }

  private static TrustManager[] trusting(Collection<? extends Certificate> certificates)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (Certificate certificate : certificates) {
      store.setCertificateEntry("certificate " + store.size(), certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}

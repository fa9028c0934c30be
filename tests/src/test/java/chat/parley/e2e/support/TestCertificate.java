package chat.parley.e2e.support;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** A certificate for loopback that nobody but the clients of a test trusts, in PEM files. */
public final class TestCertificate {
  private final X509Bundle bundle;
  private final Path certificate;
  private final Path key;

  public TestCertificate(Path folder) {
    try {
      bundle =
          new CertificateBuilder()
              .subject("cn=localhost")
              .addSanDnsName("localhost")
              .addSanIpAddress("127.0.0.1")
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
      certificate =
          Files.writeString(folder.resolve("certificate.pem"), bundle.getCertificatePathPEM());
      key = Files.writeString(folder.resolve("key.pem"), bundle.getPrivateKeyPEM());
    } catch (Exception e) {
      throw new AssertionError("no certificate", e);
    }
  }

  public Path certificate() {
    return certificate;
  }

  public Path key() {
    return key;
  }

  /** Settings under which everything that clients reach speaks TLS. */
  public Map<String, String> asSettings() {
    Map<String, String> settings = new HashMap<>();
    for (String section : new String[] {"API", "SITE", "CONNECT"}) {
      settings.put("PARLEY_" + section + "_TLS_CERTIFICATE", certificate.toString());
      settings.put("PARLEY_" + section + "_TLS_KEY", key.toString());
    }
    return settings;
  }

  /** For clients: trusts this certificate and no other. */
  public SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {bundle.toTrustManager()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("no TLS here", e);
    }
  }
}

package chat.parley.e2e.support;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * A certificate for loopback, in PEM files, and its authority, which nobody but the clients of a
 * test trusts.
 */
public final class TestCertificate {
  private final X509Bundle authority;
  private final Path authorityFile;
  private final Path certificate;
  private final Path key;

  public TestCertificate(Path folder) {
    try {
      authority =
          new CertificateBuilder()
              .subject("cn=authority")
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
      authorityFile =
          Files.writeString(folder.resolve("authority.pem"), authority.getCertificatePEM());
    } catch (Exception e) {
      throw new AssertionError("no certificate", e);
    }
    certificate = folder.resolve("certificate.pem");
    key = folder.resolve("key.pem");
    renew();
  }

  public Path certificate() {
    return certificate;
  }

  public Path key() {
    return key;
  }

  /** Writes another certificate and key into the files; answers its serial number. */
  public BigInteger renew() {
    try {
      X509Bundle bundle =
          new CertificateBuilder()
              .subject("cn=localhost")
              .addSanDnsName("localhost")
              .addSanIpAddress("127.0.0.1")
              .buildIssuedBy(authority);
      Files.writeString(certificate, bundle.getCertificatePathPEM());
      Files.writeString(key, bundle.getPrivateKeyPEM());
      return bundle.getCertificate().getSerialNumber();
    } catch (Exception e) {
      throw new AssertionError("no certificate", e);
    }
  }

  /** Writes something else into the file of the certificate. */
  public void spoil() {
    try {
      Files.writeString(certificate, "no certificate");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serial number of the certificate that is shown to a new connection. */
  public BigInteger shownAt(int port) {
    try (SSLSocket socket =
        (SSLSocket)
            trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSerialNumber();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Settings under which everything that clients and operators reach speaks TLS. */
  public Map<String, String> asSettings() {
    Map<String, String> settings = new HashMap<>();
    for (String section : new String[] {"API", "SITE", "CONNECT", "MANAGEMENT"}) {
      settings.put("PARLEY_" + section + "_TLS_CERTIFICATE", certificate.toString());
      settings.put("PARLEY_" + section + "_TLS_KEY", key.toString());
    }
    return settings;
  }

  /** Settings under which the members of a cluster take nobody else. */
  public Map<String, String> asClusterSettings() {
    return Map.of(
        "PARLEY_CLUSTER_TLS_CERTIFICATE", certificate.toString(),
        "PARLEY_CLUSTER_TLS_KEY", key.toString(),
        "PARLEY_CLUSTER_TLS_AUTHORITY", authorityFile.toString());
  }

  /** For clients: trusts certificates of this authority and no others. */
  public SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {authority.toTrustManager()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("no TLS here", e);
    }
  }
}

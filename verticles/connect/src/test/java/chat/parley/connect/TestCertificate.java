package chat.parley.connect;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A certificate for loopback that nobody but the clients of a test trusts. */
final class TestCertificate {
  private final X509Bundle bundle;
  private final Path certificate;
  private final Path key;

  /**
   * @param folder where the PEM files go
   */
  TestCertificate(Path folder) {
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
      throw new AssertionError(e);
    }
  }

  /** Section connect with TLS. */
  JsonObject settings() {
    return new JsonObject()
        .put("tls-certificate", certificate.toString())
        .put("tls-key", key.toString());
  }

  TrustManager trust() {
    return bundle.toTrustManager();
  }

  /** Connects and has shaken hands, in one version of TLS. */
  SSLSocket connect(int port, String version) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust()}, null);
      Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
      SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true);
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      return socket;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

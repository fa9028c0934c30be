package chat.parley.app;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** TLS clients at a port of the cluster that take whoever answers, as an attacker does. */
final class TestPeers {
  private TestPeers() {}

  /** Shows no certificate. */
  static SSLSocket anonymous(int port) {
    return connect(port, null);
  }

  /** Shows the certificate of some member. */
  static SSLSocket withIdentity(int port, ClusterTls identity) {
    return connect(port, identity);
  }

  private static SSLSocket connect(int port, ClusterTls identity) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          identity == null ? null : identity.keys(), new TrustManager[] {new Anybody()}, null);
      return (SSLSocket)
          context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

package chat.parley.app;

import chat.parley.settings.Authorities;
import chat.parley.settings.SettingsException;
import chat.parley.settings.Tls;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Files;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

/**
 * How the members of a cluster know each other: each shows a certificate, and takes nobody whose
 * certificate does not come from the cluster's authority. Names in certificates are not compared
 * with addresses, because members come and go at any address: the authority must issue to members
 * only.
 */
final class ClusterTls {
  private static final long HANDSHAKE_S = 10;
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  private final Tls own;
  private final PemTrustOptions authority;
  private final SSLContext context;

  private ClusterTls(Tls own, PemTrustOptions authority, SSLContext context) {
    this.own = own;
    this.authority = authority;
    this.context = context;
  }

  /**
   * Reads; blocks.
   *
   * @throws SettingsException naming setting and file of what is not as it should be
   */
  static ClusterTls read(ClusterSettings settings) {
    Tls own = Tls.read(settings.tls());
    if (!settings.tls().enabled()) {
      return new ClusterTls(own, null, null);
    }
    TrustManager[] trusted = Authorities.read("cluster.tls-authority", settings.tlsAuthority());
    try {
      PemTrustOptions authority =
          new PemTrustOptions()
              .addCertValue(Buffer.buffer(Files.readAllBytes(settings.tlsAuthority())));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keysOf(own), trusted, null);
      return new ClusterTls(own, authority, context);
    } catch (Exception e) { // What Vert.x throws; the files have been read already.
      throw new IllegalStateException("no TLS for the cluster", e);
    }
  }

  private static KeyManager[] keysOf(Tls own) throws Exception {
    return own.identity().getKeyManagerFactory(null).getKeyManagers();
  }

  /** What proves the identity of this member. */
  KeyManager[] keys() {
    try {
      return keysOf(own);
    } catch (Exception e) { // Of what has been read already.
      throw new IllegalStateException(e);
    }
  }

  boolean enabled() {
    return context != null;
  }

  /** Makes the event bus speak TLS, with a certificate on both sides; or leaves it as it is. */
  void on(EventBusOptions bus) {
    if (enabled()) {
      bus.setSsl(true)
          .setKeyCertOptions(own.identity())
          .setTrustOptions(authority)
          // Vert.x's default for the event bus is to trust everybody.
          .setTrustAll(false)
          .setClientAuth(ClientAuth.REQUIRED)
          .setEnabledSecureTransportProtocols(Set.of(VERSIONS))
          .setSslHandshakeTimeout(HANDSHAKE_S)
          .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    }
  }

  /** One side of a connection between members; each side needs the certificate of the other. */
  SSLEngine engine(boolean client) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(client);
    engine.setNeedClientAuth(!client);
    engine.setEnabledProtocols(VERSIONS);
    return engine;
  }
}

package chat.parley.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who connects and never shakes hands takes no more than the bound of a server's memory. */
class HandshakeBoundTest {
  private static final int MOST = 3;

  private final MeterRegistry counts = new SimpleMeterRegistry();

  @TempDir Path folder;

  @Test
  void handshakesUnderWayAreBoundedAndPlacesAreGivenBack() throws Exception {
    X509Bundle bundle =
        new CertificateBuilder()
            .subject("cn=localhost")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Path certificate = Files.writeString(folder.resolve("c.pem"), bundle.getCertificatePathPEM());
    Path key = Files.writeString(folder.resolve("k.pem"), bundle.getPrivateKeyPEM());
    AtomicInteger underWay = new AtomicInteger();
    Vertx vertx = Vertx.vertx();
    try {
      NetServerOptions options =
          Tls.read(new TlsSettings("test", certificate, key))
              .on(new NetServerOptions().setHost("127.0.0.1").setPort(0), Duration.ofMinutes(5))
              .setSslEngineOptions(new HandshakeBound(MOST, underWay));
      NetServer server =
          vertx.createNetServer(options).connectHandler(s -> s.write("hello").onComplete(d -> {}));
      int port =
          server
              .listen()
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS)
              .actualPort();
      SSLContext trusting = SSLContext.getInstance("TLS");
      trusting.init(null, new TrustManager[] {bundle.toTrustManager()}, null);

      Metrics.addRegistry(counts);
      // Whoever has shaken hands is not counted any more.
      List<Socket> open = new ArrayList<>();
      for (int i = 0; i < 2 * MOST; i++) {
        open.add(greeted(trusting, port));
      }
      List<Socket> silent = new ArrayList<>();
      for (int i = 0; i < MOST; i++) {
        silent.add(new Socket(InetAddress.getLoopbackAddress(), port));
        awaitCount(underWay, i + 1);
      }
      try (Socket oneMore = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(ends(oneMore)).isTrue();
      }
      assertThat(underWay).hasValue(MOST);
      for (Socket socket : silent) {
        socket.close();
      }
      awaitCount(underWay, 0);
      assertThat(refused("too-many")).isEqualTo(1);
      assertThat(refused("failed")).isEqualTo(MOST);
      open.add(greeted(trusting, port));
      for (Socket socket : open) {
        socket.close();
      }
    } finally {
      Metrics.removeRegistry(counts);
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private double refused(String cause) {
    return counts
        .counter("parley.tls.handshakes.refused", "peers", "clients", "cause", cause)
        .count();
  }

  private static Socket greeted(SSLContext trusting, int port) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    assertThat(socket.getInputStream().readNBytes(5)).hasSize(5);
    return socket;
  }

  private static boolean ends(Socket socket) throws IOException {
    socket.setSoTimeout(10_000);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  private static void awaitCount(AtomicInteger counter, int wanted) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (counter.get() != wanted) {
      assertThat(System.nanoTime()).as("no " + wanted + " in time").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}

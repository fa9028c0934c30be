package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.settings.SettingsException;
import chat.parley.settings.SettingsReader;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.NodeInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two members with certificates of one authority, and strangers at their ports. */
class ClusterTlsTest {
  private static final int PORTS = 4;
  private static final int READ_MS = 10_000;

  /** Codecs of Vert.x's own. */
  private static final int PING = 1;

  private static final int STRING = 9;

  @TempDir static Path folder;

  private static int firstPort;
  private static HazelcastCluster cluster;
  private static final List<Vertx> members = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    try (ServerSocket probe = new ServerSocket(0)) {
      firstPort = Math.min(probe.getLocalPort(), 65_000);
    }
    certificates("ours");
    certificates("theirs");
    cluster = new HazelcastCluster(settings("ours"), "/any");
    members.add(member());
    members.add(member());
  }

  @AfterAll
  static void stop() {
    members.forEach(member -> await(member.close()));
  }

  /** An authority and a certificate of it. */
  private static void certificates(String whose) throws Exception {
    X509Bundle authority =
        new CertificateBuilder()
            .subject("cn=authority of " + whose)
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    X509Bundle member =
        new CertificateBuilder().subject("cn=member of " + whose).buildIssuedBy(authority);
    Files.writeString(folder.resolve(whose + "-authority.pem"), authority.getCertificatePEM());
    Files.writeString(folder.resolve(whose + ".pem"), member.getCertificatePathPEM());
    Files.writeString(folder.resolve(whose + ".key"), member.getPrivateKeyPEM());
  }

  private static JsonObject section(String whose) {
    return new JsonObject()
        .put("name", "tls-test")
        .put("port", firstPort)
        .put("port-count", PORTS)
        .put("tls-certificate", folder.resolve(whose + ".pem").toString())
        .put("tls-key", folder.resolve(whose + ".key").toString())
        .put("tls-authority", folder.resolve(whose + "-authority.pem").toString());
  }

  private static ClusterSettings settings(String whose) {
    return read(section(whose));
  }

  private static ClusterSettings read(JsonObject section) {
    return SettingsReader.section(
        new JsonObject().put("cluster", section), "cluster", ClusterSettings.class);
  }

  private static Vertx member() {
    VertxOptions options = new VertxOptions();
    cluster.bind(options.getEventBusOptions());
    return await(
        Vertx.builder().with(options).withClusterManager(cluster.manager()).buildClustered());
  }

  private static int busPort(Vertx member) {
    NodeInfo info = ((VertxInternal) member).clusterManager().getNodeInfo();
    return info.port();
  }

  @Test
  void membersMeetAndTalk() {
    assertThat(nodes()).hasSize(2);
    // Several records' worth, both ways, more than once.
    String text = "x".repeat(200_000);
    await(
        members
            .get(0)
            .eventBus()
            .consumer("echo", message -> message.reply(message.body()))
            .completion());
    for (int i = 0; i < 20; i++) {
      assertThat(await(members.get(1).eventBus().request("echo", text)).body()).isEqualTo(text);
    }
    // And through Hazelcast itself.
    var map = await(members.get(0).sharedData().<String, String>getClusterWideMap("big"));
    await(map.put("key", text));
    var other = await(members.get(1).sharedData().<String, String>getClusterWideMap("big"));
    assertThat(await(other.get("key"))).isEqualTo(text);
  }

  @Test
  void memberOfTheSameNameWithoutTlsStaysOutside() {
    Config plain = new HazelcastCluster(read(section("ours")), "/any").config();
    staysOutside(alone(plain), null);
  }

  @Test
  void memberWithTheCertificateOfAnotherAuthorityStaysOutside() {
    ClusterSettings theirs = settings("theirs");
    staysOutside(alone(new HazelcastCluster(theirs, "/any").config()), ClusterTls.read(theirs));
  }

  /** Gives up soon when nobody lets it in. */
  private static Config alone(Config config) {
    return config.setProperty("hazelcast.max.join.seconds", "1");
  }

  private static void staysOutside(Config config, ClusterTls tls) {
    HazelcastInstance stranger =
        tls == null ? Hazelcast.newHazelcastInstance(config) : GuardedMember.join(config, tls);
    try {
      assertThat(stranger.getCluster().getMembers()).hasSize(1);
      assertThat(nodes()).hasSize(2);
    } finally {
      stranger.shutdown();
    }
  }

  private static List<String> nodes() {
    return ((VertxInternal) members.get(0)).clusterManager().getNodes();
  }

  @Test
  void portsOfTheClusterAnswerNothingInTheClear() throws IOException {
    for (String protocol : List.of("HZC", "CP2", "GET / HTTP/1.1\r\n\r\n")) {
      byte[] said = protocol.getBytes(StandardCharsets.US_ASCII);
      assertThat(heard(new Socket(InetAddress.getLoopbackAddress(), firstPort), said))
          .as(protocol)
          .doesNotContain("HZC", "HTTP");
    }
    assertThat(
            heard(new Socket(InetAddress.getLoopbackAddress(), busPort(members.get(0))), forged()))
        .isEmpty();
  }

  @Test
  void strangerWithoutACertificateOrWithAForeignOneSendsNothingOverTheBus() throws Exception {
    List<String> believed = new CopyOnWriteArrayList<>();
    await(
        members
            .get(0)
            .eventBus()
            .<String>consumer("forged", message -> believed.add(message.body()))
            .completion());
    ClusterTls theirs = ClusterTls.read(settings("theirs"));
    for (int port : List.of(busPort(members.get(0)), firstPort)) {
      assertThatThrownBy(() -> talk(TestPeers.anonymous(port), forged()))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> talk(TestPeers.withIdentity(port, theirs), forged()))
          .isInstanceOf(IOException.class);
    }
    assertThat(believed).isEmpty();
    // The same bytes of a member are believed: it is the certificate that makes the difference.
    ClusterTls ours = ClusterTls.read(settings("ours"));
    talk(TestPeers.withIdentity(busPort(members.get(0)), ours), forged());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (believed.isEmpty() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(believed).containsExactly("believe me");
  }

  @Test
  void settingsOfTlsAreCompleteOrNotThereAtAll() {
    assertThatThrownBy(() -> read(section("ours").putNull("tls-authority")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("cluster.tls-authority");
    assertThatThrownBy(
            () ->
                ClusterTls.read(
                    read(section("ours").put("tls-authority", folder.resolve("no").toString()))))
        .hasMessageContaining("cluster.tls-authority: cannot read");
    assertThatThrownBy(
            () ->
                ClusterTls.read(
                    read(
                        section("ours")
                            .put("tls-authority", folder.resolve("ours.key").toString()))))
        .hasMessageContaining("holds no certificate");
  }

  /**
   * A message to the consumer of these tests as Vert.x writes it, and a ping, which is answered.
   */
  private static byte[] forged() {
    return message(STRING, "forged", "believe me")
        .appendBuffer(message(PING, "ping", null))
        .getBytes();
  }

  private static Buffer message(int codec, String address, String body) {
    Buffer message = Buffer.buffer().appendByte((byte) 1).appendByte((byte) codec);
    message.appendByte((byte) 0).appendInt(address.length()).appendString(address);
    message.appendInt(0).appendInt(1).appendString("x").appendInt(4);
    if (body != null) {
      message.appendInt(body.length()).appendString(body);
    }
    return Buffer.buffer().appendInt(message.length()).appendBuffer(message);
  }

  /** What a socket says to some bytes, until it closes. */
  private static String heard(Socket socket, byte[] said) throws IOException {
    try (socket) {
      socket.setSoTimeout(READ_MS);
      socket.getOutputStream().write(said);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (java.net.SocketException reset) {
      return "";
    }
  }

  /** Waits for an answer to some bytes; fails when the other side wants no more of it. */
  private static void talk(SSLSocket socket, byte[] said) throws IOException {
    try (socket) {
      socket.setSoTimeout(READ_MS);
      socket.startHandshake();
      socket.getOutputStream().write(said);
      if (socket.getInputStream().read() < 0) {
        throw new IOException("closed");
      }
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}

package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ProtoCodec;
import chat.parley.chaos.ports.Ports;
import chat.parley.proto.NodeStatus;
import chat.parley.proto.ReadNodeStatus;
import com.google.protobuf.Message;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stranger on the port of the event bus hurts neither the process nor the other members. */
class BusPortTest {
  private static final String ADDRESS = "status";
  private static final int PATIENCE_MS = 15_000;
  private static final int BOUND = 1 << 20;
  private static final BusFrames.Unfinished UNFINISHED = new BusFrames.Unfinished(BOUND);

  private static Vertx member;
  private static Vertx other;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    port = Ports.free();
    int cluster = Ports.freeRange(10);
    member = await(clustered(cluster, port));
    other = await(clustered(cluster, Ports.free()));
    await(
        member
            .eventBus()
            .consumer(
                ADDRESS,
                asked -> asked.reply(NodeStatus.getDefaultInstance(), ProtoCodec.options()))
            .completion());
  }

  @AfterAll
  static void stop() {
    await(other.close());
    await(member.close());
  }

  private static Future<Vertx> clustered(int clusterPort, int busPort) {
    JsonObject cluster =
        new JsonObject()
            .put("name", "bus-port-" + ProcessHandle.current().pid())
            .put("port", clusterPort)
            .put("port-count", 10)
            .put("bus-port", busPort);
    HazelcastCluster hazelcast =
        HazelcastCluster.of(new JsonObject().put("cluster", cluster).put("data", "/none"));
    EventBusOptions bus = new EventBusOptions();
    hazelcast.bind(bus);
    return Vertx.builder()
        .with(new VertxOptions().setEventBusOptions(bus))
        .withTransport(GuardedTransport.over(UNFINISHED))
        .withClusterManager(hazelcast.manager())
        .buildClustered()
        .onSuccess(ProtoCodec::install);
  }

  static List<byte[]> hostileBytes() {
    byte[] random = new byte[5_000];
    new Random(1).nextBytes(random);
    random[0] = 0x7F;
    return List.of(
        random,
        "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
        new byte[] {0, 0, 0, 0},
        new byte[] {-1, -1, -1, -1},
        new byte[] {0x7F, -1, -1, -1},
        message(2, -1, "parley", Integer.MAX_VALUE - 100, 4),
        message(2, -1, "parley", -5, 4),
        message(2, -1, "another", 6, 4),
        message(2, -1, "parley", 6, Integer.MAX_VALUE),
        message(9, -1, "parley", 6, 4),
        message(2, 2, "", 6, 4), // A string, of which the bus's parser would believe the length.
        message(2, 99, "", 6, 4),
        message(2, 15, "", 6, 4));
  }

  /** A message to {@link #ADDRESS} as the bus has it on the wire, with lengths of our choice. */
  private static byte[] message(
      int version, int codec, String name, int addressLength, int headers) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(version);
      out.writeByte(codec);
      if (codec == -1) {
        out.writeInt(name.length());
        out.writeBytes(name);
      }
      out.writeByte(0);
      out.writeInt(addressLength);
      out.writeBytes(ADDRESS);
      out.writeInt(0);
      out.writeInt(4);
      out.writeBytes("nobd");
      out.writeInt(headers);
      out.writeByte(0);
      out.writeInt(0);
      out.writeByte(1);
      out.writeInt(Integer.MAX_VALUE - 100);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    byte[] body = bytes.toByteArray();
    return ByteBuffer.allocate(body.length + 4).putInt(body.length).put(body).array();
  }

  @ParameterizedTest
  @MethodSource("hostileBytes")
  void hostileBytesCloseTheirOwnConnectionAndTheBusGoesOn(byte[] bytes) throws IOException {
    try (Socket stranger = connect()) {
      stranger.getOutputStream().write(bytes);
      awaitClosed(stranger);
    }
    assertThatTheBusGoesOn();
  }

  @Test
  void unfinishedMessagesTakeABoundedShareOfTheMemoryAndGiveItBack() throws Exception {
    byte[] half = new byte[BOUND / 2 + 1_000];
    half[1] = 0x0F; // Claims almost the bound.
    try (Socket first = connect();
        Socket second = connect()) {
      first.getOutputStream().write(half);
      awaitUnfinished(half.length);
      try {
        second.getOutputStream().write(half);
      } catch (SocketException closedAlready) {
        // The server may close before everything was written.
      }
      awaitClosed(second);
      assertThatTheBusGoesOn();
    }
    awaitUnfinished(0);
  }

  @Test
  void manyStrangersAtOnceHinderNobody() throws IOException {
    Socket[] strangers = new Socket[500];
    for (int i = 0; i < strangers.length; i++) {
      strangers[i] = connect();
      strangers[i].getOutputStream().write(new byte[] {0, 0, 1});
    }
    assertThatTheBusGoesOn();
    for (Socket stranger : strangers) {
      stranger.close();
    }
    awaitUnfinished(0);
    assertThatTheBusGoesOn();
  }

  private static void assertThatTheBusGoesOn() {
    Message answer =
        await(
            other
                .eventBus()
                .<Message>request(
                    ADDRESS, ReadNodeStatus.getDefaultInstance(), ProtoCodec.options())
                .map(reply -> reply.body()));
    assertThat(answer).isEqualTo(NodeStatus.getDefaultInstance());
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  private static void awaitClosed(Socket socket) throws IOException {
    try {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (SocketException reset) {
      // As closed as can be: there were bytes on the way that nobody read.
    }
  }

  private static void awaitUnfinished(long bytes) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    while (UNFINISHED.bytes() != bytes) {
      assertThat(System.nanoTime()).as("%d unfinished", UNFINISHED.bytes()).isLessThan(end);
      Thread.onSpinWait();
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

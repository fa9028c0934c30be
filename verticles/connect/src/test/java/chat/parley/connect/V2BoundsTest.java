package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.FindUser;
import chat.parley.proto.v2.Heartbeat;
import chat.parley.proto.v2.ReadMembers;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.vertx.core.json.JsonObject;
import java.lang.management.BufferPoolMXBean;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client can make the server keep for it has a bound. */
class V2BoundsTest {
  private static final int UNKNOWN_FIELD = 999;

  @TempDir Path folder;
  private ConnectMesh mesh;
  private V2Client other;

  @BeforeEach
  void start() {
    mesh = new ConnectMesh(folder, 1, new JsonObject());
    other = mesh.device(V2Client.Kind.TCP, mesh.rooms().device(12, 2, "other"));
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void whoAsksAndDoesNotReadIsNotReadEither() {
    mesh.rooms().devices().roomsOf(3_000);
    String demo = mesh.rooms().device(11, 1, "demo");
    V2WsClient client = (V2WsClient) mesh.device(V2Client.Kind.PROTOBUF, demo);
    client.stopReading();
    int sent = 0;
    while (sent < 400 && asks(client, sent)) {
      sent++;
    }
    assertThat(sent).isLessThan(400);
    client.readAgain();
    client.answer(sent + 2);
  }

  /** Whether a request is read, as far as many requests of somebody else can tell. */
  private boolean asks(V2Client client, int before) {
    client.send(ask(before + 2));
    for (int i = 0; i < 100 && mesh.rooms().devices().asked() == before; i++) {
      roundTrip(2 + 100 * before + i);
    }
    return mesh.rooms().devices().asked() > before;
  }

  @Test
  void whatWasReadIsNotKeptThoughNoReadEndsWithAFrame() {
    String demo = mesh.rooms().device(11, 1, "demo");
    V2TcpClient client = (V2TcpClient) mesh.device(V2Client.Kind.TCP, demo);
    ByteString padding = ByteString.copyFrom(new byte[32_000]);
    byte[] frame =
        V2TcpClient.bytes(
            ClientFrame.newBuilder()
                .setHeartbeat(Heartbeat.getDefaultInstance())
                .setUnknownFields(unknown(padding))
                .build());
    byte[] shifted = new byte[frame.length];
    System.arraycopy(frame, 7, shifted, 0, frame.length - 7);
    System.arraycopy(frame, 0, shifted, frame.length - 7, 7);
    long before = direct();
    client.send(java.util.Arrays.copyOf(frame, 7));
    for (int i = 0; i < 2_000; i++) {
      client.send(shifted);
    }
    client.send(java.util.Arrays.copyOfRange(frame, 7, frame.length - 3));
    roundTrip(2);
    assertThat(direct() - before).isLessThan(40 << 20);
    client.send(java.util.Arrays.copyOfRange(frame, frame.length - 3, frame.length));
    client.send(find(2)).answer(2);
    assertThat(direct() - before).isLessThan(40 << 20);
  }

  private void roundTrip(int ref) {
    other.send(find(ref)).answer(ref);
  }

  private static long direct() {
    long netty = io.netty.util.internal.PlatformDependent.usedDirectMemory();
    long nio =
        java.lang.management.ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return Stream.of(netty, nio).mapToLong(bytes -> bytes).sum();
  }

  private static UnknownFieldSet unknown(ByteString padding) {
    return UnknownFieldSet.newBuilder()
        .addField(
            UNKNOWN_FIELD, UnknownFieldSet.Field.newBuilder().addLengthDelimited(padding).build())
        .build();
  }

  private static ClientFrame ask(int ref) {
    return ClientFrame.newBuilder()
        .setRef(ref)
        .setReadMembers(ReadMembers.newBuilder().setRoomId(7))
        .build();
  }

  private static ClientFrame find(int ref) {
    return ClientFrame.newBuilder()
        .setRef(ref)
        .setFindUser(FindUser.newBuilder().setUserName("somebody"))
        .build();
  }
}

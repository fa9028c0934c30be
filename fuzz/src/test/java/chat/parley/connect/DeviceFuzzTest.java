package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.FindUser;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.ServerFrame;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithSize;
import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Whatever a device says after its Welcome, the next request is answered, or a goodbye says why.
 */
class DeviceFuzzTest {
  private static final int LAST_REF = 0x7EEEEEEE;

  private static BareNode node;

  @BeforeAll
  static void start() {
    node = new BareNode();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @FuzzTest
  void frames(@NotNull @WithSize(max = 24) List<@NotNull ClientFrame> frames) {
    Peer peer = node.inLoop(() -> new Peer(node, WireFormat.V1_TCP));
    send(peer, ClientFrame.newBuilder().setHello(hello()).build());
    await(peer, ServerFrame::hasSynced);
    frames.forEach(frame -> send(peer, frame));
    send(
        peer,
        ClientFrame.newBuilder()
            .setRef(LAST_REF)
            .setFindUser(FindUser.newBuilder().setUserId(1))
            .build());
    ServerFrame last = await(peer, frame -> frame.getRe() == LAST_REF || frame.hasGoodbye());
    assertThat(last.getGoodbye().getCode())
        .isNotIn(Goodbye.Code.INTERNAL, Goodbye.Code.TRY_AGAIN, Goodbye.Code.UNAUTHENTICATED);
    node.settle();
    node.inLoop(
        () -> {
          peer.go();
          assertThat(peer.held()).as("bytes held when the client is gone").isZero();
          assertThat(node.connections()).as("connections").isZero();
          return null;
        });
  }

  private static Hello hello() {
    return Hello.newBuilder().setProtocol(2).setToken(StandInLogic.TOKEN).build();
  }

  private static void send(Peer peer, ClientFrame frame) {
    byte[] body = frame.toByteArray();
    byte[] bytes =
        ByteBuffer.allocate(body.length + WireFormat.V2_TCP_HEADER)
            .put(new byte[] {'v', '2'})
            .putInt(body.length + WireFormat.V2_TCP_HEADER)
            .put(body)
            .array();
    node.inLoop(
        () -> {
          peer.send(bytes, 0, bytes.length);
          return null;
        });
  }

  /** Turns the loop until a frame is there. */
  private static ServerFrame await(Peer peer, Predicate<ServerFrame> wanted) {
    while (true) {
      for (ServerFrame frame : node.inLoop(() -> said(peer))) {
        if (wanted.test(frame)) {
          return frame;
        }
      }
    }
  }

  private static List<ServerFrame> said(Peer peer) throws InvalidProtocolBufferException {
    ByteBuf heard = peer.heard().duplicate();
    List<ServerFrame> frames = new ArrayList<>();
    while (heard.isReadable()) {
      assertThat(heard.readShort()).isEqualTo((short) ('v' << 8 | '2'));
      ByteBuf body = heard.readSlice(heard.readInt() - WireFormat.V2_TCP_HEADER);
      frames.add(ServerFrame.parseFrom(ByteBufUtil.getBytes(body)));
    }
    return frames;
  }
}

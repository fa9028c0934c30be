package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.wire.Vectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a stranger sends on a socket ends in an answer or in a goodbye, the same one however the
 * network cuts the bytes, and leaves nothing behind.
 */
class SocketBytesFuzzTest {
  private static final List<WireFormat> WIRES =
      List.of(
          WireFormat.V1_TCP, WireFormat.V1_WEBSOCKET, WireFormat.V2_PROTOBUF, WireFormat.V2_JSON);

  private static BareNode node;

  @BeforeAll
  static void start() {
    node = new BareNode();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  static List<byte[]> streams() {
    List<byte[]> streams = new ArrayList<>();
    Vectors.bytes("tcp").forEach(tcp -> streams.add(on(WireFormat.V1_TCP, tcp)));
    Vectors.bytes("protobuf")
        .forEach(frame -> streams.add(on(WireFormat.V2_PROTOBUF, masked(0x82, frame))));
    Vectors.json().forEach(frame -> streams.add(on(WireFormat.V2_JSON, masked(0x81, frame))));
    for (String v1 :
        List.of(
            "{\"op\":6,\"authToken\":\"t\",\"roomId\":1}",
            "{\"op\":3,\"authToken\":\"t\",\"roomId\":1,\"msg\":\"\\ud800\"}",
            "{\"op\":4}{")) {
      byte[] json = v1.getBytes(StandardCharsets.UTF_8);
      streams.add(on(WireFormat.V1_WEBSOCKET, masked(0x81, json)));
      streams.add(
          on(
              WireFormat.V1_TCP,
              ByteBuffer.allocate(json.length + 4)
                  .put(new byte[] {'v', '1'})
                  .putShort((short) (json.length + 4))
                  .put(json)
                  .array()));
    }
    return streams;
  }

  /** The first byte chooses the wire. */
  private static byte[] on(WireFormat wire, byte[] stream) {
    return ByteBuffer.allocate(stream.length + 1)
        .put((byte) WIRES.indexOf(wire))
        .put(stream)
        .array();
  }

  /** A client's frame, with a mask of zeros. */
  private static byte[] masked(int kind, byte[] body) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(kind);
    if (body.length < 126) {
      frame.write(0x80 | body.length);
    } else {
      frame.write(0x80 | 126);
      frame.write(body.length >> 8);
      frame.write(body.length);
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(body);
    return frame.toByteArray();
  }

  @MethodSource("streams")
  @FuzzTest
  void stream(byte[] bytes) {
    if (bytes.length > 0) {
      WireFormat wire = WIRES.get(Math.floorMod(bytes[0], WIRES.size()));
      assertThat(talk(wire, bytes, 1)).isEqualTo(talk(wire, bytes, bytes.length));
    }
  }

  private static Outcome talk(WireFormat wire, byte[] bytes, int atATime) {
    Peer peer =
        node.inLoop(
            () -> {
              Peer one = new Peer(node, wire);
              for (int at = 1; at < bytes.length; at += atATime) {
                one.send(bytes, at, Math.min(at + atATime, bytes.length));
              }
              return one;
            });
    node.settle();
    return node.inLoop(
        () -> {
          Outcome outcome = new Outcome(peer.heardAsHex(), peer.session().closing());
          peer.go();
          assertThat(peer.held()).as("bytes held when the client is gone").isZero();
          assertThat(node.connections()).as("connections").isZero();
          return outcome;
        });
  }

  private record Outcome(String heard, boolean closing) {}
}

package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.v2.Batch;
import chat.parley.proto.v2.Message;
import chat.parley.proto.v2.SendAck;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.Synced;
import com.google.protobuf.util.JsonFormat;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read from the bytes of frames without a look at their structure. */
class FramesTest {
  private final Stamp stamp = new Stamp("k3");
  private final V2Scan scan = new V2Scan(stamp);
  private final List<String> found = new ArrayList<>();

  private final V2Scan.Found listener =
      new V2Scan.Found() {
        @Override
        public void acknowledged(int re) {
          found.add("ack " + re);
        }

        @Override
        public void message(long seq, boolean ours, long now) {
          found.add(seq + (ours ? " is " + stamp.number + " of " + stamp.sender : " is foreign"));
        }
      };

  private boolean scanned(ServerFrame frame, boolean json) throws Exception {
    found.clear();
    byte[] body =
        json
            ? JsonFormat.printer().omittingInsignificantWhitespace().print(frame).getBytes()
            : frame.toByteArray();
    byte[] amid = new byte[body.length + 20];
    System.arraycopy(body, 0, amid, 10, body.length);
    return json
        ? scan.json(amid, 10, 10 + body.length, 0, listener)
        : scan.protobuf(amid, 10, 10 + body.length, 0, listener);
  }

  @Test
  void everyMessageOfABatchIsFoundWithItsSeq() throws Exception {
    ServerFrame frame =
        ServerFrame.newBuilder()
            .setBatch(
                Batch.newBuilder()
                    .setConversation("room:7")
                    .addMessages(message(300, stamp.text(0, 5, 1, 77, 100)))
                    .addMessages(message(301, "pb|other|0|9|9|9|"))
                    .addMessages(message(302, stamp.text(0, 6, 2, 78, 300))))
            .build();
    for (boolean json : new boolean[] {false, true}) {
      assertThat(scanned(frame, json)).isTrue();
      assertThat(found).containsExactly("300 is 5 of 1", "301 is foreign", "302 is 6 of 2");
    }
  }

  private static Message.Builder message(long seq, String text) {
    return Message.newBuilder()
        .setSeq(seq)
        .setId(1L << 60)
        .setAcceptedAt(1_800_000_000_000L)
        .setSenderId(9)
        .setSenderName("bench-9")
        .setText(text)
        .setClientMessageId("id");
  }

  @Test
  void anAckIsFoundByTheRefThatItAnswers() throws Exception {
    ServerFrame frame =
        ServerFrame.newBuilder()
            .setRe(70_000)
            .setSendAck(SendAck.newBuilder().setClientMessageId("x").setSeq(3))
            .build();
    for (boolean json : new boolean[] {false, true}) {
      assertThat(scanned(frame, json)).isTrue();
      assertThat(found).containsExactly("ack 70000");
    }
  }

  @Test
  void everythingElseIsLeftToTheGeneratedClasses() throws Exception {
    ServerFrame frame = ServerFrame.newBuilder().setSynced(Synced.getDefaultInstance()).build();
    assertThat(scanned(frame, false)).isFalse();
    assertThat(scanned(frame, true)).isFalse();
  }

  @Test
  void aStampSaysWhatWasWrittenIntoIt() {
    byte[] text =
        ("{\"msg\":\"" + stamp.text(4, 70, 8, 123_456, 80) + "\"}")
            .getBytes(StandardCharsets.US_ASCII);
    assertThat(stamp.find(text, 0, text.length)).isTrue();
    assertThat(stamp.conversation).isEqualTo(4);
    assertThat(stamp.number).isEqualTo(70);
    assertThat(stamp.sender).isEqualTo(8);
    assertThat(stamp.scheduled).isEqualTo(123_456);
    assertThat(stamp.find(text, stamp.end, text.length)).isFalse();
    assertThat(stamp.text(0, 0, 0, 0, 250)).hasSize(250);
  }

  @Test
  void framesAreReadHoweverTheirBytesAreCut() {
    for (Wire wire : new Wire[] {Wire.V1_WS, Wire.V1_TCP}) {
      byte[] bytes = threeFrames(wire);
      for (int piece : new int[] {1, 2, 3, 7, 100, bytes.length}) {
        Tally tally =
            new Tally(new Ledger(0), new Arrivals(new RoundClock(0, Long.MAX_VALUE)), true);
        EmbeddedChannel channel = new EmbeddedChannel(connection(wire, tally));
        for (int at = 0; at < bytes.length; at += piece) {
          int length = Math.min(piece, bytes.length - at);
          channel.writeInbound(Unpooled.copiedBuffer(bytes, at, length));
        }
        assertThat(tally.distinct()).as(wire + " by " + piece).isEqualTo(3);
        assertThat(tally.outOfOrder()).isZero();
        channel.finishAndReleaseAll();
      }
    }
  }

  private byte[] threeFrames(Wire wire) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (wire.webSocket()) {
      bytes.writeBytes("HTTP/1.1 101 Switching Protocols\r\nX: y\r\n\r\n".getBytes());
    }
    for (int number = 0; number < 3; number++) {
      // Lengths of each of the two shorter kinds.
      byte[] body = stamp.text(0, number, 0, 0, 60 + number * 200).getBytes();
      if (!wire.webSocket()) {
        bytes.writeBytes(new byte[] {'v', '1'});
        bytes.write(body.length + 4 >> 8);
        bytes.write(body.length + 4);
      } else if (body.length < 126) {
        bytes.writeBytes(new byte[] {(byte) 0x81, (byte) body.length});
      } else {
        bytes.writeBytes(
            new byte[] {(byte) 0x81, 126, (byte) (body.length >> 8), (byte) body.length});
      }
      bytes.writeBytes(body);
    }
    return bytes.toByteArray();
  }

  private V1Connection connection(Wire wire, Tally tally) {
    Connection.Owner owner =
        new Connection.Owner() {
          @Override
          public void ready(Connection connection) {
            found.add("ready");
          }

          @Override
          public void ended(Connection connection, String why) {
            found.add(why);
          }
        };
    return new V1Connection(wire, new Connection.Scratch(), owner, "token", 1, tally, stamp);
  }
}

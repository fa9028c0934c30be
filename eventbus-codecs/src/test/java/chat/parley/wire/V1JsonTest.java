package chat.parley.wire;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Conversations;
import chat.parley.proto.ChatMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class V1JsonTest {
  private final V1Json json = new V1Json(ZoneOffset.UTC);

  @Test
  void aRoomMessageHasExactlyTheFieldsOfOp3() {
    assertThat(frame(message("room:7", "hello").build()))
        .isEqualTo(
            "{\"code\":0,\"msg\":\"hello\",\"fromUserId\":3,\"fromUserName\":\"demo\","
                + "\"toUserId\":0,\"toUserName\":\"\",\"roomId\":7,\"op\":3,"
                + "\"createTime\":\"2024-01-01 00:00:05\"}");
  }

  @Test
  void aDirectMessageNamesItsRecipientAndTheRoomThatItsSenderNamed() {
    ChatMessage m =
        message(Conversations.ofPair(9, 3), "psst")
            .setRecipientId(9)
            .setRecipientName("test")
            .setV1RoomId(4)
            .build();
    JsonObject frame = new JsonObject(frame(m));
    assertThat(frame.getInteger("op")).isEqualTo(2);
    assertThat(frame.getInteger("toUserId")).isEqualTo(9);
    assertThat(frame.getString("toUserName")).isEqualTo("test");
    assertThat(frame.getInteger("roomId")).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"",
        "\\",
        "\n\r\t\b\f\u0000\u001f",
        "</script>",
        "é ü 漢字",
        "👩‍👩‍👧",
        "a\"b\\c"
      })
  void everyTextComesBackAsItWas(String text) {
    assertThat(new JsonObject(frame(message("room:1", text).build())).getString("msg"))
        .isEqualTo(text);
  }

  @Test
  void whatIsSaidToFitDoesFitATcpFrame() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      String text = randomText(random);
      if (V1Json.fits(text, "demo", "")) {
        String frame = frame(message("room:" + Long.MAX_VALUE, text).build());
        assertThat(frame.getBytes(StandardCharsets.UTF_8).length)
            .isLessThanOrEqualTo(V1Json.MAX_FRAME_BODY);
      }
    }
  }

  @Test
  void aPlainTextOf32000BytesFitsAndOneOf33000DoesNot() {
    assertThat(V1Json.fits("x".repeat(32_000), "demo", "")).isTrue();
    assertThat(V1Json.fits("x".repeat(33_000), "demo", "")).isFalse();
  }

  private static String randomText(Random random) {
    String[] alphabet = {"x", "\"", "\u0001", "é", "漢", "😀"};
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(34_000);
    String letter = alphabet[random.nextInt(alphabet.length)];
    while (text.length() < length) {
      text.append(random.nextInt(4) == 0 ? alphabet[random.nextInt(alphabet.length)] : letter);
    }
    return text.toString();
  }

  private static ChatMessage.Builder message(String conversation, String text) {
    return ChatMessage.newBuilder()
        .setConversation(conversation)
        .setSenderId(3)
        .setSenderName("demo")
        .setAcceptedAt(1_704_067_205_000L)
        .setText(text);
  }

  private String frame(ChatMessage m) {
    ByteBuf out = Unpooled.buffer();
    json.writeMessage(out, m);
    return out.toString(StandardCharsets.UTF_8);
  }
}

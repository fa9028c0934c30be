package chat.parley.stores.jdbc;

import chat.parley.proto.ChatMessage;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** How a message becomes rows, and a row a message. */
final class MessageRows {
  static final String COLUMNS =
      "conversation, seq, id, accepted_at, sender_id, sender_name, recipient_id, recipient_name,"
          + " text_utf8, v1_room_id";

  private MessageRows() {}

  static Tuple messageRow(ChatMessage message) {
    return Tuple.of(
        message.getConversation(),
        message.getSeq(),
        message.getId(),
        message.getAcceptedAt(),
        message.getSenderId(),
        message.getSenderNameBytes().toByteArray(),
        message.getRecipientId(),
        message.getRecipientNameBytes().toByteArray(),
        message.getTextBytes().toByteArray(),
        message.getV1RoomId());
  }

  static Tuple sentIdRow(ChatMessage message) {
    byte[] hash =
        idHash(message.getConversation(), message.getSenderId(), message.getClientMessageId());
    return Tuple.of(hash, message.getSeq(), message.getId(), message.getAcceptedAt());
  }

  /** The names come before the client's bytes and hold no NUL, so no two triples share an input. */
  static byte[] idHash(String conversation, long senderId, String clientMessageId) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(conversation.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(senderId).flip());
      return digest.digest(clientMessageId.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static List<ChatMessage> messagesOf(RowSet<Row> rows) {
    List<ChatMessage> messages = new ArrayList<>(rows.size());
    for (Row row : rows) {
      messages.add(messageOf(row));
    }
    return messages;
  }

  private static ChatMessage messageOf(Row row) {
    return ChatMessage.newBuilder()
        .setConversation(row.getString(0))
        .setSeq(row.getLong(1))
        .setId(row.getLong(2))
        .setAcceptedAt(row.getLong(3))
        .setSenderId(row.getLong(4))
        .setSenderName(textOf(row.getBuffer(5)))
        .setRecipientId(row.getLong(6))
        .setRecipientName(textOf(row.getBuffer(7)))
        .setText(textOf(row.getBuffer(8)))
        .setV1RoomId(row.getLong(9))
        .build();
  }

  private static String textOf(Buffer utf8) {
    return utf8.toString(StandardCharsets.UTF_8);
  }
}

package chat.parley.stores.jdbc;

import chat.parley.proto.ChatMessage;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** How a message becomes rows, and a row a message. */
final class MessageRows {
  static final String COLUMNS =
      "conversation, seq, id, accepted_at, sender_id, sender_name, recipient_id, recipient_name,"
          + " text_utf8, v1_room_id";

  private MessageRows() {}

  /** Sets the columns, in their order. */
  static void bind(PreparedStatement row, ChatMessage message) throws SQLException {
    row.setString(1, message.getConversation());
    row.setLong(2, message.getSeq());
    row.setLong(3, message.getId());
    row.setLong(4, message.getAcceptedAt());
    row.setLong(5, message.getSenderId());
    row.setBytes(6, message.getSenderNameBytes().toByteArray());
    row.setLong(7, message.getRecipientId());
    row.setBytes(8, message.getRecipientNameBytes().toByteArray());
    row.setBytes(9, message.getTextBytes().toByteArray());
    row.setLong(10, message.getV1RoomId());
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

  static List<ChatMessage> messagesOf(ResultSet rows) throws SQLException {
    List<ChatMessage> messages = new ArrayList<>();
    while (rows.next()) {
      messages.add(messageOf(rows));
    }
    return messages;
  }

  private static ChatMessage messageOf(ResultSet row) throws SQLException {
    return ChatMessage.newBuilder()
        .setConversation(row.getString(1))
        .setSeq(row.getLong(2))
        .setId(row.getLong(3))
        .setAcceptedAt(row.getLong(4))
        .setSenderId(row.getLong(5))
        .setSenderNameBytes(utf8(row, 6))
        .setRecipientId(row.getLong(7))
        .setRecipientNameBytes(utf8(row, 8))
        .setTextBytes(utf8(row, 9))
        .setV1RoomId(row.getLong(10))
        .build();
  }

  /** Stays as it is on its way to those who want bytes. The driver gives an array of our own. */
  private static ByteString utf8(ResultSet row, int column) throws SQLException {
    return UnsafeByteOperations.unsafeWrap(row.getBytes(column));
  }
}

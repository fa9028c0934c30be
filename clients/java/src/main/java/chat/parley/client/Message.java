package chat.parley.client;

import java.time.Instant;

/**
 * A message of a conversation.
 *
 * @param conversation {@code room:7} or {@code direct:3:9}
 * @param seq 1, 2, 3, … in its conversation
 * @param id its number among all messages of the server
 * @param acceptedAt by the clock of the node that accepted it
 * @param senderId user who sent it
 * @param senderName that user's name
 * @param recipientId in a direct conversation, else 0
 * @param recipientName in a direct conversation, else empty
 * @param text what was written
 * @param clientMessageId what the sender called it; may be empty in what comes from the store
 */
public record Message(
    String conversation,
    long seq,
    long id,
    Instant acceptedAt,
    long senderId,
    String senderName,
    long recipientId,
    String recipientName,
    String text,
    String clientMessageId) {}

package chat.parley.client;

import java.time.Instant;

/**
 * A message in the outbox.
 *
 * @param clientMessageId names it among those of the user, on every connection
 * @param target {@code room:7}, {@code user:9} or the name of a conversation
 * @param text what is to be sent
 * @param createdAt when it was given to the client
 */
public record Unsent(String clientMessageId, String target, String text, Instant createdAt) {}

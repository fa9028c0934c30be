package chat.parley.client;

import java.time.Instant;

/**
 * The server's word that a message is on disk and will reach every member's every device.
 *
 * @param conversation where it stands
 * @param seq its place there
 * @param id its number among all messages of the server
 * @param acceptedAt by the clock of the node that accepted it
 * @param repeated it had been accepted before; this is the first acceptance's ack
 * @param clientMessageId what the client called it
 */
public record Ack(
    String conversation,
    long seq,
    long id,
    Instant acceptedAt,
    boolean repeated,
    String clientMessageId) {}

package chat.parley.client;

/**
 * Hears what happens to a client. All methods are called on the client's one thread, one at a time:
 * they must return soon (while one runs, nothing is sent or acknowledged, heartbeats included), and
 * may call every method of the client but must not wait for its futures. An exception out of one is
 * logged and changes nothing: the message it was given counts as received.
 */
public interface ParleyListener {
  /** The server has welcomed this device; what was missed comes now. */
  default void onConnected(Session session) {}

  /**
   * A message of one of the user's conversations, those sent by this user and by this device
   * included. Each comes once, in ascending order of seq in its conversation. After a crash of this
   * process the last ones may come once more: the cursor is saved after this method has returned.
   */
  default void onMessage(Message message) {}

  /** Everything that there was when the client connected has come. */
  default void onSynced() {}

  /** Messages that this device has not got are not kept any more; both seqs inclusive. */
  default void onNotRecovered(String conversation, long from, long to) {}

  /**
   * A connection was lost, or could not be made.
   *
   * @param reason for a person
   * @param willRetry whether the client goes on trying; if not, {@link #onEnded} follows
   */
  default void onDisconnected(String reason, boolean willRetry) {}

  /** The client has stopped for good: revoked, logged out, replaced, or a wrong password. */
  default void onEnded(String reason) {}

  /** A message was acknowledged; also of those that an earlier process had left in the outbox. */
  default void onSent(Ack ack) {}

  /** A message was refused for good and is not in the outbox any more. */
  default void onRefused(Unsent message, ParleyException reason) {}
}

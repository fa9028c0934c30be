package chat.parley.stores;

import chat.parley.proto.ChatMessage;
import chat.parley.proto.SendAck;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The durable queue between logic and task, in partitions. Everything of one conversation passes
 * through one partition; order in the partition is the order of acceptance.
 *
 * <p>An entry has a position in its partition: 0, 1, 2, … since the partition's beginning. Reading
 * removes nothing.
 */
public interface PushQueue {
  /** Messages accepted in one step. While it is taken, Redis serves nobody else. */
  int MOST_AT_ONCE = 128;

  /** Of a message for which no entry was made now. */
  long NO_POSITION = -1;

  /** How many partitions there are. Fixed for the life of the data. */
  int partitions();

  /**
   * Accepts a message, as one step: an id that was accepted before is answered with the first
   * acceptance's ack; else the message gets its conversation's next seq and is queued. When the
   * Future succeeds, the message is on disk.
   *
   * <p>Fails with {@code OVERLOADED} when the partition's bound is reached, and then nothing was
   * accepted. After {@code DEADLINE_EXCEEDED} the outcome is unknown.
   *
   * @param message complete but for its seq; an empty client message id is not remembered
   */
  Future<Accepted> accept(ChatMessage message);

  /**
   * Accepts messages of one conversation, at most {@link #MOST_AT_ONCE}, as one step: each as
   * {@link #accept} would, one after the other. Ones that are known are answered wherever they
   * stand; new ones get consecutive seqs in their order.
   *
   * @return for each message what became of it; empty when the partition's bound was reached before
   *     it, and then every new one behind it is refused too. Fails as a whole only when none was
   *     accepted, or, with {@code DEADLINE_EXCEEDED}, when the outcome is unknown
   */
  Future<List<Optional<Accepted>>> acceptInOrder(List<ChatMessage> messages);

  /**
   * Newest accepted seq of each conversation. A conversation that has none yet, or whose count
   * Redis lost, is looked up in the store first.
   */
  Future<Map<String, Long>> heads(Collection<String> conversations);

  /**
   * Reads entries from a position on, in order, at most {@code max}.
   *
   * <p>When entries before the queue's first position are asked for, the slice starts at the first;
   * when the queue ends before {@code from} (it was lost), the slice starts at the queue's first
   * position, and the reader starts over.
   */
  Future<Slice> read(int partition, long from, int max);

  /**
   * Removes the entries before a position, if the lease still holds. Idempotent.
   *
   * @return false when the lease is gone: nothing was removed, and the caller is no longer the
   *     owner
   */
  Future<Boolean> trim(Lease lease, long upTo);

  /**
   * When the entry was accepted that has waited longest in a partition, milliseconds since the
   * epoch; 0 when none waits.
   */
  Future<Long> oldest(int partition);

  /** Entries that wait in a partition. */
  Future<Long> depth(int partition);

  /**
   * A message that was accepted, now or before.
   *
   * @param position of its entry in the partition; {@link #NO_POSITION} when it was accepted before
   */
  record Accepted(SendAck ack, long position) {}

  /**
   * Entries of a partition.
   *
   * @param first position of the first message
   * @param next position after the last message
   */
  record Slice(long first, long next, List<ChatMessage> messages) {}

  /**
   * Ownership of a partition.
   *
   * @param token fencing token: higher than that of every earlier owner
   */
  record Lease(int partition, String owner, long token) {}
}

package chat.parley.connect;

import chat.parley.bus.Conversations;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far the direct conversations of a user are known: 16 bytes each, by the other user's number.
 *
 * <p>Belongs to one event loop.
 */
final class DirectHeads {
  /** Of so many at most it is kept; of the others nothing is known. */
  static final int MOST = 4096;

  static final long UNKNOWN = -1;

  private final long userId;
  private long[] peers;
  private long[] heads;

  /** Of a conversation that is not among these. */
  private long others;

  /**
   * @param all newest seq of each of the user's conversations; what is not among them has none
   */
  DirectHeads(long userId, Map<String, Long> all) {
    this.userId = userId;
    SortedMap<Long, Long> byPeer = new TreeMap<>();
    all.forEach(
        (conversation, head) -> {
          long peer = Conversations.peerOf(conversation, userId);
          if (peer != 0) {
            byPeer.put(peer, head);
          }
        });
    peers = byPeer.keySet().stream().mapToLong(Long::longValue).limit(MOST).toArray();
    heads = byPeer.values().stream().mapToLong(Long::longValue).limit(MOST).toArray();
    others = byPeer.size() > MOST ? UNKNOWN : 0;
  }

  /** Newest known seq of a conversation, 0 when it has none; {@link #UNKNOWN} when not kept. */
  long of(String conversation) {
    int at = Arrays.binarySearch(peers, Conversations.peerOf(conversation, userId));
    return at < 0 ? others : heads[at];
  }

  /** It is known up to here now. */
  void reached(String conversation, long head) {
    long peer = Conversations.peerOf(conversation, userId);
    int at = Arrays.binarySearch(peers, peer);
    if (at >= 0) {
      heads[at] = head;
    } else if (peers.length == MOST) {
      others = UNKNOWN;
    } else {
      peers = inserted(peers, -at - 1, peer);
      heads = inserted(heads, -at - 1, head);
    }
  }

  private static long[] inserted(long[] into, int at, long value) {
    long[] longer = Arrays.copyOf(into, into.length + 1);
    System.arraycopy(into, at, longer, at + 1, into.length - at);
    longer[at] = value;
    return longer;
  }
}

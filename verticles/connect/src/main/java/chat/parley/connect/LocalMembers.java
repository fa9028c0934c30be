package chat.parley.connect;

import chat.parley.proto.Identity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who is in a room through this bucket: a user is present from its first session here to its last,
 * in whatever order they close. What could not be told to the cluster is told again by {@link
 * #settle}.
 *
 * <p>Belongs to one event loop.
 */
final class LocalMembers {
  private final long roomId;
  private final Bucket bucket;
  private final Map<Long, Member> present = new HashMap<>();
  private final Set<Long> unsettled = new HashSet<>(0);
  private int unanswered;

  LocalMembers(long roomId, Bucket bucket) {
    this.roomId = roomId;
    this.bucket = bucket;
  }

  /**
   * @return whether this was the user's first session here
   */
  boolean enter(Identity user) {
    Member member = present.computeIfAbsent(user.getUserId(), id -> new Member(user.getUserName()));
    if (++member.sessions > 1) {
      return false;
    }
    tell(user.getUserId());
    return true;
  }

  /**
   * @return whether this was the user's last session here
   */
  boolean leave(long userId) {
    Member member = present.get(userId);
    if (--member.sessions > 0) {
      return false;
    }
    present.remove(userId);
    tell(userId);
    return true;
  }

  /** Tells the cluster everything again: what it knew of this node is lost. */
  void registerAgain() {
    unsettled.addAll(present.keySet());
    settle();
  }

  void settle() {
    if (!unsettled.isEmpty()) {
      List<Long> users = List.copyOf(unsettled);
      unsettled.clear();
      users.forEach(this::tell);
    }
  }

  /** Whether all that was told has arrived. */
  boolean settled() {
    return unsettled.isEmpty() && unanswered == 0;
  }

  /** The port keeps the order of calls, so the last state told is the one that stays. */
  private void tell(long userId) {
    Member member = present.get(userId);
    unanswered++;
    (member == null
            ? bucket.presence().leave(bucket.name(), roomId, userId)
            : bucket.presence().enter(bucket.name(), roomId, userId, member.name))
        .onFailure(e -> unsettled.add(userId))
        .onComplete(told -> unanswered--);
  }

  private static final class Member {
    private final String name;
    private int sessions;

    Member(String name) {
      this.name = name;
    }
  }
}

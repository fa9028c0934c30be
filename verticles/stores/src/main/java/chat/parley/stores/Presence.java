package chat.parley.stores;

import io.vertx.core.Future;
import java.util.Map;
import java.util.SortedMap;

/**
 * Who is in a room: users with at least one joined session in a bucket whose node's lease holds.
 *
 * <p>Calls made through one instance take effect in their order, so a bucket that enters a user
 * after it left is left with the user in the room.
 */
public interface Presence {
  /** A user's first session of this bucket in the room. Idempotent. */
  Future<Void> enter(String bucket, long roomId, long userId, String userName);

  /** The user's last session of this bucket in the room is gone. Idempotent. */
  Future<Void> leave(String bucket, long roomId, long userId);

  /** The users in a room, by id. */
  Future<SortedMap<Long, String>> members(long roomId);

  /** How many users are in a room. */
  Future<Integer> count(long roomId);

  /**
   * A number for each room that changes whenever the room's membership may have, a dead node's
   * removal included.
   */
  Future<Map<Long, Long>> versions(java.util.Collection<Long> roomIds);
}

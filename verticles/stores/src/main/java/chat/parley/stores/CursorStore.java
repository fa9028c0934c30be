package chat.parley.stores;

import chat.parley.proto.DeviceCursor;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Up to where each device has each conversation. A device is in a room when it has a cursor in the
 * room's conversation.
 */
public interface CursorStore {
  /** All cursors of a device, by conversation. */
  default Future<Map<String, Long>> of(long deviceId) {
    return of(List.of(deviceId)).map(all -> all.getOrDefault(deviceId, Map.of()));
  }

  /** All cursors by conversation, for each device that has any. */
  Future<Map<Long, Map<String, Long>>> of(Collection<Long> deviceIds);

  /**
   * Sets a cursor where there is none; what is there stays. Of calls at the same moment one sets
   * it.
   *
   * <p>Fails with {@code UNAUTHENTICATED} when the device is gone.
   *
   * @return the cursor that there is now
   */
  Future<Long> begin(long deviceId, String conversation, long seq);

  /**
   * Moves cursors forward, in one transaction; one that is further already stays. Direct
   * conversations get a cursor by this when they have none; a room's is moved only where there is
   * one, since without it the device has left. Cursors of a device that is gone are passed over.
   */
  Future<Void> save(Collection<DeviceCursor> cursors);

  /** Takes a device out of a room. Idempotent. */
  Future<Void> end(long deviceId, String conversation);
}

package chat.parley.stores;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The devices of users. A device belongs to one user for ever. */
public interface DeviceStore {
  /**
   * Makes a device.
   *
   * <p>Fails with {@code FORBIDDEN} when the user has {@code most} devices already, and with {@code
   * NOT_FOUND} when there is no such user.
   */
  Future<Device> create(long userId, String name, int most);

  /** A device of this user; empty for one of another user too. */
  Future<Optional<Device>> find(long userId, long deviceId);

  /** The user's devices, the oldest first. */
  Future<List<Device>> list(long userId);

  /** Gives a device another name; empty when the user has no such device. */
  Future<Optional<Device>> rename(long userId, long deviceId, String name);

  /** Notes that the device was seen now. Idempotent, and nothing for one that is gone. */
  default Future<Void> seen(long deviceId) {
    return seen(List.of(deviceId)).mapEmpty();
  }

  /**
   * Notes that devices were seen now, in one transaction.
   *
   * @return the users of those that are there, by device
   */
  Future<Map<Long, Long>> seen(Collection<Long> deviceIds);

  /**
   * Forgets a device and its cursors.
   *
   * @return whether the user had it
   */
  Future<Boolean> remove(long userId, long deviceId);

  /**
   * A device.
   *
   * @param createdAt milliseconds since the epoch
   * @param seenAt milliseconds since the epoch
   */
  record Device(long deviceId, long userId, String name, long createdAt, long seenAt) {}
}

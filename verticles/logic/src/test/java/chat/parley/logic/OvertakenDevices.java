package chat.parley.logic;

import chat.parley.stores.DeviceStore;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The devices of a real store, with something that happens after one is found and before removal.
 */
final class OvertakenDevices implements DeviceStore {
  private final DeviceStore real;
  private final Supplier<Future<?>> afterFirstFind;
  private final Supplier<Future<?>> beforeRemove;
  private boolean found;

  OvertakenDevices(
      DeviceStore real, Supplier<Future<?>> afterFirstFind, Supplier<Future<?>> beforeRemove) {
    this.real = real;
    this.afterFirstFind = afterFirstFind;
    this.beforeRemove = beforeRemove;
  }

  @Override
  public Future<Optional<Device>> find(long userId, long deviceId) {
    Future<Optional<Device>> device = real.find(userId, deviceId);
    if (found) {
      return device;
    }
    found = true;
    return device.compose(there -> afterFirstFind.get().map(there));
  }

  @Override
  public Future<Boolean> remove(long userId, long deviceId) {
    return beforeRemove.get().compose(done -> real.remove(userId, deviceId));
  }

  @Override
  public Future<Device> create(long userId, String name, int most) {
    return real.create(userId, name, most);
  }

  @Override
  public Future<List<Device>> list(long userId) {
    return real.list(userId);
  }

  @Override
  public Future<Optional<Device>> rename(long userId, long deviceId, String name) {
    return real.rename(userId, deviceId, name);
  }

  @Override
  public Future<Map<Long, Long>> seen(Collection<Long> deviceIds) {
    return real.seen(deviceIds);
  }
}

package chat.parley.logic;

import chat.parley.proto.Device;
import chat.parley.proto.DeviceRevoked;
import chat.parley.proto.Devices;
import chat.parley.proto.Identity;
import chat.parley.proto.ListDevices;
import chat.parley.proto.RenameDevice;
import chat.parley.proto.RevokeDevice;
import chat.parley.proto.SessionEnded;
import chat.parley.stores.DeviceStore;
import chat.parley.stores.SessionStore;
import io.vertx.core.Future;

/** A user's devices, for every session of this user. */
final class DeviceService {
  private final Sessions sessions;
  private final SessionStore store;
  private final DeviceStore devices;
  private final Nodes nodes;

  DeviceService(Sessions sessions, SessionStore store, DeviceStore devices, Nodes nodes) {
    this.sessions = sessions;
    this.store = store;
    this.devices = devices;
    this.nodes = nodes;
  }

  Future<Devices> list(ListDevices request) {
    Fields.token(request.getToken());
    return sessions
        .find(request.getToken())
        .compose(
            who ->
                devices
                    .list(who.getUserId())
                    .map(
                        all ->
                            Devices.newBuilder()
                                .addAllDevices(all.stream().map(d -> shown(d, who)).toList())
                                .build()));
  }

  Future<Device> rename(RenameDevice request, Deadline deadline) {
    Fields.token(request.getToken());
    String name = Fields.newDeviceName(request.getName());
    long deviceId = request.getDeviceId();
    return sessions
        .find(request.getToken())
        .compose(
            who ->
                deadline
                    .before(() -> devices.rename(who.getUserId(), deviceId, name))
                    .map(found -> found.orElseThrow(() -> DeviceLogins.noSuchDevice(deviceId)))
                    .map(device -> shown(device, who)));
  }

  /**
   * Ends a device's session and forgets the device, the caller's own too.
   *
   * <p>The session goes first: who dies in between leaves a device without a session, and is asked
   * again. It is ended once more when the device is gone, for a login of this device that came in
   * between (see {@link DeviceLogins}).
   */
  Future<DeviceRevoked> revoke(RevokeDevice request, Deadline deadline) {
    Fields.token(request.getToken());
    long deviceId = request.getDeviceId();
    return sessions
        .find(request.getToken())
        .compose(who -> devices.find(who.getUserId(), deviceId))
        .map(found -> found.orElseThrow(() -> DeviceLogins.noSuchDevice(deviceId)))
        .compose(
            device ->
                deadline
                    .before(() -> endSession(deviceId))
                    .compose(ended -> devices.remove(device.userId(), deviceId))
                    .compose(removed -> endSession(deviceId)))
        .map(DeviceRevoked.getDefaultInstance());
  }

  private Future<Void> endSession(long deviceId) {
    return store
        .endOfDevice(deviceId)
        .compose(
            ended ->
                ended
                    .map(
                        who ->
                            nodes.sessionEnded(
                                who.getUserId(), who.getSessionId(), SessionEnded.Reason.REVOKED))
                    .orElseGet(Future::succeededFuture));
  }

  private static Device shown(DeviceStore.Device device, Identity who) {
    return Device.newBuilder()
        .setDeviceId(device.deviceId())
        .setName(device.name())
        .setCreatedAt(device.createdAt())
        .setSeenAt(device.seenAt())
        .setCurrent(device.deviceId() == who.getDeviceId())
        .build();
  }
}

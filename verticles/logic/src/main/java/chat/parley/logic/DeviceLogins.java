package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.SessionEnded;
import chat.parley.proto.SessionKind;
import chat.parley.stores.Account;
import chat.parley.stores.CursorStore;
import chat.parley.stores.DeviceStore;
import chat.parley.stores.DeviceStore.Device;
import chat.parley.stores.SessionStore;
import io.vertx.core.Future;

/** Opens sessions of devices, new ones and those that log in again. */
final class DeviceLogins {
  private final DeviceStore devices;
  private final SessionStore sessions;
  private final CursorStore cursors;
  private final Nodes nodes;
  private final int mostOfAUser;

  /**
   * @param mostOfAUser devices that a user may have
   */
  DeviceLogins(
      DeviceStore devices,
      SessionStore sessions,
      CursorStore cursors,
      Nodes nodes,
      int mostOfAUser) {
    this.devices = devices;
    this.sessions = sessions;
    this.cursors = cursors;
    this.nodes = nodes;
    this.mostOfAUser = mostOfAUser;
  }

  /**
   * Opens a device's session, and ends its former one.
   *
   * @param deviceId 0: a new device of this name; one that is not this user's fails with {@code
   *     NOT_FOUND}
   */
  Future<SessionStore.Opened> open(Account account, long deviceId, String name, Deadline deadline) {
    if (deviceId == 0) {
      return devices
          .create(account.userId(), name, mostOfAUser)
          .compose(
              device ->
                  openOf(account, device.deviceId(), deadline).recover(t -> forget(device, t)));
    }
    return devices
        .find(account.userId(), deviceId)
        .map(found -> found.orElseThrow(() -> noSuchDevice(deviceId)))
        .compose(device -> openOf(account, deviceId, deadline))
        .compose(opened -> inItsRooms(opened, deviceId).map(opened));
  }

  static ChatError noSuchDevice(long deviceId) {
    return new ChatError(ErrorCode.NOT_FOUND, "no such device: " + deviceId);
  }

  private Future<SessionStore.Opened> openOf(Account account, long deviceId, Deadline deadline) {
    return deadline
        .before(
            () ->
                sessions.open(
                    account.userId(),
                    account.userName(),
                    SessionKind.SESSION_KIND_DEVICE,
                    deviceId))
        .compose(
            opened ->
                tellReplaced(opened)
                    .compose(told -> devices.seen(deviceId))
                    .compose(seen -> stillThere(account, deviceId))
                    .map(opened));
  }

  /** The device stays in its rooms, so its new session may post there before it connects. */
  private Future<Void> inItsRooms(SessionStore.Opened opened, long deviceId) {
    return cursors
        .of(deviceId)
        .compose(
            kept ->
                InGroups.each(
                    kept.keySet().stream().filter(Conversations::isRoom).toList(),
                    room -> sessions.admit(opened.token(), Conversations.roomOf(room))));
  }

  private Future<Void> tellReplaced(SessionStore.Opened opened) {
    return opened
        .replaced()
        .map(
            former ->
                nodes.sessionEnded(
                    opened.identity().getUserId(), former, SessionEnded.Reason.REPLACED))
        .orElseGet(Future::succeededFuture);
  }

  /**
   * Looked at after the session is there, while a revocation ends the session after the device is
   * gone: of the two at one moment at least one sees the other, and no token of a revoked device is
   * handed out that works.
   */
  private Future<Void> stillThere(Account account, long deviceId) {
    return devices
        .find(account.userId(), deviceId)
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture()
                    : sessions
                        .endOfDevice(deviceId)
                        .compose(ended -> Future.failedFuture(noSuchDevice(deviceId))));
  }

  /**
   * A login that failed is tried again, by us too, and each attempt would leave a device that
   * nobody has. What is left after all counts among the user's devices until it is revoked.
   */
  private Future<SessionStore.Opened> forget(Device device, Throwable failure) {
    return devices
        .remove(device.userId(), device.deviceId())
        .transform(removed -> Future.failedFuture(failure));
  }
}

package chat.parley.api.v2;

import chat.parley.bus.LogicClient;
import chat.parley.proto.Device;
import chat.parley.proto.ListDevices;
import chat.parley.proto.RenameDevice;
import chat.parley.proto.RevokeDevice;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The caller's devices. */
final class V2Devices {
  private final LogicClient logic;

  V2Devices(LogicClient logic) {
    this.logic = logic;
  }

  List<V2Route> routes() {
    return List.of(
        V2Route.get("/api/v2/devices", this::list),
        V2Route.patchJson("/api/v2/devices/{device}", this::rename),
        V2Route.delete("/api/v2/devices/{device}", this::revoke));
  }

  private Future<V2Answer> list(V2Request request) {
    return logic
        .devices(ListDevices.newBuilder().setToken(request.token()).build())
        .map(
            devices -> {
              JsonArray list = new JsonArray();
              devices.getDevicesList().forEach(device -> list.add(json(device)));
              return V2Answer.ok(new JsonObject().put("devices", list));
            });
  }

  private Future<V2Answer> rename(V2Request request) {
    RenameDevice rename =
        RenameDevice.newBuilder()
            .setToken(request.token())
            .setDeviceId(request.pathId("device"))
            .setName(request.body().requiredString("name"))
            .build();
    return logic.renameDevice(rename).map(V2Devices::json).map(V2Answer::ok);
  }

  private Future<V2Answer> revoke(V2Request request) {
    RevokeDevice revoke =
        RevokeDevice.newBuilder()
            .setToken(request.token())
            .setDeviceId(request.pathId("device"))
            .build();
    return logic.revokeDevice(revoke).map(V2Answer.DONE);
  }

  private static JsonObject json(Device device) {
    return new JsonObject()
        .put("deviceId", Long.toString(device.getDeviceId()))
        .put("name", device.getName())
        .put("createdAt", Long.toString(device.getCreatedAt()))
        .put("seenAt", Long.toString(device.getSeenAt()))
        .put("current", device.getCurrent());
  }
}

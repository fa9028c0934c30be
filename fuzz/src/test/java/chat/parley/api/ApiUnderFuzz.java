package chat.parley.api;

import chat.parley.bus.Addresses;
import chat.parley.bus.ProtoCodec;
import chat.parley.chaos.ports.Ports;
import chat.parley.proto.ConversationList;
import chat.parley.proto.Device;
import chat.parley.proto.DeviceRevoked;
import chat.parley.proto.Devices;
import chat.parley.proto.HistoryPage;
import chat.parley.proto.Identity;
import chat.parley.proto.LoggedOut;
import chat.parley.proto.RoomAsked;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.RoomLeft;
import chat.parley.proto.RoomMembers;
import chat.parley.proto.SendAck;
import chat.parley.proto.SessionOpened;
import chat.parley.proto.UserFound;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The API as it is deployed, and in logic's place what says yes to everything. Whatever the API
 * asks must be a message that crosses the bus as it is.
 */
final class ApiUnderFuzz implements AutoCloseable {
  private static final Map<String, Message> ANSWERS =
      Map.ofEntries(
          Map.entry(Addresses.REGISTER, SessionOpened.getDefaultInstance()),
          Map.entry(Addresses.LOGIN, SessionOpened.getDefaultInstance()),
          Map.entry(Addresses.LOGOUT, LoggedOut.getDefaultInstance()),
          Map.entry(Addresses.CHECK_AUTH, Identity.newBuilder().setUserId(1).build()),
          Map.entry(Addresses.JOIN_ROOM, RoomJoined.getDefaultInstance()),
          Map.entry(Addresses.LEAVE_ROOM, RoomLeft.getDefaultInstance()),
          Map.entry(Addresses.SEND, SendAck.getDefaultInstance()),
          Map.entry(Addresses.HISTORY, HistoryPage.getDefaultInstance()),
          Map.entry(Addresses.ASK_ROOM, RoomAsked.getDefaultInstance()),
          Map.entry(Addresses.MEMBERS, RoomMembers.getDefaultInstance()),
          Map.entry(Addresses.FIND_USER, UserFound.getDefaultInstance()),
          Map.entry(Addresses.CONVERSATIONS, ConversationList.getDefaultInstance()),
          Map.entry(Addresses.LIST_DEVICES, Devices.getDefaultInstance()),
          Map.entry(Addresses.RENAME_DEVICE, Device.getDefaultInstance()),
          Map.entry(Addresses.REVOKE_DEVICE, DeviceRevoked.getDefaultInstance()));

  private final AtomicReference<Throwable> uncaught = new AtomicReference<>();
  private final Vertx vertx = Vertx.vertx();
  private final KeptConnection connection;

  ApiUnderFuzz() {
    ProtoCodec.install(vertx);
    vertx.exceptionHandler(uncaught::set);
    ANSWERS.forEach(this::serve);
    try {
      int port = Ports.free();
      JsonObject config = new JsonObject().put("api", new JsonObject().put("port", port));
      vertx
          .deployVerticle(new ApiVerticle(), new DeploymentOptions().setConfig(config))
          .await(20, TimeUnit.SECONDS);
      connection = new KeptConnection(port);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  KeptConnection connection() {
    return connection;
  }

  void requireNothingUncaught() {
    Throwable escaped = uncaught.getAndSet(null);
    if (escaped != null) {
      throw new AssertionError("an exception that nobody caught", escaped);
    }
  }

  private void serve(String address, Message answer) {
    vertx
        .eventBus()
        .<Message>consumer(
            address,
            request -> {
              requireThatItCrossesTheBus(ProtoCodec.bodyOf(request));
              request.reply(answer, ProtoCodec.options());
            });
  }

  private void requireThatItCrossesTheBus(Message asked) {
    try {
      if (!asked.getParserForType().parseFrom(asked.toByteString()).equals(asked)) {
        uncaught.set(new AssertionError("another message on the other side of the bus: " + asked));
      }
    } catch (InvalidProtocolBufferException e) {
      uncaught.set(e);
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

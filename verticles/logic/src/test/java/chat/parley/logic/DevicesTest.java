package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import chat.parley.bus.Asked;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.Device;
import chat.parley.proto.DeviceCursor;
import chat.parley.proto.DeviceRevoked;
import chat.parley.proto.Login;
import chat.parley.proto.OpenConnection;
import chat.parley.proto.RenameDevice;
import chat.parley.proto.RevokeDevice;
import chat.parley.proto.SaveCursors;
import chat.parley.proto.SessionEnded;
import chat.parley.proto.SessionEnded.Reason;
import chat.parley.proto.SessionKind;
import chat.parley.proto.SessionOpened;
import chat.parley.stores.Account;
import chat.parley.stores.DeviceStore;
import com.google.protobuf.Message;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DevicesTest extends DeviceFixture {
  @Override
  void adjust(JsonObject settings) {
    super.adjust(settings);
    settings.getJsonObject("logic").put("max-devices-per-user", 4);
  }

  @Test
  void loginOfADeviceEndsItsFormerSessionAndNoOther() throws InterruptedException {
    SessionOpened phone = user("twice");
    SessionOpened laptop = await(loginOf("twice", 0));
    SessionOpened v1 = await(login("twice", PASSWORD));
    BlockingQueue<Message> events = eventsOf(phone);

    SessionOpened again = await(loginOf("twice", deviceOf(phone)));

    assertThat(deviceOf(laptop)).isPositive().isNotEqualTo(deviceOf(phone));
    assertThat(deviceOf(again)).isEqualTo(deviceOf(phone));
    assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(ended(phone, Reason.REPLACED));
    assertRefused(check(phone), ErrorCode.UNAUTHENTICATED, "the token is unknown or has expired");
    assertThat(await(check(again)).getDeviceId()).isEqualTo(deviceOf(phone));
    assertThat(await(check(laptop)).getDeviceId()).isEqualTo(deviceOf(laptop));
    assertThat(await(check(v1)).getDeviceId()).isZero();
  }

  @Test
  void deviceOfAnotherUserIsNotThere() {
    SessionOpened owner = user("owner");
    user("thief");

    assertRefused(
        loginOf("thief", deviceOf(owner)), ErrorCode.NOT_FOUND, "device: " + deviceOf(owner));
    assertRefused(loginOf("thief", -1), ErrorCode.NOT_FOUND, "device: -1");
    assertRefused(rename("thief", deviceOf(owner), "mine"), ErrorCode.NOT_FOUND, "no such device");
    assertRefused(revoke(await(loginOf("thief", 0)), deviceOf(owner)), ErrorCode.NOT_FOUND, "");
    assertThat(await(check(owner)).getUserName()).isEqualTo("owner");
  }

  @Test
  void devicesAreListedWithTheOneThatAsks() {
    SessionOpened phone = user("lister");
    SessionOpened laptop = await(loginOf("lister", 0));

    assertThat(devicesOf(laptop))
        .extracting(Device::getDeviceId, Device::getName, Device::getCurrent)
        .containsExactly(
            tuple(deviceOf(phone), "phone", false), tuple(deviceOf(laptop), "laptop", true));
    assertThat(devicesOf(laptop))
        .allSatisfy(d -> assertThat(d.getSeenAt()).isGreaterThanOrEqualTo(d.getCreatedAt()));
  }

  @Test
  void nameOfADeviceIsVisibleTextOrAPlainOne() {
    SessionOpened phone = user("namer");

    assertRefused(named("x".repeat(65)), ErrorCode.TOO_LARGE, "64");
    assertRefused(named("\u0007"), ErrorCode.BAD_REQUEST, "visible");
    assertRefused(named("   "), ErrorCode.BAD_REQUEST, "visible");
    await(named(""));
    assertThat(devicesOf(phone)).extracting(Device::getName).containsExactly("phone", "device");
    assertRefused(rename("namer", deviceOf(phone), ""), ErrorCode.BAD_REQUEST, "empty");
    assertThat(await(rename("namer", deviceOf(phone), "Telefon ☎")).getName())
        .isEqualTo("Telefon ☎");
    assertThat(devicesOf(await(loginOf("namer", deviceOf(phone)))).get(0).getName())
        .isEqualTo("Telefon ☎");
  }

  @Test
  void userHasNotMoreDevicesThanTheSettingSays() {
    SessionOpened first = user("collector");
    List<Future<SessionOpened>> more = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      more.add(loginOf("collector", 0));
    }
    await(Future.join(more).transform(all -> Future.succeededFuture()));

    assertThat(more).filteredOn(Future::succeeded).hasSize(3);
    assertRefused(loginOf("collector", 0), ErrorCode.FORBIDDEN, "4 devices");
    await(
        revoke(first, deviceOf(more.stream().filter(Future::succeeded).toList().get(0).result())));
    await(loginOf("collector", 0));
  }

  @Test
  void revokedDeviceIsGoneWithItsSessionAndCursors() throws InterruptedException {
    SessionOpened phone = user("loser");
    SessionOpened laptop = await(loginOf("loser", 0));
    await(join(phone.getToken(), 1));
    BlockingQueue<Message> events = eventsOf(phone);

    await(revoke(laptop, deviceOf(phone)));

    assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(ended(phone, Reason.REVOKED));
    assertRefused(check(phone), ErrorCode.UNAUTHENTICATED, "the token is unknown or has expired");
    assertRefused(loginOf("loser", deviceOf(phone)), ErrorCode.NOT_FOUND, "no such device");
    assertThat(devicesOf(laptop)).extracting(Device::getDeviceId).containsOnly(deviceOf(laptop));
    assertThat(await(database.cursors().of(deviceOf(phone)))).isEmpty();
    await(
        ask(
            logic ->
                logic.saveCursors(
                    SaveCursors.newBuilder()
                        .addCursors(
                            DeviceCursor.newBuilder()
                                .setDeviceId(deviceOf(phone))
                                .setConversation("direct:1:2")
                                .setSeq(1))
                        .build())));
    assertThat(await(database.cursors().of(deviceOf(phone)))).isEmpty();
    assertRefused(revoke(laptop, deviceOf(phone)), ErrorCode.NOT_FOUND, "no such device");
  }

  @Test
  void ownDeviceMayBeRevoked() {
    SessionOpened phone = user("quitter");

    await(revoke(phone, deviceOf(phone)));

    assertRefused(check(phone), ErrorCode.UNAUTHENTICATED, "the token is unknown or has expired");
    assertThat(devicesOf(await(loginOf("quitter", 0)))).hasSize(1);
  }

  @Test
  void loginThatARevocationOvertakesHandsOutNoToken() {
    SessionOpened phone = user("overtaken");
    SessionOpened laptop = await(loginOf("overtaken", 0));
    DeviceStore devices =
        new OvertakenDevices(
            database.devices(), () -> revoke(laptop, deviceOf(phone)), Future::succeededFuture);
    DeviceLogins logins =
        new DeviceLogins(devices, redisStores.sessions(), database.cursors(), nodes(), 4);

    assertRefused(
        logins.open(new Account(idOf(phone), "overtaken", ""), deviceOf(phone), "", Deadline.NONE),
        ErrorCode.NOT_FOUND,
        "no such device");
    assertThat(await(redisStores.sessions().endOfDevice(deviceOf(phone)))).isEmpty();
  }

  @Test
  void revocationEndsTheSessionOfALoginThatOvertookIt() {
    SessionOpened phone = user("overtaker");
    SessionOpened laptop = await(loginOf("overtaker", 0));
    AtomicReference<SessionOpened> meanwhile = new AtomicReference<>();
    DeviceStore devices =
        new OvertakenDevices(
            database.devices(),
            Future::succeededFuture,
            () -> loginOf("overtaker", deviceOf(phone)).onSuccess(meanwhile::set));
    DeviceService service =
        new DeviceService(
            new Sessions(vertx, redisStores.sessions(), DEADLINE),
            redisStores.sessions(),
            devices,
            nodes());

    await(service.revoke(revocation(laptop, deviceOf(phone)), Deadline.NONE));

    assertRefused(
        check(meanwhile.get()), ErrorCode.UNAUTHENTICATED, "the token is unknown or has expired");
    assertThat(devicesOf(laptop)).extracting(Device::getDeviceId).containsOnly(deviceOf(laptop));
  }

  /** It has been answered by another node meanwhile, and that session is the one it uses. */
  @Test
  void aLoginThatNobodyWaitsForAnyMoreEndsNoNewerSession() {
    SessionOpened phone = user("elsewhere");
    DeviceLogins logins =
        new DeviceLogins(
            database.devices(), redisStores.sessions(), database.cursors(), nodes(), 4);
    Account account = new Account(idOf(phone), "elsewhere", "");
    Deadline passed = new Deadline(Asked.nowMs());

    assertRefused(
        logins.open(account, deviceOf(phone), "", passed),
        ErrorCode.DEADLINE_EXCEEDED,
        "came too late");
    assertRefused(
        logins.open(account, 0, "another", passed), ErrorCode.DEADLINE_EXCEEDED, "came too late");

    assertThat(await(check(phone)).getDeviceId()).isEqualTo(deviceOf(phone));
    assertThat(devicesOf(phone)).hasSize(1);
  }

  @Test
  void sessionThatOutlivedItsDeviceOpensNoConnection() {
    SessionOpened phone = user("ghost");
    await(database.devices().remove(idOf(phone), deviceOf(phone)));

    assertRefused(
        open(OpenConnection.newBuilder(), phone),
        ErrorCode.UNAUTHENTICATED,
        "the token is unknown or has expired");
    assertRefused(check(phone), ErrorCode.UNAUTHENTICATED, "the token is unknown or has expired");
  }

  private Future<SessionOpened> named(String deviceName) {
    return ask(
        logic ->
            logic.login(
                Login.newBuilder()
                    .setUserName("namer")
                    .setPassword(PASSWORD)
                    .setKind(SessionKind.SESSION_KIND_DEVICE)
                    .setDeviceName(deviceName)
                    .build()));
  }

  private Future<Device> rename(String user, long deviceId, String name) {
    String token = await(login(user, PASSWORD)).getToken();
    RenameDevice request =
        RenameDevice.newBuilder().setToken(token).setDeviceId(deviceId).setName(name).build();
    return ask(logic -> logic.renameDevice(request));
  }

  private Future<DeviceRevoked> revoke(SessionOpened session, long deviceId) {
    return ask(logic -> logic.revokeDevice(revocation(session, deviceId)));
  }

  private Nodes nodes() {
    return new Nodes(vertx, redisStores.topics());
  }

  private static RevokeDevice revocation(SessionOpened session, long deviceId) {
    return RevokeDevice.newBuilder().setToken(session.getToken()).setDeviceId(deviceId).build();
  }

  private static SessionEnded ended(SessionOpened session, Reason reason) {
    return SessionEnded.newBuilder()
        .setUserId(idOf(session))
        .setSessionId(session.getIdentity().getSessionId())
        .setReason(reason)
        .build();
  }
}

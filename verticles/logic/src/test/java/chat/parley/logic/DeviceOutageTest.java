package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ErrorCode;
import chat.parley.proto.SessionOpened;
import chat.parley.stores.Account;
import chat.parley.stores.SessionStore;
import chat.parley.stores.redis.RedisStores;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceOutageTest extends DeviceFixture {
  @Test
  void loginThatOpensNoSessionLeavesNoDevice() {
    SessionOpened phone = user("patient");
    RedisStores away = await(RedisStores.open(vertx, config));
    SessionStore sessions = away.sessions();
    await(away.close());
    DeviceLogins logins =
        new DeviceLogins(
            database.devices(), sessions, database.cursors(), new Nodes(vertx, away.topics()), 50);
    Account patient = new Account(idOf(phone), "patient", "");

    List<Future<SessionStore.Opened>> attempts =
        List.of(
            logins.open(patient, 0, "a", Deadline.NONE),
            logins.open(patient, 0, "b", Deadline.NONE));

    assertThat(attempts)
        .extracting(attempt -> errorOf(attempt).code())
        .containsOnly(ErrorCode.UNAVAILABLE);
    assertThat(devicesOf(phone)).hasSize(1);
    assertRefused(
        logins.open(patient, deviceOf(phone), "", Deadline.NONE), ErrorCode.UNAVAILABLE, "Redis");
    assertThat(devicesOf(phone)).hasSize(1);
  }
}

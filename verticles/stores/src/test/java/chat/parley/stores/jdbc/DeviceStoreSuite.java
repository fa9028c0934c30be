package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;
import static chat.parley.stores.jdbc.Await.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ErrorCode;
import chat.parley.stores.DeviceStore;
import chat.parley.stores.DeviceStore.Device;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every DeviceStore promises. Each test has two users of its own. */
abstract class DeviceStoreSuite extends StoresFixture {
  private static final int MOST = 10;

  private long ada;
  private long bob;

  @BeforeEach
  void users(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName() + test.getDisplayName();
    ada = await(stores.accounts().create("ada of " + name, "h")).userId();
    bob = await(stores.accounts().create("bob of " + name, "h")).userId();
  }

  private DeviceStore devices() {
    return stores.devices();
  }

  @Test
  void deviceIsFoundAsItWasMade() {
    Device made = await(devices().create(ada, "laptop", MOST));

    assertThat(made.deviceId()).isPositive();
    assertThat(made)
        .isEqualTo(new Device(made.deviceId(), ada, "laptop", clock.millis(), clock.millis()));
    assertThat(await(devices().find(ada, made.deviceId()))).contains(made);
  }

  @Test
  void deviceOfAnotherUserIsNotFoundRenamedOrRemoved() {
    Device adas = await(devices().create(ada, "laptop", MOST));

    assertThat(await(devices().find(bob, adas.deviceId()))).isEmpty();
    assertThat(await(devices().rename(bob, adas.deviceId(), "mine now"))).isEmpty();
    assertThat(await(devices().remove(bob, adas.deviceId()))).isFalse();
    assertThat(await(devices().list(bob))).isEmpty();
    assertThat(await(devices().find(ada, adas.deviceId()))).contains(adas);
  }

  @Test
  void devicesAreListedFromTheOldestOn() {
    Device first = await(devices().create(ada, "first", MOST));
    await(devices().create(bob, "bob's", MOST));
    Device second = await(devices().create(ada, "second", MOST));

    assertThat(await(devices().list(ada))).containsExactly(first, second);
  }

  @Test
  void oneMoreThanTheUserMayHaveIsRefused() {
    Device first = await(devices().create(ada, "1", 2));
    await(devices().create(ada, "2", 2));

    assertThat(codeOf(devices().create(ada, "3", 2))).isEqualTo(ErrorCode.FORBIDDEN);
    await(devices().create(bob, "another user's", 2));
    await(devices().remove(ada, first.deviceId()));
    await(devices().create(ada, "3", 2));
  }

  @Test
  void manyAtOneMomentMakeNoMoreDevicesThanTheUserMayHave() {
    List<Future<Device>> attempts =
        IntStream.range(0, 40).mapToObj(i -> devices().create(ada, "d" + i, MOST)).toList();
    await(Future.join(attempts).transform(end -> Future.succeededFuture()));

    assertThat(attempts)
        .filteredOn(Future::failed)
        .allSatisfy(refused -> assertThat(codeOf(refused)).isEqualTo(ErrorCode.FORBIDDEN));
    List<Device> made = attempts.stream().filter(Future::succeeded).map(Future::result).toList();
    assertThat(made).hasSize(MOST);
    assertThat(await(devices().list(ada)))
        .as("each caller got the device that it made")
        .containsExactlyInAnyOrderElementsOf(made);
  }

  @Test
  void userWhoIsNotThereHasNoDevice() {
    assertThat(codeOf(devices().create(1_000_000_007, "ghost", MOST)))
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("names")
  void anyNameIsKeptAsItIs(String name) {
    Device made = await(devices().create(ada, name, MOST));
    Device other = await(devices().create(ada, "other", MOST));

    assertThat(made.name()).isEqualTo(name);
    assertThat(await(devices().rename(ada, other.deviceId(), name)).orElseThrow().name())
        .isEqualTo(name);
    assertThat(await(devices().list(ada))).extracting(Device::name).containsExactly(name, name);
  }

  static List<String> names() {
    return List.of(
        "", "nul \0 inside", "o'brien\"; -- ? $1 \\", "\uD83D\uDE00 名前", "x".repeat(10_000));
  }

  @Test
  void deviceIsSeenNowAndNeverBefore() {
    Device made = await(devices().create(ada, "laptop", MOST));
    clock.advance(Duration.ofMinutes(5));
    await(devices().seen(made.deviceId()));
    long seen = clock.millis();
    clock.advance(Duration.ofMinutes(-1));
    await(devices().seen(made.deviceId()));
    await(devices().seen(-1));

    Device found = await(devices().find(ada, made.deviceId())).orElseThrow();
    assertThat(found.seenAt()).isEqualTo(seen);
    assertThat(found.createdAt()).isEqualTo(made.createdAt());
  }

  @Test
  void removedDeviceIsGoneWithItsCursorsAndNoOther() {
    Device gone = await(devices().create(ada, "lost phone", MOST));
    Device kept = await(devices().create(ada, "laptop", MOST));
    await(stores.cursors().begin(gone.deviceId(), "room:1", 5));
    await(stores.cursors().begin(kept.deviceId(), "room:1", 6));

    assertThat(await(devices().remove(ada, gone.deviceId()))).isTrue();
    assertThat(await(devices().remove(ada, gone.deviceId()))).isFalse();

    assertThat(await(devices().list(ada))).containsExactly(kept);
    assertThat(await(stores.cursors().of(gone.deviceId()))).isEmpty();
    assertThat(await(stores.cursors().of(kept.deviceId()))).containsEntry("room:1", 6L);
  }
}

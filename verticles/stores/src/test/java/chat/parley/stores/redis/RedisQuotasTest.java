package chat.parley.stores.redis;

import static chat.parley.stores.redis.Waiting.await;
import static chat.parley.stores.redis.Waiting.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.settings.Rate;
import chat.parley.stores.Quotas;
import chat.parley.stores.Quotas.Quota;
import chat.parley.stores.Quotas.UsedUp;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedisQuotasTest extends WithRedis {
  private static final Rate THREE = new Rate(3, Duration.ofHours(1));

  @Test
  void ofManyAtOneMomentNoMoreAreTakenThanThereAreWhicheverNodeIsAsked() {
    List<Quotas> nodes = List.of(stores().quotas(), stores().quotas());
    List<Future<Optional<UsedUp>>> takes =
        IntStream.range(0, 40).mapToObj(i -> nodes.get(i % 2).take(List.of(of("a")))).toList();
    assertThat(takes.stream().map(Waiting::await).filter(Optional::isEmpty)).hasSize(3);
    assertThat(await(nodes.get(0).take(List.of(of("b"))))).as("somebody else's").isEmpty();
  }

  @Test
  void whoIsTurnedAwayHearsWhichOneIsUsedUpAndForHowLong() {
    Quotas quotas = stores().quotas();
    IntStream.range(0, 3).forEach(i -> await(quotas.take(List.of(of("a")))));
    UsedUp usedUp = await(quotas.take(List.of(of("b"), of("a")))).orElseThrow();
    assertThat(usedUp.quota()).isEqualTo(of("a"));
    assertThat(usedUp.refill()).isBetween(Duration.ofMinutes(19), Duration.ofMinutes(20));
    IntStream.range(0, 3)
        .forEach(i -> assertThat(await(quotas.take(List.of(of("b"))))).as("untouched").isEmpty());
  }

  @Test
  void whatIsGivenBackCanBeTakenAgainAndNoMore() {
    Quotas quotas = stores().quotas();
    await(quotas.giveBack(List.of(of("a"))));
    IntStream.range(0, 3).forEach(i -> await(quotas.take(List.of(of("a")))));
    await(quotas.giveBack(List.of(of("a"))));
    assertThat(await(quotas.take(List.of(of("a"))))).isEmpty();
    assertThat(await(quotas.take(List.of(of("a"))))).isPresent();
  }

  @Test
  void itFillsWithTimeAndIsForgottenWhenItIsFull() {
    RedisStores stores = stores();
    Quota quick = new Quota("test", "a", new Rate(2, Duration.ofMillis(400)));
    await(stores.quotas().take(List.of(quick)));
    await(stores.quotas().take(List.of(quick)));
    awaitUntil(() -> await(stores.quotas().take(List.of(quick))).isEmpty());
    awaitUntil(() -> await(stores.link().call("KEYS", "parley:{limits}:*")).size() == 0);
  }

  @Test
  void withoutALimitNothingIsKept() {
    RedisStores stores = stores();
    Quota free = new Quota("test", "a", Rate.NONE);
    assertThat(await(stores.quotas().take(List.of(free)))).isEmpty();
    await(stores.quotas().giveBack(List.of(free)));
    assertThat(await(stores.link().call("KEYS", "parley:{limits}:*")).size()).isZero();
  }

  private static Quota of(String subject) {
    return new Quota("test", subject, THREE);
  }
}

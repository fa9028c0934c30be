package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nobody overtakes the first call of a key, and nobody waits for more than that one. */
class FirstAloneTest {
  private final FirstAlone<String> calls = new FirstAlone<>();
  private final Map<Integer, Promise<Integer>> made = new LinkedHashMap<>();

  private Future<Integer> call(String key, int number) {
    return calls.call(
        key,
        () -> {
          made.put(number, Promise.promise());
          return made.get(number).future();
        });
  }

  @Test
  void whatIsCalledMeanwhileGoesInItsOrderWhenTheFirstHasEnded() {
    List<Future<Integer>> answers = List.of(call("room", 1), call("room", 2), call("room", 3));
    assertThat(made).containsOnlyKeys(1);

    made.get(1).complete(10);

    assertThat(made.keySet()).containsExactly(1, 2, 3);
    made.get(2).complete(20);
    assertThat(answers).extracting(Future::result).containsExactly(10, 20, null);
  }

  @Test
  void afterTheFirstNobodyWaitsWhileOneIsUnderWay() {
    call("room", 1);
    call("room", 2);
    made.get(1).complete();

    call("room", 3);

    assertThat(made.keySet()).containsExactly(1, 2, 3);
  }

  @Test
  void whenNoneIsUnderWayTheNextIsAFirstAgain() {
    call("room", 1);
    made.get(1).complete();

    call("room", 2);
    call("room", 3);

    assertThat(made.keySet()).containsExactly(1, 2);
  }

  @Test
  void aFailureIsNobodyElses() {
    Future<Integer> first = call("room", 1);
    Future<Integer> second = call("room", 2);

    made.get(1).fail("away");
    made.get(2).complete(20);

    assertThat(first.cause()).hasMessage("away");
    assertThat(second.result()).isEqualTo(20);
  }

  @Test
  void keysDoNotWaitForEachOther() {
    call("room", 1);
    call("other room", 2);

    assertThat(made.keySet()).containsExactly(1, 2);
  }

  @Test
  void aCallThatThrowsHasFailed() {
    Future<Integer> first =
        calls.call(
            "room",
            () -> {
              throw new IllegalStateException("thrown");
            });
    Future<Integer> second = call("room", 2);

    assertThat(first.cause()).hasMessage("thrown");
    made.get(2).complete(20);
    assertThat(second.result()).isEqualTo(20);
  }
}

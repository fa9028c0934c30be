package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Those who ask while a look-up is under way share the next one. */
class GatheredTest {
  private final List<List<Integer>> asked = new ArrayList<>();
  private final List<Promise<Map<Integer, String>>> answers = new ArrayList<>();
  private final Gathered<Integer, String> gathered = new Gathered<>(this::lookUp);

  private Future<Map<Integer, String>> lookUp(List<Integer> keys) {
    asked.add(keys);
    answers.add(Promise.promise());
    return answers.get(answers.size() - 1).future();
  }

  private List<Future<String>> find(int from, int to) {
    return IntStream.range(from, to).mapToObj(gathered::find).toList();
  }

  @Test
  void aThousandWhoAskAtOnceCostAHandfulOfLookUps() {
    List<Future<String>> found = find(0, 1_000);
    assertThat(asked).containsExactly(List.of(0), List.of(1));
    for (int i = 0; i < answers.size(); i++) {
      Map<Integer, String> values = new HashMap<>();
      asked.get(i).forEach(key -> values.put(key, "value " + key));
      answers.get(i).complete(values);
    }
    assertThat(asked).hasSizeLessThanOrEqualTo(6);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).result()).isEqualTo("value " + i);
    }
  }

  @Test
  void whatIsNotThereIsNull() {
    Future<String> found = gathered.find(7);
    answers.get(0).complete(Map.of());
    assertThat(found.succeeded()).isTrue();
    assertThat(found.result()).isNull();
  }

  @Test
  void aFailureIsThatOfThoseWhoSharedItAndOfNobodyElse() {
    List<Future<String>> found = find(0, 5);
    answers.get(0).fail("away");
    answers.get(1).complete(Map.of(1, "one"));
    answers.get(2).complete(Map.of(2, "two", 3, "three", 4, "four"));
    assertThat(found.get(0).cause()).hasMessage("away");
    assertThat(found.subList(1, 5).stream().map(Future::result))
        .containsExactly("one", "two", "three", "four");
  }
}

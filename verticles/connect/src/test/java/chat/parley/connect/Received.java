package chat.parley.connect;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The frames that a client got, in their order. */
class Received {
  private final List<String> frames = new CopyOnWriteArrayList<>();

  final void got(String frame) {
    frames.add(frame);
  }

  final List<String> frames() {
    return frames;
  }

  /** Texts of the messages of an op, in their order. */
  final List<String> texts(int op) {
    return ofOp(op).stream().map(frame -> frame.getString("msg")).toList();
  }

  final List<JsonObject> ofOp(int op) {
    return frames.stream()
        .filter(frame -> !frame.equals("ping msg"))
        .map(JsonObject::new)
        .filter(frame -> frame.getInteger("op") == op)
        .toList();
  }

  final JsonObject last(int op) {
    List<JsonObject> all = ofOp(op);
    return all.isEmpty() ? null : all.get(all.size() - 1);
  }

  final void awaitTexts(String... texts) {
    Await.until(
        "messages " + List.of(texts) + " are there, not " + texts(3),
        () -> texts(3).size() >= texts.length);
    org.assertj.core.api.Assertions.assertThat(texts(3)).containsExactly(texts);
  }

  final void awaitCount(int count) {
    Await.until(
        "the list says " + count, () -> last(5) != null && last(5).getInteger("count") == count);
  }
}

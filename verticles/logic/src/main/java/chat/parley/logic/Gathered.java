package chat.parley.logic;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Look-ups of one key each, done together: what is asked for while a look-up is under way waits for
 * the next one, which is for all of them. Somebody alone waits for nobody, and of a thousand who
 * come at once each costs a thousandth of a few statements.
 *
 * <p>A look-up begins after it was asked for, so it finds what was there then. Its failure is that
 * of all who shared it. Who waits is bounded by the requests under way in the instance.
 *
 * <p>Belongs to one event loop.
 */
final class Gathered<K, V> {
  /** Look-ups at one time: while one is with the database, the next one gathers. */
  private static final int UNDER_WAY = 2;

  private static final int MOST_TOGETHER = 256;

  private final Function<List<K>, Future<Map<K, V>>> lookUp;
  private final ArrayDeque<Waiting<K, V>> waiting = new ArrayDeque<>();
  private int underWay;

  private record Waiting<K, V>(K key, Promise<V> found) {}

  Gathered(Function<List<K>, Future<Map<K, V>>> lookUp) {
    this.lookUp = lookUp;
  }

  /** What there is of a key; null when there is nothing. */
  Future<V> find(K key) {
    Waiting<K, V> one = new Waiting<>(key, Promise.promise());
    waiting.add(one);
    next();
    return one.found.future();
  }

  private void next() {
    if (underWay >= UNDER_WAY || waiting.isEmpty()) {
      return;
    }
    List<Waiting<K, V>> together = new ArrayList<>(Math.min(waiting.size(), MOST_TOGETHER));
    while (!waiting.isEmpty() && together.size() < MOST_TOGETHER) {
      together.add(waiting.poll());
    }
    underWay++;
    lookUp
        .apply(together.stream().map(Waiting::key).toList())
        .onComplete(
            found -> {
              underWay--;
              next();
              if (found.succeeded()) {
                together.forEach(one -> one.found.complete(found.result().get(one.key)));
              } else {
                together.forEach(one -> one.found.fail(found.cause()));
              }
            });
  }
}

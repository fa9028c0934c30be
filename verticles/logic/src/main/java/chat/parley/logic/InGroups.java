package chat.parley.logic;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/**
 * Many look-ups of one request, a group of them at a time: one request must not fill the queues
 * that all of them wait in.
 */
final class InGroups {
  private static final int GROUP = 32;

  private InGroups() {}

  /**
   * Calls for each item, in their order; the next group when all of one have ended. After a failure
   * no further group begins.
   */
  static <T> Future<Void> each(List<T> items, Function<T, Future<?>> call) {
    return from(0, items, call);
  }

  private static <T> Future<Void> from(int first, List<T> items, Function<T, Future<?>> call) {
    if (first >= items.size()) {
      return Future.succeededFuture();
    }
    int next = Math.min(first + GROUP, items.size());
    return Future.join(items.subList(first, next).stream().map(call).toList())
        .compose(done -> from(next, items, call));
  }
}

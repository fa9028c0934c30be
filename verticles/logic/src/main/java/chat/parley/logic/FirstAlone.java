package chat.parley.logic;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Lets the first call of a key go alone, and what is called meanwhile go when it has ended, in the
 * order of the calls. From then on calls go at once, until none of the key is under way.
 *
 * <p>Where a conversation's count stands may have to be looked up in the database before Redis
 * takes a message. Who looks it up at the same moment could be overtaken by who finds it there.
 * When the first call fails, those behind it go all the same: none may wait for more than one call.
 *
 * <p>How many wait is bounded by the requests under way in the instance. Belongs to one event loop.
 */
final class FirstAlone<K> {
  private final Map<K, Line> lines = new HashMap<>();

  /** A key of which calls are under way. */
  private static final class Line {
    private final Queue<Promise<Void>> waiting = new ArrayDeque<>();
    private boolean open;
    private int underWay;
  }

  /** Makes a call in its turn. */
  <T> Future<T> call(K key, Supplier<Future<T>> call) {
    Line line = lines.get(key);
    if (line == null) {
      line = new Line();
      lines.put(key, line);
    } else if (!line.open) {
      Line ahead = line;
      Promise<Void> turn = Promise.promise();
      line.waiting.add(turn);
      return turn.future().compose(now -> made(key, ahead, call));
    }
    return made(key, line, call);
  }

  private <T> Future<T> made(K key, Line line, Supplier<Future<T>> call) {
    line.underWay++;
    return Future.succeededFuture().compose(now -> call.get()).onComplete(end -> ended(key, line));
  }

  private void ended(K key, Line line) {
    line.open = true;
    while (!line.waiting.isEmpty()) {
      line.waiting.poll().complete();
    }
    if (--line.underWay == 0) {
      lines.remove(key);
    }
  }
}

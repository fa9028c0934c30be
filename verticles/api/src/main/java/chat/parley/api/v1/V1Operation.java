package chat.parley.api.v1;

import io.vertx.core.Future;

/** What stands behind one path. Throws or fails with a {@link chat.parley.bus.ChatError}. */
@FunctionalInterface
interface V1Operation {
  Future<V1Answer> apply(V1Request request);
}

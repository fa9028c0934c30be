package chat.parley.api.v2;

import io.vertx.core.Future;

/** What stands behind one route. Throws or fails with a {@link chat.parley.bus.ChatError}. */
@FunctionalInterface
interface V2Operation {
  Future<V2Answer> apply(V2Request request);
}

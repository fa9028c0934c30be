package chat.parley.api.http;

import chat.parley.bus.ChatError;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/** Answers requests, each exactly once. */
public interface Endpoint extends Handler<HttpServerRequest> {
  /** Answers a request that is not looked at with an error, as this endpoint's clients know it. */
  void refuse(HttpServerRequest request, ChatError error);
}

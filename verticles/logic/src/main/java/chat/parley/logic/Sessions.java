package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.Identity;
import chat.parley.stores.SessionStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Who asks, and whether the session has joined the room that the request is about. A join may still
 * be on its way (a v1 client joins by its socket and posts by HTTP): within the grace it is looked
 * for again before the request is refused.
 */
final class Sessions {
  private static final long PAUSE_MS = 50;

  /** Who posts to rooms that it never joins must not fill the instance with waiting requests. */
  private static final int WAITS_OF_A_SESSION = 8;

  private final Vertx vertx;
  private final SessionStore store;
  private final long graceMs;
  private final Map<String, Integer> waits = new HashMap<>();

  Sessions(Vertx vertx, SessionStore store, Duration grace) {
    this.vertx = vertx;
    this.store = store;
    this.graceMs = grace.toMillis();
  }

  /** The session of a token; fails with {@code UNAUTHENTICATED} when there is none. */
  Future<Identity> find(String token) {
    return store.find(token).map(found -> found.orElseThrow(Sessions::unauthenticated));
  }

  /** A session that has joined the room; fails with {@code FORBIDDEN} for one that has not. */
  Future<Identity> inRoom(String token, long roomId) {
    return inRoom(token, roomId, graceMs, true);
  }

  static ChatError unauthenticated() {
    return new ChatError(ErrorCode.UNAUTHENTICATED, "the token is unknown or has expired");
  }

  private Future<Identity> inRoom(String token, long roomId, long leftMs, boolean first) {
    return store
        .findInRoom(token, roomId)
        .compose(
            found -> {
              SessionStore.Admission admission = found.orElseThrow(Sessions::unauthenticated);
              Identity who = admission.identity();
              if (admission.joined()) {
                return Future.succeededFuture(who);
              }
              if (leftMs <= 0) {
                return refused(roomId);
              }
              return first
                  ? waited(who.getSessionId(), token, roomId)
                  : lookAgain(token, roomId, leftMs);
            });
  }

  private Future<Identity> waited(String sessionId, String token, long roomId) {
    if (waits.getOrDefault(sessionId, 0) >= WAITS_OF_A_SESSION) {
      return refused(roomId);
    }
    waits.merge(sessionId, 1, Integer::sum);
    return lookAgain(token, roomId, graceMs)
        .onComplete(end -> waits.computeIfPresent(sessionId, (id, n) -> n == 1 ? null : n - 1));
  }

  private Future<Identity> lookAgain(String token, long roomId, long leftMs) {
    long pauseMs = Math.min(PAUSE_MS, leftMs);
    return vertx.timer(pauseMs).compose(elapsed -> inRoom(token, roomId, leftMs - pauseMs, false));
  }

  private static Future<Identity> refused(long roomId) {
    return Future.failedFuture(
        new ChatError(ErrorCode.FORBIDDEN, "join room " + roomId + " first"));
  }
}

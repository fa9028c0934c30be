package chat.parley.stores.redis;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.Connection;
import chat.parley.proto.EndedConnection;
import chat.parley.proto.Identity;
import chat.parley.proto.SessionKind;
import chat.parley.stores.RedisSettings;
import chat.parley.stores.SessionStore;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Sessions as hashes under the SHA-256 of their token: who reads Redis learns no token. */
final class RedisSessionStore implements SessionStore {
  private static final int TOKEN_BYTES = 32;
  private static final int LONGEST_TOKEN = 128;
  private static final int ROOMS_OF_A_SESSION = 1_000;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final RedisLink link;
  private final RedisSettings settings;

  RedisSessionStore(RedisLink link, RedisSettings settings) {
    this.link = link;
    this.settings = settings;
  }

  @Override
  public Future<Opened> open(long userId, String userName, SessionKind kind, long deviceId) {
    String token = newToken();
    String sessionId = sha256(token);
    List<String> keys = new ArrayList<>(2);
    keys.add(Keys.session(sessionId));
    if (kind == SessionKind.SESSION_KIND_V1) {
      keys.add(Keys.v1SessionOf(userId));
    }
    return link.eval(
            Script.SESSION_OPEN,
            keys,
            userId,
            userName,
            settings.sessionTtl().toMillis(),
            sessionId,
            Keys.SESSION_PREFIX)
        .map(new Opened(token, identity(userId, userName, sessionId), Optional.empty()));
  }

  @Override
  public Future<Optional<Identity>> find(String token) {
    if (!plausible(token)) {
      return Future.succeededFuture(Optional.empty());
    }
    String sessionId = sha256(token);
    return link.call("HMGET", Keys.session(sessionId), "user", "name")
        .map(found -> identity(found, sessionId));
  }

  @Override
  public Future<Optional<Admission>> findInRoom(String token, long roomId) {
    if (!plausible(token)) {
      return Future.succeededFuture(Optional.empty());
    }
    String sessionId = sha256(token);
    return link.call("HMGET", Keys.session(sessionId), "user", "name", fieldOf(roomId))
        .map(
            found ->
                identity(found, sessionId).map(who -> new Admission(who, found.get(2) != null)));
  }

  @Override
  public Future<Optional<Identity>> admit(String token, long roomId) {
    if (!plausible(token)) {
      return Future.succeededFuture(Optional.empty());
    }
    String sessionId = sha256(token);
    return link.eval(
            Script.SESSION_ADMIT,
            List.of(Keys.session(sessionId)),
            fieldOf(roomId),
            ROOMS_OF_A_SESSION)
        .map(
            found -> {
              if (found.type() == ResponseType.NUMBER) {
                throw new ChatError(
                    ErrorCode.FORBIDDEN,
                    "a session may join at most " + ROOMS_OF_A_SESSION + " rooms");
              }
              return identity(found, sessionId);
            });
  }

  @Override
  public Future<Optional<Identity>> end(String token) {
    if (!plausible(token)) {
      return Future.succeededFuture(Optional.empty());
    }
    String sessionId = sha256(token);
    return link.eval(Script.SESSION_END, List.of(Keys.session(sessionId)))
        .map(found -> identity(found, sessionId));
  }

  @Override
  public Future<Optional<Identity>> leave(String token, long roomId) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  @Override
  public Future<Optional<Connected>> connect(String token) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  @Override
  public Future<List<EndedConnection>> ended(List<Connection> connections) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  @Override
  public Future<Optional<Identity>> endOfDevice(long deviceId) {
    return Future.failedFuture(new UnsupportedOperationException());
  }

  private static Optional<Identity> identity(Response found, String sessionId) {
    return found.size() == 0 || found.get(0) == null
        ? Optional.empty()
        : Optional.of(identity(found.get(0).toLong(), found.get(1).toString(), sessionId));
  }

  private static Identity identity(long userId, String userName, String sessionId) {
    return Identity.newBuilder()
        .setUserId(userId)
        .setUserName(userName)
        .setSessionId(sessionId)
        .build();
  }

  private static String fieldOf(long roomId) {
    return "room:" + roomId;
  }

  /** What cannot be a token is not worth a look-up. */
  private static boolean plausible(String token) {
    return !token.isEmpty() && token.length() <= LONGEST_TOKEN;
  }

  /** 44 characters with padding, as v1's clients know tokens. */
  private static String newToken() {
    byte[] random = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().encodeToString(random);
  }

  private static String sha256(String token) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

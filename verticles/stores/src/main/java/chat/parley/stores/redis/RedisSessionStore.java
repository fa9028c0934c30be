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
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Sessions as hashes under the SHA-256 of their token: who reads Redis learns no token. A pointer
 * of the user (v1) or the device names the one session that may be in its place, and ends with it.
 */
final class RedisSessionStore implements SessionStore {
  private static final int TOKEN_BYTES = 32;
  private static final int LONGEST_TOKEN = 128;
  private static final int ROOMS_OF_A_SESSION = 1_000;
  private static final int CHECKED_AT_ONCE = 500;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final RedisLink link;
  private final RedisSettings settings;

  RedisSessionStore(RedisLink link, RedisSettings settings) {
    this.link = link;
    this.settings = settings;
  }

  @Override
  public Future<Opened> open(long userId, String userName, SessionKind kind, long deviceId) {
    boolean ofDevice = kind == SessionKind.SESSION_KIND_DEVICE;
    if (ofDevice != deviceId > 0) {
      return Future.failedFuture(new IllegalArgumentException(kind + " of device " + deviceId));
    }
    String token = newToken();
    String sessionId = Sha256.of(token);
    List<String> keys = new ArrayList<>(2);
    keys.add(Keys.session(sessionId));
    if (ofDevice) {
      keys.add(Keys.sessionOfDevice(deviceId));
    } else if (kind == SessionKind.SESSION_KIND_V1) {
      keys.add(Keys.v1SessionOf(userId));
    }
    Duration ttl = ofDevice ? settings.deviceSessionTtl() : settings.sessionTtl();
    Identity identity =
        Identity.newBuilder()
            .setUserId(userId)
            .setUserName(userName)
            .setSessionId(sessionId)
            .setDeviceId(deviceId)
            .build();
    return link.eval(
            Script.SESSION_OPEN,
            keys,
            userId,
            userName,
            ofDevice ? deviceId : "",
            ttl.toMillis(),
            sessionId,
            Keys.SESSION_PREFIX)
        .map(old -> new Opened(token, identity, Optional.ofNullable(old).map(Response::toString)));
  }

  @Override
  public Future<Optional<Identity>> find(String token) {
    if (!plausible(token)) {
      return Future.succeededFuture(Optional.empty());
    }
    String sessionId = Sha256.of(token);
    return link.call("HMGET", Keys.session(sessionId), "user", "name", "device")
        .map(found -> identity(found, sessionId));
  }

  @Override
  public Future<Optional<Admission>> findInRoom(String token, long roomId) {
    if (!plausible(token)) {
      return Future.succeededFuture(Optional.empty());
    }
    String sessionId = Sha256.of(token);
    return link.call("HMGET", Keys.session(sessionId), "user", "name", "device", fieldOf(roomId))
        .map(
            found ->
                identity(found, sessionId).map(who -> new Admission(who, found.get(3) != null)));
  }

  @Override
  public Future<Optional<Change>> admit(String token, Collection<Long> roomIds, Asker asker) {
    if (!plausible(token)) {
      return Future.succeededFuture(Optional.empty());
    }
    String sessionId = Sha256.of(token);
    List<Object> args = new ArrayList<>(roomIds.size() + 4);
    args.add(ROOMS_OF_A_SESSION);
    args.add(asker.instance());
    args.add(asker.attempt());
    args.add(asker.number());
    roomIds.forEach(room -> args.add(fieldOf(room)));
    return link.eval(Script.SESSION_ADMIT, List.of(Keys.session(sessionId)), args.toArray())
        .map(
            found -> {
              if (found.type() == ResponseType.NUMBER) {
                throw new ChatError(
                    ErrorCode.FORBIDDEN,
                    "a session may join at most " + ROOMS_OF_A_SESSION + " rooms");
              }
              return change(found, sessionId);
            });
  }

  @Override
  public Future<Optional<Change>> leave(String token, long roomId, Asker asker) {
    if (!plausible(token)) {
      return Future.succeededFuture(Optional.empty());
    }
    String sessionId = Sha256.of(token);
    return link.eval(
            Script.SESSION_LEAVE, List.of(Keys.session(sessionId)), fieldOf(roomId), asker.number())
        .map(found -> change(found, sessionId));
  }

  @Override
  public Future<Optional<Connected>> connect(String token, String instance, long attempt) {
    if (!plausible(token)) {
      return Future.succeededFuture(Optional.empty());
    }
    String sessionId = Sha256.of(token);
    return link.eval(
            Script.SESSION_CONNECT,
            List.of(Keys.session(sessionId)),
            sessionId,
            settings.sessionTtl().toMillis(),
            settings.deviceSessionTtl().toMillis(),
            Keys.V1_SESSION_PREFIX,
            Keys.DEVICE_SESSION_PREFIX,
            instance,
            attempt)
        .map(
            found ->
                identity(found, sessionId).map(who -> new Connected(who, found.get(3).toLong())));
  }

  @Override
  public Future<List<EndedConnection>> ended(List<Connection> connections) {
    return endedFrom(0, List.copyOf(connections), new ArrayList<>());
  }

  /** One chunk after the other, so that Redis serves others in between. */
  private Future<List<EndedConnection>> endedFrom(
      int from, List<Connection> all, List<EndedConnection> ended) {
    if (from >= all.size()) {
      return Future.succeededFuture(ended);
    }
    List<Connection> chunk = all.subList(from, Math.min(all.size(), from + CHECKED_AT_ONCE));
    List<String> keys = chunk.stream().map(one -> Keys.session(one.getSessionId())).toList();
    return link.eval(Script.SESSION_NUMBERS, keys)
        .compose(
            newest -> {
              for (int i = 0; i < chunk.size(); i++) {
                addIfEnded(ended, chunk.get(i), newest.get(i).toLong());
              }
              return endedFrom(from + chunk.size(), all, ended);
            });
  }

  private static void addIfEnded(List<EndedConnection> ended, Connection asked, long newest) {
    boolean replaced = newest > asked.getNumber();
    if (replaced || newest < 0) {
      ended.add(
          EndedConnection.newBuilder()
              .setSessionId(asked.getSessionId())
              .setNumber(asked.getNumber())
              .setReplaced(replaced)
              .build());
    }
  }

  @Override
  public Future<Optional<Identity>> endOfDevice(long deviceId) {
    return link.eval(
            Script.SESSION_END_OF_DEVICE,
            List.of(Keys.sessionOfDevice(deviceId)),
            Keys.SESSION_PREFIX)
        .map(
            found ->
                found.size() == 0 ? Optional.empty() : identity(found, found.get(3).toString()));
  }

  @Override
  public Future<Optional<Identity>> end(String token) {
    if (!plausible(token)) {
      return Future.succeededFuture(Optional.empty());
    }
    String sessionId = Sha256.of(token);
    return link.eval(
            Script.SESSION_END,
            List.of(Keys.session(sessionId)),
            sessionId,
            Keys.V1_SESSION_PREFIX,
            Keys.DEVICE_SESSION_PREFIX)
        .map(found -> identity(found, sessionId));
  }

  /**
   * @param found user, name, device
   */
  private static Optional<Identity> identity(Response found, String sessionId) {
    if (found.size() == 0 || found.get(0) == null) {
      return Optional.empty();
    }
    Response device = found.get(2);
    return Optional.of(
        Identity.newBuilder()
            .setUserId(found.get(0).toLong())
            .setUserName(found.get(1).toString())
            .setSessionId(sessionId)
            .setDeviceId(device == null ? 0 : device.toLong())
            .build());
  }

  /**
   * @param found user, name, device, whether the asker was replaced
   */
  private static Optional<Change> change(Response found, String sessionId) {
    return identity(found, sessionId).map(who -> new Change(who, found.get(3).toLong() == 1));
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
}

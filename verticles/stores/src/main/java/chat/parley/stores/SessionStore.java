package chat.parley.stores;

import chat.parley.proto.Connection;
import chat.parley.proto.EndedConnection;
import chat.parley.proto.Identity;
import chat.parley.proto.SessionKind;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Login sessions by token. Tokens are 256 random bits; only their SHA-256 is kept. A session ends
 * after its time to live, by logout, or by the next login in its place: a user's next v1 login, a
 * device's next login.
 */
public interface SessionStore {
  /**
   * Opens a session and ends the previous one in its place: of a v1 session the user's previous v1
   * session, of a device's session that device's previous session. Of logins at the same moment
   * exactly one session stays.
   *
   * @param deviceId 0 for a v1 session
   */
  Future<Opened> open(long userId, String userName, SessionKind kind, long deviceId);

  Future<Optional<Identity>> find(String token);

  /**
   * Finds a session and whether it has joined a room, in one step.
   *
   * @return empty for an unknown token
   */
  Future<Optional<Admission>> findInRoom(String token, long roomId);

  /**
   * Finds a session and notes that it has joined a room, for as long as the session lives.
   *
   * @return empty for an unknown token
   */
  default Future<Optional<Identity>> admit(String token, long roomId) {
    return admit(token, List.of(roomId), Asker.ANY).map(found -> found.map(Change::identity));
  }

  /**
   * Finds a session and notes that it has joined rooms, all or none, for as long as the session
   * lives.
   *
   * @return empty for an unknown token
   */
  Future<Optional<Change>> admit(String token, Collection<Long> roomIds, Asker asker);

  /**
   * Takes a session out of a room. Idempotent.
   *
   * @return empty for an unknown token
   */
  Future<Optional<Change>> leave(String token, long roomId, Asker asker);

  /**
   * Notes that a session has one more connection, and that it is used: its time to live begins
   * again. An attempt that a later one of the same instance has overtaken changes nothing.
   *
   * @param instance of the client, at most 64 characters; empty: the attempt is not looked at
   * @return empty for an unknown token
   */
  Future<Optional<Connected>> connect(String token, String instance, long attempt);

  /** Those of the connections that are not the newest one of a session that is there. */
  Future<List<EndedConnection>> ended(List<Connection> connections);

  /** Ends the session of a device, if it has one; answers whose it was. Idempotent. */
  Future<Optional<Identity>> endOfDevice(long deviceId);

  /** Ends a session; answers whose it was. Idempotent. */
  Future<Optional<Identity>> end(String token);

  /**
   * A session just opened. The token is in no log and no text.
   *
   * @param replaced id of the session that it took the place of; empty when there was none
   */
  record Opened(String token, Identity identity, Optional<String> replaced) {
    @Override
    public String toString() {
      return "Opened[" + identity.getUserId() + "]";
    }
  }

  /**
   * A session, and the number of its newest connection.
   *
   * @param number larger than that of every earlier connection of this session; 0 when the attempt
   *     was overtaken
   */
  record Connected(Identity identity, long number) {}

  /**
   * Which connection of a session asks for a change. One that was replaced is not listened to: what
   * it says may have been on its way for long, and the one in its place has said something else.
   *
   * @param instance of the client that asks to connect; empty: the attempt is not looked at
   * @param number of a connection; 0: it is not looked at
   */
  record Asker(String instance, long attempt, long number) {
    /** Whoever has the token. */
    public static final Asker ANY = connection(0);

    public static Asker attempt(String instance, long attempt) {
      return new Asker(instance, attempt, 0);
    }

    public static Asker connection(long number) {
      return new Asker("", 0, number);
    }
  }

  /**
   * A session that was to be changed.
   *
   * @param replaced whether a later attempt or connection has taken the asker's place: nothing was
   *     changed
   */
  record Change(Identity identity, boolean replaced) {}

  /** A session, and whether it has joined the room that was asked for. */
  record Admission(Identity identity, boolean joined) {}
}

package chat.parley.stores;

import chat.parley.proto.Identity;
import chat.parley.proto.SessionKind;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Login sessions by token. Tokens are 256 random bits; only their SHA-256 is kept. A session ends
 * after its time to live, by logout, or, for a v1 session, by the same user's next v1 login.
 */
public interface SessionStore {
  /**
   * Opens a session and ends the user's previous v1 session, if this one is of that kind. Of logins
   * at the same moment exactly one session stays.
   */
  Future<Opened> open(long userId, String userName, SessionKind kind);

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
  Future<Optional<Identity>> admit(String token, long roomId);

  /** Ends a session; answers whose it was. Idempotent. */
  Future<Optional<Identity>> end(String token);

  /** A session just opened. The token is in no log and no text. */
  record Opened(String token, Identity identity) {
    @Override
    public String toString() {
      return "Opened[" + identity.getUserId() + "]";
    }
  }

  /** A session, and whether it has joined the room that was asked for. */
  record Admission(Identity identity, boolean joined) {}
}

package chat.parley.stores.jdbc;

import chat.parley.bus.Bounds;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** The one place where what a driver or a pool says becomes an error of the closed list. */
final class SqlErrors {
  private static final Counter REFUSALS = Bounds.refusals("database.pool-size");
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String NAME_KEY = "users_user_name_key";

  /** Cancelled by a timeout, or a lock that did not come in time; both databases. */
  private static final Set<String> TIMEOUTS = Set.of("57014", "HYT00", "55P03");

  /** PostgreSQL going down or starting; H2 closed, shutting down, or unable to use its file. */
  private static final Set<String> AWAY =
      Set.of(
          "57P01", "57P02", "57P03", "90007", "90020", "90028", "90031", "90067", "90098", "90121");

  /**
   * H2's file could not be read (1) or written (2), as on a full disk, is closed since (4), or
   * still another's (7). To the one whom it befalls H2 says so only in the text; the file is opened
   * again for the next.
   */
  private static final Pattern H2_FILE_GONE =
      Pattern.compile("MVStoreException: .*\\[[\\d.]+/[1247]\\]", Pattern.DOTALL);

  /**
   * What Vert.x's pool says, in words only, when it had no connection in time for a statement or
   * for a transaction (SqlConnectionPool of vertx-sql-client 5.0.7): nothing was begun.
   */
  private static final Set<String> NO_CONNECTION =
      Set.of("Timeout waiting for connection", "Timeout");

  /** Rolled back for another's sake: deadlock, serialization, concurrent update. */
  private static final Set<String> GAVE_WAY = Set.of("40001", "40P01", "90131");

  private SqlErrors() {}

  static ChatError of(Throwable t) {
    if (t instanceof ChatError known) {
      return known;
    }
    if (t instanceof ConnectionPoolTooBusyException) {
      return tooMuchWaits(t);
    }
    SQLException sql = sqlExceptionIn(t);
    if (sql != null) {
      return ofSql(sql);
    }
    if (t.getMessage() != null && NO_CONNECTION.contains(t.getMessage())) {
      return new ChatError(
          ErrorCode.UNAVAILABLE, "the database has no connection for now, please try again", t);
    }
    return ChatError.of(t);
  }

  /** To be made once for each statement that is refused: it is counted here. */
  static ChatError tooMuchWaits(Throwable cause) {
    REFUSALS.increment();
    return new ChatError(
        ErrorCode.OVERLOADED, "too much waits for the database, please try again", cause);
  }

  /** Why the first connection of a pool did not come: for whoever starts the process. */
  static ChatError atOpening(SQLException e) {
    ErrorCode code = away(e) ? ErrorCode.UNAVAILABLE : ErrorCode.INTERNAL;
    return new ChatError(code, "the database gives no connection: " + e.getMessage(), e);
  }

  /** A connection that broke while committing: whether it took place is unknown. */
  static SQLException duringCommit(SQLException e) {
    return away(e)
        ? new SQLTimeoutException("no answer to the commit", e.getSQLState(), e.getErrorCode(), e)
        : e;
  }

  /** The deepest cause's first line: Flyway's own message is a page. */
  static String reasonOf(Throwable t) {
    Throwable root = t;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }

  private static ChatError ofSql(SQLException e) {
    if (e instanceof SQLTimeoutException || TIMEOUTS.contains(state(e))) {
      return ChatError.of(new TimeoutException().initCause(e));
    }
    if (away(e) || GAVE_WAY.contains(state(e))) {
      return new ChatError(
          ErrorCode.UNAVAILABLE, "the database is away for now, please try again", e);
    }
    if (UNIQUE_VIOLATION.equals(e.getSQLState()) && names(e, NAME_KEY)) {
      return new ChatError(ErrorCode.NAME_TAKEN, "this user name is taken", e);
    }
    return ChatError.of(e);
  }

  /** Whether the connection, or what is behind it, is of no use any more. */
  static boolean away(SQLException e) {
    return e instanceof SQLTransientConnectionException
        || e instanceof SQLNonTransientConnectionException
        || e instanceof SQLRecoverableException
        || state(e).startsWith("08")
        || state(e).startsWith("53")
        || AWAY.contains(state(e))
        || e.getMessage() != null && H2_FILE_GONE.matcher(e.getMessage()).find();
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  private static boolean names(SQLException e, String constraint) {
    return e.getMessage() != null && e.getMessage().toLowerCase(Locale.ROOT).contains(constraint);
  }

  private static SQLException sqlExceptionIn(Throwable t) {
    for (Throwable cause = t; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}

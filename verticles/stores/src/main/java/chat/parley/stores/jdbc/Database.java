package chat.parley.stores.jdbc;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.stores.DatabaseSettings;
import com.zaxxer.hikari.HikariDataSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.jdbcclient.JDBCPool;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Statements with a deadline, a bound on what waits, and errors of the closed list.
 *
 * <p>Vert.x's pool gives each connection a context of its own, on which the statements run in order
 * on Vert.x's worker threads: statements of one connection one after the other, those of different
 * connections in parallel. What finds every connection busy waits in the pool's queue, at most
 * {@link #WAITING_PER_CONNECTION} for each; the next is refused as {@code OVERLOADED}.
 *
 * <p>What carries many rows goes past that pool, by JDBC on threads and connections of its own,
 * under the same bound and deadline: a row then costs no objects of the client's, and a transaction
 * one hop to another thread instead of one for each statement.
 */
final class Database {
  private static final int WAITING_PER_CONNECTION = 256;
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final String END_STOPPED_SESSIONS =
      """
      SELECT ABORT_SESSION(session_id) FROM information_schema.sessions
      WHERE contains_uncommitted AND session_state = 'SLEEP'
        AND sleep_since < DATEADD('SECOND', -2, CURRENT_TIMESTAMP)""";

  private final Vertx vertx;
  private final HikariDataSource connections;
  private final Pool pool;
  private final WorkerExecutor threads;
  private final int mostWaiting;
  private final AtomicInteger waiting = new AtomicInteger();
  private final boolean h2;
  private final Duration deadline;
  private volatile Refusal refusal;
  private volatile boolean closed;

  /**
   * @param connections must not commit by themselves; closed with this
   */
  Database(Vertx vertx, HikariDataSource connections, boolean h2, DatabaseSettings settings) {
    this.vertx = vertx;
    this.connections = connections;
    this.h2 = h2;
    this.deadline = settings.deadline();
    int direct = settings.directConnections();
    this.threads =
        vertx.createSharedWorkerExecutor("parley-db-" + NUMBERS.incrementAndGet(), direct);
    this.mostWaiting = direct * WAITING_PER_CONNECTION;
    PoolOptions options =
        new PoolOptions()
            .setMaxSize(settings.poolSize())
            .setMaxWaitQueueSize(settings.poolSize() * WAITING_PER_CONNECTION)
            .setConnectionTimeout((int) deadline.toMillis())
            .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
    this.pool = JDBCPool.pool(vertx, new LeasingDataSource(connections), options);
  }

  /** One statement, which is one transaction. */
  Future<RowSet<Row>> execute(String sql, Tuple parameters) {
    return within(() -> pool.preparedQuery(sql).execute(parameters));
  }

  /** One statement without parameters, which is one transaction. */
  Future<Void> execute(String sql) {
    return within(() -> pool.query(sql).execute()).mapEmpty();
  }

  /** What is done with a connection, on a thread that may be blocked. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Reads many rows. */
  <T> Future<T> read(Work<T> work) {
    return within(() -> direct(work));
  }

  /** Writes many rows in one transaction, rolled back when the work fails. */
  Future<Void> write(Work<Void> work) {
    return endingStopped(within(() -> direct(work)));
  }

  private <T> Future<T> direct(Work<T> work) {
    if (waiting.incrementAndGet() > mostWaiting) {
      waiting.decrementAndGet();
      return Future.failedFuture(SqlErrors.tooMuchWaits(null));
    }
    long asked = System.nanoTime();
    return threads
        .executeBlocking(() -> committed(work, asked), false)
        .onComplete(done -> waiting.decrementAndGet());
  }

  private <T> T committed(Work<T> work, long asked) throws SQLException {
    // HikariCP rolls back what is not committed when the connection is closed.
    try (Connection connection = connection(asked)) {
      T result = work.on(connection);
      try {
        connection.commit();
      } catch (SQLException e) {
        throw SqlErrors.duringCommit(e);
      }
      return result;
    }
  }

  /**
   * A connection, unless somebody was refused one since this one was asked for: who stands behind
   * others while the database is away does not wait for it once more, and hears why in time.
   */
  private Connection connection(long asked) throws SQLException {
    Refusal last = refusal;
    if (last != null && last.at - asked > 0) {
      throw last.cause;
    }
    try {
      return connections.getConnection();
    } catch (SQLException e) {
      refusal = new Refusal(System.nanoTime(), e);
      throw e;
    }
  }

  private record Refusal(long at, SQLException cause) {}

  /** Several statements in one transaction, rolled back when the work fails. */
  <T> Future<T> inTransaction(Function<SqlConnection, Future<T>> work) {
    return endingStopped(within(() -> pool.withTransaction(work)));
  }

  /** Several statements in one transaction, which is on disk when this succeeds. */
  <T> Future<T> inSyncedTransaction(Function<SqlConnection, Future<T>> work) {
    return inTransaction(work).compose(result -> sync().map(result));
  }

  /**
   * Everything committed before is on disk. PostgreSQL: nothing to do, its commit is answered when
   * the log is on disk (checked at start).
   */
  Future<Void> sync() {
    return h2 ? execute("CHECKPOINT SYNC") : Future.succeededFuture();
  }

  /** The inside of an IN list. */
  static String placeholders(int n) {
    return String.join(", ", Collections.nCopies(n, "?"));
  }

  /**
   * A process that was stopped in the middle of its transaction keeps everybody else from writing
   * the same rows. PostgreSQL ends such a session by its own timeout, H2 has to be told.
   */
  private <T> Future<T> endingStopped(Future<T> write) {
    if (!h2) {
      return write;
    }
    return write.recover(
        t ->
            ChatError.of(t).code() == ErrorCode.DEADLINE_EXCEEDED
                ? execute(END_STOPPED_SESSIONS).transform(ended -> Future.failedFuture(t))
                : Future.failedFuture(t));
  }

  private <T> Future<T> within(java.util.function.Supplier<Future<T>> work) {
    if (closed) {
      return Future.failedFuture(
          new ChatError(ErrorCode.SHUTTING_DOWN, "the database is being closed here"));
    }
    return work.get()
        .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .recover(t -> Future.failedFuture(SqlErrors.of(t)));
  }

  /** Waits for nothing that is under way: callers drain first. */
  Future<Void> close() {
    closed = true;
    return pool.close()
        .eventually(threads::close)
        .eventually(
            () ->
                vertx.executeBlocking(
                    () -> {
                      connections.close();
                      return null;
                    },
                    false));
  }
}

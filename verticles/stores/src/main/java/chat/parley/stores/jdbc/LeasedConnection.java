package chat.parley.stores.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * What Vert.x's pool holds as a connection: it borrows a real one from HikariCP for each
 * transaction and gives it back at the end. Vert.x 5.0.7 keeps a JDBC connection for ever and never
 * asks whether it still works; this way HikariCP's checks, life times and repairs apply, and a
 * database that was away is served again.
 *
 * <p>Outside of begin and commit one statement is one transaction, a JDBC batch included: it is
 * committed when the statement is closed, or rolled back when it had failed. So a read or a batch
 * costs one hop to a worker thread instead of three.
 *
 * <p>Called by one thread at a time: Vert.x runs the actions of one connection in order.
 */
final class LeasedConnection implements InvocationHandler {
  private final DataSource real;
  private final DatabaseMetaData metaData;
  private Connection lease;
  private boolean inTransaction;
  private boolean justEnded;
  private boolean closed;

  private LeasedConnection(DataSource real, String url) {
    this.real = real;
    this.metaData = metaData(url);
  }

  /**
   * @param real a pool whose connections do not commit by themselves
   */
  static Connection over(DataSource real, String url) {
    return proxy(Connection.class, new LeasedConnection(real, url));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
    switch (method.getName()) {
      case "prepareStatement", "createStatement":
        return statement(method, args);
      case "setAutoCommit":
        setAutoCommit((boolean) args[0]);
        return null;
      case "commit":
        end(true);
        return null;
      case "rollback":
        end(false);
        return null;
      case "getMetaData":
        return metaData;
      case "isClosed":
        return closed;
      case "close":
        closed = true;
        giveBack();
        return null;
      case "toString":
        return "LeasedConnection";
      default:
        throw new SQLFeatureNotSupportedException(method.getName());
    }
  }

  private void setAutoCommit(boolean on) {
    if (justEnded) {
      // Vert.x sets a mode after each commit and rollback: in 5.0.7, "off", which would leave the
      // next single statement in a transaction that nobody ends.
      justEnded = false;
      return;
    }
    inTransaction = !on;
  }

  private Statement statement(Method method, Object[] args) throws Throwable {
    if (lease == null) {
      lease = real.getConnection();
    }
    try {
      Statement statement = (Statement) call(lease, method, args);
      return inTransaction
          ? statement
          : (Statement) proxy(method.getReturnType(), new SingleStatement(statement));
    } catch (SQLException e) {
      if (!inTransaction) {
        giveBack();
      }
      throw e;
    }
  }

  private void end(boolean commit) throws SQLException {
    inTransaction = false;
    justEnded = true;
    if (commit) {
      commitLease();
    } else {
      giveBack();
    }
  }

  private void commitLease() throws SQLException {
    try {
      if (lease != null) {
        lease.commit();
      }
    } catch (SQLException e) {
      throw SqlErrors.duringCommit(e);
    } finally {
      giveBack();
    }
  }

  /** HikariCP rolls back what is not committed. */
  private void giveBack() throws SQLException {
    Connection ended = lease;
    lease = null;
    if (ended != null) {
      ended.close();
    }
  }

  /** A statement that is a transaction of its own. */
  private final class SingleStatement implements InvocationHandler {
    private final Statement statement;
    private boolean failed;
    private boolean ended;

    SingleStatement(Statement statement) {
      this.statement = statement;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
      if (method.getName().equals("close")) {
        close();
        return null;
      }
      try {
        return call(statement, method, args);
      } catch (Throwable t) {
        failed = true;
        throw t;
      }
    }

    private void close() throws SQLException {
      if (ended) {
        return;
      }
      ended = true;
      try {
        statement.close();
      } catch (SQLException e) {
        giveBack();
        throw e;
      }
      if (failed) {
        giveBack();
      } else {
        commitLease();
      }
    }
  }

  /**
   * What Vert.x asks of a connection without using it: its address, for metrics, and whether an
   * insert can answer generated keys. It says no: Vert.x would ask for them with every statement,
   * and PostgreSQL's driver would send batches row by row.
   */
  private static DatabaseMetaData metaData(String url) {
    return proxy(
        DatabaseMetaData.class,
        (proxy, method, args) ->
            switch (method.getName()) {
              case "getURL" -> url;
              case "supportsGetGeneratedKeys" -> false;
              default -> throw new SQLFeatureNotSupportedException(method.getName());
            });
  }

  private static Object call(Object target, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            LeasedConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}

package io.laoke.testing;

import io.laoke.base.HostTransaction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A host that begins a transaction for each call of Laoke, reads in it first, so that its snapshot
 * is older than the call, and commits it after the call, whether that failed or not.
 */
final class EachCallJoined implements HostTransaction {
  private final int isolation;
  private final ThreadLocal<List<Runnable>> afterCommit = ThreadLocal.withInitial(ArrayList::new);

  EachCallJoined(int isolation) {
    this.isolation = isolation;
  }

  @Override
  public Optional<Connection> current(DataSource dataSource) {
    Call call = new Call(dataSource);
    return Optional.of(
        (Connection)
            Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> call.invoke(method, arguments)));
  }

  @Override
  public void afterCommit(Runnable task) {
    afterCommit.get().add(task);
  }

  /** Opened by the first method that is called: many ask only whether there is a transaction. */
  private final class Call {
    private final DataSource dataSource;
    private Connection opened;
    private boolean before;
    private boolean over;

    Call(DataSource dataSource) {
      this.dataSource = dataSource;
    }

    Object invoke(Method method, Object[] arguments) throws Throwable {
      if (opened == null) {
        begin();
      }
      String name = method.getName();
      if (over) {
        // The commit was refused, and with it everything is undone.
        return null;
      }
      if (List.of("commit", "setAutoCommit", "close", "abort", "setTransactionIsolation")
              .contains(name)
          || (name.equals("rollback") && arguments == null)) {
        throw new AssertionError("Laoke called " + name + " in the host's transaction");
      }
      try {
        Object result = method.invoke(opened, arguments);
        if (name.equals("releaseSavepoint")) {
          end();
        }
        return result;
      } catch (InvocationTargetException failed) {
        if (arguments != null && arguments.length == 1 && arguments[0] instanceof Savepoint) {
          // The transaction is gone, and with it the savepoint.
          giveUp();
        }
        throw failed.getCause();
      }
    }

    private void begin() throws SQLException {
      Connection connection = dataSource.getConnection();
      connection.setTransactionIsolation(isolation);
      before = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try (PreparedStatement reading =
          connection.prepareStatement("SELECT COUNT(*) FROM laoke_schema_version")) {
        reading.executeQuery().close();
      }
      opened = connection;
      afterCommit.get().clear();
    }

    private void end() throws SQLException {
      List<Runnable> tasks = List.copyOf(afterCommit.get());
      try {
        opened.commit();
      } catch (SQLException refused) {
        over = true;
        giveUp();
        throw refused;
      }
      giveBack();
      tasks.forEach(Runnable::run);
    }

    private void giveUp() throws SQLException {
      opened.rollback();
      giveBack();
    }

    private void giveBack() throws SQLException {
      afterCommit.get().clear();
      opened.setAutoCommit(before);
      opened.close();
    }
  }
}

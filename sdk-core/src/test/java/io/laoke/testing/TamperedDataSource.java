package io.laoke.testing;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A data source whose connections do something else before what they are asked for. */
public final class TamperedDataSource implements DataSource {
  private final DataSource target;
  private final Tamper tamper;
  private boolean unwrappingToItself;

  /**
   * Called before each method of a connection, whose arguments it may change; what it throws is the
   * method's answer.
   */
  @FunctionalInterface
  public interface Tamper {
    /** Does something else. */
    void before(Connection connection, String method, Object[] arguments) throws SQLException;
  }

  /** Tampers with the connections of another data source. */
  public TamperedDataSource(DataSource target, Tamper tamper) {
    this.target = target;
    this.tamper = tamper;
  }

  /** The same, whose connections unwrap to themselves where only a connection is asked for. */
  public TamperedDataSource unwrappingToItself() {
    unwrappingToItself = true;
    return this;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection real = target.getConnection();
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              Object[] given = arguments == null ? new Object[0] : arguments;
              tamper.before(real, method.getName(), given);
              if (unwrappingToItself
                  && method.getName().equals("unwrap")
                  && given[0] == Connection.class) {
                return proxy;
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException failed) {
                throw failed.getCause();
              }
            });
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return target.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    target.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    target.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return target.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return target.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return target.isWrapperFor(type);
  }
}

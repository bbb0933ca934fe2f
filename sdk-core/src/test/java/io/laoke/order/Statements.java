package io.laoke.order;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;

/** Writes down each statement that goes to a database; a batch is one. */
public final class Statements {
  private final List<String> executed = Collections.synchronizedList(new ArrayList<>());

  private final List<String> batched = Collections.synchronizedList(new ArrayList<>());

  /** The same data source, written down. */
  public DataSource of(DataSource source) {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object result = call(source, method, arguments);
          return result instanceof Connection connection ? of(connection) : result;
        });
  }

  private Connection of(Connection connection) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          Object result = call(connection, method, arguments);
          return result instanceof PreparedStatement statement
              ? of(statement, (String) arguments[0])
              : result;
        });
  }

  private PreparedStatement of(PreparedStatement statement, String sql) {
    return proxy(
        PreparedStatement.class,
        (method, arguments) -> {
          if (method.getName().startsWith("execute")) {
            executed.add(sql);
          } else if (method.getName().equals("addBatch")) {
            batched.add(sql);
          }
          return call(statement, method, arguments);
        });
  }

  public List<String> taken() {
    List<String> taken = List.copyOf(executed);
    executed.clear();
    return taken;
  }

  /** What went as part of batches. */
  public List<String> batched() {
    return List.copyOf(batched);
  }

  private interface Handler {
    Object on(Method method, Object[] arguments) throws Throwable;
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException failed) {
      throw failed.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, Handler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> handler.on(method, arguments)));
  }
}

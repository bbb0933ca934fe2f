package io.laoke.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.order.Order;
import io.laoke.order.Stage;
import io.laoke.order.StageRecord;
import io.laoke.testing.TestServer;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples of the guide, as they stand there, on the databases that they name. */
class InboxGuideTest {
  private static final String ERP =
      "CREATE TABLE sales_order (order_no VARCHAR(20) PRIMARY KEY, customer_no VARCHAR(20),"
          + " ordered_at TIMESTAMP NOT NULL, category VARCHAR(40), amount DECIMAL(12, 2),"
          + " status VARCHAR(20))";
  private static final String ROW =
      "INSERT INTO sales_order VALUES ('SO-1001', 'C-77', '2026-11-24 10:00:00', 'kitchen/hood',"
          + " 2999.00, 'APPROVED')";

  private static String example(String name) throws IOException {
    Matcher block =
        Pattern.compile("<!-- inbox: " + name + " -->\\n```[a-z]+\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")));
    assertThat(block.find()).as("the guide has the example %s", name).isTrue();
    return block.group(1);
  }

  private static InboxHost erp(TestServer server) throws SQLException {
    InboxHost host = new InboxHost(server);
    host.sql(ERP);
    host.sql(ROW);
    return host;
  }

  @ParameterizedTest
  @EnumSource
  void theSqlOfTheGuideFeedsLaoke(TestServer server) throws Exception {
    try (InboxHost host = erp(server)) {
      try (Connection program = host.pool.getConnection();
          Statement statement = program.createStatement()) {
        program.setAutoCommit(false);
        for (String sql : example(server.name()).split(";\\n")) {
          statement.execute(sql);
        }
        program.commit();
      }

      assertThat(host.tick()).isEqualTo(2);

      assertThat(host.dealer.orders().find("SO-1001").orElseThrow().netFen()).isEqualTo(299_900);
      assertThat(host.dealer.orders().find("SO-1001").orElseThrow().orderedAt())
          .isEqualTo("2026-11-24T02:00:00Z");
      assertThat(host.dealer.members().find("C-77")).isPresent();
      StageRecord shipped = host.dealer.orders().history("SO-1001").stages().get(0);
      assertThat(shipped.stage()).isEqualTo(Stage.SHIPPED);
      assertThat(shipped.document()).isEqualTo("CK-77");
      assertThat(shipped.details()).containsEntry("carrier", "顺丰");
      assertThat(host.dealer.inbox().count(InboxFact.State.BAD)).isZero();
    }
  }

  @Test
  void theTriggerOfTheGuideFeedsLaoke() throws Exception {
    try (InboxHost host = erp(TestServer.POSTGRESQL)) {
      host.dealer.orders().upsert(Order.of("SO-1001", InboxHost.NOW));
      host.sql(example("TRIGGER"));
      host.sql("UPDATE sales_order SET status = 'SHIPPED'");
      host.sql("UPDATE sales_order SET amount = 1");

      assertThat(host.tick()).isEqualTo(1);

      assertThat(host.dealer.orders().find("SO-1001").orElseThrow().stage())
          .isEqualTo(Stage.SHIPPED);
    }
  }

  @Test
  void theJavaOfTheGuideIsJava8AndFeedsLaoke(@TempDir Path dir) throws Exception {
    Path source = dir.resolve("Erp.java");
    Files.writeString(
        source,
        "import java.sql.*;\npublic class Erp {\npublic " + example("JAVA").strip() + "\n}\n");
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "--release", "8", "-Xlint:-options", source.toString());
    assertThat(compiled).isZero();
    try (InboxHost host = erp(TestServer.H2);
        URLClassLoader classes = new URLClassLoader(new URL[] {dir.toUri().toURL()});
        Connection program = host.pool.getConnection()) {
      host.dealer.orders().upsert(Order.of("SO-1001", InboxHost.NOW));
      program.setAutoCommit(false);
      classes
          .loadClass("Erp")
          .getMethod("tellLaoke", Connection.class, String.class, String.class, String.class)
          .invoke(null, program, "SO-1001", "DELIVERED", "2026-11-25T10:30:00+08:00");
      program.commit();

      assertThat(host.tick()).isEqualTo(1);

      assertThat(host.dealer.orders().find("SO-1001").orElseThrow().stage())
          .isEqualTo(Stage.DELIVERED);
    }
  }
}

package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportModule;
import io.laoke.imports.Imports;
import io.laoke.internal.json.Json;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TestServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom imported orders reach, and that nobody hears of history. */
class ImportedOrdersTest {
  private static final Buyer WANG = Buyer.of("C1", "王芳", "13800138000");

  private static Imports imports(World on) {
    return new ImportModule(
            new Json(),
            on.engine.ids,
            on.engine.catalogs,
            on.engine.members,
            on.engine.orders,
            Clock.fixed(World.START, ZoneOffset.UTC))
        .imports(TestServer.outsideOfHosts(on.pool), on.dealer);
  }

  private static Order order(String orderNo, Instant at) {
    return Order.of(orderNo, at)
        .buyer(WANG)
        .line(OrderLine.goods("1", "kitchen/fridge", 1, "5999.00").name("双开门冰箱"));
  }

  @Test
  void historyIsSilentAndOnlyWhatIsStillOpenBindsItself() {
    try (World on = new World(TestServer.H2)) {
      for (Stage stage : List.of(Stage.SHIPPED, Stage.DELIVERED)) {
        on.engine.notices().template(stage, NoticeTemplate.of("TPL").field("thing1", "{order.no}"));
      }
      on.scan("wang", on.order(WANG));
      long outbox = on.count("outbox");
      long decisions = on.count("decision");

      Instant recent = World.START.minus(Duration.ofDays(3));
      StageReport shipped = StageReport.of(Stage.SHIPPED, recent.plusSeconds(60));
      ImportFact open = ImportFact.order(order("OPEN", recent)).stage(shipped);
      imports(on)
          .run(
              "history",
              List.of(
                      open,
                      ImportFact.order(order("OLD", World.START.minus(Duration.ofDays(400))))
                          .stage(shipped),
                      ImportFact.order(order("OVER", recent))
                          .stage(StageReport.of(Stage.COMPLETED, recent.plusSeconds(60))),
                      ImportFact.order(order("NEW", recent).buyer(Buyer.of("C2", "李娜", null))))
                  .iterator());

      assertThat(on.stateOf("OPEN", "wang")).isEqualTo(RecipientState.ACTIVE);
      assertThat(on.stateOf("OLD", "wang")).isNull();
      assertThat(on.stateOf("OVER", "wang")).isNull();
      assertThat(on.count("outbox")).isEqualTo(outbox);
      assertThat(on.count("decision")).isEqualTo(decisions);

      // What was imported is known, whoever reports it again; what comes after it is told.
      on.engine.orders().advance("OPEN", shipped);
      imports(on).run("history", List.of(open).iterator());
      assertThat(on.count("outbox")).isEqualTo(outbox);
      on.engine.orders().advance("OPEN", StageReport.of(Stage.DELIVERED, World.START));
      assertThat(on.count("outbox")).isEqualTo(outbox + 1);
    }
  }
}

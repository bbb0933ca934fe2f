package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.base.Upserted;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportReport;
import io.laoke.internal.jdbc.Migrations;
import io.laoke.testing.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnitServicesTest {
  private static final Instant SOLD = Instant.parse("2026-01-01T02:00:00Z");
  private static final Instant DONE = Instant.parse("2026-06-01T02:00:00Z");

  private static Order order(String orderNo) {
    return order(orderNo, SOLD);
  }

  private static Order order(String orderNo, Instant sold) {
    return Order.of(orderNo, sold)
        .buyer(Buyer.of("C1", null, null))
        .line(
            OrderLine.goods("1", "kitchen/hood", 3, "300").warrantyEndsOn(LocalDate.of(2029, 1, 1)))
        .line(OrderLine.goods("2", "av/tv", 1, "50"))
        .line(OrderLine.gift("3", "av/box", 1));
  }

  private static UnitServiceReport cleaned() {
    return UnitServiceReport.of("1", "CLEAN", DONE).unit(2).paid("99.50").document("GD-1");
  }

  @ParameterizedTest
  @EnumSource
  void aServiceIsRecordedOnceCorrectedAndTakenOut(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(order("SO"));
      assertThat(laoke.orders().recordService("SO", cleaned().technician("王师傅")))
          .isEqualTo(Upserted.CREATED);
      OrderHistory once = laoke.orders().history("SO");
      assertThat(once.services())
          .singleElement()
          .satisfies(
              service -> {
                assertThat(service.unitNo()).hasValue(2);
                assertThat(service.paidFen()).isEqualTo(9950);
                assertThat(service.doneAt()).isEqualTo(DONE);
                assertThat(service.technician()).contains("王师傅");
                assertThat(service.toString()).doesNotContain("王");
              });
      assertThat(once.units())
          .as("the unit's row is written when something first happens to it alone")
          .singleElement()
          .satisfies(
              unit -> {
                assertThat(unit.unitNo()).isEqualTo(2);
                assertThat(unit.servicedAt()).contains(DONE);
                assertThat(unit.counted()).isTrue();
              });
      String rows = laoke.everything();
      assertThat(laoke.orders().recordService("SO", cleaned().technician("王师傅")))
          .isEqualTo(Upserted.UNCHANGED);
      assertThat(laoke.everything()).isEqualTo(rows);
      UnitServiceReport later =
          UnitServiceReport.of("1", "CLEAN", DONE.plusSeconds(60))
              .unit(2)
              .paidFen(0)
              .document("GD-1")
              .note("滤网已换");
      assertThat(laoke.orders().recordService("SO", later)).isEqualTo(Upserted.CHANGED);
      assertThat(laoke.orders().history("SO").services())
          .singleElement()
          .satisfies(
              service -> {
                assertThat(service.doneAt()).isEqualTo(DONE.plusSeconds(60));
                assertThat(service.paidFen()).isZero();
                assertThat(service.technician()).isEmpty();
                assertThat(service.note()).contains("滤网已换");
              });
      Truth.check(laoke);
      assertThat(laoke.orders().removeService("SO", cleaned().document("GD-2"))).isFalse();
      assertThat(laoke.orders().removeService("SO", cleaned())).isTrue();
      assertThat(laoke.orders().removeService("SO", cleaned())).isFalse();
      assertThat(laoke.orders().history("SO").services()).isEmpty();
      assertThat(laoke.orders().history("SO").units().get(0).servicedAt()).isEmpty();
      Truth.check(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsServicedBeforeItIsSoldNorBeforeItIsDone(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(order("SO"));
      ZoneId zone = OrderFixture.ZONE;
      Instant midnight = SOLD.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
      LocalDate today = OrderFixture.NOW.atZone(zone).toLocalDate();
      Instant tomorrow = today.plusDays(1).atStartOfDay(zone).toInstant();
      UnitServiceReport early = UnitServiceReport.of("1", "CLEAN", midnight.minusMillis(1));
      assertThatThrownBy(() -> laoke.orders().recordService("SO", early))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContainingAll(
              "doneAt: must not be before 2026-01-01",
              "the day of order 'SO'; was",
              "orders().upsert");
      UnitServiceReport late = UnitServiceReport.of("1", "CLEAN", tomorrow).document("GD-1");
      assertThatThrownBy(() -> laoke.orders().recordService("SO", late))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContainingAll(
              "doneAt: must not be after " + today,
              "today; was " + today.plusDays(1),
              "once it is");
      assertThat(laoke.orders().history("SO").services()).isEmpty();

      laoke.orders().advance("SO", StageReport.of(Stage.INSTALLED, DONE.plus(Duration.ofDays(90))));
      for (Instant at : List.of(midnight, tomorrow.minusMillis(1))) {
        UnitServiceReport taken = UnitServiceReport.of("1", "CLEAN", at);
        assertThat(laoke.orders().recordService("SO", taken))
            .as("of whichever day between, whatever the stages say")
            .isEqualTo(Upserted.CREATED);
      }

      UnitServiceReport known = UnitServiceReport.of("1", "CLEAN", DONE).document("GD-1");
      laoke.orders().recordService("SO", known);
      laoke.orders().upsert(order("SO", DONE.plus(Duration.ofDays(2)))); // which may be wrong
      assertThat(laoke.orders().recordService("SO", known))
          .as("is recorded, though the order is said to be of a later day now")
          .isEqualTo(Upserted.UNCHANGED);
      assertThat(laoke.orders().recordService("SO", known.paid("80"))).isEqualTo(Upserted.CHANGED);
      assertThatThrownBy(() -> laoke.orders().recordService("SO", late))
          .as("a correction to a wrong day")
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void reportsAreToldApartByUnitKindAndDocumentOrTime(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(order("SO"));
      List<UnitServiceReport> different =
          List.of(
              cleaned(),
              cleaned().unit(3),
              cleaned().document("gd-1"),
              cleaned().document(null),
              UnitServiceReport.of("1", "CLEAN", DONE.plusMillis(1)).unit(2),
              UnitServiceReport.of("1", "clean", DONE).unit(2).document("GD-1"),
              UnitServiceReport.of("1", "CLEAN", DONE).document("GD-1"),
              UnitServiceReport.of("2", "CLEAN", DONE).document("GD-1"),
              UnitServiceReport.of("3", "CLEAN", DONE).document("GD-1"));
      for (UnitServiceReport report : different) {
        assertThat(laoke.orders().recordService("SO", report)).isEqualTo(Upserted.CREATED);
      }
      for (UnitServiceReport report : different) {
        assertThat(laoke.orders().recordService("SO", report)).isEqualTo(Upserted.UNCHANGED);
      }
      assertThat(laoke.orders().history("SO").services()).hasSize(different.size());
      Truth.check(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void servicesGoWithTheOrderAndOutliveItsLines(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(order("SO"));
      laoke.orders().upsert(order("SO-2").buyer(Buyer.of("C2", null, null)));
      laoke.orders().recordService("SO", cleaned());
      laoke.orders().recordService("SO-2", cleaned());
      laoke.orders().upsert(order("SO").buyer(Buyer.of("C2", null, null)));
      assertThat(whose(laoke)).containsOnly(laoke.memberOf("C2"));
      laoke
          .orders()
          .upsert(
              Order.of("SO", SOLD)
                  .buyer(Buyer.of("C2", null, null))
                  .line(OrderLine.goods("2", "av/tv", 1, "50")));
      assertThat(laoke.orders().history("SO").services()).hasSize(1);
      assertThatThrownBy(() -> laoke.orders().recordService("SO", cleaned().document("another")))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("'SO'", "'1'");
      assertThat(laoke.orders().recordService("SO", cleaned().paidFen(1)))
          .as("what is known can be corrected")
          .isEqualTo(Upserted.CHANGED);
      Truth.check(laoke);
      laoke.orders().upsert(order("SO"));
      assertThat(laoke.orders().history("SO").units().get(0).servicedAt()).contains(DONE);
      laoke
          .orders()
          .advance("SO", StageReport.of(Stage.RETURNED, DONE.plusSeconds(9)).units("1", 2));
      OrderUnit returned = laoke.orders().history("SO").units().get(0);
      assertThat(returned.counted()).isFalse();
      assertThat(returned.servicedAt()).contains(DONE);
      laoke.assign("SO", OptionalLong.of(laoke.memberOf("C3")));
      assertThat(whose(laoke))
          .containsExactlyInAnyOrder(laoke.memberOf("C2"), laoke.memberOf("C3"));
      laoke.assign("SO", OptionalLong.empty());
      Truth.check(laoke);
      long survivor = laoke.memberOf("C1");
      long merge = laoke.members().merge(survivor, laoke.memberOf("C2"), "tester", "the same").id();
      assertThat(whose(laoke)).containsOnly(survivor);
      Truth.check(laoke);
      laoke.members().split(merge, "tester", "not the same");
      Truth.check(laoke);
      assertThat(whose(laoke)).contains(laoke.memberOf("C2"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anImportTakesThemToo(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      List<ImportFact> facts =
          List.of(
              ImportFact.order(order("SO")),
              ImportFact.service("SO", cleaned()),
              ImportFact.service("SO", cleaned().paidFen(7)),
              ImportFact.service("SO", cleaned().unit(9)),
              ImportFact.service("none", cleaned()).from("services.csv:5"));
      ImportReport report = laoke.imports().run("history", facts.iterator());
      assertThat(report.of(ImportFact.Kind.SERVICE)).isEqualTo(new ImportReport.Counts(1, 1, 0, 2));
      assertThat(report.firstRefused().get(1).origin()).contains("services.csv:5");
      assertThat(laoke.orders().history("SO").services())
          .extracting(UnitService::paidFen)
          .containsExactly(7L);
      Truth.check(laoke);
      String rows = laoke.everything();
      laoke.imports().run("again", facts.subList(2, 3).iterator());
      assertThat(laoke.everything()).isEqualTo(rows);
    }
  }

  private static List<Long> whose(OrderFixture laoke) {
    return laoke.database.read(
        "read",
        tx ->
            tx.query("SELECT member_id FROM {unit_service} WHERE dealer_id = 1")
                .mapTo(Long.class)
                .list());
  }

  @ParameterizedTest
  @EnumSource
  void anErasedPersonsServicesKeepTheMoneyAndNobodysName(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(order("SO"));
      laoke.orders().recordService("SO", cleaned().technician("王师傅").note("住三楼"));
      laoke.eraser().erase(laoke.memberOf("C1"), "tester", "asked for it");
      UnitServiceReport other = cleaned().document("GD-2").technician("李师傅").note("敲门");
      laoke.orders().recordService("SO", other);
      assertThat(laoke.orders().recordService("SO", other)).isEqualTo(Upserted.UNCHANGED);
      assertThat(laoke.orders().history("SO").services())
          .hasSize(2)
          .allSatisfy(
              service -> {
                assertThat(service.paidFen()).isEqualTo(9950);
                assertThat(service.technician()).isEmpty();
                assertThat(service.note()).isEmpty();
              });
      Truth.check(laoke);
    }
  }

  @Test
  void asTheGuideSays() {
    try (OrderFixture laoke = new OrderFixture(TestServer.H2)) {
      Orders orders = laoke.orders();
      orders.upsert(order("SO-1001"));
      Instant doneAt = DONE;
      // begin guide-service
      orders.recordService(
          "SO-1001",
          UnitServiceReport.of("1", "CLEAN", doneAt) // line 1; kinds are the dealer's own codes
              .unit(2) // leave out if all units of the line got it
              .paid("99.50")
              .document("GD-77")); // the ERP's 工单; the same again corrects it
      // end guide-service
      assertThat(orders.history("SO-1001").services()).hasSize(1);
    }
  }

  @Test
  void saysWhatIsWrong() {
    try (OrderFixture laoke = new OrderFixture(TestServer.H2)) {
      laoke.orders().upsert(order("SO"));
      laoke
          .returns()
          .record(
              ReturnNote.of("R", SOLD).order("later").line(ReturnLine.of("1", "av/tv", 1, "1")));
      refused(laoke, "unknown", cleaned(), NotFoundException.class, "'unknown'");
      refused(laoke, "later", cleaned(), NotFoundException.class, "'later'");
      refused(laoke, "SO", UnitServiceReport.of("9", "X", DONE), NotFoundException.class, "'9'");
      refused(laoke, "SO", cleaned().unit(4), InvalidInputException.class, "lines[1].units", "3");
      refused(
          laoke,
          "SO",
          UnitServiceReport.of("3", "X", DONE).unit(1),
          InvalidInputException.class,
          "GIFT");
      assertThatThrownBy(() -> laoke.orders().removeService("unknown", cleaned()))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> cleaned().paidFen(-1)).hasMessageContainingAll("paidFen", "-1");
      assertThatThrownBy(() -> cleaned().paid("-0.01")).isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> cleaned().unit(0)).hasMessageContaining("unitNo");
      assertThatThrownBy(() -> UnitServiceReport.of("1", " ", DONE)).hasMessageContaining("kind");
      assertThatThrownBy(() -> UnitServiceReport.of("1", "X", Instant.MAX))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(
              () -> OrderLine.goods("1", "a", 1, "1").warrantyEndsOn(LocalDate.of(20290, 1, 1)))
          .hasMessageContaining("lines[1].warrantyEndsOn");
      assertThat(laoke.orders().history("SO").services()).isEmpty();
    }
  }

  private static void refused(
      OrderFixture laoke,
      String orderNo,
      UnitServiceReport report,
      Class<? extends LaokeException> type,
      String... said) {
    assertThatThrownBy(() -> laoke.orders().recordService(orderNo, report))
        .isInstanceOf(type)
        .hasMessageContainingAll(said);
  }

  @ParameterizedTest
  @EnumSource
  void theWarrantyIsPartOfTheOrderAndLeavesTheHashOfOthersAsItWas(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(order("SO"));
      assertThat(laoke.orders().find("SO").orElseThrow().lines())
          .extracting(OrderDetail.Line::warrantyEndsOn)
          .containsExactly(
              java.util.Optional.of(LocalDate.of(2029, 1, 1)),
              java.util.Optional.empty(),
              java.util.Optional.empty());
      assertThat(laoke.orders().upsert(order("SO")).outcome()).isEqualTo(Upserted.UNCHANGED);
      Order without =
          Order.of("SO", SOLD)
              .buyer(Buyer.of("C1", null, null))
              .lines(order("SO").lines().stream().map(line -> line.warrantyEndsOn(null)).toList());
      assertThat(laoke.orders().upsert(without).outcome()).isEqualTo(Upserted.CHANGED);
      assertThat(laoke.orders().find("SO").orElseThrow().lines().get(0).warrantyEndsOn()).isEmpty();
    }
  }

  /** What the migration finds in rows that were written before its columns were there. */
  @ParameterizedTest
  @EnumSource
  void whatWasRecordedBeforeIsFilledInAsItIsKept(TestServer server) {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("back-fill on " + server + ": -Dlaoke.seed=" + seed);
    Random random = new Random(seed);
    try (OrderFixture laoke = new OrderFixture(server)) {
      Histories.tell(laoke, Histories.of(random, 150));
      String odd = "a\\\"]\",:[{1";
      laoke
          .orders()
          .upsert(
              Order.of("odd", SOLD)
                  .line(OrderLine.goods(odd, "av/tv", 15, "5"))
                  .line(OrderLine.goods("1", "av/tv", 2, "5")));
      for (int unit : new int[] {1, 5, 11}) {
        laoke
            .orders()
            .advance(
                "odd",
                StageReport.of(Stage.INSTALLED, DONE.plusSeconds(unit)).units(odd, unit, 14));
      }
      laoke.orders().advance("odd", StageReport.of(Stage.INSTALLED, DONE).line(odd).units("1", 2));
      Truth.check(laoke);
      String kept = laoke.everything();
      laoke.database.write(
          "forget",
          tx -> {
            tx.update(
                    "UPDATE {customer_order} SET approved_ms = NULL, shipped_ms = NULL, delivered_ms ="
                        + " NULL, installed_ms = NULL WHERE dealer_id = 1")
                .execute();
            tx.update(
                    "UPDATE {order_line} SET plain_units = 0, installed_ms = NULL WHERE dealer_id = 1")
                .execute();
            tx.update(
                    "UPDATE {order_unit} SET counted = FALSE, installed_ms = NULL WHERE dealer_id = 1")
                .execute();
            return 0;
          });
      assertThat(laoke.everything()).isNotEqualTo(kept);
      for (int again = 0; again < 2; again++) {
        laoke.database.write(
            "fill in",
            tx -> {
              List<String> statements = fillsIn(server);
              assertThat(statements).hasSize(4);
              statements.forEach(sql -> tx.update(sql).execute());
              return 0;
            });
        assertThat(laoke.everything()).as("seed " + seed).isEqualTo(kept);
      }
    }
  }

  private static List<String> fillsIn(TestServer server) {
    String folder =
        switch (server) {
          case H2 -> "h2";
          case POSTGRESQL -> "postgresql";
          default -> "mysql";
        };
    return IntStream.rangeClosed(15, Migrations.VERSION)
        .mapToObj(version -> schema("/io/laoke/schema/%s/%03d.sql".formatted(folder, version)))
        .filter(sql -> sql.contains("ADD COLUMN") && sql.contains("plain_units"))
        .flatMap(sql -> Stream.of(sql.split(";\\R")))
        .map(sql -> sql.lines().filter(line -> !line.startsWith("--")).toList())
        .map(lines -> String.join("\n", lines).strip())
        .filter(sql -> sql.startsWith("UPDATE"))
        .toList();
  }

  private static String schema(String path) {
    try (InputStream in = UnitServicesTest.class.getResourceAsStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @ParameterizedTest
  @EnumSource
  void timesOfStagesAreThoseOfWhatLives(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(order("SO"));
      Orders orders = laoke.orders();
      orders.advance("SO", StageReport.of(Stage.DELIVERED, DONE).line("1"));
      assertThat(reached(laoke)).as("two lines wait").containsExactly(null, null, null, null);
      orders.advance("SO", StageReport.of(Stage.CANCELLED, DONE).line("3"));
      Instant later = DONE.plus(Duration.ofDays(2));
      orders.advance("SO", StageReport.of(Stage.DELIVERED, later).line("2"));
      assertThat(reached(laoke)).containsExactly(null, null, later.toEpochMilli(), null);
      orders.advance("SO", StageReport.of(Stage.SHIPPED, SOLD));
      assertThat(reached(laoke))
          .as("a late report of an earlier stage")
          .containsExactly(null, SOLD.toEpochMilli(), later.toEpochMilli(), null);
      orders.advance("SO", StageReport.of(Stage.RETURNED, later).line("2"));
      assertThat(reached(laoke))
          .containsExactly(null, SOLD.toEpochMilli(), DONE.toEpochMilli(), null);
      orders.advance("SO", StageReport.of(Stage.CANCELLED, later));
      assertThat(reached(laoke))
          .as("once nothing lives")
          .containsExactly(null, SOLD.toEpochMilli(), later.toEpochMilli(), null);
      Truth.check(laoke);
    }
  }

  private static List<Long> reached(OrderFixture laoke) {
    return laoke.database.read(
        "read",
        tx ->
            tx.query(
                    """
                    SELECT approved_ms, shipped_ms, delivered_ms, installed_ms FROM {customer_order}
                    WHERE dealer_id = 1 AND order_no = 'SO'
                    """)
                .map(
                    (row, context) -> {
                      List<Long> times = new java.util.ArrayList<>();
                      for (int column = 1; column <= 4; column++) {
                        long time = row.getLong(column);
                        times.add(row.wasNull() ? null : (Long) time);
                      }
                      return times;
                    })
                .one());
  }
}

package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.base.Upserted;
import io.laoke.error.InvalidInputException;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReturnsTest {
  private static final Instant SOLD = Instant.parse("2026-09-10T02:00:00Z");
  private static final Instant BACK = Instant.parse("2026-11-02T02:00:00Z");

  private static Order sold(String orderNo) {
    return Order.of(orderNo, SOLD)
        .buyer(Buyer.of("C1", null, null))
        .line(OrderLine.goods("1", "kitchen/hood", 3, "100.00").model("X1"))
        .line(OrderLine.goods("2", "av/tv", 1, "50"));
  }

  private static String sums(OrderFixture laoke, String category) {
    return laoke.orders().consumption(laoke.memberOf("C1")).stream()
        .filter(row -> row.category().equals(category))
        .map(
            row ->
                "%s:%d/%s/%d"
                    .formatted(
                        row.month().map(Object::toString).orElse("all"),
                        row.orders(),
                        row.quantity(),
                        row.netFen()))
        .toList()
        .toString();
  }

  @ParameterizedTest
  @EnumSource
  void netsTheNamedLineAtTheTimeOfTheSale(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(sold("SO-1"));
      ReturnNote note =
          ReturnNote.of("R-1", BACK)
              .order("SO-1")
              .line(ReturnLine.of("1", "whatever", 1, "33.33").orderLine("1"));

      assertThat(laoke.returns().record(note)).isEqualTo(Upserted.CREATED);
      String rows = laoke.everything();
      assertThat(laoke.returns().record(note)).isEqualTo(Upserted.UNCHANGED);

      assertThat(laoke.everything()).isEqualTo(rows);
      assertThat(sums(laoke, "kitchen")).isEqualTo("[all:1/2/6667, 2026-09:1/2/6667]");
      ReturnDetail found = laoke.returns().find("R-1").orElseThrow();
      assertThat(found.orderNo()).contains("SO-1");
      assertThat(found.lines().get(0).nettedLine()).contains("1");
      assertThat(laoke.orders().history("SO-1").returns()).containsExactly(found);
      assertThat(laoke.orders().find("SO-1").orElseThrow().lines().get(0).counted())
          .isEqualByComparingTo("2");
      Truth.check(laoke);

      // All of it back: the line counts no longer.
      laoke
          .returns()
          .record(
              ReturnNote.of("R-2", BACK)
                  .order("SO-1")
                  .line(ReturnLine.of("1", "kitchen/hood", 2, "66.67").model("X1")));
      assertThat(sums(laoke, "kitchen")).isEqualTo("[]");
      assertThat(sums(laoke, "")).isEqualTo("[all:1/1/5000, 2026-09:1/1/5000]");
      Truth.check(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatComesBackBeyondWhatWasSoldCountsNowhereAndIsTold(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(sold("SO-1"));
      laoke
          .returns()
          .record(
              ReturnNote.of("R-1", BACK)
                  .order("SO-1")
                  .line(ReturnLine.of("1", "kitchen/hood", 5, "120").orderLine("1")));

      assertThat(sums(laoke, "kitchen")).isEqualTo("[]");
      assertThat(sums(laoke, "")).isEqualTo("[all:1/1/5000, 2026-09:1/1/5000]");
      assertThat(laoke.orders().find("SO-1").orElseThrow().lines().get(0).counted()).isZero();
      assertThat(laoke.orders().history("SO-1").surplus())
          .containsExactly(new OrderHistory.Surplus("1", java.math.BigDecimal.valueOf(2), 2_000));
      assertThat(laoke.returns().find("R-1").orElseThrow().lines().get(0).quantity())
          .isEqualByComparingTo("5");
      Truth.check(laoke);
      assertThat(laoke.orders().recountAll(0, 10).clean()).isTrue();

      // The order's correction comes after the return.
      laoke
          .orders()
          .upsert(
              Order.of("SO-1", SOLD)
                  .buyer(Buyer.of("C1", null, null))
                  .line(OrderLine.goods("1", "kitchen/hood", 6, "200.00").model("X1")));
      assertThat(sums(laoke, "kitchen")).isEqualTo("[all:1/1/8000, 2026-09:1/1/8000]");
      assertThat(laoke.orders().history("SO-1").surplus()).isEmpty();
      Truth.check(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReturnThatNamesNoLineIsTakenOffAllLinesOfItsCode(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke
          .orders()
          .upsert(
              Order.of("SO-1", SOLD)
                  .buyer(Buyer.of("C1", null, null))
                  .line(OrderLine.goods("1", "kitchen/hood", 1, "100").model("X1"))
                  .line(OrderLine.goods("2", "kitchen/hood", 2, "150").model("X2"))
                  .line(OrderLine.goods("3", "av/tv", 1, "50")));
      laoke
          .returns()
          .record(
              ReturnNote.of("R-1", BACK)
                  .order("SO-1")
                  .line(ReturnLine.of("1", "kitchen/hood", 2, "180")));
      laoke
          .returns()
          .record(
              ReturnNote.of("R-2", BACK)
                  .order("SO-1")
                  .line(ReturnLine.of("1", "kitchen/hood", 1, "70").model("X2")));

      assertThat(sums(laoke, "kitchen")).isEqualTo("[]");
      assertThat(sums(laoke, "")).isEqualTo("[all:1/1/5000, 2026-09:1/1/5000]");
      assertThat(laoke.orders().history("SO-1").surplus()).isEmpty();
      Truth.check(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void countsAtItsOwnTimeUntilTheOrderArrives(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke
          .returns()
          .record(
              ReturnNote.of("R-1", BACK)
                  .order("SO-1")
                  .customerNo("C1")
                  .line(ReturnLine.of("1", "kitchen/hood", 1, "30"))
                  .line(ReturnLine.of("2", "service", 1, "5")));
      assertThat(sums(laoke, "kitchen")).isEqualTo("[all:0/-1/-3000, 2026-11:0/-1/-3000]");
      assertThat(laoke.orders().find("SO-1")).isEmpty();
      assertThat(laoke.orders().page(OrderQuery.all(), null, 10).orders()).isEmpty();
      Truth.check(laoke);

      assertThat(laoke.orders().upsert(sold("SO-1")).outcome()).isEqualTo(Upserted.CREATED);

      assertThat(laoke.heard).extracting(OrderFixture.Heard::flag).containsExactly(true);
      assertThat(sums(laoke, "kitchen")).isEqualTo("[all:1/2/7000, 2026-09:1/2/7000]");
      assertThat(sums(laoke, "service")).isEqualTo("[all:0/-1/-500, 2026-11:0/-1/-500]");
      Truth.check(laoke);

      // The line is taken away: the return stands for itself again.
      laoke
          .orders()
          .upsert(
              Order.of("SO-1", SOLD)
                  .buyer(Buyer.of("C1", null, null))
                  .line(OrderLine.goods("2", "av/tv", 1, "50")));
      assertThat(sums(laoke, "kitchen")).isEqualTo("[all:0/-1/-3000, 2026-11:0/-1/-3000]");
      Truth.check(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStageAndANoteAboutTheSameReturnCountOnce(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(sold("SO-1"));
      laoke.orders().advance("SO-1", StageReport.of(Stage.RETURNED, BACK).line("1"));
      assertThat(sums(laoke, "kitchen")).isEqualTo("[]");
      laoke
          .returns()
          .record(
              ReturnNote.of("R-1", BACK)
                  .order("SO-1")
                  .line(ReturnLine.of("1", "kitchen/hood", 3, "100")));
      assertThat(sums(laoke, "kitchen")).isEqualTo("[]");
      assertThat(sums(laoke, "")).isEqualTo("[all:1/1/5000, 2026-09:1/1/5000]");
      Truth.check(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sharesTheAmountAmongUnitsThatCameBackByStage(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(sold("SO-1"));
      laoke.orders().advance("SO-1", StageReport.of(Stage.RETURNED, BACK).units("1", 2));
      assertThat(sums(laoke, "kitchen")).isEqualTo("[all:1/2/6667, 2026-09:1/2/6667]");
      laoke.orders().advance("SO-1", StageReport.of(Stage.RETURNED, BACK).units("1", 3));
      assertThat(sums(laoke, "kitchen")).isEqualTo("[all:1/1/3333, 2026-09:1/1/3333]");
      Truth.check(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void appliesAChangedNoteAnewAndMovesItBetweenOrders(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(sold("SO-1"));
      laoke.orders().upsert(sold("SO-2"));
      ReturnNote note = ReturnNote.of("R-1", BACK).line(ReturnLine.of("1", "av/tv", 1, "50"));
      laoke.returns().record(note.order("SO-1"));
      assertThat(sums(laoke, "av")).isEqualTo("[all:1/1/5000, 2026-09:1/1/5000]");
      assertThat(laoke.returns().record(note.order("SO-2"))).isEqualTo(Upserted.CHANGED);
      assertThat(laoke.orders().find("SO-1").orElseThrow().lines().get(1).counted())
          .isEqualByComparingTo("1");
      assertThat(laoke.orders().find("SO-2").orElseThrow().lines().get(1).counted())
          .isEqualByComparingTo("0");
      assertThat(laoke.orders().history("SO-1").returns()).isEmpty();
      Truth.check(laoke);
      laoke.returns().record(note.customerNo("C1"));
      assertThat(sums(laoke, "av"))
          .isEqualTo("[all:2/1/5000, 2026-09:2/2/10000, 2026-11:0/-1/-5000]");
      Truth.check(laoke);
      laoke.returns().record(ReturnNote.of("R-1", BACK).customerNo("C1"));
      assertThat(sums(laoke, "av")).isEqualTo("[all:2/2/10000, 2026-09:2/2/10000]");
      laoke.returns().record(note.order("SO-9"));
      Truth.check(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void followsItsOrderToAnotherMember(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(sold("SO-1"));
      laoke
          .returns()
          .record(
              ReturnNote.of("R-1", BACK)
                  .order("SO-1")
                  .line(ReturnLine.of("1", "av/tv", 1, "50"))
                  .line(ReturnLine.of("2", "unknown", 1, "7")));
      long other = laoke.memberOf("C2");
      laoke.assign("SO-1", OptionalLong.of(other));

      assertThat(laoke.orders().consumption(laoke.memberOf("C1"))).isEmpty();
      assertThat(laoke.orders().consumption(other))
          .anySatisfy(
              row -> {
                assertThat(row.category()).isEqualTo("?");
                assertThat(row.netFen()).isEqualTo(-700);
                assertThat(row.first()).isEmpty();
              });
      Truth.check(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesWithTheHostsTransaction(TestServer server) throws SQLException {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(sold("SO-1"));
      String rows = laoke.everything();
      try (Connection host = laoke.pool.getConnection()) {
        host.setAutoCommit(false);
        laoke
            .module
            .returns(laoke.database.in(host), laoke.tenant)
            .record(
                ReturnNote.of("R-1", BACK)
                    .order("SO-1")
                    .line(ReturnLine.of("1", "av/tv", 1, "50")));
        host.rollback();
      }
      assertThat(laoke.everything()).isEqualTo(rows);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReturnAndItsOrderThatArriveTogetherAlwaysMeet(TestServer server) throws Exception {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.memberOf("C1");
      OrdersTest.together(
          16,
          n -> {
            for (int i = 0; i < 10; i++) {
              Order order = sold("SO-" + i);
              ReturnNote back =
                  ReturnNote.of("R-" + i, BACK)
                      .order("SO-" + i)
                      .customerNo("C1")
                      .line(ReturnLine.of("1", "kitchen/hood", 3, "100"));
              if (n % 2 == 0) {
                Way.repeated(() -> laoke.orders().upsert(order));
              } else {
                Way.repeated(() -> laoke.returns().record(back));
              }
            }
            return n;
          });
      assertThat(sums(laoke, "kitchen")).isEqualTo("[]");
      assertThat(sums(laoke, "")).isEqualTo("[all:10/10/50000, 2026-09:10/10/50000]");
      Truth.check(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatIsNoReturn(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      assertThatThrownBy(() -> laoke.returns().record(null))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> ReturnNote.of("R-1", BACK).line(null))
          .isInstanceOf(InvalidInputException.class);
      for (String number : List.of("", " ", "x".repeat(65), "a\u0001")) {
        assertThatThrownBy(() -> ReturnNote.of(number, BACK))
            .isInstanceOfSatisfying(
                InvalidInputException.class, e -> assertThat(e.field()).isEqualTo("noteNo"));
      }
      assertThatThrownBy(() -> ReturnNote.of("R", BACK.plus(Duration.ofDays(200_000))))
          .isInstanceOfSatisfying(
              InvalidInputException.class, e -> assertThat(e.field()).isEqualTo("returnedAt"));
      for (String quantity : List.of("0", "-1", "1000000", "0.0001")) {
        assertThatThrownBy(() -> ReturnLine.ofFen("2", "av", new BigDecimal(quantity), 1))
            .isInstanceOfSatisfying(
                InvalidInputException.class,
                e -> assertThat(e.field()).isEqualTo("lines[2].quantity"));
      }
      assertThatThrownBy(() -> ReturnLine.ofFen("2", "av", BigDecimal.ONE, -1))
          .isInstanceOfSatisfying(
              InvalidInputException.class, e -> assertThat(e.field()).isEqualTo("lines[2].netFen"));
      assertThatThrownBy(() -> ReturnLine.of("2", "av", 1, "-0.01"))
          .isInstanceOfSatisfying(
              InvalidInputException.class,
              e -> assertThat(e.field()).isEqualTo("lines[2].netYuan"));
      assertThatThrownBy(
              () ->
                  ReturnNote.of("R", BACK)
                      .line(ReturnLine.of("1", "a", 1, "1"))
                      .line(ReturnLine.of(" 1 ", "a", 1, "1")))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("twice");
    }
  }
}

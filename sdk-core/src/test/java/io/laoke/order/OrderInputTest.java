package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an order may hold. Nothing here reaches the database: an Order cannot be wrong. */
class OrderInputTest {
  private static final Instant AT = Instant.parse("2026-11-24T00:00:00Z");
  private static final OrderLine LINE = OrderLine.goods("2", "av", 1, "1");
  private static final Order ORDER = Order.of("SO-1", AT);

  private static Arguments bad(String field, Runnable call) {
    return Arguments.of(field, call);
  }

  private static Runnable goods(String quantity) {
    return () -> OrderLine.of(LineKind.GOODS, "2", "av", new BigDecimal(quantity), 0);
  }

  static Stream<Arguments> badInput() {
    String half = "a\uD83D";
    return Stream.of(
        bad("orderNo", () -> Order.of(null, AT)),
        bad("orderNo", () -> Order.of("", AT)),
        bad("orderNo", () -> Order.of(" \u3000 ", AT)),
        bad("orderNo", () -> Order.of("x".repeat(65), AT)),
        bad("orderNo", () -> Order.of("😀".repeat(65), AT)),
        bad("orderNo", () -> Order.of("a\u0000b", AT)),
        bad("orderNo", () -> Order.of("a\u001bb", AT)),
        bad("orderNo", () -> Order.of(half, AT)),
        bad("orderedAt", () -> Order.of("SO-1", null)),
        bad("orderedAt", () -> Order.of("SO-1", Instant.MAX)),
        bad("orderedAt", () -> Order.of("SO-1", Instant.MIN)),
        bad("buyer", () -> ORDER.buyer(null)),
        bad("buyer.customerNo", () -> Buyer.of("x".repeat(65), null, null)),
        bad("buyer.name", () -> Buyer.of(null, "x".repeat(101), null)),
        bad("place.street", () -> Place.of(null, "x".repeat(201), null, null)),
        bad("store", () -> ORDER.store("x".repeat(65))),
        bad("salesperson", () -> ORDER.salesperson("a\u0007")),
        bad("salesChannel", () -> ORDER.salesChannel("x".repeat(65))),
        bad("externalNumbers", () -> ORDER.externalNumber(null, "1")),
        bad("externalNumbers", () -> ORDER.externalNumber("x".repeat(33), "1")),
        bad("externalNumbers[TMALL]", () -> ORDER.externalNumber("TMALL", "1".repeat(65))),
        bad("line", () -> ORDER.line(null)),
        bad("lines", () -> ORDER.lines(null)),
        bad("lines[2].lineNo", () -> ORDER.line(LINE).line(LINE.name("other"))),
        bad(
            "lines",
            () ->
                ORDER.lines(
                    IntStream.range(0, 10_001)
                        .mapToObj(i -> OrderLine.gift("" + i, "av", 1))
                        .toList())),
        bad("lineNo", () -> OrderLine.goods(null, "av", 1, "1")),
        bad("lineNo", () -> OrderLine.goods(" ", "av", 1, "1")),
        bad("lineNo", () -> OrderLine.goods("1".repeat(33), "av", 1, "1")),
        bad("lines[2].category", () -> OrderLine.goods("2", null, 1, "1")),
        bad("lines[2].category", () -> OrderLine.goods("2", "", 1, "1")),
        bad("lines[2].category", () -> OrderLine.goods("2", "x".repeat(201), 1, "1")),
        bad("lines[2].kind", () -> OrderLine.of(null, "2", "av", BigDecimal.ONE, 1)),
        bad("lines[2].quantity", () -> OrderLine.of(LineKind.GOODS, "2", "av", null, 1)),
        bad("lines[2].quantity", goods("0")),
        bad("lines[2].quantity", goods("-1")),
        bad("lines[2].quantity", goods("1.5")),
        bad("lines[2].quantity", goods("100001")),
        bad("lines[2].quantity", goods("1000000")),
        bad("lines[2].quantity", goods("1E+999999999")),
        bad("lines[2].quantity", goods("1E-999999999")),
        bad("lines[2].quantity", () -> OrderLine.goods("2", "av", Long.MAX_VALUE, "1")),
        bad("lines[2].quantity", () -> OrderLine.gift("2", "av", 0)),
        bad("lines[2].quantity", () -> OrderLine.service("2", "av", BigDecimal.ZERO, "1")),
        bad("lines[2].quantity", () -> OrderLine.service("2", "av", new BigDecimal("0.0001"), "1")),
        bad("lines[2].netFen", () -> fen(-1)),
        bad("lines[2].netFen", () -> fen(10_000_000_000_001L)),
        bad("lines[2].netFen", () -> fen(Long.MIN_VALUE)),
        bad("lines[2].netFen", () -> fen(Long.MAX_VALUE)),
        bad("lines[2].netYuan", () -> yuan(null)),
        bad("lines[2].netYuan", () -> yuan("")),
        bad("lines[2].netYuan", () -> yuan("-1")),
        bad("lines[2].netYuan", () -> yuan("1,000.00")),
        bad("lines[2].netYuan", () -> yuan("1E3")),
        bad("lines[2].netYuan", () -> yuan("¥5")),
        bad("lines[2].netYuan", () -> yuan("1.00001")),
        bad("lines[2].netYuan", () -> yuan("100000000000.01")),
        bad("lines[2].netYuan", () -> yuan("9".repeat(65))),
        bad(
            "lines[2].netYuan",
            () -> OrderLine.goods("2", "av", 1, new BigDecimal("1E+999999999"))),
        bad("lines[2].netYuan", () -> OrderLine.goods("2", "av", 1, (BigDecimal) null)),
        bad("lines[2].name", () -> LINE.name("x".repeat(201))),
        bad("lines[2].model", () -> LINE.model("x".repeat(101))),
        bad("lines[2].brand", () -> LINE.brand("a\u0002")),
        bad("lines[2].serials", () -> LINE.serials("a", "b")),
        bad("lines[2].serials[0]", () -> LINE.serials("x".repeat(65))),
        bad("lines[2].serials", () -> OrderLine.gift("2", "av", 1).serials("a")),
        bad("countsFrom", () -> new OrderSettings(null)),
        bad("countsFrom", () -> new OrderSettings(Stage.CANCELLED)),
        bad("countsFrom", () -> new OrderSettings(Stage.EXCHANGED)),
        bad("to", () -> OrderQuery.all().orderedBetween(AT, AT)),
        bad("from", () -> OrderQuery.all().orderedBetween(Instant.MIN, AT)));
  }

  private static OrderLine fen(long fen) {
    return OrderLine.of(LineKind.GOODS, "2", "av", BigDecimal.ONE, fen);
  }

  private static OrderLine yuan(String yuan) {
    return OrderLine.goods("2", "av", 1, yuan);
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource
  void badInput(String field, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            InvalidInputException.class,
            refused -> {
              assertThat(refused.field()).isEqualTo(field);
              assertThat(refused.getMessage()).startsWith(field + ": ").hasSizeLessThan(400);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.0049, 0",
    "0.005, 1",
    "343.5000, 34350",
    "1.00500, 101",
    "2.675, 268",
    "5999.00, 599900",
    "100000000000, 10000000000000"
  })
  void roundsYuanHalfUpToFen(String yuan, long fen) {
    assertThat(yuan(yuan).netFen()).isEqualTo(fen);
    assertThat(OrderLine.goods("2", "av", 1, new BigDecimal(yuan)).netFen()).isEqualTo(fen);
    assertThat(ReturnLine.of("2", "av", 1, yuan).netFen()).isEqualTo(fen);

    BigDecimal given = new BigDecimal(yuan);
    BigDecimal half = new BigDecimal("0.5");
    OrderLine line = OrderLine.of(LineKind.SERVICE, "2", "av", half, given);
    ReturnLine back = ReturnLine.of("2", "av", half, given);
    boolean rounded = given.stripTrailingZeros().scale() > 2;
    assertThat(line.netFen()).isEqualTo(fen);
    assertThat(line.rounded()).isEqualTo(rounded);
    assertThat(back.netFen()).isEqualTo(fen);
    assertThat(back.quantity()).isEqualTo(half);
    assertThat(back.rounded()).isEqualTo(rounded);
  }

  @Test
  void stripsKeysAndKeepsWhatIsAtTheLimit() {
    Order order =
        Order.of(" SO-1\u3000", AT.plusNanos(999_999))
            .lines(List.of(OrderLine.goods(" 2 ", " av ", 100_000, "1")));

    assertThat(order.orderNo()).isEqualTo("SO-1");
    assertThat(order.orderedAt()).isEqualTo(AT);
    assertThat(order.lines().get(0).lineNo()).isEqualTo("2");
    assertThat(order.lines().get(0).category()).isEqualTo("av");
    assertThat(OrderLine.service("1", "a", new BigDecimal("0.001"), "0").quantity().toPlainString())
        .isEqualTo("0.001");
    assertThat(order.buyer(Buyer.of("C", "王芳", "13800138000")).toString())
        .doesNotContain("王芳")
        .doesNotContain("13800138000");
  }
}

package io.laoke.order;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalText;

import io.laoke.error.InvalidInputException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An order as the ERP reports it, always whole: what is not given here is taken away by the next
 * {@link Orders#upsert}. Immutable; each method gives a changed copy.
 */
public final class Order {
  private static final int MAX_LINES = 10_000;
  private static final int MAX_NUMBERS = 20;

  private final String orderNo;
  private final Instant orderedAt;
  private final Buyer buyer;
  private final @Nullable Place place;
  private final @Nullable String store;
  private final @Nullable String salesperson;
  private final @Nullable String salesChannel;
  private final SortedMap<String, String> externalNumbers;
  private final Map<String, OrderLine> lines;

  private Order(
      String orderNo,
      Instant orderedAt,
      Buyer buyer,
      @Nullable Place place,
      @Nullable String store,
      @Nullable String salesperson,
      @Nullable String salesChannel,
      SortedMap<String, String> externalNumbers,
      Map<String, OrderLine> lines) {
    this.orderNo = orderNo;
    this.orderedAt = orderedAt;
    this.buyer = buyer;
    this.place = place;
    this.store = store;
    this.salesperson = salesperson;
    this.salesChannel = salesChannel;
    this.externalNumbers = externalNumbers;
    this.lines = lines;
  }

  /**
   * An order of an unknown buyer, without lines.
   *
   * @param orderNo the ERP's number, at most 64 characters, unique for the dealer
   * @param orderedAt when it was placed, cut to milliseconds
   */
  public static Order of(String orderNo, Instant orderedAt) {
    return new Order(
        key("orderNo", orderNo, 64),
        Times.checked("orderedAt", orderedAt),
        Buyer.unknown(),
        null,
        null,
        null,
        null,
        new TreeMap<>(),
        Map.of());
  }

  /** With its buyer. */
  public Order buyer(Buyer buyer) {
    return new Order(
        orderNo,
        orderedAt,
        notNull("buyer", buyer),
        place,
        store,
        salesperson,
        salesChannel,
        externalNumbers,
        lines);
  }

  /** With where it goes; null takes it away. */
  public Order place(@Nullable Place place) {
    return new Order(
        orderNo, orderedAt, buyer, place, store, salesperson, salesChannel, externalNumbers, lines);
  }

  /** With the code of the store that sold it, at most 64 characters. */
  public Order store(@Nullable String code) {
    String given = optionalText("store", code, 64);
    return new Order(
        orderNo, orderedAt, buyer, place, given, salesperson, salesChannel, externalNumbers, lines);
  }

  /** With the staff code or name of who sold it, at most 64 characters. */
  public Order salesperson(@Nullable String salesperson) {
    String given = optionalText("salesperson", salesperson, 64);
    return new Order(
        orderNo, orderedAt, buyer, place, store, given, salesChannel, externalNumbers, lines);
  }

  /** With where it was sold 销售渠道, at most 64 characters. */
  public Order salesChannel(@Nullable String salesChannel) {
    String given = optionalText("salesChannel", salesChannel, 64);
    return new Order(
        orderNo, orderedAt, buyer, place, store, salesperson, given, externalNumbers, lines);
  }

  /**
   * With another system's number of it.
   *
   * @param system such as {@code TMALL}, at most 32 characters
   * @param number at most 64 characters; null or blank takes it away
   */
  public Order externalNumber(String system, @Nullable String number) {
    String name = key("externalNumbers", system, 32);
    String given = optionalText("externalNumbers[" + name + "]", number, 64);
    SortedMap<String, String> more = new TreeMap<>(externalNumbers);
    if (given == null) {
      more.remove(name);
    } else {
      more.put(name, given);
    }
    if (more.size() > MAX_NUMBERS) {
      throw new InvalidInputException("externalNumbers", "must be at most " + MAX_NUMBERS);
    }
    return new Order(
        orderNo, orderedAt, buyer, place, store, salesperson, salesChannel, more, lines);
  }

  /** With one more line. */
  public Order line(OrderLine line) {
    return lines(List.of(notNull("line", line)));
  }

  /** With more lines, in this order; at most 10,000 in all, each number once. */
  public Order lines(Collection<OrderLine> lines) {
    Map<String, OrderLine> more = new LinkedHashMap<>(this.lines);
    for (OrderLine line : notNull("lines", lines)) {
      if (more.put(notNull("lines[" + more.size() + "]", line).lineNo(), line) != null) {
        throw new InvalidInputException(
            OrderLine.field(line.lineNo(), "lineNo"),
            "is given twice; give each line of an order its own number");
      }
    }
    if (more.size() > MAX_LINES) {
      throw new InvalidInputException(
          "lines", "must be at most %d, are %d".formatted(MAX_LINES, more.size()));
    }
    return new Order(
        orderNo,
        orderedAt,
        buyer,
        place,
        store,
        salesperson,
        salesChannel,
        externalNumbers,
        Collections.unmodifiableMap(more));
  }

  /** The ERP's number. */
  public String orderNo() {
    return orderNo;
  }

  /** When it was placed. */
  public Instant orderedAt() {
    return orderedAt;
  }

  /** The buyer as far as is known. */
  public Buyer buyer() {
    return buyer;
  }

  /** Where it goes. */
  public Optional<Place> place() {
    return Optional.ofNullable(place);
  }

  /** The code of the store that sold it. */
  public Optional<String> store() {
    return Optional.ofNullable(store);
  }

  /** Who sold it. */
  public Optional<String> salesperson() {
    return Optional.ofNullable(salesperson);
  }

  /** Where it was sold. */
  public Optional<String> salesChannel() {
    return Optional.ofNullable(salesChannel);
  }

  /** Other systems' numbers of it, by the system's name. */
  public Map<String, String> externalNumbers() {
    return Collections.unmodifiableMap(externalNumbers);
  }

  /** The lines, in the ERP's order. */
  public List<OrderLine> lines() {
    return List.copyOf(lines.values());
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "Order[" + orderNo + ", " + lines.size() + " lines]";
  }
}

package io.laoke.order;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalText;
import static io.laoke.base.Check.text;

import io.laoke.catalog.Goods;
import io.laoke.error.InvalidInputException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of an order as the ERP gives it. Immutable; each method gives a changed copy. A refusal
 * names the line by its number, as in {@code lines[2].quantity}.
 *
 * <p>The net amount is what the customer pays for the whole line: deal price after discount, before
 * subsidy.
 */
public final class OrderLine {
  private static final BigDecimal MAX_QUANTITY = BigDecimal.valueOf(100_000);
  private static final long MAX_FEN = 10_000_000_000_000L;
  private static final Pattern PLAIN_NUMBER = Pattern.compile("-?[0-9]{1,20}(\\.[0-9]{1,20})?");

  private final LineKind kind;
  private final String lineNo;
  private final String category;
  private final BigDecimal quantity;
  private final long netFen;
  private final @Nullable String name;
  private final @Nullable String model;
  private final @Nullable String brand;
  private final List<String> serials;
  private final @Nullable LocalDate warrantyEndsOn;
  private final boolean rounded;

  private OrderLine(
      LineKind kind,
      String lineNo,
      String category,
      BigDecimal quantity,
      long netFen,
      @Nullable String name,
      @Nullable String model,
      @Nullable String brand,
      List<String> serials,
      @Nullable LocalDate warrantyEndsOn,
      boolean rounded) {
    this.kind = kind;
    this.lineNo = lineNo;
    this.category = category;
    this.quantity = quantity;
    this.netFen = netFen;
    this.name = name;
    this.model = model;
    this.brand = brand;
    this.serials = serials;
    this.warrantyEndsOn = warrantyEndsOn;
    this.rounded = rounded;
  }

  /**
   * Goods.
   *
   * @param lineNo the ERP's number of the line, at most 32 characters
   * @param category the ERP's category code, or a path such as {@code kitchen/hood}; {@code ?} if
   *     the ERP knows the product only: then its model and brand lead to the category, see {@link
   *     io.laoke.catalog.Catalog#mapProducts}
   * @param quantity pieces, 1 to 100,000
   * @param netYuan the whole line's amount in yuan: plain digits, at most 4 decimals, rounded half
   *     up to fen
   */
  public static OrderLine goods(String lineNo, String category, long quantity, String netYuan) {
    return goods(lineNo, category, quantity, yuan(field(lineNo, "netYuan"), netYuan));
  }

  /** As {@link #goods(String, String, long, String)}. */
  public static OrderLine goods(String lineNo, String category, long quantity, BigDecimal netYuan) {
    return of(LineKind.GOODS, lineNo, category, BigDecimal.valueOf(quantity), netYuan);
  }

  /** A gift 赠品 of 1 to 100,000 pieces. */
  public static OrderLine gift(String lineNo, String category, long quantity) {
    return of(LineKind.GIFT, lineNo, category, BigDecimal.valueOf(quantity), 0);
  }

  /**
   * A service 服务.
   *
   * @param quantity more than 0, at most 100,000, at most 3 decimals
   * @param netYuan as for {@link #goods(String, String, long, String)}
   */
  public static OrderLine service(
      String lineNo, String category, BigDecimal quantity, String netYuan) {
    return of(
        LineKind.SERVICE, lineNo, category, quantity, yuan(field(lineNo, "netYuan"), netYuan));
  }

  /**
   * Any line, its amount in yuan.
   *
   * @param quantity as for {@link #of(LineKind, String, String, BigDecimal, long)}
   * @param netYuan as for {@link #goods(String, String, long, String)}
   */
  public static OrderLine of(
      LineKind kind, String lineNo, String category, BigDecimal quantity, BigDecimal netYuan) {
    OrderLine line = of(kind, lineNo, category, quantity, fen(field(lineNo, "netYuan"), netYuan));
    return rounds(netYuan)
        ? new OrderLine(
            kind,
            line.lineNo,
            line.category,
            line.quantity,
            line.netFen,
            null,
            null,
            null,
            List.of(),
            null,
            true)
        : line;
  }

  /**
   * Any line.
   *
   * @param quantity whole for GOODS and GIFT, 1 to 100,000; up to 3 decimals for SERVICE
   * @param netFen the whole line's amount in fen (1 yuan = 100 fen), 0 to 10^13
   */
  public static OrderLine of(
      LineKind kind, String lineNo, String category, BigDecimal quantity, long netFen) {
    notNull(field(lineNo, "kind"), kind);
    String number = key("lineNo", lineNo, 32);
    return new OrderLine(
        kind,
        number,
        text(field(number, "category"), category, 200),
        quantity(field(number, "quantity"), quantity, kind),
        netFen(field(number, "netFen"), netFen),
        null,
        null,
        null,
        List.of(),
        null,
        false);
  }

  /** With what the customer calls it, at most 200 characters. */
  public OrderLine name(@Nullable String name) {
    String given = optionalText(field(lineNo, "name"), name, 200);
    return new OrderLine(
        kind,
        lineNo,
        category,
        quantity,
        netFen,
        given,
        model,
        brand,
        serials,
        warrantyEndsOn,
        rounded);
  }

  /** With its model, at most 100 characters. */
  public OrderLine model(@Nullable String model) {
    String given = optionalText(field(lineNo, "model"), model, 100);
    return new OrderLine(
        kind,
        lineNo,
        category,
        quantity,
        netFen,
        name,
        given,
        brand,
        serials,
        warrantyEndsOn,
        rounded);
  }

  /** With its brand, at most 100 characters. */
  public OrderLine brand(@Nullable String brand) {
    String given = optionalText(field(lineNo, "brand"), brand, 100);
    return new OrderLine(
        kind,
        lineNo,
        category,
        quantity,
        netFen,
        name,
        model,
        given,
        serials,
        warrantyEndsOn,
        rounded);
  }

  /** With the serial numbers of units 1, 2, …; see {@link #serials(Collection)}. */
  public OrderLine serials(@Nullable String... serials) {
    return serials(Arrays.asList(notNull(field(lineNo, "serials"), serials)));
  }

  /**
   * With the serial numbers of units 1, 2, …, at most 64 characters each. Null and blank stand for
   * one that is not known yet.
   */
  public OrderLine serials(Collection<@Nullable String> serials) {
    notNull(field(lineNo, "serials"), serials);
    if (kind != LineKind.GOODS && !serials.isEmpty()) {
      throw new InvalidInputException(
          field(lineNo, "serials"), "only GOODS have units with serial numbers, this is " + kind);
    }
    if (BigDecimal.valueOf(serials.size()).compareTo(quantity) > 0) {
      throw new InvalidInputException(
          field(lineNo, "serials"),
          "must be at most one for each unit, are %d for a quantity of %s"
              .formatted(serials.size(), quantity.toPlainString()));
    }
    List<String> given = new ArrayList<>();
    for (String serial : serials) {
      String known = optionalText(field(lineNo, "serials[" + given.size() + "]"), serial, 64);
      given.add(known == null ? "" : known);
    }
    return new OrderLine(
        kind,
        lineNo,
        category,
        quantity,
        netFen,
        name,
        model,
        brand,
        List.copyOf(given),
        warrantyEndsOn,
        rounded);
  }

  /**
   * With the last day of the warranty 保修 of its units.
   *
   * @param day in the years 1900 to 2299
   */
  public OrderLine warrantyEndsOn(@Nullable LocalDate day) {
    if (day != null && (day.getYear() < 1900 || day.getYear() > 2299)) {
      throw new InvalidInputException(
          field(lineNo, "warrantyEndsOn"), "must be in the years 1900 to 2299, was " + day);
    }
    return new OrderLine(
        kind, lineNo, category, quantity, netFen, name, model, brand, serials, day, rounded);
  }

  /** The ERP's number of the line. */
  public String lineNo() {
    return lineNo;
  }

  /** Goods, gift or service. */
  public LineKind kind() {
    return kind;
  }

  /** The category code or path as given. */
  public String category() {
    return category;
  }

  /** The quantity, without trailing zeros. */
  public BigDecimal quantity() {
    return quantity;
  }

  /** The whole line's amount in fen. */
  public long netFen() {
    return netFen;
  }

  /** What the customer calls it. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** The model. */
  public Optional<String> model() {
    return Optional.ofNullable(model);
  }

  /** The brand. */
  public Optional<String> brand() {
    return Optional.ofNullable(brand);
  }

  /** The serial numbers of units 1, 2, …; empty text for one that is not known. */
  public List<String> serials() {
    return serials;
  }

  /** The last day of the warranty. */
  public Optional<LocalDate> warrantyEndsOn() {
    return Optional.ofNullable(warrantyEndsOn);
  }

  /** By what it is placed in the catalogue. */
  Goods goods() {
    return new Goods(category, model, brand);
  }

  /** Whether the amount was given in parts of a fen, and so was rounded; no part of the content. */
  public boolean rounded() {
    return rounded;
  }

  @Override
  public String toString() {
    return "OrderLine[%s, %s, %s × %s]".formatted(lineNo, kind, quantity.toPlainString(), category);
  }

  /** The name of a field of a line in a refusal. */
  static String field(@Nullable String lineNo, String name) {
    return lineNo == null ? name : "lines[" + abbreviated(lineNo.strip()) + "]." + name;
  }

  private static String abbreviated(String lineNo) {
    return lineNo.length() <= 64 ? lineNo : lineNo.substring(0, 32) + "…";
  }

  static BigDecimal quantity(String field, @Nullable BigDecimal given, LineKind kind) {
    BigDecimal quantity = notNull(field, given);
    if (quantity.signum() <= 0
        || quantity.scale() > 50
        || quantity.precision() > 50
        || quantity.compareTo(MAX_QUANTITY) > 0) {
      throw new InvalidInputException(
          field,
          "must be more than 0 and at most 100,000, was "
              + shown(quantity)
              + "; a larger one goes on several lines, what comes back on a return note");
    }
    BigDecimal plain = plain(quantity);
    int decimals = kind == LineKind.SERVICE ? 3 : 0;
    if (plain.scale() > decimals) {
      throw new InvalidInputException(
          field,
          decimals == 0
              ? "must be whole for " + kind + ", was " + shown(quantity)
              : "must have at most 3 decimals, was " + shown(quantity));
    }
    return plain;
  }

  static long netFen(String field, long fen) {
    if (fen < 0 || fen > MAX_FEN) {
      throw new InvalidInputException(
          field,
          "must be between 0 and 10^13 fen, was %d; what is paid back goes on a return note"
              .formatted(fen));
    }
    return fen;
  }

  /** Yuan as fen, rounded half up. */
  static long fen(String field, @Nullable BigDecimal yuan) {
    BigDecimal given = notNull(field, yuan);
    if (given.signum() < 0
        || given.precision() > 50
        || given.scale() > 50
        || given.compareTo(BigDecimal.valueOf(MAX_FEN, 2)) > 0) {
      throw new InvalidInputException(
          field,
          "must be between 0 and 100,000,000,000 yuan, was %s; what is paid back goes on a return note"
              .formatted(shown(given)));
    }
    if (plain(given).scale() > 4) {
      throw new InvalidInputException(
          field, "must have at most 4 decimals, was " + shown(given) + "; round it first");
    }
    return given.movePointRight(2).setScale(0, RoundingMode.HALF_UP).longValueExact();
  }

  /** Whether yuan do not come to whole fen. */
  static boolean rounds(BigDecimal yuan) {
    return plain(yuan).scale() > 2;
  }

  static BigDecimal yuan(String field, @Nullable String yuan) {
    String given = text(field, yuan, 64);
    if (!PLAIN_NUMBER.matcher(given).matches()) {
      throw new InvalidInputException(
          field, "must be yuan in plain digits such as 5999.00, was '%s'".formatted(given));
    }
    return new BigDecimal(given);
  }

  /** Without trailing zeros and exponent, so that equal numbers are equal. */
  static BigDecimal plain(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  private static String shown(BigDecimal number) {
    String text = number.toString();
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}

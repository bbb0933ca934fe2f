package io.laoke.examples.shell;

import io.laoke.error.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** A row of a file, its cells by their columns and without blanks around them. */
final class Row {
  /** The SDK's names of what columns hold, where they differ. */
  private static final Map<String, String> COLUMNS =
      Map.ofEntries(
          Map.entry("orderNo", "order_no"),
          Map.entry("noteNo", "order_no"),
          Map.entry("customerNo", "customer_no"),
          Map.entry("orderedAt", "ordered_at"),
          Map.entry("returnedAt", "ordered_at"),
          Map.entry("salesChannel", "sales_channel"),
          Map.entry("street", "address"),
          Map.entry("contact", "receiver_name"),
          Map.entry("lineNo", "line_no"),
          Map.entry("netYuan", "net_amount"),
          Map.entry("netFen", "net_amount"),
          Map.entry("serials", "serial"),
          Map.entry("phones", "phone"),
          Map.entry("unitNo", "unit_no"),
          Map.entry("doneAt", "done_at"),
          Map.entry("paid", "paid_amount"),
          Map.entry("paidFen", "paid_amount"));

  private static final Set<String> PERSONAL =
      Set.of(
          "customer_no", "name", "phone", "birthday", "receiver_name", "receiver_phone", "address");

  private final Header header;
  private final CsvRows.Raw raw;

  Row(Header header, CsvRows.Raw raw) {
    this.header = header;
    this.raw = raw;
  }

  /** The column that a field of the SDK comes from. */
  static String column(String field) {
    String plain = field.replaceAll("^lines\\[.*]\\.|^place\\.|^buyer\\.|\\[.*]$|'s year$", "");
    return COLUMNS.getOrDefault(plain, plain);
  }

  /** As it is kept apart from its file. */
  CsvRows.Raw raw() {
    return raw;
  }

  long line() {
    return raw.line();
  }

  String file() {
    return header.file();
  }

  /** Where it stands, such as {@code orders.csv:17}. */
  String where() {
    return file() + ":" + line();
  }

  /** Throws if it is no row of its file. */
  Row whole() {
    if (!raw.broken().isEmpty()) {
      throw new BadCell("", raw.broken());
    }
    List<String> cells = raw.cells();
    for (int i = header.size(); i < cells.size(); i++) {
      if (!Cells.stripped(cells.get(i)).isEmpty()) {
        throw new BadCell(
            "", "has %d cells, the header has %d".formatted(cells.size(), header.size()));
      }
    }
    return this;
  }

  /** A cell; empty if the column or the cell is not there. */
  String cell(String column) {
    return cell(header.index(column));
  }

  /** A cell by the number of its column. */
  String cell(int index) {
    return index < 0 || index >= raw.cells().size() ? "" : Cells.stripped(raw.cells().get(index));
  }

  boolean has(String column) {
    return !cell(column).isEmpty();
  }

  /** A cell that must not be empty. */
  String required(String column) {
    String cell = cell(column);
    if (cell.isEmpty()) {
      throw new BadCell(column, "must not be empty");
    }
    return cell;
  }

  /** A key, which may be empty; what a spreadsheet has made a number of is none. */
  String key(String column) {
    String cell = cell(column);
    if (Cells.damaged(cell)) {
      throw new BadCell(
          column,
          "is in scientific notation: a spreadsheet took the number for an amount and lost its digits; export the column as text");
    }
    return cell;
  }

  /** A key that must not be empty. */
  String requiredKey(String column) {
    required(column);
    return key(column);
  }

  /** What the SDK makes of cells; what it refuses is told by its column. */
  static <T> T made(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (InvalidInputException bad) {
      throw new BadCell(column(bad.field()), reason(bad));
    }
  }

  /** What the SDK makes of a cell. */
  static <T> T made(String column, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (InvalidInputException bad) {
      throw new BadCell(column, reason(bad));
    }
  }

  private static String reason(InvalidInputException bad) {
    String said = String.valueOf(bad.getMessage());
    String field = bad.field() + ": ";
    return said.startsWith(field) ? said.substring(field.length()) : said;
  }

  /** What to tell of a cell of this row. */
  Problem problem(BadCell bad) {
    String cell = cell(bad.column());
    boolean personal =
        PERSONAL.contains(bad.column())
            || (file().startsWith("members.") && !MemberRows.known(bad.column()));
    return new Problem(
        file(),
        line(),
        bad.column(),
        personal ? Cells.masked(cell) : Cells.shown(cell),
        bad.reason());
  }
}

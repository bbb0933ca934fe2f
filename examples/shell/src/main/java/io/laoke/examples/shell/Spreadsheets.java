package io.laoke.examples.shell;

/** What spreadsheets make of the cells of CSV. */
final class Spreadsheets {
  /** What they calculate begins so, as in the work list's CSV. */
  private static final String FORMULA = "=+-@\t\r\n＝＋－＠";

  private Spreadsheets() {}

  /** What a spreadsheet would calculate, as text. */
  static String text(String cell) {
    return !cell.isEmpty() && FORMULA.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
  }
}

package io.laoke.examples.shell;

import io.laoke.imports.Refusal;

/**
 * A row, or a cell of it, that was refused.
 *
 * @param column empty where it is the whole row
 * @param value what stood there; of what may be personal only its length
 */
record Problem(String file, long line, String column, String value, String reason) {
  /** In the place of a column where it is the whole row. */
  static final String ROW = "(row)";

  /** What the import itself refused. */
  static Problem of(Refusal refusal) {
    String origin = refusal.origin().orElse("");
    int colon = origin.lastIndexOf(':');
    return new Problem(
        colon < 0 ? origin : origin.substring(0, colon),
        colon < 0 ? 0 : Long.parseLong(origin.substring(colon + 1)),
        refusal.field().equals(ROW) ? "" : Row.column(refusal.field()),
        refusal.value().map(Cells::shown).orElse(""),
        refusal.reason());
  }

  @Override
  public String toString() {
    return "%s:%d%s%s: %s"
        .formatted(
            file,
            line,
            column.isEmpty() ? "" : " " + column,
            value.isEmpty() ? "" : " '" + value + "'",
            reason);
  }
}

package io.laoke.examples.shell;

/** A cell that cannot be taken; caught where its row is read. */
final class BadCell extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String column;
  private final String reason;

  BadCell(String column, String reason) {
    super(column + ": " + reason, null, false, false);
    this.column = column;
    this.reason = reason;
  }

  String column() {
    return column;
  }

  String reason() {
    return reason;
  }
}

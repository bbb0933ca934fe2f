package io.laoke.segment;

/**
 * The category of a line. Whether it is below a path is asked of the dealer's few categories first,
 * so that an index leads from each of them to its lines by time, where a range of paths would lead
 * to the lines of all times. Lines that still stand where a category was before it moved are among
 * those of its code.
 */
record LinePlace(Scalar column) implements Cell {
  private static final String UNMAPPED = "?";

  @Override
  public String holds(Condition condition, Binds binds) {
    if (!(condition instanceof Condition.Under under)
        || !binds.looksArraysUp()
        || under.path().startsWith(UNMAPPED)) {
      return column.holds(condition, binds);
    }
    return """
        %s = ANY (ARRAY(
          SELECT g.path FROM {category} g WHERE g.dealer_id = :dealer AND %s
          UNION ALL SELECT g.code FROM {category_code} g WHERE g.dealer_id = :dealer AND %s))"""
        .formatted(
            column.sql(),
            Scalar.always("g.path", column.type()).holds(condition, binds),
            Scalar.always("g.code", column.type()).holds(condition, binds));
  }

  @Override
  public String fails(Condition condition, Binds binds) {
    return column.fails(condition, binds);
  }
}

package io.laoke.segment;

import io.laoke.internal.jdbc.Rows;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The category of a line. Whether it is below a path is asked of the dealer's few categories first,
 * so that an index leads from each of them to its lines by time, where a range of paths would lead
 * to the lines of all times. Lines that still stand where a category was before it moved are among
 * those of its code.
 *
 * @param known where a database has to be given the categories one by one; null if it has not
 */
record LinePlace(Scalar column, @Nullable KnownPlaces known) implements Cell {
  private static final String UNMAPPED = "?";

  @Override
  public String holds(Condition condition, Binds binds) {
    if (!(condition instanceof Condition.Under under) || under.path().startsWith(UNMAPPED)) {
      return column.holds(condition, binds);
    }
    if (binds.looksArraysUp()) {
      return lookedUp(under, binds);
    }
    Optional<List<String>> names = known == null ? Optional.empty() : known.below(under.path());
    return names
        .map(some -> column.sql() + binds.in(Rows.Type.TEXT, some))
        .orElseGet(() -> column.holds(under, binds));
  }

  private String lookedUp(Condition.Under under, Binds binds) {
    return """
        %s = ANY (ARRAY(
          SELECT g.path FROM {category} g WHERE g.dealer_id = :dealer AND %s
          UNION ALL SELECT g.code FROM {category_code} g WHERE g.dealer_id = :dealer AND %s))"""
        .formatted(
            column.sql(),
            Scalar.always("g.path", column.type()).holds(under, binds),
            Scalar.always("g.code", column.type()).holds(under, binds));
  }

  @Override
  public String fails(Condition condition, Binds binds) {
    return column.fails(condition, binds);
  }
}

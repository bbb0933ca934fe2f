package io.laoke.order;

import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.Goods;
import io.laoke.catalog.Placing;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A line as it is stored: what the ERP gave, and what it has come to. */
record LineRow(
    String lineNo,
    int index,
    LineKind kind,
    String categoryCode,
    String category,
    @Nullable String name,
    @Nullable String model,
    @Nullable String brand,
    BigDecimal quantity,
    long netFen,
    Stage stage,
    BigDecimal counted,
    long countedFen,
    Plain plain,
    @Nullable LocalDate warrantyEnds) {
  /**
   * The units without a row of their own, which are all alike.
   *
   * @param units how many of them count as bought
   */
  record Plain(int units, @Nullable Long installedMs, @Nullable Long servicedMs) {
    static final Plain NONE = new Plain(0, null, null);
  }

  /** A line as given, before anything is known of it. */
  static LineRow given(OrderLine line, int index, String category) {
    return new LineRow(
        line.lineNo(),
        index,
        line.kind(),
        line.category(),
        category,
        line.name().orElse(null),
        line.model().orElse(null),
        line.brand().orElse(null),
        line.quantity(),
        line.netFen(),
        Stage.REPORTED,
        BigDecimal.ZERO,
        0,
        Plain.NONE,
        line.warrantyEndsOn().orElse(null));
  }

  /** Whether it stands in no category. */
  boolean unmapped() {
    return category.equals(CatalogBook.UNMAPPED);
  }

  /** By what it is placed. */
  Goods goods() {
    return new Goods(categoryCode, model, brand);
  }

  /** The same where its goods stand now. */
  LineRow placed(Placing placing) {
    String now = placing.of(goods());
    return now.equals(category)
        ? this
        : new LineRow(
            lineNo,
            index,
            kind,
            categoryCode,
            now,
            name,
            model,
            brand,
            quantity,
            netFen,
            stage,
            counted,
            countedFen,
            plain,
            warrantyEnds);
  }

  LineRow in(OrderState.LineState state, Plain others) {
    return new LineRow(
        lineNo,
        index,
        kind,
        categoryCode,
        category,
        name,
        model,
        brand,
        quantity,
        netFen,
        state.stage(),
        state.counted(),
        state.countedFen(),
        others,
        warrantyEnds);
  }

  /** How many units it has; gifts and services have none. */
  int units() {
    return kind == LineKind.GOODS ? quantity.intValueExact() : 0;
  }

  OrderDetail.Line detail() {
    return new OrderDetail.Line(
        lineNo,
        kind,
        category,
        categoryCode,
        Optional.ofNullable(name),
        Optional.ofNullable(model),
        Optional.ofNullable(brand),
        quantity,
        netFen,
        stage,
        counted,
        Optional.ofNullable(warrantyEnds));
  }
}

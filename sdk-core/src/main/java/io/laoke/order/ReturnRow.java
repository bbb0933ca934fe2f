package io.laoke.order;

import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.Goods;
import io.laoke.catalog.Placing;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A line of a return note as it is stored.
 *
 * @param orderLineNo the line of the original order that the note names, if it does
 * @param noteMemberId the member that the note names
 * @param nettedLine the line that it is taken off; null while there is none
 * @param memberId whose sums it lowers at its own time while it is taken off no line
 */
record ReturnRow(
    long noteId,
    String lineNo,
    int index,
    @Nullable Long orderId,
    @Nullable String orderLineNo,
    String categoryCode,
    String category,
    @Nullable String model,
    BigDecimal quantity,
    long netFen,
    long returnedMs,
    @Nullable Long noteMemberId,
    @Nullable String nettedLine,
    @Nullable Long memberId) {

  /** The same, taken off a line, or counted for itself. */
  ReturnRow settled(@Nullable String line, @Nullable Long orderMemberId) {
    Long own = noteMemberId != null ? noteMemberId : orderMemberId;
    return new ReturnRow(
        noteId,
        lineNo,
        index,
        orderId,
        orderLineNo,
        categoryCode,
        category,
        model,
        quantity,
        netFen,
        returnedMs,
        noteMemberId,
        line,
        line == null ? own : null);
  }

  /** Whether it stands in no category. */
  boolean unmapped() {
    return category.equals(CatalogBook.UNMAPPED);
  }

  /** By what it is placed. */
  Goods goods() {
    return new Goods(categoryCode, model, null);
  }

  /** The same where its goods stand now. */
  ReturnRow placed(Placing placing) {
    String now = placing.of(goods());
    return now.equals(category)
        ? this
        : new ReturnRow(
            noteId,
            lineNo,
            index,
            orderId,
            orderLineNo,
            categoryCode,
            now,
            model,
            quantity,
            netFen,
            returnedMs,
            noteMemberId,
            nettedLine,
            memberId);
  }

  String key() {
    return noteId + ":" + lineNo;
  }
}

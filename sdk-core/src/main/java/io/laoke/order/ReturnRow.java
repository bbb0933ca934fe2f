package io.laoke.order;

import io.laoke.catalog.CatalogBook;
import java.math.BigDecimal;
import java.util.Map;
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

  /** Whether its code named no category when it was recorded. */
  boolean unmapped() {
    return category.equals(CatalogBook.UNMAPPED);
  }

  /** The same in the category that its code names now. */
  ReturnRow mapped(Map<String, String> paths) {
    return unmapped()
        ? new ReturnRow(
            noteId,
            lineNo,
            index,
            orderId,
            orderLineNo,
            categoryCode,
            paths.getOrDefault(categoryCode, category),
            model,
            quantity,
            netFen,
            returnedMs,
            noteMemberId,
            nettedLine,
            memberId)
        : this;
  }

  String key() {
    return noteId + ":" + lineNo;
  }
}

package io.laoke.order;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An order's own row.
 *
 * @param orderedMs null while only a return speaks of the order
 * @param assigned whether its member was set from above, so that the buyer no longer decides
 * @param erased whether its person was erased: nothing that names them is recorded any more
 * @param withServices whether services of its units were recorded
 * @param milestones when it reached the stages that questions ask for
 */
record OrderHead(
    long id,
    String orderNo,
    @Nullable Long orderedMs,
    @Nullable Long memberId,
    boolean assigned,
    Buyer buyer,
    @Nullable Long placeId,
    @Nullable Place place,
    @Nullable String storeCode,
    @Nullable String salesperson,
    @Nullable String salesChannel,
    Map<String, String> externalNumbers,
    Stage stage,
    @Nullable String stageText,
    @Nullable Long stageAtMs,
    int stageSeq,
    boolean withUnits,
    boolean withReturns,
    @Nullable String contentHash,
    long createdMs,
    boolean erased,
    boolean withServices,
    Milestones milestones) {
  OrderHead(
      long id,
      String orderNo,
      @Nullable Long orderedMs,
      @Nullable Long memberId,
      boolean assigned,
      Buyer buyer,
      @Nullable Long placeId,
      @Nullable Place place,
      @Nullable String storeCode,
      @Nullable String salesperson,
      @Nullable String salesChannel,
      Map<String, String> externalNumbers,
      Stage stage,
      @Nullable String stageText,
      @Nullable Long stageAtMs,
      int stageSeq,
      boolean withUnits,
      boolean withReturns,
      @Nullable String contentHash,
      long createdMs) {
    this(
        id,
        orderNo,
        orderedMs,
        memberId,
        assigned,
        buyer,
        placeId,
        place,
        storeCode,
        salesperson,
        salesChannel,
        externalNumbers,
        stage,
        stageText,
        stageAtMs,
        stageSeq,
        withUnits,
        withReturns,
        contentHash,
        createdMs,
        false,
        false,
        Milestones.NONE);
  }

  /** Whether it was reported. */
  boolean reported() {
    return orderedMs != null;
  }

  OrderHead given(
      Order order,
      @Nullable Long member,
      @Nullable Long newPlaceId,
      String hash,
      boolean erasedNow) {
    return new OrderHead(
        id,
        orderNo,
        order.orderedAt().toEpochMilli(),
        member,
        assigned,
        order.buyer(),
        newPlaceId,
        order.place().orElse(null),
        order.store().orElse(null),
        order.salesperson().orElse(null),
        order.salesChannel().orElse(null),
        order.externalNumbers(),
        stage,
        stageText,
        stageAtMs,
        stageSeq,
        withUnits,
        withReturns,
        hash,
        createdMs,
        erasedNow,
        withServices,
        milestones);
  }

  /** A head of which nothing else is known. */
  OrderHead of(@Nullable Long atMs, @Nullable Long member) {
    return new OrderHead(
        id,
        orderNo,
        atMs,
        member,
        assigned,
        buyer,
        placeId,
        place,
        storeCode,
        salesperson,
        salesChannel,
        externalNumbers,
        stage,
        stageText,
        stageAtMs,
        stageSeq,
        withUnits,
        withReturns,
        contentHash,
        createdMs);
  }

  OrderHead member(@Nullable Long member, boolean fixed) {
    return new OrderHead(
        id,
        orderNo,
        orderedMs,
        member,
        fixed,
        buyer,
        placeId,
        place,
        storeCode,
        salesperson,
        salesChannel,
        externalNumbers,
        stage,
        stageText,
        stageAtMs,
        stageSeq,
        withUnits,
        withReturns,
        contentHash,
        createdMs,
        erased,
        withServices,
        milestones);
  }

  /** With the number of its newest stage in the order of recording. */
  OrderHead seq(int seq) {
    return in(stage, stageText, stageAtMs, seq, withUnits, withReturns, withServices, milestones);
  }

  OrderHead in(
      Stage now,
      @Nullable String text,
      @Nullable Long atMs,
      int seq,
      boolean units,
      boolean back,
      boolean services,
      Milestones reached) {
    return new OrderHead(
        id,
        orderNo,
        orderedMs,
        memberId,
        assigned,
        buyer,
        placeId,
        place,
        storeCode,
        salesperson,
        salesChannel,
        externalNumbers,
        now,
        text,
        atMs,
        seq,
        units,
        back,
        contentHash,
        createdMs,
        erased,
        services,
        reached);
  }

  OrderDetail detail(List<LineRow> lines) {
    return new OrderDetail(
        id,
        orderNo,
        memberId == null ? OptionalLong.empty() : OptionalLong.of(memberId),
        buyer,
        Optional.ofNullable(place),
        Instant.ofEpochMilli(orderedMs == null ? createdMs : orderedMs),
        Optional.ofNullable(storeCode),
        Optional.ofNullable(salesperson),
        Optional.ofNullable(salesChannel),
        externalNumbers,
        stage,
        Optional.ofNullable(stageText),
        Optional.ofNullable(stageAtMs).map(Instant::ofEpochMilli),
        lines.stream().map(LineRow::detail).toList());
  }
}

package io.laoke.order;

import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Text that is equal for equal content only: each value with its length before it. */
final class Canon {
  private final StringBuilder text = new StringBuilder();

  Canon add(@Nullable String value) {
    if (value == null) {
      text.append('-');
    } else {
      text.append(value.length()).append(':').append(value);
    }
    return this;
  }

  Canon add(Optional<String> value) {
    return add(value.orElse(null));
  }

  Canon add(long value) {
    text.append('#').append(value).append(';');
    return this;
  }

  Canon add(BigDecimal value) {
    return add(OrderLine.plain(value).toPlainString());
  }

  /** The content of an order, all that counts. */
  static String of(Order order) {
    Canon canon =
        new Canon()
            .add(1)
            .add(order.orderNo())
            .add(order.orderedAt().toEpochMilli())
            .add(order.buyer().customerNo())
            .add(order.buyer().name())
            .add(order.buyer().phone())
            .add(order.place().flatMap(Place::region))
            .add(order.place().flatMap(Place::street))
            .add(order.place().flatMap(Place::contact))
            .add(order.place().flatMap(Place::phone))
            .add(order.store())
            .add(order.salesperson())
            .add(order.salesChannel())
            .add(order.externalNumbers().size());
    order.externalNumbers().forEach((system, number) -> canon.add(system).add(number));
    for (OrderLine line : order.lines()) {
      canon
          .add(line.lineNo())
          .add(line.kind().name())
          .add(line.category())
          .add(line.name())
          .add(line.model())
          .add(line.brand())
          .add(line.quantity())
          .add(line.netFen())
          .add(line.serials().size());
      line.serials().forEach(canon::add);
      // Only where it is given, so that all that was recorded before it could be is still the same.
      line.warrantyEndsOn().ifPresent(day -> canon.add("warranty").add(day.toString()));
    }
    return canon.toString();
  }

  /** The content of a return, all that counts. */
  static String of(ReturnNote note) {
    Canon canon =
        new Canon()
            .add(1)
            .add(note.noteNo())
            .add(note.returnedAt().toEpochMilli())
            .add(note.customerNo())
            .add(note.orderNo());
    for (ReturnLine line : note.lines()) {
      canon
          .add(line.lineNo())
          .add(line.category())
          .add(line.quantity())
          .add(line.netFen())
          .add(line.orderLine())
          .add(line.model());
    }
    return canon.toString();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

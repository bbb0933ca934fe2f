package io.laoke.examples.shell;

import io.laoke.imports.ImportFact.Kind;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the files hold, counted while they are read. */
final class Tally {
  private static final int SHOWN = 20;

  /** What is refused first, by the number of its fact. */
  record Numbered(long fact, Problem problem) {}

  private final Map<Kind, Long> taken = new EnumMap<>(Kind.class);
  private final Map<Kind, Long> refused = new EnumMap<>(Kind.class);
  private final List<Numbered> first = new ArrayList<>();
  private long lines;
  private long guestOrders;
  private long guestLines;
  private long returnLines;
  private long guestReturns;
  private long guestReturnLines;
  private long roundedLines;
  private BigInteger saleFen = BigInteger.ZERO;
  private BigInteger returnFen = BigInteger.ZERO;

  void member() {
    taken.merge(Kind.MEMBER, 1L, Long::sum);
  }

  void order(Order order) {
    taken.merge(Kind.ORDER, 1L, Long::sum);
    boolean guest = order.buyer().customerNo().isEmpty();
    guestOrders += guest ? 1 : 0;
    for (OrderLine line : order.lines()) {
      lines++;
      guestLines += guest ? 1 : 0;
      roundedLines += line.rounded() ? 1 : 0;
      saleFen = saleFen.add(BigInteger.valueOf(line.netFen()));
    }
  }

  void note(ReturnNote note, boolean guest) {
    taken.merge(Kind.RETURN, 1L, Long::sum);
    guestReturns += guest ? 1 : 0;
    for (ReturnLine line : note.lines()) {
      returnLines++;
      guestReturnLines += guest ? 1 : 0;
      roundedLines += line.rounded() ? 1 : 0;
      returnFen = returnFen.add(BigInteger.valueOf(line.netFen()));
    }
  }

  void stage() {
    taken.merge(Kind.STAGE, 1L, Long::sum);
  }

  void service() {
    taken.merge(Kind.SERVICE, 1L, Long::sum);
  }

  void refused(Kind kind, long fact, Problem problem) {
    refused.merge(kind, 1L, Long::sum);
    if (first.size() < SHOWN) {
      first.add(new Numbered(fact, problem));
    }
  }

  long taken(Kind kind) {
    return taken.getOrDefault(kind, 0L);
  }

  long refused(Kind kind) {
    return refused.getOrDefault(kind, 0L);
  }

  List<Numbered> first() {
    return List.copyOf(first);
  }

  long lines() {
    return lines;
  }

  long guestOrders() {
    return guestOrders;
  }

  long guestLines() {
    return guestLines;
  }

  long returnLines() {
    return returnLines;
  }

  long guestReturns() {
    return guestReturns;
  }

  long guestReturnLines() {
    return guestReturnLines;
  }

  long roundedLines() {
    return roundedLines;
  }

  BigInteger saleFen() {
    return saleFen;
  }

  BigInteger returnFen() {
    return returnFen;
  }
}

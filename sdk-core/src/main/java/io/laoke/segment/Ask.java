package io.laoke.segment;

import static io.laoke.base.Check.notNull;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * What can be asked of a value, depending on its type. On a missing value everything but {@link
 * #missing} is false, and what begins with "not" is the complement: true of missing values, too.
 */
public abstract sealed class Ask {
  private final Target target;

  private Ask(Target target) {
    this.target = target;
  }

  /** Makes the segment of what was asked. */
  interface Target {
    Segment of(Op op, Operand value);
  }

  /** What can be added up. */
  public sealed interface Summable permits Whole, Amount {}

  /** What has a least and a greatest. */
  public sealed interface Ordered permits Whole, Amount, Day, Moment {}

  /** What is one value, not a set. */
  public sealed interface Single permits Choice, Text, Tree, Whole, Amount, Flag, Day, Moment {}

  final Segment asked(Op op, Operand value) {
    return target.of(op, value);
  }

  final Segment asked(Op op, String value) {
    return asked(op, new Operand.Text(notNull("value", value)));
  }

  final Segment asked(Op op, Collection<String> values) {
    List<Operand> all = new ArrayList<>();
    notNull("values", values).forEach(one -> all.add(new Operand.Text(notNull("values", one))));
    return asked(op, new Operand.Many(all));
  }

  final Segment asked(Op op, Window window) {
    return asked(op, new Operand.Within(notNull("window", window)));
  }

  /** There is a value. */
  public final Segment exists() {
    return asked(Op.EXISTS, new Operand.None());
  }

  /** There is none. */
  public final Segment missing() {
    return asked(Op.MISSING, new Operand.None());
  }

  /**
   * One of a list.
   *
   * @param <E> the list: String, or an enum of Laoke's
   */
  public static final class Choice<E> extends Ask implements Single {
    private final Function<E, String> code;

    Choice(Target target, Function<E, String> code) {
      super(target);
      this.code = code;
    }

    /** Is this one. */
    public Segment is(E value) {
      return asked(Op.EQ, code.apply(notNull("value", value)));
    }

    /** Is not this one, or is missing. */
    public Segment isNot(E value) {
      return asked(Op.NE, code.apply(notNull("value", value)));
    }

    /** Is one of these. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final Segment in(E... values) {
      return in(Arrays.asList(notNull("values", values)));
    }

    /** Is one of these. */
    public Segment in(Collection<E> values) {
      return asked(Op.IN, codes(values));
    }

    /** Is none of these, or is missing. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final Segment notIn(E... values) {
      return notIn(Arrays.asList(notNull("values", values)));
    }

    /** Is none of these, or is missing. */
    public Segment notIn(Collection<E> values) {
      return asked(Op.NOT_IN, codes(values));
    }

    private List<String> codes(Collection<E> values) {
      return notNull("values", values).stream()
          .map(one -> code.apply(notNull("values", one)))
          .toList();
    }
  }

  /** A text; compared letter by letter, with case. */
  public static final class Text extends Ask implements Single {
    Text(Target target) {
      super(target);
    }

    /** Is this. */
    public Segment is(String value) {
      return asked(Op.EQ, value);
    }

    /** Is not this, or is missing. */
    public Segment isNot(String value) {
      return asked(Op.NE, value);
    }

    /** Is one of these. */
    public Segment in(String... values) {
      return asked(Op.IN, Arrays.asList(notNull("values", values)));
    }

    /** Is none of these, or is missing. */
    public Segment notIn(String... values) {
      return asked(Op.NOT_IN, Arrays.asList(notNull("values", values)));
    }

    /** Contains this. */
    public Segment contains(String part) {
      return asked(Op.CONTAINS, part);
    }

    /** Does not contain this, or is missing. */
    public Segment notContains(String part) {
      return asked(Op.NOT_CONTAINS, part);
    }

    /** Begins with this. */
    public Segment startsWith(String start) {
      return asked(Op.STARTS_WITH, start);
    }
  }

  /** A path in a tree, such as that of categories. */
  public static final class Tree extends Ask implements Single {
    Tree(Target target) {
      super(target);
    }

    /** Is this path or one below it. */
    public Segment under(String path) {
      return asked(Op.UNDER, path);
    }

    /** Is exactly this path, none below it. */
    public Segment is(String path) {
      return asked(Op.EQ, path);
    }

    /** Is not exactly this path, or is missing. */
    public Segment isNot(String path) {
      return asked(Op.NE, path);
    }

    /** Is exactly one of these paths. */
    public Segment in(String... paths) {
      return asked(Op.IN, Arrays.asList(notNull("paths", paths)));
    }

    /** Is exactly none of these paths, or is missing. */
    public Segment notIn(String... paths) {
      return asked(Op.NOT_IN, Arrays.asList(notNull("paths", paths)));
    }
  }

  /** A set of codes. */
  public static final class Tags extends Ask {
    Tags(Target target) {
      super(target);
    }

    /** Has one of them. */
    public Segment hasAny(String... tags) {
      return asked(Op.HAS_ANY, Arrays.asList(notNull("tags", tags)));
    }

    /** Has all of them. */
    public Segment hasAll(String... tags) {
      return asked(Op.HAS_ALL, Arrays.asList(notNull("tags", tags)));
    }

    /** Has none of them. */
    public Segment hasNone(String... tags) {
      return asked(Op.HAS_NONE, Arrays.asList(notNull("tags", tags)));
    }
  }

  /** A number. */
  public static final class Whole extends Ask implements Single, Summable, Ordered {
    Whole(Target target) {
      super(target);
    }

    private static Operand many(long... values) {
      return new Operand.Many(
          Arrays.stream(notNull("values", values))
              .mapToObj(one -> (Operand) new Operand.Whole(one))
              .toList());
    }

    /** Is this. */
    public Segment is(long value) {
      return asked(Op.EQ, new Operand.Whole(value));
    }

    /** Is not this, or is missing. */
    public Segment isNot(long value) {
      return asked(Op.NE, new Operand.Whole(value));
    }

    /** Is one of these. */
    public Segment in(long... values) {
      return asked(Op.IN, many(values));
    }

    /** Is none of these, or is missing. */
    public Segment notIn(long... values) {
      return asked(Op.NOT_IN, many(values));
    }

    /** Is this or more. */
    public Segment atLeast(long value) {
      return asked(Op.GTE, new Operand.Whole(value));
    }

    /** Is this or less. */
    public Segment atMost(long value) {
      return asked(Op.LTE, new Operand.Whole(value));
    }

    /** Is more than this. */
    public Segment moreThan(long value) {
      return asked(Op.GT, new Operand.Whole(value));
    }

    /** Is less than this. */
    public Segment lessThan(long value) {
      return asked(Op.LT, new Operand.Whole(value));
    }

    /** From the first to the second, both included. */
    public Segment between(long low, long high) {
      return asked(Op.BETWEEN, many(low, high));
    }
  }

  /** An amount of money. */
  public static final class Amount extends Ask implements Single, Summable, Ordered {
    Amount(Target target) {
      super(target);
    }

    private static Operand fen(Money money) {
      return new Operand.Whole(notNull("money", money).fen());
    }

    /** Is this. */
    public Segment is(Money money) {
      return asked(Op.EQ, fen(money));
    }

    /** Is not this, or is missing. */
    public Segment isNot(Money money) {
      return asked(Op.NE, fen(money));
    }

    /** Is this or more. */
    public Segment atLeast(Money money) {
      return asked(Op.GTE, fen(money));
    }

    /** Is this or less. */
    public Segment atMost(Money money) {
      return asked(Op.LTE, fen(money));
    }

    /** Is more than this. */
    public Segment moreThan(Money money) {
      return asked(Op.GT, fen(money));
    }

    /** Is less than this. */
    public Segment lessThan(Money money) {
      return asked(Op.LT, fen(money));
    }

    /** From the first to the second, both included. */
    public Segment between(Money low, Money high) {
      return asked(Op.BETWEEN, new Operand.Many(List.of(fen(low), fen(high))));
    }
  }

  /** Yes or no. */
  public static final class Flag extends Ask implements Single {
    Flag(Target target) {
      super(target);
    }

    /** Is this. */
    public Segment is(boolean value) {
      return asked(Op.EQ, new Operand.Flag(value));
    }

    /** Is not this, or is missing. */
    public Segment isNot(boolean value) {
      return asked(Op.NE, new Operand.Flag(value));
    }
  }

  /** A day. */
  public static final class Day extends Ask implements Single, Ordered {
    Day(Target target) {
      super(target);
    }

    private static Operand day(LocalDate day) {
      return new Operand.Text(notNull("day", day).toString());
    }

    /** Is this. */
    public Segment is(LocalDate day) {
      return asked(Op.EQ, day(day));
    }

    /** Is not this, or is missing. */
    public Segment isNot(LocalDate day) {
      return asked(Op.NE, day(day));
    }

    /** Is earlier. */
    public Segment before(LocalDate day) {
      return asked(Op.LT, day(day));
    }

    /** Is this or earlier. */
    public Segment until(LocalDate day) {
      return asked(Op.LTE, day(day));
    }

    /** Is later. */
    public Segment after(LocalDate day) {
      return asked(Op.GT, day(day));
    }

    /** Is this or later. */
    public Segment from(LocalDate day) {
      return asked(Op.GTE, day(day));
    }

    /** From the first to the second, both included. */
    public Segment between(LocalDate first, LocalDate last) {
      return asked(Op.BETWEEN, new Operand.Many(List.of(day(first), day(last))));
    }

    /** Is within a window. */
    public Segment during(Window window) {
      return asked(Op.DURING, window);
    }

    /**
     * Its month and day come round within a window; 29 February does on 28 February in common
     * years.
     */
    public Segment anniversary(Window window) {
      return asked(Op.ANNIVERSARY, window);
    }
  }

  /** A moment. */
  public static final class Moment extends Ask implements Single, Ordered {
    Moment(Target target) {
      super(target);
    }

    /** Is within a window. */
    public Segment during(Window window) {
      return asked(Op.DURING, window);
    }

    /** Is earlier. */
    public Segment before(Instant time) {
      return asked(Op.LT, notNull("time", time).toString());
    }

    /** Is then or later. */
    public Segment from(Instant time) {
      return asked(Op.GTE, notNull("time", time).toString());
    }
  }
}

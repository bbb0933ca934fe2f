package io.laoke.internal.columns;

import org.jspecify.annotations.Nullable;

/** Which lines are added up. */
public final class Scan {
  private static final Scan EVERYTHING = new Scan(new boolean[0], DaySpan.EVER, null, false);

  private final boolean[] categories;
  private final DaySpan span;
  private final @Nullable LineFilter test;
  private final boolean distinct;

  /**
   * Lines.
   *
   * @param categories by their numbers; empty for all
   * @param test what else is asked of a line; null for nothing
   * @param distinct whether the categories are told apart
   */
  public Scan(boolean[] categories, DaySpan span, @Nullable LineFilter test, boolean distinct) {
    this.categories = categories.clone();
    this.span = span;
    this.test = test;
    this.distinct = distinct;
  }

  /** All lines. */
  public static Scan everything() {
    return EVERYTHING;
  }

  /** Those of a time. */
  public static Scan of(DaySpan span) {
    return new Scan(EVERYTHING.categories, span, null, false);
  }

  /** The same with categories told apart. */
  public Scan toldApart() {
    return new Scan(categories, span, test, true);
  }

  /** Whether a line of that category may be one of them. */
  public boolean wants(int category) {
    return categories.length == 0 || (category < categories.length && categories[category]);
  }

  /** Whether all categories are asked for. */
  boolean anyCategory() {
    return categories.length == 0;
  }

  /** Their time. */
  public DaySpan span() {
    return span;
  }

  /** What else is asked of a line. */
  public @Nullable LineFilter test() {
    return test;
  }

  boolean distinct() {
    return distinct;
  }

  /** Whether all lines are asked for. */
  public boolean all() {
    return anyCategory() && span.ever() && test == null;
  }
}

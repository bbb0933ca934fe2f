package io.laoke.segment;

import static io.laoke.base.Check.notNull;

/**
 * The JSON form of segments: <code>{"v":1,"where":…}</code>, as the guide describes it.
 *
 * <p>It says what a segment is, not whether a dealer can answer it: which fields, codes and saved
 * segments there are is looked up when {@link Segments} is given it.
 */
public final class SegmentJson {
  /** Most bytes of a segment's JSON form, in UTF-8. */
  static final int MOST_BYTES = 65_536;

  private SegmentJson() {}

  /**
   * Reads. Strict: a key that does not belong there or stands twice, and a number that is not whole
   * are refused. Costs little whatever it is given: a text of more than 64 KB is not looked into,
   * and no nesting is too deep for it to refuse.
   *
   * @throws SegmentException if it is no segment, with all that is wrong with it
   */
  public static Segment read(String json) {
    return new SegmentReader(notNull("json", json)).read();
  }

  /**
   * Writes, in one line and with keys in a fixed order; {@link #read} gives an equal segment.
   *
   * @throws SegmentException if it is nested too deeply or longer than can be read
   */
  public static String write(Segment segment) {
    return SegmentWriter.document(notNull("segment", segment));
  }
}

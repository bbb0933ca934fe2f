package io.laoke.binding;

/**
 * The words of the immediate replies to scans, and to recipients who follow again. Called inside a
 * transaction: no network here.
 */
@FunctionalInterface
public interface ReplyTexts {
  /**
   * The words for an outcome.
   *
   * @return text; what is over 600 characters or 2,000 bytes in UTF-8 is cut. Blank text means no
   *     reply: the present stage is then told by a notice instead
   */
  String text(ScanOutcome.Told told);

  /** Short and friendly Chinese. */
  static ReplyTexts chinese() {
    return ChineseReplies::text;
  }
}

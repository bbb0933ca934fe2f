package io.laoke.binding;

/** The words of the immediate replies to scans. Called inside a transaction: no network here. */
@FunctionalInterface
public interface ReplyTexts {
  /**
   * The words for an outcome.
   *
   * @return text; what is over 600 characters is cut, blank text means no reply
   */
  String text(ScanOutcome.Told told);

  /** Short and friendly Chinese. */
  static ReplyTexts chinese() {
    return ChineseReplies::text;
  }
}

package io.laoke.binding;

/**
 * The words of the immediate replies to scans, to recipients who follow again, and to those who
 * claim an order. Called inside a transaction: no network here. What is over 600 characters or
 * 2,000 bytes in UTF-8 is cut; blank text means no reply.
 */
@FunctionalInterface
public interface ReplyTexts {
  /**
   * The words for an outcome.
   *
   * @return text; if it is blank, the present stage is told by a notice instead
   */
  String text(ScanOutcome.Told told);

  /** How to claim an order: to 绑定 alone, the menu's entry, and a store's permanent code. */
  default String claimHint(ClaimHint hint) {
    return ChineseReplies.claimHint(hint);
  }

  /** What a claim came to. */
  default String claimed(ClaimOutcome outcome) {
    return ChineseReplies.claimed(outcome);
  }

  /** To a scan of a store's permanent code where orders are not to be claimed. */
  default String welcome(String store) {
    return "欢迎光临" + store + "！";
  }

  /** Short and friendly Chinese. */
  static ReplyTexts chinese() {
    return ChineseReplies::text;
  }
}

package io.laoke.binding;

import io.laoke.member.ConsentAnswer;

/**
 * The words of the immediate replies to scans, to recipients who follow again, to those who claim
 * an order, and to those who refuse marketing or agree to it. Called inside a transaction: no
 * network here. What is over 600 characters or 2,000 bytes in UTF-8 is cut; blank text means no
 * reply.
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

  /**
   * To who has refused marketing by a text or a menu entry, or agreed to it: what holds now, and
   * how to change it.
   */
  default String consent(ConsentAnswer answer) {
    return ChineseReplies.consent(answer);
  }

  /** Short and friendly Chinese. */
  static ReplyTexts chinese() {
    return ChineseReplies::text;
  }
}

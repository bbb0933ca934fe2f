package io.laoke.wechat;

import java.time.Duration;
import java.util.Optional;

/**
 * Capability: how often an account may still make a call today, and the means to start anew
 * (reference, section 10). Safe for use by many threads.
 */
public interface ApiQuotas {
  /**
   * How much of a call's daily quota is left; one network call.
   *
   * @param path the call's path, such as {@code /cgi-bin/message/template/send}
   * @throws WeChatException when WeChat refuses: 76021 for a path that it does not know, 76022 for
   *     one that this account may not use
   */
  Quota of(String path);

  /**
   * Resets one call's counters. WeChat allows 50 of these a month. One network call, made once.
   *
   * @throws WeChatException when WeChat refuses (48006: used up) or cannot be reached; after a
   *     time-out or a reset it may have been counted
   */
  void clear(String path);

  /**
   * Resets the counters of all calls. WeChat allows 10 of these a month, together with those made
   * in the console. One network call, made once: nothing of Laoke's ever calls this by itself.
   *
   * @throws WeChatException as {@link #clear}
   */
  void clearAll();

  /**
   * A call's quota.
   *
   * @param dailyLimit how often a day
   * @param used how often today
   * @param remaining how often still
   * @param rate the limit within a shorter time, if WeChat tells one
   */
  record Quota(long dailyLimit, long used, long remaining, Optional<Rate> rate) {}

  /**
   * A limit within a shorter time.
   *
   * @param calls how often
   * @param within in this time
   */
  record Rate(long calls, Duration within) {}
}

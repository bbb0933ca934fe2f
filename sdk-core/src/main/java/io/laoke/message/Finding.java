package io.laoke.message;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;

/**
 * One thing that a {@link Checkup} found, good or bad, in English and Chinese. It holds no secret,
 * no token and nobody's identity.
 *
 * @param account the account's key; empty if it is about the dealer as a whole
 * @param severity how bad it is
 * @param code short and stable, for programs, such as {@code IP_WHITELIST} or {@code TEMPLATES}
 * @param what what was found
 * @param why how that is known, or what it leads to
 * @param advice what to do; empty where there is nothing to do
 */
public record Finding(
    String account, Severity severity, String code, Words what, Words why, Words advice) {
  /** Checks. */
  public Finding {
    notNull("account", account);
    notNull("severity", severity);
    code = Check.text("code", code, 64);
    notNull("what", what);
    notNull("why", why);
    notNull("advice", advice);
  }

  /** How bad a finding is; the later, the worse. */
  public enum Severity {
    /** As it should be. */
    FINE,
    /** Worth knowing, such as what no program can read. */
    NOTE,
    /** Works for now, or in part. */
    WARNING,
    /** Something does not work until it is set right. */
    ERROR
  }

  /**
   * The same in two languages.
   *
   * @param en in English
   * @param zh in Chinese
   */
  public record Words(String en, String zh) {
    /** Nothing to say. */
    public static final Words NONE = new Words("", "");

    /** Checks. */
    public Words {
      notNull("en", en);
      notNull("zh", zh);
    }
  }

  /** In one line of English. */
  public String english() {
    return line(what.en(), why.en(), advice.en());
  }

  /** In one line of Chinese. */
  public String chinese() {
    return line(what.zh(), why.zh(), advice.zh());
  }

  private String line(String what, String why, String advice) {
    StringBuilder line = new StringBuilder(severity + " " + code);
    if (!account.isEmpty()) {
      line.append(" [").append(account).append(']');
    }
    line.append(": ").append(what);
    if (!why.isEmpty()) {
      line.append(' ').append(why);
    }
    return advice.isEmpty() ? line.toString() : line.append(" → ").append(advice).toString();
  }
}

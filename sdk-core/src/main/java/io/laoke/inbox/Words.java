package io.laoke.inbox;

import io.laoke.message.Reason;
import java.util.Map;
import java.util.regex.Pattern;

/** What is said about rows. */
final class Words {
  private static final Pattern LONG_NUMBER = Pattern.compile("[0-9]{7,}");
  private static final int MOST_SHOWN = 60;

  private Words() {}

  private record Advice(String english, String chinese) {}

  private static final Advice CORRECT =
      new Advice(
          "Correct the row with inbox().correct(id, json), or insert a correct one and drop this.",
          "请用 inbox().correct(id, json) 更正该行，或重新插入正确的行并放弃（drop）此行。");
  private static final Map<String, Advice> ADVICE =
      Map.of(
          "WRONG_ROW",
          new Advice("Insert a correct row and drop this.", "请重新插入正确的行，并放弃（drop）此行。"),
          "CONFLICT",
          new Advice(
              "Remove the cause and retry the row, or drop it.", "请排除原因后重试（retry），或放弃（drop）此行。"),
          "FAILED",
          new Advice(
              "Look into the log of the engine for the cause, then retry the row.",
              "请查看日志找出原因，然后重试（retry）此行。"),
          "ORDER_UNKNOWN",
          new Advice(
              "Report the order: once it is known, the row is applied by itself. Or correct or drop"
                  + " the row.",
              "请上报该订单（或该明细），之后此行会自动处理；也可更正或放弃此行。"),
          "DEALER_UNKNOWN",
          new Advice(
              "Register the dealer, or correct the column dealer of the rows with an UPDATE.",
              "请登记该经销商，或用 UPDATE 更正这些行的 dealer 列。"),
          "BUSY",
          new Advice("Nothing: it is tried again by itself.", "无需处理，系统会自动重试。"),
          "FAILING",
          new Advice("Nothing yet: it is tried again by itself some times.", "暂无需处理，系统会再自动重试几次。"),
          "REPLACED",
          new Advice("", ""),
          "DROPPED",
          new Advice("", ""),
          "ERASED",
          new Advice("", ""));

  /** Text from outside that may be shown: short, in one line, and without what may be a phone. */
  static String shown(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(MOST_SHOWN)
        .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? ' ' : c)
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '?' : c)
        .forEach(line::appendCodePoint);
    String cut = text.codePointCount(0, text.length()) > MOST_SHOWN ? line + "…" : line.toString();
    return LONG_NUMBER.matcher(cut).replaceAll("***");
  }

  /** At most that many characters of the database. */
  static String cut(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  static Reason reason(String code, String text) {
    Advice advice = ADVICE.getOrDefault(code, CORRECT);
    return new Reason(code, text, advice.english(), advice.chinese());
  }
}

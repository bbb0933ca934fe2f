package io.laoke.push;

import io.laoke.message.Reason;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why WeChat ended a job that reached nobody, and what a batch waits for there. */
final class JobReasons {
  /** WeChat's administrator refused. */
  static final String REFUSED = "err(40001)";

  /** WeChat's administrator did not answer. */
  static final String SILENT = "err(40002)";

  /** WeChat names no cause. */
  static final String FAILED = "SEND_FAIL";

  /** Nothing was heard of what the administrator was asked. */
  static final String NO_WORD = "NO_WORD";

  private static final Pattern NUMBERED = Pattern.compile("err\\([0-9]{1,9}\\)");
  private static final String REWORD =
      "Reword the content, save the plan under another key and send it to these followers, or appeal in the account's console.";
  private static final String REWORD_ZH = "请修改内容，另存计划后向这些粉丝重新群发；有异议可在公众号后台申诉。";

  private static final Map<String, Reason> BY_CODE =
      Stream.of(
              judged(10001, "advertising", "广告"),
              judged(20001, "politics", "政治"),
              judged(20002, "pornography", "色情"),
              judged(20004, "a social matter", "社会问题"),
              judged(20006, "a crime", "违法犯罪"),
              judged(20008, "fraud", "欺诈"),
              judged(20013, "a violation of copyright", "侵犯版权"),
              judged(21000, "a violation of another rule", "其他违规"),
              judged(22000, "mutual promotion of accounts", "互推（互相宣传）"),
              new Reason(
                  "err(30001)",
                  "WeChat's check of originals failed, and reprints were not to be sent.",
                  "Send to these followers again later, by another plan.",
                  "微信原创校验出现系统错误，本批未发送；请稍后另建计划重新群发。"),
              new Reason(
                  "err(30002)",
                  "The article is another's original that must not be reprinted.",
                  "Write one of your own, and send it by another plan.",
                  "原创校验判定该文章禁止转载；请改用自己的内容，另建计划群发。"),
              new Reason(
                  "err(30003)",
                  "WeChat takes the article for a reprint, and reprints were not to be sent.",
                  "Write one of your own, and send it by another plan.",
                  "文章被判定为转载，本批未发送；请改用自己的内容，另建计划群发。"),
              new Reason(
                  REFUSED,
                  "The account's administrator refused the mass message in WeChat.",
                  "Agree on it, then resume the plan: it makes the batches that are left.",
                  "公众号管理员拒绝了本次群发；请沟通后继续计划，将发送其余批次。"),
              new Reason(
                  SILENT,
                  "The account's administrator did not confirm the mass message within 30 minutes.",
                  "Resume the plan when the administrator is there: it makes the batches that are left.",
                  "公众号管理员30分钟内未确认本次群发；请在管理员在场时继续计划，将发送其余批次。"),
              new Reason(
                  FAILED,
                  "WeChat ended the mass message without reaching anybody, and gives no cause.",
                  "Look at the account's notices in WeChat's console, then send by another plan.",
                  "微信群发失败且未说明原因；请查看公众号后台通知，再另建计划群发。"),
              new Reason(
                  NO_WORD,
                  "WeChat asked the account's administrator and has not told the end.",
                  "Look in WeChat's console whether it was sent; it counts as sent. Then resume the plan.",
                  "微信已请管理员确认，但未告知结果；请在公众号后台查看是否发出（暂按已发出计数），再继续计划。"),
              new Reason(
                  "89504",
                  "WeChat asks the account's administrator to confirm the mass message.",
                  "Confirm it in WeChat within 30 minutes; the plan then goes on by itself.",
                  "微信请公众号管理员确认本次群发；请在30分钟内在微信中确认，计划将自动继续。"),
              new Reason(
                  "89505",
                  "WeChat still waits for the account's administrator to confirm the mass message.",
                  "Confirm it in WeChat; the plan then goes on by itself.",
                  "微信仍在等待公众号管理员确认本次群发；请在微信中确认，计划将自动继续。"))
          .collect(Collectors.toUnmodifiableMap(Reason::code, Function.identity()));

  private JobReasons() {}

  private static Reason judged(int number, String what, String zh) {
    return new Reason(
        "err(" + number + ")",
        "WeChat sees " + what + " in the content, and sent it to nobody.",
        REWORD,
        "微信判定内容涉嫌" + zh + "，本批未发送。" + REWORD_ZH);
  }

  /** The code of WeChat's words of a failure. */
  static String code(String words) {
    String plain = words.toLowerCase(Locale.ROOT).replaceAll("\\s+", "");
    return NUMBERED.matcher(plain).matches() ? plain : FAILED;
  }

  /** Whether a failure is the administrator's, after which nobody is to be asked by itself. */
  static boolean ofAdministrator(String code) {
    return code.equals(REFUSED) || code.equals(SILENT);
  }

  /** What a code means; empty for none of a job. */
  static Optional<Reason> of(String code) {
    Reason known = BY_CODE.get(code);
    if (known == null && NUMBERED.matcher(code).matches()) {
      return Optional.of(
          new Reason(
              code,
              "WeChat ended the mass message with %s, which it does not document; it was sent to nobody."
                  .formatted(code),
              "Look at the account's notices in WeChat's console, then send by another plan.",
              "微信以%s结束了本次群发（含义未公布），视为未发送；请查看公众号后台通知，再另建计划群发。".formatted(code)));
    }
    return Optional.ofNullable(known);
  }
}

package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import io.laoke.message.Reason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What WeChat reports when a mass message is about to end ({@code MASSSENDJOBFINISH}; reference,
 * section 3.7). Laoke's engine is told as {@link io.laoke.message.Inbound.JobReported}; this holds
 * all of it, for a host's own handling: {@link WeChatEvent#massReport()}. A report may be lost,
 * then {@link MassMessages#state} tells how the job stands, and may come twice: {@code msgId} is
 * the same.
 *
 * <p>Counts are WeChat's and approximate, and say nothing of a single person. Also of a job that
 * succeeded some may not have got it: {@code total - filtered} were left out, as for a fifth
 * message in a month, {@code failed} were tried in vain.
 *
 * @param msgId the job, as {@link MassOutcome.Accepted} named it
 * @param end how it ended
 * @param status WeChat's own words, such as {@code send success} or {@code err(20013)}
 * @param total how many are in the list or carry the tag
 * @param filtered how many were left after WeChat's filters
 * @param sent how many it was delivered to
 * @param failed how many it was not
 * @param articles of each article, in order; empty for other content
 * @param copyright what WeChat's check of originals found of the whole; articles only
 */
public record MassReport(
    long msgId,
    End end,
    String status,
    int total,
    int filtered,
    int sent,
    int failed,
    List<Article> articles,
    Optional<Copyright> copyright) {
  /** Copies. */
  public MassReport {
    notNull("end", end);
    notNull("status", status);
    articles = List.copyOf(articles);
    notNull("copyright", copyright);
  }

  /** Whether the job as a whole succeeded; then its draft is gone. */
  public boolean succeeded() {
    return end == End.SUCCEEDED;
  }

  /** Why it did not succeed and what to do, in English and Chinese; empty if it did. */
  public Optional<Reason> reason() {
    return succeeded()
        ? Optional.empty()
        : Optional.of(
            new Reason(
                end.name(),
                "WeChat ended the mass message with: " + status,
                end.advice,
                end.adviceZh));
  }

  /** How a job ended. */
  public enum End {
    /** {@code send success}. */
    SUCCEEDED(0, "", ""),
    /** {@code send fail}, without a cause. */
    FAILED(
        0,
        "WeChat gives no cause. Look at the account's notices, then send anew under another"
            + " clientMsgId.",
        "微信未说明原因，请查看公众号后台通知，再用新的clientmsgid重新群发。"),
    /** {@code err(10001)}. */
    ADVERTISING(
        10001,
        "WeChat takes the content for advertising. Reword the article before it is sent anew.",
        "微信判定内容涉嫌广告，请修改图文后重新群发。"),
    /** {@code err(20001)}. */
    POLITICS(20001, Rule.EN, "微信判定内容涉嫌政治，请修改图文后重新群发，有异议可在公众号后台申诉。"),
    /** {@code err(20002)}. */
    PORNOGRAPHY(20002, Rule.EN, "微信判定内容涉嫌色情，请修改图文后重新群发，有异议可在公众号后台申诉。"),
    /** {@code err(20004)}. */
    SOCIAL(20004, Rule.EN, "微信判定内容涉嫌社会问题，请修改图文后重新群发，有异议可在公众号后台申诉。"),
    /** {@code err(20006)}. */
    CRIME(20006, Rule.EN, "微信判定内容涉嫌违法犯罪，请修改图文后重新群发，有异议可在公众号后台申诉。"),
    /** {@code err(20008)}. */
    FRAUD(20008, Rule.EN, "微信判定内容涉嫌欺诈，请修改图文后重新群发，有异议可在公众号后台申诉。"),
    /** {@code err(20013)}. */
    COPYRIGHT(
        20013,
        "WeChat sees another's copyright violated. Take out what is not the dealer's own.",
        "微信判定内容涉嫌侵犯版权，请删去非原创内容后重新群发。"),
    /** {@code err(21000)}. */
    OTHER_RULE(21000, Rule.EN, "微信判定内容涉嫌其他违规，请修改图文后重新群发，有异议可在公众号后台申诉。"),
    /** {@code err(22000)}. */
    MUTUAL_PROMOTION(
        22000,
        "WeChat takes the content for mutual promotion of accounts. Take out other accounts.",
        "微信判定涉嫌互推（互相宣传），请删去其他公众号的推广后重新群发。"),
    /** {@code err(30001)}. */
    ORIGINAL_CHECK_BROKEN(
        30001,
        "The check of originals failed, and reprints are not to be sent. Send anew later.",
        "原创校验出现系统错误，且设置了被判定为转载时停止群发，请稍后重新群发。"),
    /** {@code err(30002)}. */
    REPRINT_FORBIDDEN(
        30002,
        "The article is another's original that must not be reprinted. Write one of your own.",
        "原创校验判定该文章禁止转载，请改用自己的内容。"),
    /** {@code err(30003)}. */
    REPRINT_NOT_WANTED(
        30003,
        "The article is a reprint that its author permits. Send it with sendReprint, or write one"
            + " of your own.",
        "文章被判定为转载且允许转载，如需发送请开启 sendReprint，或改用自己的内容。"),
    /** {@code err(40001)}. */
    ADMINISTRATOR_REFUSED(
        40001,
        "The account's administrator refused the mass message. Agree on it, then send anew.",
        "公众号管理员拒绝了本次群发，请沟通后重新群发。"),
    /** {@code err(40002)}. */
    ADMINISTRATOR_SILENT(
        40002,
        "The account's administrator did not confirm within 30 minutes. Send anew when there.",
        "公众号管理员30分钟内未确认，请联系管理员后重新群发。"),
    /** Any other words: it failed. */
    UNKNOWN(
        0,
        "WeChat documents no such end; take it as failed, and look at the account's notices.",
        "微信未公布该状态的含义，请视为群发失败，并查看公众号后台通知。");

    private final int code;
    private final String advice;
    private final String adviceZh;

    End(int code, String advice, String adviceZh) {
      this.code = code;
      this.advice = advice;
      this.adviceZh = adviceZh;
    }

    /** WeChat's number for it; 0 if it has none. */
    public int code() {
      return code;
    }

    /** What such words mean, however they are spaced. */
    static End of(String status) {
      String plain = status.toLowerCase(Locale.ROOT).replaceAll("\\s+", "");
      if (plain.equals("sendsuccess")) {
        return SUCCEEDED;
      }
      if (plain.equals("sendfail")) {
        return FAILED;
      }
      for (End end : values()) {
        if (end.code != 0 && plain.equals("err(" + end.code + ")")) {
          return end;
        }
      }
      return UNKNOWN;
    }

    private static final class Rule {
      static final String EN =
          "WeChat sees a rule for contents violated. Reword the article before it is sent anew, or"
              + " appeal in the account's console.";
    }
  }

  /** What the check of originals found of all articles together. */
  public enum Copyright {
    /** 1: no reprint; it may be sent. */
    ORIGINAL,
    /** 2: a reprint that may be sent. */
    REPRINT_PERMITTED,
    /** 3: a reprint that may not be sent. */
    REPRINT_FORBIDDEN,
    /** Another number that is not known here. */
    OTHER
  }

  /**
   * One article of the send.
   *
   * @param index which, from 1
   * @param url where it is read; it can be deleted by this
   * @param check what the check of originals found of it
   */
  public record Article(int index, Optional<String> url, Optional<Check> check) {}

  /**
   * What WeChat's check of originals says of an article. The numbers are WeChat's own, which are
   * not documented further.
   *
   * @param declared {@code UserDeclareState}: what the account declared
   * @param audit {@code AuditState}: what the system found
   * @param originalUrl where the original is, if it is another's
   * @param originalType {@code OriginalArticleType}
   * @param canReprint whether it may be reprinted
   * @param mustReplaceContent whether the reprint must have the original's content
   * @param mustShowSource whether the reprint must name its source
   */
  public record Check(
      int declared,
      int audit,
      Optional<String> originalUrl,
      int originalType,
      boolean canReprint,
      boolean mustReplaceContent,
      boolean mustShowSource) {}
}

package io.laoke.sms;

import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a text message was not sent, with what to do. */
final class SmsReasons {
  private SmsReasons() {}

  /** Why a template may not be sent by a provider; empty if it may. */
  static Optional<SendOutcome> refused(
      @Nullable SmsTemplate template, String key, String provider, Purpose purpose) {
    if (template == null) {
      return wrong(
          "NO_SMS_TEMPLATE",
          "The dealer has no SMS template %s.".formatted(key),
          "Put it with sms().templates().put(…); what was held is sent then.",
          "短信模板库中没有该模板，请先登记，登记后自动继续发送。");
    }
    if (!SmsChannel.carries(template.purpose(), purpose)) {
      return Optional.of(
          new SendOutcome.Refused(
              new Reason(
                  "SMS_PURPOSE",
                  "The SMS template %s is approved for %s and cannot carry a message of purpose %s."
                      .formatted(key, template.purpose(), purpose),
                  "Send offers in a template approved for promotions, and everything else in one for notices.",
                  "短信模板的用途与消息用途不符：营销内容须使用推广类模板，其他内容须使用通知类模板。"),
              false,
              true));
    }
    SmsApproval approval = template.approvals().get(provider);
    if (approval == null || approval.state() != SmsApproval.State.APPROVED) {
      return wrong(
          "SMS_TEMPLATE_NOT_APPROVED",
          "The SMS template %s is %s at %s."
              .formatted(key, approval == null ? "unknown" : approval.state(), provider),
          "Have the provider approve it, then note that with sms().templates().state(…); what was held is sent then.",
          "该短信模板尚未在服务商处审核通过，请在审核通过后更新模板状态，届时自动继续发送。");
    }
    return Optional.empty();
  }

  private static Optional<SendOutcome> wrong(
      String code, String text, String advice, String adviceZh) {
    return Optional.of(
        new SendOutcome.Misconfigured(
            SendOutcome.Scope.TEMPLATE, new Reason(code, text, advice, adviceZh)));
  }

  static Reason unfit(String key, String what) {
    return new Reason(
        "SMS_VALUES",
        "The values do not fit the SMS template %s: %s.".formatted(key, what),
        "Correct what gives the value, or give it a fallback that fits.",
        "短信变量不符合模板要求，请修正变量内容或设置备用值。");
  }

  static Reason noNumber() {
    return new Reason(
        "NO_NUMBER",
        "The recipient's address is no phone number.",
        "Correct the customer's phone.",
        "接收人的手机号无效，请更正客户手机号。");
  }

  /** A provider's refusal. */
  static Reason of(SmsError error) {
    String advice;
    String adviceZh;
    switch (error.kind()) {
      case RETRY -> {
        advice = "";
        adviceZh = "";
      }
      case WAIT -> {
        advice =
            "It waits until the limit's time is over; raise the limit in the provider's console if it is too low.";
        adviceZh = "触发服务商频率限制，到期后自动重试；如限额过低请在服务商控制台调整。";
      }
      case TIME -> {
        advice = "It waits for the hours in which promotions may be sent.";
        adviceZh = "当前时段不允许发送推广短信，将在允许时段自动发送。";
      }
      case NUMBER -> {
        advice = "Correct the customer's phone.";
        adviceZh = "手机号无效，请更正客户手机号。";
      }
      case OPT_OUT -> {
        advice =
            "Respect it; promotions to this number are stopped. Reach the customer otherwise if it matters.";
        adviceZh = "该号码已拒收，推广短信已停发；如有必要请用其他方式联系客户。";
      }
      case TEMPLATE, REGION -> {
        advice =
            "Compare template, signature and variables with the provider's console, correct them, then resume.";
        adviceZh = "请核对短信模板、签名和变量与服务商控制台是否一致，修正后恢复发送。";
      }
      case CONTENT -> {
        advice = "Change the words; the provider never sends these.";
        adviceZh = "短信内容被服务商拒绝，请修改内容。";
      }
      case MONEY -> {
        advice = "Top the account up at the provider, then resume.";
        adviceZh = "短信账户余额不足或已停服，请充值后恢复发送。";
      }
      case ACCESS -> {
        advice =
            "Check key, secret, permissions and allowed addresses at the provider, then resume.";
        adviceZh = "请检查短信服务的密钥、权限和 IP 白名单，修正后恢复发送。";
      }
      default -> {
        advice = "";
        adviceZh = "";
      }
    }
    return new Reason(error.code(), error.message(), advice, adviceZh);
  }
}

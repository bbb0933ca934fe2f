package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.binding.Bindings;
import io.laoke.reminder.ReminderSettings;
import io.laoke.sms.AliyunSms;
import io.laoke.sms.SmsPurpose;
import io.laoke.sms.SmsTemplate;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** 短信模板: the text messages that the provider has approved. */
@Component
class SmsTexts {
  static final String CODE = "您的验证码是${code}，5分钟内有效，用来查看您的订单，请不要告诉别人。";
  static final String DIGEST = "今天的服务提醒：待跟进${due}项，逾期${overdue}项，已预约${booked}项，请到销售系统处理。";

  /** Carriers refuse addresses in variables, so that of the answer page is part of the words. */
  private static final String CARE =
      "您购买的${items}该做${service}了，到期日${due}。预约上门请点 %s/s/${answer} ，也可等${dealer}来电。";

  private final Dealer dealer;
  private final String webAddress;
  private final String care;
  private final String code;
  private final String digest;

  SmsTexts(
      Laoke laoke,
      @Value("${laoke.dealers.hengxin.web-address}") String webAddress,
      @Value("${erp.sms.care-template}") String care,
      @Value("${erp.sms.code-template}") String code,
      @Value("${erp.sms.digest-template}") String digest) {
    this.dealer = laoke.dealer("hengxin");
    this.webAddress = webAddress;
    this.care = care;
    this.code = code;
    this.digest = digest;
  }

  /** What customers are told of a service, with the address of their pages. */
  static String care(String webAddress) {
    return CARE.formatted(webAddress);
  }

  /** Laoke: what may be sent, once when the ERP starts. */
  void register() {
    register(
        SmsTemplate.of(ReminderSettings.SMS_TEMPLATE, SmsPurpose.NOTICE, care(webAddress))
            .with("items", 20)
            .with("service", 12)
            .with("due", 6)
            .with("answer", 35)
            .with("dealer", 10),
        care);
    register(
        SmsTemplate.of(Bindings.CODE_SMS_TEMPLATE, SmsPurpose.OTP, CODE).with("code", 6), code);
    register(
        SmsTemplate.of(ReminderSettings.DIGEST_SMS_TEMPLATE, SmsPurpose.NOTICE, DIGEST)
            .with("due", 6)
            .with("overdue", 6)
            .with("booked", 6),
        digest);
  }

  private void register(SmsTemplate.Draft draft, String approved) {
    dealer.sms().templates().put(draft.approved(AliyunSms.PROVIDER, approved).build());
  }
}

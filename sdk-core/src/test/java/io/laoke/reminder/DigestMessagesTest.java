package io.laoke.reminder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.DealerSettings;
import io.laoke.catalog.Catalog;
import io.laoke.catalog.Staff;
import io.laoke.catalog.Staff.DigestBy;
import io.laoke.error.InvalidInputException;
import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.Inbound;
import io.laoke.notice.NoticeTemplate;
import io.laoke.sms.SmsPurpose;
import io.laoke.sms.SmsTemplate;
import io.laoke.testing.TestServer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A host can ask whether what staff had to do on a day has reached them. */
class DigestMessagesTest {
  private static final String LI = "13900000001";
  private static final String WANG = "13900000002";

  private static Instant when(LocalDate day, int hour) {
    return day.atTime(hour, 0).atZone(ReminderFixture.ZONE).toInstant();
  }

  /** Tasks of li, wang, zhao and chen, who are told by text, WeChat, not at all, and nowhere. */
  private static LocalDate staffed(ReminderFixture laoke) {
    LocalDate due = laoke.due(4);
    laoke.engine(DealerSettings.defaults()); // has not looked for templates yet
    String[] staff = {"li", "wang", "zhao", "chen"};
    for (int i = 0; i < staff.length; i++) {
      laoke.work().reassign(laoke.task("SO-" + (i + 1)), null, staff[i], "boss");
    }
    Catalog catalog = laoke.dealer().catalog();
    catalog.put(Staff.of("li", "李").withPhone(LI));
    catalog.put(Staff.of("wang", "王").withPhone(WANG).withDigestBy(DigestBy.WECHAT));
    catalog.put(Staff.of("zhao", "赵").withPhone("13900000003").withDigestBy(DigestBy.NONE));
    catalog.put(Staff.of("chen", "陈"));
    catalog.linkStaff("wang", "wx1", "o-wang");
    laoke
        .dealer()
        .sms()
        .templates()
        .put(
            SmsTemplate.of(ReminderSettings.DIGEST_SMS_TEMPLATE, SmsPurpose.NOTICE, "待跟进${due}。")
                .with("due", 6)
                .approved("aliyun", "SMS_9")
                .build());
    laoke
        .dealer()
        .notices()
        .digestTemplate(NoticeTemplate.of("T-DIGEST").field("number1", "{digest.due}"));
    return due;
  }

  /** What the provider tells of the last text message. */
  private static void reports(ReminderFixture laoke, Instant at, Inbound.Delivery delivery) {
    int sent = laoke.sms.sent().size();
    laoke
        .engine(0)
        .receive(
            "sms1",
            new Inbound.SmsReport(
                "sms:p" + sent,
                at,
                LI,
                "p" + sent,
                laoke.sms.sent().get(sent - 1).id(),
                delivery,
                "X"));
    laoke.engine(1).tick(at);
  }

  @ParameterizedTest
  @EnumSource
  void byWhatEachWasToldAndWhetherItArrived(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      LocalDate due = staffed(laoke);
      Reminders reminders = laoke.dealer().reminders();
      assertThat(reminders.digestMessages(due)).as("before it is time").isEmpty();

      laoke.engine(1).tick(when(due, 9));

      Map<String, Decision> told = reminders.digestMessages(due);
      assertThat(told)
          .as("zhao wants none, chen has no phone")
          .containsOnlyKeys("li", "wang")
          .allSatisfy((code, one) -> assertThat(one.result()).isEqualTo(Decision.Result.SENT))
          .allSatisfy((code, one) -> assertThat(one.delivery()).isEmpty());
      assertThat(told.get("li").channel()).isEqualTo(ChannelKind.SMS);
      assertThat(told.get("wang").channel()).isEqualTo(ChannelKind.WECHAT_TEMPLATE);
      assertThat(told.toString()).doesNotContain(LI, "o-wang");

      reports(laoke, when(due, 10), Inbound.Delivery.DELIVERED);
      assertThat(reminders.digestMessages(due).get("li").delivery())
          .contains(Inbound.Delivery.DELIVERED);

      LocalDate next = due.plusDays(1);
      laoke.engine(1).tick(when(next, 9));
      reports(laoke, when(next, 10), Inbound.Delivery.EXPIRED);
      assertThat(reminders.digestMessages(next).get("li").delivery())
          .contains(Inbound.Delivery.EXPIRED);
      assertThat(reminders.digestMessages(due).get("li").delivery())
          .as("each day has its own")
          .contains(Inbound.Delivery.DELIVERED);
      assertThat(reminders.digestMessages(due.plusDays(2))).isEmpty();
    }
  }

  @Test
  void whoeverCannotBeFoundAnyMoreIsAbsent() {
    try (ReminderFixture laoke = new ReminderFixture(TestServer.H2)) {
      LocalDate due = staffed(laoke);
      laoke.engine(1).tick(when(due, 9));
      Catalog catalog = laoke.dealer().catalog();
      catalog.put(Staff.of("li", "李").withPhone("13900000009"));
      catalog.put(catalog.staff("wang").orElseThrow().withActive(false));
      assertThat(laoke.dealer().reminders().digestMessages(due)).isEmpty();

      catalog.put(Staff.of("li", "李").withPhone(LI));
      catalog.put(Staff.of("chen", "陈").withPhone(LI));
      assertThat(laoke.dealer().reminders().digestMessages(due))
          .as("who shares a phone shares what was told to it")
          .containsOnlyKeys("li", "chen");
      assertThatThrownBy(() -> laoke.dealer().reminders().digestMessages(LocalDate.MAX))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("day");
    }
  }
}

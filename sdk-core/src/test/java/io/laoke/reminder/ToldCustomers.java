package io.laoke.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.DealerSettings;
import io.laoke.member.MemberProfile;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.notice.NoticeTemplate;
import io.laoke.sms.SmsPurpose;
import io.laoke.sms.SmsTemplate;
import io.laoke.testing.TestServer;
import java.time.LocalDate;
import java.util.List;

/** A follower and another customer, who are told of what comes due. */
final class ToldCustomers {
  static final LocalDate DUE = ReminderFixture.START.plusMonths(6);

  private ToldCustomers() {}

  /** A follower who bought a hood, installed on the first day, and one who cannot be written to. */
  static ReminderFixture laoke(TestServer server) {
    return laoke(server, DealerSettings.defaults());
  }

  static ReminderFixture laoke(TestServer server, DealerSettings settings) {
    ReminderFixture laoke = new ReminderFixture(server, settings);
    laoke
        .dealer()
        .notices()
        .reminderTemplate(
            NoticeTemplate.of("T-CARE")
                .field("thing1", "{service.name}")
                .field("thing2", "{service.items}")
                .field("time3", "{service.due}")
                .field("character_string4", "{service.orderNo}"));
    laoke.rules().put(ReminderFixture.cleaning().named("油烟机清洗"));
    for (String order : List.of("SO-1", "SO-2")) {
      laoke.sold(order, "C-" + order, 1);
      laoke.installed(order, ReminderFixture.START);
    }
    laoke.follows("o-1", "SO-1");
    laoke.tick();
    return laoke;
  }

  static List<String> steps(ReminderFixture laoke, String orderNo) {
    String task =
        laoke
            .rows(
                """
                SELECT i.task_id FROM {reminder_item} i
                JOIN {order_unit} u ON u.dealer_id = i.dealer_id AND u.id = i.unit_id
                JOIN {customer_order} o ON o.dealer_id = u.dealer_id AND o.id = u.order_id
                WHERE o.order_no = '%s'"""
                    .formatted(orderNo))
            .get(0);
    return laoke.dealer().reminders().contacts(Long.parseLong(task)).stream()
        .map(one -> one.step() + " " + one.state() + one.why().map(why -> " " + why).orElse(""))
        .toList();
  }

  static List<String> toCall(ReminderFixture laoke) {
    return laoke.work().list(TaskQuery.todo().toBeCalled(), null, 100).tasks().stream()
        .flatMap(task -> task.items().stream())
        .map(TaskItem::orderNo)
        .sorted()
        .toList();
  }

  /** The dealer has the text approved, and each buyer a number. */
  static void text(ReminderFixture laoke, String text) {
    text(laoke, text, 0);
  }

  /** The same with room for a token to answer. */
  static void text(ReminderFixture laoke, String text, int answer) {
    SmsTemplate.Draft draft =
        SmsTemplate.of(ReminderSettings.SMS_TEMPLATE, SmsPurpose.NOTICE, text)
            .with("items", 6)
            .with("service", 6);
    laoke
        .dealer()
        .sms()
        .templates()
        .put(
            (answer > 0 ? draft.with("answer", answer) : draft)
                .approved("aliyun", "SMS_7")
                .build());
    laoke.dealer().members().put(MemberProfile.of("C-SO-1").withPhones("13800000001"));
    laoke.dealer().members().put(MemberProfile.of("C-SO-2").withPhones("13800000002"));
  }

  /** A follower's message that is held by a pause of the account. */
  static void held(ReminderFixture laoke) {
    laoke.platform.script.add(
        new SendOutcome.Misconfigured(
            SendOutcome.Scope.ACCOUNT, Reason.of("40164", "not on the IP list")));
    laoke.on(DUE);
    assertThat(laoke.platform.sent()).hasSize(1);
    laoke
        .dealer()
        .deliveries()
        .pauses()
        .forEach(one -> laoke.dealer().deliveries().resume(one.id()));
  }

  static void tickAt(ReminderFixture laoke, LocalDate day, int hour) {
    laoke.engine(0).tick(day.atTime(hour, 0).atZone(ReminderFixture.ZONE).toInstant());
  }
}

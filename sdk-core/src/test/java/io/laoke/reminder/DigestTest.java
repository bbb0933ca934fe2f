package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.catalog.Catalog;
import io.laoke.catalog.Staff;
import io.laoke.catalog.Staff.DigestBy;
import io.laoke.error.InvalidInputException;
import io.laoke.member.Consent;
import io.laoke.member.MemberProfile;
import io.laoke.message.Purpose;
import io.laoke.notice.NoticeTemplate;
import io.laoke.sms.SmsPurpose;
import io.laoke.sms.SmsTemplate;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each member of staff is told once a day what there is to do. */
class DigestTest {
  private static Instant when(LocalDate day, int hour) {
    return day.atTime(hour, 0).atZone(ReminderFixture.ZONE).toInstant();
  }

  private static List<String> shown(List<Digest> digests) {
    List<String> shown = new ArrayList<>();
    digests.forEach(
        one ->
            shown.add(
                "%s %s %d %d %d"
                    .formatted(one.day(), one.staff(), one.due(), one.overdue(), one.booked())));
    shown.sort(null);
    digests.clear();
    return shown;
  }

  /** Tasks of five households: li has three, wang one. */
  private static LocalDate staffed(ReminderFixture laoke) {
    LocalDate due = laoke.due(5);
    Tasks tasks = laoke.work();
    for (int i = 1; i <= 3; i++) {
      tasks.reassign(laoke.task("SO-" + i), null, "li", "boss");
    }
    tasks.reassign(laoke.task("SO-4"), null, "wang", "boss");
    tasks.book(laoke.task("SO-1"), "li", at(due), at(due.plusDays(2)), null);
    tasks.snooze(laoke.task("SO-2"), "li", due.plusDays(2));
    return due;
  }

  @ParameterizedTest
  @EnumSource
  void onceForEachPersonAndDay(TestServer server) throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      LocalDate due = staffed(laoke);
      List<Digest> told = new CopyOnWriteArrayList<>();
      Laoke one = laoke.digesting(told::add);
      Laoke other = laoke.digesting(told::add);

      one.tick(when(due, 8));
      assertThat(told).as("too early").isEmpty();
      List<Callable<Integer>> both = new ArrayList<>();
      for (Laoke engine : List.of(one, other)) {
        both.add(
            () -> {
              engine.tick(when(due, 9));
              return 1;
            });
      }
      AtOnce.all(both);
      one.tick(when(due, 10));
      assertThat(shown(told)).containsExactly(due + " li 1 0 1", due + " wang 1 0 0");

      one.tick(when(due.plusDays(1), 20));
      one.tick(when(due.plusDays(2), 7));
      assertThat(told).as("too late, and a day that was missed is not told later").isEmpty();
      other.tick(when(due.plusDays(2), 12));
      assertThat(shown(told))
          .as("a slot that is over, and what was put off until today")
          .containsExactly(due.plusDays(2) + " li 0 3 0", due.plusDays(2) + " wang 0 1 0");

      one.tick(when(due.plusDays(2), 13));
      assertThat(told).isEmpty();

      laoke.be(due.plusDays(3));
      laoke.work().leave("li", null, "boss");
      one.tick(when(due.plusDays(3), 12));
      assertThat(shown(told))
          .as("nothing to do, no digest")
          .containsExactly(due.plusDays(3) + " wang 0 1 0");
    }
  }

  /** As a demo's, or as that of a machine that was wrong; engines may start anew in between. */
  @ParameterizedTest
  @EnumSource
  void afterAClockWasFarAheadEachDayHasItsDigestAndNoneASecond(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      LocalDate due = staffed(laoke);
      List<Digest> told = new CopyOnWriteArrayList<>();
      Laoke one = laoke.digesting(told::add);
      assertThat(daysOf(told, one, due)).containsExactly(due);
      assertThat(daysOf(told, one, due.plusDays(3))).containsExactly(due.plusDays(3));
      assertThat(daysOf(told, one, due.plusYears(1))).containsExactly(due.plusYears(1));
      assertThat(daysOf(told, one, due.plusYears(1).plusDays(1))).hasSize(1);

      assertThat(daysOf(told, one, due.plusDays(3))).as("moved back on the same day").isEmpty();
      Laoke anew = laoke.digesting(told::add);
      assertThat(daysOf(told, anew, due.plusDays(3))).isEmpty();
      assertThat(daysOf(told, anew, due)).as("moved back behind it").isEmpty();
      assertThat(daysOf(told, one, due.plusDays(4))).containsExactly(due.plusDays(4));
      assertThat(daysOf(told, anew, due.plusDays(4))).isEmpty();
      assertThat(daysOf(told, anew, due.plusDays(5))).containsExactly(due.plusDays(5));

      assertThat(daysOf(told, laoke.digesting(told::add), due.plusYears(1)))
          .as("when that day comes")
          .isEmpty();
      assertThat(daysOf(told, one, due.plusYears(1).plusDays(1))).isEmpty();
      assertThat(daysOf(told, one, due.plusYears(1).plusDays(2))).hasSize(1);
      assertThat(laoke.rows("SELECT staff FROM {reminder_digest} WHERE tell_ms IS NOT NULL"))
          .isEmpty();
    }
  }

  /** The days of the digests that an engine tells in the morning of a day. */
  private static List<LocalDate> daysOf(List<Digest> told, Laoke engine, LocalDate day) {
    told.clear();
    engine.tick(when(day, 9));
    engine.tick(when(day, 10));
    assertThat(told).extracting(Digest::staff).doesNotHaveDuplicates();
    return told.stream().map(Digest::day).distinct().toList();
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void aListenerThatFailsOrDiesIsToldAgainOnThatDayAlone(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      LocalDate due = staffed(laoke);
      List<Digest> told = new CopyOnWriteArrayList<>();
      Laoke failing =
          laoke.digesting(
              digest -> {
                told.add(digest);
                throw new IllegalStateException("down");
              });
      failing.tick(when(due, 9));
      failing.tick(when(due, 9));
      assertThat(told).hasSize(2);
      told.clear();

      Laoke engine = laoke.digesting(told::add);
      engine.tick(when(due, 9));
      assertThat(told).as("within a minute").isEmpty();
      laoke.write("UPDATE {reminder_digest} SET tell_ms = 1 WHERE tell_ms IS NOT NULL");
      engine.tick(when(due, 10));
      engine.tick(when(due, 10));
      assertThat(shown(told)).containsExactly(due + " li 1 0 1", due + " wang 1 0 0");

      laoke.write("UPDATE {reminder_digest} SET tell_ms = 1 WHERE staff = 'li'");
      engine.tick(when(due.plusDays(1), 7));
      assertThat(told).as("that day is over").isEmpty();
      assertThat(laoke.rows("SELECT staff FROM {reminder_digest} WHERE tell_ms IS NOT NULL"))
          .isEmpty();
    }
  }

  /** Many take longer to be told than the minute for which one is taken. */
  @ParameterizedTest
  @EnumSource
  void aListenerThatTakesLongForAllOfThemTellsNobodyTwice(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      LocalDate due = staffed(laoke);
      laoke.work().reassign(laoke.task("SO-5"), null, "zhao", "boss");
      List<Digest> told = new CopyOnWriteArrayList<>();
      Laoke other = laoke.digesting(told::add);
      Laoke slow =
          laoke.digesting(
              digest -> {
                told.add(digest);
                laoke.write(
                    "UPDATE {reminder_digest} SET tell_ms = tell_ms - 120000 WHERE staff <> '%s'"
                        .formatted(digest.staff()));
                other.tick(when(due, 9));
              });

      slow.tick(when(due, 9));
      assertThat(shown(told))
          .containsExactly(due + " li 1 0 1", due + " wang 1 0 0", due + " zhao 1 0 0");
    }
  }

  private static void text(ReminderFixture laoke) {
    laoke
        .dealer()
        .sms()
        .templates()
        .put(
            SmsTemplate.of(
                    ReminderSettings.DIGEST_SMS_TEMPLATE,
                    SmsPurpose.NOTICE,
                    "今日待办：待跟进${due}，逾期${overdue}，已预约${booked}。")
                .with("due", 6)
                .with("overdue", 6)
                .with("booked", 6)
                .approved("aliyun", "SMS_9")
                .build());
  }

  @Test
  void withoutAListenerNothingIsMade() {
    try (ReminderFixture laoke = new ReminderFixture(TestServer.H2)) {
      LocalDate due = staffed(laoke);
      laoke.on(due.plusDays(1));
      assertThat(laoke.count("reminder_digest")).isZero();
    }
  }

  /** In the transaction that makes them, so neither a crash nor a second engine sends two. */
  @ParameterizedTest
  @EnumSource
  void byTextMessageToThePhonesThatStaffHave(TestServer server) throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      LocalDate due = staffed(laoke);
      laoke.engine(DealerSettings.defaults());
      laoke.dealer().catalog().put(Staff.of("li", "李").withPhone("13900000001"));
      laoke
          .dealer()
          .catalog()
          .put(Staff.of("wang", "王").withPhone("13900000002").withActive(false));
      laoke.engine(0).tick(when(due, 9)); // asks for a template again in a minute
      assertThat(laoke.sms.sent()).as("without a template").isEmpty();
      text(laoke);

      LocalDate next = due.plusDays(1);
      AtOnce.all(
          List.of(
              () -> laoke.engine(0).tick(when(next, 9)),
              () -> laoke.engine(1).tick(when(next, 9))));
      laoke.engine(1).tick(when(next, 10));
      laoke.engine(0).tick(when(next, 10));
      assertThat(laoke.sms.sent()).as("wang has left").hasSize(1);
      assertThat(laoke.sms.sent().get(0).phone().value()).isEqualTo("13900000001");
      assertThat(laoke.sms.sent().get(0).toString()).doesNotContain("13900000001");
      laoke.engine(1).tick(when(due.plusDays(2), 12));
      assertThat(laoke.sms.sent()).hasSize(2);

      List<Digest> told = new CopyOnWriteArrayList<>();
      Laoke listening = laoke.digesting(told::add);
      listening.tick(when(due.plusDays(2), 13));
      listening.tick(when(due.plusDays(2), 14));
      assertThat(shown(told))
          .as("made by an engine without a listener")
          .containsExactly(due.plusDays(2) + " li 0 3 0", due.plusDays(2) + " wang 0 1 0");
    }
  }

  /** The hours of text messages are those of customers, and so is what they refuse. */
  @ParameterizedTest
  @EnumSource
  void staffAreTextedAtTheirHour(TestServer server) {
    DealerSettings late =
        DealerSettings.defaults()
            .reminders(ReminderSettings.standard().withDigestAt(LocalTime.of(21, 0)));
    try (ReminderFixture laoke = new ReminderFixture(server, late)) {
      LocalDate due = staffed(laoke);
      text(laoke);
      laoke.dealer().catalog().put(Staff.of("li", "李").withPhone("13900000001"));
      laoke.dealer().members().put(MemberProfile.of("C-LI").withPhones("13900000001"));
      long customer = laoke.dealer().members().find("C-LI").orElseThrow().id();
      laoke
          .dealer()
          .members()
          .consent(customer, Consent.refused(Purpose.CARE, "前台", at(ReminderFixture.START)));
      laoke.engine(0).tick(when(due, 20));
      assertThat(laoke.sms.sent()).isEmpty();
      laoke.engine(0).tick(when(due, 21));
      laoke.engine(0).tick(when(due, 21));
      assertThat(laoke.sms.sent()).hasSize(1);
    }
  }

  /** A template of WeChat that cannot be read keeps nobody else's digest. */
  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void whoCannotBeWrittenToByWechatIsTextedAndListenersAreTold(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      LocalDate due = staffed(laoke);
      laoke
          .dealer()
          .notices()
          .digestTemplate(NoticeTemplate.of("T-DIGEST").field("number2", "{digest.due}"));
      Catalog catalog = laoke.dealer().catalog();
      catalog.put(Staff.of("li", "李").withPhone("13900000001").withDigestBy(DigestBy.WECHAT));
      catalog.linkStaff("li", "wx1", "o-li");
      text(laoke);
      laoke.write("UPDATE {template} SET content = 'broken' WHERE content LIKE '%T-DIGEST%'");

      Laoke engine = laoke.engine(DealerSettings.defaults());
      engine.tick(when(due, 9));
      engine.tick(when(due, 10));
      assertThat(laoke.platform.sent()).isEmpty();
      assertThat(laoke.sms.sent()).hasSize(1);
      List<Digest> told = new CopyOnWriteArrayList<>();
      laoke.digesting(told::add).tick(when(due, 11));
      assertThat(shown(told)).containsExactly(due + " li 1 0 1", due + " wang 1 0 0");
    }
  }

  @ParameterizedTest
  @EnumSource
  void byWechatToTheOpenidsOfThoseWhoChoseIt(TestServer server) throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      LocalDate due = staffed(laoke);
      laoke.work().reassign(laoke.task("SO-5"), null, "zhao", "boss");
      laoke.engine(DealerSettings.defaults());
      Catalog catalog = laoke.dealer().catalog();
      catalog.put(Staff.of("li", "李").withPhone("13900000001").withDigestBy(DigestBy.WECHAT));
      catalog.put(Staff.of("wang", "王").withPhone("13900000002").withDigestBy(DigestBy.WECHAT));
      catalog.put(Staff.of("zhao", "赵").withPhone("13900000003").withDigestBy(DigestBy.NONE));
      catalog.linkStaff("li", "wx1", "o-li");
      catalog.linkStaff("zhao", "wx1", "o-zhao");
      assertThat(catalog.staff("li").orElseThrow().digestBy()).isEqualTo(DigestBy.WECHAT);
      assertThat(catalog.staff("zhao").orElseThrow().digestBy()).isEqualTo(DigestBy.NONE);
      text(laoke);
      NoticeTemplate template =
          NoticeTemplate.of("T-DIGEST")
              .field("time1", "{digest.day:M月d日}")
              .field("number2", "{digest.due}")
              .field("number3", "{digest.overdue}")
              .field("number4", "{digest.booked}");
      laoke.dealer().notices().digestTemplate(template);
      assertThat(laoke.dealer().notices().digestTemplates()).containsOnlyKeys("");
      assertThat(laoke.dealer().notices().templates()).isEmpty();

      AtOnce.all(
          List.of(
              () -> laoke.engine(0).tick(when(due, 9)), () -> laoke.engine(1).tick(when(due, 9))));
      laoke.engine(1).tick(when(due, 10));
      laoke.engine(0).tick(when(due, 11));

      assertThat(laoke.platform.sent())
          .singleElement()
          .satisfies(
              sent -> {
                assertThat(sent.to()).isEqualTo("o-li");
                assertThat(sent.body().templateId()).isEqualTo("T-DIGEST");
                assertThat(sent.body().fields().get("time1").value())
                    .isEqualTo(due.getMonthValue() + "月" + due.getDayOfMonth() + "日");
                assertThat(sent.body().fields().get("number2").value()).isEqualTo("1");
                assertThat(sent.body().fields().get("number4").value()).isEqualTo("1");
              });
      assertThat(laoke.sms.sent())
          .as("wang has no openid, zhao wants none")
          .extracting(sent -> sent.phone().value())
          .containsExactly("13900000002");

      assertThat(laoke.dealer().notices().removeDigestTemplate()).isTrue();
      laoke.engine(1).tick(when(due.plusDays(1), 9));
      assertThat(laoke.platform.sent()).hasSize(1);
      assertThat(laoke.sms.sent()).as("without a template").hasSize(3);
      laoke.dealer().notices().digestTemplate("wx1", template);
      catalog.put(catalog.staff("li").orElseThrow().withActive(false));
      laoke.engine(1).tick(when(due.plusDays(2), 12));
      assertThat(laoke.platform.sent()).as("li has left").hasSize(1);
    }
  }

  @Test
  void aTemplateOfDigestsNamesWhatDigestsSay() {
    try (ReminderFixture laoke = new ReminderFixture(TestServer.H2)) {
      assertThatThrownBy(
              () ->
                  laoke
                      .dealer()
                      .notices()
                      .digestTemplate(NoticeTemplate.of("T").field("thing1", "{service.name}")))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContainingAll("thing1", "a digest", "digest.overdue");
    }
  }

  @Test
  void atAnyHourThatTheDealerSays() {
    DealerSettings settings =
        DealerSettings.defaults()
            .reminders(
                ReminderSettings.standard()
                    .withContactHours(LocalTime.of(6, 0), LocalTime.of(8, 0))
                    .withDigestAt(LocalTime.of(21, 0)));
    try (ReminderFixture laoke = new ReminderFixture(TestServer.H2, settings)) {
      LocalDate due = staffed(laoke);
      List<Digest> told = new CopyOnWriteArrayList<>();
      Laoke engine = laoke.digesting(told::add);
      assertThat(engine.dealers().settings("hengxin")).isEqualTo(settings);
      engine.tick(when(due, 20));
      assertThat(told).isEmpty();
      engine.tick(when(due, 23));
      assertThat(told).hasSize(2);
    }
  }
}

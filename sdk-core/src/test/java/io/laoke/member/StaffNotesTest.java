package io.laoke.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.laoke.base.Upserted;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.member.AuditEntry.Action;
import io.laoke.message.ChannelKind;
import io.laoke.message.Purpose;
import io.laoke.testing.TestServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tags, remarks, pauses and complaints, and who changed them. */
class StaffNotesTest {
  private static final Instant NOW = MemberFixture.NOW;

  private static long member(MemberFixture on, String customerNo) {
    on.members().put(MemberProfile.of(customerNo));
    return on.members().find(customerNo).orElseThrow().id();
  }

  private static Members at(MemberFixture on, Duration later) {
    return new MemberModule(
            on.catalogs.book(), on.ids, Clock.fixed(NOW.plus(later), ZoneOffset.UTC))
        .members(on.database, on.tenant);
  }

  private static boolean may(Members members, long member, Purpose purpose) {
    return members.allows(member, purpose, ChannelKind.WECHAT_TEMPLATE);
  }

  @ParameterizedTest
  @EnumSource
  void whatStaffAddIsThereOnceAndEachChangeSaysWhoAndWhy(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Members members = on.members();
      long id = member(on, "C1");

      assertThat(members.tag(id, " VIP ", "李娜")).isTrue();
      assertThat(members.tag(id, "VIP", "王伟")).isFalse();
      assertThat(members.tag(id, "vip", "王伟")).as("compared with case").isTrue();
      assertThat(members.tags(id))
          .containsExactly(new MemberTag("VIP", "李娜", NOW), new MemberTag("vip", "王伟", NOW));
      assertThat(members.untag(id, "vip", "李娜")).isTrue();
      assertThat(members.untag(id, "vip", "李娜")).isFalse();

      Remark first = members.remark(id, "要求\n下午送货 😀", "李娜");
      assertThat(members.remark(id, "要求\n下午送货 😀", "李娜")).as("a repeat").isEqualTo(first);
      Remark second = members.remark(id, "要求\n下午送货 😀", "王伟");
      Remark later = at(on, Duration.ofMinutes(6)).remark(id, "要求\n下午送货 😀", "王伟");
      assertThat(members.remarks(id)).containsExactly(first, second, later);
      assertThat(members.takeBackRemark(id, second.id(), "写错了人", "店长")).isTrue();
      assertThat(members.takeBackRemark(id, second.id(), "写错了人", "店长")).isFalse();
      assertThat(members.remarks(id)).containsExactly(first, later);

      Instant until = NOW.plus(Duration.ofDays(3));
      assertThat(members.pause(id, Purpose.CARE, until, "出国", "李娜")).isEqualTo(Upserted.CREATED);
      assertThat(members.pause(id, Purpose.CARE, until, "出国", "李娜")).isEqualTo(Upserted.UNCHANGED);
      assertThat(members.pause(id, Purpose.CARE, null, "出国", "李娜")).isEqualTo(Upserted.CHANGED);
      assertThat(members.pauses(id))
          .containsExactly(
              new MemberPause(Purpose.CARE, Optional.empty(), Optional.empty(), "出国", "李娜", NOW));
      assertThat(members.resume(id, Purpose.CARE, "回来了", "李娜")).isTrue();
      assertThat(members.resume(id, Purpose.CARE, "回来了", "李娜")).isFalse();

      List<AuditEntry> audit = members.audit(id, 0, 100);
      assertThat(audit)
          .extracting(AuditEntry::action)
          .containsExactly(
              Action.TAGGED,
              Action.TAGGED,
              Action.UNTAGGED,
              Action.REMARKED,
              Action.REMARKED,
              Action.REMARKED,
              Action.REMARK_TAKEN_BACK,
              Action.PAUSED,
              Action.PAUSED,
              Action.RESUMED);
      AuditEntry tookBack = audit.get(6);
      assertThat(tookBack)
          .isEqualTo(
              new AuditEntry(
                  tookBack.id(),
                  Action.REMARK_TAKEN_BACK,
                  Long.toString(second.id()),
                  Optional.empty(),
                  Optional.of("写错了人"),
                  "店长",
                  NOW));
      assertThat(audit.get(7).until()).contains(until);
      assertThat(audit.get(7).why()).contains("出国");
      assertThat(audit.get(9).subject()).isEqualTo("CARE");
      assertThat(members.audit(id, audit.get(7).id(), 1)).containsExactly(audit.get(8));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aComplaintPausesAllButOrdersUntilItIsClosed(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Members members = on.members();
      long id = member(on, "C1");
      members.consent(id, Consent.given(Purpose.MARKETING, "门店签字", "v1", NOW));

      assertThat(members.openComplaint(id, "TS-1", "漏水", "客服")).isEqualTo(Upserted.CREATED);
      assertThat(members.openComplaint(id, "TS-1", "漏水", "客服")).isEqualTo(Upserted.UNCHANGED);
      assertThat(members.openComplaint(id, "TS-2", "噪音", "客服")).isEqualTo(Upserted.CREATED);
      members.pause(id, Purpose.MARKETING, NOW.plusSeconds(60), "节日", "店长");

      assertThat(may(members, id, Purpose.ORDER)).isTrue();
      assertThat(may(members, id, Purpose.CARE)).isFalse();
      assertThat(may(members, id, Purpose.MARKETING)).isFalse();
      assertThat(members.resume(id, Purpose.CARE, "?", "店长")).as("a complaint is open").isFalse();
      assertThat(members.closeComplaint(id, "TS-1", "已修好", "客服")).isTrue();
      assertThat(members.closeComplaint(id, "TS-1", "已修好", "客服")).isFalse();
      assertThat(may(members, id, Purpose.CARE)).as("another one is open").isFalse();
      assertThat(members.closeComplaint(id, "TS-2", "已换货", "客服")).isTrue();
      assertThat(may(members, id, Purpose.CARE)).isTrue();
      assertThat(may(members, id, Purpose.MARKETING)).as("paused until").isFalse();
      Members then = at(on, Duration.ofSeconds(60));
      assertThat(may(then, id, Purpose.MARKETING)).isTrue();
      assertThat(then.pauses(id)).isEmpty();
      assertThat(then.resume(id, Purpose.MARKETING, "?", "店长")).as("over").isFalse();
      assertThat(then.pause(id, Purpose.MARKETING, null, "节日", "店长")).isEqualTo(Upserted.CREATED);
      assertThat(members.audit(id, 0, 100))
          .extracting(AuditEntry::action, AuditEntry::subject)
          .contains(tuple(Action.COMPLAINT_OPENED, "TS-1"), tuple(Action.COMPLAINT_CLOSED, "TS-2"))
          .hasSize(6);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "MYSQL"})
  void whatCannotBeIsRefusedAndLeavesNothing(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Members members = on.members();
      long id = member(on, "C1");

      assertThatThrownBy(() -> members.pause(id, Purpose.ORDER, null, "x", "y"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContainingAll("purpose", "CARE or MARKETING", "bindings().stopNotices");
      assertThatThrownBy(() -> members.resume(id, Purpose.ORDER, "x", "y"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> members.pause(id, Purpose.CARE, NOW, "x", "y"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContainingAll("until", "ahead");
      assertThatThrownBy(() -> members.pause(id, Purpose.CARE, Instant.MAX, "x", "y"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> members.tag(id, " ", "y")).isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> members.tag(id, "x".repeat(65), "y"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> members.remark(id, "x".repeat(401), "y"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> members.remark(id, "x", null))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("by");
      List<Runnable> ofNobody =
          List.of(
              () -> members.tag(7, "VIP", "y"),
              () -> members.untag(7, "VIP", "y"),
              () -> members.remark(7, "x", "y"),
              () -> members.openComplaint(7, "TS-1", "x", "y"),
              () -> members.attributes(7, Map.of("a", Attribute.of(1))));
      for (Runnable call : ofNobody) {
        assertThatThrownBy(call::run).isInstanceOf(NotFoundException.class);
      }
      assertThat(members.audit(id, 0, 10)).isEmpty();
      for (String table : List.of("member_tag", "member_remark", "member_pause", "member_audit")) {
        assertThat(on.count(table)).as(table).isZero();
      }

      for (int i = 0; i < 100; i++) {
        members.tag(id, "T" + i, "y");
      }
      assertThatThrownBy(() -> members.tag(id, "T100", "y"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("100", "untag");
      assertThat(members.tag(id, "T99", "y")).isFalse();
      assertThat(members.audit(id, 0, 1000)).hasSize(100);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofManyAtOnceOneIsTheFirst(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server)) {
      long id = member(on, "C1");
      List<Callable<Object>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        calls.add(() -> on.members().tag(id, "VIP", "李娜"));
        calls.add(() -> on.members().openComplaint(id, "TS-1", "漏水", "客服"));
        calls.add(() -> on.members().remark(id, "漏水", "客服").id());
      }

      List<Object> given = MemberFixture.atOnce(calls);

      assertThat(Collections.frequency(given, true)).isEqualTo(1);
      assertThat(Collections.frequency(given, Upserted.CREATED)).isEqualTo(1);
      assertThat(given.stream().filter(Long.class::isInstance).distinct()).hasSize(1);
      assertThat(on.members().tags(id)).hasSize(1);
      assertThat(on.members().remarks(id)).hasSize(1);
      assertThat(on.members().pauses(id)).hasSize(2);
      assertThat(on.members().audit(id, 0, 100)).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMergeBringsTheFileAlongAndASplitGivesItBack(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Members members = on.members();
      Events events = on.module.events(on.database, on.tenant);
      events.declare(EventType.of("回访").property(AttributeType.text("话")));
      long a = member(on, "A");
      long b = member(on, "B");
      members.tag(a, "老客", "李娜");
      members.tag(b, "老客", "王伟");
      members.tag(b, "VIP", "王伟");
      Remark ofA = members.remark(a, "甲", "李娜");
      Remark ofB = members.remark(b, "乙", "王伟");
      members.pause(a, Purpose.CARE, null, "甲", "李娜");
      members.pause(b, Purpose.CARE, NOW.plusSeconds(9), "乙", "王伟");
      members.openComplaint(b, "TS-1", "漏水", "客服");
      members.openComplaint(b, "TS-2", "噪音", "客服");
      events.record(a, Event.of("回访", "E-A", NOW).with("话", Attribute.of("甲")));
      events.record(b, Event.of("回访", "E-B", NOW).with("话", Attribute.of("乙")));
      List<MemberTag> tagsOfA = members.tags(a);
      List<MemberTag> tagsOfB = members.tags(b);

      Merge merge = members.merge(a, b, "店长", "同一个人");

      assertThat(members.tags(b)).isEqualTo(members.tags(a));
      assertThat(members.tags(a))
          .extracting(MemberTag::tag, MemberTag::by)
          .containsExactlyInAnyOrder(tuple("VIP", "王伟"), tuple("老客", "李娜"));
      assertThat(members.remarks(b)).containsExactly(ofA, ofB);
      assertThat(members.pauses(b)).hasSize(6);
      assertThat(ids(events, a)).containsExactlyInAnyOrder("E-A", "E-B");
      assertThat(members.audit(a, 0, 100)).hasSize(9);
      assertThat(events.record("B", Event.of("回访", "E-B", NOW).with("话", Attribute.of("乙"))))
          .isEqualTo(Upserted.UNCHANGED);
      // What comes now: of the number of B, of nobody in particular, and a complaint that ends.
      events.record("B", Event.of("回访", "E-B2", NOW));
      events.record(b, Event.of("回访", "E-A2", NOW));
      Remark after = members.remark(b, "后来", "李娜");
      members.closeComplaint(a, "TS-2", "已换货", "客服");
      members.openComplaint(a, "TS-3", "又漏水", "客服");

      members.split(merge.id(), "店长", "看错了");

      assertThat(members.tags(a)).isEqualTo(tagsOfA);
      assertThat(members.tags(b)).isEqualTo(tagsOfB);
      assertThat(members.remarks(a)).containsExactly(ofA, after);
      assertThat(members.remarks(b)).containsExactly(ofB);
      assertThat(ids(events, a)).containsExactlyInAnyOrder("E-A", "E-A2");
      assertThat(ids(events, b)).containsExactlyInAnyOrder("E-B", "E-B2");
      assertThat(complaints(members, a)).containsExactly("", "TS-3", "TS-3");
      assertThat(complaints(members, b)).containsExactly("", "TS-1", "TS-1", "TS-3", "TS-3");
      assertThat(members.merge(a, b, "店长", "doch").live()).isTrue();
      assertThat(ids(events, b)).hasSize(4);
    }
  }

  private static List<String> ids(Events events, long member) {
    return events.page(member, null, null, 100).events().stream()
        .map(one -> one.event().id())
        .toList();
  }

  private static List<String> complaints(Members members, long member) {
    return members.pauses(member).stream().map(one -> one.complaint().orElse("")).sorted().toList();
  }

  @ParameterizedTest
  @EnumSource(value = TestServer.class, names = "H2")
  void oldRemarksMakeRoomOnlyWhenTheyAreTakenBack(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Members members = on.members();
      long id = member(on, "C1");
      List<Remark> all =
          IntStream.range(0, 500).mapToObj(i -> members.remark(id, "第" + i, "李娜")).toList();
      assertThatThrownBy(() -> members.remark(id, "更多", "李娜"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("takeBackRemark");
      members.takeBackRemark(id, all.get(0).id(), "旧", "李娜");
      members.remark(id, "更多", "李娜");
      assertThat(members.remarks(id)).hasSize(500);
    }
  }
}

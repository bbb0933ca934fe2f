package io.laoke.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.base.Upserted;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.testing.TestServer;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to members: declared, recorded once, found by type and time. */
class EventsTest {
  private static final Instant NOW = MemberFixture.NOW;
  private static final EventType VISIT =
      EventType.of("回访")
          .withLabels("电话回访", "Call")
          .property(AttributeType.text("话"))
          .property(AttributeType.integer("分"))
          .property(AttributeType.money("礼金").withLabels("礼金", "Gift"))
          .property(AttributeType.flag("满意"))
          .property(AttributeType.date("下次"))
          .property(AttributeType.instant("接通"))
          .property(
              AttributeType.code(
                  "渠道",
                  AttributeType.Choice.of("TEL", "电话", "Phone"),
                  AttributeType.Choice.of("WX", "微信", "WeChat")));
  private static final Event CALL =
      Event.of("回访", "E-1", NOW.minusSeconds(60))
          .with("话", Attribute.of("喜欢安静的 😀"))
          .with("分", Attribute.of(-7))
          .with("礼金", Attribute.of(999_999_999_999_999L))
          .with("满意", Attribute.of(false))
          .with("下次", Attribute.of(LocalDate.of(2028, 2, 29)))
          .with("接通", Attribute.of(Instant.parse("1969-12-31T23:59:59.999Z")))
          .with("渠道", Attribute.code("WX"))
          .withAmountFen(-10_000_000_000_000L);

  private static long member(MemberFixture on, String customerNo) {
    on.members().put(MemberProfile.of(customerNo));
    return on.members().find(customerNo).orElseThrow().id();
  }

  private static Events events(MemberFixture on) {
    return on.module.events(on.database, on.tenant);
  }

  @ParameterizedTest
  @EnumSource
  void anEventIsRecordedOnceAndComesBackAsItWas(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Events events = events(on);
      long id = member(on, "C1");
      assertThat(events.declare(VISIT)).isEqualTo(Upserted.CREATED);
      assertThat(events.declare(VISIT)).isEqualTo(Upserted.UNCHANGED);
      assertThat(events.type("回访")).contains(VISIT);

      assertThat(events.record(id, CALL)).isEqualTo(Upserted.CREATED);
      assertThat(events.record(id, CALL)).isEqualTo(Upserted.UNCHANGED);
      assertThat(events.record("C1", CALL.with("渠道", Attribute.of("WX"))))
          .as("a text that is a code")
          .isEqualTo(Upserted.UNCHANGED);
      assertThat(events.page(id, null, null, 9).events())
          .containsExactly(new RecordedEvent(id, CALL, NOW));
      Event corrected =
          Event.of("回访", "E-1", NOW.minusSeconds(61))
              .with("话", Attribute.of("喜欢吵"))
              .with("渠道", Attribute.code("TEL"))
              .with("分", Attribute.nothing());
      assertThat(events.record("C1", corrected)).isEqualTo(Upserted.CHANGED);
      assertThat(events.page(id, "回访", null, 9).events())
          .extracting(RecordedEvent::event)
          .containsExactly(corrected);
      assertThat(corrected.properties()).containsOnlyKeys("话", "渠道");
      assertThat(corrected.amountFen()).isEqualTo(OptionalLong.empty());

      long other = member(on, "C2");
      assertThatThrownBy(() -> events.record(other, corrected))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("events().withdraw");
      assertThat(events.withdraw("回访", "E-1")).isTrue();
      assertThat(events.withdraw("回访", "E-1")).isFalse();
      assertThat(events.record(other, corrected)).isEqualTo(Upserted.CREATED);
      assertThat(on.count("event")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMembersEventsComeInPagesTheLatestFirst(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Events events = events(on);
      long id = member(on, "C1");
      long other = member(on, "C2");
      events.declare(VISIT);
      events.declare(EventType.of("到店"));
      for (int i = 0; i < 7; i++) {
        // Two at each time; a page ends between them.
        events.record(id, Event.of("到店", "D" + i, NOW.plusSeconds(i / 2)));
      }
      events.record(id, Event.of("回访", "D1", NOW.plusSeconds(1)));
      events.record(other, Event.of("到店", "X", NOW));

      List<String> seen = new ArrayList<>();
      Optional<String> next = Optional.empty();
      do {
        EventPage page = events.page(id, "到店", next.orElse(null), 2);
        page.events().forEach(one -> seen.add(one.event().id()));
        next = page.next();
      } while (next.isPresent());

      assertThat(seen).hasSize(7).doesNotHaveDuplicates();
      assertThat(seen.get(0)).isEqualTo("D6");
      assertThat(seen.subList(5, 7)).containsExactlyInAnyOrder("D0", "D1");
      assertThat(events.page(id, null, null, 1000).events()).hasSize(8);
      assertThat(events.page(id, null, null, 8).next()).isEmpty();
      for (String cursor : List.of("", "x", "1:9999999999999999999", "1:2:3")) {
        assertThatThrownBy(() -> events.page(id, null, cursor, 9))
            .isInstanceOf(InvalidInputException.class)
            .hasMessageStartingWith("cursor");
      }
      assertThatThrownBy(() -> events.page(id, null, null, 1001))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTypeGrowsButLosesNothingThatIsRecorded(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Events events = events(on);
      long id = member(on, "C1");
      events.declare(VISIT);
      events.record(id, CALL);
      events.record(id, Event.of("回访", "E-2", NOW).with("分", Attribute.of(3)));

      EventType without = new EventType("回访", "回访", "Call", VISIT.properties().subList(2, 7));
      assertThatThrownBy(() -> events.declare(without))
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("1 have '话'", "2 have '分'");
      List<AttributeType> other = new ArrayList<>(VISIT.properties());
      other.set(1, AttributeType.money("分"));
      other.set(6, AttributeType.code("渠道", AttributeType.Choice.of("TEL", "电话", "Phone")));
      assertThatThrownBy(() -> events.declare(new EventType("回访", "回访", "Call", other)))
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("2 have '分'", "1 have the code WX");
      assertThatThrownBy(() -> events.withdrawType("回访"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("2 are recorded");
      assertThat(events.type("回访")).contains(VISIT);

      // What nobody has may go, and its place is given anew; all else stays where it is.
      List<AttributeType> grown = new ArrayList<>(VISIT.properties());
      Collections.reverse(grown);
      grown.add(0, AttributeType.text("新"));
      EventType wider = new EventType("回访", "回访", "Call", grown);
      assertThat(events.declare(wider)).isEqualTo(Upserted.CHANGED);
      assertThat(events.page(id, null, null, 9).events())
          .extracting(RecordedEvent::event)
          .contains(CALL);
      events.record(id, CALL.with("新", Attribute.of("旧")));
      assertThat(events.page(id, null, null, 9).events())
          .extracting(RecordedEvent::event)
          .contains(CALL.with("新", Attribute.of("旧")));

      events.withdraw("回访", "E-1");
      events.withdraw("回访", "E-2");
      assertThat(events.declare(without)).isEqualTo(Upserted.CHANGED);
      assertThat(events.withdrawType("回访")).isTrue();
      assertThat(events.withdrawType("回访")).isFalse();
      assertThat(events.types()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "POSTGRESQL"})
  void whatIsNotDeclaredOrOfAnotherTypeIsRefused(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Events events = events(on);
      long id = member(on, "C1");
      assertThatThrownBy(() -> events.record(id, CALL))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("events().declare");
      events.declare(VISIT);
      Event plain = Event.of("回访", "E-1", NOW);
      Map<String, Attribute> wrong =
          Map.of(
              "话", Attribute.of(7),
              "分", Attribute.of(new BigDecimal("0.5")),
              "礼金", Attribute.of("很多"),
              "满意", Attribute.of(1),
              "下次", Attribute.of(NOW),
              "接通", Attribute.of(LocalDate.of(2026, 1, 1)),
              "渠道", Attribute.code("SMS"),
              "未知", Attribute.of(1));
      wrong.forEach(
          (name, value) ->
              assertThatThrownBy(() -> events.record(id, plain.with(name, value)))
                  .as(name)
                  .isInstanceOf(InvalidInputException.class)
                  .hasMessageContaining(name));
      assertThatThrownBy(() -> events.record(id, plain.with("分", Attribute.of("私事"))))
          .hasMessageContainingAll("whole number", "INTEGER", "text")
          .hasMessageNotContaining("私事");
      assertThatThrownBy(() -> events.record(7, plain)).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> events.record("C9", plain)).isInstanceOf(NotFoundException.class);
      on.members().declareWalkIn("散客");
      assertThatThrownBy(() -> events.record("散客", plain)).isInstanceOf(NotFoundException.class);
      assertThat(on.count("event")).isZero();
      assertThat(CALL.toString()).doesNotContain("安静");
    }
  }

  @Test
  void declarationsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> EventType.of("event:orders"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("must not begin with 'event:'");
    List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> wrong =
        List.of(
            () -> EventType.of(" "),
            () -> EventType.of("x").property(AttributeType.text("at")),
            () ->
                EventType.of("x")
                    .property(AttributeType.text("a"))
                    .property(AttributeType.flag("a")),
            () -> AttributeType.code("x"),
            () ->
                AttributeType.code(
                    "x",
                    AttributeType.Choice.of("A", "a", "a"),
                    AttributeType.Choice.of("A", "b", "b")),
            () -> AttributeType.text("x").withLabels("x".repeat(65), "x"),
            () -> AttributeType.text("a\nb"),
            () ->
                new AttributeType(
                    "x", ValueType.FLAG, "x", "x", List.of(AttributeType.Choice.of("A", "a", "a"))),
            () -> Event.of("x", "y".repeat(65), NOW),
            () -> Event.of("x", "y", Instant.MAX),
            () -> Event.of("x", "y", NOW).withAmountFen(10_000_000_000_001L));
    wrong.forEach(call -> assertThatThrownBy(call).isInstanceOf(InvalidInputException.class));
    EventType wide = EventType.of("x");
    for (int i = 0; i < 10; i++) {
      wide = wide.property(AttributeType.text("p" + i));
    }
    EventType full = wide;
    assertThatThrownBy(() -> full.property(AttributeType.text("p10")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("properties");
  }

  @ParameterizedTest
  @EnumSource
  void ofManyAtOnceOneRecordsIt(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server)) {
      long id = member(on, "C1");
      List<Callable<Upserted>> declaring = Collections.nCopies(4, () -> events(on).declare(VISIT));
      assertThat(MemberFixture.atOnce(declaring)).containsOnlyOnce(Upserted.CREATED);
      List<Callable<Upserted>> calls = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        calls.add(() -> events(on).record(id, CALL));
        calls.add(() -> events(on).record("C1", CALL));
      }
      assertThat(MemberFixture.atOnce(calls)).containsOnlyOnce(Upserted.CREATED);
      assertThat(on.count("event")).isEqualTo(1);
    }
  }

  /** As a segment asks: a sum over some of a type in a window, by member. */
  @ParameterizedTest
  @EnumSource
  void aggregatesAreOneLevelOverPlainColumns(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Events events = events(on);
      long one = member(on, "C1");
      long two = member(on, "C2");
      events.declare(VISIT);
      for (int i = 0; i < 6; i++) {
        events.record(
            i < 4 ? one : two,
            Event.of("回访", "E" + i, NOW.plus(Duration.ofDays(i)))
                .with("分", Attribute.of(i))
                .with("渠道", Attribute.code(i % 2 == 0 ? "TEL" : "WX"))
                .with("话", Attribute.of("说" + i % 2))
                .with("下次", Attribute.of(LocalDate.of(2026, 1 + i, 28)))
                .withAmountFen(100L * i));
      }
      Map<String, Integer> at =
          on.database.read(
              "places", tx -> on.module.fields().events(tx, on.tenant).get(0).places());
      String hash = on.tenant.privacy().hash("attribute", "说1");

      List<String> sums =
          on.database.read(
              "sum",
              tx ->
                  tx.query(
                          """
                          SELECT member_id, SUM(amount_fen) AS total, MAX(n%d) AS most
                          FROM {event}
                          WHERE dealer_id = :dealer AND type = '回访' AND at_ms >= :from
                            AND w%d = 'WX' AND w%d = :hash AND MOD(n%d, 10000) < 600
                          GROUP BY member_id ORDER BY member_id"""
                              .formatted(at.get("分"), at.get("渠道"), at.get("话"), at.get("下次")))
                      .bind("dealer", on.tenant.id())
                      .bind("from", NOW.plusSeconds(1).toEpochMilli())
                      .bind("hash", hash)
                      .map(
                          (row, context) ->
                              row.getLong("member_id")
                                  + " "
                                  + row.getLong("total")
                                  + " "
                                  + row.getLong("most"))
                      .list());

      assertThat(sums).containsExactly(one + " 400 3");
    }
  }
}

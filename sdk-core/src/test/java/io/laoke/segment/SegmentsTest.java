package io.laoke.segment;

import static io.laoke.segment.SegmentFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.base.AesGcmSealer;
import io.laoke.base.Sealer;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.Event;
import io.laoke.member.EventType;
import io.laoke.member.Gender;
import io.laoke.member.MemberProfile;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.testing.TestServer;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SegmentsTest {
  private static final Segment WOMEN =
      new Segment.Field("gender", Op.EQ, new Operand.Text("FEMALE"));

  private static Segment bought(String category, long fen) {
    return new Segment.Agg(
        Aggregation.SUM,
        "items",
        Optional.of("netAmount"),
        Optional.of(new Segment.Field("category", Op.UNDER, new Operand.Text(category))),
        Optional.empty(),
        Scope.DEFAULT,
        Op.GTE,
        new Operand.Whole(fen));
  }

  /** Fang, a woman, bought a hood and a TV; Lei, a man, a TV that came back; Jing nothing. */
  private static SegmentFixture shop(TestServer server) {
    SegmentFixture laoke = new SegmentFixture(server);
    laoke.members().put(MemberProfile.of("fang").withName("王芳").withGender(Gender.FEMALE));
    laoke.members().put(MemberProfile.of("lei").withGender(Gender.MALE));
    laoke.members().put(MemberProfile.of("jing"));
    laoke
        .orders()
        .upsert(
            Order.of("SO-1", Instant.parse("2026-10-31T15:59:59Z"))
                .buyer(Buyer.of("fang", null, null))
                .store("S-1")
                .line(OrderLine.goods("1", "kitchen/hood", 1, "2999"))
                .line(OrderLine.goods("2", "av/tv", 2, "4000")));
    laoke
        .orders()
        .upsert(
            Order.of("SO-2", Instant.parse("2026-10-31T16:00:00Z"))
                .buyer(Buyer.of("lei", null, null))
                .line(OrderLine.goods("1", "av/tv", 1, "2000")));
    laoke
        .returns()
        .record(
            ReturnNote.of("R-1", NOW).order("SO-2").line(ReturnLine.of("1", "av/tv", 1, "1900")));
    return laoke;
  }

  private static long member(SegmentFixture laoke, String customerNo) {
    return laoke.members().find(customerNo).orElseThrow().id();
  }

  @ParameterizedTest
  @EnumSource
  void aSegmentIsCountedListedStreamedAndExplained(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      long fang = member(laoke, "fang");
      Segment rich = new Segment.All(List.of(WOMEN, bought("kitchen", 299_900)));

      assertThat(segments.count(rich)).isEqualTo(1);
      assertThat(segments.count(new Segment.Not(rich))).isEqualTo(2);
      assertThat(segments.count(new Segment.Everyone(), NOW)).isEqualTo(3);
      assertThat(segments.count(new Segment.Any(List.of()), NOW)).isZero();
      assertThat(segments.page(rich, NOW, 0, 10)).containsExactly(fang);
      assertThat(segments.page(rich, NOW, fang, 10)).isEmpty();
      List<Long> streamed = new ArrayList<>();
      assertThat(segments.stream(new Segment.Everyone(), NOW, streamed::add)).isEqualTo(3);
      assertThat(streamed).isSorted().hasSize(3).contains(fang);
      assertThat(segments.matches(rich, fang, NOW)).isTrue();
      assertThat(segments.matching(rich, Set.copyOf(streamed), NOW)).containsExactly(fang);

      Explanation ofLei = segments.explain(rich, member(laoke, "jing"), NOW);
      assertThat(ofLei.result()).isEqualTo(Explanation.Result.FALSE);
      assertThat(ofLei.parts())
          .extracting(Explanation::result)
          .containsExactlyInAnyOrder(Explanation.Result.MISSING, Explanation.Result.FALSE);
      Explanation ofFang = segments.explain(bought("av", 1), fang, NOW);
      assertThat(ofFang.seen()).hasValue("400000");
      assertThat(ofFang.rows()).isEqualTo(1);
      assertThat(ofFang.zh()).contains("av");
      assertThat(segments.toChinese(rich)).contains("女", "2999");
      assertThat(segments.toEnglish(rich)).contains("female");
    }
  }

  @ParameterizedTest
  @EnumSource
  void documentsAreCountedForTheirMembers(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();

      assertThat(segments.countRows(new Segment.Everyone(), "orders", NOW)).isEqualTo(1);
      assertThat(segments.countRows(new Segment.Everyone(), "items", NOW)).isEqualTo(2);
      assertThat(segments.countRows(new Segment.Not(WOMEN), "items", NOW)).isZero();
      assertThatThrownBy(() -> segments.countRows(new Segment.Everyone(), "orderz", NOW))
          .isInstanceOf(SegmentException.class)
          .hasMessageContaining("orders");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatStaysOfAReturnedLineIsAddedUpThoughItIsNoRow(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();

      assertThat(segments.page(bought("av", 10_000), NOW, 0, 9))
          .contains(member(laoke, "lei"), member(laoke, "fang"));
      assertThat(segments.page(bought("av", 10_001), NOW, 0, 9))
          .containsExactly(member(laoke, "fang"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOverlapTellsWhoIsInWhich(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Overlap overlap =
          laoke.segments().overlap(List.of(WOMEN, bought("av", 1), bought("kitchen", 1)), NOW);

      assertThat(overlap.members())
          .isEqualTo(Map.of(Set.of(), 1L, Set.of(1), 1L, Set.of(0, 1, 2), 1L));
      assertThat(overlap.in(1)).isEqualTo(2);
      assertThat(overlap.inAll(new TreeSet<>(Set.of(0, 1)))).isEqualTo(1);
      assertThat(overlap.first(0)).isEqualTo(1);
      assertThat(overlap.first(1)).isEqualTo(1);
      assertThat(overlap.first(2)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void breakdownsTellMembersAndMoney(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      Segment all = new Segment.Everyone();

      assertThat(segments.breakdown(all, Breakdown.by("gender"), NOW))
          .containsExactly(
              share("FEMALE", 1, 699_900), share("MALE", 1, 10_000), share(null, 1, 0));
      assertThat(segments.breakdown(all, Breakdown.by("category"), NOW))
          .containsExactly(
              share("", 1, 709_900),
              share("av", 1, 410_000),
              share("av/tv", 1, 410_000),
              share("kitchen", 1, 299_900),
              share("kitchen/hood", 1, 299_900));
      assertThat(segments.breakdown(WOMEN, Breakdown.by("month"), NOW))
          .containsExactly(share("2026-10", 1, 699_900));
      assertThat(segments.breakdown(all, Breakdown.by("month"), NOW))
          .containsExactly(share("2026-10", 1, 699_900), share("2026-11", 0, 10_000));
      assertThat(segments.breakdown(all, Breakdown.by("order.store"), NOW))
          .containsExactly(share("S-1", 1, 699_900), share(null, 0, 10_000));
      Segment tvs = new Segment.Field("category", Op.UNDER, new Operand.Text("av"));
      assertThat(segments.breakdown(all, Breakdown.by("category").where(tvs), NOW))
          .containsExactly(
              share("", 1, 410_000), share("av", 1, 410_000), share("av/tv", 1, 410_000));
      assertThat(segments.breakdown(all, Breakdown.by("category").scope(Scope.ALL), NOW))
          .containsExactly(
              share("", 2, 709_900),
              share("av", 2, 410_000),
              share("av/tv", 2, 410_000),
              share("kitchen", 1, 299_900),
              share("kitchen/hood", 1, 299_900));
      assertThat(segments.breakdown(all, Breakdown.by("month").where(tvs), NOW))
          .containsExactly(share("2026-10", 1, 400_000), share("2026-11", 0, 10_000));
      assertThatThrownBy(() -> segments.breakdown(all, Breakdown.by("colour"), NOW))
          .isInstanceOf(SegmentException.class);
      assertThatThrownBy(() -> segments.breakdown(all, Breakdown.by("store"), NOW))
          .isInstanceOf(SegmentException.class)
          .hasMessageContaining("did you mean 'order.store'?");
      assertThatThrownBy(() -> segments.breakdown(all, Breakdown.by("gender").where(tvs), NOW))
          .isInstanceOf(SegmentException.class)
          .hasMessageContaining("'gender' is a field of members, which divides all");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBreakdownByNumbersSortsThemAndOneByWhatDoesNotDivideIsRefused(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      Segment all = new Segment.Everyone();
      laoke
          .orders()
          .upsert(
              Order.of("SO-3", NOW)
                  .buyer(Buyer.of("jing", null, null))
                  .line(OrderLine.goods("1", "av/tv", 10, "100")));

      assertThat(segments.breakdown(WOMEN, Breakdown.by("quantity"), NOW))
          .containsExactly(share("1", 1, 299_900), share("2", 1, 400_000));
      assertThat(segments.breakdown(all, Breakdown.by("quantity"), NOW))
          .extracting(Share::key)
          .endsWith(Optional.of("1"), Optional.of("2"), Optional.of("10"));
      for (String by :
          List.of("birthday", "name", "remark", "tags", "createdAt", "netAmount", "at")) {
        assertThatThrownBy(() -> segments.breakdown(all, Breakdown.by(by), NOW))
            .isInstanceOfSatisfying(
                SegmentException.class,
                refused ->
                    assertThat(refused.problems())
                        .singleElement()
                        .satisfies(
                            problem -> {
                              assertThat(problem.pointer()).isEqualTo("/by/field");
                              assertThat(problem.zh()).contains(by, "month");
                              assertThat(problem.en()).contains(by, "take a code");
                            }));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAttributeCalledLikeAFieldOfItemsGivesWay(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      laoke.attributes().put(AttributeType.integer("category"));
      laoke
          .members()
          .put(MemberProfile.of("fang").withAttribute("category", Attribute.of(BigDecimal.ONE)));

      assertThat(laoke.segments().breakdown(new Segment.Everyone(), Breakdown.by("category"), NOW))
          .contains(share("av/tv", 1, 410_000));
    }
  }

  /** Else a count would cost as much as the dealer has saved. */
  @ParameterizedTest
  @EnumSource
  void aQuestionReadsTheSavedSegmentsThatItRefersTo(TestServer server) throws SQLException {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      segments.save("women", "女士", WOMEN, "李娜");
      segments.save("broken", "坏", new Segment.InSegment("women"), "李娜");
      try (Connection connection = laoke.pool.getConnection()) {
        connection
            .createStatement()
            .executeUpdate("UPDATE laoke_segment SET body = 'x' WHERE segment_key = 'broken'");
      }

      assertThat(segments.count(new Segment.InSegment("women"))).isEqualTo(1);
      assertThat(segments.describe().fields()).isNotEmpty();
      assertThatThrownBy(() -> segments.count(new Segment.InSegment("broken")))
          .isInstanceOf(SegmentException.class);
      assertThatThrownBy(() -> segments.count(new Segment.InSegment("womem")))
          .hasMessageContaining("women");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theIdOfOneThatWasMergedAnswersAsTheSurvivor(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      long fang = member(laoke, "fang");
      long jing = member(laoke, "jing");
      long lei = member(laoke, "lei");
      laoke.members().merge(fang, jing, "李娜", "one person");
      laoke.members().merge(lei, fang, "李娜", "one person");
      Segment rich = bought("kitchen", 299_900);

      for (long id : List.of(fang, jing, lei)) {
        assertThat(segments.matches(rich, id, NOW)).isTrue();
        assertThat(segments.explain(rich, id, NOW).seen()).hasValue("299900");
      }
      assertThat(segments.matching(rich, Set.of(fang, jing, lei, 77L), NOW))
          .containsExactlyInAnyOrder(fang, jing, lei);
      assertThat(segments.matching(rich, Set.of(jing), NOW)).containsExactly(jing);
      assertThatThrownBy(() -> segments.matches(rich, 77, NOW))
          .isInstanceOf(NotFoundException.class);
    }
  }

  /** Rows alone tell these: nothing of the members themselves is asked. */
  @ParameterizedTest
  @EnumSource
  void returnsWithoutASaleAndThePeopleWhoAreGoneAreLeftOutWhereRowsTellWhoIsMeant(
      TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      long fang = member(laoke, "fang");
      long jing = member(laoke, "jing");
      Instant later = Instant.parse("2026-11-01T00:00:00Z");
      laoke
          .returns()
          .record(
              ReturnNote.of("R-2", later)
                  .customerNo("fang")
                  .line(ReturnLine.of("1", "kitchen/hood", 1, "999")));
      laoke
          .returns()
          .record(
              ReturnNote.of("R-3", later)
                  .customerNo("jing")
                  .line(ReturnLine.of("1", "kitchen/hood", 1, "0.01")));

      assertThat(segments.page(lately(Op.GTE, 200_000), NOW, 0, 10)).containsExactly(fang);
      assertThat(segments.count(lately(Op.GTE, 200_001), NOW)).isZero();
      assertThat(segments.page(lately(Op.LT, 0), NOW, 0, 10)).containsExactly(jing);
      assertThat(segments.page(lately(Op.EQ, -1), NOW, 0, 10)).containsExactly(jing);
      assertThat(segments.count(new Segment.Not(lately(Op.GTE, 0)), NOW)).isEqualTo(1);
      assertThat(segments.count(lately(Op.LTE, 0), NOW)).isEqualTo(2);
      Segment withoutAv =
          new Segment.All(List.of(lately(Op.GTE, 1), new Segment.Not(bought("av", 1))));
      assertThat(segments.count(withoutAv, NOW)).isZero();
      assertThat(
              segments.count(
                  new Segment.All(List.of(lately(Op.LT, 1), new Segment.Not(bought("av", 1)))),
                  NOW))
          .isEqualTo(1);

      Audience frozen = segments.freeze(lately(Op.GTE, 1), NOW, "一年内", "李娜");
      assertThat(segments.members(frozen.id(), 0, 10)).containsExactly(fang);
      laoke.members().merge(jing, fang, "李娜", "one person");
      assertThat(segments.page(lately(Op.EQ, 199_999), NOW, 0, 10)).hasSize(1);
      laoke
          .members()
          .erase(segments.page(lately(Op.GTE, 1), NOW, 0, 10).get(0), "李娜", "asked for it");
      assertThat(segments.count(lately(Op.GTE, 1), NOW)).isZero();
      assertThat(segments.page(lately(Op.GTE, 1), NOW, 0, 10)).isEmpty();
      assertThat(segments.breakdown(lately(Op.GTE, 1), Breakdown.by("category"), NOW)).isEmpty();
    }
  }

  /** A known gender and money spent are of living members alone, so that nothing else is asked. */
  @ParameterizedTest
  @EnumSource
  void nobodyIsCountedForWhatWasForgottenOrIsAnothersNow(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      laoke.members().put(MemberProfile.of("mei").withGender(Gender.FEMALE));
      Segment spent =
          new Segment.Agg(
              Aggregation.SUM,
              "items",
              Optional.of("netAmount"),
              Optional.empty(),
              Optional.empty(),
              Scope.DEFAULT,
              Op.GTE,
              new Operand.Whole(1));
      Segment women =
          new Segment.All(
              List.of(new Segment.Field("gender", Op.EQ, new Operand.Text("FEMALE")), spent));
      long fang = member(laoke, "fang");
      assertThat(segments.page(women, NOW, 0, 10)).containsExactly(fang);

      laoke.members().merge(fang, member(laoke, "mei"), "李娜", "one person");
      assertThat(segments.page(women, NOW, 0, 10)).containsExactly(member(laoke, "mei"));
      assertThat(segments.count(women, NOW)).isEqualTo(1);

      laoke.members().erase(member(laoke, "mei"), "李娜", "asked for it");
      assertThat(segments.page(women, NOW, 0, 10)).isEmpty();
      assertThat(segments.count(women, NOW)).isZero();
      assertThat(segments.count(spent, NOW)).isEqualTo(1);
    }
  }

  private static Segment lately(Op op, long fen) {
    return new Segment.Agg(
        Aggregation.SUM,
        "items",
        Optional.of("netAmount"),
        Optional.of(new Segment.Field("category", Op.UNDER, new Operand.Text("kitchen"))),
        Optional.of(new Window.Last(Period.ofDays(365))),
        Scope.DEFAULT,
        op,
        new Operand.Whole(fen));
  }

  @ParameterizedTest
  @EnumSource
  void aCategoryThatMovedIsAskedAtItsNewPlace(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      Segment hood = bought("kitchen/hood", 1);
      SavedSegment before = segments.save("hood", "买过油烟机", hood, "李娜");
      laoke.catalog().move("kitchen", "home/kitchen");
      laoke.catalog().move("home/kitchen/hood", "home/smoke");
      laoke.followChanges();

      assertThat(laoke.catalog().currentPath("kitchen/hood")).isEqualTo("home/smoke");
      assertThat(laoke.catalog().currentPath("av")).isEqualTo("av");
      assertThat(segments.count(hood)).isEqualTo(1);
      assertThat(segments.count(new Segment.InSegment("hood"))).isEqualTo(1);
      assertThat(segments.matches(hood, member(laoke, "fang"), NOW)).isTrue();
      assertThat(segments.toChinese(hood)).isEqualTo(segments.toChinese(bought("home/smoke", 1)));
      assertThat(segments.save("hood", "买过油烟机", hood, "李娜")).isEqualTo(before);
      assertThatThrownBy(() -> segments.count(bought("kitchen/nowhere", 1)))
          .isInstanceOf(SegmentException.class)
          .hasMessageContaining("home/kitchen");
    }
  }

  @ParameterizedTest
  @EnumSource
  void momentsFinerThanAMillisecondDivideAsTheyStand(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      Instant bought = Instant.parse("2026-10-31T15:59:59Z");
      for (String finer : List.of("2026-10-31T15:59:59.0000001Z", "2026-10-31T15:59:59.0009Z")) {
        assertThat(segments.count(orderAt(Op.LT, finer))).as(finer).isEqualTo(1);
        assertThat(segments.count(orderAt(Op.GTE, finer))).as(finer).isZero();
        Segment untilThen = inLast(Period.ofDays(1));
        assertThat(segments.count(untilThen, Instant.parse(finer))).as(finer).isEqualTo(1);
      }
      assertThat(segments.count(inLast(Period.ofDays(1)), bought)).isZero();
      assertThat(segments.count(orderAt(Op.GTE, bought.toString()))).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofTwoEventsOfOneMomentAndIdTheirTypesTellTheFirst(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      long fang = member(laoke, "fang");
      List<String> types = List.of("zz", "到店", "AA");
      types.forEach(type -> laoke.events().declare(EventType.of(type)));
      types.forEach(type -> laoke.events().record(fang, Event.of(type, "E-1", NOW)));

      for (String type : types) {
        Segment first = typeOfEvent(Aggregation.FIRST, type);
        Segment last = typeOfEvent(Aggregation.LAST, type);
        assertThat(segments.count(first)).as(type).isEqualTo(type.equals("AA") ? 1 : 0);
        assertThat(segments.matches(first, fang, NOW)).as(type).isEqualTo(type.equals("AA"));
        assertThat(segments.count(last)).as(type).isEqualTo(type.equals("到店") ? 1 : 0);
        assertThat(segments.matches(last, fang, NOW)).as(type).isEqualTo(type.equals("到店"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSaleIsBeforeTheReturnOfItsMomentAndNumber(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      List<Long> buyers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        laoke.members().put(MemberProfile.of("M" + i));
        buyers.add(member(laoke, "M" + i));
        laoke
            .returns()
            .record(
                ReturnNote.of("N" + i, NOW)
                    .customerNo("M" + i)
                    .line(ReturnLine.of("1", "av/tv", 1, "1")));
        laoke
            .orders()
            .upsert(
                Order.of("N" + i, NOW)
                    .buyer(Buyer.of("M" + i, null, null))
                    .line(OrderLine.goods("1", "kitchen/pot", 1, "100")));
      }
      Set<Long> all = new TreeSet<>(buyers);

      for (Aggregation end : List.of(Aggregation.FIRST, Aggregation.LAST)) {
        Segment sold = endOfAll(end, "items", "category", "kitchen/pot");
        Segment back = endOfAll(end, "items", "category", "av/tv");
        Segment sale = endOfAll(end, "orders", "type", "SALE");
        boolean first = end == Aggregation.FIRST;
        for (Segment one : List.of(sold, sale)) {
          assertThat(segments.matching(one, all, NOW)).isEqualTo(first ? all : Set.of());
          assertThat(segments.page(one, NOW, 0, 100).containsAll(all)).isEqualTo(first);
        }
        assertThat(segments.matching(back, all, NOW)).isEqualTo(first ? Set.of() : all);
        assertThat(segments.page(back, NOW, 0, 100).containsAll(all)).isEqualTo(!first);
      }
    }
  }

  private static Segment endOfAll(Aggregation end, String of, String field, String value) {
    return new Segment.Agg(
        end,
        of,
        Optional.of(field),
        Optional.empty(),
        Optional.empty(),
        Scope.ALL,
        Op.EQ,
        new Operand.Text(value));
  }

  @ParameterizedTest
  @EnumSource
  void aStoreThatOrdersNameIsAskedForThoughNobodyPutIt(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      laoke
          .orders()
          .upsert(
              Order.of("SO-3", NOW)
                  .buyer(Buyer.of("jing", null, null))
                  .store("HZ01")
                  .line(OrderLine.goods("1", "av/tv", 1, "100")));
      Segment there =
          counted(
              Optional.of(new Segment.Field("store", Op.EQ, new Operand.Text("HZ01"))),
              Optional.empty());

      assertThat(segments.page(there, NOW, 0, 10)).containsExactly(member(laoke, "jing"));
      assertThat(segments.toChinese(there)).contains("HZ01");
      SegmentSchema.Field store =
          segments.describe().collections().stream()
              .filter(one -> one.name().equals("orders"))
              .flatMap(one -> one.fields().stream())
              .filter(field -> field.name().equals("store"))
              .findFirst()
              .orElseThrow();
      assertThat(store.values())
          .extracting(SegmentSchema.Value::value)
          .containsExactly("S-1", "S-2", "s-1", "HZ01");
      Segment nowhere =
          counted(
              Optional.of(new Segment.Field("store", Op.EQ, new Operand.Text("HZ02"))),
              Optional.empty());
      assertThatThrownBy(() -> segments.count(nowhere)).isInstanceOf(SegmentException.class);
    }
  }

  private static Segment typeOfEvent(Aggregation end, String type) {
    return new Segment.Agg(
        end,
        "events",
        Optional.of("type"),
        Optional.empty(),
        Optional.empty(),
        Scope.DEFAULT,
        Op.EQ,
        new Operand.Text(type));
  }

  @ParameterizedTest
  @EnumSource
  void anOverlapOfTooMuchIsRefusedBeforeTheDatabaseIsAsked(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      List<Segment> parts = new ArrayList<>();
      for (int i = 1; i < 80; i++) {
        parts.add(bought("kitchen", i));
      }
      Segment much = new Segment.All(parts);

      assertThat(laoke.segments().overlap(List.of(much, WOMEN), NOW).members())
          .containsEntry(Set.of(0, 1), 1L);
      assertThatThrownBy(() -> laoke.segments().overlap(Collections.nCopies(6, much), NOW))
          .isInstanceOf(SegmentException.class)
          .hasMessageContaining("480 parts together, at most 400");
      assertThatThrownBy(() -> laoke.segments().overlap(List.of(WOMEN, bought("nowhere", 1)), NOW))
          .hasMessageContaining("/segments/1/where/where/value: ");
    }
  }

  private static Segment orderAt(Op op, String moment) {
    return counted(
        Optional.of(new Segment.Field("at", op, new Operand.Text(moment))), Optional.empty());
  }

  private static Segment inLast(Period period) {
    return counted(Optional.empty(), Optional.of(new Window.Last(period)));
  }

  private static Segment counted(Optional<Segment> where, Optional<Window> during) {
    return new Segment.Agg(
        Aggregation.COUNT,
        "orders",
        Optional.empty(),
        where,
        during,
        Scope.DEFAULT,
        Op.GTE,
        new Operand.Whole(1));
  }

  /** The most that a segment may ask: MySQL joins no more than 61 tables. */
  @ParameterizedTest
  @EnumSource
  void asManyPartsAsThereMayBeAreAnswered(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      List<Segment> parts = new ArrayList<>();
      for (int i = 1; i <= 40; i++) {
        String name = "特征" + i;
        laoke.attributes().put(AttributeType.integer(name));
        parts.add(new Segment.Field(name, Op.MISSING, new Operand.None()));
      }
      for (int days = 1; days <= 130; days++) {
        parts.add(bought(days, days < 30 ? Op.EQ : Op.LTE));
      }
      Segment all = new Segment.All(parts);
      long fang = member(laoke, "fang");
      laoke.members().attributes(fang, Map.of("特征40", Attribute.of(1)));

      assertThat(laoke.segments().count(all)).isEqualTo(2);
      assertThat(laoke.segments().count(new Segment.Not(all))).isEqualTo(1);
      assertThat(laoke.segments().matches(all, fang, NOW)).isFalse();
    }
  }

  /** Lines of the last days: none of the last 23, at most two before. */
  private static Segment bought(int days, Op op) {
    return new Segment.Agg(
        Aggregation.COUNT,
        "items",
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Window.Last(Period.ofDays(days))),
        Scope.DEFAULT,
        op == Op.EQ && days > 22 ? Op.LTE : op,
        new Operand.Whole(op == Op.EQ && days <= 22 ? 0 : 2));
  }

  /** A dealer's own field may be called as one of the lists is. */
  @ParameterizedTest
  @EnumSource
  void aTextOfTheDealersOwnIsNotHeldAgainstTheListOfItsName(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      laoke.attributes().put(AttributeType.text("store"));
      laoke.attributes().put(AttributeType.text("category"));
      long fang = member(laoke, "fang");
      laoke
          .members()
          .attributes(fang, Map.of("store", Attribute.of("老街"), "category", Attribute.of("熟客")));

      assertThat(laoke.segments().page(text("store", Op.EQ, "老街"), NOW, 0, 9))
          .containsExactly(fang);
      assertThat(laoke.segments().page(text("category", Op.EQ, "熟客"), NOW, 0, 9))
          .containsExactly(fang);
      assertThatThrownBy(() -> laoke.segments().count(bought("老街", 1)))
          .isInstanceOf(SegmentException.class);
    }
  }

  /** Nothing asks for a second connection while it holds one. */
  @ParameterizedTest
  @EnumSource
  void aPoolOfOneIsEnough(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      laoke.pool.getHikariConfigMXBean().setMaximumPoolSize(1);
      laoke.pool.getHikariConfigMXBean().setConnectionTimeout(1_000);
      laoke.pool.getHikariPoolMXBean().softEvictConnections();
      Segments segments = laoke.segments();

      segments.save("a", "甲", bought("av", 1), "小李");
      segments.save("b", "乙", new Segment.Not(new Segment.InSegment("a")), "小李");
      Segment tvs = new Segment.Field("category", Op.UNDER, new Operand.Text("av"));
      assertThat(
              segments.breakdown(
                  new Segment.InSegment("a"), Breakdown.by("category").where(tvs), NOW))
          .hasSize(3);
      assertThat(segments.freeze(new Segment.InSegment("b"), NOW, "丙", "小李").members())
          .isEqualTo(1);
      assertThat(segments.stream(new Segment.InSegment("a"), NOW, id -> {})).isEqualTo(2);
      assertThat(segments.explain(bought("av", 1), member(laoke, "fang"), NOW).rows()).isEqualTo(1);
    }
  }

  /**
   * Whoever joins a transaction of the host sees what it has written, and leaves its plans alone.
   */
  @ParameterizedTest
  @EnumSource
  void joinsTheHostsTransaction(TestServer server) throws SQLException {
    try (SegmentFixture laoke = shop(server);
        Connection host = laoke.pool.getConnection()) {
      host.setAutoCommit(false);
      laoke.members(host).put(MemberProfile.of("ming").withGender(Gender.FEMALE));

      assertThat(laoke.segments(host).count(WOMEN)).isEqualTo(2);
      Audience frozen = laoke.segments(host).freeze(WOMEN, NOW, "双十一", "小李");
      if (server == TestServer.POSTGRESQL) {
        try (ResultSet row =
            host.createStatement().executeQuery("SELECT current_setting('enable_nestloop')")) {
          row.next();
          assertThat(row.getString(1)).isEqualTo("on");
        }
      }
      host.rollback();

      assertThat(laoke.segments().count(WOMEN)).isEqualTo(1);
      assertThat(laoke.segments().audience(frozen.id())).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void membersAreDividedByFlags(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();

      assertThat(segments.breakdown(new Segment.Everyone(), Breakdown.by("hasPhone"), NOW))
          .containsExactly(share("false", 3, 709_900));
    }
  }

  /** What is encrypted is found by its hash; what has none cannot be asked for. */
  @ParameterizedTest
  @EnumSource
  void encryptedTextsAreComparedAsAWholeOrNotAtAll(TestServer server) {
    Sealer sealer = AesGcmSealer.of("k1", new byte[32]);
    try (SegmentFixture laoke = new SegmentFixture(server, sealer)) {
      laoke.attributes().put(AttributeType.text("爱好"));
      laoke.events().declare(EventType.of("到店").property(AttributeType.text("导购")));
      laoke.members().put(MemberProfile.of("fang").withName("王芳"));
      laoke.members().put(MemberProfile.of("lei").withName("李雷"));
      long fang = member(laoke, "fang");
      laoke.members().attributes(fang, Map.of("爱好", Attribute.of("钓鱼")));
      for (int i = 0; i < 2; i++) {
        laoke.events().record(fang, Event.of("到店", "V-" + i, NOW).with("导购", Attribute.of("小李")));
      }
      Segments segments = laoke.segments();

      assertThat(segments.page(text("爱好", Op.EQ, "钓鱼"), NOW, 0, 9)).containsExactly(fang);
      assertThat(segments.page(text("爱好", Op.NE, "钓鱼"), NOW, 0, 9))
          .containsExactly(member(laoke, "lei"));
      assertThat(
              segments.page(visits(Aggregation.DISTINCT, Op.EQ, new Operand.Whole(1)), NOW, 0, 9))
          .containsExactly(fang);
      assertThat(segments.page(visits(Aggregation.LAST, Op.EQ, new Operand.Text("小李")), NOW, 0, 9))
          .containsExactly(fang);
      assertThat(
              segments.matches(visits(Aggregation.LAST, Op.EQ, new Operand.Text("小李")), fang, NOW))
          .isTrue();
      for (Segment letters : List.of(text("爱好", Op.CONTAINS, "钓"), text("name", Op.EQ, "王芳"))) {
        assertThatThrownBy(() -> segments.count(letters))
            .isInstanceOf(SegmentException.class)
            .hasMessageNotContaining("王芳");
      }
    }
  }

  private static Segment text(String field, Op op, String value) {
    return new Segment.Field(field, op, new Operand.Text(value));
  }

  private static Segment visits(Aggregation agg, Op op, Operand value) {
    return new Segment.Agg(
        agg, "到店", Optional.of("导购"), Optional.empty(), Optional.empty(), Scope.DEFAULT, op, value);
  }

  private static Share share(String key, long members, long fen) {
    return new Share(Optional.ofNullable(key), members, BigDecimal.valueOf(fen));
  }

  @ParameterizedTest
  @EnumSource
  void anAudienceNeverChanges(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      segments.save("women", "女会员", WOMEN, "小李");

      Audience frozen = segments.freeze(new Segment.InSegment("women"), NOW, "双十一", "小李");

      assertThat(frozen.members()).isEqualTo(1);
      assertThat(frozen.segment()).isEqualTo(WOMEN);
      laoke.members().put(MemberProfile.of("lei").withGender(Gender.FEMALE));
      segments.save("women", "女会员", new Segment.Not(WOMEN), "小李");
      assertThat(segments.audience(frozen.id())).hasValue(frozen);
      assertThat(segments.members(frozen.id(), 0, 10)).containsExactly(member(laoke, "fang"));
      Audience none = segments.freeze(new Segment.Any(List.of()), NOW, "空", "小李");
      assertThat(segments.audiences(0, 10)).containsExactly(none, frozen);
      assertThat(segments.audiences(none.id(), 10)).containsExactly(frozen);
      assertThatThrownBy(() -> segments.members(7, 0, 10)).isInstanceOf(NotFoundException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void savedSegmentsHaveVersionsAndReferToEachOtherWithoutCircles(TestServer server) {
    try (SegmentFixture laoke = shop(server)) {
      Segments segments = laoke.segments();
      Segment inA = new Segment.InSegment("a");

      SavedSegment first = segments.save("a", "甲", WOMEN, "小李");
      assertThat(segments.save("a", "甲", WOMEN, "小王")).isEqualTo(first);
      SavedSegment b = segments.save("b", "乙", new Segment.Not(inA), "小李");
      SavedSegment second = segments.save("a", "甲", bought("av", 1), "小王");

      assertThat(first.version()).isEqualTo(1);
      assertThat(second.version()).isEqualTo(2);
      assertThat(segments.versions("a")).containsExactly(first, second);
      assertThat(segments.all()).containsExactly(second, b);
      assertThat(segments.count(new Segment.InSegment("b"))).isEqualTo(1);
      assertThat(segments.dependsOn(new Segment.InSegment("b"))).containsExactly("a", "b");
      assertThat(segments.usedBy("a")).containsExactly("b");
      assertThatThrownBy(() -> segments.save("a", "甲", new Segment.InSegment("b"), "小李"))
          .isInstanceOf(SegmentException.class);
      assertThatThrownBy(() -> segments.save("c", "丙", new Segment.InSegment("c"), "小李"))
          .isInstanceOf(SegmentException.class);
      assertThatThrownBy(() -> segments.remove("a", "小李"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("b");
      assertThat(segments.find("a")).hasValue(second);
      assertThat(segments.remove("b", "小李")).isTrue();
      assertThat(segments.remove("a", "小李")).isTrue();
      assertThat(segments.remove("a", "小李")).isFalse();
      assertThat(segments.find("a")).isEmpty();
      assertThat(segments.save("a", "甲", WOMEN, "小李").version()).isEqualTo(4);
      assertThat(segments.versions("a")).hasSize(3);
      assertThatThrownBy(() -> segments.page(inA, NOW, 0, 0))
          .isInstanceOf(InvalidInputException.class);
    }
  }
}

package io.laoke.push;

import static io.laoke.push.PlanFixture.MONTH;
import static io.laoke.push.PlanFixture.NOW;
import static io.laoke.push.PlanFixture.plan;
import static io.laoke.push.PlanFixture.tagged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.member.Consent;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.order.Statements;
import io.laoke.segment.Criteria;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who gets what, told before and written then. */
class PlansTest {
  private static final List<String> TAGS = List.of("kitchen", "clean", "av", "all");

  /** A member as the test made it. */
  private record Made(
      long id, Set<Integer> tags, boolean follows, Boolean agreed, boolean paused, int used) {}

  private static List<Made> population(PlanFixture laoke, Random random, int many) {
    List<Made> made = new ArrayList<>();
    Map<Integer, Set<String>> byUse = new TreeMap<>();
    for (int i = 0; i < many; i++) {
      Set<Integer> tags = new TreeSet<>();
      for (int tag = 0; tag < TAGS.size(); tag++) {
        if (random.nextInt(3) == 0) {
          tags.add(tag);
        }
      }
      String openid = "o-" + i;
      long id = laoke.follower(openid, tags.stream().map(TAGS::get).toArray(String[]::new));
      Boolean agreed = random.nextInt(8) == 0 ? null : (Boolean) (random.nextInt(6) > 0);
      if (agreed != null) {
        laoke
            .dealer()
            .members()
            .consent(
                id,
                agreed
                    ? Consent.given(Purpose.MARKETING, "PAPER", "v1", NOW)
                    : Consent.refused(Purpose.MARKETING, "CALL", NOW));
      }
      boolean paused = random.nextInt(10) == 0;
      if (paused) {
        laoke
            .dealer()
            .members()
            .pause(id, Purpose.MARKETING, NOW.plus(Duration.ofDays(3)), "投诉", "li");
      }
      boolean follows = random.nextInt(7) > 0;
      int used = random.nextInt(5);
      if (used > 0) {
        byUse.computeIfAbsent(used, same -> new TreeSet<>()).add(openid);
      }
      if (!follows) {
        laoke.unfollows(openid);
      }
      made.add(new Made(id, tags, follows, agreed, paused, used));
    }
    byUse.forEach(
        (used, openids) -> {
          for (int i = 0; i < used; i++) {
            assertThat(laoke.take(openids, 100)).hasSameSizeAs(openids);
          }
        });
    return made;
  }

  /** What a member should get, said plainly. */
  private static Optional<String> expected(Made one, int most, int console) {
    if (one.tags.isEmpty()) {
      return Optional.empty();
    }
    int rule = one.tags.iterator().next();
    String result =
        !one.follows
            ? "STOPPED NOT_FOLLOWING"
            : one.agreed == null
                ? "STOPPED NO_CONSENT"
                : !one.agreed
                    ? "STOPPED REFUSED_PURPOSE"
                    : one.paused
                        ? "STOPPED PAUSED"
                        : one.used + console >= 4
                            ? "STOPPED QUOTA"
                            : one.used + console >= most ? "STOPPED KEPT" : "CHOSEN ";
    return Optional.of("%d %d %s %s".formatted(one.id, rule, one.tags, result));
  }

  private static String told(PlanDecision one) {
    return "%d %d %s %s %s"
        .formatted(
            one.memberId(),
            one.rule(),
            new TreeSet<>(one.matched()),
            one.result(),
            one.reason().map(Reason::code).orElse(""));
  }

  @ParameterizedTest
  @EnumSource
  void aPreviewSaysWhatIsWrittenThenOfEveryMemberOnce(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, PlanSettings.standard())) {
      List<Made> made = population(laoke, new Random(20_261_124), 120);
      for (PlanPriority priority : PlanPriority.values()) {
        Plan plan = plan("p-" + priority.name().toLowerCase(Locale.ROOT)).priority(priority);
        int most = priority == PlanPriority.HIGH ? 4 : 3;
        List<String> expected =
            made.stream().flatMap(one -> expected(one, most, 0).stream()).toList();
        List<String> previewed = new ArrayList<>();
        PlanCounts preview = laoke.plans().preview(plan, NOW, one -> previewed.add(told(one)));
        assertThat(previewed).isEqualTo(expected);
        assertThat(laoke.plans().preview(plan, NOW)).isEqualTo(preview);

        laoke.approved(plan);
        assertThat(laoke.plans().allocate(plan.key(), NOW, "boss")).isEqualTo(preview);
        List<PlanDecision> written = new ArrayList<>();
        for (long after = 0; ; ) {
          List<PlanDecision> page = laoke.plans().decisions(plan.key(), after, 50);
          written.addAll(page);
          if (page.size() < 50) {
            break;
          }
          after = page.get(49).memberId();
        }
        assertThat(written.stream().map(PlansTest::told)).isEqualTo(expected);
        assertThat(preview.audience()).isEqualTo(expected.size());
        assertThat(preview.quota().values().stream().mapToLong(Long::longValue).sum())
            .isEqualTo(preview.chosen())
            .isEqualTo(expected.stream().filter(one -> one.endsWith("CHOSEN ")).count());
        PlanCounts kept = laoke.plans().counts(plan.key());
        assertThat(kept.rules()).isEqualTo(preview.rules());
        assertThat(kept.matched()).isEqualTo(preview.matched());
        for (int i = 0; i < TAGS.size(); i++) {
          int place = i;
          PlanCounts.OfRule of = preview.rules().get(i);
          assertThat(of.matched())
              .isEqualTo(made.stream().filter(one -> one.tags.contains(place)).count());
          assertThat(of.audience()).isEqualTo(of.matched() - of.earlier());
          of.stopped()
              .keySet()
              .forEach(code -> assertThat(laoke.plans().reason(code)).as(code).isPresent());
        }
      }
      assertThat(made)
          .as("every case occurs")
          .anyMatch(one -> one.used == 4 && one.tags.size() > 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatStaffSentFromTheConsoleCountsForEverybody(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, PlanSettings.standard())) {
      long one = laoke.agreed("o-1", "kitchen");
      long other = laoke.agreed("o-2", "kitchen");
      laoke.take(Set.of("o-1"), 4);
      assertThat(laoke.plans().preview(plan("p"), NOW).chosen()).isEqualTo(2);
      long first = laoke.quota().consoleSend("wx1", LocalDate.of(2026, 11, 1), "li", "双十一");
      laoke.quota().consoleSend("wx1", LocalDate.of(2026, 11, 24), "li", "");
      laoke.quota().consoleSend("wx1", LocalDate.of(2026, 10, 31), "li", "");
      laoke.quota().consoleSend("wx2", LocalDate.of(2026, 11, 24), "li", "");
      assertThat(laoke.quota().used("wx1", one, MONTH)).isEqualTo(3);
      assertThat(laoke.quota().used("wx1", other, MONTH)).isEqualTo(2);
      PlanCounts counts = laoke.plans().preview(plan("p"), NOW);
      assertThat(counts.chosen()).isEqualTo(1);
      assertThat(counts.quota()).containsExactly(Map.entry(1, 1L));
      assertThat(counts.rules().get(0).stopped()).containsExactly(Map.entry("KEPT", 1L));
      assertThat(laoke.quota().month("wx1", MONTH).used()).containsExactly(Map.entry(1, 1L));
      assertThat(laoke.quota().month("wx1", MONTH).console())
          .extracting(QuotaMonth.ConsoleSend::note)
          .containsExactly("双十一", "");

      assertThat(laoke.quota().takeBack(first)).isTrue();
      assertThat(laoke.quota().takeBack(first)).isFalse();
      assertThat(laoke.quota().used("wx1", one, MONTH)).isEqualTo(2);
      assertThatThrownBy(
              () -> laoke.quota().consoleSend("wx1", LocalDate.of(2026, 11, 25), "li", ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("must not be after today, 2026-11-24");
      assertThatThrownBy(() -> laoke.quota().used("wx1", 7, MONTH))
          .isInstanceOf(NotFoundException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameMembersAreHeldOutEachTimeAndASegmentFindsThem(TestServer server) {
    PlanSettings some = PlanSettings.standard().withHeldOut(100);
    try (PlanFixture laoke = new PlanFixture(server, some)) {
      for (int i = 0; i < 60; i++) {
        laoke.agreed("o-" + i, "kitchen");
      }
      List<Long> ofAll =
          laoke.dealer().segments().page(Criteria.bucket("holdout", 0, 1_000), NOW, 0, 1_000);
      List<Long> ofPlan =
          laoke.dealer().segments().page(Criteria.bucket("holdout/p", 0, 3_000), NOW, 0, 1_000);
      TreeSet<Long> both = new TreeSet<>(ofAll);
      both.addAll(ofPlan);
      for (int repeat = 0; repeat < 2; repeat++) {
        TreeSet<Long> held = new TreeSet<>();
        PlanCounts counts =
            laoke
                .plans()
                .preview(
                    plan("p").holdOut(300),
                    NOW,
                    one -> {
                      if (one.result() == PlanDecision.Result.HELD_OUT) {
                        held.add(one.memberId());
                      }
                    });
        assertThat(held).isEqualTo(both).isNotEmpty().hasSizeLessThan(60);
        assertThat(counts.rules().get(0).heldOut()).isEqualTo(both.size());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsApprovedIsWhatWasLookedAt(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, PlanSettings.standard())) {
      Plans plans = laoke.plans();
      assertThatThrownBy(() -> plans.submit("p", "li")).isInstanceOf(NotFoundException.class);
      plans.save(Plan.of("empty", "空", "wx1"), "li");
      assertThatThrownBy(() -> plans.submit("empty", "li"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("add one with rule(…)");
      SavedPlan first = plans.save(plan("p"), "li");
      assertThat(plans.save(plan("p"), "wang")).isEqualTo(first);
      assertThat(plans.find("p")).contains(first);
      assertThatThrownBy(() -> plans.approve("p", first.hash(), "boss"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("it is DRAFT, and must be SUBMITTED");
      assertThat(plans.submit("p", "li").state()).isEqualTo(PlanState.SUBMITTED);
      SavedPlan changed = plans.save(plan("p").holdOut(10), "wang");
      assertThat(changed.version()).isEqualTo(2);
      assertThat(changed.state()).as("a change leads back").isEqualTo(PlanState.DRAFT);
      assertThat(changed.hash()).isNotEqualTo(first.hash());
      SavedPlan submitted = plans.submit("p", "wang");
      assertThatThrownBy(() -> plans.approve("p", first.hash(), "boss"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("changed since it was looked at");
      assertThatThrownBy(() -> plans.approve("p", submitted.hash(), "wang"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("somebody else is to approve it");
      assertThatThrownBy(() -> plans.allocate("p", NOW, "boss"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("must be APPROVED");
      SavedPlan approved = plans.approve("p", submitted.hash(), "boss");
      assertThat(plans.approve("p", submitted.hash(), "boss")).isEqualTo(approved);
      assertThatThrownBy(() -> plans.counts("p"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("decided nothing yet");
      assertThat(plans.reject("p", "boss", "封面太暗").state()).isEqualTo(PlanState.DRAFT);
      plans.submit("p", "li");
      plans.approve("p", submitted.hash(), "boss");
      plans.allocate("p", NOW, "boss");
      assertThat(plans.allocate("p", NOW.plusSeconds(9), "boss").audience()).isZero();
      assertThat(plans.find("p").orElseThrow().allocatedAt()).contains(NOW);
      assertThatThrownBy(() -> plans.save(plan("p"), "li")).isInstanceOf(ConflictException.class);
      assertThat(plans.cancel("p", "boss", "不发了").state()).isEqualTo(PlanState.CANCELLED);
      assertThat(plans.events("p"))
          .extracting(one -> one.action() + " " + one.version() + " " + one.by() + one.note())
          .containsExactly(
              "SAVED 1 li",
              "SUBMITTED 1 li",
              "SAVED 2 wang",
              "SUBMITTED 2 wang",
              "APPROVED 2 boss",
              "REJECTED 2 boss封面太暗",
              "SUBMITTED 2 li",
              "APPROVED 2 boss",
              "ALLOCATED 2 boss",
              "CANCELLED 2 boss不发了");
      assertThat(plans.all()).extracting(one -> one.plan().key()).containsExactly("empty", "p");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasBrokenOffIsBegunAnewAndAnotherWorkerWaits(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, PlanSettings.standard())) {
      for (int i = 0; i < 40; i++) {
        laoke.agreed("o-" + i, "kitchen");
      }
      laoke.approved(plan("p"));
      for (int broken : new int[] {1, 2, 3, 4, 5}) {
        AtomicInteger commits = new AtomicInteger(-1_000);
        TamperedDataSource dies =
            new TamperedDataSource(
                laoke.pool,
                (connection, method, arguments) -> {
                  if (method.equals("commit") && commits.incrementAndGet() >= broken) {
                    throw new SQLException("the worker was killed", "08006");
                  }
                });
        Plans killed = laoke.engine(dies, PlanSettings.standard()).dealer("hengxin").plans();
        killed.all();
        commits.set(0);
        assertThatThrownBy(() -> killed.allocate("p", NOW, "boss")).isNotNull();
        if (laoke.turnTaken()) {
          assertThatThrownBy(() -> laoke.plans().allocate("p", NOW, "boss"))
              .isInstanceOf(ConflictException.class)
              .hasMessageContaining("is being allocated just now");
        }
        assertThatThrownBy(() -> laoke.plans().counts("p")).isInstanceOf(ConflictException.class);
        laoke.aMinuteLater();
      }
      PlanCounts counts = laoke.plans().allocate("p", NOW, "boss");
      assertThat(counts.chosen()).isEqualTo(40);
      assertThat(laoke.plans().counts("p").rules()).isEqualTo(counts.rules());
      assertThat(laoke.plans().decisions("p", 0, 100)).hasSize(40);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWritesThatTheyWantNoMoreIsStoppedInTheNextPreview(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, PlanSettings.standard())) {
      laoke.agreed("o-1", "kitchen");
      long refuses = laoke.agreed("o-2", "kitchen");
      assertThat(laoke.plans().preview(plan("p"), NOW).chosen()).isEqualTo(2);

      assertThat(laoke.says("o-2", "退订")).asString().contains("已为您退订");

      List<String> stopped = new ArrayList<>();
      PlanCounts preview =
          laoke
              .plans()
              .preview(
                  plan("p"), NOW, one -> one.reason().ifPresent(why -> stopped.add(told(one))));
      assertThat(preview.chosen()).isEqualTo(1);
      assertThat(preview.rules().get(0).stopped()).isEqualTo(Map.of("REFUSED_PURPOSE", 1L));
      assertThat(stopped).singleElement().asString().startsWith(refuses + " ");
    }
  }

  /** Nothing is asked for one member after the other. */
  @ParameterizedTest
  @EnumSource
  void whatIsAskedDoesNotGrowWithTheMembers(TestServer server) {
    List<Map<String, Integer>> asked = new ArrayList<>();
    for (int members : new int[] {3, 90}) {
      try (PlanFixture laoke = new PlanFixture(server, PlanSettings.standard())) {
        for (int i = 0; i < members; i++) {
          laoke.agreed("o-" + i, "kitchen");
        }
        laoke.approved(plan("p"));
        Statements statements = new Statements();
        Plans counted =
            laoke
                .engine(statements.of(laoke.pool), PlanSettings.standard())
                .dealer("hengxin")
                .plans();
        counted.all();
        statements.taken();
        assertThat(counted.allocate("p", NOW, "boss").chosen()).isEqualTo(members);
        asked.add(
            statements.taken().stream()
                .collect(
                    Collectors.toMap(
                        sql -> sql.strip().split("\\s+", 2)[0],
                        sql -> 1,
                        Integer::sum,
                        TreeMap::new)));
      }
    }
    assertThat(asked.get(1)).isEqualTo(asked.get(0));
    assertThat(asked.get(0).get("INSERT")).as("of decisions, and of the step").isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void badPlansAreRefusedWithTheirPlace(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, PlanSettings.standard())) {
      Plan unknown = plan("p").rule("坏", Criteria.in("nobody"), "E");
      assertThatThrownBy(() -> laoke.plans().save(unknown, "li"))
          .hasMessageContaining("/segments/3/where");
      assertThatThrownBy(() -> laoke.plans().preview(Plan.of("p", "空", "wx1"), NOW))
          .isInstanceOf(InvalidInputException.class);
      assertThat(laoke.plans().all()).isEmpty();
      Plan nine = Plan.of("p", "九", "wx1");
      for (int i = 0; i < 9; i++) {
        nine = nine.rule("组" + i, tagged("t" + i), "C" + i);
      }
      Plan full = nine.rest("其余", Criteria.everyone(), "R");
      assertThat(laoke.plans().save(full, "li").plan()).isEqualTo(full);
      assertThat(laoke.plans().find("p").orElseThrow().plan()).isEqualTo(full);
      assertThatThrownBy(() -> full.rule("十", tagged("x"), "X"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("9 at most");
      assertThatThrownBy(() -> full.purpose(Purpose.ORDER))
          .isInstanceOf(InvalidInputException.class);
    }
  }
}

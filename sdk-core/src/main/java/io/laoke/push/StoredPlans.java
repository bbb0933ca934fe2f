package io.laoke.push;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;
import static io.laoke.base.Check.text;

import io.laoke.base.Check;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Reason;
import io.laoke.segment.Memberships;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** {@link Plans} over the tables. */
final class StoredPlans implements Plans {
  private static final int MOST_PAGE = 10_000;
  private static final Instant MOST_FROM = Instant.parse("2299-12-31T00:00:00Z");
  private static final Duration MOST_WINDOW = Duration.ofDays(366);
  private static final long MOST_CAP_FEN = 1_000_000_000_000_000L;

  private final Database database;
  private final Tenant tenant;
  private final Memberships memberships;
  private final Contents contents;
  private final Supplier<Allocation> allocation;
  private final Supplier<PlanSettings> settings;
  private final Ids ids;
  private final Clock clock;

  StoredPlans(
      Database database,
      Tenant tenant,
      Memberships memberships,
      Contents contents,
      Supplier<Allocation> allocation,
      Supplier<PlanSettings> settings,
      Ids ids,
      Clock clock) {
    this.database = database;
    this.tenant = tenant;
    this.memberships = memberships;
    this.contents = contents;
    this.allocation = allocation;
    this.settings = settings;
    this.ids = ids;
    this.clock = clock;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  // ---- plans

  @Override
  public SavedPlan save(Plan plan, String by) {
    notNull("plan", plan);
    String who = text("by", by, 64);
    Instant now = now();
    if (!plan.all().isEmpty()) {
      // Told with the place of the segment, before anything is written.
      memberships.check(plan.all().stream().map(Plan.Rule::segment).toList(), now);
    }
    return database.write(
        "save a plan",
        tx -> {
          PlanTable.lock(tx, tenant);
          Optional<PlanTable.Stored> before = PlanTable.find(tx, tenant, plan.key(), true);
          if (before.isPresent() && before.get().saved().plan().equals(plan)) {
            return before.get().saved();
          }
          before.ifPresent(
              there ->
                  allowed(
                      there.saved(),
                      "saved",
                      EnumSet.of(PlanState.DRAFT, PlanState.SUBMITTED, PlanState.APPROVED)));
          SavedPlan saved =
              SavedPlan.draft(
                  plan, before.map(there -> there.saved().version()).orElse(0) + 1, now, who);
          long id = before.map(PlanTable.Stored::id).orElseGet(ids::next);
          if (before.isEmpty()) {
            PlanTable.insert(tx, tenant, id, saved);
          } else {
            PlanTable.update(tx, tenant, saved);
          }
          PlanTable.happened(tx, tenant, ids, id, saved, PlanEvent.Action.SAVED, "");
          return saved;
        });
  }

  private static void allowed(SavedPlan plan, String what, Set<PlanState> states) {
    if (!states.contains(plan.state())) {
      throw new ConflictException(
          "Plan '%s' was not %s: it is %s, and must be %s. %s"
              .formatted(
                  plan.plan().key(),
                  what,
                  plan.state(),
                  states.stream().map(PlanState::name).collect(Collectors.joining(" or ")),
                  plan.state() == PlanState.DRAFT
                      ? "Submit it, and have it approved, first."
                      : plan.state() == PlanState.SUBMITTED
                          ? "Have it approved first."
                          : plan.state() == PlanState.APPROVED
                                  || plan.state() == PlanState.SCHEDULED
                              ? "Reject it first if it is to be changed."
                              : "Save it under another key to do the same again."));
    }
  }

  @Override
  public Optional<SavedPlan> find(String key) {
    String checked = key("key", key, 64);
    return database.read(
        "read a plan",
        tx -> PlanTable.find(tx, tenant, checked, false).map(PlanTable.Stored::saved));
  }

  @Override
  public List<SavedPlan> all() {
    return database.read("list the plans", tx -> PlanTable.all(tx, tenant));
  }

  @Override
  public List<PlanEvent> events(String key) {
    String checked = key("key", key, 64);
    return database.read(
        "list the steps of a plan",
        tx ->
            PlanTable.find(tx, tenant, checked, false)
                .map(plan -> PlanTable.events(tx, tenant, plan.id()))
                .orElse(List.of()));
  }

  @Override
  public SavedPlan submit(String key, String by) {
    String checked = key("key", key, 64);
    String who = text("by", by, 64);
    Map<String, SavedContent> sent = find(checked).map(this::contents).orElse(Map.of());
    return step(
        checked,
        who,
        "",
        PlanEvent.Action.SUBMITTED,
        PlanState.SUBMITTED,
        EnumSet.of(PlanState.DRAFT),
        plan -> {
          if (plan.plan().all().isEmpty()) {
            throw new InvalidInputException(
                "rules",
                "must be one or more, but plan '%s' has none; add one with rule(…)"
                    .formatted(plan.plan().key()));
          }
          List<SavedContent> meant = new ArrayList<>();
          for (Plan.Rule rule : plan.plan().all()) {
            SavedContent content = sent.get(rule.content());
            if (content == null) {
              throw new ConflictException(
                  "Plan '%s' was not submitted: it was changed at the same time. Look at it, and submit it again."
                      .formatted(plan.plan().key()));
            }
            meant.add(content);
          }
          return plan.submitted(who, meant);
        });
  }

  /** What a plan would send, all of it ready. */
  private Map<String, SavedContent> contents(SavedPlan plan) {
    Map<String, SavedContent> found = new HashMap<>();
    for (Plan.Rule rule : plan.plan().all()) {
      SavedContent content =
          contents
              .find(rule.content())
              .orElseThrow(
                  () ->
                      new InvalidInputException(
                          "rule.content",
                          "must be the key of a content, but there is no '%s'; save it with contents().save(…) first"
                              .formatted(rule.content())));
      List<ContentProblem> problems = contents.problems(content.content(), plan.plan().account());
      if (!problems.isEmpty()) {
        throw new InvalidInputException(
            "rule.content",
            "must be ready to be sent, but content '%s' has %d problems, the first: %s. Mend them; contents().problems(…) tells all"
                .formatted(content.key(), problems.size(), problems.get(0)));
      }
      found.put(content.key(), content);
    }
    return found;
  }

  @Override
  public SavedPlan approve(String key, String hash, String by) {
    String looked = text("hash", hash, 64);
    String who = text("by", by, 64);
    return step(
        key,
        who,
        "",
        PlanEvent.Action.APPROVED,
        PlanState.APPROVED,
        EnumSet.of(PlanState.SUBMITTED),
        plan -> {
          if (!plan.hash().equals(looked)) {
            throw new ConflictException(
                "Plan '%s' was not approved: it has been changed since it was looked at. Look at it again, and approve that."
                    .formatted(plan.plan().key()));
          }
          if (settings.get().approvedByAnother()
              && plan.submittedBy().filter(who::equals).isPresent()) {
            throw new ConflictException(
                "Plan '%s' was not approved: '%s' has submitted it, and somebody else is to approve it. Have another do so, or set PlanSettings.approvedByAnybody() in a shop of one."
                    .formatted(plan.plan().key(), who));
          }
          return plan;
        });
  }

  @Override
  public SavedPlan reject(String key, String by, String why) {
    return step(
        key,
        by,
        text("why", why, 200),
        PlanEvent.Action.REJECTED,
        PlanState.DRAFT,
        EnumSet.of(PlanState.SUBMITTED, PlanState.APPROVED, PlanState.SCHEDULED),
        plan -> rejected(plan));
  }

  private static SavedPlan rejected(SavedPlan plan) {
    if (plan.allocatedAt().isPresent()) {
      throw new ConflictException(
          "Plan '%s' was not rejected: it is decided who gets what. Cancel it, and save it under another key to do the same again."
              .formatted(plan.plan().key()));
    }
    return SavedPlan.draft(plan.plan(), plan.version(), plan.changedAt(), plan.changedBy());
  }

  @Override
  public SavedPlan cancel(String key, String by, String why) {
    return step(
        key,
        by,
        text("why", why, 200),
        PlanEvent.Action.CANCELLED,
        PlanState.CANCELLED,
        EnumSet.complementOf(EnumSet.of(PlanState.CANCELLED, PlanState.DONE)),
        UnaryOperator.identity());
  }

  @Override
  public SavedPlan schedule(String key, String by) {
    return step(
        key,
        by,
        "",
        PlanEvent.Action.SCHEDULED,
        PlanState.SCHEDULED,
        EnumSet.of(PlanState.APPROVED, PlanState.ALLOCATED),
        plan -> {
          if (plan.plan().startAt().isEmpty()) {
            throw new InvalidInputException(
                "startAt",
                "must be set for a plan that is scheduled, but plan '%s' has none; give it one with startAt(…), or call start(…) when it is to leave"
                    .formatted(plan.plan().key()));
          }
          return plan;
        });
  }

  @Override
  public SavedPlan start(String key, String by) {
    return step(
        key,
        by,
        "",
        PlanEvent.Action.STARTED,
        PlanState.RUNNING,
        EnumSet.of(PlanState.ALLOCATED),
        UnaryOperator.identity());
  }

  @Override
  public SavedPlan pause(String key, String by, String why) {
    return step(
        key,
        by,
        text("why", why, 200),
        PlanEvent.Action.PAUSED,
        PlanState.PAUSED,
        EnumSet.of(PlanState.RUNNING, PlanState.AWAITING_WECHAT_ADMIN),
        UnaryOperator.identity());
  }

  @Override
  public SavedPlan resume(String key, String by) {
    return step(
        key,
        by,
        "",
        PlanEvent.Action.RESUMED,
        PlanState.RUNNING,
        EnumSet.of(PlanState.PAUSED),
        UnaryOperator.identity());
  }

  @Override
  public List<BatchStatus> batches(String key) {
    String checked = key("key", key, 64);
    return database.read(
        "list the batches of a plan",
        tx ->
            PlanTable.find(tx, tenant, checked, false)
                .map(plan -> BatchStatuses.of(tx, tenant, plan.id()))
                .orElse(List.of()));
  }

  private SavedPlan step(
      String key,
      String by,
      String note,
      PlanEvent.Action action,
      PlanState to,
      Set<PlanState> from,
      UnaryOperator<SavedPlan> change) {
    String checked = key("key", key, 64);
    String who = text("by", by, 64);
    Instant now = now();
    return database.write(
        "take a plan a step further",
        tx -> {
          PlanTable.Stored there = PlanTable.locked(tx, tenant, checked);
          SavedPlan plan = there.saved();
          if (plan.state() == to) {
            return plan;
          }
          allowed(plan, action.name().toLowerCase(Locale.ROOT), from);
          SavedPlan next = change.apply(plan).in(to, now, who);
          PlanTable.step(tx, tenant, ids, there.id(), next, action, note);
          return next;
        });
  }

  // ---- decisions

  @Override
  public PlanCounts preview(Plan plan, Instant asOf, Consumer<PlanDecision> each) {
    notNull("each", each);
    return allocation.get().run(withRules(plan), whole(asOf), some -> some.forEach(each));
  }

  @Override
  public PlanCounts preview(Plan plan, Instant asOf) {
    return allocation.get().run(withRules(plan), whole(asOf), some -> {});
  }

  private static Instant whole(Instant asOf) {
    return notNull("asOf", asOf).truncatedTo(ChronoUnit.MILLIS);
  }

  private static Plan withRules(Plan plan) {
    if (notNull("plan", plan).all().isEmpty()) {
      throw new InvalidInputException(
          "rules", "must be one or more to decide by; add one with rule(…)");
    }
    return plan;
  }

  @Override
  public PlanCounts allocate(String key, Instant asOf, String by) {
    String checked = key("key", key, 64);
    String who = text("by", by, 64);
    Instant as = whole(asOf);
    AllocationTurn turn = AllocationTurn.take(database, tenant, checked);
    if (turn.done()) {
      return counts(checked);
    }
    PlanCounts counts = turn.run(allocation.get(), as);
    turn.end(turn.plan().in(PlanState.ALLOCATED, now(), who).allocated(as), ids);
    return counts;
  }

  @Override
  public PlanCounts counts(String key) {
    String checked = key("key", key, 64);
    return database.read(
        "count the decisions of a plan",
        tx -> {
          PlanTable.Stored plan = allocated(tx, checked);
          Counting counting = new Counting(plan.saved().plan(), settings.get().batch());
          PlanTable.count(tx, tenant, plan.id(), counting);
          return counting.counts();
        });
  }

  private PlanTable.Stored allocated(Tx tx, String key) {
    PlanTable.Stored plan =
        PlanTable.find(tx, tenant, key, false)
            .orElseGet(() -> PlanTable.locked(tx, tenant, key)); // tells that there is none
    if (plan.saved().allocatedAt().isEmpty()) {
      throw new ConflictException(
          "Plan '%s' has decided nothing yet: it is %s. Ask preview(…) what it would decide, or allocate it."
              .formatted(key, plan.saved().state()));
    }
    return plan;
  }

  @Override
  public List<PlanDecision> decisions(String key, long afterId, int limit) {
    String checked = key("key", key, 64);
    range("afterId", afterId, 0, Long.MAX_VALUE);
    range("limit", limit, 1, MOST_PAGE);
    return database.read(
        "list the decisions of a plan",
        tx -> PlanTable.decisions(tx, tenant, allocated(tx, checked).id(), afterId, limit));
  }

  @Override
  public Optional<Reason> reason(String code) {
    return PlanReasons.of(Check.text("code", code, 64));
  }

  // ---- what it brought in

  @Override
  public Uplift uplift(String key, Duration window) {
    String checked = key("key", key, 64);
    Instant first =
        database.read(
            "look when a plan's first batch was sent",
            tx ->
                BatchTable.firstTaken(tx, tenant, allocated(tx, checked).id())
                    .orElseThrow(() -> unsent(checked)));
    return uplift(checked, first, window);
  }

  private static ConflictException unsent(String key) {
    return new ConflictException(
        "Plan '%s' has brought in nothing yet: none of its batches is known to be sent. Look at batches(…), or name the time with uplift(key, from, window)."
            .formatted(key));
  }

  @Override
  public Uplift uplift(String key, Instant from, Duration window) {
    return uplift(key, from, window, OptionalLong.empty());
  }

  @Override
  public Uplift uplift(String key, Instant from, Duration window, long capFen) {
    return uplift(key, from, window, OptionalLong.of(range("capFen", capFen, 1, MOST_CAP_FEN)));
  }

  private Uplift uplift(String key, Instant from, Duration window, OptionalLong capFen) {
    String checked = key("key", key, 64);
    if (notNull("from", from).isBefore(Instant.EPOCH) || from.isAfter(MOST_FROM)) {
      throw new InvalidInputException("from", "must be in the years 1970 to 2299, was " + from);
    }
    Instant start = from.truncatedTo(ChronoUnit.MILLIS);
    if (notNull("window", window).compareTo(Duration.ofMillis(1)) < 0
        || window.compareTo(MOST_WINDOW) > 0) {
      throw new InvalidInputException(
          "window",
          "must be a millisecond to %d days, was %s; two to four weeks are usual"
              .formatted(MOST_WINDOW.toDays(), window));
    }
    Instant until = start.plusMillis(window.toMillis());
    return database.read(
        "tell what a plan has brought in",
        tx -> {
          long plan = allocated(tx, checked).id();
          Map<PlanDecision.Result, Uplift.Group> groups =
              UpliftTable.groups(tx, tenant, plan, start, until, capFen);
          return Uplift.of(
              groups.getOrDefault(PlanDecision.Result.CHOSEN, Uplift.Group.none()),
              groups.getOrDefault(PlanDecision.Result.HELD_OUT, Uplift.Group.none()));
        });
  }
}

package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.error.LaokeException;
import io.laoke.examples.erp.PushGroups.Group;
import io.laoke.member.Member;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.push.BatchStatus;
import io.laoke.push.Plan;
import io.laoke.push.PlanCounts;
import io.laoke.push.PlanDecision;
import io.laoke.push.PlanEvent;
import io.laoke.push.PlanSettings;
import io.laoke.push.PlanState;
import io.laoke.push.Plans;
import io.laoke.push.SavedContent;
import io.laoke.push.SavedPlan;
import io.laoke.push.Uplift;
import io.laoke.segment.SegmentException;
import io.laoke.simulator.Follower;
import io.laoke.simulator.WeChatSimulator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** 群发计划: which group gets which article, and what becomes of it. */
@Component
class PlanDesk {
  /** What WeChat sends a minute unless an account sets another speed. */
  private static final long A_MINUTE = 300_000;

  private static final int MOST_DECISIONS = 10_000;
  private static final int PHONES = 3;
  private static final int BATCH = 100;

  private final Laoke laoke;
  private final Dealer dealer;
  private final PushGroups groups;
  private final ObjectProvider<WeChatSimulator> simulator;
  private final Clock clock;
  private final String account;

  PlanDesk(
      Laoke laoke,
      PushGroups groups,
      ObjectProvider<WeChatSimulator> simulator,
      Clock clock,
      @Value("${laoke.wechat.accounts.hengxin.app-id}") String account) {
    this.laoke = laoke;
    this.dealer = laoke.dealer("hengxin");
    this.groups = groups;
    this.simulator = simulator;
    this.clock = clock;
    this.account = account;
  }

  // Laoke: plans.

  private Plans plans() {
    return dealer.plans();
  }

  /**
   * Once, when the ERP starts: to be seen at any hour, and in batches so small that one sees them
   * leave. A real shop keeps the usual hours, and WeChat's own ten thousand.
   */
  void settle() {
    DealerSettings now = laoke.dealers().settings("hengxin");
    PlanSettings anyHour = PlanSettings.standard().withHours(LocalTime.MIN, LocalTime.MAX);
    laoke.dealers().put("hengxin", now.plans(anyHour.withBatch(BATCH)));
  }

  PlanSettings settings() {
    return laoke.dealers().settings("hengxin").plans();
  }

  Map<String, Group> groups(String key) {
    return groups.offered(key.isEmpty() ? Optional.empty() : find(key).map(SavedPlan::plan));
  }

  String sentence(Group group) {
    return groups.sentence(group.segment());
  }

  /** The names of contents, by their keys. */
  Map<String, String> contents() {
    Map<String, String> names = new LinkedHashMap<>();
    dealer.contents().all().stream()
        .sorted(Comparator.comparing(SavedContent::name))
        .forEach(one -> names.put(one.key(), one.name()));
    return names;
  }

  /** Contents that cannot be sent yet, of those. */
  Set<String> unready(Iterable<String> keys) {
    Set<String> unready = new HashSet<>();
    for (String key : keys) {
      dealer
          .contents()
          .find(key)
          .filter(one -> !dealer.contents().problems(one.content(), account).isEmpty())
          .ifPresent(one -> unready.add(key));
    }
    return unready;
  }

  Optional<SavedPlan> find(String key) {
    return plans().find(key);
  }

  /**
   * A plan in a list.
   *
   * @param key of the plan
   * @param name what staff call it
   * @param state how far it is
   * @param tone of the state
   * @param rules its groups, with what they get
   * @param heldOut the share that is held out
   * @param at when it was last changed or taken further
   * @param by by whom
   */
  record Row(
      String key,
      String name,
      String state,
      String tone,
      List<String> rules,
      String heldOut,
      Instant at,
      String by) {}

  List<Row> list() {
    Map<String, String> names = contents();
    return plans().all().stream()
        .sorted(Comparator.comparing(SavedPlan::changedAt).reversed())
        .map(
            saved ->
                new Row(
                    saved.plan().key(),
                    saved.plan().name(),
                    PlanWords.state(saved.state()),
                    PlanWords.tone(saved.state()),
                    PushGroups.rules(saved.plan()).stream()
                        .map(
                            rule ->
                                rule.name()
                                    + " → "
                                    + names.getOrDefault(rule.content(), rule.content()))
                        .toList(),
                    percent(saved.plan().heldOut()),
                    saved.changedAt(),
                    saved.changedBy()))
        .toList();
  }

  static String percent(int perMille) {
    return perMille % 10 == 0 ? perMille / 10 + "%" : "%.1f%%".formatted(perMille / 10.0);
  }

  // ---- who gets what

  /**
   * A rule with its numbers; the shares are of the largest rule, in percent, for bars.
   *
   * @param name of the group
   * @param content the name of what it gets
   * @param color by which it is drawn
   * @param rest whether it is what the others leave
   * @param matched members in the group
   * @param earlier those of them whom an earlier rule takes
   * @param chosen who gets the content
   * @param heldOut who is held out
   * @param stopped who gets nothing
   */
  record RuleRow(
      String name,
      String content,
      String color,
      boolean rest,
      long matched,
      long earlier,
      long chosen,
      long heldOut,
      long stopped,
      double chosenShare,
      double heldOutShare,
      double stoppedShare,
      double earlierShare) {}

  /**
   * A reason with how many it concerns.
   *
   * @param code Laoke's
   * @param words for people
   * @param advice what to do about it
   * @param members how many
   */
  record ReasonRow(String code, String words, String advice, long members) {}

  /** How many of those who get something have so many messages left then. */
  record Left(int left, long members, int share) {}

  /**
   * Who gets what, and who nothing.
   *
   * @param rules in their order
   * @param audience members who are decided about
   * @param chosen who gets something
   * @param heldOut who is held out
   * @param stopped who gets nothing else
   * @param reasons why
   * @param left what is left of the month to who gets something; empty if it is not known
   * @param batches how many calls send it
   * @param finish when it can be through at the earliest
   * @param overlaps who is in several groups
   */
  record Allocated(
      List<RuleRow> rules,
      long audience,
      long chosen,
      long heldOut,
      long stopped,
      List<ReasonRow> reasons,
      List<Left> left,
      long batches,
      String finish,
      Overlaps overlaps) {}

  /** What a plan would decide now; nothing is written. */
  Allocated preview(Plan plan) {
    return allocated(plan, plans().preview(plan, clock.instant()));
  }

  /** What is wrong with a plan's groups, for people. */
  static String words(SegmentException refused) {
    return "有人群现在不能回答：" + refused.problems().get(0).zh();
  }

  private Allocated allocated(Plan plan, PlanCounts counts) {
    Map<String, String> names = contents();
    long most = Math.max(1, counts.rules().stream().mapToLong(this::tall).max().orElse(1));
    List<RuleRow> rows = new ArrayList<>();
    Map<String, Long> reasons = new TreeMap<>();
    long heldOut = 0;
    for (int i = 0; i < counts.rules().size(); i++) {
      PlanCounts.OfRule of = counts.rules().get(i);
      long stopped = of.stopped().values().stream().mapToLong(Long::longValue).sum();
      of.stopped().forEach((code, many) -> reasons.merge(code, many, Long::sum));
      heldOut += of.heldOut();
      boolean rest = plan.rest().isPresent() && i == counts.rules().size() - 1;
      // Who is in an earlier group is not of the rest.
      long earlier = rest ? 0 : of.earlier();
      rows.add(
          new RuleRow(
              of.name(),
              names.getOrDefault(of.content(), of.content()),
              Overlaps.color(i),
              rest,
              rest ? of.audience() : of.matched(),
              earlier,
              of.chosen(),
              of.heldOut(),
              stopped,
              100.0 * of.chosen() / most,
              100.0 * of.heldOut() / most,
              100.0 * stopped / most,
              100.0 * earlier / most));
    }
    long chosen = counts.chosen();
    return new Allocated(
        rows,
        counts.audience(),
        chosen,
        heldOut,
        counts.audience() - chosen - heldOut,
        reasons(reasons),
        left(counts),
        counts.batches(),
        chosen == 0 ? "没有人会收到" : finish(plan.purpose(), counts.batches(), chosen),
        Overlaps.of(counts, plan.rest().isPresent()));
  }

  private long tall(PlanCounts.OfRule of) {
    return Math.max(of.matched(), of.audience());
  }

  private List<ReasonRow> reasons(Map<String, Long> reasons) {
    return reasons.entrySet().stream()
        .filter(one -> one.getValue() > 0)
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(
            one ->
                new ReasonRow(
                    one.getKey(),
                    PlanWords.reason(one.getKey()),
                    plans().reason(one.getKey()).map(Reason::adviceZh).orElse(""),
                    one.getValue()))
        .toList();
  }

  private static List<Left> left(PlanCounts counts) {
    long most = counts.quota().values().stream().mapToLong(Long::longValue).max().orElse(1);
    return new TreeMap<>(counts.quota())
        .descendingMap().entrySet().stream()
            .map(
                one ->
                    new Left(
                        one.getKey(),
                        one.getValue(),
                        (int) Math.round(100.0 * one.getValue() / Math.max(1, most))))
            .toList();
  }

  /** At the engine's pace of a batch a second, and at WeChat's own. */
  private String finish(Purpose purpose, long batches, long members) {
    Instant now = clock.instant();
    Instant from = open(purpose, now);
    Duration takes =
        Duration.ofSeconds(Math.max(batches, (members * 60 + A_MINUTE - 1) / A_MINUTE));
    ZonedDateTime end = from.plus(takes).atZone(OrderDesk.ZONE);
    String when =
        end.toLocalDate().equals(now.atZone(OrderDesk.ZONE).toLocalDate())
            ? "%tR".formatted(end)
            : "%tm-%<td %<tR".formatted(end);
    return (from.isAfter(now) ? "现在不在营销时段，" : "现在开始，") + "最早 " + when + " 发完";
  }

  private Instant open(Purpose purpose, Instant now) {
    PlanSettings settings = settings();
    LocalTime time = now.atZone(OrderDesk.ZONE).toLocalTime();
    if (purpose != Purpose.MARKETING
        || (!time.isBefore(settings.from()) && time.isBefore(settings.until()))) {
      return now;
    }
    ZonedDateTime day = now.atZone(OrderDesk.ZONE).with(settings.from());
    return (time.isBefore(settings.from()) ? day : day.plusDays(1)).toInstant();
  }

  // ---- keeping it

  /** What became of a save. */
  sealed interface Saving {
    /** Kept. */
    record Done(SavedPlan saved, boolean changed) implements Saving {}

    /** Somebody else has saved meanwhile; nothing was written. */
    record Meanwhile(SavedPlan theirs) implements Saving {}

    /** It is too far to be changed; nothing was written. */
    record Beyond(SavedPlan there) implements Saving {}
  }

  /** Saves, unless another version is there than the one that was looked at. */
  synchronized Saving save(Plan plan, int seen, String by) {
    Optional<SavedPlan> before = plans().find(plan.key());
    if (before.isPresent() && before.get().version() != seen) {
      return new Saving.Meanwhile(before.get());
    }
    if (before.isPresent() && !changeable(before.get())) {
      return new Saving.Beyond(before.get());
    }
    SavedPlan saved = plans().save(plan, by);
    return new Saving.Done(saved, before.filter(old -> old.version() == saved.version()).isEmpty());
  }

  static boolean changeable(SavedPlan plan) {
    return EnumSet.of(PlanState.DRAFT, PlanState.SUBMITTED, PlanState.APPROVED)
        .contains(plan.state());
  }

  // ---- its way

  void submit(String key, String by) {
    plans().submit(key, by);
  }

  void approve(String key, String hash, String by) {
    plans().approve(key, hash, by);
  }

  void reject(String key, String by, String why) {
    plans().reject(key, by, why);
  }

  void allocate(String key, String by) {
    plans().allocate(key, clock.instant(), by);
  }

  void start(String key, String by) {
    plans().start(key, by);
  }

  void pause(String key, String by, String why) {
    plans().pause(key, by, why);
  }

  void resume(String key, String by) {
    plans().resume(key, by);
  }

  void cancel(String key, String by, String why) {
    plans().cancel(key, by, why);
  }

  /**
   * A batch.
   *
   * @param number from 1
   * @param rule the name of its group
   * @param color of the group
   * @param recipients to how many followers
   * @param state how far it is
   * @param tone of the state
   * @param reason why it was not sent, or what WeChat reports, or empty
   */
  record Batch(
      int number,
      String rule,
      String color,
      int recipients,
      String state,
      String tone,
      String reason) {}

  /** A step that was taken. */
  record Step(String action, String by, String note, int version, Instant at) {}

  /**
   * How far a plan is.
   *
   * @param saved the plan
   * @param state in words
   * @param tone of the state
   * @param counts who gets what; what it would be now as long as nothing is decided
   * @param decided whether that is for good
   * @param total followers who are to get something
   * @param sent to how many WeChat has taken it
   * @param open how many are on their way
   * @param failed how many were not sent
   * @param unknown of how many it is not known
   * @param batches so far
   * @param steps the newest first
   * @param startedAt when it was set off
   */
  record Run(
      SavedPlan saved,
      String state,
      String tone,
      Optional<Allocated> counts,
      boolean decided,
      long total,
      long sent,
      long open,
      long failed,
      long unknown,
      List<Batch> batches,
      List<Step> steps,
      Optional<Instant> startedAt) {
    public int percent(long part) {
      return total == 0 ? 0 : (int) Math.round(100.0 * part / total);
    }

    public boolean is(String name) {
      return saved.state().name().equals(name);
    }

    public boolean under() {
      return is("RUNNING") || open > 0;
    }
  }

  Run run(SavedPlan saved) {
    String key = saved.plan().key();
    boolean decided = saved.allocatedAt().isPresent();
    Optional<Allocated> counts =
        decided
            ? Optional.of(allocated(saved.plan(), plans().counts(key)))
            : saved.state() == PlanState.CANCELLED ? Optional.empty() : previewed(saved.plan());
    List<Plan.Rule> rules = PushGroups.rules(saved.plan());
    List<Batch> batches = new ArrayList<>();
    Map<BatchStatus.State, Long> sums = new HashMap<>();
    for (BatchStatus one : plans().batches(key)) {
      sums.merge(one.state(), (long) one.recipients(), Long::sum);
      batches.add(
          new Batch(
              batches.size() + 1,
              rules.get(one.rule()).name(),
              Overlaps.color(one.rule()),
              one.recipients(),
              PlanWords.batch(one.state()),
              PlanWords.batchTone(one.state()),
              said(one)));
    }
    List<PlanEvent> events = new ArrayList<>(plans().events(key));
    Optional<Instant> started = started(events);
    Collections.reverse(events);
    return new Run(
        saved,
        PlanWords.state(saved.state()),
        PlanWords.tone(saved.state()),
        counts,
        decided,
        counts.map(Allocated::chosen).orElse(0L),
        sums.getOrDefault(BatchStatus.State.SENT, 0L),
        Stream.of(
                BatchStatus.State.OPEN, BatchStatus.State.TAGGING, BatchStatus.State.AWAITING_ADMIN)
            .mapToLong(one -> sums.getOrDefault(one, 0L))
            .sum(),
        sums.getOrDefault(BatchStatus.State.FAILED, 0L),
        sums.getOrDefault(BatchStatus.State.UNKNOWN, 0L),
        batches,
        events.stream()
            .map(
                one ->
                    new Step(
                        PlanWords.action(one.action()),
                        one.by().equals("laoke") ? "系统" : one.by(),
                        one.note(),
                        one.version(),
                        one.at()))
            .toList(),
        started);
  }

  /** Why a batch was not sent, or what WeChat's report says. */
  private String said(BatchStatus batch) {
    String code = batch.reason();
    if (code.isEmpty()) {
      return batch
          .report()
          .map(told -> "微信回报：送达 %d 人，共 %d 人".formatted(told.sent(), told.total()))
          .orElse("");
    }
    return PlanWords.knows(code)
        ? PlanWords.reason(code)
        : plans().reason(code).map(Reason::adviceZh).orElse(code);
  }

  private static Optional<Instant> started(List<PlanEvent> events) {
    return events.stream()
        .filter(one -> one.action() == PlanEvent.Action.STARTED)
        .map(PlanEvent::at)
        .findFirst();
  }

  private Optional<Allocated> previewed(Plan plan) {
    try {
      return Optional.of(preview(plan));
    } catch (LaokeException unanswerable) {
      return Optional.empty();
    }
  }

  /** When a plan was set off, in business time. */
  Optional<Instant> startedAt(String key) {
    return started(plans().events(key));
  }

  /** To how many followers WeChat has taken a plan. */
  long sent(String key) {
    return plans().batches(key).stream()
        .filter(one -> one.state() == BatchStatus.State.SENT)
        .mapToLong(BatchStatus::recipients)
        .sum();
  }

  List<SavedPlan> all() {
    return plans().all();
  }

  // ---- what it brought in

  /**
   * Beside those who were held out.
   *
   * @param days how long what they buy counts
   * @param capYuan what a member counts at most; 0 for all of it
   */
  Optional<UpliftView> uplift(String key, int days, long capYuan) {
    Duration window = Duration.ofDays(days);
    return startedAt(key)
        .map(
            from -> {
              Uplift uplift =
                  capYuan == 0
                      ? plans().uplift(key, from, window)
                      : plans().uplift(key, from, window, capYuan * 100);
              return UpliftView.of(uplift);
            });
  }

  /** What was decided of each member, the first ten thousand. */
  List<PlanDecision> decisions(String key) {
    return plans().decisions(key, 0, MOST_DECISIONS);
  }

  Optional<Member> member(long id) {
    return dealer.members().get(id);
  }

  // Laoke: end.

  /**
   * A customer whose phone can be looked at.
   *
   * @param name of the customer
   * @param gets what they get, or why nothing
   * @param color of their group; empty if they get nothing
   */
  record Person(String name, String gets, String color) {}

  /** Some customers of each rule, and some who get nothing; empty without the simulator. */
  List<Person> phones(SavedPlan saved) {
    Optional<Set<String>> known =
        Optional.ofNullable(simulator.getIfAvailable())
            .map(
                platform ->
                    platform.accounts().get(0).people().stream()
                        .filter(Follower::following)
                        .map(Follower::name)
                        .collect(Collectors.toSet()));
    if (known.isEmpty() || saved.allocatedAt().isEmpty()) {
      return List.of();
    }
    Map<String, String> names = contents();
    List<Plan.Rule> rules = PushGroups.rules(saved.plan());
    Map<String, List<Person>> found = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    for (PlanDecision one : decisions(saved.plan().key())) {
      String of =
          switch (one.result()) {
            case CHOSEN -> "0" + one.rule();
            case HELD_OUT -> "1";
            case STOPPED -> "2" + one.reason().map(Reason::code).orElse("");
          };
      List<Person> some = found.computeIfAbsent(of, none -> new ArrayList<>());
      int most = of.charAt(0) == '0' ? PHONES : 1;
      if (some.size() < most && !of.equals("2NOT_FOLLOWING")) {
        String gets =
            of.charAt(0) == '0'
                ? names.getOrDefault(rules.get(one.rule()).content(), "")
                : PlanWords.reason(one.reason().map(Reason::code).orElse(""));
        member(one.memberId())
            .flatMap(Member::name)
            .filter(known.get()::contains)
            .filter(seen::add)
            .ifPresent(
                name ->
                    some.add(
                        new Person(
                            name, gets, of.charAt(0) == '0' ? Overlaps.color(one.rule()) : "")));
      }
    }
    return found.values().stream().flatMap(List::stream).toList();
  }
}

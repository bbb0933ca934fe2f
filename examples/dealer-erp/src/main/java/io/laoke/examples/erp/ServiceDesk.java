package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.base.Upserted;
import io.laoke.catalog.Category;
import io.laoke.notice.NoticeTemplate;
import io.laoke.notice.SubscriptionNotice;
import io.laoke.order.UnitService;
import io.laoke.reminder.DueQuery;
import io.laoke.reminder.NextService;
import io.laoke.reminder.ReminderRule;
import io.laoke.reminder.ReminderRules;
import io.laoke.reminder.RuleEffect;
import io.laoke.reminder.RuleProgress;
import io.laoke.reminder.RuleVersion;
import io.laoke.reminder.Sold;
import io.laoke.reminder.UnitDays;
import io.laoke.reminder.UnitReminder;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/** 服务规则: what gets a service how often, and what that means for goods that were sold. */
@Component
class ServiceDesk {
  static final String SMS_ACCOUNT = "sms-hengxin";

  private static final LocalDate EVER = LocalDate.of(1900, 1, 1);
  private static final List<String> KINDS = List.of("清洗", "换芯", "保养", "检修");
  private static final int NEWEST = 3;
  private static final int EXAMPLES = 6;
  private static final int LOOKED_AT = 12;

  private final Dealer dealer;
  private final SoldLines lines;
  private final Salespeople people;
  private final Clock clock;

  ServiceDesk(Laoke laoke, SoldLines lines, Salespeople people, Clock clock) {
    this.dealer = laoke.dealer("hengxin");
    this.lines = lines;
    this.people = people;
    this.clock = clock;
  }

  LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), OrderDesk.ZONE);
  }

  // Laoke: how customers are told of a service, once when the ERP starts.

  void templates(String account, String care, String subscription) {
    dealer
        .notices()
        .reminderTemplate(
            NoticeTemplate.of(care)
                .field("thing1", "{service.name}")
                .field("thing2", "{service.items}")
                .field("date3", "{service.due:yyyy年M月d日}")
                .field("character_string4", "{service.orderNo}"));
    // Customers are asked for it on their order's page; who has agreed gets it in place of the
    // template message, once.
    dealer
        .notices()
        .subscription(
            account,
            SubscriptionNotice.of(subscription)
                .withWords(
                    "{service.name}提醒",
                    "您在{service.store|我们店}买的{service.items}，"
                        + "{service.due:M月d日}该做{service.name}了，点开就可以预约上门。"));
  }

  // Laoke: rules.

  private ReminderRules rules() {
    return dealer.reminders().rules();
  }

  Upserted put(ReminderRule rule) {
    return rules().put(rule);
  }

  boolean retire(String code) {
    return rules().retire(code);
  }

  Optional<ReminderRule> rule(String code) {
    return rules().find(code).map(RuleVersion::rule);
  }

  RuleEffect effect(ReminderRule rule) {
    return rules().dryRun(rule);
  }

  /**
   * A rule in the list.
   *
   * @param code for its page
   * @param name as staff call it
   * @param goods which
   * @param kind of service
   * @param every how often and from when on
   * @param told how customers hear of it
   * @param assigned who gets the work
   * @param priority over other rules
   * @param version how often it was put
   * @param active whether it holds
   * @param working whether reminders are following it just now
   * @param progress what has followed
   */
  record Row(
      String code,
      String name,
      String goods,
      String kind,
      String every,
      String told,
      String assigned,
      int priority,
      int version,
      boolean active,
      boolean working,
      String progress) {}

  /** Those that hold first. */
  List<Row> list() {
    Map<String, String> names = categories();
    return rules().list().stream()
        .sorted(Comparator.comparing(RuleVersion::active).reversed())
        .map(one -> row(one, names))
        .toList();
  }

  private Row row(RuleVersion version, Map<String, String> names) {
    ReminderRule rule = version.rule();
    Optional<RuleProgress> progress = rules().progress(rule.code());
    return new Row(
        rule.code(),
        rule.name(),
        goods(rule, names),
        rule.kind(),
        ServiceWords.cycle(rule.cycle()),
        ServiceWords.contact(rule.contact()),
        ServiceWords.assignee(rule.assignee(), staff()),
        rule.priority(),
        version.version(),
        version.active(),
        progress.filter(one -> one.doneAt().isEmpty()).isPresent(),
        progress.map(one -> one.effect().toChinese()).orElse(""));
  }

  private static String goods(ReminderRule rule, Map<String, String> names) {
    List<String> parts = new ArrayList<>();
    rule.brand().ifPresent(parts::add);
    rule.model().ifPresent(parts::add);
    parts.add(names.getOrDefault(rule.category(), rule.category()).strip());
    return String.join(" ", parts);
  }

  /** Paths and names of the tree, each level set in by a wide blank. */
  Map<String, String> categories() {
    Map<String, String> names = new LinkedHashMap<>();
    dealer.catalog().categories().stream()
        .sorted(Comparator.comparing(Category::path))
        .forEach(
            one -> {
              int level = (int) one.path().chars().filter(c -> c == '/').count();
              names.put(one.path(), "　".repeat(level) + one.name());
            });
    return names;
  }

  /** Names of staff by their codes, in the order of these. */
  Map<String, String> staff() {
    Map<String, String> names = new LinkedHashMap<>();
    people.findAllByOrderByCode().forEach(one -> names.put(one.code(), one.name()));
    return names;
  }

  /** What staff do, to choose from. */
  List<String> roles() {
    return people.findAllByOrderByCode().stream()
        .flatMap(one -> one.role().stream())
        .distinct()
        .toList();
  }

  /** Kinds of services to choose from: the usual ones, and those that rules have. */
  List<String> kinds() {
    TreeSet<String> kinds = new TreeSet<>();
    rules().list().forEach(one -> kinds.add(one.rule().kind()));
    KINDS.forEach(kinds::remove);
    List<String> all = new ArrayList<>(KINDS);
    all.addAll(kinds);
    return all;
  }

  // Laoke: what a rule means, before it is put.

  /**
   * What a rule means for a unit that was sold.
   *
   * @param orderNo of which order
   * @param goods what it is
   * @param customer whose
   * @param why how the date is counted, in words, or why there is none
   * @param due when it is due
   * @param overdue whether that is over
   * @param other the rule that wins instead, if one does
   * @param now the date that it has by the rules that hold, if that is another
   */
  record Example(
      String orderNo,
      String goods,
      String customer,
      String why,
      Optional<LocalDate> due,
      boolean overdue,
      Optional<String> other,
      Optional<LocalDate> now) {}

  /**
   * The next dates of some units that the rule covers: the newest, and some that are older, those
   * with a service of that kind first.
   */
  List<Example> examples(ReminderRule rule) {
    List<SoldLines.Line> chosen = new ArrayList<>();
    Instant lately = clock.instant().plusSeconds(1);
    chosen.addAll(known(lines.of(rule.category(), rule, lately, Limit.of(NEWEST))));
    Instant longAgo = today().minusMonths(10).atStartOfDay(OrderDesk.ZONE).toInstant();
    known(lines.of(rule.category(), rule, longAgo, Limit.of(LOOKED_AT))).stream()
        .filter(line -> !chosen.contains(line))
        .sorted(Comparator.comparing(line -> days(line, rule.kind()).done().isEmpty()))
        .limit(EXAMPLES - chosen.size())
        .forEach(chosen::add);
    List<ReminderRule> others =
        rules().list().stream()
            .filter(RuleVersion::active)
            .map(RuleVersion::rule)
            .filter(one -> !one.code().equals(rule.code()))
            .toList();
    return chosen.stream().map(line -> example(rule, others, line)).toList();
  }

  /** Without those whose orders have not come to Laoke yet, as while the demo history is loaded. */
  private List<SoldLines.Line> known(List<SoldLines.Line> sold) {
    return sold.stream().filter(line -> dealer.orders().find(line.orderNo()).isPresent()).toList();
  }

  /** Whether the ERP has sold such goods whose orders have not come to Laoke yet. */
  boolean loading(ReminderRule rule) {
    List<SoldLines.Line> sold =
        lines.of(rule.category(), rule, clock.instant().plusSeconds(1), Limit.of(LOOKED_AT));
    return known(sold).size() < sold.size();
  }

  private Example example(ReminderRule rule, List<ReminderRule> others, SoldLines.Line line) {
    List<ReminderRule> all = new ArrayList<>(others);
    all.add(rule);
    Optional<String> other =
        Optional.ofNullable(ReminderRule.best(all, sold(line)).get(rule.kind()))
            .filter(best -> !best.code().equals(rule.code()))
            .map(ReminderRule::name);
    NextService next = rule.cycle().next(days(line, rule.kind()));
    Optional<LocalDate> due =
        next instanceof NextService.Due found ? Optional.of(found.due()) : Optional.empty();
    Optional<LocalDate> now =
        dealer.reminders().of(line.orderNo()).stream()
            .filter(one -> one.lineNo().equals(line.lineNo()) && one.kind().equals(rule.kind()))
            .map(UnitReminder::next)
            .filter(NextService.Due.class::isInstance)
            .map(one -> ((NextService.Due) one).due())
            .findFirst()
            .filter(day -> due.isEmpty() || !day.equals(due.get()));
    return new Example(
        line.orderNo(),
        line.goods(),
        line.customer(),
        next.toChinese(),
        due,
        due.filter(day -> day.isBefore(today())).isPresent(),
        other,
        now);
  }

  private static Sold sold(SoldLines.Line line) {
    return new Sold(line.category(), Optional.of(line.model()), Optional.of(line.brand()));
  }

  /** What the ERP knows of a unit's days, and what Laoke has recorded of its services. */
  private UnitDays days(SoldLines.Line line, String kind) {
    UnitDays days = line.days();
    for (UnitService service : dealer.services().of(line.orderNo())) {
      if (service.lineNo().equals(line.lineNo()) && service.unitNo().orElse(1) == 1) {
        LocalDate day = LocalDate.ofInstant(service.doneAt(), OrderDesk.ZONE);
        days = days.serviced(later(days.serviced(), day));
        days = service.kind().equals(kind) ? days.done(later(days.done(), day)) : days;
      }
    }
    return days;
  }

  private static LocalDate later(Optional<LocalDate> known, LocalDate day) {
    return known.filter(one -> one.isAfter(day)).orElse(day);
  }

  // Laoke: what the engine is at.

  /**
   * What is going on, for people.
   *
   * @param words what
   * @param busy whether it goes on
   */
  record Doing(String words, boolean busy) {}

  Doing doing() {
    List<Row> rules = list();
    Optional<Row> following = rules.stream().filter(Row::working).findFirst();
    if (following.isPresent()) {
      Row rule = following.get();
      return new Doing(
          "正在按规则“%s”（第 %d 版）重排提醒：%s".formatted(rule.name(), rule.version(), rule.progress()), true);
    }
    if (rules.stream().noneMatch(Row::active)) {
      return new Doing("还没有规则，所以没有到期的服务。先建一条规则。", false);
    }
    boolean coming =
        !dealer.reminders().due(DueQuery.between(EVER, today()), null, 1).reminders().isEmpty();
    if (coming) {
      return new Doing("正在把到 %s 为止到期的服务列进清单，几秒钟就好".formatted(today()), true);
    }
    return dealer.deliveries().waiting(Optional.empty(), 1).items().isEmpty()
        ? new Doing("到 %s 为止到期的服务都在清单里".formatted(today()), false)
        : new Doing("到 %s 为止到期的服务都在清单里，正在通知客户".formatted(today()), true);
  }
}

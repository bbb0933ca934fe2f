package io.laoke.examples.erp;

import io.laoke.error.InvalidInputException;
import io.laoke.reminder.AssigneeRule;
import io.laoke.reminder.Basis;
import io.laoke.reminder.ContactPlan;
import io.laoke.reminder.ContactStep;
import io.laoke.reminder.ReminderRule;
import io.laoke.reminder.Season;
import io.laoke.reminder.ServiceCycle;
import java.time.DateTimeException;
import java.time.MonthDay;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.validation.Errors;

/** What is filled in for a rule. What Laoke refuses is told beside the field. */
class RuleForm {
  /** Of what a cycle's number is. */
  enum Unit {
    DAYS("天"),
    MONTHS("个月"),
    YEARS("年");

    private final String label;

    Unit(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }

    Period of(int many) {
      return switch (this) {
        case DAYS -> Period.ofDays(many);
        case MONTHS -> Period.ofMonths(many);
        case YEARS -> Period.ofYears(many);
      };
    }
  }

  private @Nullable String code;
  private @Nullable String name;
  private @Nullable String category;
  private @Nullable String brand;
  private @Nullable String model;
  private @Nullable String kind = "清洗";
  private @Nullable Integer every = 6;
  private @Nullable Unit unit = Unit.MONTHS;
  private @Nullable Basis basis1 = Basis.INSTALLED;
  private @Nullable Basis basis2 = Basis.COMPLETED;
  private @Nullable Basis basis3 = Basis.DELIVERED;
  private @Nullable Integer assumedDays;
  private @Nullable Integer leadDays = 0;
  private @Nullable Integer seasonMonth;
  private @Nullable Integer seasonDay;
  private @Nullable Integer seasonEndMonth;
  private @Nullable Integer seasonEndDay;
  private @Nullable Integer times;
  private @Nullable Integer years;
  private boolean byStaff;
  private @Nullable ContactStep step1 = ContactStep.TEMPLATE;
  private @Nullable ContactStep step2 = ContactStep.SMS;
  private @Nullable ContactStep step3 = ContactStep.CALL;
  private @Nullable Integer silenceDays = 3;
  private @Nullable Integer priority = 0;
  private AssigneeRule.@Nullable By assignBy = AssigneeRule.By.POOL;
  private @Nullable String assignRole;
  private List<String> assignStaff = new ArrayList<>();

  /** A form that says what a rule says. */
  static RuleForm of(ReminderRule rule) {
    RuleForm form = new RuleForm();
    form.code = rule.code();
    form.name = rule.name();
    form.category = rule.category();
    form.brand = rule.brand().orElse(null);
    form.model = rule.model().orElse(null);
    form.kind = rule.kind();
    form.cycle(rule.cycle());
    form.contact(rule.contact());
    form.priority = rule.priority();
    form.assignBy = rule.assignee().by();
    form.assignRole = rule.assignee().role().orElse(null);
    form.assignStaff = new ArrayList<>(rule.assignee().staff());
    return form;
  }

  private void cycle(ServiceCycle cycle) {
    Period period = cycle.every();
    int days = (int) period.get(ChronoUnit.DAYS);
    if (days > 0) {
      unit = Unit.DAYS;
      every = days;
    } else if (period.getMonths() > 0) {
      unit = Unit.MONTHS;
      every = (int) period.toTotalMonths();
    } else {
      unit = Unit.YEARS;
      every = period.getYears();
    }
    List<Basis> bases = cycle.bases();
    basis1 = bases.get(0);
    basis2 = bases.size() > 1 ? bases.get(1) : null;
    basis3 = bases.size() > 2 ? bases.get(2) : null;
    assumedDays = cycle.assumedDays().orElse(null);
    leadDays = cycle.leadDays();
    cycle
        .season()
        .ifPresent(
            season -> {
              seasonMonth = season.first().getMonthValue();
              seasonDay = season.first().getDayOfMonth();
              seasonEndMonth = season.last().getMonthValue();
              seasonEndDay = season.last().getDayOfMonth();
            });
    times = cycle.times().orElse(null);
    years = cycle.years().orElse(null);
  }

  private void contact(ContactPlan plan) {
    List<ContactStep> steps = plan.steps();
    byStaff = steps.equals(List.of(ContactStep.CALL));
    silenceDays = plan.silenceDays();
    if (!byStaff) {
      step1 = steps.get(0);
      step2 = steps.size() > 1 ? steps.get(1) : null;
      step3 = steps.size() > 2 ? steps.get(2) : null;
    }
  }

  /** Whether a form cannot say what the rule says, such as a cycle of months and days. */
  static boolean tooPlain(ReminderRule rule) {
    Period every = rule.cycle().every();
    return (every.get(ChronoUnit.DAYS) > 0 && every.toTotalMonths() > 0)
        || rule.cycle().bases().size() > 3;
  }

  /**
   * The rule that is filled in; empty where something is wrong, which the problems then say.
   *
   * @param known rules by their codes, of which one keeps what this form does not have
   */
  Optional<ReminderRule> rule(Errors problems, Function<String, Optional<ReminderRule>> known) {
    Optional<ReminderRule> before = code == null ? Optional.empty() : known.apply(code);
    if (code == null) {
      code = "rule-" + UUID.randomUUID().toString().substring(0, 8);
    }
    needed(problems, "name", name, "请给规则起个名字");
    needed(problems, "category", category, "请选择品类");
    needed(problems, "kind", kind, "请填服务项目");
    Optional<ServiceCycle> cycle = cycle(problems);
    ContactPlan contact = contact(problems);
    AssigneeRule assignee = assignee(problems);
    if (problems.hasErrors()) {
      return Optional.empty();
    }
    ReminderRule rule =
        checked(
            problems,
            null,
            () ->
                before
                    .filter(one -> one.category().equals(category) && one.kind().equals(kind))
                    .map(one -> one.cycle(cycle.orElseThrow()))
                    .orElseGet(
                        () ->
                            ReminderRule.of(
                                given(code), given(category), given(kind), cycle.orElseThrow())));
    rule = with(problems, rule, one -> one.named(given(name)));
    rule = with(problems, rule, one -> one.brand(brand).model(model));
    rule = with(problems, rule, one -> one.priority(or(priority, 0)).contact(contact));
    rule = with(problems, rule, one -> one.assignee(assignee));
    return problems.hasErrors() ? Optional.empty() : Optional.ofNullable(rule);
  }

  private Optional<ServiceCycle> cycle(Errors problems) {
    Integer many = every;
    Unit of = unit;
    if (many == null || of == null) {
      missing(problems, "every", "请填多久一次");
      return Optional.empty();
    }
    ServiceCycle cycle = checked(problems, null, () -> ServiceCycle.every(of.of(many)));
    List<Basis> bases =
        Stream.of(basis1, basis2, basis3)
            .filter(Objects::nonNull)
            .map(Objects::requireNonNull)
            .toList();
    cycle = with(problems, cycle, known -> known.from(bases));
    cycle = with(problems, cycle, known -> known.leadDays(or(leadDays, 0)));
    if (assumedDays != null) {
      cycle = with(problems, cycle, known -> known.assumingInstalledAfter(or(assumedDays, 0)));
    }
    if (times != null) {
      cycle = with(problems, cycle, known -> known.times(or(times, 0)));
    }
    if (years != null) {
      cycle = with(problems, cycle, known -> known.years(or(years, 0)));
    }
    if (Stream.of(seasonMonth, seasonDay, seasonEndMonth, seasonEndDay)
        .anyMatch(Objects::nonNull)) {
      cycle = with(problems, cycle, known -> known.within(season()));
    }
    return Optional.ofNullable(cycle);
  }

  private Season season() {
    try {
      return new Season(
          MonthDay.of(or(seasonMonth, 0), or(seasonDay, 0)),
          MonthDay.of(or(seasonEndMonth, 0), or(seasonEndDay, 0)));
    } catch (DateTimeException wrong) {
      throw new InvalidInputException("season", "must have two days", wrong);
    }
  }

  private ContactPlan contact(Errors problems) {
    if (byStaff) {
      return ContactPlan.byStaff();
    }
    List<ContactStep> steps = new ArrayList<>();
    Stream.of(step1, step2, step3).filter(Objects::nonNull).forEach(steps::add);
    ContactPlan plan = ContactPlan.auto();
    ContactPlan days =
        checked(problems, plan, () -> ContactPlan.auto().silenceDays(or(silenceDays, 0)));
    ContactPlan full = checked(problems, plan, () -> plan.steps(steps.toArray(ContactStep[]::new)));
    return full == null || days == null ? plan : full.silenceDays(days.silenceDays());
  }

  /**
   * What belongs to another choice than the one that was made is dimmed on the page, and ignored.
   */
  private AssigneeRule assignee(Errors problems) {
    AssigneeRule.By by = assignBy;
    AssigneeRule nobody = AssigneeRule.pool();
    if (by == null) {
      missing(problems, "assignBy", "请选分给谁");
      return nobody;
    }
    boolean near = by == AssigneeRule.By.STORE || by == AssigneeRule.By.REGION;
    AssigneeRule rule =
        checked(
            problems,
            nobody,
            () ->
                new AssigneeRule(
                    by,
                    Optional.ofNullable(assignRole).filter(role -> near),
                    by == AssigneeRule.By.ROUND_ROBIN
                        ? assignStaff.stream().distinct().toList()
                        : List.of()));
    return rule == null ? nobody : rule;
  }

  private static void needed(Errors problems, String field, @Nullable String value, String words) {
    if (value == null) {
      missing(problems, field, words);
    }
  }

  /** Unless the field says already that its text is of the wrong kind. */
  private static void missing(Errors problems, String field, String words) {
    if (!problems.hasFieldErrors(field)) {
      problems.rejectValue(field, "missing", words);
    }
  }

  private static int or(@Nullable Integer given, int otherwise) {
    return given == null ? otherwise : given;
  }

  private static String given(@Nullable String value) {
    return Objects.requireNonNull(value, "checked before");
  }

  private static <T> @Nullable T with(Errors problems, @Nullable T known, UnaryOperator<T> change) {
    return known == null ? null : checked(problems, known, () -> change.apply(known));
  }

  /** What Laoke makes of it, or what there was before if it refuses. */
  private static <T> @Nullable T checked(Errors problems, @Nullable T otherwise, Supplier<T> made) {
    try {
      return made.get();
    } catch (InvalidInputException refused) {
      String field = field(refused.field());
      if (!problems.hasFieldErrors(field)) {
        problems.rejectValue(field, "refused", words(refused.field()));
      }
      return otherwise;
    }
  }

  private static String field(String laokes) {
    return switch (laokes) {
      case "bases" -> "basis1";
      case "season" -> "seasonMonth";
      case "contact.steps" -> "step1";
      case "contact.silenceDays" -> "silenceDays";
      case "assign.role" -> "assignRole";
      case "assign.staff" -> "assignStaff";
      case "name",
          "category",
          "brand",
          "model",
          "kind",
          "every",
          "assumedDays",
          "leadDays",
          "times",
          "years",
          "priority" ->
          laokes;
      default -> "name";
    };
  }

  private static String words(String field) {
    return switch (field) {
      case "name" -> "名字最多 100 个字，写在一行里";
      case "category" -> "没有这个品类";
      case "kind" -> "服务项目最多 32 个字，写在一行里";
      case "brand", "model" -> "最多 100 个字，写在一行里";
      case "every" -> "周期要在 1 天到 30 年之间";
      case "bases" -> "至少选一个起算日，同一个不要选两次";
      case "assumedDays" -> "请填 0 到 365 天";
      case "leadDays" -> "请填 0 到 180 天";
      case "assign.role" -> "职位最多 32 个字，写在一行里";
      case "assign.staff" -> "轮流要选 1 到 200 位员工";
      case "season" -> "请填两个都有的日期；整年都做就留空";
      case "times" -> "请填 1 到 1000 次";
      case "years" -> "请填 1 到 50 年";
      case "contact.steps" -> "至少选一步，同一步不要选两次，电话放在最后";
      case "contact.silenceDays" -> "请填 1 到 30 天";
      case "priority" -> "请填 -1000 到 1000";
      default -> "填写的内容 Laoke 不接受";
    };
  }

  public @Nullable String getCode() {
    return code;
  }

  public void setCode(@Nullable String code) {
    this.code = code;
  }

  public @Nullable String getName() {
    return name;
  }

  public void setName(@Nullable String name) {
    this.name = name;
  }

  public @Nullable String getCategory() {
    return category;
  }

  public void setCategory(@Nullable String category) {
    this.category = category;
  }

  public @Nullable String getBrand() {
    return brand;
  }

  public void setBrand(@Nullable String brand) {
    this.brand = brand;
  }

  public @Nullable String getModel() {
    return model;
  }

  public void setModel(@Nullable String model) {
    this.model = model;
  }

  public @Nullable String getKind() {
    return kind;
  }

  public void setKind(@Nullable String kind) {
    this.kind = kind;
  }

  public @Nullable Integer getEvery() {
    return every;
  }

  public void setEvery(@Nullable Integer every) {
    this.every = every;
  }

  public @Nullable Unit getUnit() {
    return unit;
  }

  public void setUnit(@Nullable Unit unit) {
    this.unit = unit;
  }

  public @Nullable Basis getBasis1() {
    return basis1;
  }

  public void setBasis1(@Nullable Basis basis1) {
    this.basis1 = basis1;
  }

  public @Nullable Basis getBasis2() {
    return basis2;
  }

  public void setBasis2(@Nullable Basis basis2) {
    this.basis2 = basis2;
  }

  public @Nullable Basis getBasis3() {
    return basis3;
  }

  public void setBasis3(@Nullable Basis basis3) {
    this.basis3 = basis3;
  }

  public @Nullable Integer getAssumedDays() {
    return assumedDays;
  }

  public void setAssumedDays(@Nullable Integer assumedDays) {
    this.assumedDays = assumedDays;
  }

  public @Nullable Integer getLeadDays() {
    return leadDays;
  }

  public void setLeadDays(@Nullable Integer leadDays) {
    this.leadDays = leadDays;
  }

  public @Nullable Integer getSeasonMonth() {
    return seasonMonth;
  }

  public void setSeasonMonth(@Nullable Integer seasonMonth) {
    this.seasonMonth = seasonMonth;
  }

  public @Nullable Integer getSeasonDay() {
    return seasonDay;
  }

  public void setSeasonDay(@Nullable Integer seasonDay) {
    this.seasonDay = seasonDay;
  }

  public @Nullable Integer getSeasonEndMonth() {
    return seasonEndMonth;
  }

  public void setSeasonEndMonth(@Nullable Integer seasonEndMonth) {
    this.seasonEndMonth = seasonEndMonth;
  }

  public @Nullable Integer getSeasonEndDay() {
    return seasonEndDay;
  }

  public void setSeasonEndDay(@Nullable Integer seasonEndDay) {
    this.seasonEndDay = seasonEndDay;
  }

  public @Nullable Integer getTimes() {
    return times;
  }

  public void setTimes(@Nullable Integer times) {
    this.times = times;
  }

  public @Nullable Integer getYears() {
    return years;
  }

  public void setYears(@Nullable Integer years) {
    this.years = years;
  }

  public boolean isByStaff() {
    return byStaff;
  }

  public void setByStaff(boolean byStaff) {
    this.byStaff = byStaff;
  }

  public @Nullable ContactStep getStep1() {
    return step1;
  }

  public void setStep1(@Nullable ContactStep step1) {
    this.step1 = step1;
  }

  public @Nullable ContactStep getStep2() {
    return step2;
  }

  public void setStep2(@Nullable ContactStep step2) {
    this.step2 = step2;
  }

  public @Nullable ContactStep getStep3() {
    return step3;
  }

  public void setStep3(@Nullable ContactStep step3) {
    this.step3 = step3;
  }

  public @Nullable Integer getSilenceDays() {
    return silenceDays;
  }

  public void setSilenceDays(@Nullable Integer silenceDays) {
    this.silenceDays = silenceDays;
  }

  public AssigneeRule.@Nullable By getAssignBy() {
    return assignBy;
  }

  public void setAssignBy(AssigneeRule.@Nullable By assignBy) {
    this.assignBy = assignBy;
  }

  public @Nullable String getAssignRole() {
    return assignRole;
  }

  public void setAssignRole(@Nullable String assignRole) {
    this.assignRole = assignRole;
  }

  public List<String> getAssignStaff() {
    return assignStaff;
  }

  public void setAssignStaff(List<String> assignStaff) {
    this.assignStaff = assignStaff;
  }

  public @Nullable Integer getPriority() {
    return priority;
  }

  public void setPriority(@Nullable Integer priority) {
    this.priority = priority;
  }
}

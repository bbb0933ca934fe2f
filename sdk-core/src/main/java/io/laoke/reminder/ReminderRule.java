package io.laoke.reminder;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalKey;
import static io.laoke.base.Check.range;
import static io.laoke.base.Check.text;

import io.laoke.catalog.Keys;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A rule 提醒规则: units of a category get a service of a kind in a cycle. Immutable; each method gives
 * a changed copy.
 *
 * <p>A unit has at most one rule for each kind of service: {@link #best}.
 */
public final class ReminderRule {
  /** The rule that wins is the greatest; the codes make it one in any case. */
  private static final Comparator<ReminderRule> BY_STRENGTH =
      Comparator.comparingInt((ReminderRule rule) -> rule.priority)
          .thenComparingInt(rule -> rule.category.length())
          .thenComparing(rule -> rule.model != null)
          .thenComparing(rule -> rule.brand != null)
          .thenComparing(Comparator.comparing(ReminderRule::code).reversed());

  private final String code;
  private final String name;
  private final String category;
  private final @Nullable String model;
  private final @Nullable String brand;
  private final String kind;
  private final ServiceCycle cycle;
  private final int priority;
  private final ContactPlan contact;
  private final AssigneeRule assignee;

  private ReminderRule(
      String code,
      String name,
      String category,
      @Nullable String model,
      @Nullable String brand,
      String kind,
      ServiceCycle cycle,
      int priority,
      ContactPlan contact,
      AssigneeRule assignee) {
    this.code = code;
    this.name = name;
    this.category = category;
    this.model = model;
    this.brand = brand;
    this.kind = kind;
    this.cycle = cycle;
    this.priority = priority;
    this.contact = contact;
    this.assignee = assignee;
  }

  /**
   * A rule, called by its code until {@link #named} says otherwise.
   *
   * @param code the dealer's own code of the rule, at most 64 characters
   * @param category a path; categories below it are meant, too
   * @param kind the dealer's own code of the service, such as {@code CLEANING} or {@code 清洗}, at
   *     most 32 characters, compared with case; the same as in the services that are recorded
   * @param cycle how often, and from what day on
   */
  public static ReminderRule of(String code, String category, String kind, ServiceCycle cycle) {
    String checked = key("code", code, 64);
    return new ReminderRule(
        checked,
        checked,
        Keys.path("category", category),
        null,
        null,
        key("kind", kind, 32),
        notNull("cycle", cycle),
        0,
        ContactPlan.auto(),
        AssigneeRule.pool());
  }

  /**
   * With a name as staff read it.
   *
   * @param given at most 100 characters
   */
  public ReminderRule named(String given) {
    return new ReminderRule(
        code,
        text("name", given, 100),
        category,
        model,
        brand,
        kind,
        cycle,
        priority,
        contact,
        assignee);
  }

  /** Of this model alone, compared letter by letter; null for any. */
  public ReminderRule model(@Nullable String given) {
    return new ReminderRule(
        code,
        name,
        category,
        optionalKey("model", given, 100),
        brand,
        kind,
        cycle,
        priority,
        contact,
        assignee);
  }

  /** Of this brand alone, compared letter by letter; null for any. */
  public ReminderRule brand(@Nullable String given) {
    return new ReminderRule(
        code,
        name,
        category,
        model,
        optionalKey("brand", given, 100),
        kind,
        cycle,
        priority,
        contact,
        assignee);
  }

  /** The same, of where its category has moved to. */
  ReminderRule movedTo(String path) {
    return new ReminderRule(
        code, name, path, model, brand, kind, cycle, priority, contact, assignee);
  }

  /** With another cycle. */
  public ReminderRule cycle(ServiceCycle given) {
    return new ReminderRule(
        code,
        name,
        category,
        model,
        brand,
        kind,
        notNull("cycle", given),
        priority,
        contact,
        assignee);
  }

  /**
   * Wins over rules of less priority, however near their category is; 0 unless said.
   *
   * @param given -1,000 to 1,000
   */
  public ReminderRule priority(int given) {
    int checked = (int) range("priority", given, -1_000, 1_000);
    return new ReminderRule(
        code, name, category, model, brand, kind, cycle, checked, contact, assignee);
  }

  /**
   * With a way in which customers are told; {@link ContactPlan#auto} unless said. What has come due
   * already is told as it was to be then; of a rule that was retired only staff tell.
   */
  public ReminderRule contact(ContactPlan given) {
    return new ReminderRule(
        code,
        name,
        category,
        model,
        brand,
        kind,
        cycle,
        priority,
        notNull("contact", given),
        assignee);
  }

  /**
   * With a way in which tasks find who does them; {@link AssigneeRule#pool} unless said. What is on
   * somebody's list already stays there.
   */
  public ReminderRule assignee(AssigneeRule given) {
    return new ReminderRule(
        code,
        name,
        category,
        model,
        brand,
        kind,
        cycle,
        priority,
        contact,
        notNull("assign", given));
  }

  /** The dealer's own code of the rule. */
  public String code() {
    return code;
  }

  /** As staff read it. */
  public String name() {
    return name;
  }

  /** The path at and below which units are meant. */
  public String category() {
    return category;
  }

  /** The only model that is meant. */
  public Optional<String> model() {
    return Optional.ofNullable(model);
  }

  /** The only brand that is meant. */
  public Optional<String> brand() {
    return Optional.ofNullable(brand);
  }

  /** The dealer's own code of the service. */
  public String kind() {
    return kind;
  }

  /** How often, and from what day on. */
  public ServiceCycle cycle() {
    return cycle;
  }

  /** Which rule wins. */
  public int priority() {
    return priority;
  }

  /** How customers are told. */
  public ContactPlan contact() {
    return contact;
  }

  /** Who gets tasks. */
  public AssigneeRule assignee() {
    return assignee;
  }

  /** Whether it is about a unit. */
  public boolean covers(Sold unit) {
    return (unit.category().equals(category) || unit.category().startsWith(category + "/"))
        && (model == null || unit.model().filter(model::equals).isPresent())
        && (brand == null || unit.brand().filter(brand::equals).isPresent());
  }

  /**
   * The rules of a unit, by kind. Of several of one kind the one of the highest priority is taken;
   * of these the one whose category is nearest; of these one that names the model, then one that
   * names the brand; of these the one whose code is first. Depends on nothing but its arguments,
   * and not on the order of the rules.
   */
  public static Map<String, ReminderRule> best(Collection<ReminderRule> rules, Sold unit) {
    notNull("unit", unit);
    Map<String, ReminderRule> best = new TreeMap<>();
    for (ReminderRule rule : notNull("rules", rules)) {
      if (rule.covers(unit)) {
        best.merge(rule.kind, rule, BinaryOperator.maxBy(BY_STRENGTH));
      }
    }
    return best;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ReminderRule that
        && code.equals(that.code)
        && name.equals(that.name)
        && category.equals(that.category)
        && Objects.equals(model, that.model)
        && Objects.equals(brand, that.brand)
        && kind.equals(that.kind)
        && cycle.equals(that.cycle)
        && priority == that.priority
        && contact.equals(that.contact)
        && assignee.equals(that.assignee);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        code, name, category, model, brand, kind, cycle, priority, contact, assignee);
  }

  @Override
  public String toString() {
    return "ReminderRule[%s: %s of %s]".formatted(code, kind, category);
  }
}

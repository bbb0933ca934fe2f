package io.laoke.push;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;
import static io.laoke.base.Check.text;

import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import io.laoke.message.Purpose;
import io.laoke.segment.Segment;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which content goes to which members 群发计划. Immutable; each method gives a changed copy.
 *
 * <p>Its rules are in order: a member gets the content of the first rule whose segment it is in,
 * and no other. Who is in none gets that of the rest, if the plan has one.
 */
public final class Plan {
  private static final int MOST_RULES = 9;
  private static final Instant LATEST = Instant.parse("2199-12-31T00:00:00Z");

  private final String key;
  private final String name;
  private final String account;
  private final Purpose purpose;
  private final PlanPriority priority;
  private final int heldOut;
  private final List<Rule> rules;
  private final @Nullable Rule rest;
  private final @Nullable Instant startAt;

  /**
   * What goes to whom.
   *
   * @param name what people call the group, at most 100 characters
   * @param segment who is in it
   * @param content the key of what they get
   */
  public record Rule(String name, Segment segment, String content) {
    /** Checks. */
    public Rule {
      name = text("rule.name", name, 100);
      notNull("rule.segment", segment);
      content = Check.key("rule.content", content, 64);
    }
  }

  private Plan(
      String key,
      String name,
      String account,
      Purpose purpose,
      PlanPriority priority,
      int heldOut,
      List<Rule> rules,
      @Nullable Rule rest,
      @Nullable Instant startAt) {
    this.key = key;
    this.name = name;
    this.account = account;
    this.purpose = purpose;
    this.priority = priority;
    this.heldOut = heldOut;
    this.rules = rules;
    this.rest = rest;
    this.startAt = startAt;
  }

  /**
   * A marketing plan of normal priority without rules.
   *
   * @param key at most 64 characters
   * @param name what people call it, at most 100 characters
   * @param account the account by which it is sent; for WeChat the appid
   */
  public static Plan of(String key, String name, String account) {
    return new Plan(
        Check.key("key", key, 64),
        text("name", name, 100),
        Check.key("account", account, 64),
        Purpose.MARKETING,
        PlanPriority.NORMAL,
        0,
        List.of(),
        null,
        null);
  }

  /**
   * With one more rule, behind those that it has; nine at most.
   *
   * @param group what people call the group, at most 100 characters
   * @param content the key of what its members get
   */
  public Plan rule(String group, Segment segment, String content) {
    if (rules.size() == MOST_RULES) {
      throw new InvalidInputException(
          "rules",
          "must be %d at most; join groups that get the same, or make a second plan"
              .formatted(MOST_RULES));
    }
    List<Rule> more = new ArrayList<>(rules);
    more.add(new Rule(group, segment, content));
    return new Plan(
        key, name, account, purpose, priority, heldOut, List.copyOf(more), rest, startAt);
  }

  /**
   * With something for those of a segment that are in none of the rules' segments; of several calls
   * the last counts.
   */
  public Plan rest(String group, Segment within, String content) {
    return new Plan(
        key,
        name,
        account,
        purpose,
        priority,
        heldOut,
        rules,
        new Rule(group, within, content),
        startAt);
  }

  /**
   * For another purpose.
   *
   * @param other {@link Purpose#MARKETING}, or {@link Purpose#CARE} for what serves the goods that
   *     members have and praises nothing
   */
  public Plan purpose(Purpose other) {
    if (notNull("purpose", other) == Purpose.ORDER) {
      throw new InvalidInputException(
          "purpose", "must be MARKETING or CARE: what belongs to an order is told by its stages");
    }
    return new Plan(key, name, account, other, priority, heldOut, rules, rest, startAt);
  }

  /** With another priority. */
  public Plan priority(PlanPriority other) {
    return new Plan(
        key, name, account, purpose, notNull("priority", other), heldOut, rules, rest, startAt);
  }

  /**
   * Holds some members of the audience out, for comparison: always the same ones, for 50 those of
   * {@code Criteria.bucket("holdout/KEY", 0, 500)}.
   *
   * @param perMille of 1,000, 0 to 500
   */
  public Plan holdOut(int perMille) {
    int checked = (int) range("heldOut", perMille, 0, 500);
    return new Plan(key, name, account, purpose, priority, checked, rules, rest, startAt);
  }

  /**
   * With a time to start by itself, once it is scheduled: see {@link Plans#schedule}.
   *
   * @param time business time, before 2200; cut to milliseconds
   */
  public Plan startAt(Instant time) {
    Instant whole = notNull("startAt", time).truncatedTo(ChronoUnit.MILLIS);
    range("startAt", whole.toEpochMilli(), 0, LATEST.toEpochMilli());
    return new Plan(key, name, account, purpose, priority, heldOut, rules, rest, whole);
  }

  /** Its key. */
  public String key() {
    return key;
  }

  /** What people call it. */
  public String name() {
    return name;
  }

  /** By which account it is sent. */
  public String account() {
    return account;
  }

  /** Why it is sent. */
  public Purpose purpose() {
    return purpose;
  }

  /** Whether it may use what is kept. */
  public PlanPriority priority() {
    return priority;
  }

  /** How many of 1,000 members of its audience it holds out. */
  public int heldOut() {
    return heldOut;
  }

  /** The rules, the first first. */
  public List<Rule> rules() {
    return rules;
  }

  /** What goes to who is in none of them. */
  public Optional<Rule> rest() {
    return Optional.ofNullable(rest);
  }

  /** When it starts by itself, if it has such a time. */
  public Optional<Instant> startAt() {
    return Optional.ofNullable(startAt);
  }

  /** All rules, that of the rest last. */
  List<Rule> all() {
    List<Rule> all = new ArrayList<>(rules);
    rest().ifPresent(all::add);
    return all;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Plan that
        && key.equals(that.key)
        && name.equals(that.name)
        && account.equals(that.account)
        && purpose == that.purpose
        && priority == that.priority
        && heldOut == that.heldOut
        && rules.equals(that.rules)
        && Objects.equals(rest, that.rest)
        && Objects.equals(startAt, that.startAt);
  }

  @Override
  public int hashCode() {
    return Objects.hash(key, name, account, purpose, priority, heldOut, rules, rest, startAt);
  }

  @Override
  public String toString() {
    return "Plan[" + key + ", " + all().size() + " rules]";
  }
}

package io.laoke.reminder;

import static io.laoke.base.Check.notNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.error.InvalidInputException;
import java.time.DateTimeException;
import java.time.MonthDay;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Rules as JSON:
 *
 * <pre>{@code
 * {"code": "hood", "name": "油烟机清洗", "category": "kitchen/hood", "kind": "CLEANING", "every": "P6M",
 *  "from": ["INSTALLED", "DELIVERED"], "assumeInstalledAfterDays": 7, "leadDays": 14,
 *  "season": {"first": "04-01", "last": "09-30"}, "times": 10, "years": 8,
 *  "model": "CXW-200", "brand": "方太", "priority": 0,
 *  "contact": {"steps": ["TEMPLATE", "SMS", "CALL"], "silenceDays": 3},
 *  "assign": {"by": "STORE", "role": "售后"}}
 * }</pre>
 *
 * <p>{@code assign.by} is POOL, STORE, REGION or ROUND_ROBIN, the last with {@code "staff": ["li",
 * "wang"]}.
 *
 * <p>{@code code}, {@code category}, {@code kind} and {@code every} are needed.
 */
public final class ReminderRuleJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final int LONGEST = 20_000;

  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              "code",
              "name",
              "category",
              "model",
              "brand",
              "kind",
              "every",
              "from",
              "assumeInstalledAfterDays",
              "leadDays",
              "season",
              "times",
              "years",
              "priority",
              "contact",
              "assign"));
  private static final Set<String> ASSIGN_KEYS = new TreeSet<>(Set.of("by", "role", "staff"));
  private static final Set<String> CONTACT_KEYS = new TreeSet<>(Set.of("steps", "silenceDays"));
  private static final Set<String> SEASON_KEYS = new TreeSet<>(Set.of("first", "last"));

  /** Where the methods of rules and cycles call a thing otherwise. */
  private static final Map<String, String> CALLED =
      Map.of("bases", "from", "assumedDays", "assumeInstalledAfterDays");

  private ReminderRuleJson() {}

  /**
   * Reads a rule.
   *
   * @throws InvalidInputException whose field is a JSON pointer to what is wrong, such as {@code
   *     /every}, or empty if it is the whole
   */
  public static ReminderRule read(String json) {
    return read(json, true);
  }

  /** Reads what {@link #write} gave; what a newer version added is ignored. */
  static ReminderRule stored(String json) {
    return read(json, false);
  }

  private static ReminderRule read(String json, boolean strict) {
    if (notNull("json", json).length() > LONGEST) {
      throw new InvalidInputException(
          "", "must have at most %d characters, has %d".formatted(LONGEST, json.length()));
    }
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException damaged) {
      throw new InvalidInputException(
          "",
          "must be JSON, such as {\"code\": …}: wrong in line %d, column %d"
              .formatted(damaged.getLocation().getLineNr(), damaged.getLocation().getColumnNr()));
    }
    object("", root, KEYS, strict);
    return rule(root, strict);
  }

  private static ReminderRule rule(JsonNode root, boolean strict) {
    ReminderRule rule =
        at(
            () ->
                ReminderRule.of(
                    needed(root, "code"),
                    needed(root, "category"),
                    needed(root, "kind"),
                    cycle(root, strict)));
    Optional<String> name = text(root, "name");
    if (name.isPresent()) {
      ReminderRule unnamed = rule;
      rule = at(() -> unnamed.named(name.get()));
    }
    ReminderRule named = rule;
    return at(
        () ->
            named
                .model(text(root, "model").orElse(null))
                .brand(text(root, "brand").orElse(null))
                .priority(number(root, "priority").orElse(0))
                .contact(contact(root, strict))
                .assignee(assignee(root, strict)));
  }

  private static AssigneeRule assignee(JsonNode root, boolean strict) {
    if (!has(root, "assign")) {
      return AssigneeRule.pool();
    }
    JsonNode assign = root.get("assign");
    object("/assign", assign, ASSIGN_KEYS, strict);
    String by = assign.path("by").asText();
    Optional<AssigneeRule.By> known =
        Arrays.stream(AssigneeRule.By.values()).filter(one -> one.name().equals(by)).findFirst();
    if (known.isEmpty()) {
      if (strict) {
        throw new InvalidInputException(
            "/assign/by", "must be POOL, STORE, REGION or ROUND_ROBIN; was %s".formatted(by));
      }
      return AssigneeRule.pool();
    }
    List<String> staff = new ArrayList<>();
    if (has(assign, "staff")) {
      if (!assign.get("staff").isArray()) {
        throw new InvalidInputException(
            "/assign/staff",
            "must be a list such as [\"li\", \"wang\"]; was %s".formatted(assign.get("staff")));
      }
      assign.get("staff").forEach(one -> staff.add(one.asText()));
    }
    return new AssigneeRule(
        known.get(),
        has(assign, "role") ? Optional.of(assign.get("role").asText()) : Optional.empty(),
        staff);
  }

  private static ContactPlan contact(JsonNode root, boolean strict) {
    ContactPlan plan = ContactPlan.auto();
    if (!has(root, "contact")) {
      return plan;
    }
    JsonNode contact = root.get("contact");
    object("/contact", contact, CONTACT_KEYS, strict);
    if (has(contact, "steps")) {
      List<ContactStep> steps =
          names(
              contact.get("steps"),
              "/contact/steps",
              "[\"TEMPLATE\", \"CALL\"]",
              ContactStep.class,
              "TEMPLATE, SMS and CALL",
              strict);
      plan = plan.steps(steps.toArray(ContactStep[]::new));
    }
    if (has(contact, "silenceDays")) {
      JsonNode days = contact.get("silenceDays");
      if (!days.canConvertToInt() || !days.isIntegralNumber()) {
        throw new InvalidInputException(
            "/contact/silenceDays", "must be a whole number; was %s".formatted(days));
      }
      plan = plan.silenceDays(days.asInt());
    }
    return plan;
  }

  private static ServiceCycle cycle(JsonNode root, boolean strict) {
    ServiceCycle cycle = ServiceCycle.every(every(root));
    List<Basis> from = bases(root);
    if (has(root, "from")) {
      cycle = cycle.from(from);
    }
    Optional<Integer> assumed = number(root, "assumeInstalledAfterDays");
    if (assumed.isPresent()) {
      cycle = cycle.assumingInstalledAfter(assumed.get());
    }
    Optional<Integer> lead = number(root, "leadDays");
    if (lead.isPresent()) {
      cycle = cycle.leadDays(lead.get());
    }
    Optional<Integer> times = number(root, "times");
    if (times.isPresent()) {
      cycle = cycle.times(times.get());
    }
    Optional<Integer> years = number(root, "years");
    if (years.isPresent()) {
      cycle = cycle.years(years.get());
    }
    if (has(root, "season")) {
      JsonNode season = root.get("season");
      object("/season", season, SEASON_KEYS, strict);
      cycle = cycle.within(new Season(day(season, "first"), day(season, "last")));
    }
    return cycle;
  }

  private static Period every(JsonNode root) {
    String given = needed(root, "every");
    try {
      return Period.parse(given);
    } catch (DateTimeException malformed) {
      throw new InvalidInputException(
          "/every", "must be a period such as P6M, P1Y or P90D; was %s".formatted(given));
    }
  }

  private static List<Basis> bases(JsonNode root) {
    return has(root, "from")
        ? names(
            root.get("from"),
            "/from",
            "[\"INSTALLED\", \"DELIVERED\"]",
            Basis.class,
            "DELIVERED, INSTALLED, COMPLETED and LAST_SERVICE",
            true)
        : List.of();
  }

  /** Names of an enumeration; unknown ones are refused, or left out where a newer version wrote. */
  private static <E extends Enum<E>> List<E> names(
      JsonNode list, String pointer, String example, Class<E> type, String all, boolean strict) {
    if (!list.isArray()) {
      throw new InvalidInputException(pointer, "must be a list such as %s".formatted(example));
    }
    List<E> names = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String name = list.get(i).asText().toUpperCase(Locale.ROOT);
      try {
        names.add(Enum.valueOf(type, name));
      } catch (IllegalArgumentException unknown) {
        if (strict) {
          throw new InvalidInputException(
              pointer + "/" + i, "must be one of %s; was %s".formatted(all, list.get(i)));
        }
      }
    }
    return names;
  }

  private static MonthDay day(JsonNode season, String key) {
    JsonNode given = season.get(key);
    String pointer = "/season/" + key;
    if (given == null || !given.isTextual()) {
      throw new InvalidInputException(pointer, "must be a day of the year such as \"04-01\"");
    }
    try {
      return MonthDay.parse("--" + given.asText());
    } catch (DateTimeException malformed) {
      throw new InvalidInputException(
          pointer, "must be a day of the year such as 04-01; was %s".formatted(given.asText()));
    }
  }

  private static void object(String pointer, JsonNode node, Set<String> keys, boolean strict) {
    if (!node.isObject()) {
      throw new InvalidInputException(
          pointer, "must be a JSON object with keys of %s".formatted(keys));
    }
    if (!strict) {
      return;
    }
    for (Iterator<String> given = node.fieldNames(); given.hasNext(); ) {
      String key = given.next();
      if (!keys.contains(key)) {
        throw new InvalidInputException(
            pointer + "/" + key.replace("~", "~0").replace("/", "~1"),
            "is no key that belongs here; use %s".formatted(keys));
      }
    }
  }

  private static boolean has(JsonNode node, String key) {
    return node.hasNonNull(key);
  }

  private static String needed(JsonNode root, String key) {
    return text(root, key)
        .orElseThrow(() -> new InvalidInputException("/" + key, "must be given, as a text"));
  }

  private static Optional<String> text(JsonNode root, String key) {
    if (!has(root, key)) {
      return Optional.empty();
    }
    if (!root.get(key).isTextual()) {
      throw new InvalidInputException(
          "/" + key, "must be a text in quotes; was %s".formatted(root.get(key)));
    }
    return Optional.of(root.get(key).asText());
  }

  private static Optional<Integer> number(JsonNode root, String key) {
    if (!has(root, key)) {
      return Optional.empty();
    }
    if (!root.get(key).isIntegralNumber() || !root.get(key).canConvertToInt()) {
      throw new InvalidInputException(
          "/" + key, "must be a whole number; was %s".formatted(root.get(key)));
    }
    return Optional.of(root.get(key).asInt());
  }

  /** What a rule refuses is told where it stands. */
  private static <T> T at(Supplier<T> one) {
    try {
      return one.get();
    } catch (InvalidInputException refused) {
      String field = refused.field();
      if (field.isEmpty() || field.startsWith("/")) {
        throw refused;
      }
      String said = String.valueOf(refused.getMessage()).substring(field.length() + 2);
      String pointer = "/" + CALLED.getOrDefault(field, field.replace('.', '/'));
      throw new InvalidInputException(pointer, said + "; correct it there", refused);
    }
  }

  /** Writes a rule; what has its usual value is left out. */
  public static String write(ReminderRule rule) {
    ObjectNode root = JSON.createObjectNode();
    root.put("code", notNull("rule", rule).code());
    root.put("name", rule.name());
    root.put("category", rule.category());
    rule.model().ifPresent(model -> root.put("model", model));
    rule.brand().ifPresent(brand -> root.put("brand", brand));
    root.put("kind", rule.kind());
    ServiceCycle cycle = rule.cycle();
    root.put("every", cycle.every().toString());
    ArrayNode from = root.putArray("from");
    cycle.bases().forEach(basis -> from.add(basis.name()));
    cycle.assumedDays().ifPresent(days -> root.put("assumeInstalledAfterDays", days));
    if (cycle.leadDays() > 0) {
      root.put("leadDays", cycle.leadDays());
    }
    cycle
        .season()
        .ifPresent(
            season ->
                root.putObject("season")
                    .put("first", season.first().toString().substring(2))
                    .put("last", season.last().toString().substring(2)));
    cycle.times().ifPresent(times -> root.put("times", times));
    cycle.years().ifPresent(years -> root.put("years", years));
    if (rule.priority() != 0) {
      root.put("priority", rule.priority());
    }
    ContactPlan contact = rule.contact();
    if (!contact.equals(ContactPlan.auto())) {
      ObjectNode plan = root.putObject("contact");
      ArrayNode steps = plan.putArray("steps");
      contact.steps().forEach(step -> steps.add(step.name()));
      plan.put("silenceDays", contact.silenceDays());
    }
    AssigneeRule assignee = rule.assignee();
    if (!assignee.equals(AssigneeRule.pool())) {
      ObjectNode assign = root.putObject("assign");
      assign.put("by", assignee.by().name());
      assignee.role().ifPresent(role -> assign.put("role", role));
      if (!assignee.staff().isEmpty()) {
        ArrayNode staff = assign.putArray("staff");
        assignee.staff().forEach(staff::add);
      }
    }
    return root.toString();
  }
}

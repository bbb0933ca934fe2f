package io.laoke.sms;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text message's template 短信模板 as providers approved it, with names instead of positions. What
 * every provider refuses is refused here: a second 【】, two variables beside each other, emoji, a
 * one-time code without the word for it, a notice that offers a way to unsubscribe, a promotion
 * that does not.
 *
 * @param key the dealer's own name of it, at most 64 characters; messages name it as their template
 * @param purpose what it was approved for
 * @param text the words as approved, without the signature, variables as <code>${name}</code>
 * @param parameters the variables in the order of the provider's positions {1}, {2} …, which need
 *     not be that of the text
 * @param approvals by provider, see {@link SmsSender#provider()}
 */
public record SmsTemplate(
    String key,
    SmsPurpose purpose,
    String text,
    List<Parameter> parameters,
    Map<String, SmsApproval> approvals) {
  /** How a promotion tells people to refuse more. */
  public static final String UNSUBSCRIBE = "拒收请回复R";

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z][A-Za-z0-9_]{0,31})}");
  private static final Pattern CODE_WORD = Pattern.compile("验证码|注册码|校验码|动态码");
  private static final Pattern BESIDE = Pattern.compile("}\\s*\\$\\{");
  private static final Pattern LINK =
      Pattern.compile(
          "(?i)(?:https?:|www\\.|//|[a-z0-9-]+\\.(?:com|cn|net|org|cc|top|vip|xyz|me|io)(?![a-z0-9]))");
  private static final Pattern SYMBOL = Pattern.compile("[¥￥★☆【】]");

  /**
   * A variable.
   *
   * @param name its name in the text, letters, digits and {@code _}
   * @param maxLength the longest value, at most 64 characters, as the provider's console says
   */
  public record Parameter(String name, int maxLength) {
    /** Checks. */
    public Parameter {
      name = Check.key("name", name, 32);
      Check.range("maxLength", maxLength, 1, 64);
    }
  }

  /** Checks and copies. */
  public SmsTemplate {
    key = Check.key("key", key, 64);
    notNull("purpose", purpose);
    text = Check.key("text", text, SmsText.LONGEST);
    parameters = List.copyOf(notNull("parameters", parameters));
    approvals = Collections.unmodifiableMap(new LinkedHashMap<>(notNull("approvals", approvals)));
    approvals.forEach(
        (provider, approval) -> {
          Check.key("approvals", provider, 32);
          notNull("approvals", approval);
        });
    words(purpose, text);
    variables(text, parameters);
    if (purpose == SmsPurpose.OTP) {
      parameters.stream()
          .filter(one -> one.maxLength() > 6)
          .findFirst()
          .ifPresent(
              one -> {
                throw new InvalidInputException(
                    "parameters",
                    "must be at most 6 characters long in a one-time code's template, %s is %d"
                        .formatted(one.name(), one.maxLength()));
              });
    }
    int longest = longest(text, parameters);
    if (longest > SmsText.LONGEST) {
      throw new InvalidInputException(
          "text",
          "must be at most %d characters with the longest values, may be %d"
              .formatted(SmsText.LONGEST, longest));
    }
  }

  /**
   * Without variables or approvals; add them with {@link Draft#with} and {@link Draft#approved}.
   */
  public static Draft of(String key, SmsPurpose purpose, String text) {
    return new Draft(key, purpose, text, List.of(), Map.of());
  }

  /** A template that is being written down. */
  public record Draft(
      String key,
      SmsPurpose purpose,
      String text,
      List<Parameter> parameters,
      Map<String, SmsApproval> approvals) {
    /** The next variable by position. */
    public Draft with(String name, int maxLength) {
      List<Parameter> more = new ArrayList<>(parameters);
      more.add(new Parameter(name, maxLength));
      return new Draft(key, purpose, text, more, approvals);
    }

    /** How a provider has it. */
    public Draft at(String provider, SmsApproval approval) {
      Map<String, SmsApproval> more = new LinkedHashMap<>(approvals);
      more.put(notNull("provider", provider), notNull("approval", approval));
      return new Draft(key, purpose, text, parameters, more);
    }

    /** A provider has approved it under that code. */
    public Draft approved(String provider, String code) {
      return at(provider, SmsApproval.approved(code));
    }

    /** The template, checked. */
    public SmsTemplate build() {
      return new SmsTemplate(key, purpose, text, parameters, approvals);
    }
  }

  private static void words(SmsPurpose purpose, String text) {
    if (text.codePoints().anyMatch(Character::isSupplementaryCodePoint)) {
      throw new InvalidInputException(
          "text", "must have no emoji or other characters beyond U+FFFF, which carriers refuse");
    }
    if (text.indexOf('【') >= 0 || text.indexOf('】') >= 0) {
      throw new InvalidInputException(
          "text", "must have no 【】: the provider puts the signature before it");
    }
    if (BESIDE.matcher(text).find()) {
      throw new InvalidInputException(
          "text", "must have other words between two variables; providers refuse adjacent ones");
    }
    boolean unsubscribes = text.strip().endsWith(UNSUBSCRIBE);
    if (purpose == SmsPurpose.OTP && !CODE_WORD.matcher(text).find()) {
      throw new InvalidInputException(
          "text", "must say 验证码, 注册码, 校验码 or 动态码 in a template for one-time codes");
    }
    if (purpose == SmsPurpose.PROMOTION && !unsubscribes) {
      throw new InvalidInputException(
          "text", "must end with %s in a template for promotions".formatted(UNSUBSCRIBE));
    }
    if (purpose != SmsPurpose.PROMOTION && unsubscribes) {
      throw new InvalidInputException(
          "text",
          "must not end with %s unless it is a template for promotions".formatted(UNSUBSCRIBE));
    }
  }

  private static void variables(String text, List<Parameter> parameters) {
    List<String> named = new ArrayList<>();
    Matcher variable = VARIABLE.matcher(text);
    while (variable.find()) {
      named.add(variable.group(1));
    }
    if (VARIABLE.matcher(text).replaceAll("").contains("${")) {
      throw new InvalidInputException(
          "text", "must write variables as ${name}, letters, digits and _, at most 32 characters");
    }
    List<String> declared = parameters.stream().map(Parameter::name).toList();
    for (String name : declared) {
      if (!named.contains(name) || declared.indexOf(name) != declared.lastIndexOf(name)) {
        throw new InvalidInputException(
            "parameters", "must name each variable of the text once, check " + name);
      }
    }
    for (String name : named) {
      if (!declared.contains(name)) {
        throw new InvalidInputException(
            "parameters", "must name each variable of the text once, lacks " + name);
      }
    }
  }

  private static int longest(String text, List<Parameter> parameters) {
    Map<String, String> values = new LinkedHashMap<>();
    parameters.forEach(one -> values.put(one.name(), "一".repeat(one.maxLength())));
    return filled(text, values).length();
  }

  private static String filled(String text, Map<String, String> values) {
    return VARIABLE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), "")));
  }

  /**
   * What is wrong with these values, for people: a missing or an unknown one, one that is too long,
   * has a line break, a link, an emoji or one of ¥ ★ 【】. Empty if they can be sent.
   */
  public Optional<String> problem(Map<String, String> values) {
    notNull("values", values);
    for (String name : values.keySet()) {
      if (parameters.stream().noneMatch(one -> one.name().equals(name))) {
        return Optional.of("the template has no variable " + name);
      }
    }
    for (Parameter one : parameters) {
      Optional<String> wrong = problem(one, values.get(one.name()));
      if (wrong.isPresent()) {
        return wrong.map(what -> "the value of %s %s".formatted(one.name(), what));
      }
    }
    return Optional.empty();
  }

  /** The same of one value. */
  static Optional<String> problem(Parameter parameter, @Nullable String value) {
    String wrong = null;
    if (value == null || value.isBlank()) {
      wrong = "is missing";
    } else if (value.length() > parameter.maxLength()) {
      wrong = "is %d characters long, at most %d".formatted(value.length(), parameter.maxLength());
    } else if (value.chars().anyMatch(SmsTemplate::breaksLine)) {
      wrong = "has a line break or control character";
    } else if (value.codePoints().anyMatch(Character::isSupplementaryCodePoint)) {
      wrong = "has an emoji or another character beyond U+FFFF";
    } else if (LINK.matcher(value).find()) {
      wrong = "has a link, which may only be a constant part of the template";
    } else if (SYMBOL.matcher(value).find()) {
      wrong = "has one of the symbols ¥ ★ 【】";
    }
    return Optional.ofNullable(wrong);
  }

  private static boolean breaksLine(int c) {
    return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
  }

  /**
   * The words with these values, without the signature.
   *
   * @throws InvalidInputException if {@link #problem} has something to say; it shows no value
   */
  public String fill(Map<String, String> values) {
    problem(values)
        .ifPresent(
            wrong -> {
              throw new InvalidInputException(
                  "values", "must be what the template %s takes: %s".formatted(key, wrong));
            });
    return filled(text, values);
  }

  /** How many messages the text is charged as under a signature, with these values. */
  public int segments(String signature, Map<String, String> values) {
    return SmsText.segments(signature, fill(values));
  }

  /** The same with the longest values that it takes: what it can cost at most. */
  public int mostSegments(String signature) {
    return SmsText.segments(SmsText.shown(signature, "").length() + longest(text, parameters));
  }

  /** The same template with another state at a provider that has it. */
  SmsTemplate withState(String provider, SmsApproval.State state) {
    Map<String, SmsApproval> changed = new LinkedHashMap<>(approvals);
    changed.computeIfPresent(provider, (same, was) -> new SmsApproval(was.code(), state));
    return new SmsTemplate(key, purpose, text, parameters, changed);
  }
}

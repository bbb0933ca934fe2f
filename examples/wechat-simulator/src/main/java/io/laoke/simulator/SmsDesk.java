package io.laoke.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the gateways know and which rules they keep; each provider's words for them are elsewhere.
 */
final class SmsDesk {
  static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final Pattern MOBILE = Pattern.compile("1[3-9]\\d{9}");
  private static final Pattern ALIYUN_VARIABLE = Pattern.compile("\\$\\{([A-Za-z0-9_]+)}");
  private static final Pattern TENCENT_VARIABLE = Pattern.compile("\\{(\\d+)}");
  private static final Pattern LINK = Pattern.compile("(?i)https?://|www\\.");
  private static final int LONGEST_VALUE = 35;
  private static final int LONGEST = 500;

  /** Which rule a message breaks. */
  enum Rule {
    NUMBER,
    SIGNATURE,
    TEMPLATE,
    MISSING,
    EXTRA,
    LONG_VALUE,
    LINK,
    LONG_TEXT,
    BLACKLIST,
    FREQUENCY,
    HOURS
  }

  /** A message that breaks a rule. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1;

    private final Rule rule;

    Broken(Rule rule) {
      super(rule.name(), null, false, false);
      this.rule = rule;
    }

    Rule rule() {
      return rule;
    }
  }

  private record Template(SmsKind kind, String text) {}

  private final Clock machine;
  private Duration ahead = Duration.ZERO;
  private boolean limits = true;
  private final Map<String, String> secrets = new HashMap<>();
  private final Set<String> signatures = new HashSet<>();
  private final Map<String, Template> templates = new HashMap<>();
  private final Set<String> blacklist = new HashSet<>();
  private final List<AcceptedSms> accepted = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();
  private final Map<String, Fate> fates = new LinkedHashMap<>();
  private long made;

  /**
   * What became of a message.
   *
   * @param code of the carrier; empty while it is under way
   * @param at when it arrived or failed
   */
  record Fate(AcceptedSms sms, boolean delivered, String code, Instant at) {
    boolean known() {
      return !code.isEmpty();
    }
  }

  synchronized void fate(Fate fate) {
    fates.put(fate.sms.providerId(), fate);
  }

  /** It is not under way any more. */
  synchronized void arrived(String providerId) {
    fates.computeIfPresent(providerId, (id, fate) -> new Fate(fate.sms, true, "DELIVERED", now()));
  }

  /** The messages to a phone that a provider still knows, sent from one time to another. */
  synchronized List<Fate> fates(SmsProvider provider, String phone, Instant from, Instant to) {
    return fates.values().stream()
        .filter(fate -> fate.sms.provider() == provider && fate.sms.phone().equals(phone))
        .filter(fate -> !fate.sms.at().isBefore(from) && fate.sms.at().isBefore(to))
        .toList();
  }

  private record Sent(
      SmsProvider provider, String phone, SmsKind kind, String group, String text, Instant at) {}

  SmsDesk(Clock machine) {
    this.machine = machine;
  }

  synchronized Instant now() {
    return machine.instant().plus(ahead);
  }

  Instant wire() {
    return machine.instant();
  }

  synchronized void advance(Duration by) {
    ahead = ahead.plus(by);
  }

  synchronized void limits(boolean on) {
    limits = on;
  }

  synchronized void key(String id, String secret) {
    secrets.put(id, secret);
  }

  synchronized @Nullable String secret(String id) {
    return secrets.get(id);
  }

  synchronized void signature(String signature) {
    signatures.add(signature);
  }

  synchronized void template(SmsProvider provider, String code, SmsKind kind, String text) {
    templates.put(provider + "/" + code, new Template(kind, text));
  }

  synchronized void blacklist(String phone, boolean on) {
    if (on) {
      blacklist.add(phone);
    } else {
      blacklist.remove(phone);
    }
  }

  synchronized List<AcceptedSms> accepted() {
    return List.copyOf(accepted);
  }

  /** A message that keeps every rule, and is counted. */
  synchronized AcceptedSms accept(
      SmsProvider provider,
      String phone,
      String signature,
      String code,
      Map<String, String> values,
      String senderId)
      throws Broken {
    check(MOBILE.matcher(phone).matches(), Rule.NUMBER);
    check(signatures.contains(signature), Rule.SIGNATURE);
    Template template = templates.get(provider + "/" + code);
    if (template == null) {
      throw new Broken(Rule.TEMPLATE);
    }
    String text = "【" + signature + "】" + filled(provider, template.text, values);
    check(text.length() <= LONGEST, Rule.LONG_TEXT);
    check(!blacklist.contains(phone), Rule.BLACKLIST);
    Instant now = now();
    Sent one = new Sent(provider, phone, template.kind, signature + "/" + code, text, now);
    if (limits) {
      check(!tooOften(one), Rule.FREQUENCY);
      check(!atNight(one), Rule.HOURS);
    }
    sent.add(one);
    String id =
        provider == SmsProvider.ALIYUN
            ? "%018d^0".formatted(++made + 900_000_000_000L)
            : "5000:%d".formatted(++made + 1_045_000_000_000_000L);
    AcceptedSms sms =
        new AcceptedSms(
            provider,
            phone,
            text,
            text.length() <= 70 ? 1 : (int) Math.ceil(text.length() / 67.0),
            id,
            senderId,
            now);
    accepted.add(sms);
    return sms;
  }

  private static void check(boolean holds, Rule rule) throws Broken {
    if (!holds) {
      throw new Broken(rule);
    }
  }

  private static String filled(SmsProvider provider, String text, Map<String, String> values)
      throws Broken {
    Matcher variable =
        (provider == SmsProvider.ALIYUN ? ALIYUN_VARIABLE : TENCENT_VARIABLE).matcher(text);
    StringBuilder filled = new StringBuilder();
    Set<String> named = new HashSet<>();
    while (variable.find()) {
      String value = values.get(variable.group(1));
      if (value == null || value.isBlank()) {
        throw new Broken(Rule.MISSING);
      }
      check(value.length() <= LONGEST_VALUE, Rule.LONG_VALUE);
      check(!LINK.matcher(value).find(), Rule.LINK);
      named.add(variable.group(1));
      variable.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    check(provider == SmsProvider.ALIYUN || named.containsAll(values.keySet()), Rule.EXTRA);
    return variable.appendTail(filled).toString();
  }

  /** Minute and hour are those of China's clocks, the day is the last 24 hours. */
  private boolean tooOften(Sent one) {
    List<Sent> same =
        sent.stream()
            .filter(before -> before.provider == one.provider && before.phone.equals(one.phone))
            .toList();
    if (one.provider == SmsProvider.TENCENT) {
      return same.stream()
          .anyMatch(
              before -> before.text.equals(one.text) && before.at.isAfter(one.at.minusSeconds(30)));
    }
    Instant dayAgo = one.at.minus(Duration.ofHours(24));
    if (one.kind != SmsKind.OTP) {
      return same.stream()
              .filter(before -> before.group.equals(one.group) && before.at.isAfter(dayAgo))
              .count()
          >= 50;
    }
    Instant minute = one.at.truncatedTo(ChronoUnit.MINUTES);
    Instant hour = one.at.truncatedTo(ChronoUnit.HOURS);
    List<Sent> codes = same.stream().filter(before -> before.kind == SmsKind.OTP).toList();
    return codes.stream().filter(before -> !before.at.isBefore(minute)).count() >= 1
        || codes.stream().filter(before -> !before.at.isBefore(hour)).count() >= 5
        || codes.stream().filter(before -> before.at.isAfter(dayAgo)).count() >= 10;
  }

  private static boolean atNight(Sent one) {
    LocalTime time = one.at.atZone(CHINA).toLocalTime();
    return one.kind == SmsKind.PROMOTION
        && one.provider == SmsProvider.TENCENT
        && (time.isBefore(LocalTime.of(8, 0)) || !time.isBefore(LocalTime.of(22, 0)));
  }
}

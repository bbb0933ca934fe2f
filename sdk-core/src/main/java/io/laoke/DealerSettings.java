package io.laoke;

import static io.laoke.base.Check.notNull;

import com.fasterxml.jackson.core.type.TypeReference;
import io.laoke.binding.AutoBind;
import io.laoke.binding.BindingSettings;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.internal.json.Json;
import io.laoke.member.ConsentWords;
import io.laoke.member.PeopleSettings;
import io.laoke.notice.NoticeSettings;
import io.laoke.order.OrderSettings;
import io.laoke.order.Stage;
import io.laoke.push.PlanSettings;
import io.laoke.reminder.AnswerSettings;
import io.laoke.reminder.ReminderSettings;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a dealer decides for itself. Immutable; each method gives a changed copy. Kept in table
 * {@code dealer}, so that all nodes agree; a change reaches every node within ten seconds. Only the
 * words of replies are code and not kept: {@code Laoke.builder().replies(…)} sets them.
 *
 * @param zone of the business calendar
 * @param orders how orders count
 * @param binding who may receive an order's notices
 * @param notices what is worth telling and when, and in whose name
 * @param people how its people are treated
 * @param retention how long records are kept that delivery needs no more
 * @param reminders how services are reminded of
 * @param plans how many messages its followers get, and who approves
 */
public record DealerSettings(
    ZoneId zone,
    OrderSettings orders,
    BindingSettings binding,
    NoticeSettings notices,
    PeopleSettings people,
    RetentionSettings retention,
    ReminderSettings reminders,
    PlanSettings plans) {
  private static final String NO_NIGHT = "none";
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  /** Checks. */
  public DealerSettings {
    notNull("zone", zone);
    notNull("orders", orders);
    notNull("binding", binding);
    notNull("notices", notices);
    notNull("people", people);
    notNull("retention", retention);
    notNull("reminders", reminders);
    notNull("plans", plans);
  }

  /** Asia/Shanghai and each feature's own defaults. */
  public static DealerSettings defaults() {
    return new DealerSettings(
        SHANGHAI,
        OrderSettings.defaults(),
        BindingSettings.standard(),
        NoticeSettings.standard(),
        PeopleSettings.standard(),
        RetentionSettings.standard(),
        ReminderSettings.standard(),
        PlanSettings.standard());
  }

  /** With another zone of the business calendar. */
  public DealerSettings zone(ZoneId zone) {
    return new DealerSettings(zone, orders, binding, notices, people, retention, reminders, plans);
  }

  /** With the name that customers know; the same as {@code notices().withDealerName(…)}. */
  public DealerSettings name(String name) {
    return notices(notices.withDealerName(name));
  }

  /**
   * With an address for paper links, claims and order pages; the same as {@code
   * binding().withWebAddress(…)}.
   */
  public DealerSettings webAddress(String address) {
    return binding(binding.withWebAddress(address));
  }

  /** Tells of orders at any hour; the same as {@code notices().withoutNight()}. */
  public DealerSettings anyHour() {
    return notices(notices.withoutNight());
  }

  /** With other rules of how orders count. */
  public DealerSettings orders(OrderSettings orders) {
    return new DealerSettings(zone, orders, binding, notices, people, retention, reminders, plans);
  }

  /** With other rules of binding. */
  public DealerSettings binding(BindingSettings binding) {
    return new DealerSettings(zone, orders, binding, notices, people, retention, reminders, plans);
  }

  /** With other rules of notices. */
  public DealerSettings notices(NoticeSettings notices) {
    return new DealerSettings(zone, orders, binding, notices, people, retention, reminders, plans);
  }

  /** With another treatment of its people. */
  public DealerSettings people(PeopleSettings people) {
    return new DealerSettings(zone, orders, binding, notices, people, retention, reminders, plans);
  }

  /** With other ages of records. */
  public DealerSettings retention(RetentionSettings retention) {
    return new DealerSettings(zone, orders, binding, notices, people, retention, reminders, plans);
  }

  /** With another way to remind of services. */
  public DealerSettings reminders(ReminderSettings given) {
    return new DealerSettings(zone, orders, binding, notices, people, retention, given, plans);
  }

  /** With other limits of plans. */
  public DealerSettings plans(PlanSettings given) {
    return new DealerSettings(zone, orders, binding, notices, people, retention, reminders, given);
  }

  /** What is kept; equal for settings that mean the same. */
  Map<String, String> stored() {
    Map<String, String> stored = new TreeMap<>();
    stored.put("orders.countsFrom", orders.countsFrom().name());
    stored.put("binding.recipientLimit", Integer.toString(binding.recipientLimit()));
    stored.put("binding.autoBind", binding.autoBind().name());
    stored.put("binding.ticketLife", binding.ticketLife().toString());
    stored.put("binding.linkLife", binding.linkLife().toString());
    stored.put("binding.claims", Boolean.toString(binding.claims()));
    stored.put("binding.phoneClaimYears", Integer.toString(binding.phoneClaimYears()));
    binding.webAddress().ifPresent(address -> stored.put("binding.webAddress", address));
    stored.put("notices.validFor", notices.validFor().toString());
    stored.put("notices.hint", notices.hint());
    stored.put("notices.staleAfter", notices.staleAfter().toString());
    stored.put("notices.newestOnly", Boolean.toString(notices.newestOnly()));
    stored.put("notices.collect", notices.collect().toString());
    stored.put(
        "notices.night",
        notices.night().map(night -> night.from() + "/" + night.until()).orElse(NO_NIGHT));
    stored.put("people.followIsConsent", Boolean.toString(people.followIsConsent()));
    ConsentWords words = people.consentWords();
    stored.put("people.refusing", String.join("|", words.refusing()));
    stored.put("people.agreeing", String.join("|", words.agreeing()));
    stored.put("people.textVersion", words.textVersion());
    stored.put("retention", retention.stored());
    stored.put("plans", plans.stored());
    stored.put("reminders.overdueADay", Integer.toString(reminders.overdueADay()));
    stored.put("reminders.claimedFor", reminders.claimedFor().toString());
    stored.put("reminders.attributedDays", Integer.toString(reminders.attributedDays()));
    stored.put("reminders.contactHours", reminders.contactFrom() + "/" + reminders.contactUntil());
    stored.put("reminders.answers", reminders.answers().stored());
    stored.put("reminders.digestAt", reminders.digestAt().toString());
    stored.put("reminders.expireAfterDays", Integer.toString(reminders.expireAfterDays()));
    notices.dealerName().ifPresent(name -> stored.put("notices.dealerName", name));
    return stored;
  }

  /**
   * Reads what {@link #stored} gave; what is not there has its default.
   *
   * @throws InvalidInputException for what cannot be read, its key as the field
   */
  static DealerSettings restored(ZoneId zone, Json json, String stored) {
    Map<String, String> values;
    try {
      values = json.read(stored, new TypeReference<Map<String, String>>() {});
    } catch (LaokeException unreadable) {
      throw new InvalidInputException(
          "settings",
          "must be a JSON object of texts; write them anew with laoke.dealers().put(…)",
          unreadable);
    }
    DealerSettings settings = defaults().zone(zone);
    settings =
        with(
            values,
            "orders.countsFrom",
            settings,
            s -> v -> s.orders(new OrderSettings(Stage.valueOf(v))));
    settings =
        with(
            values,
            "binding.recipientLimit",
            settings,
            s -> v -> s.binding(s.binding.withRecipientLimit(Integer.parseInt(v))));
    settings =
        with(
            values,
            "binding.autoBind",
            settings,
            s -> v -> s.binding(s.binding.withAutoBind(AutoBind.valueOf(v))));
    settings =
        with(
            values,
            "binding.ticketLife",
            settings,
            s -> v -> s.binding(s.binding.withTicketLife(Duration.parse(v))));
    settings =
        with(
            values,
            "binding.linkLife",
            settings,
            s -> v -> s.binding(s.binding.withLinkLife(Duration.parse(v))));
    settings =
        with(
            values,
            "binding.claims",
            settings,
            s -> v -> s.binding(s.binding.withClaims(Boolean.parseBoolean(v))));
    settings =
        with(
            values,
            "binding.phoneClaimYears",
            settings,
            s -> v -> s.binding(s.binding.withPhoneClaimYears(Integer.parseInt(v))));
    settings = with(values, "binding.webAddress", settings, s -> s::webAddress);
    settings =
        with(
            values,
            "notices.validFor",
            settings,
            s -> v -> s.notices(s.notices.withValidFor(Duration.parse(v))));
    settings =
        with(
            values,
            "notices.staleAfter",
            settings,
            s -> v -> s.notices(s.notices.withStaleAfter(Duration.parse(v))));
    settings =
        with(
            values,
            "notices.newestOnly",
            settings,
            s -> v -> s.notices(s.notices.withNewestOnly(Boolean.parseBoolean(v))));
    settings =
        with(
            values,
            "notices.collect",
            settings,
            s -> v -> s.notices(s.notices.withCollect(Duration.parse(v))));
    settings =
        with(values, "notices.night", settings, s -> v -> s.notices(withNight(s.notices, v)));
    settings = with(values, "notices.hint", settings, s -> v -> s.notices(s.notices.withHint(v)));
    settings =
        with(
            values,
            "people.followIsConsent",
            settings,
            s -> v -> s.people(s.people.withFollowIsConsent(Boolean.parseBoolean(v))));
    settings =
        with(
            values,
            "people.refusing",
            settings,
            s -> v -> withWords(s, s.people.consentWords().withAgreeing().withRefusing(words(v))));
    settings =
        with(
            values,
            "people.agreeing",
            settings,
            s -> v -> withWords(s, s.people.consentWords().withAgreeing(words(v))));
    settings =
        with(
            values,
            "people.textVersion",
            settings,
            s -> v -> withWords(s, s.people.consentWords().withTextVersion(v)));
    settings = with(values, "plans", settings, s -> v -> s.plans(PlanSettings.restored(v)));
    settings =
        with(values, "retention", settings, s -> v -> s.retention(RetentionSettings.restored(v)));
    settings =
        with(
            values,
            "reminders.overdueADay",
            settings,
            s -> v -> s.reminders(s.reminders.withOverdueADay(Integer.parseInt(v))));
    settings =
        with(
            values,
            "reminders.claimedFor",
            settings,
            s -> v -> s.reminders(s.reminders.withClaimedFor(Duration.parse(v))));
    settings =
        with(
            values,
            "reminders.attributedDays",
            settings,
            s -> v -> s.reminders(s.reminders.withAttributedDays(Integer.parseInt(v))));
    settings =
        with(
            values,
            "reminders.contactHours",
            settings,
            s -> v -> s.reminders(withHours(s.reminders, v)));
    settings =
        with(
            values,
            "reminders.answers",
            settings,
            s -> v -> s.reminders(s.reminders.withAnswers(AnswerSettings.restored(v))));
    settings =
        with(
            values,
            "reminders.digestAt",
            settings,
            s -> v -> s.reminders(s.reminders.withDigestAt(LocalTime.parse(v))));
    settings =
        with(
            values,
            "reminders.expireAfterDays",
            settings,
            s -> v -> s.reminders(s.reminders.withExpireAfterDays(Integer.parseInt(v))));
    return with(values, "notices.dealerName", settings, s -> s::name);
  }

  private static DealerSettings withWords(DealerSettings settings, ConsentWords words) {
    return settings.people(settings.people.withConsentWords(words));
  }

  private static String[] words(String stored) {
    return stored.isEmpty() ? new String[0] : stored.split("\\|", -1);
  }

  private static ReminderSettings withHours(ReminderSettings reminders, String stored) {
    int slash = stored.indexOf('/');
    return reminders.withContactHours(
        LocalTime.parse(stored.substring(0, slash)), LocalTime.parse(stored.substring(slash + 1)));
  }

  private static NoticeSettings withNight(NoticeSettings notices, String stored) {
    if (stored.equals(NO_NIGHT)) {
      return notices.withoutNight();
    }
    int slash = stored.indexOf('/');
    return notices.withNight(
        LocalTime.parse(stored.substring(0, slash)), LocalTime.parse(stored.substring(slash + 1)));
  }

  private static DealerSettings with(
      Map<String, String> values,
      String key,
      DealerSettings settings,
      Function<DealerSettings, Function<String, DealerSettings>> change) {
    String stored = values.get(key);
    if (stored == null) {
      return settings;
    }
    try {
      return change.apply(settings).apply(stored);
    } catch (RuntimeException unreadable) {
      throw new InvalidInputException(
          key,
          "is stored as '%s', which cannot be read; write the settings anew with laoke.dealers().put(…)"
              .formatted(stored),
          unreadable);
    }
  }
}

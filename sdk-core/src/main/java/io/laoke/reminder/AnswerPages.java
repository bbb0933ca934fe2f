package io.laoke.reminder;

import io.laoke.error.InvalidInputException;
import io.laoke.internal.tenant.Tenant;
import io.laoke.notice.ServiceDesk;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The page on which customers answer, in their words. */
final class AnswerPages implements ServiceDesk {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("M月d日", Locale.CHINA);
  private static final DateTimeFormatter LONG_DAY =
      DateTimeFormatter.ofPattern("M月d日 EEEE", Locale.CHINA);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("H:mm", Locale.CHINA);
  private static final String CHANGE = "如有变化，请联系门店。";

  private final Function<Tenant, Answers> answers;
  private final Clock clock;

  AnswerPages(Function<Tenant, Answers> answers, Clock clock) {
    this.answers = answers;
    this.clock = clock;
  }

  @Override
  public View look(Tenant tenant, String token) {
    return view(tenant, answers.apply(tenant).open(token), Optional.empty());
  }

  @Override
  public View act(Tenant tenant, String token, Map<String, String> form) {
    Answers of = answers.apply(tenant);
    try {
      return switch (form.getOrDefault("do", "")) {
        case "book" -> book(tenant, of, token, form.getOrDefault("slot", ""));
        case "later" ->
            view(
                tenant,
                of.later(token, Integer.parseInt(form.getOrDefault("days", ""))),
                Optional.empty());
        case "decline" -> view(tenant, of.decline(token), Optional.empty());
        case "installed" ->
            view(
                tenant,
                of.installed(token, LocalDate.parse(form.getOrDefault("day", ""))),
                Optional.empty());
        case "call" -> view(tenant, of.call(token), Optional.empty());
        default -> view(tenant, of.open(token), Optional.of("没有这个操作。"));
      };
    } catch (InvalidInputException | DateTimeException | NumberFormatException wrong) {
      return view(
          tenant,
          of.open(token),
          Optional.of(
              form.getOrDefault("do", "").equals("installed") ? "请填写正确的安装日期，不能晚于今天。" : "请重新选择。"));
    }
  }

  /** Only what the page offers, so that nobody books a night by it. */
  private View book(Tenant tenant, Answers of, String token, String slot) {
    AnswerState now = of.open(token);
    if (!(now instanceof AnswerState.Open open)) {
      return view(tenant, now, Optional.empty());
    }
    Optional<Task.Slot> wanted =
        open.slots().stream().filter(one -> value(one).equals(slot)).findFirst();
    return wanted.isEmpty()
        ? view(tenant, now, Optional.of("这个时间已不能预约，请另选一个。"))
        : view(tenant, of.book(token, wanted.get().from(), wanted.get().to()), Optional.empty());
  }

  private static String value(Task.Slot slot) {
    return slot.from().getEpochSecond() + "-" + slot.to().getEpochSecond();
  }

  private View view(Tenant tenant, AnswerState state, Optional<String> problem) {
    ZoneId zone = tenant.zone();
    if (state instanceof AnswerState.Open open) {
      AnswerState.Facts facts = open.facts();
      return new View(
          Kind.OPEN,
          facts.service(),
          "%s · %s到期".formatted(facts.items(), day(facts.due(), tenant.dayOf(clock.instant()))),
          Optional.of(form(tenant, open)),
          problem);
    }
    if (state instanceof AnswerState.Answered answered) {
      return done(title(answered.answer()), words(answered, zone));
    }
    if (state instanceof AnswerState.Settled settled) {
      return done(
          settled.state() == TaskState.BOOKED ? "已预约" : "无需再回复",
          settled
              .booked()
              .map(slot -> words(slot, zone) + " 上门。" + CHANGE)
              .orElse("这次服务门店已在处理，或已经结束。如有疑问，请联系门店。"));
    }
    return state instanceof AnswerState.Expired
        ? new View(Kind.OVER, "链接已过期", "请联系门店，或等待下次提醒。", Optional.empty(), Optional.empty())
        : View.unknown();
  }

  private static View done(String title, String words) {
    return new View(Kind.DONE, title, words, Optional.empty(), Optional.empty());
  }

  private Form form(Tenant tenant, AnswerState.Open open) {
    List<Choice> slots = new ArrayList<>();
    open.slots().forEach(slot -> slots.add(new Choice(value(slot), words(slot, tenant.zone()))));
    return new Form(
        slots,
        open.laterDays().stream()
            .map(days -> new Choice(Integer.toString(days), days + " 天后再提醒我"))
            .toList(),
        open.assumed(),
        tenant.dayOf(clock.instant()),
        open.asked());
  }

  private static String title(CustomerAnswer answer) {
    return switch (answer.word()) {
      case BOOK -> "已预约";
      case LATER -> "好的，稍后再提醒您";
      case DECLINE -> "好的，这次不再提醒";
      case INSTALLED -> "已更正安装日期";
    };
  }

  private static String words(AnswerState.Answered answered, ZoneId zone) {
    CustomerAnswer answer = answered.answer();
    String service = answered.facts().service();
    return switch (answer.word()) {
      case BOOK ->
          answer.slot().map(slot -> words(slot, zone) + " 上门，").orElse("") + service + "。" + CHANGE;
      case LATER -> answer.day().map(day -> DAY.format(day) + "之前不再打扰。").orElse("") + CHANGE;
      case DECLINE -> service + "：您选择了不需要。" + CHANGE;
      case INSTALLED ->
          answer.day().map(day -> "安装日期为 " + DAY.format(day) + "，").orElse("") + "到期时再提醒您。";
    };
  }

  /** A day and the times on it; both days where there are two. */
  static String words(Task.Slot slot, ZoneId zone) {
    String from = at(slot.from(), zone);
    boolean oneDay =
        slot.from().atZone(zone).toLocalDate().equals(slot.to().atZone(zone).toLocalDate());
    return from + "–" + (oneDay ? TIME.format(slot.to().atZone(zone)) : at(slot.to(), zone));
  }

  private static String at(Instant at, ZoneId zone) {
    return LONG_DAY.format(at.atZone(zone)) + " " + TIME.format(at.atZone(zone));
  }

  static String day(LocalDate day) {
    return DAY.format(day);
  }

  /** A day, with its year if that is not the one of today. */
  static String day(LocalDate day, LocalDate today) {
    return (day.getYear() == today.getYear() ? "" : day.getYear() + "年") + day(day);
  }
}

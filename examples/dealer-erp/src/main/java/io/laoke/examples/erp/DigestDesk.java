package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.catalog.Staff.DigestBy;
import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.Inbound;
import io.laoke.reminder.Digest;
import io.laoke.reminder.DigestListener;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/** 摘要台: keeps each day's digests, so that staff read in the morning what they have to do. */
@Component
class DigestDesk implements DigestListener {
  private static final Limit SHOWN = Limit.of(60);

  private final DailyDigests digests;
  private final Salespeople people;
  private final Dealer dealer;
  private final Clock clock;

  DigestDesk(DailyDigests digests, Salespeople people, Laoke laoke, Clock clock) {
    this.digests = digests;
    this.people = people;
    this.dealer = laoke.dealer("hengxin");
    this.clock = clock;
  }

  /**
   * Laoke: what there is to do, once a day for each person. Text and WeChat messages are sent by
   * Laoke itself; here is only noted which there are.
   */
  @Override
  public void digest(Digest told) {
    Optional<Salesperson> whose = people.findById(told.staff());
    DigestBy by =
        Optional.ofNullable(messages(told.day()).get(told.staff()))
            .map(DigestDesk::by)
            .orElse(
                whose.filter(one -> one.digestBy() == DigestBy.NONE).isPresent()
                    ? DigestBy.NONE
                    : null);
    digests.save(
        new DailyDigest(
            told.day(),
            told.staff(),
            told.due(),
            told.overdue(),
            told.booked(),
            clock.instant(),
            by == DigestBy.SMS ? whose.flatMap(Salesperson::phone).orElse(null) : null,
            by));
  }

  /** Laoke: what became of the messages of a day, by staff. */
  private Map<String, Decision> messages(LocalDate day) {
    return dealer.reminders().digestMessages(day);
  }

  private static DigestBy by(Decision message) {
    return message.channel() == ChannelKind.SMS ? DigestBy.SMS : DigestBy.WECHAT;
  }

  /**
   * A digest as pages show it.
   *
   * @param id for its row
   * @param day of which day
   * @param staff whose
   * @param due how much comes due
   * @param overdue how much should have been done
   * @param booked how many slots were booked
   * @param toldAt when they were told
   * @param channel by what
   * @param arrival what became of the message; blank where there is none
   * @param tone how that is coloured
   */
  record Row(
      String id,
      LocalDate day,
      String staff,
      int due,
      int overdue,
      int booked,
      Instant toldAt,
      String channel,
      String arrival,
      String tone) {}

  /** The latest first. */
  List<Row> list() {
    Map<String, String> names =
        people.findAllByOrderByCode().stream()
            .collect(Collectors.toMap(Salesperson::code, Salesperson::name));
    Map<LocalDate, Map<String, Decision>> messages = new HashMap<>();
    return digests.findByDayLessThanEqualOrderByDayDescStaffAsc(today(), SHOWN).stream()
        .map(
            one ->
                row(
                    one,
                    names.getOrDefault(one.staff(), one.staff()),
                    messages.computeIfAbsent(one.day(), this::messages).get(one.staff())))
        .toList();
  }

  /** Whether some are of days that are yet to come, since the demo date went back. */
  boolean later() {
    return digests.existsByDayGreaterThan(today());
  }

  /** Today's of one person; those with nothing to do have none. */
  Optional<Row> today(Salesperson who) {
    return digests
        .findById(DailyDigest.id(today(), who.code()))
        .map(one -> row(one, who.name(), messages(one.day()).get(one.staff())));
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), OrderDesk.ZONE);
  }

  private static Row row(DailyDigest one, String name, @Nullable Decision message) {
    return new Row(
        one.day() + "-" + one.staff(),
        one.day(),
        name,
        one.due(),
        one.overdue(),
        one.booked(),
        one.toldAt(),
        channel(one),
        message == null ? "" : arrival(message),
        message == null ? "" : tone(message));
  }

  private static String channel(DailyDigest one) {
    if (one.sentBy().filter(by -> by == DigestBy.WECHAT).isPresent()) {
      return "本页，微信";
    }
    if (one.sentBy().filter(by -> by == DigestBy.NONE).isPresent()) {
      return "只在本页（选了不发）";
    }
    return one.textedTo().map(phone -> "本页，短信 " + Shown.masked(phone)).orElse("只在本页（没有登记手机号）");
  }

  private static String arrival(Decision message) {
    return switch (message.result()) {
      case QUEUED, DEFERRED -> "等待发送";
      case SENT, FITTED, REPLIED ->
          message
              .delivery()
              .map(
                  report ->
                      switch (report) {
                        case DELIVERED -> "已送达";
                        case BLOCKED -> "本人拒收";
                        case FAILED -> "没有送到";
                        case EXPIRED -> "没有回执，可能已收到";
                      })
              .orElse("已发出");
      case UNKNOWN, PARKED -> "不知道发出没有";
      case STOPPED, EXPIRED, REFUSED, DROPPED -> "没有发出";
    };
  }

  private static String tone(Decision message) {
    if (message.delivery().filter(report -> report == Inbound.Delivery.DELIVERED).isPresent()) {
      return "good";
    }
    boolean bad =
        message.delivery().filter(report -> report != Inbound.Delivery.EXPIRED).isPresent();
    return switch (message.result()) {
      case QUEUED, DEFERRED -> "wait";
      case SENT, FITTED, REPLIED -> bad ? "bad" : "wait";
      default -> "bad";
    };
  }
}

package io.laoke.examples.erp;

import io.laoke.reminder.Digest;
import io.laoke.reminder.DigestListener;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/** 摘要台: keeps each day's digests, so that staff read in the morning what they have to do. */
@Component
class DigestDesk implements DigestListener {
  private static final Limit SHOWN = Limit.of(60);

  private final DailyDigests digests;
  private final Salespeople people;
  private final Clock clock;
  private final boolean sms;

  DigestDesk(
      DailyDigests digests,
      Salespeople people,
      Clock clock,
      @Value("${erp.sms.key-id:}") String smsKeyId) {
    this.digests = digests;
    this.people = people;
    this.clock = clock;
    this.sms = !smsKeyId.isBlank();
  }

  /**
   * Laoke: what there is to do, once a day for each person. The text message to whose phone Laoke
   * knows is sent by Laoke itself; here is only noted that there is one.
   */
  @Override
  public void digest(Digest told) {
    String phone =
        people.findById(told.staff()).flatMap(Salesperson::phone).filter(known -> sms).orElse(null);
    digests.save(
        new DailyDigest(
            told.day(),
            told.staff(),
            told.due(),
            told.overdue(),
            told.booked(),
            clock.instant(),
            phone));
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
   */
  record Row(
      String id,
      LocalDate day,
      String staff,
      int due,
      int overdue,
      int booked,
      Instant toldAt,
      String channel) {}

  /** The latest first. */
  List<Row> list() {
    Map<String, String> names =
        people.findAllByOrderByCode().stream()
            .collect(Collectors.toMap(Salesperson::code, Salesperson::name));
    return digests.findByDayLessThanEqualOrderByDayDescStaffAsc(today(), SHOWN).stream()
        .map(one -> row(one, names.getOrDefault(one.staff(), one.staff())))
        .toList();
  }

  /** Today's of one person; those with nothing to do have none. */
  Optional<Row> today(Salesperson who) {
    return digests.findById(DailyDigest.id(today(), who.code())).map(one -> row(one, who.name()));
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), OrderDesk.ZONE);
  }

  private static Row row(DailyDigest one, String name) {
    String channel =
        one.textedTo().map(phone -> "本页，短信 " + Shown.masked(phone)).orElse("只在本页（没有登记手机号）");
    return new Row(
        one.day() + "-" + one.staff(),
        one.day(),
        name,
        one.due(),
        one.overdue(),
        one.booked(),
        one.toldAt(),
        channel);
  }
}

package io.laoke.push;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a dealer plans. Immutable; each method gives a changed copy.
 *
 * @param monthly how many mass messages a follower can get in a calendar month, console and API
 *     together: 4 for a service account
 * @param kept how many of them only plans of {@link PlanPriority#HIGH} may use
 * @param heldOut how many of 1,000 members no plan of the dealer reaches, always the same ones (for
 *     5: {@code Criteria.bucket("holdout", 0, 50)}), so that what plans bring in can be told
 * @param approvedByAnother whether a plan is approved by somebody else than whoever submitted it
 * @param batch to how many followers one call sends at most: 10,000 is WeChat's own limit
 * @param from marketing leaves from this time of the dealer's day on
 * @param until and before this one; what is left then goes on the next day
 * @param caps how many messages of plans a follower gets in a time at most; none but WeChat's own
 *     if empty
 */
public record PlanSettings(
    int monthly,
    int kept,
    int heldOut,
    boolean approvedByAnother,
    int batch,
    LocalTime from,
    LocalTime until,
    List<FrequencyCap> caps) {
  private static final int MOST_CAPS = 10;

  /** Checks. */
  public PlanSettings {
    range("plans.monthly", monthly, 1, 100);
    range("plans.kept", kept, 0, monthly);
    range("plans.heldOut", heldOut, 0, 500);
    range("plans.batch", batch, 3, ArticleChannel.MAX_RECIPIENTS);
    notNull("plans.from", from);
    notNull("plans.until", until);
    if (!from.isBefore(until)) {
      throw new InvalidInputException(
          "plans.until", "must be later than from, %s; was %s".formatted(from, until));
    }
    caps = List.copyOf(notNull("plans.caps", caps));
    range("plans.caps", caps.size(), 0, MOST_CAPS);
  }

  /** Four a month, one of them kept, nobody held out, approved by another, from 9:00 to 20:00. */
  public static PlanSettings standard() {
    return new PlanSettings(
        4,
        1,
        0,
        true,
        ArticleChannel.MAX_RECIPIENTS,
        LocalTime.of(9, 0),
        LocalTime.of(20, 0),
        List.of());
  }

  /** With so many messages a month. */
  public PlanSettings withMonthly(int many) {
    return new PlanSettings(many, kept, heldOut, approvedByAnother, batch, from, until, caps);
  }

  /** With so many kept for plans of high priority. */
  public PlanSettings withKept(int many) {
    return new PlanSettings(monthly, many, heldOut, approvedByAnother, batch, from, until, caps);
  }

  /** With so many of 1,000 members held out of all plans. */
  public PlanSettings withHeldOut(int perMille) {
    return new PlanSettings(monthly, kept, perMille, approvedByAnother, batch, from, until, caps);
  }

  /** Lets whoever submitted a plan approve it, as in a shop of one. */
  public PlanSettings approvedByAnybody() {
    return new PlanSettings(monthly, kept, heldOut, false, batch, from, until, caps);
  }

  /** With batches of so many followers at most. */
  public PlanSettings withBatch(int most) {
    return new PlanSettings(monthly, kept, heldOut, approvedByAnother, most, from, until, caps);
  }

  /** With other hours for marketing, of the same day. */
  public PlanSettings withHours(LocalTime first, LocalTime end) {
    return new PlanSettings(monthly, kept, heldOut, approvedByAnother, batch, first, end, caps);
  }

  /** With one more cap, of ten at most. */
  public PlanSettings withCap(FrequencyCap cap) {
    List<FrequencyCap> more = new ArrayList<>(caps);
    more.add(notNull("cap", cap));
    return new PlanSettings(monthly, kept, heldOut, approvedByAnother, batch, from, until, more);
  }

  /** When marketing may leave, from a time on: that time itself within the hours. */
  Instant open(Instant now, ZoneId zone) {
    ZonedDateTime there = now.atZone(zone);
    if (there.toLocalTime().isBefore(from)) {
      return there.with(from).toInstant();
    }
    return there.toLocalTime().isBefore(until) ? now : there.plusDays(1).with(from).toInstant();
  }

  /** Of how many messages a month a plan may make use. */
  int open(PlanPriority priority) {
    return priority == PlanPriority.HIGH ? monthly : monthly - kept;
  }

  /** As it is kept; read by {@link #restored}. */
  public String stored() {
    return "%d/%d/%d/%b/%d/%s/%s/%s"
        .formatted(
            monthly,
            kept,
            heldOut,
            approvedByAnother,
            batch,
            from,
            until,
            caps.stream().map(FrequencyCap::stored).collect(Collectors.joining(",")));
  }

  /**
   * Reads what {@link #stored} gave.
   *
   * @throws RuntimeException if it is something else
   */
  public static PlanSettings restored(String stored) {
    String[] parts = stored.split("/", -1);
    return new PlanSettings(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Boolean.parseBoolean(parts[3]),
        Integer.parseInt(parts[4]),
        LocalTime.parse(parts[5]),
        LocalTime.parse(parts[6]),
        parts.length < 8 || parts[7].isEmpty()
            ? List.of() // as it was kept before there were caps, too
            : Stream.of(parts[7].split(",", -1)).map(FrequencyCap::restored).toList());
  }
}

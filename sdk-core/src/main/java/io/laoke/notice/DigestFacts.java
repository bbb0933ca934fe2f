package io.laoke.notice;

import io.laoke.base.Internal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a digest can say.
 *
 * @param number Laoke's number of the occasion
 * @param day of which it tells
 * @param due how many tasks are due on that day or later
 * @param overdue how many were due before
 * @param booked how many have a slot that is not over
 */
@Internal
public record DigestFacts(
    long number, LocalDate day, int due, int overdue, int booked, String dealerName, ZoneId zone)
    implements Facts {
  Instant dayAt() {
    return day.atStartOfDay(zone).toInstant();
  }

  String dueText() {
    return Integer.toString(due);
  }

  String overdueText() {
    return Integer.toString(overdue);
  }

  String bookedText() {
    return Integer.toString(booked);
  }

  String formatted(Instant instant, String format) {
    return DateTimeFormatter.ofPattern(format, Locale.CHINA).withZone(zone).format(instant);
  }

  @Override
  public String value(NoticeName name, @Nullable String format) {
    return name.value(this, format);
  }

  @Override
  public String plain(NoticeName name) {
    return name.value(this, null);
  }

  @Override
  public String detail(String name) {
    return "";
  }

  @Override
  public Optional<String> page() {
    return Optional.empty();
  }
}

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
 * What a reminder can say.
 *
 * @param number Laoke's number of the occasion
 * @param name of the service, as the rule calls it
 * @param items what it is for
 * @param count how many services it tells of
 * @param due when the first of it is due
 * @param orderNo the order of the first item
 * @param store name of the store that sold, or its code where no name is known
 * @param answer the token by which the customer answers
 * @param page where the customer answers, if there is such a page
 */
@Internal
public record ServiceFacts(
    long number,
    String name,
    String items,
    int count,
    LocalDate due,
    String orderNo,
    Optional<String> store,
    String dealerName,
    ZoneId zone,
    String answer,
    Optional<String> page)
    implements Facts {
  String storeName() {
    return store.orElse("");
  }

  Instant dueAt() {
    return due.atStartOfDay(zone).toInstant();
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
    return name.plain(this);
  }

  @Override
  public String detail(String name) {
    return "";
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "ServiceFacts[" + name + ", due " + due + "]";
  }
}

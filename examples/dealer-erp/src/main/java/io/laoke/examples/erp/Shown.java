package io.laoke.examples.erp;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** How pages show values. */
@Component("shown")
class Shown {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("MM-dd HH:mm", Locale.CHINA).withZone(OrderDesk.ZONE);
  private static final DateTimeFormatter FULL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.CHINA).withZone(OrderDesk.ZONE);
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("M月d日 E", Locale.CHINA);

  public String minute(Instant at) {
    return MINUTE.format(at);
  }

  public String full(Instant at) {
    return FULL.format(at);
  }

  public String day(LocalDate day) {
    return DAY.format(day);
  }

  public String date(Instant at) {
    return LocalDate.ofInstant(at, OrderDesk.ZONE).toString();
  }

  public String yuan(BigDecimal amount) {
    return "¥%,.2f".formatted(amount);
  }

  /** 138****5678. */
  public String phone(String phone) {
    return masked(phone);
  }

  static String masked(String phone) {
    return phone.length() < 8
        ? "****"
        : phone.substring(0, 3) + "****" + phone.substring(phone.length() - 4);
  }
}

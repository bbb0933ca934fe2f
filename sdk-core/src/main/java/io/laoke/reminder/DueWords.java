package io.laoke.reminder;

import java.time.MonthDay;
import java.time.Period;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Next services in words. */
final class DueWords {
  private DueWords() {}

  static String chinese(NextService.Due next) {
    StringBuilder words = new StringBuilder();
    words.append(next.basis().map(Basis::chinese).orElse("上次服务"));
    next.assumedDays().ifPresent(days -> words.append("（按送达后%d天推定）".formatted(days)));
    words.append(' ').append(next.from()).append(" + ");
    if (next.times() > 1) {
      words.append(next.times()).append(" × ");
    }
    words.append(chinese(next.every())).append(" = ").append(next.counted());
    season(next)
        .ifPresent(
            season ->
                words.append(
                    "，不在服务季节（%s至%s），顺延至 %s"
                        .formatted(chinese(season.first()), chinese(season.last()), next.due())));
    if (lead(next) > 0) {
      words.append("；提前%d天，%s 起联系".formatted(lead(next), next.contact()));
    }
    return words.toString();
  }

  static String english(NextService.Due next) {
    StringBuilder words = new StringBuilder();
    words.append(next.basis().map(Basis::english).orElse("last service"));
    next.assumedDays()
        .ifPresent(
            days -> words.append(" (assumed %s after delivery)".formatted(many(days, "day"))));
    words.append(' ').append(next.from()).append(" + ");
    if (next.times() > 1) {
      words.append(next.times()).append(" × ");
    }
    words.append(english(next.every())).append(" = ").append(next.counted());
    season(next)
        .ifPresent(
            season ->
                words.append(
                    ", outside the season (%s to %s), so %s"
                        .formatted(english(season.first()), english(season.last()), next.due())));
    if (lead(next) > 0) {
      words.append(
          "; contact %s before, from %s".formatted(many(lead(next), "day"), next.contact()));
    }
    return words.toString();
  }

  static String chinese(NextService.Never never) {
    return switch (never.why()) {
      case NOT_STARTED ->
          "尚无"
              + never.bases().stream().map(Basis::chinese).collect(Collectors.joining("、"))
              + "日期，未开始计时";
      case TIMES_OVER -> "已到规则的次数，不再提醒";
      case YEARS_OVER -> "已过规则的年限，不再提醒";
    };
  }

  static String english(NextService.Never never) {
    return switch (never.why()) {
      case NOT_STARTED ->
          "not "
              + never.bases().stream().map(Basis::english).collect(Collectors.joining(" or "))
              + " yet";
      case TIMES_OVER -> "the rule's number of times is over";
      case YEARS_OVER -> "the rule's years are over";
    };
  }

  private static Optional<Season> season(NextService.Due next) {
    return next.due().equals(next.counted()) ? Optional.empty() : next.season();
  }

  private static long lead(NextService.Due next) {
    return ChronoUnit.DAYS.between(next.contact(), next.due());
  }

  static String chinese(Period period) {
    StringBuilder words = new StringBuilder();
    long years = period.toTotalMonths() / 12;
    long months = period.toTotalMonths() % 12;
    if (years > 0) {
      words.append(years).append('年');
    }
    if (months > 0) {
      words.append(months).append("个月");
    }
    long days = period.get(ChronoUnit.DAYS);
    if (days > 0) {
      words.append(days).append('天');
    }
    return words.toString();
  }

  static String english(Period period) {
    List<String> words = new ArrayList<>();
    long years = period.toTotalMonths() / 12;
    long months = period.toTotalMonths() % 12;
    if (years > 0) {
      words.add(many(years, "year"));
    }
    if (months > 0) {
      words.add(many(months, "month"));
    }
    long days = period.get(ChronoUnit.DAYS);
    if (days > 0) {
      words.add(many(days, "day"));
    }
    return String.join(" ", words);
  }

  private static String many(long number, String of) {
    return number + " " + of + (number == 1 ? "" : "s");
  }

  private static String chinese(MonthDay day) {
    return day.getMonthValue() + "月" + day.getDayOfMonth() + "日";
  }

  private static String english(MonthDay day) {
    return day.getDayOfMonth()
        + " "
        + day.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }
}

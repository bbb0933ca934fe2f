package io.laoke.reminder;

import io.laoke.base.Typed;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a follower wrote, if it is an answer: one of the dealer's words, and behind it a number
 * where several wait, a time to ask again, or the day of installation.
 *
 * @param number which of several, counted from 1; 0 if it does not say
 * @param days after how many to ask again, or null
 * @param day since when the goods are installed, or null
 */
record AnswerText(AnswerWord word, int number, @Nullable Integer days, @Nullable LocalDate day) {
  private static final int LONGEST = 40;
  private static final Pattern NUMBER = Pattern.compile("第?([1-9])个?");
  private static final Pattern DAYS = Pattern.compile("(\\d{1,3})(天|日|周|星期|礼拜|个?月)(?:以?后)?");
  private static final Pattern DATE =
      Pattern.compile("(?:(\\d{4})[年./-])?(\\d{1,2})[月./-](\\d{1,2})[日号]?(?:安?装的?|装好了?的?)?");

  /** Empty for all else, which is for others to answer. */
  static Optional<AnswerText> read(
      String text, Map<AnswerWord, List<String>> words, LocalDate today) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    String plain = Typed.plain(text);
    AnswerWord word = null;
    String longest = "";
    for (Map.Entry<AnswerWord, List<String>> some : words.entrySet()) {
      for (String given : some.getValue()) {
        String one = Typed.plain(given);
        if (plain.startsWith(one) && one.length() > longest.length()) {
          word = some.getKey();
          longest = one;
        }
      }
    }
    return word == null
        ? Optional.empty()
        : rest(word, plain.substring(longest.length()).replaceFirst("^[\\s:,、]+", ""), today);
  }

  private static Optional<AnswerText> rest(AnswerWord word, String rest, LocalDate today) {
    if (rest.isEmpty()) {
      return Optional.of(new AnswerText(word, 0, null, null));
    }
    Matcher number = NUMBER.matcher(rest);
    if (number.matches()) {
      return Optional.of(new AnswerText(word, Integer.parseInt(number.group(1)), null, null));
    }
    if (word == AnswerWord.LATER) {
      Matcher days = DAYS.matcher(rest);
      return days.matches() ? later(days) : Optional.empty();
    }
    if (word == AnswerWord.INSTALLED) {
      Matcher date = DATE.matcher(rest);
      return date.matches() ? installed(date, today) : Optional.empty();
    }
    return Optional.empty();
  }

  private static Optional<AnswerText> later(Matcher days) {
    int many = Integer.parseInt(days.group(1));
    String unit = days.group(2);
    int all =
        unit.endsWith("月") ? 30 * many : unit.equals("天") || unit.equals("日") ? many : 7 * many;
    return all >= 1 && all <= 366
        ? Optional.of(new AnswerText(AnswerWord.LATER, 0, all, null))
        : Optional.empty();
  }

  /** Without a year, the last such day. */
  private static Optional<AnswerText> installed(Matcher date, LocalDate today) {
    int month = Integer.parseInt(date.group(2));
    int dayOfMonth = Integer.parseInt(date.group(3));
    try {
      LocalDate day =
          LocalDate.of(
              date.group(1) == null ? today.getYear() : Integer.parseInt(date.group(1)),
              month,
              dayOfMonth);
      return Optional.of(
          new AnswerText(
              AnswerWord.INSTALLED,
              0,
              null,
              date.group(1) == null && day.isAfter(today) ? day.minusYears(1) : day));
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }
}

package io.laoke.reminder;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What customers can answer, see {@link Answers}. Immutable; each method gives a changed copy.
 *
 * @param linkDays for how many days a link can be answered, 1 to 365
 * @param hours the times of a day that the page offers, at most 8
 * @param firstInDays in how many days the first offered day is, 0 for today, at most 60
 * @param offeredDays how many days the page offers, 1 to 60
 * @param laterDays after how many days the page offers to ask again, at most 6, each 1 to 366; the
 *     first is what a text means that says none
 * @param words what followers can write; each word, of at most 16 characters, means one thing. A
 *     text that is none of these words is left to others
 */
public record AnswerSettings(
    int linkDays,
    List<Hours> hours,
    int firstInDays,
    int offeredDays,
    List<Integer> laterDays,
    Map<AnswerWord, List<String>> words) {
  private static final AnswerSettings STANDARD =
      new AnswerSettings(
          30,
          List.of(
              new Hours(LocalTime.of(9, 0), LocalTime.of(12, 0)),
              new Hours(LocalTime.of(13, 0), LocalTime.of(18, 0))),
          1,
          14,
          List.of(7, 30, 90),
          Map.of(
              AnswerWord.BOOK, List.of("预约", "预约上门"),
              AnswerWord.LATER, List.of("稍后", "稍后提醒", "以后再说"),
              AnswerWord.DECLINE, List.of("不需要", "不需要了", "不用了"),
              AnswerWord.INSTALLED, List.of("已安装", "已经安装", "装好了")));

  /**
   * Times of a day.
   *
   * @param until behind its end
   */
  public record Hours(LocalTime from, LocalTime until) {
    /** Checks. */
    public Hours {
      if (!notNull("from", from).isBefore(notNull("until", until))) {
        throw new InvalidInputException(
            "until", "must be after from (%s), was %s".formatted(from, until));
      }
    }
  }

  /** Checks and copies. */
  public AnswerSettings {
    range("answers.linkDays", linkDays, 1, 365);
    hours = List.copyOf(notNull("answers.hours", hours));
    range("answers.hours", hours.size(), 0, 8);
    range("answers.firstInDays", firstInDays, 0, 60);
    range("answers.offeredDays", offeredDays, 1, 60);
    laterDays = List.copyOf(notNull("answers.laterDays", laterDays));
    range("answers.laterDays", laterDays.size(), 1, 6);
    laterDays.forEach(days -> range("answers.laterDays", days, 1, 366));
    Map<AnswerWord, List<String>> copy = new EnumMap<>(AnswerWord.class);
    Set<String> known = new HashSet<>();
    notNull("answers.words", words)
        .forEach(
            (means, some) -> {
              List<String> checked = new ArrayList<>();
              for (String word : notNull("answers.words", some)) {
                String one = key("answers.words", word, 16);
                if (one.chars().anyMatch(c -> Character.isDigit(c) || ",;|=/".indexOf(c) >= 0)) {
                  throw new InvalidInputException(
                      "answers.words",
                      "must have no digits nor any of ,;|=/ in them, was '%s'".formatted(one));
                }
                if (!known.add(one)) {
                  throw new InvalidInputException(
                      "answers.words",
                      "must mean one thing each, '%s' is there twice".formatted(one));
                }
                checked.add(one);
              }
              copy.put(notNull("answers.words", means), List.copyOf(checked));
            });
    words = Collections.unmodifiableMap(copy);
  }

  /**
   * Links for 30 days; mornings from 9 to 12 and afternoons from 13 to 18 of the next two weeks;
   * again after 7, 30 or 90 days; and the Chinese words for it.
   */
  public static AnswerSettings standard() {
    return STANDARD;
  }

  /** With links that can be answered so long. */
  public AnswerSettings withLinkDays(int days) {
    return new AnswerSettings(days, hours, firstInDays, offeredDays, laterDays, words);
  }

  /** With other times of a day on offer; none for dealers who agree on times by phone. */
  public AnswerSettings withHours(Hours... given) {
    return new AnswerSettings(
        linkDays, Arrays.asList(given), firstInDays, offeredDays, laterDays, words);
  }

  /**
   * With other days on offer.
   *
   * @param first in how many days the first is
   * @param many how many there are
   */
  public AnswerSettings withDays(int first, int many) {
    return new AnswerSettings(linkDays, hours, first, many, laterDays, words);
  }

  /** With other times after which customers can be asked again. */
  public AnswerSettings withLaterDays(Integer... days) {
    return new AnswerSettings(
        linkDays, hours, firstInDays, offeredDays, Arrays.asList(days), words);
  }

  /** With other words that mean that; none so that no text does. */
  public AnswerSettings withWords(AnswerWord means, String... given) {
    Map<AnswerWord, List<String>> more = new EnumMap<>(AnswerWord.class);
    more.putAll(words);
    more.put(means, Arrays.asList(given));
    return new AnswerSettings(linkDays, hours, firstInDays, offeredDays, laterDays, more);
  }

  /** As settings are kept; what {@link #restored} reads. */
  public String stored() {
    return "link=%d;hours=%s;days=%d/%d;later=%s;words=%s"
        .formatted(
            linkDays,
            hours.stream()
                .map(one -> one.from() + "/" + one.until())
                .collect(Collectors.joining(",")),
            firstInDays,
            offeredDays,
            laterDays.stream().map(String::valueOf).collect(Collectors.joining(",")),
            words.entrySet().stream()
                .map(one -> one.getKey() + "/" + String.join("|", one.getValue()))
                .collect(Collectors.joining(",")));
  }

  /** Reads what {@link #stored} gave; what is not there has its default. */
  public static AnswerSettings restored(String stored) {
    AnswerSettings read = STANDARD;
    for (String part : notNull("stored", stored).split(";", -1)) {
      int mark = part.indexOf('=');
      if (mark < 0) {
        continue;
      }
      String value = part.substring(mark + 1);
      List<String> values = value.isEmpty() ? List.of() : List.of(value.split(","));
      read =
          switch (part.substring(0, mark)) {
            case "link" -> read.withLinkDays(Integer.parseInt(value));
            case "hours" ->
                read.withHours(values.stream().map(AnswerSettings::hours).toArray(Hours[]::new));
            case "days" -> {
              int slash = value.indexOf('/');
              yield read.withDays(
                  Integer.parseInt(value.substring(0, slash)),
                  Integer.parseInt(value.substring(slash + 1)));
            }
            case "later" ->
                read.withLaterDays(values.stream().map(Integer::valueOf).toArray(Integer[]::new));
            case "words" -> words(read, values);
            default -> read; // of a newer version
          };
    }
    return read;
  }

  private static Hours hours(String text) {
    int slash = text.indexOf('/');
    return new Hours(
        LocalTime.parse(text.substring(0, slash)), LocalTime.parse(text.substring(slash + 1)));
  }

  private static AnswerSettings words(AnswerSettings settings, List<String> values) {
    Map<AnswerWord, List<String>> read = new EnumMap<>(AnswerWord.class);
    for (String one : values) {
      int slash = one.indexOf('/');
      String some = one.substring(slash + 1);
      read.put(
          AnswerWord.valueOf(one.substring(0, slash)),
          some.isEmpty() ? List.of() : List.of(some.split("\\|")));
    }
    return new AnswerSettings(
        settings.linkDays,
        settings.hours,
        settings.firstInDays,
        settings.offeredDays,
        settings.laterDays,
        read);
  }
}

package io.laoke.reminder;

import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Optional;

/** When a unit is due for its next service, or why it never is; with the reason in words. */
public sealed interface NextService {
  /** In Chinese, such as 安装 2025-03-31 + 6个月 = 2025-09-30. */
  String toChinese();

  /** In English, such as "installed 2025-03-31 + 6 months = 2025-09-30". */
  String toEnglish();

  /**
   * It is due.
   *
   * @param due the day of the service
   * @param contact from when on the customer is told: {@code due} less the lead time
   * @param from the day that is counted from
   * @param basis what happened on that day; empty if it is the last service of the same kind
   * @param assumedDays if the installation was not reported: how many days after delivery it is
   *     taken to have been
   * @param every the cycle
   * @param times how many cycles later it is
   * @param counted that day; before {@code due} if that lay outside the season
   * @param season in which the service is done
   */
  record Due(
      LocalDate due,
      LocalDate contact,
      LocalDate from,
      Optional<Basis> basis,
      Optional<Integer> assumedDays,
      Period every,
      int times,
      LocalDate counted,
      Optional<Season> season)
      implements NextService {
    @Override
    public String toChinese() {
      return DueWords.chinese(this);
    }

    @Override
    public String toEnglish() {
      return DueWords.english(this);
    }

    /** Whether the day that is counted from is an installation that nobody reported. */
    public boolean assumed() {
      return assumedDays.isPresent();
    }
  }

  /**
   * It is not due as far as is known.
   *
   * @param why the reason
   * @param bases what it would be counted from
   */
  record Never(Reason why, List<Basis> bases) implements NextService {
    /** Copies the list. */
    public Never {
      bases = List.copyOf(bases);
    }

    @Override
    public String toChinese() {
      return DueWords.chinese(this);
    }

    @Override
    public String toEnglish() {
      return DueWords.english(this);
    }
  }

  /** Why there is no date. */
  enum Reason {
    /** Nothing that it is counted from has happened yet. */
    NOT_STARTED,
    /** There were as many dates as the rule says. */
    TIMES_OVER,
    /** The rule's years are over. */
    YEARS_OVER
  }
}

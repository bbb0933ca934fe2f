package io.laoke.push;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;

/**
 * How many of a month's mass messages the followers of an account have got.
 *
 * @param month the calendar month in Asia/Shanghai, as WeChat counts
 * @param used by how many they have got by Laoke, how many followers; who got none is in no entry
 * @param console what staff sent to all from WeChat's own console, as far as it was noted;
 *     everybody has got these, too
 */
public record QuotaMonth(YearMonth month, Map<Integer, Long> used, List<ConsoleSend> console) {
  /** Copies. */
  public QuotaMonth {
    used = Map.copyOf(used);
    console = List.copyOf(console);
  }

  /**
   * A send to all from WeChat's console.
   *
   * @param id by which it is taken back
   * @param day on which it was sent
   * @param by who noted it
   * @param note what it was, or empty
   */
  public record ConsoleSend(long id, LocalDate day, String by, String note) {}
}

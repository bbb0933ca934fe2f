package io.laoke;

import java.util.List;

/** The dealers 经销商 of this database. Safe for use by many threads. */
public interface Dealers {
  /**
   * Makes a dealer, or changes its settings. Repeating changes nothing. Runs in a transaction of
   * its own, whatever the host has open.
   *
   * @param code the host's name of the dealer, at most 64 characters
   * @return its handle
   */
  Dealer put(String code, DealerSettings settings);

  /** The settings of a dealer as they are stored, at most ten seconds old. */
  DealerSettings settings(String code);

  /** All dealers' codes, in order. */
  List<String> codes();

  /**
   * Removes a dealer's records that are older than its {@link DealerSettings#retention} now, in
   * small transactions of their own. The engine does it by itself once a day.
   *
   * @throws io.laoke.error.NotFoundException if there is no such dealer
   */
  ExpiredRecords expire(String code);
}

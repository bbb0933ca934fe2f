package io.laoke.message;

import java.util.Collection;

/**
 * SPI: accounts that come and go while Laoke runs. Asked often and by many threads, so it answers
 * from memory; a change is seen at the next call. Whoever makes the accounts closes them.
 */
@FunctionalInterface
public interface AccountSource {
  /**
   * All accounts at this moment. The first one listed for a dealer is that dealer's default.
   *
   * @throws RuntimeException if it cannot tell now: it is logged once, and what was listed last
   *     stays in use
   */
  Collection<DealerAccount> accounts();
}

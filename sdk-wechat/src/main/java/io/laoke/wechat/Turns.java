package io.laoke.wechat;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/** Lets only one at a time do something to a person; those with others do not wait. */
final class Turns {
  private final Set<String> busy = new HashSet<>();

  /**
   * Waits until nobody does something to any of these.
   *
   * @throws InterruptedException if the thread is interrupted; nothing is held then
   */
  synchronized void begin(Collection<String> people) throws InterruptedException {
    while (!Collections.disjoint(busy, people)) {
      wait();
    }
    busy.addAll(people);
  }

  synchronized void end(Collection<String> people) {
    people.forEach(busy::remove);
    notifyAll();
  }
}

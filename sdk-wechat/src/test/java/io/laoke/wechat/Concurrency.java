package io.laoke.wechat;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Notes who is in two things at once. */
final class Concurrency {
  private final Set<String> under = new HashSet<>();
  private final Set<String> twice = new HashSet<>();

  synchronized void begin(Collection<String> people) {
    for (String one : people) {
      if (!under.add(one)) {
        twice.add(one);
      }
    }
  }

  synchronized void end(Collection<String> people) {
    people.forEach(under::remove);
  }

  synchronized Set<String> twice() {
    return Set.copyOf(twice);
  }
}

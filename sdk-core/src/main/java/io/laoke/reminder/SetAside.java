package io.laoke.reminder;

import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Ids of what failed by itself, as an order that could not be planned, and is not tried again for a
 * while, longer each time. That it is to be done stands in the database; this only keeps it from
 * holding others up, so that an engine that has just started tries it at once.
 */
final class SetAside {
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private record Key(int dealer, long id) {}

  private record Until(long nanos, Duration next) {}

  private final Map<Key, Until> failed = new ConcurrentHashMap<>();

  /** Those of a dealer that are not to be tried yet; the caller may change it. */
  Set<Long> of(Tenant tenant) {
    long now = System.nanoTime();
    // Done since, be it by another engine.
    failed.values().removeIf(until -> now - until.nanos() > LONGEST.toNanos());
    return failed.entrySet().stream()
        .filter(one -> one.getKey().dealer() == tenant.id() && one.getValue().nanos() - now > 0)
        .map(one -> one.getKey().id())
        .collect(Collectors.toSet());
  }

  /**
   * One failed.
   *
   * @return for how long it is set aside
   */
  Duration failed(Tenant tenant, long id) {
    Key key = new Key(tenant.id(), id);
    Until was = failed.get(key);
    Duration wait = was == null ? FIRST : was.next();
    Duration twice = wait.multipliedBy(2);
    failed.put(
        key,
        new Until(
            System.nanoTime() + wait.toNanos(), twice.compareTo(LONGEST) > 0 ? LONGEST : twice));
    return wait;
  }

  /** One was done. */
  void done(Tenant tenant, long id) {
    failed.remove(new Key(tenant.id(), id));
  }
}

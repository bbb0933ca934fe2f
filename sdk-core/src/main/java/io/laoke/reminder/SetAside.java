package io.laoke.reminder;

import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Orders that could not be planned and are not tried again for a while, longer each time. That they
 * are to be planned stands in the database; this only keeps them from holding others up, so that an
 * engine that has just started tries them at once.
 */
final class SetAside {
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private record Key(int dealer, long order) {}

  private record Until(long nanos, Duration next) {}

  private final Map<Key, Until> orders = new ConcurrentHashMap<>();

  /** Those of a dealer that are not to be tried yet; the caller may change it. */
  Set<Long> of(Tenant tenant) {
    long now = System.nanoTime();
    return orders.entrySet().stream()
        .filter(one -> one.getKey().dealer() == tenant.id() && one.getValue().nanos() - now > 0)
        .map(one -> one.getKey().order())
        .collect(Collectors.toSet());
  }

  /**
   * One could not be planned.
   *
   * @return for how long it is set aside
   */
  Duration failed(Tenant tenant, long order) {
    Key key = new Key(tenant.id(), order);
    Until was = orders.get(key);
    Duration wait = was == null ? FIRST : was.next();
    Duration twice = wait.multipliedBy(2);
    orders.put(
        key,
        new Until(
            System.nanoTime() + wait.toNanos(), twice.compareTo(LONGEST) > 0 ? LONGEST : twice));
    return wait;
  }

  /** One was planned. */
  void planned(Tenant tenant, long order) {
    orders.remove(new Key(tenant.id(), order));
  }
}

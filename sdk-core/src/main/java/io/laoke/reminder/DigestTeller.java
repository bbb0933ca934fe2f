package io.laoke.reminder;

import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes each day's digests, all of a dealer in one transaction that locks a row which says for
 * which day they were made last; and tells them, outside of any. Whoever tells one has it for a
 * minute. Each business day has its digests once, also one that comes after days ahead of it, as
 * the clock was moved back, and one that was among those days once it comes.
 */
final class DigestTeller {
  private static final Logger LOG = LoggerFactory.getLogger(DigestTeller.class);
  private static final long AGAIN = Duration.ofMinutes(1).toMillis();
  private static final int AT_ONCE = 20;

  private final Database database;
  private final Function<Tenant, ReminderSettings> settings;
  private final DigestTexts texts;
  private final Map<Integer, Long> without = new ConcurrentHashMap<>();
  private final Map<Integer, LocalDate> done = new ConcurrentHashMap<>();
  private final List<DigestListener> listeners = new CopyOnWriteArrayList<>();

  DigestTeller(Database database, Function<Tenant, ReminderSettings> settings, DigestTexts texts) {
    this.database = database;
    this.texts = texts;
    this.settings = settings;
  }

  void add(DigestListener listener) {
    listeners.add(listener);
  }

  boolean any() {
    return !listeners.isEmpty();
  }

  /**
   * Does what there is to do.
   *
   * @param made the day for which digests were made last, as far as is known
   * @param told whether some may have to be told
   * @return whether something was done
   */
  boolean run(Tenant tenant, @Nullable LocalDate made, boolean told, Instant now) {
    LocalDate today = tenant.dayOf(now);
    boolean worked = told && tell(tenant, today);
    if (today.equals(made) || today.equals(done.get(tenant.id()))) {
      return worked;
    }
    if (!inTime(tenant, now) || !wanted(tenant)) {
      return worked;
    }
    database.own(
        "make the digests of a day",
        tx -> {
          tx.byIndexes();
          return make(tx, tenant, today, now);
        });
    done.put(tenant.id(), today);
    if (any()) {
      tell(tenant, today);
    }
    return true;
  }

  /** Whether anybody is told; asks for the dealer's template once a minute at most. */
  private boolean wanted(Tenant tenant) {
    if (any()) {
      return true;
    }
    long now = System.nanoTime();
    Long asked = without.get(tenant.id());
    if (asked != null && now - asked < TimeUnit.MINUTES.toNanos(1)) {
      return false;
    }
    boolean wanted = database.own("look for a template of digests", tx -> texts.any(tx, tenant));
    if (wanted) {
      without.remove(tenant.id());
    } else {
      without.put(tenant.id(), now);
    }
    return wanted;
  }

  private boolean inTime(Tenant tenant, Instant now) {
    ReminderSettings hours = settings.apply(tenant);
    LocalTime time = now.atZone(tenant.zone()).toLocalTime();
    boolean ended =
        hours.digestAt().isBefore(hours.contactUntil()) && !time.isBefore(hours.contactUntil());
    return !time.isBefore(hours.digestAt()) && !ended;
  }

  private boolean make(Tx tx, Tenant tenant, LocalDate today, Instant now) {
    if (!DigestTable.begin(tx, tenant, today)) {
      return false;
    }
    long tell = tx.machineMillis();
    List<Digest> digests = DigestTable.count(tx, tenant, today, now);
    for (Digest digest : digests) {
      DigestTable.write(tx, tenant, digest, tell); // by an engine with a listener, be it another
    }
    texts.enqueue(tx, tenant, digests, now);
    return true;
  }

  /** Returns whether there was something to tell. */
  private boolean tell(Tenant tenant, LocalDate today) {
    boolean worked = false;
    List<DigestTable.Taken> some;
    do {
      some =
          database.own(
              "look for digests that are to be told",
              tx -> DigestTable.toTell(tx, tenant, tx.machineMillis(), AT_ONCE));
      for (DigestTable.Taken one : some) {
        worked |= tell(tenant, one, today);
      }
    } while (some.size() == AT_ONCE);
    return worked;
  }

  /** Each is taken when its turn comes: whoever tells many has none of them too long. */
  private boolean tell(Tenant tenant, DigestTable.Taken seen, LocalDate today) {
    Optional<DigestTable.Taken> taken =
        database.own(
            "take a digest that is to be told",
            tx -> {
              long until = tx.machineMillis() + AGAIN;
              return DigestTable.told(tx, tenant, seen, Optional.of(until))
                  ? Optional.of(seen.until(until))
                  : Optional.empty();
            });
    if (taken.isEmpty()) {
      return false; // another tells it
    }
    boolean late = !seen.digest().day().equals(today);
    if (late || told(seen.digest())) {
      database.own(
          "note that a digest was told",
          tx -> DigestTable.told(tx, tenant, taken.get(), Optional.empty()));
    }
    return true;
  }

  private boolean told(Digest digest) {
    boolean all = true;
    for (DigestListener listener : listeners) {
      try {
        listener.digest(digest);
      } catch (RuntimeException | Error failure) {
        all = false;
        LOG.warn(
            "laoke.reminders.digest: a listener failed with the digest of '{}' of dealer '{}'; it is"
                + " told again in a minute",
            digest.staff(),
            digest.dealer(),
            failure);
      }
    }
    return all;
  }
}

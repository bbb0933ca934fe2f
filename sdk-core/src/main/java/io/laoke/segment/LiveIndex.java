package io.laoke.segment;

import io.laoke.base.Internal;
import io.laoke.internal.columns.Block;
import io.laoke.internal.columns.BlockBuilder;
import io.laoke.internal.columns.DayStarts;
import io.laoke.internal.columns.Members;
import io.laoke.internal.columns.Unserved;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.internal.work.Worker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dealers' members in memory, and the thread that keeps them fresh. What an index holds is the
 * database as of one moment: changes are found and their members read again in one snapshot.
 */
@Internal
public final class LiveIndex implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveIndex.class);
  private static final String FAILED = "laoke.live failed; counts come from the database meanwhile";
  private static final int AT_ONCE = 2_000;
  private static final long AGE = Duration.ofMillis(50).toNanos();
  private static final long WRITING = Duration.ofSeconds(2).toNanos();
  private static final Duration PATIENCE = Duration.ofMillis(250);
  private static final long AGAIN = Duration.ofMinutes(30).toNanos();
  private static final int EXACT_DAYS = 3;
  private static final long MEBIBYTE = 1 << 20;
  private static final Duration LONGEST_JOIN = Duration.ofSeconds(5);

  private final Database database;
  private final LiveSettings settings;
  private final Clock clock;
  private final Clock machine;
  private final int atOnce;
  private final Duration patience;
  private final Map<Integer, Held> dealers = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final ChangeFeed feed = new ChangeFeed();
  private final Worker worker =
      new Worker(
          "laoke-live",
          new Worker.Work() {
            @Override
            public boolean round() {
              run();
              return false;
            }

            @Override
            public Duration rest(int failures) {
              return settings.poll().multipliedBy(Math.max(1, Math.min(failures, 30)));
            }

            @Override
            public void failed(int failures, Throwable failure) {
              LOG.warn(FAILED, failure);
            }
          });

  /** What is held of a dealer. */
  private static final class Held {
    final Tenant tenant;
    final DayStarts days;
    final Numbered categories = new Numbered();
    final LiveReader reader;
    volatile Members members;
    volatile LiveCounts.State state = LiveCounts.State.WAITING;
    volatile Instant freshTo = Instant.EPOCH;
    volatile Instant lastChange = Instant.EPOCH;
    volatile @Nullable String why;
    volatile long askedNanos = System.nanoTime();
    volatile long failedNanos;
    boolean looked;
    long lookedNanos;
    final Set<Long> pending = new TreeSet<>();
    final AtomicInteger listsVersion = new AtomicInteger();
    volatile @Nullable DealerSchema lists;

    Held(Tenant tenant) {
      this.tenant = tenant;
      this.days = new DayStarts(tenant.zone());
      this.reader = new LiveReader(tenant, categories);
      this.members = Members.none(days);
    }
  }

  /**
   * Of an engine's dealers.
   *
   * @param clock business time
   * @param machine this machine's
   */
  public LiveIndex(Database database, LiveSettings settings, Clock clock, Clock machine) {
    this(database, settings, clock, machine, AT_ONCE, PATIENCE);
  }

  /** The same with other bounds, for tests that cannot change thousands of members. */
  LiveIndex(
      Database database,
      LiveSettings settings,
      Clock clock,
      Clock machine,
      int atOnce,
      Duration patience) {
    this.atOnce = atOnce;
    this.patience = patience;
    this.database = database;
    this.settings = settings;
    this.clock = clock;
    this.machine = machine;
  }

  // ---- counting

  private boolean of(Tenant tenant) {
    return settings.on()
        && (settings.dealers().isEmpty() || settings.dealers().contains(tenant.code()));
  }

  /** What is held of a dealer, in its zone of now. */
  private Held held(Tenant tenant) {
    Held held = dealers.computeIfAbsent(tenant.id(), none -> new Held(tenant));
    if (held.tenant.zone().equals(tenant.zone())) {
      return held;
    }
    Held anew = new Held(tenant);
    lock.lock();
    try {
      drop(held);
    } finally {
      lock.unlock();
    }
    dealers.putIfAbsent(tenant.id(), anew);
    return dealers.getOrDefault(tenant.id(), anew);
  }

  /** Nobody tells it of changes any more. */
  private void drop(Held held) {
    dealers.remove(held.tenant.id(), held);
    held.state = LiveCounts.State.WAITING;
    held.why = "The index is to be built anew.";
  }

  /** What a count is asked with. */
  interface Asking {
    /** What segments can speak of now. */
    DealerSchema lists();

    /** The question, with names looked up in these. */
    Node node(DealerSchema lists);

    /** Has the database count. */
    long sql();
  }

  /**
   * Counts.
   *
   * @param joined whether the host's transaction is to be seen
   */
  LiveCount count(Tenant tenant, boolean joined, Asking asking) {
    if (!of(tenant)) {
      return ofSql(asking, "Live counts are off for this dealer.");
    }
    if (joined) {
      return ofSql(asking, "Only the database shows what the host's own transaction has written.");
    }
    Held held = held(tenant);
    long asked = System.nanoTime();
    held.askedNanos = asked;
    if (held.state != LiveCounts.State.READY) {
      worker.wake();
      String why = held.why;
      return ofSql(asking, why == null ? "The index is not built yet." : why);
    }
    boolean exact = fresh(held, asked);
    Members members = held.members;
    Instant freshTo = held.freshTo;
    if (held.state != LiveCounts.State.READY) {
      return ofSql(asking, "The index is to be built anew.");
    }
    try {
      DealerSchema lists = lists(held, asking);
      Node node;
      synchronized (lists) { // it keeps the saved segments that it was asked for
        node = asking.node(lists);
      }
      long value =
          new LiveQuestion(node, held.categories.all(), held.days, held.reader.broken())
              .count(members);
      return new LiveCount(value, exact, freshTo, LiveCount.ServedBy.INDEX, Optional.empty());
    } catch (Unserved unserved) {
      return ofSql(asking, "The database has counted, since %s.".formatted(unserved.why()));
    }
  }

  /** The lists are read again once one of them was changed. */
  private static DealerSchema lists(Held held, Asking asking) {
    DealerSchema known = held.lists;
    if (known != null) {
      return known;
    }
    int version = held.listsVersion.get();
    DealerSchema read = asking.lists().loaded();
    synchronized (held) {
      if (held.listsVersion.get() == version) {
        held.lists = read;
      }
    }
    return read;
  }

  private LiveCount ofSql(Asking asking, String why) {
    Instant now = machine.instant();
    return new LiveCount(asking.sql(), true, now, LiveCount.ServedBy.SQL, Optional.of(why));
  }

  /**
   * Takes in what was committed until now.
   *
   * @return whether all of it is in
   */
  private boolean fresh(Held held, long asked) {
    lock.lock();
    try {
      if (held.state != LiveCounts.State.READY) {
        return false;
      }
      if (held.pending.isEmpty() && lookedLately(held, asked)) {
        return true;
      }
      long until = System.nanoTime() + patience.toNanos();
      do {
        long nanos = System.nanoTime();
        Instant at = machine.instant();
        boolean news = database.own("look for changes", tx -> feed.news(tx, nanos));
        if (!news && held.pending.isEmpty()) {
          looked(held, nanos, at);
          return true;
        }
        step(held);
        if (held.state != LiveCounts.State.READY) {
          return false;
        }
        if (held.pending.isEmpty()) {
          return true;
        }
      } while (System.nanoTime() - until < 0);
      worker.wake();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** A look may be that old, but not older than what this process has written a moment ago. */
  private boolean lookedLately(Held held, long asked) {
    return held.looked
        && asked - held.lookedNanos <= AGE
        && (held.lookedNanos - asked >= 0 || held.lookedNanos - database.changedNanos() > WRITING);
  }

  /** Takes in some changes, all as of one moment. */
  private void step(@Nullable Held only) {
    long nanos = System.nanoTime();
    Instant at = machine.instant();
    database.streamed(
        "take changes in",
        tx -> {
          Map<Integer, Set<Long>> news = feed.take(tx, nanos);
          if (news == null) {
            LOG.warn("laoke.live.lost the table of changes was replaced; indexes are built anew");
            feed.begin(tx, nanos);
            List.copyOf(dealers.values()).forEach(this::drop);
            return tx;
          }
          news.forEach(
              (dealer, members) -> {
                Held held = dealers.get(dealer);
                if (held != null
                    && (held.state == LiveCounts.State.READY
                        || held.state == LiveCounts.State.BUILDING)) {
                  tell(held, members);
                }
              });
          for (Held held : only == null ? List.copyOf(dealers.values()) : List.of(only)) {
            if (held.state == LiveCounts.State.READY) {
              takeIn(tx, held, nanos, at);
            }
          }
          return tx;
        });
  }

  private static void tell(Held held, Set<Long> members) {
    if (members.remove(Tx.LISTS)) {
      synchronized (held) {
        held.listsVersion.incrementAndGet();
        held.lists = null;
      }
    }
    held.pending.addAll(members);
  }

  private void takeIn(Tx tx, Held held, long nanos, Instant at) {
    List<Long> some = held.pending.stream().limit(atOnce).toList();
    if (!some.isEmpty()) {
      BlockBuilder builder = new BlockBuilder(held.days, exactFrom(held));
      try {
        held.reader.some(tx, some, builder);
        held.members = held.members.with(some, builder.build());
      } catch (Unserved unserved) {
        unable(held, unserved.why());
        return;
      }
      some.forEach(held.pending::remove);
      held.lastChange = at;
    }
    if (held.pending.isEmpty()) {
      looked(held, nanos, at);
    }
  }

  private static void looked(Held held, long nanos, Instant at) {
    held.looked = true;
    held.lookedNanos = nanos;
    held.freshTo = at;
  }

  private int exactFrom(Held held) {
    return (int) held.tenant.dayOf(clock.instant()).toEpochDay() - EXACT_DAYS;
  }

  // ---- building

  /**
   * Builds the index of a dealer unless it is there.
   *
   * @return whether it is there
   */
  boolean build(Tenant tenant) {
    if (!of(tenant)) {
      return false;
    }
    Held held = held(tenant);
    held.askedNanos = System.nanoTime();
    built(held);
    return held.state == LiveCounts.State.READY;
  }

  private void built(Held held) {
    lock.lock();
    try {
      if (held.state == LiveCounts.State.READY || held.state == LiveCounts.State.BUILDING) {
        return;
      }
      if (!feed.begun()) {
        database.streamed(
            "begin to follow changes",
            tx -> {
              feed.begin(tx, System.nanoTime());
              return tx;
            });
      }
      // From here on the feed tells of every change that what is read next may not have.
      held.pending.clear();
      held.freshTo = machine.instant();
      held.state = LiveCounts.State.BUILDING;
      held.why = "The index is being built.";
    } finally {
      lock.unlock();
    }
    long began = System.nanoTime();
    Members all = Members.none(held.days);
    try {
      long after = Long.MIN_VALUE;
      while (true) {
        if (worker.ended()) {
          throw new Unserved("the engine is closed");
        }
        Block block = page(held, after);
        if (block.size() > 0) {
          all = all.and(block);
          after = block.lastId();
        }
        makeRoom(held, all.memory());
        if (block.size() < Block.MOST) {
          break;
        }
      }
      lock.lock();
      try {
        if (dealers.get(held.tenant.id()) != held) {
          return; // dropped meanwhile: it has not heard of all changes
        }
        held.members = all;
        held.state = LiveCounts.State.READY;
        held.why = null;
      } finally {
        lock.unlock();
      }
      LOG.info(
          "laoke.live.built dealer={} members={} mebibytes={} millis={}",
          held.tenant.code(),
          all.size(),
          all.memory() / MEBIBYTE,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    } catch (Unserved unserved) {
      unable(held, unserved.why());
    } catch (RuntimeException | Error failure) {
      held.state = LiveCounts.State.WAITING;
      held.why = "The index could not be built; the next count has it tried again.";
      throw failure;
    }
  }

  private Block page(Held held, long after) {
    BlockBuilder builder = new BlockBuilder(held.days, exactFrom(held));
    database.streamed(
        "read members into memory",
        tx -> {
          held.reader.page(tx, after, builder);
          if (builder.size() > 0) {
            held.reader.have(tx, builder.id(0), builder.id(builder.size() - 1), builder);
          }
          return tx;
        });
    return builder.build();
  }

  private void unable(Held held, String why) {
    LOG.warn("laoke.live.unable dealer={}: {}", held.tenant.code(), why);
    held.members = Members.none(held.days);
    held.pending.clear();
    held.why = "The index cannot hold this dealer, since %s.".formatted(why);
    held.failedNanos = System.nanoTime();
    held.state = LiveCounts.State.UNABLE;
  }

  /** Lets go of dealers that were asked longest ago. */
  private void makeRoom(Held wanted, long bytes) {
    long most = settings.mostMebibytes() * MEBIBYTE;
    lock.lock();
    try {
      List<Held> others = new ArrayList<>(dealers.values());
      others.remove(wanted);
      others.sort(Comparator.comparingLong(held -> held.askedNanos));
      long sum = bytes + others.stream().mapToLong(held -> held.members.memory()).sum();
      for (Held other : others) {
        if (sum <= most) {
          return;
        }
        if (other.state == LiveCounts.State.READY) {
          sum -= other.members.memory();
          drop(other);
        }
      }
      if (sum > most) {
        throw new Unserved(
            "it would take more than the %d MiB that liveCounts(…) allows"
                .formatted(settings.mostMebibytes()));
      }
    } finally {
      lock.unlock();
    }
  }

  LiveCounts.Status status(Tenant tenant) {
    Held held = dealers.get(tenant.id());
    if (!of(tenant) || held == null) {
      return new LiveCounts.Status(
          of(tenant) ? LiveCounts.State.WAITING : LiveCounts.State.OFF,
          0,
          0,
          Instant.EPOCH,
          Instant.EPOCH,
          Optional.of(
              of(tenant) ? "Nobody has asked yet." : "Live counts are off for this dealer."));
    }
    Members members = held.members;
    return new LiveCounts.Status(
        held.state,
        members.size(),
        members.memory(),
        held.freshTo,
        held.lastChange,
        Optional.ofNullable(held.why));
  }

  // ---- by itself

  /** Builds what was asked for, and takes changes in. */
  private void run() {
    if (!settings.on()) {
      return;
    }
    for (Held held : List.copyOf(dealers.values())) {
      boolean again =
          held.state == LiveCounts.State.UNABLE
              && System.nanoTime() - held.failedNanos > AGAIN
              && held.askedNanos - held.failedNanos > 0;
      if (held.state == LiveCounts.State.WAITING || again) {
        built(held);
      }
    }
    boolean more = dealers.values().stream().anyMatch(held -> held.state == LiveCounts.State.READY);
    while (more && !worker.ended()) {
      lock.lock();
      try {
        step(null);
        more =
            dealers.values().stream()
                .anyMatch(held -> held.state == LiveCounts.State.READY && !held.pending.isEmpty());
      } finally {
        lock.unlock();
      }
    }
    for (Held held : List.copyOf(dealers.values())) {
      if (held.state == LiveCounts.State.READY) {
        try {
          makeRoom(held, held.members.memory());
        } catch (Unserved unserved) {
          unable(held, unserved.why());
        }
      }
    }
  }

  /** The same; whatever fails, counts come from the database meanwhile. */
  public void tick() {
    try {
      run();
    } catch (RuntimeException failure) {
      LOG.warn(FAILED, failure);
    }
  }

  /** Does so on a thread from now on, if there is anything to do. */
  public void start() {
    if (settings.on()) {
      worker.start();
    }
  }

  /** Ends the thread and lets go of all. */
  @Override
  public void close() {
    worker.close(LONGEST_JOIN);
    lock.lock();
    try {
      List.copyOf(dealers.values()).forEach(this::drop);
    } finally {
      lock.unlock();
    }
  }
}

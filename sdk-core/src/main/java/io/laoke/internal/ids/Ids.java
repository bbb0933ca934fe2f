package io.laoke.internal.ids;

import com.github.f4b6a3.tsid.Tsid;
import com.github.f4b6a3.tsid.TsidFactory;
import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes ids: unique among all engines on the database, roughly ordered by time, without a round
 * trip. The node number in them is leased in table {@code node} for an hour. With the lease goes a
 * last time: no id is made behind it, and the next holder of the number starts behind it. So no id
 * is made twice, whether clocks are set back, a process sleeps through the end of its lease, or an
 * engine is closed while it is in use.
 */
public final class Ids implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ids.class);
  private static final int NODE_BITS = 10;
  private static final int RANDOM_BITS = 22;
  private static final int NODES = 1 << NODE_BITS;
  private static final long LEASE = Duration.ofHours(1).toMillis();
  private static final long PAUSE = Duration.ofMinutes(5).toMillis();

  private final Database database;
  private final Clock machine;
  private final ReentrantLock leasing = new ReentrantLock();
  private volatile @Nullable Lease lease;
  private volatile long renewAfter = Long.MIN_VALUE;

  /**
   * Ids; no number is leased before the first is asked for.
   *
   * @param database not one that gets these ids ready
   */
  public Ids(Database database, Clock machine) {
    this.database = database;
    this.machine = machine;
  }

  private record Lease(Numbers numbers, long usableUntil) {}

  /** What a transaction has leased: usable once it is committed. */
  private record Granted(Numbers numbers, long lastTime) {}

  /** No id that was made at or after this time is smaller. */
  public static long firstAt(long epochMillis) {
    return Math.max(0, epochMillis - Tsid.TSID_EPOCH) << RANDOM_BITS;
  }

  /** A new id, positive. */
  public long next() {
    while (true) {
      Lease held = lease;
      if (held == null || !usable(held)) {
        held = lease(held);
      }
      OptionalLong id = held.numbers().next();
      if (id.isPresent()) {
        return id.getAsLong();
      }
      lease(held);
    }
  }

  /**
   * Leases a number if there is none, and renews one that is half used up, which one thread at most
   * waits for. To be called where no connection is held: {@link #next} leases too, but then inside
   * somebody's transaction. Costs nothing else.
   */
  public void renew() {
    Lease held = lease;
    if (held == null || !usable(held)) {
      lease(held);
    } else if (held.usableUntil() - machine.millis() < LEASE / 2
        && machine.millis() >= renewAfter
        && leasing.tryLock()) {
      try {
        lease(held);
      } catch (StoreException later) {
        renewAfter = machine.millis() + PAUSE;
        LOG.debug("laoke.ids.renew failed; there is time left", later);
      } finally {
        leasing.unlock();
      }
    }
  }

  /** Gives the number back, if the database is there; else its lease ends by itself. */
  @Override
  public void close() {
    Lease held = lease;
    if (held == null) {
      return;
    }
    lease = null;
    try {
      database.own("give the node number back", tx -> givenBack(tx, held.numbers()));
    } catch (StoreException down) {
      LOG.info("laoke.ids.close the node number stays leased for an hour at most: {}", say(down));
    }
  }

  private static String say(StoreException failure) {
    return String.valueOf(failure.getMessage());
  }

  private static int givenBack(Tx tx, Numbers numbers) {
    return tx.update(
            "UPDATE {node} SET holder = NULL, lease_until_ms = 0, last_ms = :last WHERE node_no ="
                + " :node AND holder = :holder")
        .bind("last", numbers.end())
        .bind("node", numbers.node)
        .bind("holder", numbers.holder)
        .execute();
  }

  private boolean usable(Lease held) {
    return machine.millis() < held.usableUntil();
  }

  private Lease lease(@Nullable Lease before) {
    leasing.lock();
    try {
      Lease held = lease;
      if (held != null && !held.equals(before) && usable(held)) {
        return held;
      }
      long from = machine.millis();
      Granted granted =
          database.own(
              "lease a node number for ids",
              tx -> held == null ? take(tx) : renewed(tx, held).orElseGet(() -> take(tx)));
      granted.numbers().until(granted.lastTime());
      Lease taken = new Lease(granted.numbers(), from + LEASE);
      lease = taken;
      return taken;
    } finally {
      leasing.unlock();
    }
  }

  private Optional<Granted> renewed(Tx tx, Lease held) {
    Numbers numbers = held.numbers();
    long last = Math.max(numbers.furthest(), machine.millis() + LEASE);
    int rows =
        tx.update(
                "UPDATE {node} SET lease_until_ms = :lease, last_ms = :last WHERE node_no = :node"
                    + " AND holder = :holder")
            .bind("lease", tx.machineMillis() + LEASE)
            .bind("last", last)
            .bind("node", numbers.node)
            .bind("holder", numbers.holder)
            .execute();
    return rows == 1 ? Optional.of(new Granted(numbers, last)) : Optional.empty();
  }

  private Granted take(Tx tx) {
    long now = tx.machineMillis();
    String holder = UUID.randomUUID().toString();
    List<Integer> free =
        tx.query("SELECT node_no FROM {node} WHERE lease_until_ms < :now ORDER BY node_no")
            .bind("now", now)
            .mapTo(Integer.class)
            .list();
    for (int node : free) {
      Optional<Granted> taken = takeOver(tx, node, holder, now);
      if (taken.isPresent()) {
        return taken.get();
      }
    }
    return added(tx, holder, now);
  }

  private Optional<Granted> takeOver(Tx tx, int node, String holder, long now) {
    long usedUntil =
        tx.query("SELECT last_ms FROM {node} WHERE node_no = :node FOR UPDATE")
            .bind("node", node)
            .mapTo(Long.class)
            .one();
    long last = Math.max(machine.millis(), usedUntil) + LEASE;
    int rows =
        tx.update(
                """
                UPDATE {node} SET holder = :holder, lease_until_ms = :lease, last_ms = :last
                WHERE node_no = :node AND lease_until_ms < :now
                """)
            .bind("holder", holder)
            .bind("lease", now + LEASE)
            .bind("last", last)
            .bind("node", node)
            .bind("now", now)
            .execute();
    return rows == 1
        ? Optional.of(new Granted(new Numbers(machine, node, holder, usedUntil + 1), last))
        : Optional.empty();
  }

  private Granted added(Tx tx, String holder, long now) {
    int first =
        tx.query("SELECT COALESCE(MAX(node_no), -1) + 1 FROM {node}").mapTo(Integer.class).one();
    long from = machine.millis();
    for (int node = first; node < NODES; node++) {
      int number = node;
      boolean mine =
          tx.insertIfAbsent(
              "INSERT INTO {node} (node_no, holder, lease_until_ms, last_ms) VALUES (:node,"
                  + " :holder, :lease, :last)",
              row ->
                  row.bind("node", number)
                      .bind("holder", holder)
                      .bind("lease", now + LEASE)
                      .bind("last", from + LEASE));
      if (mine) {
        return new Granted(new Numbers(machine, node, holder, from), from + LEASE);
      }
    }
    throw new StoreException(
        "All %d node numbers for ids are leased. Too many engines use this database, or many were killed within the last hour. Close engines that are not needed, which gives their numbers back, or call again in an hour."
            .formatted(NODES),
        null,
        true);
  }

  /** The ids of one holder of a number. Their times never go back, nor beyond what was granted. */
  private static final class Numbers {
    private final int node;
    private final String holder;
    private final TsidFactory factory;
    private long time;
    private long granted = Long.MIN_VALUE;
    private boolean ended;

    Numbers(Clock machine, int node, String holder, long from) {
      this.node = node;
      this.holder = holder;
      this.time = from;
      this.factory =
          TsidFactory.builder()
              .withNodeBits(NODE_BITS)
              .withNode(node)
              .withTimeFunction(() -> Math.max(timeNow(), machine.millis()))
              .build();
    }

    private synchronized long timeNow() {
      return time;
    }

    /** Empty when the granted times are used up, or the number was given back. */
    synchronized OptionalLong next() {
      Tsid id = factory.create();
      // The library runs ahead of the clock when a millisecond's numbers are used up.
      time = Math.max(time, id.getUnixMilliseconds());
      return !ended && time <= granted ? OptionalLong.of(id.toLong()) : OptionalLong.empty();
    }

    synchronized void until(long lastTime) {
      granted = Math.max(granted, lastTime);
    }

    /** A last time that leaves an hour to go. */
    synchronized long furthest() {
      return Math.max(granted, time + LEASE);
    }

    /** No id from now on. */
    synchronized long end() {
      ended = true;
      return time;
    }
  }
}

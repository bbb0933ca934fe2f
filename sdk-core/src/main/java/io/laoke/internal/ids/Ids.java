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
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes ids: unique among all engines on the database, roughly ordered by time, without a round
 * trip. The node number in them is leased in table {@code node} for an hour and renewed in passing;
 * the next holder of a number starts behind the last time that the one before may have used, so a
 * clock that was set back makes no id twice.
 */
public final class Ids implements AutoCloseable {
  private static final int NODE_BITS = 10;
  private static final int NODES = 1 << NODE_BITS;
  private static final long LEASE = Duration.ofHours(1).toMillis();

  private final Database database;
  private final Clock machine;
  private final ReentrantLock leasing = new ReentrantLock();
  private volatile @Nullable Lease lease;

  /** Ids; no number is leased before the first is asked for. */
  public Ids(Database database, Clock machine) {
    this.database = database;
    this.machine = machine;
  }

  private record Lease(
      int node, String holder, long usableUntil, AtomicLong last, TsidFactory factory) {}

  /** A new id, positive. */
  public long next() {
    Lease held = held();
    Tsid id = held.factory().create();
    // The library runs ahead of the clock when a millisecond's numbers are used up.
    held.last().accumulateAndGet(id.getUnixMilliseconds(), Math::max);
    return id.toLong();
  }

  /**
   * Leases a number now if there is none, or renews one that is half used up. Costs one write then.
   */
  public void renew() {
    Lease held = lease;
    if (held == null || held.usableUntil() - machine.millis() < LEASE / 2) {
      lease(held);
    }
  }

  /** Gives the number back. */
  @Override
  public void close() {
    Lease held = lease;
    if (held == null) {
      return;
    }
    lease = null;
    database.own(
        "give the node number back",
        tx ->
            tx.update(
                    "UPDATE {node} SET holder = NULL, lease_until_ms = 0, last_ms = :last WHERE node_no = :node AND holder = :holder")
                .bind("last", Math.max(held.last().get(), machine.millis()))
                .bind("node", held.node())
                .bind("holder", held.holder())
                .execute());
  }

  private Lease held() {
    Lease held = lease;
    if (held != null && machine.millis() < held.usableUntil()) {
      return held;
    }
    return lease(held);
  }

  private Lease lease(@Nullable Lease before) {
    leasing.lock();
    try {
      Lease held = lease;
      if (held != null && !held.equals(before) && machine.millis() < held.usableUntil()) {
        return held;
      }
      Lease taken =
          database.own(
              "lease a node number for ids",
              tx -> before == null ? take(tx) : renewed(tx, before).orElseGet(() -> take(tx)));
      lease = taken;
      return taken;
    } finally {
      leasing.unlock();
    }
  }

  private Optional<Lease> renewed(Tx tx, Lease held) {
    long until = machine.millis() + LEASE;
    int rows =
        tx.update(
                "UPDATE {node} SET lease_until_ms = :lease, last_ms = :last WHERE node_no = :node AND holder = :holder")
            .bind("lease", tx.machineMillis() + LEASE)
            .bind("last", Math.max(until, held.last().get()))
            .bind("node", held.node())
            .bind("holder", held.holder())
            .execute();
    return rows == 1
        ? Optional.of(new Lease(held.node(), held.holder(), until, held.last(), held.factory()))
        : Optional.empty();
  }

  private Lease take(Tx tx) {
    long now = tx.machineMillis();
    String holder = UUID.randomUUID().toString();
    List<Integer> free =
        tx.query("SELECT node_no FROM {node} WHERE lease_until_ms < :now ORDER BY node_no")
            .bind("now", now)
            .mapTo(Integer.class)
            .list();
    for (int node : free) {
      Optional<Lease> taken = takeOver(tx, node, holder, now);
      if (taken.isPresent()) {
        return taken.get();
      }
    }
    return added(tx, holder, now);
  }

  private Optional<Lease> takeOver(Tx tx, int node, String holder, long now) {
    long usedUntil =
        tx.query("SELECT last_ms FROM {node} WHERE node_no = :node FOR UPDATE")
            .bind("node", node)
            .mapTo(Long.class)
            .one();
    long until = Math.max(machine.millis(), usedUntil) + LEASE;
    int rows =
        tx.update(
                """
                UPDATE {node} SET holder = :holder, lease_until_ms = :lease, last_ms = :last
                WHERE node_no = :node AND lease_until_ms < :now
                """)
            .bind("holder", holder)
            .bind("lease", now + LEASE)
            .bind("last", until)
            .bind("node", node)
            .bind("now", now)
            .execute();
    return rows == 1 ? Optional.of(made(node, holder, usedUntil + 1)) : Optional.empty();
  }

  private Lease added(Tx tx, String holder, long now) {
    int first =
        tx.query("SELECT COALESCE(MAX(node_no), -1) + 1 FROM {node}").mapTo(Integer.class).one();
    for (int node = first; node < NODES; node++) {
      int number = node;
      boolean mine =
          tx.insertIfAbsent(
              "INSERT INTO {node} (node_no, holder, lease_until_ms, last_ms) VALUES (:node, :holder, :lease, :last)",
              row ->
                  row.bind("node", number)
                      .bind("holder", holder)
                      .bind("lease", now + LEASE)
                      .bind("last", machine.millis() + LEASE));
      if (mine) {
        return made(node, holder, machine.millis());
      }
    }
    throw new StoreException(
        "All %d node numbers for ids are leased. Too many engines use this database, or many were killed within the last hour; close() gives a number back."
            .formatted(NODES),
        null,
        true);
  }

  private Lease made(int node, String holder, long from) {
    AtomicLong last = new AtomicLong(from);
    TsidFactory factory =
        TsidFactory.builder()
            .withNodeBits(NODE_BITS)
            .withNode(node)
            .withTimeFunction(() -> last.updateAndGet(before -> Math.max(before, machine.millis())))
            .build();
    return new Lease(node, holder, machine.millis() + LEASE, last, factory);
  }
}

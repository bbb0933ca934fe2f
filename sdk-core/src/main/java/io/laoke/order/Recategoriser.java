package io.laoke.order;

import io.laoke.catalog.ChangeTable;
import io.laoke.catalog.ChangeTable.Claim;
import io.laoke.catalog.Goods;
import io.laoke.catalog.Look;
import io.laoke.catalog.Placing;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.internal.work.Worker;
import io.laoke.message.Tenants;
import io.laoke.order.PlacedLines.Document;
import io.laoke.order.PlacedLines.Group;
import io.laoke.order.PlacedLines.Table;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has recorded lines follow changes of the catalogue: some orders in each transaction, which locks
 * them, their members and files as every other does, and places what it finds then where the
 * catalogue says then. So it may stop anywhere, and others may do the same beside it.
 */
final class Recategoriser implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recategoriser.class);
  private static final int DEALERS = 100;
  private static final int LINES_AT_ONCE = 20_000;
  private static final int ORDERS_A_SLICE = 100;
  private static final int MOST_ORDERS_A_SLICE = 300;
  private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final Duration POLL = Duration.ofSeconds(5);
  private static final Duration LONGEST_JOIN = Duration.ofMinutes(1);

  private final Database database;
  private final Tenants tenants;
  private final Clock business;
  private final ChangeTable changes;
  private final PlacedLines placed;
  private final OrderTable orders;
  private final ReturnTable returns;
  private final Rollup rollup;
  private final OrderDesk desk;
  private final Worker worker =
      new Worker(
          "laoke-catalog",
          new Worker.Work() {
            @Override
            public boolean round() {
              return run(SLICE_NANOS);
            }

            @Override
            public Duration rest(int failures) {
              return POLL.multipliedBy(Math.max(1, Math.min(failures, 5)));
            }

            @Override
            public void failed(int failures, Throwable failure) {
              LOG.warn(
                  "laoke.catalog.change failed; lines stay right where they are, the next try is"
                      + " in {} s",
                  rest(failures).toSeconds(),
                  failure);
            }
          });

  Recategoriser(
      Database database,
      Tenants tenants,
      Clock business,
      ChangeTable changes,
      PlacedLines placed,
      OrderTable orders,
      ReturnTable returns,
      Rollup rollup,
      OrderDesk desk) {
    this.database = database;
    this.tenants = tenants;
    this.business = business;
    this.changes = changes;
    this.placed = placed;
    this.orders = orders;
    this.returns = returns;
    this.rollup = rollup;
    this.desk = desk;
  }

  /** There may be a change to follow. */
  void wake() {
    worker.wake();
  }

  /**
   * Has lines follow until no change is due or the time is over, dealers in turn.
   *
   * @return whether something was done
   */
  boolean run(long nanos) {
    long deadline = System.nanoTime() + nanos;
    boolean worked = false;
    RuntimeException failure = null;
    Set<Integer> idle = new HashSet<>();
    while (!over(deadline)) {
      List<Integer> due = database.own("look for changes", tx -> changes.due(tx, DEALERS));
      if (idle.containsAll(due)) {
        break;
      }
      for (int dealer : due) {
        if (!over(deadline) && !idle.contains(dealer)) {
          try {
            boolean did = one(tenants.byId(dealer), deadline);
            worked |= did;
            if (!did) {
              idle.add(dealer);
            }
          } catch (NotFoundException unknown) {
            idle.add(dealer);
          } catch (RuntimeException failed) {
            idle.add(dealer); // others follow all the same
            failure = failed;
          }
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return worked;
  }

  private boolean over(long deadline) {
    return worker.ended() || System.nanoTime() - deadline >= 0;
  }

  /** Follows one change of a dealer. */
  private boolean one(Tenant tenant, long deadline) {
    Optional<Claim> taken = database.own("take up a change", tx -> changes.claim(tx, tenant));
    if (taken.isEmpty()) {
      return false;
    }
    Pass pass = new Pass(tenant, taken.get(), deadline);
    boolean complete = pass.run(); // whatever fails, the lease ends by itself
    database.own(
        "put a change down",
        tx -> {
          if (complete) {
            changes.passed(tx, tenant, pass.claim);
          } else {
            changes.giveBack(tx, tenant, pass.claim);
          }
          return complete;
        });
    return true;
  }

  /** What a slice has placed anew. */
  private record Moved(long lines, long orders, long returns, BigInteger fen, Claim claim) {
    boolean nothing() {
      return lines == 0 && returns == 0;
    }
  }

  /** All places of a change, looked through once. */
  private final class Pass {
    private final Tenant tenant;
    private final long deadline;
    private final List<Look> looks;
    private Claim claim;

    Pass(Tenant tenant, Claim claim, long deadline) {
      this.tenant = tenant;
      this.claim = claim;
      this.deadline = deadline;
      this.looks = database.own("read a change", tx -> changes.looks(tx, tenant, claim.id()));
    }

    boolean run() {
      for (Look look : looks) {
        for (Table table : Table.values()) {
          if (!look(look, table)) {
            return false;
          }
        }
      }
      return true;
    }

    private record Page(@Nullable Group last, boolean full, List<Group> moving) {}

    private boolean look(Look look, Table table) {
      Group after = null;
      boolean more = true;
      while (more) {
        if (over(deadline)) {
          return false;
        }
        Page page = page(look, table, after);
        if (!page.moving.isEmpty() && !follow(table, page.moving)) {
          return false;
        }
        after = page.last;
        more = page.full;
      }
      return true;
    }

    private Page page(Look look, Table table, @Nullable Group after) {
      return database.own(
          "look for lines that follow a change",
          tx -> {
            List<Group> groups = placed.groups(tx, tenant, table, look, after, PlacedLines.PAGE);
            return new Page(
                groups.isEmpty() ? null : groups.get(groups.size() - 1),
                groups.size() == PlacedLines.PAGE,
                PlacedLines.moving(groups, placed.placing(tx, tenant, groups)));
          });
    }

    /** Has all lines of these groups follow; false if the time is over before. */
    private boolean follow(Table table, List<Group> groups) {
      boolean moved = true;
      while (moved) {
        moved = false;
        for (List<Long> some : slices(documents(table, groups))) {
          if (over(deadline)) {
            return false;
          }
          moved |= slice("have orders follow a change", tx -> orders(tx, some));
        }
        if (table == Table.RETURNS) {
          List<Long> notes = notes(groups);
          if (over(deadline)) {
            return false;
          }
          moved |=
              !notes.isEmpty() && slice("have returns follow a change", tx -> notes(tx, notes));
        }
      }
      return true;
    }

    /** By their members, so that of most all orders follow at once. */
    private List<Document> documents(Table table, List<Group> groups) {
      Set<Document> found = new HashSet<>();
      for (List<Group> some : together(groups)) {
        found.addAll(
            database.own(
                "look for orders that follow a change",
                tx -> placed.orders(tx, tenant, table, some, LINES_AT_ONCE)));
        if (found.size() >= LINES_AT_ONCE) {
          break;
        }
      }
      return found.stream()
          .sorted(Comparator.comparingLong(Document::member).thenComparingLong(Document::id))
          .toList();
    }

    private List<Long> notes(List<Group> groups) {
      List<Long> notes = new ArrayList<>();
      for (List<Group> some : together(groups)) {
        if (notes.size() < ORDERS_A_SLICE) {
          notes.addAll(
              database.own(
                  "look for returns that follow a change",
                  tx -> placed.notes(tx, tenant, some, ORDERS_A_SLICE)));
        }
      }
      return notes.stream().distinct().limit(ORDERS_A_SLICE).toList();
    }

    private static List<List<Group>> together(List<Group> groups) {
      List<List<Group>> all = new ArrayList<>();
      for (int from = 0; from < groups.size(); from += PlacedLines.TOGETHER) {
        all.add(groups.subList(from, Math.min(from + PlacedLines.TOGETHER, groups.size())));
      }
      return all;
    }

    /** Some orders each, and all of a member unless these are many. */
    private static List<List<Long>> slices(List<Document> documents) {
      List<List<Long>> slices = new ArrayList<>();
      Set<Long> slice = new LinkedHashSet<>();
      long last = 0;
      for (Document document : documents) {
        boolean same = document.member() == last && last != 0;
        if (slice.size() >= (same ? MOST_ORDERS_A_SLICE : ORDERS_A_SLICE)) {
          slices.add(List.copyOf(slice));
          slice.clear();
        }
        slice.add(document.id());
        last = document.member();
      }
      if (!slice.isEmpty()) {
        slices.add(List.copyOf(slice));
      }
      return slices;
    }

    private interface Slice {
      Moved in(Tx tx);
    }

    private boolean slice(String what, Slice slice) {
      Moved moved = database.own(what, slice::in);
      claim = moved.claim();
      return !moved.nothing();
    }

    private boolean covered(String category, String code) {
      return looks.stream().anyMatch(look -> look.covers(category, code));
    }

    private Moved orders(Tx tx, List<Long> ids) {
      List<OrderHead> heads = PlacedLines.lockOrders(tx, tenant, ids);
      Map<Long, List<LineRow>> lines = orders.lines(tx, tenant, ids);
      Map<Long, List<ReturnRow>> back = new HashMap<>();
      returns
          .linesOfOrders(tx, tenant, ids)
          .forEach(
              line -> {
                if (line.orderId() != null) {
                  back.computeIfAbsent(line.orderId(), id -> new ArrayList<>()).add(line);
                }
              });
      Placing placing = placing(tx, lines, back);
      Predicate<LineRow> line = row -> covered(row.category(), row.categoryCode());
      Rollup.Changes sums = new Rollup.Changes(tenant.zone());
      Map<Long, List<LineRow>> changed = new LinkedHashMap<>();
      List<ReturnRow> before = new ArrayList<>();
      List<ReturnRow> after = new ArrayList<>();
      long moved = 0;
      long ofLines = 0;
      BigInteger fen = BigInteger.ZERO;
      for (OrderHead head : heads) {
        List<LineRow> was = lines.getOrDefault(head.id(), List.of());
        List<LineRow> now =
            was.stream().map(row -> line.test(row) ? row.placed(placing) : row).toList();
        List<ReturnRow> backWas = back.getOrDefault(head.id(), List.of());
        List<ReturnRow> backNow = backWas.stream().map(row -> placed(row, placing)).toList();
        if (was.equals(now) && backWas.equals(backNow)) {
          continue;
        }
        Dossier stood = new Dossier(head, was, List.of(), List.of(), backWas, List.of());
        Dossier stands = new Dossier(head, now, List.of(), List.of(), backNow, List.of());
        sums.subtract(stood);
        sums.add(stands);
        sums.differ(stood, stands);
        List<LineRow> news = now.stream().filter(row -> !was.contains(row)).toList();
        changed.put(head.id(), news);
        before.addAll(backWas);
        after.addAll(backNow);
        moved += news.size();
        ofLines += news.isEmpty() ? 0 : 1;
        for (LineRow row : news) {
          fen = fen.add(BigInteger.valueOf(row.countedFen()));
        }
      }
      orders.place(tx, tenant, changed, now());
      if (!changed.isEmpty()) {
        desk.changed(tx, tenant, changed.keySet());
      }
      returns.replace(tx, tenant, before, after);
      return counted(tx, sums, moved, ofLines, before, after, fen);
    }

    private Placing placing(
        Tx tx, Map<Long, List<LineRow>> lines, Map<Long, List<ReturnRow>> back) {
      Set<Goods> goods = new HashSet<>();
      lines.values().forEach(some -> some.forEach(line -> goods.add(line.goods())));
      back.values().forEach(some -> some.forEach(line -> goods.add(line.goods())));
      return placed.catalog().placing(tx, tenant, goods);
    }

    private ReturnRow placed(ReturnRow row, Placing placing) {
      return covered(row.category(), row.categoryCode()) ? row.placed(placing) : row;
    }

    /** Notes that name no order; one that has come to name one follows with it. */
    private Moved notes(Tx tx, List<Long> ids) {
      MemberMover.lock(tx, tenant, "return_note", ids);
      List<ReturnRow> before =
          returns.linesOfNotes(tx, tenant, ids).stream()
              .filter(line -> line.orderId() == null)
              .toList();
      Placing placing =
          placed.catalog().placing(tx, tenant, before.stream().map(ReturnRow::goods).toList());
      List<ReturnRow> after = before.stream().map(row -> placed(row, placing)).toList();
      Rollup.Changes sums = new Rollup.Changes(tenant.zone());
      before.forEach(sums::subtract);
      after.forEach(sums::add);
      returns.replace(tx, tenant, before, after);
      return counted(tx, sums, 0, 0, before, after, BigInteger.ZERO);
    }

    private Moved counted(
        Tx tx,
        Rollup.Changes sums,
        long lines,
        long ofLines,
        List<ReturnRow> before,
        List<ReturnRow> after,
        BigInteger counts) {
      rollup.applyTogether(tx, tenant, sums);
      long back = 0;
      BigInteger fen = counts;
      for (int i = 0; i < before.size(); i++) {
        ReturnRow row = after.get(i);
        if (!row.equals(before.get(i))) {
          back++;
          if (row.nettedLine() == null) {
            fen = fen.subtract(BigInteger.valueOf(row.netFen()));
          }
        }
      }
      Claim kept =
          lines == 0 && back == 0
              ? claim
              : changes.moved(tx, tenant, claim, lines, ofLines, back, new BigDecimal(fen));
      return new Moved(lines, ofLines, back, fen, kept);
    }

    private Instant now() {
      return business.instant();
    }
  }

  // ---- by itself

  /** Starts the thread. */
  void start() {
    worker.start();
  }

  /** Ends the thread after the slice that it is at. */
  @Override
  public void close() {
    worker.close(LONGEST_JOIN);
  }
}

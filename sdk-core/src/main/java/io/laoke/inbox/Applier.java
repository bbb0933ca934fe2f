package io.laoke.inbox;

import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import io.laoke.error.StoreException;
import io.laoke.inbox.FactTable.Decided;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Alarm;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies one dealer's rows, a batch at a time.
 *
 * <p>The rule of order: a row is attempted only after all rows of its number that were open and
 * visible when the batch was read, and have a lower id, were attempted; it goes on only if they are
 * done, bad, or wait for an order. Each row is taken by compare-and-set in the transaction that
 * applies it, so a second engine that has read the same rows passes over the numbers that are being
 * applied.
 *
 * <p>Rows are attempted together, many in one transaction, as long as nothing is to be said of
 * them. One that is refused, or of whose number something waits, is attempted alone, after those
 * before it and before those behind it; and all are where they cannot be attempted together. So
 * whatever is decided about a row is what is decided where each is attempted alone.
 */
final class Applier {
  private static final Logger LOG = LoggerFactory.getLogger(Applier.class);
  private static final int ROWS = 200;
  private static final int ROWS_OF_ONE = 500;
  private static final long CHARACTERS = 8_000_000;
  private static final long CHARACTERS_TOGETHER = 500_000;

  /** A lock of others is waited for so long; once one was, the next only so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration HURRY = Duration.ofMillis(200);

  /**
   * After so many waits in vain other dealers have their turn first; of unbounded ones after one.
   */
  private static final int MOST_LOCKED_OUT = 10;

  /** So many rows are locked by one statement when decisions are written. */
  private static final int LOCKED_AT_ONCE = 500;

  private static final int MOST_FAILURES = 6;
  private static final long FIRST_PAUSE = 1_000;
  private static final long LONGEST_PAUSE = 60_000;
  private static final long LONGEST_WAIT = 300_000;

  private final Database database;
  private final Database patient;
  private final Database hurried;
  private final FactReader reader;
  private final InboxSettings settings;
  private final Clock business;
  private final Parts parts;
  private final Turns turns;
  private final Consumer<Alarm> alarms;

  /** Dealers whose last batch ran into a wait that nothing bounds: row by row, one shows itself. */
  private final Set<Integer> singly = ConcurrentHashMap.newKeySet();

  /** What applies facts. */
  interface Parts {
    /** The public API of a dealer in the transactions of that view of the database. */
    Fact.Doors doors(Database view, Tenant tenant);

    /** The same rules for many facts at once. */
    Together.Source many(Database view, Tenant tenant);

    /** Which of these orders others have locked. */
    Set<String> lockedByOthers(Tx tx, Tenant tenant, Collection<String> orderNos);

    /** Whoever was erased, and must not stay in a row. */
    ErasedPeople erased();
  }

  Applier(
      Database database,
      FactReader reader,
      InboxSettings settings,
      Clock business,
      Parts parts,
      Turns turns,
      Consumer<Alarm> alarms) {
    this.database = database;
    this.patient = database.waiting(PATIENCE);
    this.hurried = database.waiting(HURRY);
    this.reader = reader;
    this.settings = settings;
    this.business = business;
    this.parts = parts;
    this.turns = turns;
    this.alarms = alarms;
  }

  /**
   * What a batch did.
   *
   * @param done rows that were applied
   * @param decided rows about which something else was decided
   * @param ended whether it ended before all its rows had been looked at
   * @param held whether that was since others hold locks
   */
  record Report(int done, int decided, boolean ended, boolean held) {
    static final Report NOTHING = new Report(0, 0, false, false);

    Report with(Report next) {
      return new Report(done + next.done, decided + next.decided, next.ended, next.held);
    }

    boolean worked() {
      return done + decided > 0;
    }
  }

  /** The rows of a batch, and when it was read by the database's clock. */
  private record Read(long now, List<FactRow> rows, Set<String> bad, Set<Long> behind) {}

  /** Applies the next rows; the caller has the turn. */
  Report batch(Tenant tenant) {
    Optional<Read> read =
        database.own("look for facts to apply", tx -> read(tx, tenant, tx.machineMillis()));
    if (read.isEmpty()) {
      return Report.NOTHING;
    }
    return new Batch(tenant, read.get()).run();
  }

  private Optional<Read> read(Tx tx, Tenant tenant, long now) {
    if (!turns.keep(tx, tenant.id(), now)) {
      return Optional.empty();
    }
    String dealer = tenant.code();
    List<FactRow> fresh = FactTable.fresh(tx, dealer, ROWS);
    List<FactRow> due = FactTable.due(tx, dealer, now, ROWS);
    Map<Long, FactRow> rows = new HashMap<>();
    fresh.forEach(row -> rows.put(row.id(), row));
    due.forEach(row -> rows.put(row.id(), row));
    Set<String> refs = new TreeSet<>();
    rows.values().stream().map(FactRow::ref).filter(Objects::nonNull).forEach(refs::add);
    Set<String> waiting = new HashSet<>(FactTable.among(tx, dealer, "WAITING", refs));
    Set<Long> behind = new HashSet<>();
    for (String ref : waiting) {
      List<FactRow> open = FactTable.open(tx, dealer, ref, ROWS_OF_ONE);
      open.forEach(row -> rows.put(row.id(), row));
      if (open.size() == ROWS_OF_ONE) {
        long last = open.get(ROWS_OF_ONE - 1).id();
        rows.values().stream()
            .filter(row -> ref.equals(row.ref()) && row.id() > last)
            .filter(
                row -> !Fact.Kind.ORDER.name().equals(row.kind())) // it may be what they wait for
            .forEach(row -> behind.add(row.id()));
      }
    }
    List<FactRow> all = new ArrayList<>(rows.values());
    all.sort(Comparator.comparing(FactRow::id));
    return Optional.of(new Read(now, all, FactTable.among(tx, dealer, "BAD", refs), behind));
  }

  /** What becomes of a row that is looked at. */
  private enum Look {
    /** Something was decided, or it was attempted alone. */
    OVER,
    /** It can be looked at only once those before it were attempted. */
    WAITS,
    /** It may be attempted with others. */
    TOGETHER
  }

  /**
   * What came of an attempt with many.
   *
   * @param taken of the rows that nobody else has decided about
   * @param others rows about which others decide; if there are any, nothing was taken
   */
  private record Attempt(Together.Taken taken, List<FactRow> others) {}

  /** One batch under way. */
  private final class Batch {
    private final Tenant tenant;
    private final String dealer;
    private final Read read;
    private final Deque<FactRow> queue;
    private final Map<String, OfNumber> numbers = new HashMap<>();
    private final List<Decided> decisions = new ArrayList<>();
    private final Map<Long, String> facts = new HashMap<>();
    private final Map<Long, Fact> parsed = new HashMap<>();
    private final Set<Long> alone = new HashSet<>();
    private final Set<String> locked = new HashSet<>();
    private final int together;
    private int lockedOut;
    private boolean held;
    private int done;
    private boolean broken;

    Batch(Tenant tenant, Read read) {
      this.tenant = tenant;
      this.dealer = tenant.code();
      this.read = read;
      this.together = singly.contains(tenant.id()) ? 1 : settings.together();
      // Numbers that were in others' way come last, lest they use up all waiting each time.
      Set<String> busy = new HashSet<>();
      read.rows().stream()
          .filter(FactRow::backsOff)
          .forEach(row -> busy.add(String.valueOf(row.ref())));
      List<FactRow> rows = new ArrayList<>(read.rows());
      rows.sort(Comparator.comparing(row -> busy.contains(String.valueOf(row.ref()))));
      this.queue = new ArrayDeque<>(rows);
    }

    /** The rows of one number. */
    private static final class OfNumber {
      /** Set once a row may not be overtaken: until when, or 0 if another engine decides. */
      private @Nullable Long stoppedUntil;

      private boolean orderUnknown;
      private final List<Decided> bad = new ArrayList<>();
      private final List<FactRow> forOrder = new ArrayList<>();
    }

    Report run() {
      if (!database.boundsWaits()) {
        lookForLocked();
      }
      while (!queue.isEmpty() && !ends()) {
        List<FactRow> some = gathered();
        if (some.size() == 1) {
          FactRow row = some.get(0);
          attempt(number(row), row, kind(row), Objects.requireNonNull(row.ref()));
        } else if (!some.isEmpty()) {
          attempt(some);
        }
      }
      numbers.values().forEach(this::settle);
      int written = write();
      if (lockedOut == 0) {
        singly.remove(tenant.id());
      }
      return new Report(done, written, ends(), held);
    }

    private boolean ends() {
      return broken || held;
    }

    private OfNumber number(FactRow row) {
      return numbers.computeIfAbsent(Objects.requireNonNull(row.ref()), any -> new OfNumber());
    }

    /** Takes the next rows from the queue as far as they may be attempted together. */
    private List<FactRow> gathered() {
      List<FactRow> some = new ArrayList<>();
      Set<String> refs = new HashSet<>();
      long characters = 0;
      while (!queue.isEmpty()
          && !ends()
          && some.size() < together
          && characters < CHARACTERS_TOGETHER) {
        FactRow row = queue.element();
        if (!facts.containsKey(row.id()) && !parsed.containsKey(row.id())) {
          load();
        }
        Look look = look(row, !some.isEmpty(), refs);
        if (look == Look.WAITS) {
          return some;
        }
        queue.remove();
        facts.remove(row.id());
        if (look == Look.TOGETHER) {
          some.add(row);
          refs.add(String.valueOf(row.ref()));
          characters += row.length();
        } else {
          parsed.remove(row.id());
        }
      }
      return some;
    }

    /** Reads the facts of the next rows, as many as memory has room for. */
    private void load() {
      List<Long> ids = new ArrayList<>();
      long characters = 0;
      for (FactRow row : queue) {
        if (parsed.containsKey(row.id())) {
          continue;
        }
        boolean readable = row.length() <= FactReader.LONGEST;
        characters += readable ? row.length() : 0;
        if (!ids.isEmpty() && characters > CHARACTERS) {
          break;
        }
        facts.put(row.id(), "");
        if (readable && row.length() > 0) {
          ids.add(row.id());
        }
      }
      facts.putAll(database.own("read facts to apply", tx -> FactTable.facts(tx, dealer, ids)));
    }

    private Look look(FactRow row, boolean others, Set<String> refs) {
      Fact.Kind kind;
      try {
        kind = kind(row);
      } catch (FactRefused wrong) {
        bad(new OfNumber(), row, wrong.code(), wrong.field(), wrong.words());
        return Look.OVER;
      }
      String ref = Objects.requireNonNull(row.ref());
      OfNumber number = number(row);
      boolean backOff = row.backsOff() && row.nextMs() > read.now();
      if (read.behind().contains(row.id())) {
        later(row, read.now() + LONGEST_PAUSE, "Many rows of the same number wait before it.");
        return Look.OVER;
      }
      if (number.stoppedUntil != null) {
        passedOver(row, number.stoppedUntil);
        return Look.OVER;
      }
      boolean simple =
          !backOff
              && !number.orderUnknown
              && number.forOrder.isEmpty()
              && !alone.contains(row.id())
              && !locked.contains(ref)
              && !(kind.whole() && read.bad().contains(ref));
      if (simple && parses(row, kind, ref)) {
        return Look.TOGETHER;
      }
      if (others && (!simple || refs.contains(ref))) {
        return Look.WAITS;
      }
      if (backOff) {
        number.stoppedUntil = row.nextMs();
      } else if (kind == Fact.Kind.STAGE && number.orderUnknown) {
        number.forOrder.add(row);
      } else if (locked.contains(ref) && kind.ofOrder()) {
        again(number, row, "Another transaction has locked the order for some time.");
      } else {
        attempt(number, row, kind, ref);
      }
      return Look.OVER;
    }

    private boolean parses(FactRow row, Fact.Kind kind, String ref) {
      try {
        fact(row, kind, ref);
        return true;
      } catch (RuntimeException | Error failed) {
        return false; // it is refused, or counted, where it is attempted
      }
    }

    private Fact fact(FactRow row, Fact.Kind kind, String ref) {
      Fact known = parsed.get(row.id());
      if (known == null) {
        if (row.length() > FactReader.LONGEST) {
          throw FactReader.tooLong(row.length());
        }
        known = reader.read(kind, ref, facts.get(row.id()), tenant.zone());
        parsed.put(row.id(), known);
      }
      return known;
    }

    /** Attempts rows together; those that were not taken are looked at again. */
    private void attempt(List<FactRow> some) {
      Attempt made;
      try {
        made = together(some);
      } catch (RuntimeException | Error failed) {
        LOG.debug("Rows of dealer {} are looked at again", dealer, failed);
        back(some);
        if (failed instanceof LaokeException store && Database.lockedOut(store)) {
          lockedOut();
        }
        boolean known =
            lockedOut == 1
                && some.stream().anyMatch(row -> locked.contains(String.valueOf(row.ref())));
        if (!known) {
          some.forEach(row -> alone.add(row.id()));
        }
        return;
      }
      for (FactRow row : made.others) {
        number(row).stoppedUntil = 0L;
      }
      int taken = made.taken.count();
      for (FactRow row : some.subList(0, taken)) {
        parsed.remove(row.id());
        done++;
        applied(number(row), row, kind(row), Objects.requireNonNull(row.ref()));
      }
      List<FactRow> rest = new ArrayList<>(some.subList(taken, some.size()));
      if (made.taken.refused()) {
        alone.add(rest.get(0).id());
      }
      rest.removeAll(made.others);
      back(rest);
    }

    private void back(List<FactRow> rows) {
      for (int i = rows.size() - 1; i >= 0; i--) {
        queue.addFirst(rows.get(i));
      }
    }

    private Attempt together(List<FactRow> some) {
      List<Fact> said =
          some.stream().map(row -> Objects.requireNonNull(parsed.get(row.id()))).toList();
      Instant now = business.instant().truncatedTo(ChronoUnit.MILLIS);
      int[] attempts = {0};
      return patience()
          .own(
              "apply facts of table inbox",
              tx -> {
                Set<Long> mine = FactTable.lockAll(tx, dealer, some);
                List<FactRow> others =
                    some.stream().filter(row -> !mine.contains(row.id())).toList();
                if (!others.isEmpty()) {
                  return new Attempt(new Together.Taken(0, false), others);
                }
                Together.Taken taken =
                    new Together(parts.many(database.within(tx), tenant), now)
                        .tell(tx, said, attempts[0]++ > 0);
                done(tx, some.subList(0, taken.count()));
                return new Attempt(taken, List.of());
              });
    }

    private void done(Tx tx, List<FactRow> rows) {
      if (rows.isEmpty()) {
        return;
      }
      Map<Long, String> refs = new HashMap<>();
      for (FactRow row : rows) {
        String ref = Objects.requireNonNull(row.ref());
        String kept = kept(kind(row), ref);
        if (!kept.equals(ref)) {
          refs.put(row.id(), kept);
        }
      }
      FactTable.doneAll(
          tx, dealer, rows, refs, read.now(), read.now() + settings.keepDone().toMillis());
    }

    private Database patience() {
      return lockedOut > 0 ? hurried : patient;
    }

    /** Somebody holds locks for long: what they hold is not waited for row by row. */
    private void lockedOut() {
      lockedOut++;
      if (!database.boundsWaits()) {
        singly.add(tenant.id());
        held = true;
        return;
      }
      if (lockedOut == 1) {
        lookForLocked();
      }
      held |= lockedOut >= MOST_LOCKED_OUT;
    }

    private void lookForLocked() {
      Set<String> orderNos = new HashSet<>();
      for (FactRow row : queue) {
        if (row.ref() != null && !row.ref().isBlank() && row.ref().length() <= 64) {
          orderNos.add(row.ref());
        }
      }
      try {
        locked.addAll(
            hurried.own(
                "look for locked orders", tx -> parts.lockedByOthers(tx, tenant, orderNos)));
      } catch (StoreException failed) {
        passOver(failed);
      }
    }

    /** That a lock was in the way is no fault of the call's; whatever else is, goes on up. */
    private void passOver(StoreException failed) {
      if (!Database.lockedOut(failed)) {
        throw failed;
      }
      LOG.debug("Locks of others are in the way of dealer {}", dealer, failed);
    }

    private Fact.Kind kind(FactRow row) {
      String ref = row.ref();
      if (ref == null || ref.isBlank()) {
        throw new FactRefused(
            "WRONG_ROW", "ref", "is empty; it must be the number of the order, customer or note");
      }
      if (!ref.equals(ref.strip())) {
        throw new FactRefused(
            "WRONG_ROW", "ref", "has blanks around it; insert it trimmed, as one number");
      }
      for (Fact.Kind kind : Fact.Kind.values()) {
        if (kind.name().equals(row.kind())) {
          return kind;
        }
      }
      throw new FactRefused(
          "WRONG_ROW",
          "kind",
          row.kind() == null
              ? "is empty; it must be MEMBER, ORDER, STAGE or RETURN"
              : "must be MEMBER, ORDER, STAGE or RETURN, was '%s'"
                  .formatted(Words.shown(row.kind())));
    }

    private void attempt(OfNumber number, FactRow row, Fact.Kind kind, String ref) {
      try {
        Fact fact = fact(row, kind, ref);
        if (apply(row, kind, ref, fact)) {
          done++;
          applied(number, row, kind, ref);
        } else {
          number.stoppedUntil = 0L;
        }
      } catch (FactRefused wrong) {
        bad(number, row, wrong.code(), wrong.field(), wrong.words());
      } catch (InvalidInputException refused) {
        bad(number, row, "WRONG_VALUE", refused.field(), message(refused));
      } catch (ConflictException stands) {
        bad(number, row, "CONFLICT", "", message(stands));
      } catch (NotFoundException unknown) {
        if (kind == Fact.Kind.STAGE) {
          number.forOrder.add(row);
          number.orderUnknown = !known(ref);
        } else {
          bad(number, row, "CONFLICT", "", message(unknown));
        }
      } catch (LaokeException failed) {
        boolean locks = Database.lockedOut(failed);
        broken |= failed instanceof StoreException && !locks;
        failed(number, row, failed, failed.retryable());
        if (locks) {
          lockedOut();
        }
      } catch (RuntimeException | Error failed) {
        failed(number, row, failed, false);
      } finally {
        parsed.remove(row.id());
      }
    }

    private boolean apply(FactRow row, Fact.Kind kind, String ref, Fact fact) {
      return patience()
          .own(
              "apply a fact of table inbox",
              tx -> {
                long end = read.now() + settings.keepDone().toMillis();
                if (!FactTable.done(tx, dealer, row, kept(kind, ref), read.now(), end)) {
                  return false;
                }
                fact.tell(parts.doors(database.within(tx), tenant));
                if (read.bad().contains(ref) && kind.whole()) {
                  FactTable.replace(
                      tx, dealer, ref, kept(kind, ref), kind.name(), row.id(), read.now(), end);
                  if (kind == Fact.Kind.ORDER) {
                    FactTable.revive(tx, dealer, ref, read.now());
                  }
                }
                return true;
              });
    }

    private String kept(Fact.Kind kind, String ref) {
      return InboxModule.kept(tenant, kind.name(), ref);
    }

    private boolean known(String orderNo) {
      return parts.doors(database, tenant).orders().find(orderNo).isPresent();
    }

    /** Bad rows before it say nothing more; stages that waited for this order come next. */
    private void applied(OfNumber number, FactRow row, Fact.Kind kind, String ref) {
      if (kind.whole()) {
        for (Decided before : number.bad) {
          if (kind.name().equals(before.row().kind())) {
            decisions.remove(before);
            decisions.add(
                new Decided(
                    before.row(),
                    "DROPPED",
                    kept(kind, ref),
                    read.now() + settings.keepDone().toMillis(),
                    before.tries(),
                    "REPLACED",
                    "",
                    FactTable.replacedBy(row.id())));
          }
        }
        number.bad.removeIf(before -> kind.name().equals(before.row().kind()));
      }
      if (kind == Fact.Kind.ORDER) {
        number.orderUnknown = false;
        List<FactRow> stages = List.copyOf(number.forOrder);
        number.forOrder.clear();
        Map<Long, String> again =
            stages.isEmpty()
                ? Map.of()
                : database.own(
                    "read facts to apply",
                    tx -> FactTable.facts(tx, dealer, stages.stream().map(FactRow::id).toList()));
        for (FactRow stage : stages) {
          if (number.stoppedUntil != null || ends()) {
            number.forOrder.add(stage);
          } else {
            facts.put(stage.id(), again.getOrDefault(stage.id(), ""));
            attempt(number, stage, Fact.Kind.STAGE, ref);
            facts.remove(stage.id());
          }
        }
      }
    }

    private void bad(OfNumber number, FactRow row, String code, String field, String text) {
      Decided decided = new Decided(row, "BAD", "", 0, row.tries() + 1, code, field, text);
      number.bad.add(decided);
      decisions.add(decided);
    }

    private void failed(OfNumber number, FactRow row, Throwable failed, boolean byItself) {
      String what =
          failed instanceof LaokeException ? message(failed) : failed.getClass().getName();
      int failures = row.failing() ? row.tries() + 1 : 1;
      if (byItself) {
        LOG.debug("Row {} of dealer {} is tried again later", row.id(), dealer, failed);
        again(number, row, what);
      } else if (failures < MOST_FAILURES) {
        LOG.debug("Row {} of dealer {} failed {} times", row.id(), dealer, failures, failed);
        again(number, row, failures, "FAILING", what);
      } else {
        LOG.warn("laoke.inbox.failed dealer={} row={}", dealer, row.id(), failed);
        bad(number, row, "FAILED", "", what);
      }
    }

    /** Others were in its way. That brings it no nearer to be listed as failed. */
    private void again(OfNumber number, FactRow row, String why) {
      if (row.failing()) {
        again(number, row, row.tries(), "FAILING", why);
      } else {
        again(number, row, row.tries() + 1, "BUSY", why);
      }
    }

    private void again(OfNumber number, FactRow row, int tries, String code, String why) {
      long until = read.now() + pause(tries, LONGEST_PAUSE);
      number.stoppedUntil = until;
      decisions.add(new Decided(row, "WAITING", "", until, tries, code, "", why));
    }

    private void later(FactRow row, long until, String why) {
      String code = row.failing() ? "FAILING" : "BUSY";
      decisions.add(new Decided(row, "WAITING", "", until, row.tries(), code, "", why));
    }

    /** One of its number before it may not be overtaken, so it is looked at when that is. */
    private void passedOver(FactRow row, long until) {
      boolean looksLater = row.state().equals("WAITING") && row.nextMs() > read.now();
      if (until > 0 && !looksLater) {
        later(row, until, "An earlier row of the same number is tried again first.");
      }
    }

    /** Stages whose order or line did not come. */
    private void settle(OfNumber number) {
      for (FactRow row : number.forOrder) {
        Long first = row.firstMs();
        long since = first == null ? read.now() : first;
        int tries = row.tries() + 1;
        String what =
            number.orderUnknown
                ? "The order is not known yet."
                : "The order is known, but not a line that the row names.";
        if (read.now() - since >= settings.waitForOrder().toMillis()) {
          decisions.add(new Decided(row, "BAD", "", 0, tries, "ORDER_UNKNOWN", "", what));
        } else {
          long until = read.now() + pause(tries, LONGEST_WAIT);
          decisions.add(new Decided(row, "WAITING", "", until, tries, "ORDER_UNKNOWN", "", what));
        }
      }
    }

    /** Writes the decisions; about how many rows. */
    private int write() {
      if (decisions.isEmpty()) {
        return 0;
      }
      Set<Long> rows = new HashSet<>();
      boolean news = false;
      try {
        news = write(decisions, rows);
      } catch (StoreException failed) {
        passOver(failed);
        held = true;
        if (database.boundsWaits()) {
          news = writeByState(rows);
        }
      }
      Optional<Decided> firstBad =
          decisions.stream()
              .filter(one -> one.state().equals("BAD") && rows.contains(one.row().id()))
              .findFirst();
      if (news && firstBad.isPresent()) {
        Decided bad = firstBad.get();
        alarms.accept(
            new Alarm(
                Alarm.Kind.FACTS_REFUSED,
                dealer,
                "",
                Long.toString(bad.row().id()),
                Words.reason(
                    bad.code(),
                    bad.field().isEmpty() ? bad.text() : bad.field() + ": " + bad.text())));
      }
      return rows.size();
    }

    /** Whom those name that are going to stay as they are, a few at a time in memory. */
    private Map<Long, ErasedPeople.Named> named(List<Decided> some) {
      Map<Long, ErasedPeople.Named> named = new HashMap<>();
      Map<Long, FactRow> rows = new HashMap<>();
      long characters = 0;
      for (Decided one : some) {
        FactRow row = one.row();
        if (!one.state().equals("BAD")) {
          continue;
        }
        if (row.length() > FactReader.LONGEST) {
          named.put(row.id(), parts.erased().named(row, null));
          continue;
        }
        if (!rows.isEmpty() && characters + row.length() > CHARACTERS) {
          named.putAll(named(rows));
          rows.clear();
          characters = 0;
        }
        rows.put(row.id(), row);
        characters += row.length();
      }
      named.putAll(named(rows));
      return named;
    }

    private Map<Long, ErasedPeople.Named> named(Map<Long, FactRow> rows) {
      Map<Long, ErasedPeople.Named> named = new HashMap<>();
      if (!rows.isEmpty()) {
        database
            .own("read refused facts", tx -> FactTable.facts(tx, dealer, rows.keySet()))
            .forEach(
                (id, fact) ->
                    named.put(
                        id, parts.erased().named(Objects.requireNonNull(rows.get(id)), fact)));
      }
      return named;
    }

    /** On MySQL a host may hold the room beside the rows of one state, where others come to be. */
    private boolean writeByState(Set<Long> rows) {
      boolean news = false;
      for (String state : List.of("WAITING", "DROPPED", "BAD")) {
        List<Decided> some = decisions.stream().filter(one -> one.state().equals(state)).toList();
        try {
          news |= !some.isEmpty() && write(some, rows);
        } catch (StoreException failed) {
          passOver(failed);
        }
      }
      return news;
    }

    /**
     * A row that somebody holds keeps its state: whoever holds it decides, or it comes again.
     *
     * @param rows the rows about which something was written are added
     * @return whether the first bad row of the dealer is among them
     */
    private boolean write(List<Decided> some, Set<Long> rows) {
      record Written(Set<Long> rows, Map<Long, Decided> changed, boolean news) {}
      Map<Long, ErasedPeople.Named> named = named(some);
      Written written =
          patience()
              .own(
                  "write down which facts were not applied",
                  tx -> {
                    // Before the rows: who is erased meanwhile waits, and finds them.
                    Map<Long, ErasedPeople.Found> found =
                        parts.erased().among(tx, tenant, named, true);
                    Set<Long> free = new HashSet<>();
                    for (int from = 0; from < some.size(); from += LOCKED_AT_ONCE) {
                      int to = Math.min(some.size(), from + LOCKED_AT_ONCE);
                      free.addAll(
                          FactTable.lockAll(
                              tx,
                              dealer,
                              some.subList(from, to).stream().map(Decided::row).toList()));
                    }
                    List<Decided> mine = new ArrayList<>();
                    Map<Long, Decided> changed = new HashMap<>();
                    Map<Long, String> rewritten = new HashMap<>();
                    for (Decided one : some) {
                      long id = one.row().id();
                      ErasedPeople.Found of = found.get(id);
                      if (free.contains(id) && of != null) {
                        long end = read.now() + settings.keepDone().toMillis();
                        Decided instead =
                            parts.erased().decided(tx, tenant, one, of, rewritten, end);
                        changed.put(id, instead);
                        mine.add(instead);
                      } else if (free.contains(id)) {
                        mine.add(one);
                      }
                    }
                    boolean bad = mine.stream().anyMatch(one -> one.state().equals("BAD"));
                    boolean news = bad && !FactTable.any(tx, dealer, "BAD");
                    FactTable.decide(tx, dealer, mine, read.now());
                    rewritten.forEach((id, fact) -> FactTable.reword(tx, dealer, id, fact));
                    return new Written(free, changed, news);
                  });
      decisions.replaceAll(one -> written.changed().getOrDefault(one.row().id(), one));
      rows.addAll(written.rows());
      return written.news();
    }
  }

  /** Doubles with each attempt. */
  private static long pause(int tries, long longest) {
    return Math.min(longest, FIRST_PAUSE << Math.min(tries - 1, 20));
  }

  private static String message(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof InvalidInputException refused
        && message.startsWith(refused.field() + ": ")) {
      return message.substring(refused.field().length() + 2);
    }
    return message;
  }
}

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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
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
 * applies it, so a second engine that has read the same rows waits for that transaction and then
 * passes on in the same order.
 */
final class Applier {
  private static final Logger LOG = LoggerFactory.getLogger(Applier.class);
  private static final int ROWS = 200;
  private static final int ROWS_OF_ONE = 500;
  private static final long CHARACTERS = 8_000_000;
  private static final int MOST_FAILURES = 6;
  private static final long FIRST_PAUSE = 1_000;
  private static final long LONGEST_PAUSE = 60_000;
  private static final long LONGEST_WAIT = 300_000;

  private final Database database;
  private final FactReader reader;
  private final InboxSettings settings;
  private final BiFunction<Database, Tenant, Fact.Doors> doors;
  private final Turns turns;
  private final Consumer<Alarm> alarms;

  Applier(
      Database database,
      FactReader reader,
      InboxSettings settings,
      BiFunction<Database, Tenant, Fact.Doors> doors,
      Turns turns,
      Consumer<Alarm> alarms) {
    this.database = database;
    this.reader = reader;
    this.settings = settings;
    this.doors = doors;
    this.turns = turns;
    this.alarms = alarms;
  }

  /** What a batch did: rows that were done, and rows about which something was decided. */
  record Report(int done, int decided, boolean held) {
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
      return new Report(0, 0, false);
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

  /** One batch under way. */
  private final class Batch {
    private final Tenant tenant;
    private final String dealer;
    private final Read read;
    private final Map<String, OfNumber> numbers = new HashMap<>();
    private final List<Decided> decisions = new ArrayList<>();
    private final Map<Long, String> facts = new HashMap<>();
    private int done;
    private boolean broken;

    Batch(Tenant tenant, Read read) {
      this.tenant = tenant;
      this.dealer = tenant.code();
      this.read = read;
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
      for (int i = 0; i < read.rows().size() && !broken; i++) {
        FactRow row = read.rows().get(i);
        if (!facts.containsKey(row.id())) {
          load(i);
        }
        turn(row);
        facts.remove(row.id());
      }
      numbers.values().forEach(this::settle);
      write();
      return new Report(done, decisions.size(), broken);
    }

    /** Reads the facts of the next rows, as many as memory has room for. */
    private void load(int from) {
      List<Long> ids = new ArrayList<>();
      long characters = 0;
      for (int i = from; i < read.rows().size(); i++) {
        FactRow row = read.rows().get(i);
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

    private void turn(FactRow row) {
      Fact.Kind kind;
      try {
        kind = kind(row);
      } catch (FactRefused wrong) {
        bad(new OfNumber(), row, wrong.code(), wrong.field(), wrong.words());
        return;
      }
      String ref = Objects.requireNonNull(row.ref());
      OfNumber number = numbers.computeIfAbsent(ref, any -> new OfNumber());
      boolean backOff =
          row.state().equals("WAITING") && !row.waitsForOrder() && row.nextMs() > read.now();
      if (read.behind().contains(row.id())) {
        later(row, read.now() + LONGEST_PAUSE, "Many rows of the same number wait before it.");
      } else if (number.stoppedUntil != null) {
        passedOver(row, number.stoppedUntil);
      } else if (backOff) {
        number.stoppedUntil = row.nextMs();
      } else if (kind == Fact.Kind.STAGE && number.orderUnknown) {
        number.forOrder.add(row);
      } else {
        attempt(number, row, kind, ref);
      }
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
        if (row.length() > FactReader.LONGEST) {
          throw FactReader.tooLong(row.length());
        }
        Fact fact = reader.read(kind, ref, facts.get(row.id()), tenant.zone());
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
        broken = failed instanceof StoreException;
        failed(number, row, failed, failed.retryable());
      } catch (RuntimeException | Error failed) {
        failed(number, row, failed, false);
      }
    }

    private boolean apply(FactRow row, Fact.Kind kind, String ref, Fact fact) {
      return database.own(
          "apply a fact of table inbox",
          tx -> {
            long end = read.now() + settings.keepDone().toMillis();
            if (!FactTable.done(tx, dealer, row, kept(kind, ref), read.now(), end)) {
              return false;
            }
            fact.tell(doors.apply(database.within(tx), tenant));
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
      return doors.apply(database, tenant).orders().find(orderNo).isPresent();
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
          if (number.stoppedUntil != null || broken) {
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
      int tries = row.tries() + 1;
      String what =
          failed instanceof LaokeException ? message(failed) : failed.getClass().getName();
      if (!byItself && tries >= MOST_FAILURES) {
        LOG.warn("laoke.inbox.failed dealer={} row={}", dealer, row.id(), failed);
        bad(number, row, "FAILED", "", what);
        return;
      }
      LOG.debug("Row {} of dealer {} is tried again later", row.id(), dealer, failed);
      long until = read.now() + pause(tries, LONGEST_PAUSE);
      number.stoppedUntil = until;
      decisions.add(new Decided(row, "WAITING", "", until, tries, "BUSY", "", what));
    }

    private void later(FactRow row, long until, String why) {
      decisions.add(new Decided(row, "WAITING", "", until, row.tries(), "BUSY", "", why));
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

    private void write() {
      if (decisions.isEmpty()) {
        return;
      }
      Optional<Decided> firstBad =
          decisions.stream().filter(one -> one.state().equals("BAD")).findFirst();
      boolean news =
          database.own(
              "write down which facts were not applied",
              tx -> {
                boolean before = firstBad.isEmpty() || FactTable.any(tx, dealer, "BAD");
                FactTable.decide(tx, dealer, decisions, read.now());
                return !before;
              });
      if (news) {
        Decided bad = firstBad.orElseThrow();
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

package io.laoke.imports;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.catalog.CatalogModule;
import io.laoke.error.ConflictException;
import io.laoke.error.LaokeException;
import io.laoke.error.StoreException;
import io.laoke.imports.RunTable.Run;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberModule;
import io.laoke.order.OrderModule;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@link Imports} over the tables. */
final class StoredImports implements Imports {
  /** Rows of a batch, roughly: orders of very many lines make smaller batches. */
  private static final int MOST_WEIGHT = 20_000;

  private static final int FIRST_REFUSED = 20;

  private final Database database;
  private final Tenant tenant;
  private final RunTable runs;
  private final Ids ids;
  private final CatalogModule catalog;
  private final MemberModule members;
  private final OrderModule orders;
  private final Clock clock;

  StoredImports(
      Database database,
      Tenant tenant,
      RunTable runs,
      Ids ids,
      CatalogModule catalog,
      MemberModule members,
      OrderModule orders,
      Clock clock) {
    this.database = database;
    this.tenant = tenant;
    this.runs = runs;
    this.ids = ids;
    this.catalog = catalog;
    this.members = members;
    this.orders = orders;
    this.clock = clock;
  }

  @Override
  public ImportReport run(String name, Iterator<ImportFact> facts) {
    return run(name, facts, ImportOptions.defaults());
  }

  @Override
  public ImportReport run(String name, Iterator<ImportFact> facts, ImportOptions options) {
    String key = key("name", name, 64);
    notNull("facts", facts);
    notNull("options", options);
    if (database.joined()) {
      throw new ConflictException(
          "Import '%s' was called inside a transaction of the host. An import commits each of its batches by itself; call it outside of any transaction."
              .formatted(key));
    }
    return new Running(key, options).over(facts);
  }

  @Override
  public Optional<ImportReport> report(String name) {
    String key = key("name", name, 64);
    return database.read(
        "read import '" + key + "'",
        tx ->
            runs.find(tx, tenant, key, false)
                .map(run -> run.report(runs.refusals(tx, tenant, run.id(), 0, FIRST_REFUSED))));
  }

  @Override
  public List<String> names() {
    return database.read("read the names of imports", tx -> runs.names(tx, tenant));
  }

  @Override
  public List<Refusal> refusals(String name, long after, int limit) {
    String key = key("name", name, 64);
    range("after", after, 0, Long.MAX_VALUE);
    range("limit", limit, 1, 1_000);
    return database.read(
        "read what import '" + key + "' refused",
        tx ->
            runs.find(tx, tenant, key, false)
                .map(run -> runs.refusals(tx, tenant, run.id(), after, limit))
                .orElse(List.of()));
  }

  @Override
  public boolean forget(String name) {
    String key = key("name", name, 64);
    Optional<Run> run =
        database.write(
            "forget import '" + key + "'",
            tx -> {
              Optional<Run> known = runs.find(tx, tenant, key, true);
              known.ifPresent(found -> runs.delete(tx, tenant, key));
              return known;
            });
    run.ifPresent(known -> clear(known.id()));
    return run.isPresent();
  }

  private void clear(long runId) {
    boolean more = true;
    while (more) {
      more = database.write("take refusals away", tx -> runs.clear(tx, tenant, runId));
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** One start of a run. */
  private final class Running {
    private final String what;
    private final ImportOptions options;
    private final String holder = UUID.randomUUID().toString();
    private final List<Refusal> first;
    private Run run;

    Running(String name, ImportOptions options) {
      this.what = "import '" + name + "'";
      this.options = options;
      Optional<Run> before =
          database.read("read " + what, tx -> runs.find(tx, tenant, name, false));
      Instant now = now();
      this.run =
          database.own(
              "start " + what, tx -> runs.start(tx, tenant, name, ids.next(), holder, now));
      before.map(Run::id).filter(id -> id != run.id()).ifPresent(StoredImports.this::clear);
      this.first =
          new ArrayList<>(
              database.read(
                  "read " + what, tx -> runs.refusals(tx, tenant, run.id(), 0, FIRST_REFUSED)));
    }

    ImportReport over(Iterator<ImportFact> facts) {
      long digest = passedOver(facts);
      long position = run.facts();
      List<Fact> batch = new ArrayList<>();
      int weight = 0;
      while (facts.hasNext()) {
        ImportFact given = notNull("facts[" + position + "]", facts.next());
        digest = Digest.with(digest, given);
        Fact fact = Fact.of(++position, given);
        batch.add(fact);
        weight += fact.weight();
        if (batch.size() >= options.batch() || weight >= MOST_WEIGHT) {
          put(batch, digest);
          batch.clear();
          weight = 0;
        }
      }
      if (!batch.isEmpty()) {
        put(batch, digest);
      }
      return end();
    }

    /** Reads what a killed run has behind it, and sees that it is the same. */
    private long passedOver(Iterator<ImportFact> facts) {
      long digest = 0;
      for (long passed = 0; passed < run.facts(); passed++) {
        if (!facts.hasNext()) {
          throw otherFacts("they end after " + passed);
        }
        digest = Digest.with(digest, notNull("facts[" + passed + "]", facts.next()));
      }
      if (digest != run.digest()) {
        throw otherFacts("other keys stand among them");
      }
      return digest;
    }

    private ConflictException otherFacts(String why) {
      return new ConflictException(
          "The facts of %s are not those that it has read before: it has %d behind it, but %s. Give the same stream from its beginning, or start a run of another name: what was imported does no harm in it."
              .formatted(what, run.facts(), why));
    }

    /** A batch, or what is left of it in halves where it cannot be put as a whole. */
    private void put(List<Fact> facts, long digest) {
      try {
        attempt(facts, digest);
      } catch (Batch.NotUndone refused) {
        halves(facts, digest, (LaokeException) refused.getCause());
      } catch (StoreException failed) {
        if (!smallerMayDo(failed)) {
          throw failed;
        }
        halves(facts, digest, failed);
      } catch (ConflictException ended) {
        throw ended;
      } catch (LaokeException refused) {
        halves(facts, digest, refused);
      }
    }

    private void halves(List<Fact> facts, long digest, @Nullable LaokeException failed) {
      if (facts.size() > 1) {
        int half = facts.size() / 2;
        List<Fact> later = List.copyOf(facts.subList(half, facts.size()));
        // The first half's digest is that of the facts up to there.
        long between = run.digest();
        for (Fact fact : facts.subList(0, half)) {
          between = Digest.with(between, fact.given());
        }
        put(List.copyOf(facts.subList(0, half)), between);
        put(later, digest);
      } else if (failed instanceof StoreException store) {
        throw store;
      } else if (failed != null) {
        refuse(facts.get(0), digest, failed);
      }
    }

    private void attempt(List<Fact> facts, long digest) {
      Instant now = now();
      int[] attempts = {0};
      Run before = run;
      List<Refusal> refused = new ArrayList<>();
      Run after =
          database.own(
              what,
              tx -> {
                tx.byIndexes();
                held(tx, before);
                Batch batch =
                    new Batch(
                        database, tenant, catalog, members, orders, before.tally().copy(), now);
                batch.apply(tx, facts, attempts[0]++ > 0, facts.size() == 1);
                refused.clear();
                refused.addAll(
                    ImportData.withoutErased(tx, tenant, members.book(), batch.refused()));
                return saved(tx, before, facts.size(), digest, batch.tally(), refused, now);
              });
      done(after, refused);
    }

    /** A fact that showed only at its end that it cannot be taken. */
    private void refuse(Fact fact, long digest, LaokeException bad) {
      Instant now = now();
      Run before = run;
      Refusal refusal = Fact.refusal(fact.position(), fact.given(), fact.given().kind(), bad);
      Tally tally = before.tally().copy();
      tally.refused(refusal.kind(), refusal.field());
      List<Refusal> refused = new ArrayList<>();
      Run after =
          database.own(
              what,
              tx -> {
                held(tx, before);
                refused.clear();
                refused.addAll(
                    ImportData.withoutErased(tx, tenant, members.book(), List.of(refusal)));
                return saved(tx, before, 1, digest, tally, refused, now);
              });
      done(after, refused);
    }

    /** The run's row is locked first, so that whoever takes the run over waits for this batch. */
    private void held(Tx tx, Run expected) {
      boolean mine =
          runs.find(tx, tenant, expected.name(), true)
              .filter(now -> now.holder().equals(holder) && now.facts() == expected.facts())
              .isPresent();
      if (!mine) {
        throw new ConflictException(
            "%s was started by another thread or process, or forgotten, so this one ends. What it has imported is committed. Leave the run to the other; where there is none, start it again."
                .formatted("I" + what.substring(1)));
      }
    }

    private Run saved(
        Tx tx,
        Run before,
        int facts,
        long digest,
        Tally tally,
        List<Refusal> refused,
        Instant now) {
      Run after =
          new Run(
              before.name(),
              before.id(),
              before.state(),
              holder,
              before.facts() + facts,
              digest,
              before.refusals() + refused.size(),
              before.starts(),
              tally,
              before.startedAt(),
              now);
      runs.refused(tx, tenant, before, refused);
      runs.save(tx, tenant, after);
      return after;
    }

    private void done(Run after, List<Refusal> refused) {
      run = after;
      for (Refusal refusal : refused) {
        if (first.size() < FIRST_REFUSED) {
          first.add(refusal);
        }
        options.refusals().accept(refusal);
      }
      options.progress().accept(run.report(first));
    }

    private ImportReport end() {
      Instant now = now();
      Run before = run;
      run =
          database.own(
              "end " + what,
              tx -> {
                held(tx, before);
                Run ended =
                    new Run(
                        before.name(),
                        before.id(),
                        ImportReport.State.DONE,
                        holder,
                        before.facts(),
                        before.digest(),
                        before.refusals(),
                        before.starts(),
                        before.tally(),
                        before.startedAt(),
                        now);
                runs.save(tx, tenant, ended);
                return ended;
              });
      return run.report(first);
    }
  }

  /** Whether fewer facts at once may get through: locks of others, or a value out of range. */
  private static boolean smallerMayDo(StoreException failed) {
    if (!(failed.getCause() instanceof SQLException sql)) {
      return false;
    }
    String state = String.valueOf(sql.getSQLState());
    return state.startsWith("22") || (failed.retryable() && !state.startsWith("08"));
  }
}

package io.laoke.push;

import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Reason;
import io.laoke.push.ArticleChannel.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks WeChat about batches of which no report has come. Whoever takes the asking up has it for
 * some minutes, noted before the call: so of several engines one asks, and what is lost with a
 * process is asked again. No connection is held during a call.
 */
final class StatusPolls {
  private static final Logger LOG = LoggerFactory.getLogger(StatusPolls.class);

  /** A report usually comes within some minutes. */
  static final Duration FIRST = Duration.ofMinutes(30);

  /** The administrator has half an hour. */
  static final Duration FIRST_OF_ADMIN = Duration.ofMinutes(31);

  private static final Duration AGAIN_OF_ADMIN = Duration.ofMinutes(5);
  private static final int ASKS_OF_ADMIN = 3;
  private static final Duration RAREST = Duration.ofHours(6);
  private static final Duration LONGEST = Duration.ofDays(3);
  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final int AT_ONCE = 12;
  private static final int OF_ACCOUNT = 3;

  private final Database database;
  private final Channels channels;
  private final BatchEnds ends;
  private final AdminWatch admin;

  StatusPolls(Database database, Channels channels, BatchEnds ends, AdminWatch admin) {
    this.database = database;
    this.channels = channels;
    this.ends = ends;
    this.admin = admin;
  }

  /** Asks about some of a dealer's that are due; whether there were any. */
  boolean ask(Tenant tenant, Instant now) {
    List<BatchTable.Batch> due =
        database.own("look for batches to ask about", tx -> take(tx, tenant));
    Map<String, Duration> resting = new HashMap<>();
    for (BatchTable.Batch batch : due) {
      Duration rest = resting.get(batch.account());
      if (rest != null) {
        write(tenant, batch, Optional.empty(), rest, now);
      } else {
        answer(tenant, batch, resting, now);
      }
    }
    return !due.isEmpty();
  }

  private static List<BatchTable.Batch> take(Tx tx, Tenant tenant) {
    List<BatchTable.Batch> taken = new ArrayList<>();
    Map<String, Integer> ofAccount = new HashMap<>();
    for (BatchTable.Batch batch : BatchTable.toAsk(tx, tenant, AT_ONCE)) {
      if (ofAccount.merge(batch.account(), 1, Integer::sum) <= OF_ACCOUNT
          && BatchTable.ask(tx, tenant, batch, tx.machineMillis() + LEASE.toMillis())) {
        taken.add(batch);
      }
    }
    return taken;
  }

  private void answer(
      Tenant tenant, BatchTable.Batch batch, Map<String, Duration> resting, Instant now) {
    Optional<String> id = batch.job().providerId();
    if (id.isEmpty()) {
      write(tenant, batch, Optional.empty(), Duration.ZERO, now);
      return;
    }
    ChannelAnswer<JobState> answer;
    try {
      ArticleChannel articles = channels.of(tenant, batch.account()).articles();
      answer = Channels.await(articles.status(id.get()), articles.callLimit());
    } catch (StoreException away) {
      throw away;
    } catch (RuntimeException failed) {
      answer = new ChannelAnswer.Refused<>(Reason.of("NO_CHANNEL", String.valueOf(failed)));
    }
    Duration rest = Duration.ZERO;
    if (answer instanceof ChannelAnswer.Later<JobState> later) {
      rest = later.after();
      if (later.wholeChannel()) {
        resting.put(batch.account(), rest);
      }
    }
    if (answer.given().isEmpty()) {
      LOG.info(
          "laoke.plans.ask: WeChat did not say how batch {} of dealer '{}' stands ({}); it is asked again",
          batch.id(),
          tenant.code(),
          answer.reason().map(Reason::code).orElse(""));
    }
    write(tenant, batch, answer.given(), rest, now);
  }

  private void write(
      Tenant tenant, BatchTable.Batch batch, Optional<JobState> said, Duration rest, Instant now) {
    database.own(
        "note how a batch stands",
        tx -> {
          // A report may have come meanwhile.
          Optional<BatchTable.Batch> there = BatchTable.find(tx, tenant, batch.id());
          there.ifPresent(one -> write(tx, tenant, one, said, rest, now));
          return there.isPresent();
        });
  }

  private void write(
      Tx tx,
      Tenant tenant,
      BatchTable.Batch batch,
      Optional<JobState> said,
      Duration rest,
      Instant now) {
    JobState state = said.orElse(JobState.OTHER);
    switch (state) {
      case SUCCEEDED, DELETED -> ends.end(tx, tenant, batch, BatchEnds.End.success(now), now);
      case FAILED ->
          ends.end(tx, tenant, batch, BatchEnds.End.failure(JobReasons.FAILED, now), now);
      case SENDING, OTHER -> again(tx, tenant, batch, rest, now);
    }
  }

  private void again(Tx tx, Tenant tenant, BatchTable.Batch batch, Duration rest, Instant now) {
    boolean nameless = batch.job().providerId().isEmpty();
    int asks = batch.job().asks();
    if (batch.state() == BatchTable.State.AWAITING_ADMIN) {
      if (!nameless && asks < ASKS_OF_ADMIN) {
        next(tx, tenant, batch, longer(AGAIN_OF_ADMIN.multipliedBy(asks), rest));
        return;
      }
      admin.lock(tx, tenant, batch.planId());
      if (BatchTable.settle(
          tx,
          tenant,
          batch.id(),
          BatchTable.State.AWAITING_ADMIN,
          BatchTable.State.UNKNOWN,
          JobReasons.NO_WORD)) {
        admin.ended(tx, tenant, batch.planId(), JobReasons.NO_WORD, now);
      }
    }
    if (nameless) {
      BatchTable.askNext(tx, tenant, batch.id(), null);
    } else {
      Duration doubled = FIRST.multipliedBy(1L << Math.min(asks, 10));
      next(tx, tenant, batch, longer(doubled.compareTo(RAREST) < 0 ? doubled : RAREST, rest));
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private static void next(Tx tx, Tenant tenant, BatchTable.Batch batch, Duration wait) {
    long at = tx.machineMillis() + wait.toMillis();
    boolean over = at - batch.job().takenMs() > LONGEST.toMillis();
    if (over) {
      LOG.warn(
          "laoke.plans.ask: WeChat has not told for 3 days how batch {} of dealer '{}' ended; it is not asked again. Look in WeChat's console",
          batch.id(),
          tenant.code());
    }
    BatchTable.askNext(tx, tenant, batch.id(), over ? null : at);
  }
}

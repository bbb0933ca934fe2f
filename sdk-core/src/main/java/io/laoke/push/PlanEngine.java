package io.laoke.push;

import io.laoke.error.NotFoundException;
import io.laoke.error.StoreException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.Reach;
import io.laoke.message.AddressBook;
import io.laoke.message.Decision;
import io.laoke.message.Decisions;
import io.laoke.message.MessageChannel;
import io.laoke.message.Outbox;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes running plans further, a batch at a time. Each batch is committed with its members, its
 * payload, its message and what it takes of the ledger, all in one transaction, before WeChat hears
 * of it; from then on the outbox sends it, and only repeats the very same. Whoever is killed leaves
 * nothing behind but a draft that nobody sends.
 */
final class PlanEngine {
  private static final Logger LOG = LoggerFactory.getLogger(PlanEngine.class);
  private static final Duration REST = Duration.ofMinutes(1);
  private static final Duration PREPARED_WITHIN = Duration.ofSeconds(40);
  private static final int SWEPT_AT_ONCE = 10;

  private final Database database;
  private final Reach reach;
  private final BatchRecipients recipients;
  private final BatchMessages messages;
  private final LoneFollowers lone;
  private final Decisions decisions;
  private final Function<Tenant, Contents> contents;
  private final ContentPreparer preparer;
  private final Channels channels;
  private final Function<Tenant, PlanSettings> settings;
  private final Ids ids;
  private final Jobs jobs;

  PlanEngine(
      Database database,
      Reach reach,
      AddressBook addresses,
      Outbox outbox,
      Decisions decisions,
      Function<Tenant, Contents> contents,
      ContentPreparer preparer,
      Channels channels,
      Function<Tenant, PlanSettings> settings,
      Ids ids,
      Jobs jobs) {
    this.database = database;
    this.reach = reach;
    this.recipients = new BatchRecipients(addresses);
    this.messages = new BatchMessages(outbox);
    this.decisions = decisions;
    this.contents = contents;
    this.preparer = preparer;
    this.channels = channels;
    this.settings = settings;
    this.ids = ids;
    this.jobs = jobs;
    this.lone = new LoneFollowers(database, channels, recipients, messages, preparer);
  }

  /** Takes a dealer's plans a step further; whether something was done. */
  boolean run(Tenant tenant, Instant now) {
    boolean worked = settle(tenant, now);
    worked |= jobs.run(tenant, now);
    worked |= lone.abandon(tenant);
    worked |= lone.clean(tenant);
    List<PlanTable.Stored> running =
        database.own(
            "look for running plans", tx -> PlanTable.inState(tx, tenant, PlanState.RUNNING));
    boolean day = !settings.apply(tenant).open(now, tenant.zone()).isAfter(now);
    for (PlanTable.Stored plan : running) {
      if (day || plan.saved().plan().purpose() != Purpose.MARKETING) {
        worked |= step(tenant, plan, now);
      }
    }
    return worked;
  }

  // ---- what became of batches

  private boolean settle(Tenant tenant, Instant now) {
    List<BatchTable.Batch> ended =
        database.own("note what became of batches", tx -> settled(tx, tenant, now));
    for (BatchTable.Batch batch : ended) {
      if (batch.state() == BatchTable.State.FAILED) {
        preparer.drop(tenant, batch.account(), batch.prepared());
      } else if (PayloadJson.read(batch.payload()) instanceof MassPayload.Draft draft
          && batch.state() == BatchTable.State.SENT) {
        preparer.sent(tenant, batch.account(), batch.prepared(), draft.mediaId());
      }
    }
    return !ended.isEmpty();
  }

  /** Those of which something new is known, with their new states. */
  private List<BatchTable.Batch> settled(Tx tx, Tenant tenant, Instant now) {
    List<BatchTable.Batch> waiting =
        BatchTable.in(tx, tenant, Set.of(BatchTable.State.OPEN, BatchTable.State.UNKNOWN));
    if (waiting.isEmpty()) {
      return List.of();
    }
    Set<Long> waits = waiting.stream().map(BatchTable.Batch::id).collect(Collectors.toSet());
    Map<Long, Decision> about = new HashMap<>();
    decisions
        .about(tx, tenant, BatchTable.CAUSE, waits)
        .forEach(one -> about.put(one.causeId(), one));
    Map<Long, String> taken = decisions.providerIds(tx, tenant, BatchTable.CAUSE, waits);
    List<BatchTable.Batch> ended = new ArrayList<>();
    for (BatchTable.Batch batch : waiting) {
      Decision decision = about.get(batch.id());
      if (decision != null && batch.job().takenMs() == 0) { // of what was taken WeChat tells more
        Optional<String> providerId = Optional.ofNullable(taken.get(batch.id()));
        settle(tx, tenant, batch, decision)
            .map(state -> jobs.settled(tx, tenant, batch, state, providerId, now))
            .ifPresent(ended::add);
      }
    }
    return ended;
  }

  private static Optional<BatchTable.State> settle(
      Tx tx, Tenant tenant, BatchTable.Batch batch, Decision decision) {
    String reason = decision.reason().map(Reason::code).orElse("");
    BatchTable.State state =
        switch (decision.result()) {
          case QUEUED, DEFERRED -> BatchTable.State.OPEN;
          case SENT, FITTED, REPLIED ->
              ArticleChannel.AWAITING_ADMINISTRATOR.contains(reason)
                  ? BatchTable.State.AWAITING_ADMIN
                  : BatchTable.State.SENT;
          // What a person has dropped may have left before.
          case UNKNOWN, PARKED, DROPPED -> BatchTable.State.UNKNOWN;
          case STOPPED, EXPIRED, REFUSED -> BatchTable.State.FAILED;
        };
    // Nor does a refusal of a later try say that the first did not leave.
    boolean perhaps = state == BatchTable.State.FAILED && batch.state() == BatchTable.State.UNKNOWN;
    if (state == batch.state() || perhaps) {
      return Optional.empty();
    }
    if (!BatchTable.settle(tx, tenant, batch.id(), batch.state(), state, reason)) {
      return Optional.empty();
    }
    if (state == BatchTable.State.FAILED) {
      BatchEnds.returned(tx, tenant, batch);
    }
    return Optional.of(state);
  }

  static <T> List<List<T>> parts(List<T> all) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += Allocation.AT_ONCE) {
      parts.add(all.subList(from, Math.min(all.size(), from + Allocation.AT_ONCE)));
    }
    return parts;
  }

  // ---- the next batch

  /**
   * The next members of a rule.
   *
   * @param done whether the plan has none left
   * @param open whether a batch is under way
   * @param lone a batch of one that waits for its tag
   */
  private record Next(
      int rule, List<Long> members, boolean done, boolean open, Optional<BatchTable.Batch> lone) {}

  /**
   * What came of a step.
   *
   * @param rest for how long the plan is left alone
   */
  private record Step(boolean worked, Duration rest) {
    static final Step DONE = new Step(true, Duration.ZERO);
    static final Step NOTHING = new Step(false, Duration.ZERO);

    static Step later(Duration rest) {
      return new Step(false, rest);
    }
  }

  private boolean step(Tenant tenant, PlanTable.Stored plan, Instant now) {
    String key = plan.saved().plan().key();
    Optional<PlanTurn> turn =
        database.own(
            "take a plan's turn",
            tx -> {
              PlanTable.locked(tx, tenant, key);
              return PlanTurn.take(tx, tenant, key);
            });
    if (turn.isEmpty()) {
      return false; // another node is at it, or it rests
    }
    Step step = Step.NOTHING;
    try {
      step = stepped(tenant, plan, turn.get(), now);
    } catch (StoreException away) {
      throw away; // nothing else would fare better
    } catch (RuntimeException failed) {
      // Other plans go on.
      LOG.warn("laoke.plans.step of plan '{}' of dealer '{}' failed", key, tenant.code(), failed);
      step = Step.later(REST);
    } finally {
      Duration rest = step.rest;
      database.own(
          "leave a plan's turn",
          tx -> {
            turn.get().leave(tx, rest);
            return rest;
          });
    }
    return step.worked;
  }

  private Step stepped(Tenant tenant, PlanTable.Stored stored, PlanTurn turn, Instant now) {
    Plan plan = stored.saved().plan();
    Next next = database.own("look for the next batch", tx -> next(tx, tenant, stored));
    if (next.done && next.lone.isPresent()) {
      return lone.take(tenant, stored, turn, next.lone.get(), now)
          .map(Step::later)
          .orElse(Step.DONE);
    }
    if (next.done) {
      return !next.open && end(tenant, stored, turn, now) ? Step.DONE : Step.NOTHING;
    }
    Plan.Rule rule = plan.all().get(next.rule);
    // The same for the same members, so that what was prepared before a break is found again.
    String prepared = "%d-%d-%d".formatted(stored.id(), next.rule, next.members.get(0));
    ChannelAnswer<MassPayload> payload = payload(tenant, stored.saved(), rule, prepared);
    if (payload.given().isEmpty()) {
      LOG.warn(
          "laoke.plans.content: plan '{}' of dealer '{}' waits: content '{}' could not be prepared: {}",
          plan.key(),
          tenant.code(),
          rule.content(),
          payload.reason().map(Reason::code).orElse(""));
      return Step.later(
          payload instanceof ChannelAnswer.Later<MassPayload> later ? later.after() : REST);
    }
    Optional<BatchTable.Batch> batch =
        database.own(
            "commit a batch",
            tx -> commit(tx, tenant, stored, turn, next, prepared, payload.given().get(), now));
    if (batch.isEmpty()) {
      return Step.later(REST);
    }
    if (batch.get().recipients() == 0) {
      preparer.drop(tenant, plan.account(), prepared);
    }
    return Step.DONE;
  }

  /** What a batch sends, made for it alone. */
  private ChannelAnswer<MassPayload> payload(
      Tenant tenant, SavedPlan plan, Plan.Rule rule, String prepared) {
    int version = plan.contents().getOrDefault(rule.content(), 0);
    Content content =
        contents
            .apply(tenant)
            .find(rule.content(), version)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "Version %d of content '%s', which plan '%s' sends, is not there. Cancel the plan, and make another."
                            .formatted(version, rule.content(), plan.plan().key())))
            .content();
    return preparer.prepare(
        tenant,
        channels.of(tenant, plan.plan().account()),
        ContentPreparer.Batch.of(prepared, content),
        PREPARED_WITHIN);
  }

  private Next next(Tx tx, Tenant tenant, PlanTable.Stored stored) {
    List<BatchTable.Batch> batches = BatchTable.of(tx, tenant, stored.id());
    boolean open = batches.stream().anyMatch(one -> one.state() == BatchTable.State.OPEN);
    int most = settings.apply(tenant).batch();
    for (int rule = 0; rule < stored.saved().plan().all().size(); rule++) {
      int place = rule;
      long after =
          batches.stream()
              .filter(one -> one.rule() == place)
              .mapToLong(BatchTable.Batch::lastMember)
              .max()
              .orElse(0);
      List<Long> members = BatchTable.next(tx, tenant, stored.id(), rule, after, most + 2);
      if (!members.isEmpty()) {
        // Never a single one for the last batch: 9,999 and 2.
        int many = members.size() == most + 1 ? most - 1 : Math.min(members.size(), most);
        return new Next(rule, members.subList(0, many), false, open, Optional.empty());
      }
    }
    return new Next(
        0,
        List.of(),
        true,
        open,
        batches.stream().filter(one -> one.state() == BatchTable.State.TAGGING).findFirst());
  }

  private boolean end(Tenant tenant, PlanTable.Stored stored, PlanTurn turn, Instant now) {
    SavedPlan done = stored.saved().in(PlanState.DONE, now, "laoke");
    boolean ended =
        database.own(
            "end a plan",
            tx -> {
              boolean ours = turn.hold(tx, PlanState.RUNNING);
              if (ours) {
                PlanTable.step(tx, tenant, ids, stored.id(), done, PlanEvent.Action.DONE, "");
              }
              return ours;
            });
    if (ended) {
      preparer.sweep(tenant, channels.of(tenant, done.plan().account()), SWEPT_AT_ONCE);
    }
    return ended;
  }

  /** The batch; empty if it cannot be made now. */
  private Optional<BatchTable.Batch> commit(
      Tx tx,
      Tenant tenant,
      PlanTable.Stored stored,
      PlanTurn turn,
      Next next,
      String prepared,
      MassPayload payload,
      Instant now) {
    Plan plan = stored.saved().plan();
    if (!turn.hold(tx, PlanState.RUNNING)) {
      return Optional.empty();
    }
    YearMonth month = BatchMessages.month(tx);
    Optional<Duration> left = BatchMessages.left(tx, month);
    if (left.isEmpty()) {
      return Optional.empty(); // it begins in the next month
    }
    Map<Long, String> stopped = new TreeMap<>();
    Map<Long, String> chosen = asked(tx, tenant, plan, next.members, stopped, now);
    Set<String> taken = taken(tx, tenant, plan, month, new TreeSet<>(chosen.values()));
    chosen.forEach(
        (member, openid) -> {
          if (!taken.contains(openid)) {
            stopped.put(member, PlanReasons.QUOTA.code());
          }
        });
    Set<String> capped = capped(tx, tenant, plan, taken, now);
    chosen.forEach(
        (member, openid) -> {
          if (capped.contains(openid)) {
            stopped.put(member, PlanReasons.CAPPED.code());
          }
        });
    QuotaTable.giveBack(tx, tenant, plan.account(), month, capped);
    taken.removeAll(capped);
    chosen.values().retainAll(taken);
    BatchTable.stop(tx, tenant, stored.id(), stopped);
    boolean any = !chosen.isEmpty();
    BatchTable.Batch batch =
        new BatchTable.Batch(
            ids.next(),
            stored.id(),
            next.rule,
            plan.account(),
            month,
            prepared,
            PayloadJson.write(payload),
            chosen.size(),
            next.members.get(next.members.size() - 1),
            any
                ? chosen.size() == 1 ? BatchTable.State.TAGGING : BatchTable.State.OPEN
                : BatchTable.State.FAILED,
            any ? "" : "NOBODY",
            0,
            BatchTable.Job.NONE,
            OptionalLong.empty());
    BatchTable.insert(tx, tenant, batch, plan.purpose(), now);
    if (any) {
      BatchTable.join(tx, tenant, stored.id(), batch.id(), chosen);
    }
    if (batch.state() == BatchTable.State.OPEN) {
      messages.enqueue(tx, tenant, plan, batch.id(), now, left.get());
    }
    return Optional.of(batch);
  }

  /** Who may be told now, by which openid; of two members of one openid the first. */
  private Map<Long, String> asked(
      Tx tx, Tenant tenant, Plan plan, List<Long> members, Map<Long, String> stopped, Instant now) {
    Map<Long, String> chosen = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    for (List<Long> some : parts(members)) {
      Map<Long, Reach.Of> reached = reach.of(tx, tenant, some, plan.account(), plan.purpose(), now);
      for (long member : some) {
        Reach.Of of = reached.get(member);
        Reason stop = of == null ? PlanReasons.GONE : of.stop();
        if (stop != null) {
          stopped.put(member, stop.code());
        } else if (of != null && seen.add(of.openidHash())) {
          chosen.put(member, of.openidHash());
        }
      }
    }
    return chosen;
  }

  private Set<String> taken(
      Tx tx, Tenant tenant, Plan plan, YearMonth month, SortedSet<String> openids) {
    int console = QuotaTable.console(tx, tenant, plan.account(), month).size();
    int most = settings.apply(tenant).open(plan.priority());
    Set<String> taken = new HashSet<>();
    for (List<String> some : parts(List.copyOf(openids))) {
      taken.addAll(QuotaTable.take(tx, tenant, plan.account(), month, some, console, most));
    }
    return taken;
  }

  /**
   * Of those whose rows of the ledger this transaction has locked, so that no other adds to them.
   */
  private Set<String> capped(
      Tx tx, Tenant tenant, Plan plan, Collection<String> openids, Instant now) {
    List<FrequencyCap> caps = settings.apply(tenant).caps();
    Set<String> capped = new TreeSet<>();
    for (List<String> some : parts(List.copyOf(openids))) {
      capped.addAll(Caps.reached(tx, tenant, caps, plan, some, now));
    }
    return capped;
  }

  // ---- sending

  /** The channel of an account for batches, each read with its list. */
  Optional<MessageChannel> channel(
      Tx tx, Tenant tenant, Optional<ArticleChannel> articles, Set<String> names) {
    return articles.map(
        channel -> {
          Map<String, MassChannel.Ready> ready = new HashMap<>();
          for (String name : names) {
            BatchTable.find(tx, tenant, BatchTable.id(name))
                .filter(BatchTable.Batch::mayLeave)
                .ifPresent(
                    batch ->
                        ready.put(
                            name,
                            new MassChannel.Ready(
                                recipients.of(tx, tenant, batch),
                                PayloadJson.read(batch.payload()),
                                batch.tagId())));
          }
          return new MassChannel(channel, ready);
        });
  }
}

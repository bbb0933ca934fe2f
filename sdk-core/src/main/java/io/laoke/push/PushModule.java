package io.laoke.push;

import io.laoke.base.Internal;
import io.laoke.error.NotFoundException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;
import io.laoke.internal.work.Worker;
import io.laoke.member.MemberModule;
import io.laoke.message.Accounts;
import io.laoke.message.ChannelKind;
import io.laoke.message.ChannelPreparer;
import io.laoke.message.Decisions;
import io.laoke.message.GateRule;
import io.laoke.message.InboundHandler;
import io.laoke.message.Outbox;
import io.laoke.message.Tenants;
import io.laoke.segment.SegmentModule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only door of contents and plans for the composition root. */
@Internal
public final class PushModule implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PushModule.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LONGEST_JOIN = Duration.ofMinutes(1);

  private final Database database;
  private final SegmentModule segments;
  private final MemberModule members;
  private final Ids ids;
  private final Clock clock;
  private final Function<Tenant, PlanSettings> settings;
  private final Tenants tenants;
  private final PlanEngine engine;
  private final Starts starts;
  private final ContentParts contents;
  private final Jobs jobs;
  private final Worker worker =
      new Worker(
          "laoke-plans",
          new Worker.Work() {
            @Override
            public boolean round() {
              return run(clock.instant(), Long.MAX_VALUE / 4);
            }

            @Override
            public Duration rest(int failures) {
              return POLL.multipliedBy(Math.max(1, Math.min(failures, 30)));
            }

            @Override
            public void failed(int failures, Throwable failure) {
              LOG.warn(
                  "laoke.plans failed; nothing is sent twice, the next try is in {} s",
                  rest(failures).toSeconds(),
                  failure);
            }
          });

  /**
   * The contents and plans of all dealers of an engine.
   *
   * @param clock business time
   * @param settings a dealer's settings now
   */
  public PushModule(
      Database database,
      Tenants tenants,
      SegmentModule segments,
      MemberModule members,
      Accounts accounts,
      Outbox outbox,
      Decisions decisions,
      Ids ids,
      Clock clock,
      Function<Tenant, PlanSettings> settings) {
    this.tenants = tenants;
    this.contents = new ContentParts(accounts, ids, clock);
    contents.usedBy(PlanTable::using);
    this.jobs = new Jobs(database, ids, contents.channels());
    this.engine =
        new PlanEngine(
            database,
            members.reach(),
            members.addressBook(),
            outbox,
            decisions,
            tenant -> contents.contents(database, tenant),
            contents.preparer(database),
            contents.channels(),
            settings,
            ids,
            jobs);
    this.database = database;
    this.segments = segments;
    this.members = members;
    this.ids = ids;
    this.clock = clock;
    this.settings = settings;
    this.starts = new Starts(database, this::allocation, ids);
  }

  private Allocation allocation(Tenant tenant) {
    return new Allocation(
        database,
        tenant,
        segments.memberships(database, tenant),
        members.reach(),
        settings.apply(tenant));
  }

  /** A dealer's contents, in the transactions of that view of the database. */
  public Contents contents(Database view, Tenant tenant) {
    return contents.contents(view, tenant);
  }

  /** A dealer's plans, in the transactions of that view of the database. */
  public Plans plans(Database view, Tenant tenant) {
    return new StoredPlans(
        view,
        tenant,
        segments.memberships(view, tenant),
        contents.contents(view, tenant),
        () -> allocation(tenant),
        () -> settings.apply(tenant),
        ids,
        clock);
  }

  /** What a dealer's followers may still get, on that view of the database. */
  public PushQuota quota(Database view, Tenant tenant) {
    return new StoredQuota(view, tenant, members.book(), members.members(view, tenant), ids, clock);
  }

  /** To be registered with the gate. */
  public GateRule gateRule() {
    return new PlanHours(settings);
  }

  /** To be registered with the engine: keeps job reports. */
  public InboundHandler inboundHandler() {
    return jobs.inboundHandler();
  }

  /** To be registered with the engine: hands batches their lists; any other channel is as it is. */
  public ChannelPreparer preparer(ChannelPreparer others) {
    return (tx, tenant, kind, account, templates) ->
        kind == ChannelKind.WECHAT_MASS
            ? engine.channel(tx, tenant, account.capability(ArticleChannel.class), templates)
            : others.prepared(tx, tenant, kind, account, templates);
  }

  /**
   * Takes plans further until nothing is to be done now or the time is over.
   *
   * @return whether something was done
   */
  public boolean run(Instant now, long nanos) {
    long deadline = System.nanoTime() + nanos;
    boolean worked = false;
    boolean more = true;
    RuntimeException failure = null;
    Set<Integer> idle = new HashSet<>();
    while (more && System.nanoTime() - deadline < 0 && !worker.ended()) {
      more = false;
      for (int dealer : database.own("look for plans at work", BatchTable::dealersAtWork)) {
        if (idle.contains(dealer)) {
          continue;
        }
        boolean did = false;
        try {
          Tenant tenant = tenants.byId(dealer);
          did = starts.run(tenant, now);
          did |= engine.run(tenant, now);
        } catch (NotFoundException unknown) {
          LOG.debug("laoke.plans.dealer {} is not known here", dealer);
        } catch (RuntimeException failed) {
          failure = failed; // others go on all the same
        }
        worked |= did;
        more |= did;
        if (!did) {
          idle.add(dealer);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return worked;
  }

  /** On a thread of its own from now on. */
  public void start() {
    worker.start();
  }

  /** Ends it after the step that it is at. */
  @Override
  public void close() {
    worker.close(LONGEST_JOIN);
  }

  /** What the tables of contents and plans keep of people. */
  public PersonalData personalData() {
    return new PushData();
  }
}

package io.laoke.push;

import io.laoke.base.Internal;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberModule;
import io.laoke.segment.SegmentModule;
import java.time.Clock;
import java.util.function.Function;

/** The plans' only door for the composition root. */
@Internal
public final class PlanModule {
  private final Database database;
  private final SegmentModule segments;
  private final MemberModule members;
  private final Ids ids;
  private final Clock clock;
  private final Function<Tenant, PlanSettings> settings;

  /**
   * The plans of all dealers of an engine.
   *
   * @param clock business time
   * @param settings a dealer's settings now
   */
  public PlanModule(
      Database database,
      SegmentModule segments,
      MemberModule members,
      Ids ids,
      Clock clock,
      Function<Tenant, PlanSettings> settings) {
    this.database = database;
    this.segments = segments;
    this.members = members;
    this.ids = ids;
    this.clock = clock;
    this.settings = settings;
  }

  /** A dealer's plans, in the transactions of that view of the database. */
  public Plans plans(Database view, Tenant tenant) {
    return new StoredPlans(
        view,
        tenant,
        segments.segments(view, tenant),
        () ->
            new Allocation(
                database,
                tenant,
                segments.memberships(database, tenant),
                members.reach(),
                settings.apply(tenant)),
        () -> settings.apply(tenant),
        ids,
        clock);
  }

  /** What a dealer's followers may still get, on that view of the database. */
  public PushQuota quota(Database view, Tenant tenant) {
    return new StoredQuota(view, tenant, members.book(), members.members(view, tenant), ids, clock);
  }

  /** What the tables of plans keep of people. */
  public PersonalData personalData() {
    return new PlanData();
  }
}

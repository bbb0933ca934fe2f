package io.laoke.segment;

import io.laoke.base.Internal;
import io.laoke.catalog.CatalogModule;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.FieldBook;
import java.time.Clock;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/** The segments' only door for the composition root. */
@Internal
public final class SegmentModule {
  private final CatalogModule catalog;
  private final FieldBook fields;
  private final Ids ids;
  private final Clock clock;
  private final LiveIndex live;

  /**
   * The segments of all dealers of an engine.
   *
   * @param clock business time
   * @param live what counts from memory
   */
  public SegmentModule(
      CatalogModule catalog, FieldBook fields, Ids ids, Clock clock, LiveIndex live) {
    this.live = live;
    this.fields = fields;
    this.catalog = catalog;
    this.ids = ids;
    this.clock = clock;
  }

  /** Names under which no attribute may be declared. */
  public static Set<String> builtInFields() {
    return BuiltIn.memberFields().keySet();
  }

  /** What the segments' own tables keep of people. */
  public PersonalData personalData() {
    return new SegmentData();
  }

  /**
   * Removes rows of table {@code member_change} that every node has taken long ago.
   *
   * @return how many; fewer than {@code most} when none is left
   */
  public static int forgetChanges(Tx tx, Tenant tenant, int most) {
    return ChangeFeed.forget(tx, tenant, most);
  }

  /** The bucket of a salt, 0 to 9,999, that each member is in by its random number. */
  public static IntUnaryOperator buckets(String salt) {
    return Buckets.of(salt);
  }

  /** The segments of a dealer, on a view of the database. */
  public Segments segments(Database view, Tenant tenant) {
    return new StoredSegments(view, tenant, catalog, fields, ids, clock, live);
  }

  /** Which of a dealer's members are in which segments. */
  public Memberships memberships(Database view, Tenant tenant) {
    return new StoredSegments(view, tenant, catalog, fields, ids, clock, live);
  }
}

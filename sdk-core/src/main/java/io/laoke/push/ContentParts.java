package io.laoke.push;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Accounts;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What contents are made, kept and sent with. */
final class ContentParts {
  private final Channels channels;
  private final Ids ids;
  private final Clock clock;
  private final List<ContentUses> uses = new CopyOnWriteArrayList<>();

  /**
   * The contents of all dealers of an engine.
   *
   * @param clock business time
   */
  ContentParts(Accounts accounts, Ids ids, Clock clock) {
    this.channels = new Channels(accounts);
    this.ids = ids;
    this.clock = clock;
  }

  /** What uses contents is asked before one is removed. */
  void usedBy(ContentUses users) {
    uses.add(users);
  }

  /** The accounts that send to many. */
  Channels channels() {
    return channels;
  }

  /** Makes what batches send. */
  ContentPreparer preparer(Database database) {
    return new ContentPreparer(database, ids);
  }

  /** The contents of a dealer, on a view of the database. */
  Contents contents(Database view, Tenant tenant) {
    return new StoredContents(view, tenant, channels, this::users, ids, clock);
  }

  private List<String> users(Tx tx, Tenant tenant, String key) {
    List<String> all = new ArrayList<>();
    uses.forEach(one -> all.addAll(one.of(tx, tenant, key)));
    return all;
  }
}

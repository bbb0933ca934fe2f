package io.laoke.member;

import io.laoke.base.Check;
import io.laoke.catalog.CatalogBook;
import io.laoke.error.ChannelException;
import io.laoke.error.ConflictException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.FollowerSyncTable.Counts;
import io.laoke.member.FollowerSyncTable.Run;
import io.laoke.member.IdentityTable.Row;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Reads who follows an account. Pages and details are asked for outside of transactions; each lot
 * of openids is one, which holds the run's row first, as imports do.
 */
final class FollowerSyncer {
  private static final int LOT = 1_000;
  private static final int MOST_RESTARTS = 3;
  private static final int MOST_WHY = 1_000;

  /** Of a hundred who follow one may be missing in the list. */
  private static final long TOLERATED = 100;

  private final Database database;
  private final Tenant tenant;
  private final StoredMemberBook book;
  private final CatalogBook catalog;
  private final Ids ids;
  private final Instant now;
  private final String account;
  private final FollowerSource source;
  private final FollowerSyncOptions options;
  private final FollowerSyncTable table = new FollowerSyncTable();
  private final String holder = UUID.randomUUID().toString();
  private Run run;

  FollowerSyncer(
      Database database,
      Tenant tenant,
      StoredMemberBook book,
      CatalogBook catalog,
      Ids ids,
      Instant now,
      String account,
      FollowerSource source,
      FollowerSyncOptions options) {
    this.database = database;
    this.tenant = tenant;
    this.book = book;
    this.catalog = catalog;
    this.ids = ids;
    this.now = now.truncatedTo(ChronoUnit.MILLIS);
    this.account = account;
    this.source = source;
    this.options = options;
    Optional<Run> before =
        database.read("read the run of " + what(), tx -> table.find(tx, tenant, account, false));
    this.run =
        database.own("start " + what(), tx -> table.start(tx, tenant, account, ids.next(), holder));
    before.map(Run::id).filter(id -> id != run.id()).ifPresent(this::forget);
  }

  private String what() {
    return "the reading of the followers of account '" + account + "'";
  }

  FollowerSync all() {
    try {
      pages();
    } catch (ChannelException failed) {
      if (!failed.retryable()) {
        throw failed;
      }
      String why = String.valueOf(failed.getMessage());
      save(
          was ->
              was.in(
                  FollowerSync.State.UNFINISHED,
                  Check.mended(why.length() <= MOST_WHY ? why : why.substring(0, MOST_WHY))));
      return run.report();
    }
    return ended();
  }

  private void pages() {
    int restarts = 0;
    boolean more = true;
    while (more) {
      long asked = database.read("ask the time", Tx::machineMillis);
      FollowerSource.Page page;
      try {
        page = source.page(Optional.ofNullable(run.place()));
      } catch (NotFoundException gone) {
        if (run.place() == null || ++restarts > MOST_RESTARTS) {
          throw gone;
        }
        save(was -> was.at(null));
        continue;
      }
      List<String> openids = page.openids().stream().distinct().toList();
      run = run.counting(run.parts(), run.counts().of(page.total(), run.counts().listed()));
      for (int from = 0; from < openids.size(); from += LOT) {
        lot(openids.subList(from, Math.min(openids.size(), from + LOT)), asked);
      }
      more = page.next().isPresent();
      String next = page.next().orElse(null);
      save(was -> was.at(next));
    }
  }

  // ---- one lot

  /**
   * What the platform says of an openid that is not known to follow.
   *
   * @param sinceMs since when they follow; by the platform's clock, or before the list was asked
   *     for
   */
  private record Told(String openid, long sinceMs) {}

  private void lot(List<String> openids, long askedMs) {
    Map<String, String> byHash = new TreeMap<>();
    openids.forEach(openid -> byHash.put(book.openidHash(tenant, account, openid), openid));
    List<String> wanted = database.read("look at followers", tx -> newToUs(tx, byHash));
    long stated = askedMs - StoredMemberBook.CLOCKS_DIFFER.toMillis();
    Map<String, Told> told = new HashMap<>();
    if (options.details()) {
      details(wanted, stated).forEach(one -> told.put(hash(byHash, one), one));
    } else {
      wanted.forEach(
          openid -> told.put(book.openidHash(tenant, account, openid), new Told(openid, stated)));
    }
    Run before = run;
    int[] attempts = {0};
    run =
        database.own(
            what(),
            tx -> {
              tx.byIndexes();
              held(tx, before);
              if (attempts[0]++ > 0) {
                claim(tx, told);
              }
              Counts found = apply(tx, byHash, told, before.counts());
              table.seen(tx, tenant, before, byHash.keySet());
              Counts all = found.of(found.total(), found.listed() + byHash.size());
              return stored(tx, before.counting(before.parts() + 1, all));
            });
    options.progress().accept(run.report());
  }

  private String hash(Map<String, String> byHash, Told one) {
    String hash = book.openidHash(tenant, account, one.openid());
    if (!byHash.containsKey(hash)) {
      throw new ChannelException(
          "The account '%s' told about somebody whom nobody had asked about. Nothing was recorded; mend its FollowerSource."
              .formatted(account),
          null,
          false);
    }
    return hash;
  }

  /** Those who are not known to follow, and may be recorded. */
  private List<String> newToUs(Tx tx, Map<String, String> byHash) {
    Map<String, String> left = new LinkedHashMap<>(byHash);
    for (Row row : rows(tx, byHash.keySet())) {
      if (StoredMemberBook.tombstone(row) || following(row)) {
        left.remove(row.key().hash());
      }
    }
    return List.copyOf(left.values());
  }

  private static boolean following(Row row) {
    return Boolean.TRUE.equals(row.follows()) && row.sealed() != null;
  }

  private List<Row> rows(Tx tx, Set<String> hashes) {
    return book.identities.find(tx, tenant, IdentityKind.OPENID, account, hashes);
  }

  private List<Told> details(List<String> openids, long statedMs) {
    List<Told> told = new ArrayList<>();
    for (int from = 0; from < openids.size(); from += FollowerSource.MOST_DETAILS) {
      int to = Math.min(openids.size(), from + FollowerSource.MOST_DETAILS);
      for (FollowerSource.Detail detail : source.details(openids.subList(from, to))) {
        if (detail.follows()) {
          told.add(
              new Told(
                  detail.openid(),
                  detail.followedAt().map(Instant::toEpochMilli).orElse(statedMs)));
        }
      }
    }
    return told;
  }

  /** Others make some of them at the same time: whoever comes first makes the row. */
  private void claim(Tx tx, Map<String, Told> told) {
    new TreeMap<>(told)
        .forEach(
            (hash, one) ->
                IdentityTable.insert(
                    tx,
                    tenant,
                    new IdentityTable.Key(IdentityKind.OPENID, account, hash),
                    tenant.privacy().seal(one.openid()),
                    now));
  }

  private Counts apply(Tx tx, Map<String, String> byHash, Map<String, Told> told, Counts before) {
    Map<String, Row> known = new HashMap<>();
    rows(tx, byHash.keySet()).forEach(row -> known.put(row.key().hash(), row));
    Set<String> staff = catalog.staffOpenids(tx, tenant, account, byHash.keySet());
    long following = 0;
    long out = 0;
    List<Row> joining = new ArrayList<>();
    List<IdentityTable.Following> made = new ArrayList<>();
    List<IdentityTable.Following> changed = new ArrayList<>();
    for (String hash : byHash.keySet()) {
      Row row = known.get(hash);
      Told news = told.get(hash);
      if (row == null) {
        if (news != null) {
          made.add(following(hash, news, staff.contains(hash)));
          following++;
        }
        continue;
      }
      boolean settled = following(row) && (row.member().isPresent() || staff.contains(hash));
      Row locked =
          settled || StoredMemberBook.tombstone(row)
              ? row
              : book.identities.lockExisting(tx, tenant, row.key()).orElse(row);
      if (StoredMemberBook.tombstone(locked)) {
        out++;
        continue;
      }
      boolean follows = following(locked);
      if (!follows && news != null && book.newer(locked, true, news.sinceMs())) {
        changed.add(new IdentityTable.Following(locked.key(), news.openid(), null, news.sinceMs()));
        IdentityTable.changed(tx, tenant, locked);
        following += Boolean.TRUE.equals(locked.follows()) ? 0 : 1;
        follows = true;
      }
      if (follows && locked.member().isEmpty() && !staff.contains(hash)) {
        joining.add(locked);
      }
    }
    IdentityTable.insertFollowing(tx, tenant, made, now);
    book.identities.follow(tx, tenant, changed);
    long members = members(tx, made, joining);
    return before.plus(members, following, out, staff.size());
  }

  private IdentityTable.Following following(String hash, Told news, boolean staff) {
    return new IdentityTable.Following(
        new IdentityTable.Key(IdentityKind.OPENID, account, hash),
        news.openid(),
        staff ? null : (Long) ids.next(),
        news.sinceMs());
  }

  /** Makes the members of openids that are new, and of known ones that have none. */
  private long members(Tx tx, List<IdentityTable.Following> made, List<Row> joining) {
    List<MemberTable.Row> rows = new ArrayList<>();
    for (IdentityTable.Following one : made) {
      if (one.memberId() != null) {
        rows.add(member(one.memberId()));
      }
    }
    for (Row row : joining) {
      long id = ids.next();
      rows.add(member(id));
      book.identities.setMember(tx, tenant, row.key(), OptionalLong.of(id));
    }
    MemberTable.insertAll(tx, tenant, rows, Set.of());
    return rows.size();
  }

  private MemberTable.Row member(long id) {
    return new MemberTable.Row(id, StoredMemberBook.FOLLOW, null, null, null, null, now);
  }

  // ---- the end

  private FollowerSync ended() {
    long different = database.read(what(), tx -> table.different(tx, tenant, run));
    save(was -> was.counting(was.parts(), was.counts().of(was.counts().total(), different)));
    long total = run.counts().total();
    boolean nobody = total == 0 && database.read(what(), tx -> table.follows(tx, tenant, account));
    if (nobody || total - different > total / TOLERATED) {
      save(
          was ->
              was.in(
                  FollowerSync.State.INCOMPLETE,
                  nobody
                      ? "The platform says that nobody follows."
                      : "The platform says that %d follow, and has listed %d of them."
                          .formatted(total, different)));
    } else {
      unlisted();
      save(was -> was.in(FollowerSync.State.DONE, null));
    }
    forget(run.id());
    return run.report();
  }

  /**
   * An event since the run began goes over it; so does one whose time a clock may have confused.
   */
  private void unlisted() {
    long at = run.startedMs() - StoredMemberBook.CLOCKS_DIFFER.toMillis();
    String after = "";
    List<String> hashes;
    do {
      String from = after;
      hashes = database.read(what(), tx -> table.unlisted(tx, tenant, run, at, from, LOT));
      if (!hashes.isEmpty()) {
        left(hashes, at);
        after = hashes.get(hashes.size() - 1);
      }
    } while (hashes.size() == LOT);
  }

  private void left(List<String> hashes, long atMs) {
    Run before = run;
    run =
        database.own(
            what(),
            tx -> {
              held(tx, before);
              List<IdentityTable.Key> gone = new ArrayList<>();
              for (String hash : hashes) {
                book.identities
                    .lockExisting(
                        tx, tenant, new IdentityTable.Key(IdentityKind.OPENID, account, hash))
                    .filter(row -> Boolean.TRUE.equals(row.follows()))
                    .filter(row -> book.newer(row, false, atMs))
                    .ifPresent(
                        row -> {
                          gone.add(row.key());
                          IdentityTable.changed(tx, tenant, row);
                        });
              }
              book.identities.unfollow(tx, tenant, gone, atMs);
              return stored(tx, before.counting(before.parts(), before.counts().left(gone.size())));
            });
    options.progress().accept(run.report());
  }

  private void forget(long runId) {
    boolean more = true;
    while (more) {
      more = database.own("forget what was listed", tx -> table.forget(tx, tenant, runId));
    }
  }

  // ---- the run's row

  private interface Change {
    Run of(Run was);
  }

  private void save(Change change) {
    Run before = run;
    run =
        database.own(
            what(),
            tx -> {
              held(tx, before);
              return stored(tx, change.of(before));
            });
  }

  /** Nobody who was erased is the place to go on from; after a kill it then begins anew. */
  private Run stored(Tx tx, Run now) {
    Run after = now.changed(tx.machineMillis());
    String place = after.place();
    boolean erased =
        place != null && book.erased(tx, tenant, account, book.openidHash(tenant, account, place));
    table.save(tx, tenant, erased ? after.at(null) : after);
    return after;
  }

  private void held(Tx tx, Run expected) {
    boolean mine =
        table
            .find(tx, tenant, account, true)
            .filter(row -> row.holder().equals(holder) && row.parts() == expected.parts())
            .isPresent();
    if (!mine) {
      throw new ConflictException(
          "The followers of account '%s' are being read by another thread or process that started later, so this one ends. What it has read is committed. Leave it to the other; where there is none, call again."
              .formatted(account));
    }
  }
}

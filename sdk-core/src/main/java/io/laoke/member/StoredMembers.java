package io.laoke.member;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;
import static io.laoke.base.Check.text;

import io.laoke.base.Phone;
import io.laoke.base.Upserted;
import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.Keys;
import io.laoke.catalog.Races;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Person;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.IdentityTable.Row;
import io.laoke.message.Account;
import io.laoke.message.Accounts;
import io.laoke.message.ChannelKind;
import io.laoke.message.Purpose;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

final class StoredMembers implements Members {
  private static final int PAGE = 1_000;
  private static final Duration CLOCKS_APART = Duration.ofMinutes(5);

  private final Database database;
  private final Tenant tenant;
  private final StoredMemberBook book;
  private final CatalogBook catalog;
  private final Clock clock;
  private final Parts parts;
  private final StaffNotes notes;

  /**
   * What further parts of the engine the members need.
   *
   * @param ownings what belongs to members above
   * @param settings a dealer's settings now
   * @param fields what dealers declare
   * @param accounts those of dealers
   */
  record Parts(
      Ids ids,
      People people,
      Supplier<MemberOwnings> ownings,
      Function<Tenant, PeopleSettings> settings,
      FieldTypes fields,
      Supplier<Accounts> accounts) {
    /** For one transaction of many facts. */
    Parts remembering() {
      return new Parts(ids, people, ownings, settings, fields.remembering(), accounts);
    }
  }

  StoredMembers(
      Database database,
      Tenant tenant,
      StoredMemberBook book,
      CatalogBook catalog,
      Clock clock,
      Parts parts) {
    this.database = database;
    this.tenant = tenant;
    this.book = book;
    this.catalog = catalog;
    this.clock = clock;
    this.parts = parts;
    this.notes = new StaffNotes(database, tenant, book, parts.ids());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  // Reading

  @Override
  public Optional<Member> find(String customerNo) {
    IdentityTable.Key key =
        StoredMemberBook.numberKey(tenant, Keys.line("customerNo", customerNo, 64));
    return database.read("find a member by customer number", tx -> identified(tx, key));
  }

  @Override
  public Optional<Member> byPhone(String phone) {
    IdentityTable.Key key = StoredMemberBook.phoneKey(tenant, Phone.parse("phone", phone));
    return database.read(
        "find a member by phone",
        tx ->
            catalog.ownPhone(tx, tenant, key.hash())
                ? Optional.<Member>empty()
                : identified(tx, key));
  }

  @Override
  public Optional<Member> byOpenid(String account, String openid) {
    IdentityTable.Key key = StoredMemberBook.openidKey(tenant, account, openid);
    return database.read("find a member by openid", tx -> identified(tx, key));
  }

  private Optional<Member> identified(Tx tx, IdentityTable.Key key) {
    return book.identities
        .find(tx, tenant, key)
        .filter(row -> row.is(IdentityTable.ACTIVE) && row.member().isPresent())
        .flatMap(row -> book.members.find(tx, tenant, row.member().getAsLong()))
        .map(row -> withNumbers(tx, List.of(row)).get(0));
  }

  @Override
  public Optional<Member> get(long id) {
    return database.read(
        "read member " + id,
        tx ->
            book.members
                .find(tx, tenant, book.survivor(tx, tenant, id))
                .map(row -> withNumbers(tx, List.of(row)).get(0)));
  }

  @Override
  public List<Member> page(long afterId, int limit) {
    range("limit", limit, 1, PAGE);
    return database.read(
        "read a page of members",
        tx -> withNumbers(tx, book.members.page(tx, tenant, afterId, limit)));
  }

  private List<Member> withNumbers(Tx tx, List<MemberTable.Row> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<Long, List<String>> numbers = new HashMap<>();
    List<Long> ids = rows.stream().map(MemberTable.Row::id).toList();
    for (Row row : book.identities.ofMembers(tx, tenant, IdentityKind.CUSTOMER_NO, ids)) {
      if (row.is(IdentityTable.ACTIVE) && row.sealed() != null) {
        numbers
            .computeIfAbsent(row.member().getAsLong(), any -> new ArrayList<>())
            .add(opened(row));
      }
    }
    return rows.stream()
        .map(row -> member(row, numbers.getOrDefault(row.id(), List.of())))
        .toList();
  }

  private static Member member(MemberTable.Row row, List<String> numbers) {
    return new Member(
        row.id(),
        numbers,
        Optional.ofNullable(row.name()),
        Optional.ofNullable(row.gender()).map(Gender::valueOf),
        Optional.ofNullable(row.birthday()),
        Optional.ofNullable(row.region()),
        row.source(),
        row.created());
  }

  @Override
  public List<Identity> identities(long memberId) {
    return database.read(
        "read the identities of member " + memberId,
        tx ->
            book.identities.ofMember(tx, tenant, book.survivor(tx, tenant, memberId)).stream()
                .map(this::identity)
                .toList());
  }

  private Identity identity(Row row) {
    return new Identity(
        row.key().kind(),
        Optional.of(row.key().account()).filter(account -> !account.isEmpty()),
        row.sealed() == null ? Optional.empty() : Optional.of(masked(row)),
        row.proven(),
        row.is(IdentityTable.ACTIVE),
        follower(row),
        row.firstSeen());
  }

  private String masked(Row row) {
    String value = opened(row);
    return switch (row.key().kind()) {
      case CUSTOMER_NO -> value;
      case PHONE -> new Phone(value).masked();
      case OPENID, UNIONID -> value.substring(0, Math.min(3, value.length())) + "****";
    };
  }

  private String opened(Row row) {
    return Objects.requireNonNull(tenant.privacy().open(row.sealed()));
  }

  @Override
  public Optional<Identity.Follower> follower(String account, String openid) {
    IdentityTable.Key key = StoredMemberBook.openidKey(tenant, account, openid);
    return database.read(
        "read whether an openid follows",
        tx -> book.identities.find(tx, tenant, key).flatMap(StoredMembers::follower));
  }

  private static Optional<Identity.Follower> follower(Row row) {
    return Optional.ofNullable(row.follows())
        .map(follows -> new Identity.Follower(follows, Instant.ofEpochMilli(row.followAt())));
  }

  @Override
  public List<String> sources() {
    return database.read(
        "read where members came from", tx -> book.members.sources(tx, tenant, PAGE));
  }

  @Override
  public List<FollowerSync> syncFollowers() {
    List<Account> able =
        parts.accounts().get().of(tenant.code()).stream()
            .filter(account -> account.capability(FollowerSource.class).isPresent())
            .toList();
    if (able.isEmpty()) {
      throw new ConflictException(
          "No account of dealer '%s' can list its followers. Give it one that does, such as a verified WeChat account (已认证公众号)."
              .formatted(tenant.code()));
    }
    List<FollowerSync> read = new ArrayList<>();
    LaokeException failed = null;
    for (Account account : able) {
      try {
        read.add(syncFollowers(account.key(), FollowerSyncOptions.standard()));
      } catch (LaokeException one) {
        if (failed == null) {
          failed = one;
        } else {
          failed.addSuppressed(one);
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
    return List.copyOf(read);
  }

  @Override
  public FollowerSync syncFollowers(String account, FollowerSyncOptions options) {
    notNull("options", options);
    if (database.joined()) {
      throw new ConflictException(
          "Followers were to be read inside a transaction of the host. That asks the platform and commits each lot of followers by itself; call syncFollowers outside of any transaction.");
    }
    Accounts all = parts.accounts().get();
    String key = all.keyOf(tenant.code(), account);
    FollowerSource source =
        all.of(tenant.code()).stream()
            .filter(one -> one.key().equals(key))
            .findFirst()
            .flatMap(one -> one.capability(FollowerSource.class))
            .orElseThrow(
                () ->
                    new ConflictException(
                        "The account %s cannot list its followers. Take one that does, such as a verified WeChat account (已认证公众号)."
                            .formatted(key)));
    database.<Integer>write(
        "take account '" + key + "'",
        tx -> {
          all.own(tx, tenant, key);
          return 0;
        });
    return new FollowerSyncer(
            database, tenant, book, catalog, parts.ids(), now(), key, source, options)
        .all();
  }

  @Override
  public Optional<FollowerSync> followerSync(String account) {
    String key = text("account", account, 64);
    return database.read(
        "read how far followers were read",
        tx ->
            new FollowerSyncTable()
                .find(tx, tenant, key, false)
                .map(FollowerSyncTable.Run::report));
  }

  @Override
  public List<Duplicate> duplicates(long afterId, int limit) {
    range("limit", limit, 1, PAGE);
    return database.read("read the suspected duplicates", tx -> open(tx, afterId, limit));
  }

  /** Pairs are shown as they are now; those that became one, or were dismissed so, are not. */
  private List<Duplicate> open(Tx tx, long afterId, int limit) {
    List<Duplicate> open = new ArrayList<>();
    long after = afterId;
    List<Duplicate> page;
    do {
      page = book.members.duplicates(tx, tenant, after, limit);
      Set<Long> members = new TreeSet<>();
      page.forEach(pair -> members.addAll(List.of(pair.one(), pair.other())));
      Map<Long, MemberTable.Fate> fates = book.members.fates(tx, tenant, members);
      for (Duplicate pair : page) {
        after = pair.id();
        shown(tx, pair, fates).ifPresent(open::add);
        if (open.size() == limit) {
          return open;
        }
      }
    } while (page.size() == limit);
    return open;
  }

  private Optional<Duplicate> shown(Tx tx, Duplicate pair, Map<Long, MemberTable.Fate> fates) {
    long one = survivor(tx, pair.one(), fates);
    long other = survivor(tx, pair.other(), fates);
    if (one == pair.one() && other == pair.other()) {
      return Optional.of(pair);
    }
    return one == other || book.members.resolved(tx, tenant, one, other)
        ? Optional.empty()
        : Optional.of(
            new Duplicate(
                pair.id(), Math.min(one, other), Math.max(one, other), pair.why(), pair.since()));
  }

  private long survivor(Tx tx, long id, Map<Long, MemberTable.Fate> fates) {
    MemberTable.Fate fate = fates.get(id);
    boolean ended = fate != null && fate.mergedInto() != null;
    return ended ? book.survivor(tx, tenant, id) : id;
  }

  // Writing

  @Override
  public Upserted put(MemberProfile profile) {
    notNull("profile", profile);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    check(profile, now);
    return database.write("put a member", tx -> put(tx, profile, now));
  }

  /** Refuses what only time shows to be wrong. */
  void check(MemberProfile profile, Instant now) {
    LocalDate today = tenant.dayOf(now);
    profile
        .birthday()
        .filter(day -> day.isAfter(today))
        .ifPresent(
            day -> {
              throw new InvalidInputException(
                  "birthday", "must not be after today, %s, was %s".formatted(today, day));
            });
  }

  private boolean tombstone(Tx tx, Phone phone) {
    return book.identities
        .find(tx, tenant, StoredMemberBook.phoneKey(tenant, phone))
        .filter(StoredMemberBook::tombstone)
        .isPresent();
  }

  Upserted put(Tx tx, MemberProfile given, Instant now) {
    Optional<Row> known =
        book.identities.find(tx, tenant, StoredMemberBook.numberKey(tenant, given.customerNo()));
    Set<Phone> living = new LinkedHashSet<>(given.phones());
    living.removeIf(phone -> tombstone(tx, phone));
    boolean phoneGone = living.size() < given.phones().size();
    if (known.filter(StoredMemberBook::tombstone).isPresent()
        || (phoneGone && known.filter(row -> row.member().isPresent()).isEmpty())) {
      return Upserted.UNCHANGED;
    }
    MemberProfile profile = given.only(living);
    Map<String, Attribute> attributes =
        parts.fields().fitted(tx, tenant, profile.attributes(), now);
    lockMembers(tx, known, living);
    Row number = lockNumber(tx, profile.customerNo(), now);
    if (StoredMemberBook.tombstone(number)) {
      throw Races.lost("identity");
    }
    if (number.is(IdentityTable.WALK_IN)) {
      throw new ConflictException(
          "Customer number '%s' is declared walk-in, so it is no customer's. Put the member under another number, or withdraw the declaration first."
              .formatted(profile.customerNo()));
    }
    List<Row> phones = phones(tx, profile, now);
    String source = profile.source().orElse("ERP");
    long id = book.ofNumber(tx, tenant, number, phones, source, now).orElseThrow();
    boolean joined = phones.stream().anyMatch(phone -> phone.member().isEmpty());
    boolean written = complete(tx, id, profile);
    if (book.merger.attributes.put(tx, tenant, id, attributes, now)) {
      book.members.mark(tx, tenant, List.of(id));
      written = true;
    }
    boolean adopted = phones.stream().anyMatch(phone -> phone.member().equals(OptionalLong.of(id)));
    if (number.member().isEmpty()) {
      return adopted ? Upserted.CHANGED : Upserted.CREATED;
    }
    return joined || written ? Upserted.CHANGED : Upserted.UNCHANGED;
  }

  /** Those who are known by the number or a phone, before these are locked. */
  private void lockMembers(Tx tx, Optional<Row> number, Set<Phone> phones) {
    Set<Long> members = new TreeSet<>();
    number.ifPresent(row -> row.member().ifPresent(members::add));
    for (Phone phone : phones) {
      book.identities
          .find(tx, tenant, StoredMemberBook.phoneKey(tenant, phone))
          .ifPresent(row -> row.member().ifPresent(members::add));
    }
    book.lockAny(tx, tenant, members);
  }

  /** The usable phones, locked in the order of their hashes. */
  private List<Row> phones(Tx tx, MemberProfile profile, Instant now) {
    Optional<String> name = StoredMemberBook.nameHash(tenant, profile.name());
    return profile.phones().stream()
        .sorted(Comparator.comparing(phone -> Keys.hash(tenant, phone)))
        .flatMap(
            phone ->
                book
                    .usable(
                        tx,
                        tenant,
                        phone,
                        book.identities.find(tx, tenant, StoredMemberBook.phoneKey(tenant, phone)),
                        name,
                        now)
                    .stream())
        .toList();
  }

  private boolean complete(Tx tx, long id, MemberProfile profile) {
    MemberTable.Row before =
        book.members.lock(tx, tenant, id).orElseThrow(() -> Races.lost("member"));
    MemberTable.Row after =
        new MemberTable.Row(
            id,
            before.source(),
            profile.name().orElse(before.name()),
            profile.gender().map(Gender::name).orElse(before.gender()),
            profile.birthday().orElse(before.birthday()),
            profile.region().orElse(before.region()),
            before.created());
    if (after.equals(before)) {
      return false;
    }
    book.members.update(tx, tenant, after);
    return true;
  }

  private Row lockNumber(Tx tx, String customerNo, Instant now) {
    return book.identities.lock(
        tx, tenant, StoredMemberBook.numberKey(tenant, customerNo), customerNo, now);
  }

  @Override
  public boolean releasePhone(String customerNo, String phone) {
    IdentityTable.Key number =
        StoredMemberBook.numberKey(tenant, Keys.line("customerNo", customerNo, 64));
    IdentityTable.Key key = StoredMemberBook.phoneKey(tenant, Phone.parse("phone", phone));
    return database.write(
        "release a phone",
        tx -> {
          OptionalLong member =
              book.identities
                  .find(tx, tenant, number)
                  .map(Row::member)
                  .orElse(OptionalLong.empty());
          Optional<Row> row = book.identities.lockExisting(tx, tenant, key);
          if (member.isEmpty() || row.filter(it -> it.member().equals(member)).isEmpty()) {
            return false;
          }
          book.identities.setMember(tx, tenant, key, OptionalLong.empty());
          tx.changed(tenant.id(), member.getAsLong());
          return true;
        });
  }

  @Override
  public boolean declareWalkIn(String customerNo) {
    String number = Keys.line("customerNo", customerNo, 64);
    Instant now = clock.instant();
    return database.write(
        "declare a walk-in number",
        tx -> status(tx, lockNumber(tx, number, now), IdentityTable.WALK_IN));
  }

  @Override
  public boolean withdrawWalkIn(String customerNo) {
    IdentityTable.Key key =
        StoredMemberBook.numberKey(tenant, Keys.line("customerNo", customerNo, 64));
    return database.write(
        "withdraw a walk-in number",
        tx ->
            book.identities
                .lockExisting(tx, tenant, key)
                .filter(row -> status(tx, row, IdentityTable.ACTIVE))
                .isPresent());
  }

  private boolean status(Tx tx, Row row, String status) {
    if (row.is(status) || StoredMemberBook.tombstone(row)) {
      return false;
    }
    book.identities.setStatus(tx, tenant, row.key(), status, null);
    IdentityTable.changed(tx, tenant, row);
    return true;
  }

  @Override
  public List<String> walkIns() {
    return database.read(
        "read the walk-in numbers",
        tx ->
            book
                .identities
                .withStatus(tx, tenant, IdentityKind.CUSTOMER_NO, IdentityTable.WALK_IN)
                .stream()
                .map(this::opened)
                .toList());
  }

  // Merging

  @Override
  public boolean dismissDuplicate(long duplicateId, String by) {
    String who = Keys.line("by", by, 64);
    Instant now = now();
    return database.write(
        "dismiss a suspected duplicate",
        tx -> {
          Duplicate pair =
              book.members
                  .duplicate(tx, tenant, duplicateId)
                  .orElseThrow(
                      () ->
                          new NotFoundException(
                              "There is no suspected duplicate %d; take the ids from members().duplicates."
                                  .formatted(duplicateId)));
          if (book.members.resolved(tx, tenant, pair.one(), pair.other())) {
            return false;
          }
          book.members.resolve(
              tx, tenant, parts.ids().next(), pair.one(), pair.other(), "DISMISSED", who, now);
          long one = book.survivor(tx, tenant, pair.one());
          long other = book.survivor(tx, tenant, pair.other());
          if (one != other && (one != pair.one() || other != pair.other())) {
            book.members.resolve(tx, tenant, parts.ids().next(), one, other, "DISMISSED", who, now);
          }
          return true;
        });
  }

  private Merger.Act act(String by, String why) {
    return new Merger.Act(Keys.line("by", by, 64), Optional.of(Keys.line("why", why, 200)), now());
  }

  @Override
  public Merge merge(long keepId, long awayId, String by, String why) {
    Merger.Act act = act(by, why);
    if (keepId == awayId) {
      throw new InvalidInputException(
          "awayId", "must be another member than keepId, was " + awayId);
    }
    return database.write("merge two members", tx -> merge(tx, keepId, awayId, act));
  }

  private Merge merge(Tx tx, long keepId, long awayId, Merger.Act act) {
    long keep = living(tx, keepId);
    long away = living(tx, awayId);
    if (keep == away) {
      return joining(tx, keepId, awayId);
    }
    MemberOwnings ownings = parts.ownings().get();
    MemberOwnings.Owned owned = ownings.lock(tx, tenant, away);
    book.lock(tx, tenant, List.of(keep, away), List.of(keep, away));
    if (!owned.equals(ownings.now(tx, tenant, away))) {
      throw Races.lost("merge");
    }
    return book.merger.join(tx, tenant, keep, away, owned, ownings, act);
  }

  /** The merge by which these two are one. */
  private Merge joining(Tx tx, long one, long other) {
    return Stream.of(other, one)
        .flatMap(id -> book.merger.merges.ending(tx, tenant, id).stream())
        .findFirst()
        .orElseThrow(() -> Races.lost("merge"));
  }

  private long living(Tx tx, long id) {
    return book.living(tx, tenant, id);
  }

  private NotFoundException unknown(long id) {
    return StoredMemberBook.unknown(tenant, id);
  }

  @Override
  public Merge split(long mergeId, String by, String why) {
    Merger.Act act = act(by, why);
    return database.write("split two members", tx -> split(tx, mergeId, act));
  }

  private Merge split(Tx tx, long mergeId, Merger.Act act) {
    Merge merge =
        book.merger
            .merges
            .find(tx, tenant, mergeId, false)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "There is no merge %d; take the ids from members().merges."
                            .formatted(mergeId)));
    if (!merge.live()) {
      return merge;
    }
    MemberTable.Fate survivor =
        book.members.fate(tx, tenant, merge.survivor()).orElseThrow(() -> unknown(mergeId));
    if (survivor.mergedInto() != null || survivor.erased()) {
      throw new ConflictException(
          survivor.erased()
              ? "Merge %d cannot be split: the person was erased. Nothing is left to give back; leave it as it is."
                  .formatted(mergeId)
              : "Merge %d cannot be split: member %d was merged into member %d since. Split that merge first."
                  .formatted(mergeId, merge.survivor(), survivor.mergedInto()));
    }
    MemberOwnings ownings = parts.ownings().get();
    MemberOwnings.Owned owned = ownings.lock(tx, tenant, merge.survivor());
    book.lock(tx, tenant, List.of(merge.survivor()), List.of(merge.survivor()));
    book.lockAny(tx, tenant, List.of(merge.merged()));
    Merge now = book.merger.merges.find(tx, tenant, mergeId, true).orElseThrow();
    if (!now.live()) {
      return now;
    }
    if (!owned.equals(ownings.now(tx, tenant, merge.survivor()))) {
      throw Races.lost("split");
    }
    return book.merger.undo(tx, tenant, merge, ownings, act);
  }

  @Override
  public List<Merge> merges(long memberId) {
    return database.read(
        "read the merges of member " + memberId,
        tx -> book.merger.merges.of(tx, tenant, group(tx, memberId)));
  }

  /** The ids that answer with the same member, that one included. */
  private Set<Long> group(Tx tx, long memberId) {
    Set<Long> group = new TreeSet<>();
    Set<Long> more = Set.of(book.survivor(tx, tenant, memberId));
    while (!more.isEmpty()) {
      group.addAll(more);
      Set<Long> next = new TreeSet<>();
      book.members.mergedInto(tx, tenant, more).forEach(fate -> next.add(fate.id()));
      next.removeAll(group);
      more = next;
    }
    return group;
  }

  // Consents and attributes

  @Override
  public boolean consent(long memberId, Consent consent) {
    notNull("consent", consent);
    Instant now = now();
    if (consent.at().isAfter(now.plus(CLOCKS_APART))) {
      throw new InvalidInputException(
          "at",
          "must not lie ahead, since the newest counts and nothing that the person says until then would; was %s, now is %s"
              .formatted(consent.at(), now));
    }
    if (consent.given() && consent.textVersion().isEmpty()) {
      throw new InvalidInputException(
          "textVersion", "must say which words the person agreed to, where a consent is given");
    }
    return database.write(
        "record a consent",
        tx -> {
          long member = book.lockLiving(tx, tenant, memberId);
          return book.merger.consents.insert(
              tx, tenant, parts.ids().next(), member, consent, null, now);
        });
  }

  @Override
  public List<Consent> consents(long memberId) {
    return database.read(
        "read the consents of member " + memberId,
        tx ->
            book
                .merger
                .consents
                .of(tx, tenant, List.of(book.survivor(tx, tenant, memberId)))
                .stream()
                .map(ConsentTable.Row::consent)
                .toList());
  }

  @Override
  public boolean allows(long memberId, Purpose purpose, ChannelKind channel) {
    notNull("purpose", purpose);
    notNull("channel", channel);
    Instant now = now();
    return database.read(
        "read what member " + memberId + " agreed to",
        tx -> {
          long member = living(tx, memberId);
          Boolean said =
              ConsentRule.counting(book.merger.consents.of(tx, tenant, List.of(member)))
                  .getOrDefault(member, Map.of())
                  .get(purpose);
          if (book.merger.pauses.of(tx, tenant, List.of(member)).stream()
              .anyMatch(pause -> pause.purpose() == purpose && pause.holdsAt(now))) {
            return false;
          }
          boolean follows =
              book.identities.ofMember(tx, tenant, member).stream()
                  .anyMatch(row -> Boolean.TRUE.equals(row.follows()));
          return ConsentRule.allows(
              purpose, channel, said, follows && parts.settings().apply(tenant).followIsConsent());
        });
  }

  @Override
  public Map<String, Attribute> attributes(long memberId) {
    return database.read(
        "read the attributes of member " + memberId,
        tx ->
            Collections.unmodifiableMap(
                book.merger.attributes.of(tx, tenant, book.survivor(tx, tenant, memberId))));
  }

  @Override
  public boolean attributes(long memberId, Map<String, Attribute> attributes) {
    Map<String, Attribute> given = MemberProfile.named(attributes);
    Instant now = now();
    return database.write(
        "write attributes",
        tx -> {
          Map<String, Attribute> fitted = parts.fields().fitted(tx, tenant, given, now);
          long member = book.lockLiving(tx, tenant, memberId);
          return book.merger.attributes.put(tx, tenant, member, fitted, now);
        });
  }

  // What staff add

  @Override
  public boolean tag(long memberId, String tag, String by) {
    return notes.tag(memberId, tag, by, now());
  }

  @Override
  public boolean untag(long memberId, String tag, String by) {
    return notes.untag(memberId, tag, by, now());
  }

  @Override
  public List<MemberTag> tags(long memberId) {
    return notes.tags(memberId);
  }

  @Override
  public Remark remark(long memberId, String text, String by) {
    return notes.remark(memberId, text, by, now());
  }

  @Override
  public boolean takeBackRemark(long memberId, long remarkId, String why, String by) {
    return notes.takeBack(memberId, remarkId, why, by, now());
  }

  @Override
  public List<Remark> remarks(long memberId) {
    return notes.remarks(memberId);
  }

  @Override
  public Upserted pause(
      long memberId, Purpose purpose, @Nullable Instant until, String reason, String by) {
    return notes.pause(memberId, purpose, until, reason, by, now());
  }

  @Override
  public boolean resume(long memberId, Purpose purpose, String why, String by) {
    return notes.resume(memberId, purpose, why, by, now());
  }

  @Override
  public Upserted openComplaint(long memberId, String complaintNo, String reason, String by) {
    return notes.openComplaint(memberId, complaintNo, reason, by, now());
  }

  @Override
  public boolean closeComplaint(long memberId, String complaintNo, String why, String by) {
    return notes.closeComplaint(memberId, complaintNo, why, by, now());
  }

  @Override
  public List<MemberPause> pauses(long memberId) {
    return notes.pauses(memberId, now());
  }

  @Override
  public List<AuditEntry> audit(long memberId, long afterId, int limit) {
    range("limit", limit, 1, PAGE);
    return database.read(
        "read what was changed in the file of member " + memberId,
        tx -> book.merger.audit.page(tx, tenant, group(tx, memberId), afterId, limit));
  }

  // Export and erasure

  @Override
  public String export(long memberId) {
    Instant now = now();
    return database.read(
        "export member " + memberId,
        tx -> {
          living(tx, memberId);
          Person person = parts.people().find(tx, tenant, group(tx, memberId));
          return parts.people().export(tx, tenant, memberId, person, now);
        });
  }

  @Override
  public Erasure erase(long memberId, String by, String why) {
    String who = Keys.line("by", by, 64);
    String reason = Keys.line("why", why, 200);
    Instant now = now();
    return database.write("erase a person", tx -> erase(tx, memberId, who, reason, now));
  }

  private Erasure erase(Tx tx, long memberId, String by, String why, Instant now) {
    if (tx.hidesWhatCame()) {
      throw new ConflictException(
          "erase() was called in a transaction at REPEATABLE READ or SERIALIZABLE. What came of the person since that began, such as a scan, cannot be seen in it and would stay. Call it outside of any transaction, or in one at READ COMMITTED.");
    }
    long member = book.survivor(tx, tenant, memberId);
    MemberTable.Fate fate =
        book.members.fate(tx, tenant, member).orElseThrow(() -> unknown(memberId));
    if (fate.erased()) {
      parts.people().eraseAgain(tx, tenant);
      return erasure(tx, member).orElseThrow(() -> Races.lost("erasure"));
    }
    Set<Long> group = group(tx, member);
    Person person = parts.people().lock(tx, tenant, group);
    Person again = parts.people().find(tx, tenant, group(tx, member));
    for (Person.By by1 : List.of(Person.By.MEMBER, Person.By.ORDER, Person.By.NOTE)) {
      if (!person.all(by1).equals(again.all(by1))) {
        throw Races.lost("erasure");
      }
    }
    if (book.survivor(tx, tenant, member) != member) {
      throw Races.lost("member"); // the record is found by the one that they all stand for
    }
    parts.people().erase(tx, tenant, person);
    book.members.erase(tx, tenant, group, now);
    Erasure erasure = new Erasure(parts.ids().next(), member, by, now);
    insert(tx, erasure, why, false);
    return erasure;
  }

  private void insert(Tx tx, Erasure erasure, String why, boolean readmitted) {
    tx.update(
            """
            INSERT INTO {erasure} (dealer_id, id, member_id, actor, reason, at_ms, readmitted)
            VALUES (:dealer, :id, :member, :by, :why, :at, :readmitted)""")
        .bind("dealer", tenant.id())
        .bind("id", erasure.id())
        .bind("member", erasure.memberId())
        .bind("by", erasure.by())
        .bind("why", tenant.privacy().seal(why))
        .bind("at", erasure.at().toEpochMilli())
        .bind("readmitted", readmitted ? 1 : 0)
        .execute();
  }

  private Optional<Erasure> erasure(Tx tx, long member) {
    return tx.query(
            """
            SELECT id, actor, at_ms FROM {erasure}
            WHERE dealer_id = :dealer AND member_id = :member""")
        .bind("dealer", tenant.id())
        .bind("member", member)
        .map(
            (row, context) ->
                new Erasure(
                    row.getLong("id"),
                    member,
                    row.getString("actor"),
                    Instant.ofEpochMilli(row.getLong("at_ms"))))
        .findFirst();
  }

  @Override
  public boolean readmit(IdentityKind kind, String value, String by) {
    IdentityTable.Key key =
        switch (notNull("kind", kind)) {
          case CUSTOMER_NO -> StoredMemberBook.numberKey(tenant, Keys.line("value", value, 64));
          case PHONE -> StoredMemberBook.phoneKey(tenant, Phone.parse("value", value));
          case UNIONID ->
              new IdentityTable.Key(
                  kind, "", tenant.privacy().hash("unionid", Keys.line("value", value, 128)));
          case OPENID ->
              throw new InvalidInputException("kind", "must not be OPENID; use readmitOpenid");
        };
    return readmit(key, by);
  }

  @Override
  public boolean readmitOpenid(String account, String openid, String by) {
    return readmit(StoredMemberBook.openidKey(tenant, account, openid), by);
  }

  private boolean readmit(IdentityTable.Key key, String by) {
    String who = Keys.line("by", by, 64);
    Instant now = now();
    return database.write(
        "readmit a person",
        tx -> {
          if (book.identities
              .lockExisting(tx, tenant, key)
              .filter(StoredMemberBook::tombstone)
              .isEmpty()) {
            return false;
          }
          book.identities.setStatus(tx, tenant, key, IdentityTable.ACTIVE, null);
          insert(tx, new Erasure(parts.ids().next(), 0, who, now), key.kind().name(), true);
          return true;
        });
  }
}

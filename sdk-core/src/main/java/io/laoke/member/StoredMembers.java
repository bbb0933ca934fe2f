package io.laoke.member;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.base.Phone;
import io.laoke.base.Upserted;
import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.Keys;
import io.laoke.catalog.Races;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.IdentityTable.Row;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

final class StoredMembers implements Members {
  private static final int PAGE = 1_000;

  private final Database database;
  private final Tenant tenant;
  private final StoredMemberBook book;
  private final CatalogBook catalog;
  private final Clock clock;

  StoredMembers(
      Database database, Tenant tenant, StoredMemberBook book, CatalogBook catalog, Clock clock) {
    this.database = database;
    this.tenant = tenant;
    this.book = book;
    this.catalog = catalog;
    this.clock = clock;
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
        tx -> book.members.find(tx, tenant, id).map(row -> withNumbers(tx, List.of(row)).get(0)));
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
        tx -> book.identities.ofMember(tx, tenant, memberId).stream().map(this::identity).toList());
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
  public List<Duplicate> duplicates(long afterId, int limit) {
    range("limit", limit, 1, PAGE);
    return database.read(
        "read the suspected duplicates", tx -> book.members.duplicates(tx, tenant, afterId, limit));
  }

  // Writing

  @Override
  public Upserted put(MemberProfile profile) {
    notNull("profile", profile);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    LocalDate today = tenant.dayOf(now);
    profile
        .birthday()
        .filter(day -> day.isAfter(today))
        .ifPresent(
            day -> {
              throw new InvalidInputException(
                  "birthday", "must not be after today, %s, was %s".formatted(today, day));
            });
    return database.write("put a member", tx -> put(tx, profile, now));
  }

  private Upserted put(Tx tx, MemberProfile profile, Instant now) {
    Row number = lockNumber(tx, profile.customerNo(), now);
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
    boolean adopted = phones.stream().anyMatch(phone -> phone.member().equals(OptionalLong.of(id)));
    if (number.member().isEmpty()) {
      return adopted ? Upserted.CHANGED : Upserted.CREATED;
    }
    return joined || written ? Upserted.CHANGED : Upserted.UNCHANGED;
  }

  /** The usable phones, locked in the order of their hashes. */
  private List<Row> phones(Tx tx, MemberProfile profile, Instant now) {
    Optional<String> name = StoredMemberBook.nameHash(tenant, profile.name());
    return profile.phones().stream()
        .sorted(Comparator.comparing(phone -> Keys.hash(tenant, phone)))
        .flatMap(phone -> book.usable(tx, tenant, phone, name, now).stream())
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
    if (row.is(status)) {
      return false;
    }
    book.identities.setStatus(tx, tenant, row.key(), status, null);
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
}

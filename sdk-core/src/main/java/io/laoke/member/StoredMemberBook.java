package io.laoke.member;

import io.laoke.base.Phone;
import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.Chunks;
import io.laoke.catalog.Keys;
import io.laoke.catalog.Races;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.error.SealedException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.IdentityTable.Row;
import io.laoke.message.Purpose;
import java.sql.SQLException;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

final class StoredMemberBook implements MemberBook {
  /** A phone that was seen with so many different names identifies nobody. */
  private static final int NAMES_OF_A_SHARED_PHONE = 3;

  private static final int MOST_STEPS = 1_000;
  static final Duration CLOCKS_DIFFER = Duration.ofMinutes(2);

  /** Where members come from that only follow. */
  static final String FOLLOW = "FOLLOW";

  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}\\p{Cf}]+");

  private final CatalogBook catalog;
  private final Ids ids;
  final IdentityTable identities;
  final MemberTable members;
  final Merger merger;

  StoredMemberBook(CatalogBook catalog, Ids ids) {
    this(catalog, ids, new IdentityTable(), new MemberTable());
  }

  StoredMemberBook(CatalogBook catalog, Ids ids, IdentityTable identities, MemberTable members) {
    this.catalog = catalog;
    this.ids = ids;
    this.identities = identities;
    this.members = members;
    this.merger = new Merger(ids, identities, members);
  }

  // Buyers

  @Override
  public OptionalLong identify(
      Tx tx,
      Tenant tenant,
      Optional<String> customerNo,
      Optional<String> name,
      Optional<String> phone,
      Instant now) {
    AskedBuyer buyer = ask(tx, tenant, customerNo, name, phone);
    tx.settle();
    return whoBuys(tx, tenant, buyer, OptionalLong.empty(), now).member();
  }

  @Override
  public AskedBuyer ask(
      Tx tx,
      Tenant tenant,
      Optional<String> customerNo,
      Optional<String> name,
      Optional<String> phone) {
    AskedBuyer buyer;
    try {
      Optional<String> number = customerNo.map(no -> Keys.line("buyer.customerNo", no, 64));
      Optional<Phone> given = phone.map(text -> Phone.parse("buyer.phone", text));
      Optional<String> called = name.map(text -> Keys.line("buyer.name", text, 100));
      buyer = new AskedBuyer(number, called, given);
    } catch (InvalidInputException wrong) {
      return AskedBuyer.wrong(wrong);
    }
    buyer.read(tx, tenant, identities, catalog);
    return buyer;
  }

  @Override
  public Known whoBuys(Tx tx, Tenant tenant, AskedBuyer buyer, OptionalLong holder, Instant now) {
    buyer.check();
    Optional<String> number = buyer.number;
    Optional<Phone> given = buyer.phone;
    Optional<String> called = buyer.name;
    Optional<Row> knownNumber = buyer.knownNumber();
    Optional<Row> knownPhone = buyer.knownPhone();
    boolean phoneGone = knownPhone.filter(StoredMemberBook::tombstone).isPresent();
    if (knownNumber.filter(StoredMemberBook::tombstone).isPresent()
        || (phoneGone && knownNumber.filter(row -> row.member().isPresent()).isEmpty())) {
      return new Known(OptionalLong.empty(), true, phoneGone);
    }
    Optional<String> nameHash = nameHash(tenant, called);
    List<Row> naming = naming(buyer);
    Set<Long> theirs = members(naming);
    holder.ifPresent(theirs::add);
    if (unsettled(buyer, nameHash) || theirs.size() > 1) {
      lockAny(tx, tenant, theirs);
      naming.forEach(row -> expectStill(tx, tenant, row));
    }
    Optional<Row> ofNumber = number.flatMap(no -> lockUnassigned(tx, tenant, no, knownNumber, now));
    Optional<Row> ofPhone =
        given
            .filter(which -> !phoneGone)
            .flatMap(
                which -> usable(tx, tenant, which, knownPhone, buyer::ownPhone, nameHash, now));
    OptionalLong member =
        ofNumber.isPresent()
            ? ofNumber(tx, tenant, ofNumber.get(), ofPhone.stream().toList(), "ORDER", now)
            : ofPhone(tx, tenant, ofPhone, now);
    member.ifPresent(id -> called.ifPresent(text -> addName(tx, tenant, buyer, id, text)));
    return new Known(member, false, phoneGone);
  }

  private static List<Row> naming(AskedBuyer buyer) {
    return Stream.of(buyer.knownNumber(), buyer.knownPhone())
        .flatMap(Optional::stream)
        .filter(row -> row.is(IdentityTable.ACTIVE) && row.member().isPresent())
        .toList();
  }

  private static Set<Long> members(List<Row> naming) {
    Set<Long> members = new TreeSet<>();
    naming.forEach(row -> members.add(row.member().getAsLong()));
    return members;
  }

  /** Whether something that is given is not known yet for what it will be. */
  private static boolean unsettled(AskedBuyer buyer, Optional<String> nameHash) {
    return (buyer.number.isPresent() && !settled(buyer.knownNumber()))
        || (buyer.phone.isPresent()
            && buyer.knownPhone().filter(StoredMemberBook::tombstone).isEmpty()
            && !settled(buyer.knownPhone(), nameHash));
  }

  @Override
  public boolean locksNothing(Tenant tenant, AskedBuyer buyer) {
    return !unsettled(buyer, nameHash(tenant, buyer.name)) && members(naming(buyer)).size() < 2;
  }

  @Override
  public Set<String> erasedNumbers(Tx tx, Tenant tenant, Collection<String> customerNos) {
    return tombstones(tx, tenant, customerNos, List.of(), true).customerNos();
  }

  @Override
  public Tombstones tombstones(
      Tx tx,
      Tenant tenant,
      Collection<String> customerNos,
      Collection<Phone> phones,
      boolean locking) {
    Map<String, String> numbers = new HashMap<>();
    customerNos.forEach(number -> numbers.put(Keys.customerNo(tenant, number), number));
    Map<String, Phone> hashes = new HashMap<>();
    phones.forEach(phone -> hashes.put(Keys.hash(tenant, phone), phone));
    return new Tombstones(
        tombstones(tx, tenant, IdentityKind.CUSTOMER_NO, numbers, locking),
        tombstones(tx, tenant, IdentityKind.PHONE, hashes, locking));
  }

  private <T> Set<T> tombstones(
      Tx tx, Tenant tenant, IdentityKind kind, Map<String, T> hashes, boolean locking) {
    List<Row> rows = identities.find(tx, tenant, kind, "", hashes.keySet());
    if (locking) {
      Set<String> there = new HashSet<>();
      rows.forEach(row -> there.add(row.key().hash()));
      rows = identities.lockAll(tx, tenant, kind, there);
    }
    Set<T> erased = new HashSet<>();
    rows.stream()
        .filter(StoredMemberBook::tombstone)
        .forEach(row -> erased.add(hashes.get(row.key().hash())));
    return erased;
  }

  static boolean tombstone(Row row) {
    return row.is(IdentityTable.ERASED);
  }

  /**
   * An order keeps what names its buyer, whoever it belongs to in the end. So that nobody named in
   * it is erased meanwhile, their identities are locked; who erases them later finds the order.
   */
  private void expectStill(Tx tx, Tenant tenant, Row read) {
    Optional<Row> now = identities.lockExisting(tx, tenant, read.key());
    if (now.filter(row -> row.member().equals(read.member())).isEmpty()) {
      throw Races.lost("identity");
    }
  }

  /** Locked rows can have become tombstones since they were read. */
  private static Row living(Row row) {
    if (tombstone(row)) {
      throw Races.lost("identity");
    }
    return row;
  }

  @Override
  public OptionalLong whose(
      Tx tx, Tenant tenant, Optional<String> customerNo, Optional<String> phone) {
    Optional<Row> number =
        customerNo
            .flatMap(no -> identities.find(tx, tenant, numberKey(tenant, no)))
            .filter(row -> row.is(IdentityTable.ACTIVE));
    if (number.isPresent()) {
      return number.get().member();
    }
    return phone
        .flatMap(Phone::read)
        .map(given -> phoneKey(tenant, given))
        .filter(key -> !catalog.ownPhone(tx, tenant, key.hash()))
        .flatMap(key -> identities.find(tx, tenant, key))
        .filter(row -> row.is(IdentityTable.ACTIVE))
        .map(Row::member)
        .orElse(OptionalLong.empty());
  }

  /** Whether a number is nobody's for good, or somebody's. */
  private static boolean settled(Optional<Row> number) {
    return number
        .filter(row -> row.is(IdentityTable.WALK_IN) || row.member().isPresent())
        .isPresent();
  }

  /** Whether a phone is nobody's for good, or somebody's who is known by that name. */
  private static boolean settled(Optional<Row> phone, Optional<String> nameHash) {
    return phone
        .filter(
            row ->
                row.is(IdentityTable.SHARED) || (row.member().isPresent() && seen(row, nameHash)))
        .isPresent();
  }

  /** The identity of a number that is not walk-in; locked while it has no member. */
  private Optional<Row> lockUnassigned(
      Tx tx, Tenant tenant, String customerNo, Optional<Row> read, Instant now) {
    Optional<Row> known = read;
    if (!settled(known)) {
      IdentityTable.Key key = numberKey(tenant, customerNo);
      known =
          Optional.of(living(identities.lock(tx, tenant, key, customerNo, now, known.isPresent())));
    }
    return known.filter(row -> !row.is(IdentityTable.WALK_IN));
  }

  /**
   * The identity of a phone that identifies: neither the shop's own nor shared after this name too.
   * Locked if it has no member or the name is new to it, so that most orders lock nothing here.
   */
  Optional<Row> usable(
      Tx tx,
      Tenant tenant,
      Phone phone,
      Optional<Row> known,
      Optional<String> nameHash,
      Instant now) {
    return usable(
        tx,
        tenant,
        phone,
        known,
        () -> catalog.ownPhone(tx, tenant, phoneKey(tenant, phone).hash()),
        nameHash,
        now);
  }

  private Optional<Row> usable(
      Tx tx,
      Tenant tenant,
      Phone phone,
      Optional<Row> known,
      BooleanSupplier ownPhone,
      Optional<String> nameHash,
      Instant now) {
    IdentityTable.Key key = phoneKey(tenant, phone);
    if (known.filter(row -> row.is(IdentityTable.SHARED)).isPresent() || ownPhone.getAsBoolean()) {
      return Optional.empty();
    }
    if (known.filter(row -> row.member().isPresent() && seen(row, nameHash)).isPresent()) {
      return known;
    }
    Row locked = living(identities.lock(tx, tenant, key, phone.value(), now, known.isPresent()));
    return seen(locked, nameHash) || noteName(tx, tenant, locked, nameHash.orElseThrow())
        ? Optional.of(locked).filter(row -> !row.is(IdentityTable.SHARED))
        : Optional.empty();
  }

  private static boolean seen(Row phone, Optional<String> nameHash) {
    return nameHash.isEmpty()
        || phone.is(IdentityTable.SHARED)
        || List.of(phone.names().split(" ", -1)).contains(nameHash.get());
  }

  /** Whether the phone still identifies with one name more. */
  private boolean noteName(Tx tx, Tenant tenant, Row phone, String nameHash) {
    String names = phone.names().isEmpty() ? nameHash : phone.names() + " " + nameHash;
    if (names.split(" ", -1).length < NAMES_OF_A_SHARED_PHONE) {
      identities.setStatus(tx, tenant, phone.key(), IdentityTable.ACTIVE, names);
      return true;
    }
    identities.setStatus(tx, tenant, phone.key(), IdentityTable.SHARED, null);
    IdentityTable.changed(tx, tenant, phone);
    return false;
  }

  private OptionalLong ofPhone(Tx tx, Tenant tenant, Optional<Row> phone, Instant now) {
    if (phone.isEmpty() || phone.get().member().isPresent()) {
      return phone.isEmpty() ? OptionalLong.empty() : phone.get().member();
    }
    long member = ids.next();
    members.insert(tx, tenant, member, "ORDER", false, now);
    identities.setMember(tx, tenant, phone.get().key(), OptionalLong.of(member));
    return OptionalLong.of(member);
  }

  /** The member of a number that is not walk-in; its phones are joined or noted. */
  OptionalLong ofNumber(
      Tx tx, Tenant tenant, Row number, List<Row> phones, String source, Instant now) {
    long member =
        number.member().isPresent()
            ? number.member().getAsLong()
            : newOfNumber(tx, tenant, number, phones, source, now);
    if (number.member().isPresent() && phones.stream().anyMatch(one -> one.member().isEmpty())) {
      lock(tx, tenant, List.of(member), List.of(member));
    }
    for (Row phone : phones) {
      if (phone.member().isEmpty()) {
        identities.setMember(tx, tenant, phone.key(), OptionalLong.of(member));
      } else if (phone.member().getAsLong() != member) {
        suspectSame(tx, tenant, member, phone.member().getAsLong(), "PHONE", now);
      }
    }
    return OptionalLong.of(member);
  }

  private long newOfNumber(
      Tx tx, Tenant tenant, Row number, List<Row> phones, String source, Instant now) {
    OptionalLong unnumbered = takeUnnumbered(tx, tenant, phones);
    long member = unnumbered.isPresent() ? unnumbered.getAsLong() : ids.next();
    if (unnumbered.isEmpty()) {
      members.insert(tx, tenant, member, source, true, now);
    }
    identities.setMember(tx, tenant, number.key(), OptionalLong.of(member));
    return member;
  }

  private OptionalLong takeUnnumbered(Tx tx, Tenant tenant, List<Row> phones) {
    for (Row phone : phones) {
      if (phone.member().isPresent()
          && members.takeNumber(tx, tenant, phone.member().getAsLong())) {
        return phone.member();
      }
    }
    return OptionalLong.empty();
  }

  private void addName(Tx tx, Tenant tenant, AskedBuyer asked, long member, String name) {
    if (asked.nameless(member).orElseGet(() -> members.nameless(tx, tenant, member))) {
      members.nameIfMissing(tx, tenant, member, name);
    }
  }

  static Optional<String> nameHash(Tenant tenant, Optional<String> name) {
    return name.map(StoredMemberBook::comparable)
        .filter(text -> !text.isEmpty())
        .map(text -> tenant.privacy().hash("name", text));
  }

  private static String comparable(String name) {
    return BLANKS
        .matcher(Normalizer.normalize(name, Normalizer.Form.NFKC))
        .replaceAll("")
        .toLowerCase(Locale.ROOT);
  }

  static IdentityTable.Key numberKey(Tenant tenant, String customerNo) {
    return new IdentityTable.Key(IdentityKind.CUSTOMER_NO, "", Keys.customerNo(tenant, customerNo));
  }

  static IdentityTable.Key phoneKey(Tenant tenant, Phone phone) {
    return new IdentityTable.Key(IdentityKind.PHONE, "", Keys.hash(tenant, phone));
  }

  @Override
  public void lock(Tx tx, Tenant tenant, Collection<Long> memberIds) {
    lock(tx, tenant, memberIds, List.of());
  }

  @Override
  public void lock(Tx tx, Tenant tenant, Collection<Long> memberIds, Collection<Long> receiving) {
    expect(members.lockAll(tx, tenant, memberIds), receiving);
    members.mark(tx, tenant, receiving);
  }

  @Override
  public void lockAndAdd(
      Tx tx,
      Tenant tenant,
      long memberId,
      boolean receiving,
      Bought more,
      Function<SQLException, @Nullable RuntimeException> told) {
    // Either way the row is changed, which is what a mark leaves.
    List<Long> given = receiving ? List.of(memberId) : List.of();
    if (tx.dialect().returnsUpdated()) {
      members.lockAndAdd(tx, tenant, memberId, more, fate -> expect(List.of(fate), given), told);
    } else if (!members.add(tx, tenant, memberId, receiving, more)) {
      throw Races.lost("member");
    }
  }

  /** Members that are locked must be there still; what is given goes to nobody who was erased. */
  void expect(List<MemberTable.Fate> locked, Collection<Long> receiving) {
    for (MemberTable.Fate fate : locked) {
      if (fate.mergedInto() != null || (fate.erased() && receiving.contains(fate.id()))) {
        throw Races.lost("member");
      }
    }
  }

  @Override
  public void lockAny(Tx tx, Tenant tenant, Collection<Long> memberIds) {
    members.lockAll(tx, tenant, memberIds);
  }

  @Override
  public Set<Long> suspects(Tx tx, Tenant tenant, Collection<Long> memberIds, boolean locked) {
    return members.suspects(tx, tenant, memberIds, locked);
  }

  @Override
  public long survivor(Tx tx, Tenant tenant, long memberId) {
    long at = memberId;
    for (int step = 0; step < MOST_STEPS; step++) {
      Long next = members.fate(tx, tenant, at).map(MemberTable.Fate::mergedInto).orElse(null);
      if (next == null) {
        return at;
      }
      at = next;
    }
    throw new IllegalStateException("member " + memberId + " was merged in a circle");
  }

  @Override
  public Map<Long, Long> survivors(Tx tx, Tenant tenant, Collection<Long> memberIds) {
    Map<Long, Long> at = new HashMap<>();
    memberIds.forEach(id -> at.put(id, id));
    Set<Long> open = new HashSet<>(memberIds);
    for (int step = 0; !open.isEmpty(); step++) {
      if (step == MOST_STEPS) {
        throw new IllegalStateException("members " + open + " were merged in a circle");
      }
      Map<Long, Long> onwards = new HashMap<>();
      members
          .fates(tx, tenant, open)
          .forEach(
              (id, fate) -> {
                if (fate.mergedInto() != null) {
                  onwards.put(id, fate.mergedInto());
                }
              });
      at.replaceAll((id, now) -> onwards.getOrDefault(now, now));
      open = new HashSet<>(onwards.values());
    }
    return at;
  }

  /** The member that an id stands for now. */
  long living(Tx tx, Tenant tenant, long id) {
    long survivor = survivor(tx, tenant, id);
    MemberTable.Fate fate =
        members
            .fate(tx, tenant, survivor)
            .filter(one -> !one.erased())
            .orElseThrow(() -> unknown(tenant, id));
    if (fate.mergedInto() != null) {
      throw Races.lost("member"); // it ended between the two reads
    }
    return survivor;
  }

  /** The same, locked: something is added to its file. */
  long lockLiving(Tx tx, Tenant tenant, long id) {
    long member = living(tx, tenant, id);
    lock(tx, tenant, List.of(member), List.of(member));
    return member;
  }

  static NotFoundException unknown(Tenant tenant, long id) {
    return new NotFoundException(
        "Dealer '%s' has no member %d, or the person was erased. Take ids from members().find(customerNo), or from an order's memberId()."
            .formatted(tenant.code(), id));
  }

  @Override
  public boolean erased(Tx tx, Tenant tenant, long memberId) {
    return members.fate(tx, tenant, memberId).filter(MemberTable.Fate::erased).isPresent();
  }

  @Override
  public boolean erased(Tx tx, Tenant tenant, String account, String openidHash) {
    return identities
        .find(tx, tenant, new IdentityTable.Key(IdentityKind.OPENID, account, openidHash))
        .filter(StoredMemberBook::tombstone)
        .isPresent();
  }

  boolean lockErased(Tx tx, Tenant tenant, String account, String openidHash) {
    return identities
        .lockExisting(tx, tenant, new IdentityTable.Key(IdentityKind.OPENID, account, openidHash))
        .filter(StoredMemberBook::tombstone)
        .isPresent();
  }

  boolean lockErasedPhone(Tx tx, Tenant tenant, String phoneHash) {
    return identities
        .lockExisting(tx, tenant, phoneKey(phoneHash))
        .filter(StoredMemberBook::tombstone)
        .isPresent();
  }

  @Override
  public boolean bare(Tx tx, Tenant tenant, long memberId) {
    return identities.ofMember(tx, tenant, memberId).stream()
        .allMatch(row -> row.key().kind() == IdentityKind.OPENID);
  }

  // Openids

  @Override
  public String openidHash(Tenant tenant, String account, String openid) {
    return openidHashOf(tenant, account, openid);
  }

  static String openidHashOf(Tenant tenant, String account, String openid) {
    return Keys.openidHash(tenant, account, openid);
  }

  @Override
  public OpenidIdentity openid(Tx tx, Tenant tenant, String account, String openid, Instant now) {
    String value = Keys.line("openid", openid, 128);
    Row row = living(identities.lock(tx, tenant, openidKey(tenant, account, value), value, now));
    if (row.sealed() != null || row.unfollowed()) {
      return row.openid();
    }
    identities.setValue(tx, tenant, row.key(), value);
    OpenidIdentity before = row.openid();
    return new OpenidIdentity(
        before.account(), before.hash(), before.memberId(), before.follows(), true);
  }

  @Override
  public Optional<OpenidIdentity> openid(Tx tx, Tenant tenant, String account, String openidHash) {
    return identities
        .find(tx, tenant, new IdentityTable.Key(IdentityKind.OPENID, account, openidHash))
        .map(Row::openid);
  }

  @Override
  public boolean attach(Tx tx, Tenant tenant, OpenidIdentity openid, long memberId, Instant now) {
    Row row = locked(tx, tenant, openid);
    if (row.member().isEmpty()) {
      identities.setMember(tx, tenant, row.key(), OptionalLong.of(memberId));
      return true;
    }
    long own = row.member().getAsLong();
    if (own == memberId) {
      return true;
    }
    if (!bare(tx, tenant, own)) {
      return false;
    }
    merger.join(
        tx, tenant, memberId, own, MemberOwnings.Owned.nothing(), NoOwnings.INSTANCE, scan(now));
    return true;
  }

  private static Merger.Act scan(Instant now) {
    return new Merger.Act("laoke", Optional.of("SCAN"), now);
  }

  @Override
  public void detach(
      Tx tx, Tenant tenant, String account, String openidHash, long memberId, Instant now) {
    Optional<Row> found =
        identities
            .lockExisting(
                tx, tenant, new IdentityTable.Key(IdentityKind.OPENID, account, openidHash))
            .filter(row -> row.member().equals(OptionalLong.of(memberId)));
    if (found.isPresent()) {
      IdentityTable.Key key = found.get().key();
      Optional<Merge> bare =
          merger.merges.of(tx, tenant, List.of(memberId)).stream()
              .filter(merge -> merge.live() && merge.survivor() == memberId)
              .filter(merge -> merge.by().equals(scan(now).by()) && merge.orders() == 0)
              .filter(
                  merge ->
                      merger.merges.items(tx, tenant, merge.id()).contains(MergeTable.Item.of(key)))
              .findFirst();
      if (bare.isPresent()) {
        members.lockAll(tx, tenant, List.of(bare.get().merged(), memberId));
        merger.undo(tx, tenant, bare.get(), NoOwnings.INSTANCE, scan(now));
      } else {
        identities.setMember(tx, tenant, key, OptionalLong.empty());
        tx.changed(tenant.id(), memberId);
      }
    }
  }

  @Override
  public void follower(Tx tx, Tenant tenant, String account, String openid, Instant now) {
    IdentityTable.Key key = openidKey(tenant, account, openid);
    Optional<Row> row = identities.lockExisting(tx, tenant, key);
    if (row.filter(one -> one.member().isEmpty() && !tombstone(one)).isPresent()
        && !staff(tx, tenant, account, key.hash())) {
      newMember(tx, tenant, row.get().openid(), FOLLOW, now);
    }
  }

  @Override
  public long newMember(Tx tx, Tenant tenant, OpenidIdentity openid, String source, Instant now) {
    Row row = locked(tx, tenant, openid);
    if (row.member().isPresent()) {
      return row.member().getAsLong();
    }
    long member = ids.next();
    members.insert(tx, tenant, member, Keys.line("source", source, 32), false, now);
    identities.setMember(tx, tenant, row.key(), OptionalLong.of(member));
    return member;
  }

  private Row locked(Tx tx, Tenant tenant, OpenidIdentity openid) {
    return living(lockedOrMissing(tx, tenant, openid));
  }

  private Row lockedOrMissing(Tx tx, Tenant tenant, OpenidIdentity openid) {
    return identities
        .lockExisting(
            tx, tenant, new IdentityTable.Key(IdentityKind.OPENID, openid.account(), openid.hash()))
        .orElseThrow(
            () ->
                new NotFoundException(
                    "The openid is not known in account '%s'. Let its person follow or scan first."
                        .formatted(openid.account())));
  }

  @Override
  public List<OpenidIdentity> openidsOf(Tx tx, Tenant tenant, long memberId, String account) {
    return followed(identities.ofMember(tx, tenant, memberId)).stream()
        .filter(openid -> openid.account().equals(account))
        .toList();
  }

  @Override
  public void openidsLater(
      Tx tx, Tenant tenant, long memberId, Consumer<List<OpenidIdentity>> found) {
    identities.ofMemberLater(tx, tenant, memberId, rows -> found.accept(followed(rows)));
  }

  private static List<OpenidIdentity> followed(List<Row> rows) {
    return openids(rows).filter(openid -> openid.follows() && openid.reachable()).toList();
  }

  @Override
  public Map<Long, List<OpenidIdentity>> openidsOf(
      Tx tx, Tenant tenant, Collection<Long> memberIds) {
    Map<Long, List<OpenidIdentity>> found = new HashMap<>();
    for (List<Long> some : Chunks.of(memberIds)) {
      for (OpenidIdentity one :
          followed(identities.ofMembers(tx, tenant, IdentityKind.OPENID, some))) {
        found.computeIfAbsent(one.memberId().orElseThrow(), member -> new ArrayList<>()).add(one);
      }
    }
    return found;
  }

  @Override
  public Map<Long, List<OpenidIdentity>> reachableOpenids(
      Tx tx, Tenant tenant, Collection<Long> memberIds) {
    Map<Long, List<OpenidIdentity>> found = new HashMap<>();
    for (List<Long> some : Chunks.of(memberIds)) {
      openids(identities.ofMembers(tx, tenant, IdentityKind.OPENID, some))
          .filter(OpenidIdentity::reachable)
          .forEach(
              one ->
                  found
                      .computeIfAbsent(one.memberId().orElseThrow(), member -> new ArrayList<>())
                      .add(one));
    }
    return found;
  }

  @Override
  public Set<Long> refusing(Tx tx, Tenant tenant, Collection<Long> memberIds, Purpose purpose) {
    Set<Long> refusing = new HashSet<>();
    for (List<Long> some : Chunks.of(memberIds)) {
      ConsentRule.counting(merger.consents.of(tx, tenant, new HashSet<>(some)))
          .forEach(
              (member, said) -> {
                if (Boolean.FALSE.equals(said.get(purpose))) {
                  refusing.add(member);
                }
              });
    }
    return refusing;
  }

  @Override
  public Set<Long> paused(
      Tx tx, Tenant tenant, Collection<Long> memberIds, Purpose purpose, Instant now) {
    Set<Long> paused = new HashSet<>();
    for (List<Long> some : Chunks.of(memberIds)) {
      merger.pauses.of(tx, tenant, new TreeSet<>(some)).stream()
          .filter(row -> row.purpose() == purpose && row.holdsAt(now))
          .forEach(row -> paused.add(row.member()));
    }
    return paused;
  }

  @Override
  public boolean hasOpenid(Tx tx, Tenant tenant, long memberId, String account) {
    return openids(identities.ofMember(tx, tenant, memberId))
        .anyMatch(openid -> openid.account().equals(account));
  }

  private static Stream<OpenidIdentity> openids(List<Row> rows) {
    return rows.stream().filter(row -> row.key().kind() == IdentityKind.OPENID).map(Row::openid);
  }

  @Override
  public Set<Long> withOpenid(Tx tx, Tenant tenant, Collection<Long> memberIds) {
    Set<Long> found = new HashSet<>();
    for (List<Long> some : Chunks.of(memberIds)) {
      identities
          .ofMembers(tx, tenant, IdentityKind.OPENID, some)
          .forEach(row -> row.member().ifPresent(found::add));
    }
    return found;
  }

  @Override
  public boolean known(Tx tx, Tenant tenant, long memberId) {
    return identities.ofMember(tx, tenant, memberId).stream()
        .filter(row -> row.is(IdentityTable.ACTIVE))
        .map(row -> row.key().kind())
        .anyMatch(kind -> kind == IdentityKind.CUSTOMER_NO || kind == IdentityKind.PHONE);
  }

  @Override
  public boolean sharedPhone(Tx tx, Tenant tenant, String phoneHash) {
    return identities
        .find(tx, tenant, phoneKey(phoneHash))
        .filter(row -> row.is(IdentityTable.SHARED))
        .isPresent();
  }

  @Override
  public OptionalLong byPhone(Tx tx, Tenant tenant, String phoneHash) {
    return identities
        .find(tx, tenant, phoneKey(phoneHash))
        .filter(row -> row.is(IdentityTable.ACTIVE))
        .map(Row::member)
        .orElseGet(OptionalLong::empty);
  }

  private static IdentityTable.Key phoneKey(String phoneHash) {
    return new IdentityTable.Key(IdentityKind.PHONE, "", phoneHash);
  }

  // Text messages

  @Override
  public Map<Long, String> mobilesOf(Tx tx, Tenant tenant, Collection<Long> memberIds) {
    Map<Long, String> found = new HashMap<>();
    for (List<Long> some : Chunks.of(memberIds)) {
      for (Row row : identities.ofMembers(tx, tenant, IdentityKind.PHONE, some)) {
        if (row.is(IdentityTable.ACTIVE) && mobile(tenant, row.sealed())) {
          found.putIfAbsent(row.member().orElseThrow(), row.key().hash());
        }
      }
    }
    return found;
  }

  /** What no key opens cannot be written to. */
  private static boolean mobile(Tenant tenant, @Nullable String sealed) {
    try {
      String value = tenant.privacy().open(sealed);
      return value != null && Phone.read(value).filter(Phone::mobile).isPresent();
    } catch (SealedException closed) {
      return false;
    }
  }

  @Override
  public void refusedByPhone(
      Tx tx, Tenant tenant, String phoneHash, String source, Instant at, Instant now) {
    Optional<Row> row =
        identities.lockExisting(tx, tenant, phoneKey(phoneHash)).filter(one -> !tombstone(one));
    if (row.isEmpty() || row.get().member().isEmpty()) {
      return;
    }
    long member = row.get().member().getAsLong();
    Consent refusal = Consent.refused(Purpose.MARKETING, source, at.isAfter(now) ? now : at);
    boolean known =
        merger.consents.of(tx, tenant, List.of(member)).stream()
            .map(ConsentTable.Row::consent)
            .anyMatch(
                one ->
                    one.purpose() == Purpose.MARKETING
                        && !one.given()
                        && one.at().equals(refusal.at()));
    if (!known) {
      merger.consents.insert(tx, tenant, ids.next(), member, refusal, null, now);
    }
  }

  @Override
  public Optional<Boolean> says(
      Tx tx, Tenant tenant, String account, String openid, Consent said, Instant now) {
    IdentityTable.Key key = openidKey(tenant, account, openid);
    OptionalLong known =
        identities.find(tx, tenant, key).map(Row::member).orElseGet(OptionalLong::empty);
    known.ifPresent(member -> lock(tx, tenant, List.of(member), List.of(member)));
    follows(tx, tenant, account, openid, true, said.at()); // else they could not write
    Row row = living(identities.lockExisting(tx, tenant, key).orElseThrow());
    if (row.member().isEmpty() && staff(tx, tenant, account, key.hash())) {
      return Optional.empty();
    }
    if (row.member().isPresent() && !row.member().equals(known)) {
      throw Races.lost("identity"); // somebody else's by now, whom nobody has locked
    }
    long member = newMember(tx, tenant, row.openid(), FOLLOW, now);
    Consent when = said.at().isAfter(now) ? said.at(now) : said;
    merger.consents.insert(tx, tenant, ids.next(), member, when, null, now);
    return Optional.of(
        Boolean.TRUE.equals(
            ConsentRule.counting(merger.consents.of(tx, tenant, List.of(member)))
                .getOrDefault(member, Map.of())
                .get(said.purpose())));
  }

  @Override
  public Set<String> consentedSince(Tx tx, Tenant tenant, Map<String, Instant> since) {
    Map<Long, Set<String>> phones = new HashMap<>();
    identities
        .find(tx, tenant, IdentityKind.PHONE, "", since.keySet())
        .forEach(
            row ->
                row.member()
                    .ifPresent(
                        member ->
                            phones
                                .computeIfAbsent(member, none -> new HashSet<>())
                                .add(row.key().hash())));
    Set<String> consented = new HashSet<>();
    for (ConsentTable.Row row : merger.consents.of(tx, tenant, phones.keySet())) {
      Consent consent = row.consent();
      if (consent.given() && consent.purpose() == Purpose.MARKETING) {
        phones.getOrDefault(row.member(), Set.of()).stream()
            .filter(hash -> consent.at().isAfter(since.getOrDefault(hash, Instant.MAX)))
            .forEach(consented::add);
      }
    }
    return consented;
  }

  @Override
  public boolean staff(Tx tx, Tenant tenant, String account, String openidHash) {
    return catalog.staffOpenid(tx, tenant, account, openidHash);
  }

  @Override
  public void suspectSame(Tx tx, Tenant tenant, long one, long other, String why, Instant now) {
    if (one == other) {
      return;
    }
    long low = Math.min(one, other);
    long high = Math.max(one, other);
    if (!members.duplicateNoted(tx, tenant, low, high)) {
      String reason = Keys.line("why", why, 32);
      members.noteDuplicate(tx, tenant, ids.next(), low, high, reason, now);
    }
  }

  @Override
  public boolean follows(
      Tx tx, Tenant tenant, String account, String openid, boolean follows, Instant at) {
    String value = Keys.line("openid", openid, 128);
    Row row = identities.lock(tx, tenant, openidKey(tenant, account, value), value, at);
    if (tombstone(row) || !newer(row, follows, at.toEpochMilli())) {
      return false;
    }
    identities.setFollows(
        tx, tenant, row.key(), follows ? value : null, follows, at.toEpochMilli());
    IdentityTable.changed(tx, tenant, row);
    return true;
  }

  /**
   * Whether a fact goes over the recorded one; at the same time a follow over an unfollow. If that
   * is wrong, the platform refuses a message; the other way round a follower would hear nothing.
   */
  boolean newer(Row row, boolean follows, long at) {
    return row.follows() == null
        || at > row.followAt()
        || (at == row.followAt() && follows && row.unfollowed());
  }

  Map<String, String> addressesOf(Tx tx, Tenant tenant, String account, Set<String> openidHashes) {
    Map<String, String> addresses = new HashMap<>();
    identities
        .sealedValues(tx, tenant, IdentityKind.OPENID, account, openidHashes)
        .forEach(
            (hash, value) -> {
              String address = tenant.privacy().open(value);
              if (address != null) {
                addresses.put(hash, address);
              }
            });
    return addresses;
  }

  Map<String, String> phonesOf(Tx tx, Tenant tenant, Set<String> phoneHashes) {
    Map<String, String> phones = new HashMap<>();
    identities
        .sealedValues(tx, tenant, IdentityKind.PHONE, "", phoneHashes)
        .forEach(
            (hash, value) -> {
              String phone = tenant.privacy().open(value);
              if (phone != null && Phone.read(phone).filter(Phone::mobile).isPresent()) {
                phones.put(hash, phone);
              }
            });
    return phones;
  }

  /**
   * An unfollow that nobody reported. The platform's clock and the database's are compared here, so
   * it counts from some time before: a follow that is missed would cost more than a refusal.
   */
  void gone(Tx tx, Tenant tenant, String account, String openidHash, Instant asked) {
    long at = asked.minus(CLOCKS_DIFFER).toEpochMilli();
    identities
        .lockExisting(tx, tenant, new IdentityTable.Key(IdentityKind.OPENID, account, openidHash))
        .filter(row -> !tombstone(row) && newer(row, false, at))
        .ifPresent(
            row -> {
              identities.setFollows(tx, tenant, row.key(), null, false, at);
              IdentityTable.changed(tx, tenant, row);
            });
  }

  static IdentityTable.Key openidKey(Tenant tenant, String account, String openid) {
    String key = Keys.line("account", account, 64);
    return new IdentityTable.Key(IdentityKind.OPENID, key, Keys.openidHash(tenant, key, openid));
  }
}

package io.laoke.member;

import io.laoke.base.Internal;
import io.laoke.base.Phone;
import io.laoke.base.Upserted;
import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.Keys;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.jdbc.Undo;
import io.laoke.internal.tenant.Tenant;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Members within one transaction of many facts: the rules are those of {@link MemberBook} and of
 * {@link Members#put}, over rows that are read in advance and written at the end.
 */
@Internal
public final class MemberBatch {
  private final Tenant tenant;
  private final BufferedIdentities identities;
  private final BufferedMembers members;
  private final StoredMemberBook book;
  private final StoredMembers door;
  private final Undo undo;

  MemberBatch(
      Database view,
      Tenant tenant,
      CatalogBook catalog,
      Clock clock,
      StoredMembers.Parts parts,
      Undo undo) {
    this.undo = undo;
    this.tenant = tenant;
    this.identities = new BufferedIdentities(undo);
    this.members = new BufferedMembers(undo);
    this.book = new StoredMemberBook(catalog, parts.ids(), identities, members);
    this.door = new StoredMembers(view, tenant, book, catalog, clock, parts.remembering());
  }

  /** The lookup hashes of those phones that are any. */
  public Map<String, String> phoneHashes(Collection<String> phones) {
    Map<String, String> hashes = new HashMap<>();
    for (String text : phones) {
      Phone.read(text).ifPresent(phone -> hashes.put(Keys.hash(tenant, phone), phone.value()));
    }
    return hashes;
  }

  /**
   * Reads what will be asked for. Where something is locked at once, since a profile is written or
   * identities are claimed, all members that the facts are known to speak of are locked before it,
   * by their ids; else that is left to {@link #flush}, which knows who is changed.
   *
   * @param buyers the customer numbers of buyers and returns
   * @param phones the hashes of their phones and of those of the profiles
   * @param holders whose the orders and returns are now
   * @param claims whether rows of new identities are made at once, since others make them too
   */
  public void prefetch(
      Tx tx,
      Collection<String> buyers,
      Map<String, String> phones,
      List<MemberProfile> profiles,
      Collection<Long> holders,
      boolean claims,
      Instant now) {
    Map<String, String> put = numbers(profiles.stream().map(MemberProfile::customerNo).toList());
    Map<String, String> named = numbers(buyers);
    named.putAll(put);
    identities.prefetch(tx, tenant, IdentityKind.CUSTOMER_NO, named.keySet());
    identities.prefetch(tx, tenant, IdentityKind.PHONE, phones.keySet());
    if (claims || !put.isEmpty()) {
      Set<Long> all = new HashSet<>(holders);
      all.addAll(identities.members());
      members.lockFirst(tx, tenant, all);
    }
    if (claims) {
      identities.claim(tx, tenant, IdentityKind.CUSTOMER_NO, named, now);
      identities.claim(tx, tenant, IdentityKind.PHONE, phones, now);
    }
    Set<Long> written = new HashSet<>();
    for (String hash : put.keySet()) {
      identities
          .find(tx, tenant, new IdentityTable.Key(IdentityKind.CUSTOMER_NO, "", hash))
          .ifPresent(row -> row.member().ifPresent(written::add));
    }
    members.prefetchLocked(tx, tenant, written);
    identities.lockRead(tx, tenant, IdentityKind.CUSTOMER_NO, put.keySet());
    List<Long> others = new ArrayList<>(new HashSet<>(identities.members()));
    members.prefetch(tx, tenant, others);
  }

  private Map<String, String> numbers(Collection<String> customerNos) {
    Map<String, String> hashes = new HashMap<>();
    for (String number : customerNos) {
      hashes.put(StoredMemberBook.numberKey(tenant, number).hash(), number);
    }
    return hashes;
  }

  /** Members for the facts of this transaction. */
  public MemberBook book() {
    return book;
  }

  /** As {@link Members#put}. */
  public Upserted put(Tx tx, MemberProfile profile, Instant now) {
    door.check(profile, now);
    Upserted outcome = door.put(tx, profile, now);
    if (!profile.attributes().isEmpty()) {
      undo.written(); // attributes are written at once
    }
    return outcome;
  }

  /** Whether this transaction made the member, so that nothing is recorded of it yet. */
  public boolean made(long memberId) {
    return members.made(memberId);
  }

  /**
   * Locks the members that are given, and after them what they are known by, and writes both.
   *
   * @param receiving those of them, or others, that something is given to
   * @throws io.laoke.error.StoreException to repeat the transaction, if one was merged, or erased
   *     while something was on its way to it, or an identity is not as it was read
   */
  public void flush(Tx tx, Collection<Long> changing, Collection<Long> receiving) {
    Set<Long> given = new HashSet<>(receiving);
    given.addAll(members.given());
    Set<Long> all = members.changed();
    all.addAll(changing);
    all.addAll(given);
    all.addAll(identities.membersOfWanted());
    book.expect(members.lockStored(tx, tenant, all), given);
    identities.lockWanted(tx, tenant);
    identities.flush(tx, tenant);
    members.flushMade(tx, tenant);
    members.markStored(tx, tenant, given);
    members.flushChanged(tx, tenant);
    identities.verify(tx, tenant);
  }
}

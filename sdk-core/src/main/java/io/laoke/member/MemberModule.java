package io.laoke.member;

import io.laoke.base.Internal;
import io.laoke.catalog.CatalogBook;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.jdbc.Undo;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Accounts;
import io.laoke.message.AddressBook;
import io.laoke.message.ErasedRecipients;
import io.laoke.message.GateRule;
import io.laoke.message.InboundHandler;
import io.laoke.message.RecipientListener;
import io.laoke.message.Reply;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The members' only door for the composition root. */
@Internal
public final class MemberModule {
  private final StoredMemberBook book;
  private final CatalogBook catalog;
  private final Clock clock;
  private final People people;
  private final StoredMembers.Parts parts;
  private final FieldTypes fields;
  private volatile @Nullable MemberOwnings ownings;
  private volatile Accounts accounts = new Accounts(List.of());
  private volatile Set<String> reserved = Set.of();

  /** The members of dealers with standard settings. */
  public MemberModule(CatalogBook catalog, Ids ids, Clock clock) {
    this(catalog, ids, clock, new Json(), tenant -> PeopleSettings.standard());
  }

  /**
   * The members.
   *
   * @param clock business time
   * @param settings a dealer's settings now; asked in every call
   */
  public MemberModule(
      CatalogBook catalog,
      Ids ids,
      Clock clock,
      Json json,
      Function<Tenant, PeopleSettings> settings) {
    this.book = new StoredMemberBook(catalog, ids);
    this.catalog = catalog;
    this.clock = clock;
    this.people = new People(json);
    this.fields = new FieldTypes(json);
    this.parts =
        new StoredMembers.Parts(ids, people, this::owned, settings, fields, () -> accounts);
  }

  private MemberOwnings owned() {
    MemberOwnings set = ownings;
    return set == null ? NoOwnings.INSTANCE : set;
  }

  /** Sets what belongs to members on the floors above; without it, nothing does. */
  public void ownings(MemberOwnings above) {
    ownings = above;
  }

  /** Sets whose followers can be read; without it, nobody's. */
  public void accounts(Accounts all) {
    accounts = all;
  }

  /**
   * Adds what a feature keeps of people, in the order of locks: orders first, then {@link
   * #personalData} of the members themselves, then all others.
   */
  public void personalData(PersonalData feature) {
    people.add(feature);
  }

  /** What the members' own tables keep of people. */
  public PersonalData personalData() {
    return new MemberData(book, fields);
  }

  /** Who was erased, for facts from outside. */
  public ErasedRecipients erasedRecipients() {
    return new ErasedRecipients() {
      @Override
      public boolean erased(Tx tx, Tenant tenant, String account, String openidHash) {
        return book.lockErased(tx, tenant, account, openidHash);
      }

      @Override
      public boolean erasedPhone(Tx tx, Tenant tenant, String phoneHash) {
        return book.lockErasedPhone(tx, tenant, phoneHash);
      }
    };
  }

  /** Hold back what a person did not agree to, and what staff have paused. */
  public List<GateRule> gateRules() {
    return List.of(new ConsentRule(book, parts.settings()), new PauseRule(book));
  }

  /**
   * What followers say of marketing, to be registered for facts from outside.
   *
   * @param replies the reply of a dealer that tells what holds now; empty for none
   */
  public InboundHandler inboundHandler(BiFunction<Tenant, ConsentAnswer, Optional<Reply>> replies) {
    return new ConsentTexts(book, parts.settings(), replies, clock);
  }

  /** Whether members may be told something, for whoever tells many. */
  public Reach reach() {
    return new Reach(book, parts.settings());
  }

  /** Sets the names of built-in fields, under which no attribute may be declared. */
  public void reserve(Set<String> names) {
    reserved = Set.copyOf(names);
  }

  /** What dealers declare, for the floors above. */
  public FieldBook fields() {
    return fields;
  }

  /** What a dealer declares of its members, on a view of the database. */
  public Attributes attributes(Database view, Tenant tenant) {
    return new StoredAttributes(
        view, tenant, fields, book.merger.attributes, () -> reserved, clock);
  }

  /** What happens to a dealer's members, on a view of the database. */
  public Events events(Database view, Tenant tenant) {
    return new StoredEvents(view, tenant, book, fields, parts.ids(), clock);
  }

  /** The members for the floors above. */
  public MemberBook book() {
    return book;
  }

  /** The members of a dealer, on a view of the database. */
  public Members members(Database view, Tenant tenant) {
    return new StoredMembers(view, tenant, book, catalog, clock, parts);
  }

  /**
   * Members within one transaction of many facts, kept in memory until {@link MemberBatch#flush}.
   *
   * @param remembered the catalogue within that transaction
   */
  public MemberBatch batch(Database view, Tenant tenant, CatalogBook remembered, Undo undo) {
    return new MemberBatch(view, tenant, remembered, clock, parts, undo);
  }

  /** Where messages are sent: to an openid or a phone as long as its value is known. */
  public AddressBook addressBook() {
    return new AddressBook() {
      @Override
      public Optional<String> addressOf(Tx tx, Tenant tenant, String account, String openidHash) {
        return Optional.ofNullable(
            addressesOf(tx, tenant, account, Set.of(openidHash)).get(openidHash));
      }

      @Override
      public Map<String, String> addressesOf(
          Tx tx, Tenant tenant, String account, Set<String> openidHashes) {
        return book.addressesOf(tx, tenant, account, openidHashes);
      }

      @Override
      public Map<String, String> phonesOf(Tx tx, Tenant tenant, Set<String> phoneHashes) {
        return book.phonesOf(tx, tenant, phoneHashes);
      }
    };
  }

  /** To be told who cannot be reached any more: they have unfollowed. */
  public RecipientListener recipientListener() {
    return book::gone;
  }
}

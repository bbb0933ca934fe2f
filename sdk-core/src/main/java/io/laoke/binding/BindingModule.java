package io.laoke.binding;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Internal;
import io.laoke.catalog.CatalogBook;
import io.laoke.error.ConflictException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.ConsentAnswer;
import io.laoke.member.MemberBook;
import io.laoke.message.Accounts;
import io.laoke.message.Decisions;
import io.laoke.message.InboundHandler;
import io.laoke.message.Outbox;
import io.laoke.message.Reply;
import io.laoke.order.OrderBook;
import io.laoke.order.OrderClaims;
import io.laoke.order.OrderListener;
import io.laoke.sms.SmsBook;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The door of this package for the composition root. */
@Internal
public final class BindingModule {
  private final BindingParts parts;
  private final Binder binder;
  private final SecureRandom random = new SecureRandom();
  private volatile @Nullable PhoneClaims phones;

  /**
   * Builds; opens nothing.
   *
   * @param database the database itself, not a view that joins one connection
   * @param business business time
   * @param settings of each dealer; asked at every call, so it answers from memory
   */
  public BindingModule(
      Database database,
      Ids ids,
      Clock business,
      OrderBook orders,
      MemberBook members,
      CatalogBook catalog,
      Accounts accounts,
      Decisions decisions,
      Function<Tenant, BindingSettings> settings) {
    this.parts =
        new BindingParts(
            notNull("database", database),
            notNull("ids", ids),
            notNull("business", business),
            notNull("orders", orders),
            notNull("members", members),
            notNull("catalog", catalog),
            notNull("accounts", accounts),
            notNull("decisions", decisions),
            notNull("settings", settings),
            new TicketTable(),
            new PaperLinkTable(),
            new RecipientTable());
    this.binder = new Binder(parts);
  }

  /**
   * The public face for one dealer.
   *
   * @param view the database, or its view that joins a connection
   */
  public Bindings bindings(Database view, Tenant tenant) {
    return new StoredBindings(parts, binder, random, this::phones, view, tenant);
  }

  private PhoneClaims phones() {
    PhoneClaims given = phones;
    if (given == null) {
      throw new ConflictException(
          "This engine sends no text messages, so nobody can claim by a phone. Let them claim with"
              + " an order's number: bindings().claim.");
    }
    return given;
  }

  /** Lets people claim by a code that is sent to their phone; to be done before the first call. */
  public void phoneCodes(SmsBook sms, Outbox outbox) {
    phones = new PhoneClaims(parts, binder, notNull("sms", sms), notNull("outbox", outbox), random);
  }

  /** To be registered for facts from outside. */
  public InboundHandler inboundHandler() {
    return new ScanHandler(parts, binder);
  }

  /** Tells a follower in the dealer's words what holds of marketing now. */
  public Optional<Reply> reply(Tenant tenant, ConsentAnswer answer) {
    return new Replies(parts.settings()).reply(tenant, texts -> texts.consent(answer));
  }

  /** To be registered for orders, before the listeners of the floors above. */
  public OrderListener orderListener() {
    return new AutoBinder(parts, binder);
  }

  /** Adds a listener; to be done before the first fact is received. */
  public void listen(BindingBook.Listener listener) {
    binder.listen(notNull("listener", listener));
  }

  /** What the pages of the floors above do, each call in a transaction of its own. */
  public BindingDoor door() {
    return new StoredDoor(parts, binder, () -> Optional.ofNullable(phones));
  }

  /** Who claimed orders, for the orders. */
  public OrderClaims claims() {
    return (tx, tenant, orderIds) -> {
      Map<Long, Long> claimants = new HashMap<>();
      for (RecipientRow row : parts.recipients().of(tx, tenant, orderIds)) {
        if (row.givenMemberId() != null && row.state().bound()) {
          parts
              .members()
              .openid(tx, tenant, row.account(), row.openidHash())
              .ifPresent(who -> who.memberId().ifPresent(id -> claimants.put(row.orderId(), id)));
        }
      }
      return claimants;
    };
  }

  /** What the tables of bindings keep of people. */
  public PersonalData personalData() {
    return new BindingData();
  }

  /** Recipients for the floors above. */
  public BindingBook book() {
    return new StoredBook(parts.recipients());
  }
}

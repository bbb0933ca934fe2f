package io.laoke.sms;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import io.laoke.message.Account;
import io.laoke.message.Accounts;
import io.laoke.message.ChannelKind;
import io.laoke.message.ChannelPreparer;
import io.laoke.message.DealerAccount;
import io.laoke.message.Decisions;
import io.laoke.message.GateRule;
import io.laoke.message.InboundHandler;
import io.laoke.message.InboundReceiver;
import io.laoke.message.MessageChannel;
import io.laoke.message.Outbox;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.RecipientListener;
import io.laoke.message.TemplateMessage;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The door of this package for the composition root. */
@Internal
public final class SmsModule {
  private final SmsTemplateTable templates;
  private final OptOutTable optOuts = new OptOutTable();
  private final Clock business;
  private final MemberBook members;
  private final Accounts accounts;
  private final Outbox outbox;
  private final Decisions decisions;

  /**
   * Builds; opens nothing.
   *
   * @param business business time
   */
  public SmsModule(
      Json json,
      Clock business,
      MemberBook members,
      Accounts accounts,
      Outbox outbox,
      Decisions decisions) {
    this.templates = new SmsTemplateTable(notNull("json", json));
    this.business = notNull("business", business);
    this.members = notNull("members", members);
    this.accounts = notNull("accounts", accounts);
    this.outbox = notNull("outbox", outbox);
    this.decisions = notNull("decisions", decisions);
  }

  /**
   * The public face for one dealer.
   *
   * @param view the database, or its view that joins a connection
   */
  public Sms sms(Database view, Tenant tenant) {
    return new StoredSms(
        templates, optOuts, outbox, decisions, book(), accounts, business, view, tenant);
  }

  /** Where hosts hand over what providers push. */
  public SmsPushes pushes(InboundReceiver receiver) {
    return new SmsPushes(accounts, notNull("receiver", receiver));
  }

  /** Text messages for the floors above. */
  public SmsBook book() {
    return new Book();
  }

  /** To be registered with the engine: hands channels the templates. */
  public ChannelPreparer preparer() {
    return this::prepared;
  }

  private Optional<MessageChannel> prepared(
      Tx tx, Tenant tenant, ChannelKind kind, Account account, Set<String> templateIds) {
    return account
        .channel(kind)
        .map(
            channel ->
                channel instanceof SmsChannel sms
                    ? sms.with(templates.find(tx, tenant, templateIds))
                    : channel);
  }

  /** To be registered with the gate. */
  public GateRule gateRule() {
    return new SmsRule(optOuts, members, accounts);
  }

  /** To be registered for facts from outside. */
  public InboundHandler inboundHandler() {
    return new OptOuts(optOuts, members, accounts, business);
  }

  /** To be registered with the engine. */
  public RecipientListener recipientListener() {
    return new OptOuts(optOuts, members, accounts, business);
  }

  /** What its tables keep of people. */
  public PersonalData personalData() {
    return new SmsData();
  }

  private final class Book implements SmsBook {
    @Override
    public Map<Long, Route> routes(Tx tx, Tenant tenant, Collection<Long> memberIds) {
      Optional<String> account = account(tenant);
      if (account.isEmpty() || memberIds.isEmpty()) {
        return Map.of();
      }
      Map<Long, Long> survivors = members.survivors(tx, tenant, memberIds);
      Map<Long, String> mobiles = members.mobilesOf(tx, tenant, Set.copyOf(survivors.values()));
      Map<Long, Route> routes = new HashMap<>();
      survivors.forEach(
          (member, survivor) -> {
            String phoneHash = mobiles.get(survivor);
            if (phoneHash != null) {
              routes.put(member, new Route(account.get(), phoneHash));
            }
          });
      return routes;
    }

    @Override
    public Optional<String> account(Tenant tenant) {
      return accounts.forSms(tenant.code()).stream().map(Account::key).findFirst();
    }

    @Override
    public Optional<SmsTemplate> template(Tx tx, Tenant tenant, String key) {
      return templates.find(tx, tenant, key);
    }

    @Override
    public Optional<Reason> problem(
        String account, Purpose purpose, SmsTemplate template, TemplateMessage body) {
      Optional<SmsChannel> channel =
          accounts
              .find(account)
              .map(DealerAccount::account)
              .flatMap((Account one) -> one.channel(ChannelKind.SMS))
              .filter(SmsChannel.class::isInstance)
              .map(SmsChannel.class::cast);
      return channel.flatMap(
          found -> found.with(Map.of(template.key(), template)).problem(purpose, body));
    }
  }
}

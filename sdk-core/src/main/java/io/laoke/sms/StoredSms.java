package io.laoke.sms;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.base.Phone;
import io.laoke.catalog.Keys;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Account;
import io.laoke.message.Accounts;
import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.Decisions;
import io.laoke.message.NewMessage;
import io.laoke.message.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The text messages of a dealer, on a view of the database. */
final class StoredSms implements Sms, SmsTemplates {
  /** What caused a host's own text message. */
  private static final String CAUSE = "SMS";

  private final SmsTemplateTable table;
  private final OptOutTable optOuts;
  private final Outbox outbox;
  private final Decisions decisions;
  private final SmsBook book;
  private final Accounts accounts;
  private final Clock business;
  private final Database view;
  private final Tenant tenant;

  StoredSms(
      SmsTemplateTable table,
      OptOutTable optOuts,
      Outbox outbox,
      Decisions decisions,
      SmsBook book,
      Accounts accounts,
      Clock business,
      Database view,
      Tenant tenant) {
    this.table = table;
    this.optOuts = optOuts;
    this.outbox = outbox;
    this.decisions = decisions;
    this.book = book;
    this.accounts = accounts;
    this.business = business;
    this.view = view;
    this.tenant = tenant;
  }

  @Override
  public boolean send(SmsMessage message) {
    notNull("message", message);
    return view.write(
        "put a text message",
        tx -> {
          SmsBook.Route route =
              book.route(tx, tenant, message.memberId()).orElseThrow(() -> nowhere(message));
          Instant now = business.instant();
          return outbox.enqueue(
              tx,
              tenant,
              new NewMessage(
                  CAUSE,
                  message.no(),
                  0,
                  "",
                  route.account(),
                  route.phoneHash(),
                  0,
                  message.purpose(),
                  ChannelKind.SMS,
                  SmsBook.body(message.template(), message.values()),
                  now,
                  now.plus(message.validFor())));
        });
  }

  private NotFoundException nowhere(SmsMessage message) {
    return accounts.forSms(tenant.code()).isEmpty()
        ? new NotFoundException(
            "The dealer %s has no SMS account. Give it one with account(\"%s\", SmsAccount.of(…))."
                .formatted(tenant.code(), tenant.code()))
        : new NotFoundException(
            "Dealer '%s' has no member %d with a mobile number of their own. Put one with members().put(…), or reach them otherwise; a number that several people gave is nobody's."
                .formatted(tenant.code(), message.memberId()));
  }

  @Override
  public Optional<Decision> decision(long no) {
    return view.read(
        "read what became of a text message",
        tx -> decisions.about(tx, tenant, CAUSE, Set.of(no)).stream().findFirst());
  }

  @Override
  public SmsTemplates templates() {
    return this;
  }

  @Override
  public Optional<SmsOptOut> optOut(Phone phone) {
    String hash = Keys.hash(tenant, notNull("phone", phone));
    return view.read("read an opt-out", tx -> optOuts.find(tx, tenant, hash));
  }

  @Override
  public boolean put(SmsTemplate template) {
    notNull("template", template);
    return view.write(
        "put an SMS template",
        tx -> table.put(tx, tenant, template, business.instant()) && letGo(tx, template.key()));
  }

  /** What a pause for want of it held is sent, or held again for what is still wrong. */
  private boolean letGo(Tx tx, String key) {
    accounts
        .forSms(tenant.code())
        .forEach(account -> outbox.resumeTemplates(tx, tenant, account.key(), Set.of(key)));
    return true;
  }

  @Override
  public List<SmsTemplate> list() {
    return view.read("list SMS templates", tx -> table.all(tx, tenant));
  }

  @Override
  public Optional<SmsTemplate> find(String key) {
    String wanted = Check.key("key", key, 64);
    return view.read("find an SMS template", tx -> table.find(tx, tenant, wanted));
  }

  @Override
  public boolean state(String key, String provider, SmsApproval.State state) {
    String wanted = Check.key("key", key, 64);
    String at = Check.key("provider", provider, 32);
    notNull("state", state);
    return view.write(
        "note an SMS template's state",
        tx -> {
          SmsTemplate template = table.lock(tx, tenant, wanted).orElseThrow(() -> unknown(wanted));
          if (!template.approvals().containsKey(at)) {
            throw new NotFoundException(
                "The SMS template %s has no code of the provider %s. Put it again with that provider's code."
                    .formatted(wanted, at));
          }
          return table.put(tx, tenant, template.withState(at, state), business.instant())
              && letGo(tx, wanted);
        });
  }

  private NotFoundException unknown(String key) {
    return new NotFoundException(
        "The dealer %s has no SMS template %s. Put it first with sms().templates().put(…)."
            .formatted(tenant.code(), key));
  }

  @Override
  public boolean remove(String key) {
    String wanted = Check.key("key", key, 64);
    return view.write("remove an SMS template", tx -> table.remove(tx, tenant, wanted));
  }

  @Override
  public int segments(String key, Map<String, String> values) {
    SmsTemplate template = find(key).orElseThrow(() -> unknown(key));
    String signature =
        accounts.forSms(tenant.code()).stream()
            .flatMap((Account one) -> one.capability(SmsAccount.class).stream())
            .map(SmsAccount::signature)
            .max(Comparator.comparing(String::length))
            .orElse("");
    return template.segments(signature, values);
  }
}

package io.laoke.notice;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.TemplateMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The words in which reminders are told, and staff of them. */
@Internal
public final class ServiceTexts {
  private final TemplateTable templates;
  private final Function<Tenant, NoticeSettings> settings;

  ServiceTexts(TemplateTable templates, Function<Tenant, NoticeSettings> settings) {
    this.templates = templates;
    this.settings = settings;
  }

  /** The dealer's templates as they are now. Two queries. */
  public Now now(Tx tx, Tenant tenant) {
    return new Now(
        templates.of(tx, tenant, TemplateTable.REMINDER),
        templates.of(tx, tenant, TemplateTable.SUBSCRIPTION));
  }

  /** The dealer's templates of digests as they are now. One query. */
  public Digests digests(Tx tx, Tenant tenant) {
    return new Digests(templates.of(tx, tenant, TemplateTable.DIGEST));
  }

  /** Templates of digests by account. */
  public static final class Digests {
    private final Map<String, NoticeTemplate> byAccount;

    Digests(Map<String, NoticeTemplate> byAccount) {
      this.byAccount = byAccount;
    }

    /** Whether staff are told in any account. */
    public boolean any() {
      return !byAccount.isEmpty();
    }

    /** The message in an account; empty where no template is set. */
    public Optional<TemplateMessage> message(String account, DigestFacts facts) {
      return Optional.ofNullable(byAccount.getOrDefault(account, byAccount.get("")))
          .map(template -> NoticeWriter.message(template, facts));
    }
  }

  /** What the dealer calls itself. */
  public String dealerName(Tenant tenant) {
    return settings.apply(tenant).dealerName().orElse(tenant.code());
  }

  /** Templates by account. Used by one thread. */
  public static final class Now {
    private final Map<String, NoticeTemplate> byAccount;
    private final Map<String, NoticeTemplate> subscriptions;
    private final Map<NoticeTemplate, Map<String, Expression>> parsed = new HashMap<>();
    private @Nullable Boolean namesStores;

    Now(Map<String, NoticeTemplate> byAccount, Map<String, NoticeTemplate> subscriptions) {
      this.byAccount = byAccount;
      this.subscriptions = subscriptions;
    }

    /** Whether any account tells by one-time subscription messages. */
    public boolean subscribes() {
      return !subscriptions.isEmpty();
    }

    /** Whether any of them says in which store the goods were bought. */
    public boolean namesStores() {
      Boolean known = namesStores;
      if (known == null) {
        known =
            Stream.of(byAccount, subscriptions)
                .flatMap(templates -> templates.values().stream())
                .anyMatch(NoticeWriter::namesStore);
        namesStores = known;
      }
      return known;
    }

    /** The message to whom has agreed to one; empty where they agreed to none that is set. */
    public Optional<TemplateMessage> message(SubscriptionGrants.Open grant, ServiceFacts facts) {
      return Optional.ofNullable(subscriptions.get(grant.account()))
          .filter(template -> template.templateId().equals(grant.templateId()))
          .map(SubscriptionNotice::read)
          .map(notice -> notice.withScene(grant.scene()))
          .map(notice -> NoticeWriter.message(notice.template(), facts));
    }

    /** Whether reminders can be told in this account. */
    public boolean has(String account) {
      return byAccount.containsKey(account) || byAccount.containsKey("");
    }

    /** The message to a follower of an account; empty where no template is set. */
    public Optional<TemplateMessage> message(String account, ServiceFacts facts) {
      return Optional.ofNullable(byAccount.getOrDefault(account, byAccount.get("")))
          .map(
              template ->
                  NoticeWriter.message(
                      template, parsed.computeIfAbsent(template, NoticeWriter::fields), facts));
    }
  }
}

package io.laoke.notice;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.TemplateMessage;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The words in which reminders are told. */
@Internal
public final class ServiceTexts {
  private final TemplateTable templates;
  private final Function<Tenant, NoticeSettings> settings;

  ServiceTexts(TemplateTable templates, Function<Tenant, NoticeSettings> settings) {
    this.templates = templates;
    this.settings = settings;
  }

  /** The dealer's templates as they are now. One query. */
  public Now now(Tx tx, Tenant tenant) {
    return new Now(templates.of(tx, tenant, TemplateTable.REMINDER));
  }

  /** What the dealer calls itself. */
  public String dealerName(Tenant tenant) {
    return settings.apply(tenant).dealerName().orElse(tenant.code());
  }

  /** Templates by account. */
  public static final class Now {
    private final Map<String, NoticeTemplate> byAccount;

    Now(Map<String, NoticeTemplate> byAccount) {
      this.byAccount = byAccount;
    }

    /** Whether reminders can be told in this account. */
    public boolean has(String account) {
      return byAccount.containsKey(account) || byAccount.containsKey("");
    }

    /** The message to a follower of an account; empty where no template is set. */
    public Optional<TemplateMessage> message(String account, ServiceFacts facts) {
      return Optional.ofNullable(byAccount.getOrDefault(account, byAccount.get("")))
          .map(template -> NoticeWriter.message(template, facts));
    }
  }
}

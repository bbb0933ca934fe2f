package io.laoke.sms;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.NewMessage;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.TemplateMessage;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Text messages as the floors above send them, inside a transaction that is under way. */
@Internal
public interface SmsBook {
  /**
   * Where a member gets text messages: a mobile number that is theirs alone, by the dealer's first
   * SMS account. Empty if the member has none, or the dealer. One query.
   */
  default Optional<Route> route(Tx tx, Tenant tenant, long memberId) {
    return Optional.ofNullable(routes(tx, tenant, Set.of(memberId)).get(memberId));
  }

  /** The same for each of these that has one, by member. A few queries for each 500. */
  Map<Long, Route> routes(Tx tx, Tenant tenant, Collection<Long> memberIds);

  /** The key of the dealer's first SMS account; empty if there is none. */
  Optional<String> account(Tenant tenant);

  /** The template of that key; empty if the dealer has none. One query. */
  Optional<SmsTemplate> template(Tx tx, Tenant tenant, String key);

  /**
   * Why a message in this template would be held or refused without being sent by that account, as
   * things are now. No query.
   */
  Optional<Reason> problem(
      String account, Purpose purpose, SmsTemplate template, TemplateMessage body);

  /**
   * What is sent, for {@link NewMessage#body}.
   *
   * @param templateKey a key of the registry
   * @param values by the names of the template's parameters
   */
  static TemplateMessage body(String templateKey, Map<String, String> values) {
    Map<String, TemplateMessage.Field> fields = new LinkedHashMap<>();
    values.forEach((name, value) -> fields.put(name, new TemplateMessage.Field(value, null)));
    return new TemplateMessage(templateKey, fields, Optional.empty(), Optional.empty());
  }

  /**
   * Where text messages to somebody go.
   *
   * @param account for {@link NewMessage#account}
   * @param phoneHash for {@link NewMessage#openidHash}
   */
  record Route(String account, String phoneHash) {
    /** Shows no phone. */
    @Override
    public String toString() {
      return "Route[" + account + "]";
    }
  }
}

package io.laoke.message;

import io.laoke.base.Phone;
import io.laoke.catalog.Keys;
import io.laoke.internal.tenant.Tenant;

/** Whom a fact is about, as outbox and decisions name recipients. */
final class Recipients {
  private Recipients() {}

  /** A phone is the same in all accounts, an openid is one account's. */
  static String of(Tenant tenant, String account, Inbound fact) {
    return fact.byPhone()
        ? Keys.hash(tenant, Phone.of(fact.openid()))
        : Keys.recipient(tenant, account, fact.openid());
  }
}

package io.laoke.member;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;

/** Nothing but identities moves. */
enum NoOwnings implements MemberOwnings {
  INSTANCE;

  @Override
  public Owned lock(Tx tx, Tenant tenant, long memberId) {
    return Owned.nothing();
  }

  @Override
  public Owned now(Tx tx, Tenant tenant, long memberId) {
    return Owned.nothing();
  }

  @Override
  public Owned had(Tx tx, Tenant tenant, long memberId) {
    return Owned.nothing();
  }

  @Override
  public void move(Tx tx, Tenant tenant, Owned all, long from, long to, Instant now) {
    // Nothing moves.
  }

  @Override
  public Back moveBack(
      Tx tx, Tenant tenant, Owned brought, Owned had, long from, long to, Instant now) {
    return new Back(0, 0, 0);
  }
}

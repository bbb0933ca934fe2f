package io.laoke.binding;

import io.laoke.base.Phone;
import io.laoke.binding.Admission.Arrival;
import io.laoke.binding.Admission.Came;
import io.laoke.binding.Admission.Door;
import io.laoke.binding.Binder.Telling;
import io.laoke.catalog.Keys;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.OrderDetail;
import io.laoke.order.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lets people have orders of which they know the number and the phone's last digits. */
final class Claims {
  /** Wrong tries of one person, and for one number, until the window is over. */
  static final int TRIES_OF_ONE = 5;

  static final int TRIES_FOR_AN_ORDER = 10;
  static final Duration WINDOW = Duration.ofDays(1);

  private final BindingParts parts;
  private final Binder binder;
  private final Admission admission;
  private final ClaimTries tries = new ClaimTries();

  Claims(BindingParts parts, Binder binder) {
    this.parts = parts;
    this.binder = binder;
    this.admission = new Admission(parts, binder);
  }

  /**
   * Claims; wrong tries count only if the transaction is committed, so it must not be the host's.
   */
  ClaimOutcome claim(
      Tx tx,
      Tenant tenant,
      Arrival arrival,
      String orderNo,
      String lastFour,
      @Nullable Telling by) {
    String account = arrival.account();
    String hash = parts.members().openidHash(tenant, account, arrival.openid());
    if (parts.members().staff(tx, tenant, account, hash)) {
      return new ClaimOutcome.StaffClaim();
    }
    if (parts.members().erased(tx, tenant, account, hash)) {
      return new ClaimOutcome.NoMatch(); // nothing is recorded of them until readmitted
    }
    // One spelling, so that nobody gets more tries by changing case.
    String spelt = orderNo.toUpperCase(Locale.ROOT);
    ClaimTries.Key one = new ClaimTries.Key("OPENID", hash);
    ClaimTries.Key number = new ClaimTries.Key("ORDER", tenant.privacy().hash("claim", spelt));
    long machine = tx.machineMillis();
    long blocked =
        Math.max(
            tries.blockedUntil(tx, tenant, one, TRIES_OF_ONE, WINDOW, machine),
            tries.blockedUntil(tx, tenant, number, TRIES_FOR_AN_ORDER, WINDOW, machine));
    if (blocked > machine) {
      return new ClaimOutcome.TooManyTries(Duration.ofMillis(blocked - machine));
    }
    Optional<OrderDetail> order =
        parts
            .orders()
            .lock(tx, tenant, orderNo)
            .or(
                () ->
                    spelt.equals(orderNo)
                        ? Optional.empty()
                        : parts.orders().lock(tx, tenant, spelt))
            .filter(found -> proven(tx, tenant, found, lastFour));
    if (order.isEmpty()) {
      tries.count(tx, tenant, one, WINDOW, machine);
      tries.count(tx, tenant, number, WINDOW, machine);
      return new ClaimOutcome.NoMatch();
    }
    return admitted(tx, tenant, arrival, order.get(), by);
  }

  private ClaimOutcome admitted(
      Tx tx, Tenant tenant, Arrival arrival, OrderDetail order, @Nullable Telling by) {
    Instant now = parts.now();
    Came came =
        admission.admit(
            tx,
            tenant,
            arrival,
            new Door(
                order,
                TicketState.ISSUED,
                parts
                    .tickets()
                    .lockLive(tx, tenant, order.id())
                    .filter(row -> row.stateAt(now).live())
                    .orElse(null)),
            now);
    if (came.who() != null) {
      binder.told(tx, tenant, order, came.who(), came.recipientId(), by, now);
    }
    return outcome(came.outcome());
  }

  static ClaimOutcome outcome(ScanOutcome came) {
    if (came instanceof ScanOutcome.Bound bound) {
      return new ClaimOutcome.Bound(bound.order());
    }
    if (came instanceof ScanOutcome.AlreadyYours yours) {
      return new ClaimOutcome.AlreadyYours(yours.order(), yours.resumed());
    }
    if (came instanceof ScanOutcome.AlsoReceiving also) {
      return new ClaimOutcome.AlsoReceiving(also.order(), also.recipients());
    }
    return came instanceof ScanOutcome.OrderClosed
        ? new ClaimOutcome.OrderClosed()
        : new ClaimOutcome.TakenByAnother();
  }

  /** Whether one of the order's phones ends so. A phone that many know proves nothing. */
  private boolean proven(Tx tx, Tenant tenant, OrderDetail order, String lastFour) {
    return Stream.of(order.buyer().phone(), order.place().flatMap(Place::phone))
        .flatMap(Optional::stream)
        .flatMap(text -> Phone.read(text).stream())
        .filter(phone -> phone.lastFour().equals(lastFour))
        .map(phone -> Keys.hash(tenant, phone))
        .anyMatch(
            hash ->
                !parts.catalog().ownPhone(tx, tenant, hash)
                    && !parts.members().sharedPhone(tx, tenant, hash));
  }
}

package io.laoke.binding;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads recipients for the floors above. */
final class StoredBook implements BindingBook {
  private final RecipientTable recipients;

  StoredBook(RecipientTable recipients) {
    this.recipients = recipients;
  }

  @Override
  public List<OrderRecipient> lock(Tx tx, Tenant tenant, long orderId) {
    return recipients.lock(tx, tenant, orderId).stream()
        .filter(row -> row.state() != RecipientState.UNBOUND)
        .map(StoredBook::shown)
        .toList();
  }

  @Override
  public Map<Long, List<OrderRecipient>> lock(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    return recipients.lock(tx, tenant, orderIds).stream()
        .filter(row -> row.state() != RecipientState.UNBOUND)
        .map(StoredBook::shown)
        .collect(Collectors.groupingBy(OrderRecipient::orderId));
  }

  @Override
  public List<OrderRecipient> all(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    return recipients.all(tx, tenant, orderIds);
  }

  @Override
  public void introduced(Tx tx, Tenant tenant, long recipientId) {
    recipients.introduced(tx, tenant, recipientId);
  }

  @Override
  public void notIntroduced(Tx tx, Tenant tenant, Collection<Addressee> those) {
    recipients.notIntroduced(tx, tenant, those);
  }

  static OrderRecipient shown(RecipientRow row) {
    return new OrderRecipient(
        row.id(),
        row.orderId(),
        row.account(),
        row.openidHash(),
        row.state(),
        row.source() == Recipient.Source.AUTO && !row.introduced(),
        row.toldId(),
        row.toldRevision());
  }
}

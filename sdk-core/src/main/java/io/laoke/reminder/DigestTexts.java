package io.laoke.reminder;

import io.laoke.catalog.CatalogBook;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.ChannelKind;
import io.laoke.message.NewMessage;
import io.laoke.message.Outbox;
import io.laoke.message.Purpose;
import io.laoke.sms.SmsBook;
import io.laoke.sms.SmsTemplate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Digests as text messages to the phones of staff, written in the transaction that makes them: each
 * is sent once, like any other message.
 */
final class DigestTexts {
  private static final String CAUSE = "DIGEST";
  private static final Duration VALID = Duration.ofHours(12);

  private final CatalogBook catalog;
  private final SmsBook sms;
  private final Outbox outbox;
  private final Ids ids;

  DigestTexts(CatalogBook catalog, SmsBook sms, Outbox outbox, Ids ids) {
    this.catalog = catalog;
    this.sms = sms;
    this.outbox = outbox;
    this.ids = ids;
  }

  /** Empty if staff of this dealer get no text messages. */
  Optional<SmsTemplate> template(Tx tx, Tenant tenant) {
    return sms.account(tenant).isEmpty()
        ? Optional.empty()
        : sms.template(tx, tenant, ReminderSettings.DIGEST_SMS_TEMPLATE);
  }

  void enqueue(Tx tx, Tenant tenant, List<Digest> digests, Instant now) {
    Optional<SmsTemplate> template = template(tx, tenant);
    if (digests.isEmpty() || template.isEmpty()) {
      return;
    }
    Map<String, String> phones =
        catalog.staffPhones(tx, tenant, digests.stream().map(Digest::staff).toList());
    List<NewMessage> messages = new ArrayList<>();
    for (Digest digest : digests) {
      String phone = phones.get(digest.staff());
      if (phone != null) {
        long id = ids.next();
        messages.add(
            new NewMessage(
                CAUSE,
                id,
                0,
                "",
                sms.account(tenant).orElseThrow(),
                phone,
                id,
                Purpose.CARE,
                ChannelKind.SMS,
                SmsBook.body(ReminderSettings.DIGEST_SMS_TEMPLATE, values(template.get(), digest)),
                now,
                now.plus(VALID)));
      }
    }
    outbox.enqueueNew(tx, tenant, messages);
  }

  private static Map<String, String> values(SmsTemplate template, Digest digest) {
    Map<String, String> all =
        Map.of(
            "due", Integer.toString(digest.due()),
            "overdue", Integer.toString(digest.overdue()),
            "booked", Integer.toString(digest.booked()));
    Map<String, String> values = new LinkedHashMap<>();
    template
        .parameters()
        .forEach(
            parameter -> {
              String value = all.get(parameter.name());
              if (value != null) {
                values.put(parameter.name(), value);
              }
            });
    return values;
  }
}

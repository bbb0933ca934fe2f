package io.laoke.reminder;

import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.CatalogBook.StaffOpenid;
import io.laoke.catalog.Staff.DigestBy;
import io.laoke.error.LaokeException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.ChannelKind;
import io.laoke.message.NewMessage;
import io.laoke.message.Outbox;
import io.laoke.message.Purpose;
import io.laoke.message.StaffCause;
import io.laoke.message.TemplateMessage;
import io.laoke.notice.DigestFacts;
import io.laoke.notice.ServiceTexts;
import io.laoke.sms.SmsBook;
import io.laoke.sms.SmsTemplate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Digests as WeChat messages to the openids of staff, or as text messages to their phones, written
 * in the transaction that makes them: each is sent once, like any other message.
 */
final class DigestTexts {
  private static final Logger LOG = LoggerFactory.getLogger(DigestTexts.class);
  private static final Duration VALID = Duration.ofHours(12);

  private final CatalogBook catalog;
  private final ServiceTexts words;
  private final SmsBook sms;
  private final Outbox outbox;
  private final Ids ids;

  DigestTexts(CatalogBook catalog, ServiceTexts words, SmsBook sms, Outbox outbox, Ids ids) {
    this.catalog = catalog;
    this.words = words;
    this.sms = sms;
    this.outbox = outbox;
    this.ids = ids;
  }

  /** Whether staff of this dealer get any messages. */
  boolean any(Tx tx, Tenant tenant) {
    return template(tx, tenant).isPresent() || templates(tx, tenant).isPresent();
  }

  /**
   * The templates of WeChat messages, if there are any. One that cannot be read keeps nobody from
   * what does not need it.
   */
  private Optional<ServiceTexts.Digests> templates(Tx tx, Tenant tenant) {
    try {
      return Optional.of(words.digests(tx, tenant)).filter(ServiceTexts.Digests::any);
    } catch (LaokeException unread) {
      LOG.warn(
          "laoke.reminders.digest: the template of digests of dealer '{}' cannot be read; they go by"
              + " other ways. Set it anew with notices().digestTemplate(…)",
          tenant.code(),
          unread);
      return Optional.empty();
    }
  }

  private Optional<SmsTemplate> template(Tx tx, Tenant tenant) {
    return sms.account(tenant).isEmpty()
        ? Optional.empty()
        : sms.template(tx, tenant, ReminderSettings.DIGEST_SMS_TEMPLATE);
  }

  void enqueue(Tx tx, Tenant tenant, List<Digest> digests, Instant now) {
    if (digests.isEmpty()) {
      return;
    }
    List<String> staff = digests.stream().map(Digest::staff).toList();
    Map<String, DigestBy> by = catalog.digestsBy(tx, tenant, staff);
    Optional<SmsTemplate> template = template(tx, tenant);
    Map<String, String> phones =
        template.isEmpty() ? Map.of() : catalog.staffPhones(tx, tenant, staff);
    List<String> byWechat = staff.stream().filter(code -> by.get(code) == DigestBy.WECHAT).toList();
    Optional<ServiceTexts.Digests> templates =
        byWechat.isEmpty() ? Optional.empty() : templates(tx, tenant);
    Map<String, List<StaffOpenid>> openids =
        templates.isPresent() ? catalog.openidsOf(tx, tenant, byWechat) : Map.of();
    List<NewMessage> messages = new ArrayList<>();
    for (Digest digest : digests) {
      if (by.getOrDefault(digest.staff(), DigestBy.NONE) == DigestBy.NONE) {
        continue; // whoever has left, or wants none
      }
      long id = ids.next();
      Optional<NewMessage> message =
          templates.flatMap(
              any ->
                  byWechat(
                      tenant,
                      id,
                      digest,
                      any,
                      openids.getOrDefault(digest.staff(), List.of()),
                      now));
      String phone = phones.get(digest.staff());
      if (message.isPresent()) {
        messages.add(message.get());
      } else if (phone != null && template.isPresent()) {
        messages.add(
            message(
                id,
                sms.account(tenant).orElseThrow(),
                phone,
                ChannelKind.SMS,
                SmsBook.body(ReminderSettings.DIGEST_SMS_TEMPLATE, values(template.get(), digest)),
                now));
      }
    }
    outbox.enqueueNew(tx, tenant, messages);
  }

  private Optional<NewMessage> byWechat(
      Tenant tenant,
      long id,
      Digest digest,
      ServiceTexts.Digests templates,
      List<StaffOpenid> openids,
      Instant now) {
    DigestFacts facts =
        new DigestFacts(
            id,
            digest.day(),
            digest.due(),
            digest.overdue(),
            digest.booked(),
            words.dealerName(tenant),
            tenant.zone());
    for (StaffOpenid to : openids) {
      Optional<TemplateMessage> body = templates.message(to.account(), facts);
      if (body.isPresent()) {
        return Optional.of(
            message(
                id, to.account(), to.openidHash(), ChannelKind.WECHAT_TEMPLATE, body.get(), now));
      }
    }
    return Optional.empty();
  }

  private static NewMessage message(
      long id,
      String account,
      String recipient,
      ChannelKind channel,
      TemplateMessage body,
      Instant now) {
    return new NewMessage(
        StaffCause.DIGEST,
        id,
        0,
        "",
        account,
        recipient,
        id,
        Purpose.CARE,
        channel,
        body,
        now,
        now.plus(VALID));
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

package io.laoke.sms;

import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Table {@code sms_template}. */
final class SmsTemplateTable {
  private static final String COLUMNS =
      "SELECT template_key, content FROM {sms_template} WHERE dealer_id = :dealer";

  private final Json json;

  SmsTemplateTable(Json json) {
    this.json = json;
  }

  /** As it is kept: the list keeps the order of the provider's positions. */
  record Stored(
      String purpose,
      String text,
      List<StoredParameter> parameters,
      List<StoredApproval> approvals) {}

  /** A variable. */
  record StoredParameter(String name, int maxLength) {}

  /** How a provider has it. */
  record StoredApproval(String provider, String code, String state) {}

  /** Whether it was set otherwise before. */
  boolean put(Tx tx, Tenant tenant, SmsTemplate template, Instant now) {
    String content = json.write(stored(template));
    boolean inserted =
        tx.insertIfAbsent(
            """
            INSERT INTO {sms_template} (dealer_id, template_key, content, changed_ms)
            VALUES (:dealer, :key, :content, :now)""",
            row ->
                row.bind("dealer", tenant.id())
                    .bind("key", template.key())
                    .bind("content", content)
                    .bind("now", now.toEpochMilli()));
    return inserted
        || tx.update(
                    """
                    UPDATE {sms_template} SET content = :content, changed_ms = :now
                    WHERE dealer_id = :dealer AND template_key = :key AND content <> :content""")
                .bind("content", content)
                .bind("now", now.toEpochMilli())
                .bind("dealer", tenant.id())
                .bind("key", template.key())
                .execute()
            > 0;
  }

  boolean remove(Tx tx, Tenant tenant, String key) {
    return tx.update("DELETE FROM {sms_template} WHERE dealer_id = :dealer AND template_key = :key")
            .bind("dealer", tenant.id())
            .bind("key", key)
            .execute()
        > 0;
  }

  /** One as it is committed by now, its row locked. */
  Optional<SmsTemplate> lock(Tx tx, Tenant tenant, String key) {
    return tx.query(COLUMNS + " AND template_key = :key FOR UPDATE")
        .bind("dealer", tenant.id())
        .bind("key", key)
        .map((row, context) -> read(row.getString("template_key"), row.getString("content")))
        .findFirst();
  }

  Optional<SmsTemplate> find(Tx tx, Tenant tenant, String key) {
    return Optional.ofNullable(find(tx, tenant, List.of(key)).get(key));
  }

  /** Those of these keys that there are. */
  Map<String, SmsTemplate> find(Tx tx, Tenant tenant, Collection<String> keys) {
    Map<String, SmsTemplate> found = new LinkedHashMap<>();
    tx.query(COLUMNS + " AND template_key IN (<keys>)", "keys", Rows.Type.TEXT, keys)
        .bind("dealer", tenant.id())
        .map((row, context) -> read(row.getString("template_key"), row.getString("content")))
        .forEach(template -> found.put(template.key(), template));
    return found;
  }

  List<SmsTemplate> all(Tx tx, Tenant tenant) {
    return tx.query(COLUMNS + " ORDER BY template_key")
        .bind("dealer", tenant.id())
        .map((row, context) -> read(row.getString("template_key"), row.getString("content")))
        .list();
  }

  private static Stored stored(SmsTemplate template) {
    return new Stored(
        template.purpose().name(),
        template.text(),
        template.parameters().stream()
            .map(one -> new StoredParameter(one.name(), one.maxLength()))
            .toList(),
        template.approvals().entrySet().stream()
            .map(
                one ->
                    new StoredApproval(
                        one.getKey(), one.getValue().code(), one.getValue().state().name()))
            .toList());
  }

  private SmsTemplate read(String key, String content) {
    Stored stored = json.read(content, Stored.class);
    Map<String, SmsApproval> approvals = new LinkedHashMap<>();
    stored
        .approvals()
        .forEach(
            one ->
                approvals.put(
                    one.provider(),
                    new SmsApproval(one.code(), SmsApproval.State.valueOf(one.state()))));
    return new SmsTemplate(
        key,
        SmsPurpose.valueOf(stored.purpose()),
        stored.text(),
        stored.parameters().stream()
            .map(one -> new SmsTemplate.Parameter(one.name(), one.maxLength()))
            .toList(),
        approvals);
  }
}

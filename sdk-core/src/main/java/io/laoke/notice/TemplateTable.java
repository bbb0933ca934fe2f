package io.laoke.notice;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import io.laoke.notice.Notices.StageTemplate;
import io.laoke.order.Stage;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Table {@code template}. */
final class TemplateTable {
  private final Json json;

  /** Stands where a stage would: the template that tells of services that are due. */
  static final String REMINDER = "REMINDER";

  /** Stands where a stage would: the one-time subscription message that tells of them. */
  static final String SUBSCRIPTION = "SUBSCRIPTION";

  /** Stands where a stage would: the template that tells staff what they have to do. */
  static final String DIGEST = "DIGEST";

  TemplateTable(Json json) {
    this.json = json;
  }

  /** As it is kept: lists keep the order of the fields. */
  record Stored(
      String templateId,
      List<StoredField> fields,
      @Nullable String url,
      @Nullable String appId,
      @Nullable String pagePath) {}

  /** A field. */
  record StoredField(String key, String expression) {}

  /**
   * Sets it.
   *
   * @return whether it was set otherwise before
   */
  boolean put(
      Tx tx, Tenant tenant, String account, String stage, NoticeTemplate template, Instant now) {
    String content = json.write(stored(template));
    boolean inserted =
        tx.insertIfAbsent(
            """
            INSERT INTO {template} (dealer_id, account, stage, content, changed_ms)
            VALUES (:dealer, :account, :stage, :content, :now)""",
            row ->
                row.bind("dealer", tenant.id())
                    .bind("account", account)
                    .bind("stage", stage)
                    .bind("content", content)
                    .bind("now", now.toEpochMilli()));
    return inserted
        || tx.update(
                    """
                    UPDATE {template} SET content = :content, changed_ms = :now
                    WHERE dealer_id = :dealer AND account = :account AND stage = :stage
                      AND content <> :content
                    """)
                .bind("content", content)
                .bind("now", now.toEpochMilli())
                .bind("dealer", tenant.id())
                .bind("account", account)
                .bind("stage", stage)
                .execute()
            > 0;
  }

  boolean remove(Tx tx, Tenant tenant, String account, String stage) {
    return tx.update(
                "DELETE FROM {template} WHERE dealer_id = :dealer AND account = :account AND stage"
                    + " = :stage")
            .bind("dealer", tenant.id())
            .bind("account", account)
            .bind("stage", stage)
            .execute()
        > 0;
  }

  /** Those for one stage, or {@link #REMINDER}, by account, '' for all accounts. */
  Map<String, NoticeTemplate> of(Tx tx, Tenant tenant, String stage) {
    Map<String, NoticeTemplate> found = new LinkedHashMap<>();
    tx.query("SELECT account, content FROM {template} WHERE dealer_id = :dealer AND stage = :stage")
        .bind("dealer", tenant.id())
        .bind("stage", stage)
        .map((row, context) -> Map.entry(row.getString("account"), row.getString("content")))
        .list()
        .forEach(entry -> found.put(entry.getKey(), read(entry.getValue())));
    return found;
  }

  /** All of stages, by stage, those for all accounts first. */
  Mappings all(Tx tx, Tenant tenant) {
    return all(tx, tenant, "");
  }

  /** All as they are committed by now, their rows locked. */
  Mappings lock(Tx tx, Tenant tenant) {
    return all(tx, tenant, " FOR UPDATE");
  }

  private Mappings all(Tx tx, Tenant tenant, String lock) {
    List<StageTemplate> all =
        tx
            .query(
                "SELECT account, stage, content FROM {template} WHERE dealer_id = :dealer AND"
                    + " stage NOT IN ('REMINDER', 'SUBSCRIPTION', 'DIGEST') ORDER BY account, stage"
                    + lock)
            .bind("dealer", tenant.id())
            .map(
                (row, context) ->
                    new StageTemplate(
                        Stage.valueOf(row.getString("stage")),
                        Optional.of(row.getString("account")).filter(key -> !key.isEmpty()),
                        read(row.getString("content"))))
            .list()
            .stream()
            .sorted(
                Comparator.comparing(StageTemplate::stage)
                    .thenComparing(one -> one.account().orElse("")))
            .toList();
    return new Mappings(all);
  }

  private static Stored stored(NoticeTemplate template) {
    return new Stored(
        template.templateId(),
        template.fields().entrySet().stream()
            .map(field -> new StoredField(field.getKey(), field.getValue()))
            .toList(),
        template.url().orElse(null),
        template.miniProgram().map(NoticeTemplate.MiniProgram::appId).orElse(null),
        template.miniProgram().map(NoticeTemplate.MiniProgram::pagePath).orElse(null));
  }

  private NoticeTemplate read(String content) {
    Stored stored = json.read(content, Stored.class);
    Map<String, String> fields = new LinkedHashMap<>();
    stored.fields().forEach(field -> fields.put(field.key(), field.expression()));
    String appId = stored.appId();
    String pagePath = stored.pagePath();
    return new NoticeTemplate(
        stored.templateId(),
        fields,
        Optional.ofNullable(stored.url()),
        appId == null || pagePath == null
            ? Optional.empty()
            : Optional.of(new NoticeTemplate.MiniProgram(appId, pagePath)));
  }
}

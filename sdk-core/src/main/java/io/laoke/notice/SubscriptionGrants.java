package io.laoke.notice;

import io.laoke.base.Internal;
import io.laoke.catalog.Chunks;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Table {@code subscription_grant}: who has agreed to one message, and by which it was used up. */
@Internal
public final class SubscriptionGrants {
  private SubscriptionGrants() {}

  /**
   * Somebody has agreed to one message.
   *
   * @param recipient the lookup hash of the openid
   */
  public record Open(long id, String account, String recipient, String templateId, int scene) {
    /** Shows no recipient. */
    @Override
    public String toString() {
      return "Open[" + account + ", " + templateId + ", " + scene + "]";
    }
  }

  /**
   * Notes that somebody has agreed.
   *
   * @param asked which question they answered; told twice it is one
   * @return whether it was new
   */
  static boolean add(Tx tx, Tenant tenant, Open grant, String asked, Instant now) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {subscription_grant} (dealer_id, id, account, recipient, template_id, scene,
          asked, granted_ms)
        VALUES (:dealer, :id, :account, :recipient, :template, :scene, :asked, :now)""",
        row ->
            row.bind("dealer", tenant.id())
                .bind("id", grant.id())
                .bind("account", grant.account())
                .bind("recipient", grant.recipient())
                .bind("template", grant.templateId())
                .bind("scene", grant.scene())
                .bind("asked", asked)
                .bind("now", now.toEpochMilli()));
  }

  /**
   * What these have agreed to and was not used yet, or only by a message that has certainly not
   * left; locked but for what others have locked, the oldest first.
   */
  public static List<Open> lock(Tx tx, Tenant tenant, Collection<String> recipients) {
    return read(tx, tenant, recipients, " FOR UPDATE" + tx.dialect().skipLocked());
  }

  static boolean any(Tx tx, Tenant tenant, String account, String recipient, String templateId) {
    return read(tx, tenant, List.of(recipient), "").stream()
        .anyMatch(one -> one.account().equals(account) && one.templateId().equals(templateId));
  }

  private static List<Open> read(Tx tx, Tenant tenant, Collection<String> recipients, String lock) {
    List<Open> found = new ArrayList<>();
    for (List<String> some : Chunks.of(recipients)) {
      tx.query(
              """
              SELECT g.id, g.account, g.recipient, g.template_id, g.scene
              FROM {subscription_grant} g
              WHERE g.dealer_id = :dealer AND g.recipient IN (<recipients>)
                AND (g.used_ms IS NULL OR EXISTS (
                  SELECT d.id FROM {decision} d WHERE d.dealer_id = g.dealer_id
                    AND d.cause_kind = 'REMINDER' AND d.cause_id = g.used_by
                    AND d.recipient = g.recipient AND d.channel = 'WECHAT_SUBSCRIPTION'
                    AND d.result IN ('STOPPED', 'EXPIRED')))
              ORDER BY g.id"""
                  + lock)
          .bind("dealer", tenant.id())
          .bindList("recipients", some)
          .map(
              (row, context) ->
                  new Open(
                      row.getLong("id"),
                      row.getString("account"),
                      row.getString("recipient"),
                      row.getString("template_id"),
                      row.getInt("scene")))
          .forEach(found::add);
    }
    return found;
  }

  /**
   * Uses up what is locked.
   *
   * @param by the id of the occasion, by that of the grant
   */
  public static void use(Tx tx, Tenant tenant, Map<Long, Long> by, Instant now) {
    if (by.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {subscription_grant} SET used_ms = :now, used_by = :by
            WHERE dealer_id = :dealer AND id = :id""");
    by.forEach(
        (grant, occasion) ->
            batch
                .bind("now", now.toEpochMilli())
                .bind("by", occasion)
                .bind("dealer", tenant.id())
                .bind("id", grant)
                .add());
    batch.execute();
  }
}

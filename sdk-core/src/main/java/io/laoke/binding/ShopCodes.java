package io.laoke.binding;

import io.laoke.error.ChannelException;
import io.laoke.error.ConflictException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Account;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tables {@code shop_code} and {@code store_follower}: permanent codes of stores. */
final class ShopCodes {
  private static final String SCENE = ScanHandler.PREFIX + "shop_";

  private final BindingParts parts;

  ShopCodes(BindingParts parts) {
    this.parts = parts;
  }

  /** A store whose code was scanned. */
  record Shop(String code, String name) {}

  private record Known(String account, String scene, @Nullable String content) {}

  /** The code of a store; asks the platform the first time only. */
  QrCode of(Tenant tenant, String storeCode) {
    Known known =
        parts
            .database()
            .own("read the code of a store", tx -> prepared(tx, tenant, storeCode))
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "The dealer %s has no store %s. Put it with catalog().put(Store.of(…)) first."
                            .formatted(tenant.code(), storeCode)));
    if (known.content() != null) {
      return new QrCode(known.content());
    }
    String content = created(tenant, known);
    parts
        .database()
        .own("keep the code of a store", tx -> kept(tx, tenant, known.scene(), content));
    return new QrCode(content);
  }

  /**
   * The scene is written down before the platform is asked: it makes the same code for it again.
   */
  private Optional<Known> prepared(Tx tx, Tenant tenant, String storeCode) {
    if (parts.catalog().storeName(tx, tenant, storeCode).isEmpty()) {
      return Optional.empty();
    }
    Account account =
        parts.accounts().serving(tenant, parts.catalog().accountOfStore(tx, tenant, storeCode));
    Optional<Known> there = find(tx, tenant, account.key(), storeCode);
    if (there.isPresent()) {
      return there;
    }
    parts.accounts().own(tx, tenant, account.key());
    tx.insertIfAbsent(
        """
        INSERT INTO {shop_code} (dealer_id, account, store_code, scene, created_ms)
        VALUES (:dealer, :account, :store, :scene, :now)""",
        row ->
            row.bind("dealer", tenant.id())
                .bind("account", account.key())
                .bind("store", storeCode)
                .bind("scene", SCENE + Long.toString(parts.ids().next(), 36))
                .bind("now", tx.machineMillis()));
    return find(tx, tenant, account.key(), storeCode);
  }

  private static Optional<Known> find(Tx tx, Tenant tenant, String account, String storeCode) {
    return tx.query(
            """
            SELECT account, scene, content FROM {shop_code}
            WHERE dealer_id = :dealer AND account = :account AND store_code = :store FOR UPDATE
            """)
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("store", storeCode)
        .map(
            (row, context) ->
                new Known(
                    row.getString("account"), row.getString("scene"), row.getString("content")))
        .findOne();
  }

  private String created(Tenant tenant, Known known) {
    Account account = parts.accounts().serving(tenant, Optional.of(known.account()));
    ScanCodes platform =
        account
            .capability(ScanCodes.class)
            .orElseThrow(() -> CodeUnavailableException.incapable(known.account()));
    try {
      return platform.createLasting(known.scene());
    } catch (ChannelException failed) {
      throw new CodeUnavailableException(
          "The platform gave no permanent code for the store: %s Ask again %s."
              .formatted(
                  failed.getMessage(),
                  failed.retryable() ? "in a moment" : "when the account is set right"),
          failed,
          failed.retryable(),
          Optional.empty());
    }
  }

  private static boolean kept(Tx tx, Tenant tenant, String scene, String content) {
    return tx.update(
                "UPDATE {shop_code} SET content = :content WHERE dealer_id = :dealer AND scene = :scene")
            .bind("content", content)
            .bind("dealer", tenant.id())
            .bind("scene", scene)
            .execute()
        > 0;
  }

  /** The store of a scene of ours. */
  Optional<Shop> byScene(Tx tx, Tenant tenant, String account, String scene) {
    return scene.startsWith(SCENE)
        ? tx.query(
                """
                SELECT store_code FROM {shop_code}
                WHERE dealer_id = :dealer AND scene = :scene AND account = :account
                """)
            .bind("dealer", tenant.id())
            .bind("scene", scene)
            .bind("account", account)
            .mapTo(String.class)
            .findOne()
            .map(code -> new Shop(code, parts.catalog().storeName(tx, tenant, code).orElse(code)))
        : Optional.empty();
  }

  /** Links a follower to a store; the latest scan wins, whatever order scans come in. */
  void visited(
      Tx tx, Tenant tenant, String account, String openidHash, String storeCode, Instant at) {
    boolean first =
        tx.insertIfAbsent(
            """
            INSERT INTO {store_follower} (dealer_id, account, openid_hash, store_code, at_ms)
            VALUES (:dealer, :account, :hash, :store, :at)""",
            row ->
                row.bind("dealer", tenant.id())
                    .bind("account", account)
                    .bind("hash", openidHash)
                    .bind("store", storeCode)
                    .bind("at", at.toEpochMilli()));
    if (!first) {
      tx.update(
              """
              UPDATE {store_follower} SET store_code = :store, at_ms = :at
              WHERE dealer_id = :dealer AND account = :account AND openid_hash = :hash
                AND at_ms <= :at
              """)
          .bind("store", storeCode)
          .bind("at", at.toEpochMilli())
          .bind("dealer", tenant.id())
          .bind("account", account)
          .bind("hash", openidHash)
          .execute();
    }
  }

  Optional<String> storeOf(Tx tx, Tenant tenant, String account, String openidHash) {
    return tx.query(
            """
            SELECT store_code FROM {store_follower}
            WHERE dealer_id = :dealer AND account = :account AND openid_hash = :hash
            """)
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("hash", openidHash)
        .mapTo(String.class)
        .findOne();
  }

  static void outsideTransactions(boolean joined) {
    if (joined) {
      throw new ConflictException(
          "shopCode() asks the platform over the network, which must not happen inside a"
              + " transaction: it would keep your locks. Call it after the commit.");
    }
  }
}

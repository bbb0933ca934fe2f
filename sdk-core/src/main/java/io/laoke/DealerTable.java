package io.laoke;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.laoke.base.Check;
import io.laoke.base.Sealer;
import io.laoke.error.NotFoundException;
import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Tenants;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.statement.StatementContext;

/** The dealers, in table {@code dealer}. Read at most every ten seconds each. */
final class DealerTable implements Tenants {
  private static final String COLUMNS = "SELECT id, code, zone, settings, hash_key FROM {dealer} ";

  private final Database database;
  private final Json json;
  private final Sealer sealer;
  private final Clock machine;
  private final Map<String, DealerSettings> declared;
  private final Set<String> named;
  private final Set<String> settled = ConcurrentHashMap.newKeySet();
  private final Cache<String, Entry> byCode = briefly();
  private final Cache<Integer, Entry> byId = briefly();

  /**
   * The table.
   *
   * @param declared settings given in code, which win over stored ones when an engine starts
   * @param named further dealers that code names, made with default settings when missing
   */
  DealerTable(
      Database database,
      Json json,
      Sealer sealer,
      Clock machine,
      Map<String, DealerSettings> declared,
      Set<String> named) {
    this.database = database;
    this.json = json;
    this.sealer = sealer;
    this.machine = machine;
    this.declared = Map.copyOf(declared);
    this.named = Set.copyOf(named);
  }

  record Entry(Tenant tenant, DealerSettings settings) {}

  @Override
  public Tenant byCode(String code) {
    return entry(code).tenant();
  }

  @Override
  public Tenant byId(int id) {
    return entry(id).tenant();
  }

  /** The dealer and its settings. */
  Entry entry(String code) {
    String key = Check.text("dealer", code, 64);
    Entry known = byCode.getIfPresent(key);
    if (known != null) {
      return known;
    }
    return remember(declared.containsKey(key) || named.contains(key) ? ensured(key) : stored(key));
  }

  /** The dealer and its settings. */
  Entry entry(int id) {
    Entry known = byId.getIfPresent(id);
    if (known != null) {
      return known;
    }
    return remember(
        database
            .own("read a dealer", tx -> select(tx, "WHERE id = :key", id))
            .orElseThrow(
                () -> new NotFoundException("There is no dealer with the id " + id + ".")));
  }

  /** Writes settings; the dealer is made if it is new. */
  Entry put(String code, DealerSettings settings) {
    String key = Check.text("dealer", code, 64);
    return remember(database.own("write dealer '" + key + "'", tx -> written(tx, key, settings)));
  }

  List<String> codes() {
    declared.keySet().forEach(this::byCode);
    named.forEach(this::byCode);
    return database.own(
        "list the dealers",
        tx -> tx.query("SELECT code FROM {dealer} ORDER BY code").mapTo(String.class).list());
  }

  private Entry ensured(String code) {
    DealerSettings settings = declared.get(code);
    Entry entry =
        settings == null || settled.contains(code)
            ? database.own(
                "read or make dealer '" + code + "'",
                tx ->
                    select(tx, "WHERE code = :key", code)
                        .orElseGet(
                            () ->
                                written(
                                    tx,
                                    code,
                                    declared.getOrDefault(code, DealerSettings.defaults()))))
            : database.own("write dealer '" + code + "'", tx -> written(tx, code, settings));
    settled.add(code);
    return entry;
  }

  private Entry stored(String code) {
    return database
        .own("read a dealer", tx -> select(tx, "WHERE code = :key", code))
        .orElseThrow(
            () ->
                new NotFoundException(
                    "There is no dealer '%s'. Name it in Laoke.builder().dealer(…) or .account(…), or put it with laoke.dealers().put(…)."
                        .formatted(code)));
  }

  private Entry written(Tx tx, String code, DealerSettings settings) {
    while (true) {
      Optional<Entry> there = select(tx, "WHERE code = :key FOR UPDATE", code);
      if (there.isEmpty()) {
        insert(tx, code, settings);
        continue;
      }
      Entry entry = there.get();
      if (!entry.settings().stored().equals(settings.stored())
          || !entry.settings().zone().equals(settings.zone())) {
        tx.update("UPDATE {dealer} SET zone = :zone, settings = :settings WHERE id = :id")
            .bind("zone", settings.zone().getId())
            .bind("settings", json.write(settings.stored()))
            .bind("id", entry.tenant().id())
            .execute();
        return select(tx, "WHERE code = :key", code).orElseThrow();
      }
      return entry;
    }
  }

  private void insert(Tx tx, String code, DealerSettings settings) {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    int id = tx.query("SELECT COALESCE(MAX(id), 0) + 1 FROM {dealer}").mapTo(Integer.class).one();
    tx.insertIfAbsent(
        "INSERT INTO {dealer} (id, code, zone, settings, hash_key, created_ms) VALUES (:id, :code, :zone, :settings, :key, :now)",
        row ->
            row.bind("id", id)
                .bind("code", code)
                .bind("zone", settings.zone().getId())
                .bind("settings", json.write(settings.stored()))
                .bind("key", sealer.seal(Base64.getEncoder().encodeToString(key)))
                .bind("now", machine.millis()));
  }

  private Optional<Entry> select(Tx tx, String where, Object key) {
    return tx.query(COLUMNS + where).bind("key", key).map(this::read).findOne();
  }

  private Entry read(ResultSet row, StatementContext context) throws SQLException {
    ZoneId zone = ZoneId.of(row.getString("zone"));
    byte[] key;
    try {
      key = Base64.getDecoder().decode(sealer.open(row.getString("hash_key")));
    } catch (IllegalArgumentException otherKey) {
      throw new StoreException(
          "The dealer's key cannot be opened. The Sealer is not the one that sealed it; give Laoke the Sealer (and keys) that this database was set up with.",
          null,
          false);
    }
    Tenant tenant =
        new Tenant(row.getInt("id"), row.getString("code"), zone, new Privacy(key, sealer));
    return new Entry(tenant, DealerSettings.restored(zone, json, row.getString("settings")));
  }

  private Entry remember(Entry entry) {
    byCode.put(entry.tenant().code(), entry);
    byId.put(entry.tenant().id(), entry);
    return entry;
  }

  private static <K> Cache<K, Entry> briefly() {
    return Caffeine.newBuilder()
        .maximumSize(10_000)
        .expireAfterWrite(Duration.ofSeconds(10))
        .build();
  }
}

package io.laoke;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.laoke.base.Check;
import io.laoke.base.Sealer;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import io.laoke.error.SealedException;
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
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The dealers, in table {@code dealer}. Read at most every ten seconds each. */
final class DealerTable implements Tenants {
  private static final int ATTEMPTS = 100;
  private static final String COLUMNS = "SELECT id, code, zone, settings, hash_key FROM {dealer} ";

  private final Database database;
  private final Json json;
  private final Sealer sealer;
  private final Clock machine;
  private final Map<String, DealerSettings> declared;
  private final Set<String> named;
  private final Set<String> settled = ConcurrentHashMap.newKeySet();
  private final Cache<String, Entry> byCode;
  private final Cache<Integer, Entry> byId;
  private final Cache<Integer, Entry> lastRead = Caffeine.newBuilder().maximumSize(10_000).build();

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
    this(database, json, sealer, machine, declared, named, Ticker.systemTicker());
  }

  /** The same with a clock of its own for how long a dealer is kept in memory. */
  DealerTable(
      Database database,
      Json json,
      Sealer sealer,
      Clock machine,
      Map<String, DealerSettings> declared,
      Set<String> named,
      Ticker ticker) {
    this.byCode = briefly(ticker);
    this.byId = briefly(ticker);
    this.database = database;
    this.json = json;
    this.sealer = sealer;
    this.machine = machine;
    Map<String, DealerSettings> given = new HashMap<>();
    declared.forEach((code, settings) -> given.put(code.strip(), settings));
    this.declared = Map.copyOf(given);
    this.named = named.stream().map(String::strip).collect(Collectors.toUnmodifiableSet());
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
    return entry(code, database);
  }

  /**
   * The dealer and its settings, read in the host's transaction if there is one: threads that hold
   * a connection and all wait for a second one would wait for ever.
   */
  Entry entry(String code, Database view) {
    String key = Check.text("dealer", code, 64);
    Entry known = byCode.getIfPresent(key);
    if (known != null) {
      return known;
    }
    return joined(key, view)
        .orElseGet(
            () ->
                remember(
                    declared.containsKey(key) || named.contains(key) ? ensured(key) : stored(key)));
  }

  /** Kept for this call only: the host's transaction may see what was, and not what is. */
  private Optional<Entry> joined(String code, Database view) {
    if (!view.joined()) {
      return Optional.empty();
    }
    Optional<Entry> there =
        view.read("read a dealer", tx -> select(tx, "WHERE code = :key", code))
            .filter(entry -> settled.contains(code) || same(entry, declared.get(code)));
    there.ifPresent(entry -> lastRead.put(entry.tenant().id(), entry));
    return there;
  }

  private static boolean same(Entry entry, @Nullable DealerSettings settings) {
    return settings == null
        || (entry.settings().stored().equals(settings.stored())
            && entry.settings().zone().equals(settings.zone()));
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
                () ->
                    new NotFoundException(
                        "There is no dealer with the id %d. Ask by the dealer's code: laoke.dealer(\"…\")."
                            .formatted(id))));
  }

  /**
   * The settings as they were when the call began, from memory: whoever asks is inside a
   * transaction.
   */
  DealerSettings settings(Tenant tenant) {
    Entry known = byId.getIfPresent(tenant.id());
    known = known == null ? lastRead.getIfPresent(tenant.id()) : known;
    return (known == null ? entry(tenant.id()) : known).settings();
  }

  /** Writes settings; the dealer is made if it is new. */
  Entry put(String code, DealerSettings settings) {
    String key = Check.text("dealer", code, 64);
    Entry entry = written(key, settings);
    settled.add(key);
    return remember(entry);
  }

  List<String> codes() {
    declared.keySet().forEach(this::byCode);
    named.forEach(this::byCode);
    return database.own(
        "list the dealers",
        tx -> tx.query("SELECT code FROM {dealer} ORDER BY code").mapTo(String.class).list());
  }

  @Override
  public Set<Integer> ids() {
    return database.own(
        "list the dealers",
        tx -> Set.copyOf(tx.query("SELECT id FROM {dealer}").mapTo(Integer.class).list()));
  }

  private Entry ensured(String code) {
    DealerSettings settings = declared.get(code);
    Entry entry =
        settings == null || settled.contains(code)
            ? found(code)
                .orElseGet(
                    () -> written(code, declared.getOrDefault(code, DealerSettings.defaults())))
            : written(code, settings);
    settled.add(code);
    return entry;
  }

  private Optional<Entry> found(String code) {
    return database.own("read a dealer", tx -> select(tx, "WHERE code = :key", code));
  }

  private Entry stored(String code) {
    return found(code)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "There is no dealer '%s'. Name it in Laoke.builder().dealer(…) or .account(…), or put it with laoke.dealers().put(…)."
                        .formatted(code)));
  }

  private Entry written(String code, DealerSettings settings) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Entry> entry =
          database.own("write dealer '" + code + "'", tx -> written(tx, code, settings));
      if (entry.isPresent()) {
        return entry.get();
      }
    }
    throw new StoreException(
        "Could not write dealer '%s': other nodes made dealers at the same moment %d times. Nothing of the call remains; repeat it."
            .formatted(code, ATTEMPTS),
        null,
        true);
  }

  /**
   * Empty if another node took the code or the id: what it wrote is only sure to be seen by another
   * transaction.
   */
  private Optional<Entry> written(Tx tx, String code, DealerSettings settings) {
    Optional<Row> there =
        tx.query("SELECT id, zone, settings FROM {dealer} WHERE code = :code FOR UPDATE")
            .bind("code", code)
            .map(
                (row, context) ->
                    new Row(row.getInt("id"), row.getString("zone"), row.getString("settings")))
            .findOne();
    if (there.isEmpty()) {
      return insert(tx, code, settings) ? select(tx, "WHERE code = :key", code) : Optional.empty();
    }
    if (!holds(there.get(), settings)) {
      tx.update("UPDATE {dealer} SET zone = :zone, settings = :settings WHERE id = :id")
          .bind("zone", settings.zone().getId())
          .bind("settings", json.write(settings.stored()))
          .bind("id", there.get().id())
          .execute();
    }
    return select(tx, "WHERE code = :key", code);
  }

  private record Row(int id, String zone, String settings) {}

  /** Whether the row says the same; one that cannot be read is written anew. */
  private boolean holds(Row row, DealerSettings settings) {
    try {
      DealerSettings there = DealerSettings.restored(ZoneId.of(row.zone()), json, row.settings());
      return there.zone().equals(settings.zone()) && there.stored().equals(settings.stored());
    } catch (IllegalArgumentException | DateTimeException | LaokeException unknown) {
      return false;
    }
  }

  private boolean insert(Tx tx, String code, DealerSettings settings) {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    int id = tx.query("SELECT COALESCE(MAX(id), 0) + 1 FROM {dealer}").mapTo(Integer.class).one();
    return tx.insertIfAbsent(
        "INSERT INTO {dealer} (id, code, zone, settings, hash_key, created_ms) VALUES (:id, :code,"
            + " :zone, :settings, :key, :now)",
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
    String code = row.getString("code");
    byte[] key;
    try {
      key = Base64.getDecoder().decode(sealer.open(row.getString("hash_key")));
    } catch (RuntimeException otherKey) {
      // Only what Laoke's own sealer says is sure to show nothing.
      throw new StoreException(
          "The dealer's key cannot be opened. The Sealer is not the one that sealed it; give Laoke"
              + " the Sealer (and keys) that this database was set up with."
              + (otherKey instanceof SealedException ? " " + otherKey.getMessage() : ""),
          null,
          false);
    }
    try {
      ZoneId zone = ZoneId.of(row.getString("zone"));
      DealerSettings settings = DealerSettings.restored(zone, json, row.getString("settings"));
      return new Entry(
          new Tenant(row.getInt("id"), code, zone, new Privacy(key, sealer)), settings);
    } catch (IllegalArgumentException | DateTimeException | InvalidInputException unknown) {
      throw new StoreException(
          "The stored settings of dealer '%s' cannot be read (%s). A newer version of Laoke wrote them, or somebody changed table dealer; write them anew with laoke.dealers().put(…)."
              .formatted(code, unknown.getMessage()),
          unknown,
          false);
    }
  }

  private Entry remember(Entry entry) {
    byCode.put(entry.tenant().code(), entry);
    byId.put(entry.tenant().id(), entry);
    lastRead.put(entry.tenant().id(), entry);
    return entry;
  }

  private static <K> Cache<K, Entry> briefly(Ticker ticker) {
    return Caffeine.newBuilder()
        .ticker(ticker)
        .maximumSize(10_000)
        .expireAfterWrite(Duration.ofSeconds(10))
        .build();
  }
}

package io.laoke.message;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.Sealer;
import io.laoke.error.NotFoundException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import io.laoke.testing.TestServer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A host of the message floor on a fresh database: dealers, accounts and people of a test. */
final class Host implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-05-01T04:00:00Z");

  Clock business = Clock.fixed(NOW, ZoneId.of("UTC"));
  static final Duration BUDGET = Duration.ofSeconds(20);
  static final EngineSettings QUICK =
      new EngineSettings(
          Duration.ofSeconds(2),
          Duration.ofMillis(50),
          Duration.ofMillis(200),
          // Longer than any test: what backs off comes back by pass(), never by chance.
          Duration.ofSeconds(20),
          Duration.ofSeconds(40));

  /** Whose leases end by {@link #pass} only. */
  static final EngineSettings LONG_LEASE =
      new EngineSettings(
          Duration.ofSeconds(60),
          QUICK.poll(),
          QUICK.sweep(),
          QUICK.firstRetry(),
          QUICK.longestRetry());

  final HikariDataSource pool;
  final Database database;
  final Ids ids;
  final Json json = new Json();
  final Sealer sealer;
  final Map<String, String> addresses = new ConcurrentHashMap<>();
  final List<Alarm> alarms = new CopyOnWriteArrayList<>();
  final List<Tenant> dealers = new ArrayList<>();
  final List<DealerAccount> accounts = new ArrayList<>();
  final Tenant dealer;
  final FakeAccount account;
  private final List<MessageModule> modules = new ArrayList<>();
  private long cause = 1;

  Host(TestServer server) {
    this(server, Sealer.plain());
  }

  Host(TestServer server, Sealer sealer) {
    this.sealer = sealer;
    pool = server.migrated();
    database = TestServer.database(pool);
    ids = new Ids(database, Clock.systemUTC());
    dealer = dealer("hengxin");
    account = account(dealer, "wx1");
  }

  Tenant dealer(String code) {
    byte[] key = Arrays.copyOf(code.getBytes(StandardCharsets.UTF_8), 32);
    Tenant tenant =
        new Tenant(dealers.size() + 1, code, ZoneId.of("Asia/Shanghai"), new Privacy(key, sealer));
    dealers.add(tenant);
    return tenant;
  }

  FakeAccount account(Tenant of, String key) {
    FakeAccount made = new FakeAccount(key);
    accounts.add(new DealerAccount(of.code(), made));
    return made;
  }

  MessageModule module() {
    return module(QUICK, accounts);
  }

  MessageModule module(EngineSettings settings) {
    return module(settings, accounts);
  }

  MessageModule module(EngineSettings settings, List<DealerAccount> with) {
    return module(settings, new Accounts(with), database);
  }

  MessageModule module(EngineSettings settings, Accounts with, Database its) {
    MessageModule module =
        new MessageModule(
            its,
            json,
            ids,
            with,
            new Tenants() {
              @Override
              public Set<Integer> ids() {
                return dealers.stream().map(Tenant::id).collect(Collectors.toSet());
              }

              @Override
              public Tenant byId(int id) {
                return dealers.stream()
                    .filter(one -> one.id() == id)
                    .findFirst()
                    .orElseThrow(() -> new NotFoundException("no dealer"));
              }

              @Override
              public Tenant byCode(String code) {
                return dealers.stream()
                    .filter(one -> one.code().equals(code))
                    .findFirst()
                    .orElseThrow(() -> new NotFoundException("no dealer"));
              }
            },
            business,
            settings);
    module.addressBook((tx, tenant, key, hash) -> Optional.ofNullable(addresses.get(hash)));
    module.alarms(alarms::add);
    modules.add(module);
    return module;
  }

  String hash(Tenant tenant, String key, String openid) {
    String hash = io.laoke.catalog.Keys.recipient(tenant, key, openid);
    addresses.put(hash, openid);
    return hash;
  }

  /** A message of the first dealer's first account, due now, valid for 72 hours. */
  NewMessage message(long order, String openid, long seq, String text) {
    return message(dealer, account.key, order, openid, seq, Purpose.ORDER, text);
  }

  NewMessage message(
      Tenant tenant,
      String key,
      long order,
      String openid,
      long seq,
      Purpose purpose,
      String text) {
    return new NewMessage(
        "STAGE",
        nextCause(),
        order,
        "SO-" + order,
        key,
        hash(tenant, key, openid),
        seq,
        purpose,
        ChannelKind.WECHAT_TEMPLATE,
        new TemplateMessage(
            "tpl",
            Map.of("thing1", new TemplateMessage.Field(text, null)),
            Optional.empty(),
            Optional.empty()),
        NOW,
        NOW.plus(Duration.ofHours(72)));
  }

  private synchronized long nextCause() {
    return cause++;
  }

  void enqueue(MessageModule module, NewMessage... messages) {
    enqueue(module, dealer, messages);
  }

  void enqueue(MessageModule module, Tenant tenant, NewMessage... messages) {
    database.write(
        "enqueue",
        tx -> {
          for (NewMessage message : messages) {
            module.outbox().enqueue(tx, tenant, message);
          }
          return messages.length;
        });
  }

  TickReport tick(MessageModule module) {
    return module.tick(NOW, BUDGET);
  }

  /** Lets machine time pass for what waits by it, by moving what is stored. */
  void pass(Duration time) {
    database.write(
        "let time pass",
        tx -> {
          long by = time.toMillis();
          for (String sql :
              List.of(
                  "UPDATE {outbox} SET retry_ms = retry_ms - :by WHERE retry_ms > 0",
                  "UPDATE {outbox} SET lease_until_ms = lease_until_ms - :by WHERE lease_until_ms"
                      + " IS NOT NULL",
                  "UPDATE {outbox_claim} SET lease_until_ms = lease_until_ms - :by",
                  "UPDATE {outbox} SET first_attempt_ms = first_attempt_ms - :by WHERE"
                      + " first_attempt_ms IS NOT NULL",
                  "UPDATE {pause} SET until_ms = until_ms - :by WHERE until_ms IS NOT NULL",
                  "UPDATE {callback_inbox} SET retry_ms = retry_ms - :by",
                  "UPDATE {work_due} SET due_ms = due_ms - :by")) {
            tx.update(sql).bind("by", by).execute();
          }
          return by;
        });
  }

  <T> T read(io.laoke.internal.jdbc.Work<T> work) {
    return database.read("read", work);
  }

  List<String> states() {
    return read(
        tx ->
            tx.query("SELECT state FROM {outbox} ORDER BY order_id, recipient, seq, id")
                .mapTo(String.class)
                .list());
  }

  List<Decision> decisions(MessageModule module, long order) {
    return module.deliveries(database, dealer).decisions("SO-" + order);
  }

  Decision decision(MessageModule module, long order) {
    List<Decision> found = decisions(module, order);
    if (found.size() != 1) {
      throw new AssertionError("not one decision: " + found);
    }
    return found.get(0);
  }

  long number(String sql) {
    return read(tx -> tx.query(sql).mapTo(Long.class).one());
  }

  long count(String table) {
    return read(tx -> count(tx, table));
  }

  private static long count(Tx tx, String table) {
    return tx.query("SELECT COUNT(*) FROM {" + table + "}").mapTo(Long.class).one();
  }

  @Override
  public void close() {
    modules.forEach(MessageModule::close);
    pool.close();
  }
}

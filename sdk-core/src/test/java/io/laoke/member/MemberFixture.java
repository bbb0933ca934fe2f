package io.laoke.member;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.Sealer;
import io.laoke.catalog.Catalog;
import io.laoke.catalog.CatalogModule;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;

/** A database of one dealer with its catalogue and members, every personal value sealed. */
public final class MemberFixture implements AutoCloseable {
  public static final Instant NOW = Instant.parse("2026-05-01T02:03:04.005Z");

  public final HikariDataSource pool;
  public final Database database;
  public final Ids ids;
  public final Tenant tenant = tenant(1, "hengxin");
  public final CatalogModule catalogs = new CatalogModule();
  public final MemberModule module;
  public final MemberBook book;

  public MemberFixture(TestServer server) {
    this(server, new HikariConfig());
  }

  public MemberFixture(TestServer server, HikariConfig config) {
    config.setMaximumPoolSize(20);
    pool = server.migrated(config);
    database = TestServer.database(pool);
    ids = new Ids(database, Clock.systemUTC());
    ids.renew();
    module = new MemberModule(catalogs.book(), ids, Clock.fixed(NOW, ZoneOffset.UTC));
    book = module.book();
  }

  public static Tenant tenant(int id, String code) {
    byte[] key = new byte[32];
    key[0] = (byte) id;
    return new Tenant(id, code, ZoneId.of("Asia/Shanghai"), new Privacy(key, new Scrambler()));
  }

  public Catalog catalog() {
    return catalogs.catalog(database, tenant);
  }

  public Members members() {
    return module.members(database, tenant);
  }

  public OptionalLong identify(String customerNo, String name, String phone) {
    return identify(database, tenant, customerNo, name, phone);
  }

  public OptionalLong identify(
      Database view, Tenant dealer, String customerNo, String name, String phone) {
    return view.write(
        "identify",
        tx ->
            book.identify(
                tx,
                dealer,
                Optional.ofNullable(customerNo),
                Optional.ofNullable(name),
                Optional.ofNullable(phone),
                NOW));
  }

  public MemberBook.OpenidIdentity openid(String account, String openid) {
    return database.write("openid", tx -> book.openid(tx, tenant, account, openid, NOW));
  }

  public boolean follows(String account, String openid, boolean follows, Instant at) {
    return database.write("follows", tx -> book.follows(tx, tenant, account, openid, follows, at));
  }

  public Optional<String> address(String account, String openid) {
    String hash = book.openidHash(tenant, account, openid);
    return database.read(
        "address", tx -> module.addressBook().addressOf(tx, tenant, account, hash));
  }

  public long count(String table) {
    return database.read(
        "count", tx -> tx.query("SELECT COUNT(*) FROM {" + table + "}").mapTo(Long.class).one());
  }

  /** Starts all at once, and gives what they gave. */
  public static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
    return AtOnce.all(tasks);
  }

  @Override
  public void close() {
    ids.close();
    pool.close();
  }

  /** Gives another text each time, as real encryption does. */
  private static final class Scrambler implements Sealer {
    @Override
    public String seal(String value) {
      byte[] nonce = UUID.randomUUID().toString().substring(0, 8).getBytes(StandardCharsets.UTF_8);
      return new String(nonce, StandardCharsets.UTF_8)
          + Base64.getEncoder()
              .encodeToString(mixed(value.getBytes(StandardCharsets.UTF_8), nonce));
    }

    @Override
    public String open(String sealed) {
      byte[] nonce = sealed.substring(0, 8).getBytes(StandardCharsets.UTF_8);
      return new String(
          mixed(Base64.getDecoder().decode(sealed.substring(8)), nonce), StandardCharsets.UTF_8);
    }

    private static byte[] mixed(byte[] bytes, byte[] nonce) {
      byte[] mixed = bytes.clone();
      for (int i = 0; i < mixed.length; i++) {
        mixed[i] ^= (byte) (nonce[i % nonce.length] + i);
      }
      return mixed;
    }
  }
}

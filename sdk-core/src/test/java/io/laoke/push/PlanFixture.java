package io.laoke.push;

import static io.laoke.segment.Criteria.field;
import static io.laoke.segment.Fields.TAGS;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.base.HostTransaction;
import io.laoke.base.Sealer;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.Consent;
import io.laoke.message.Inbound;
import io.laoke.message.Purpose;
import io.laoke.message.Reply;
import io.laoke.segment.Segment;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** A dealer with followers, each of some tags, and what they have got of this month. */
final class PlanFixture implements AutoCloseable {
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  static final Instant NOW = Instant.parse("2026-11-24T02:00:00Z");
  static final YearMonth MONTH = YearMonth.of(2026, 11);

  final HikariDataSource pool;

  /** The dealer's account, the same for all engines. */
  final FakeArticles wechat = new FakeArticles("wx1");

  private final Database database;
  private final List<Laoke> engines = new ArrayList<>();

  PlanFixture(TestServer server, PlanSettings settings) {
    this.pool = server.migrated();
    this.database =
        new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.empty()));
    engine(pool, settings);
    for (String key : List.of("B", "C", "D")) {
      dealer().contents().save(key, "内容" + key, Content.text("您好，这是" + key), "li");
    }
    ContentFile cover = dealer().contents().addFile(Bytes.png(2_000, 1), "cover.png");
    dealer()
        .contents()
        .save("A", "厨房", Content.of(Article.of("厨房焕新", "<p>正文</p>").withCover(cover)), "li");
  }

  Laoke engine(DataSource source, PlanSettings settings) {
    Laoke engine =
        Laoke.builder()
            .dataSource(source)
            .clock(Clock.fixed(NOW, ZONE))
            .dealer("hengxin", DealerSettings.defaults().plans(settings))
            .account("hengxin", wechat)
            .build();
    engines.add(engine);
    return engine;
  }

  Dealer dealer() {
    return engines.get(0).dealer("hengxin");
  }

  Plans plans() {
    return dealer().plans();
  }

  PushQuota quota() {
    return dealer().quota();
  }

  /** A follower, with tags. */
  long follower(String openid, String... tags) {
    engines.get(0).receive("wx1", new Inbound.Followed("f-" + openid, NOW, openid));
    long member = dealer().members().byOpenid("wx1", openid).orElseThrow().id();
    for (String tag : tags) {
      dealer().members().tag(member, tag, "li");
    }
    return member;
  }

  void unfollows(String openid) {
    engines
        .get(0)
        .receive("wx1", new Inbound.Unfollowed("u-" + openid, NOW.plusSeconds(1), openid));
  }

  /** A text of a follower; gives the reply. */
  Reply says(String openid, String text) {
    return engines.get(0).receive("wx1", new Inbound.Said("s-" + openid + text, NOW, openid, text));
  }

  /** One who has agreed to marketing. */
  long agreed(String openid, String... tags) {
    long member = follower(openid, tags);
    dealer().members().consent(member, Consent.given(Purpose.MARKETING, "PAPER", "v1", NOW));
    return member;
  }

  static Segment tagged(String tag) {
    return field(TAGS).hasAny(tag);
  }

  /** A plan of three groups that overlap, and of the rest of those who are tagged {@code all}. */
  static Plan plan(String key) {
    return Plan.of(key, "四篇图文", "wx1")
        .rule("厨房", tagged("kitchen"), "A")
        .rule("清洁", tagged("clean"), "B")
        .rule("影音", tagged("av"), "C")
        .rest("其余", tagged("all"), "D");
  }

  /** Takes that plan to where it may be allocated. */
  SavedPlan approved(Plan plan) {
    plans().save(plan, "li");
    SavedPlan submitted = plans().submit(plan.key(), "li");
    return plans().approve(plan.key(), submitted.hash(), "boss");
  }

  /** Takes it to where its batches are made. */
  void started(Plan plan) {
    approved(plan);
    plans().allocate(plan.key(), NOW, "boss");
    plans().start(plan.key(), "boss");
  }

  /** The batches of a plan: of which rule, to how many, how far, and why. */
  List<String> batches(String key) {
    return plans().batches(key).stream()
        .map(one -> one.rule() + " " + one.recipients() + " " + one.state() + " " + one.reason())
        .map(String::strip)
        .toList();
  }

  /** What the ledger has of all. */
  long used() {
    return number("SELECT COALESCE(SUM(used), 0) FROM {push_quota}");
  }

  /**
   * A tick of an engine of its own that is killed at that commit, and some minutes later.
   *
   * @return whether it died before it had nothing left to do
   */
  boolean killed(PlanSettings settings, int atCommit) {
    AtomicInteger commits = new AtomicInteger(Integer.MIN_VALUE / 2);
    TamperedDataSource source =
        new TamperedDataSource(
            pool,
            (connection, method, arguments) -> {
              if (method.equals("commit") && commits.incrementAndGet() >= atCommit) {
                throw new SQLException("the worker was killed", "08006");
              }
            });
    Laoke worker = engine(source, settings);
    worker.dealer("hengxin");
    commits.set(0);
    boolean died = false;
    try {
      worker.tick(NOW);
    } catch (RuntimeException killed) {
      assertThat(killed).hasStackTraceContaining("the worker was killed");
      died = true;
    }
    commits.set(Integer.MIN_VALUE / 2);
    write("UPDATE {outbox_claim} SET lease_until_ms = 1");
    write("UPDATE {plan} SET turn_until_ms = 1 WHERE turn_until_ms > 0");
    return died;
  }

  /** Takes a message of the month from these, as a send would; from whom it could. */
  Set<String> take(Set<String> openids, int most) {
    Set<String> hashes = openids.stream().map(this::hash).collect(Collectors.toSet());
    return database.own("take", tx -> QuotaTable.take(tx, tenant(), "wx1", MONTH, hashes, 0, most));
  }

  Tenant tenant() {
    int id = Math.toIntExact(number("SELECT id FROM {dealer} WHERE code = 'hengxin'"));
    return new Tenant(id, "hengxin", ZONE, new Privacy(new byte[32], Sealer.plain()));
  }

  /** Under which the ledger knows an openid. */
  String hash(String openid) {
    long member = dealer().members().byOpenid("wx1", openid).orElseThrow().id();
    return database.read(
        "read a hash",
        tx ->
            tx.query("SELECT value_hash FROM {identity} WHERE member_id = :member")
                .bind("member", member)
                .mapTo(String.class)
                .one());
  }

  /** Whether a worker has a plan's turn, dead or not. */
  boolean turnTaken() {
    return number("SELECT COUNT(*) FROM {plan} WHERE turn_until_ms IS NOT NULL") > 0;
  }

  /** So much later that whoever is dead has lost its turn. */
  void aMinuteLater() {
    database.own("wait", tx -> tx.update("UPDATE {plan} SET turn_until_ms = 1").execute());
  }

  void write(String sql) {
    database.own("write", tx -> tx.update(sql).execute());
  }

  /** As a tick some minutes later: whatever waits for the machine's clock may go. */
  void later() {
    write("UPDATE {outbox} SET retry_ms = 0 WHERE retry_ms > 0");
    write("UPDATE {work_due} SET due_ms = 0");
    write("UPDATE {outbox_claim} SET lease_until_ms = 1");
    write("UPDATE {outbox} SET lease_until_ms = 1 WHERE state = 'CLAIMED'");
    write("UPDATE {plan} SET turn_until_ms = 1 WHERE turn_until_ms > 0");
    engines.get(0).tick(NOW);
  }

  Laoke engine() {
    return engines.get(0);
  }

  long number(String sql) {
    return database.read("count", tx -> tx.query(sql).mapTo(Long.class).one());
  }

  @Override
  public void close() {
    engines.forEach(Laoke::close);
    pool.close();
  }
}

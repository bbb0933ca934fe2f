package io.laoke.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.base.Sealer;
import io.laoke.catalog.Category;
import io.laoke.catalog.Store;
import io.laoke.error.LaokeException;
import io.laoke.error.StoreException;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.AttributeType;
import io.laoke.member.Member;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two engines write and count at once; what is said to be exact is. {@code -Dlaoke.seed=…} repeats
 * what is written, {@code -Dlaoke.seconds=…} says for how long.
 */
class LiveWritersTest {
  private static final int MEMBERS = 80;
  private static final String BATON = "接力";

  @ParameterizedTest
  @EnumSource
  void whatIsExactIsSoWhileTwoEnginesWrite(TestServer server) throws Exception {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("writers on " + server + ": -Dlaoke.seed=" + seed);
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(16);
    try (HikariDataSource pool = server.migrated(config);
        Laoke one = engine(pool);
        Laoke other = engine(pool)) {
      Dealer dealer = one.dealer("hengxin");
      fill(dealer, new Random(seed));
      one.start();
      other.start();
      for (Laoke each : List.of(one, other)) {
        assertThat(each.dealer("hengxin").segments().live().build()).isTrue();
      }
      List<Long> members = dealer.members().page(0, 1_000).stream().map(Member::id).toList();
      dealer.members().tag(members.get(0), BATON, "小李");
      work(pool, List.of(one, other), members, seed);

      for (Laoke each : List.of(one, other)) {
        Dealer asked = each.dealer("hengxin");
        LiveEqualsSqlTest.Comparison comparison =
            new LiveEqualsSqlTest.Comparison(asked.segments(), schema(asked, pool), seed);
        comparison.compare(Integer.getInteger("laoke.trees", 2_000) / 8);
        System.out.println("writers on " + server + ": " + comparison);
        assertThat(comparison.fromMemory).isGreaterThan(comparison.all / 3);
      }
    }
  }

  private static Laoke engine(HikariDataSource pool) {
    return Laoke.builder()
        .dataSource(pool)
        .dealer("hengxin")
        .clock(Clock.fixed(SegmentFixture.NOW, SegmentFixture.ZONE))
        .liveCounts(LiveSettings.standard().poll(Duration.ofMillis(100)))
        .build();
  }

  private static void fill(Dealer dealer, Random random) {
    SegmentFixture.CATEGORIES.forEach(path -> dealer.catalog().put(Category.of(path, path)));
    SegmentFixture.STORES.forEach(code -> dealer.catalog().put(Store.of(code, code)));
    dealer.attributes().put(AttributeType.text("爱好"));
    dealer.attributes().put(AttributeType.integer("积分"));
    dealer.attributes().put(AttributeType.money("押金"));
    dealer.attributes().put(AttributeType.flag("以旧换新"));
    dealer.attributes().put(AttributeType.date("纪念日"));
    dealer.attributes().put(AttributeType.instant("来店"));
    dealer
        .attributes()
        .put(
            AttributeType.code(
                "等级",
                AttributeType.Choice.of("A", "A级", "A"),
                AttributeType.Choice.of("B", "B级", "B")));
    dealer.imports().run("people", People.of(random, MEMBERS).iterator());
  }

  private static DealerSchema schema(Dealer dealer, HikariDataSource pool) {
    Tenant tenant =
        new Tenant(1, "hengxin", SegmentFixture.ZONE, new Privacy(new byte[32], Sealer.plain()));
    return new DealerSchema(
        tenant,
        dealer.catalog(),
        new UsedStores(TestServer.database(pool), tenant),
        SegmentTable.of(List.of()),
        new DealerSchema.Declared(dealer.attributes().all(), List.of()));
  }

  private static void work(
      HikariDataSource pool, List<Laoke> engines, List<Long> members, long seed) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger exact = new AtomicInteger();
    AtomicInteger written = new AtomicInteger();
    List<Callable<Object>> tasks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Dealer dealer = engines.get(i % 2).dealer("hengxin");
      Random random = new Random(seed + i);
      tasks.add(
          () -> {
            while (!done.get()) {
              written.addAndGet(wrote(dealer, random) ? 1 : 0);
            }
            return dealer;
          });
    }
    tasks.add(() -> pass(pool, engines.get(0), members, new Random(seed + 9), done));
    for (int i = 0; i < 2; i++) {
      Laoke engine = engines.get(i);
      String own = "自己" + i;
      long member = members.get(i + 1);
      tasks.add(
          () -> {
            while (!done.get()) {
              exact.addAndGet(counted(engine.dealer("hengxin"), BATON, 1) ? 1 : 0);
              LockSupport.parkNanos(500_000);
            }
            return engine;
          });
      tasks.add(
          () -> {
            Dealer dealer = engine.dealer("hengxin");
            Dealer elsewhere = engines.get(1 - engines.indexOf(engine)).dealer("hengxin");
            while (!done.get()) {
              dealer.members().tag(member, own, "小李");
              fresh(elsewhere, own, 1);
              dealer.members().untag(member, own, "小李");
              fresh(elsewhere, own, 0);
            }
            return engine;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    List<Future<Object>> running = new ArrayList<>();
    tasks.forEach(task -> running.add(threads.submit(task)));
    LockSupport.parkNanos(Duration.ofSeconds(Integer.getInteger("laoke.seconds", 3)).toNanos());
    done.set(true);
    try {
      for (Future<Object> task : running) {
        task.get();
      }
    } finally {
      threads.shutdownNow();
    }
    System.out.println(written + " changes, " + exact + " exact counts meanwhile");
    assertThat(written.get()).isGreaterThan(20);
    assertThat(exact.get()).isGreaterThan(20);
  }

  /** Whoever has the tag is one member at any moment, unless it is not said to be exact. */
  private static boolean counted(Dealer dealer, String tag, long expected) {
    LiveCount count = count(dealer, tag);
    if (count.exact()) {
      assertThat(count.value()).as(tag + " " + count).isEqualTo(expected);
    }
    return count.exact() && count.servedBy() == LiveCount.ServedBy.INDEX;
  }

  /** What is committed is in every count that is of a later moment. */
  private static void fresh(Dealer dealer, String tag, long expected) {
    Instant committed = Instant.now();
    LiveCount count;
    do {
      count = count(dealer, tag);
    } while (count.exact() && count.freshTo().isBefore(committed));
    if (count.exact()) {
      assertThat(count.value()).as(tag + " " + count).isEqualTo(expected);
    }
  }

  private static LiveCount count(Dealer dealer, String tag) {
    return dealer
        .segments()
        .live()
        .count(Criteria.field(Fields.TAGS).hasAny(tag), SegmentFixture.NOW);
  }

  /** In transactions of the host that stay open for a while, some of which are rolled back. */
  private static Object pass(
      HikariDataSource pool, Laoke engine, List<Long> members, Random random, AtomicBoolean done)
      throws Exception {
    int holder = 0;
    while (!done.get()) {
      int next = 10 + random.nextInt(members.size() - 10);
      try (Connection host = pool.getConnection()) {
        host.setAutoCommit(false);
        boolean commits = random.nextInt(3) > 0;
        try {
          Dealer dealer = engine.dealer("hengxin").in(host);
          if (next != holder) {
            dealer.members().untag(members.get(holder), BATON, "小李");
            LockSupport.parkNanos(random.nextInt(30_000_000));
            dealer.members().tag(members.get(next), BATON, "小李");
          }
          LockSupport.parkNanos(random.nextInt(50_000_000));
        } catch (StoreException lostRace) {
          commits = false;
        }
        if (commits) {
          host.commit();
          holder = next;
        } else {
          host.rollback();
        }
        host.setAutoCommit(true);
      }
    }
    return engine;
  }

  private static boolean wrote(Dealer dealer, Random random) {
    try {
      String order = "SO-" + random.nextInt(MEMBERS * 2 + 30);
      switch (random.nextInt(6)) {
        case 0, 1 -> dealer.orders().upsert(People.order(random, order, MEMBERS + 20));
        case 2 ->
            dealer.orders().advance(order, People.stage(random, People.order(random, order, 9)));
        case 3 ->
            dealer
                .returns()
                .record(People.note(random, "R-" + random.nextInt(MEMBERS), MEMBERS, MEMBERS * 2));
        case 4 -> {
          List<Member> page = dealer.members().page(0, 1_000);
          dealer
              .members()
              .attributes(page.get(random.nextInt(page.size())).id(), People.attributes(random));
        }
        default -> dealer.members().put(People.profile(random, "C" + random.nextInt(MEMBERS + 20)));
      }
      return true;
    } catch (LaokeException refused) {
      return false; // by a rule, or for a race that was lost too often
    }
  }
}

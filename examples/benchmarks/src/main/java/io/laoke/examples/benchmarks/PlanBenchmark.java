package io.laoke.examples.benchmarks;

import static io.laoke.segment.Criteria.all;
import static io.laoke.segment.Criteria.category;
import static io.laoke.segment.Criteria.everyone;
import static io.laoke.segment.Criteria.field;
import static io.laoke.segment.Criteria.items;
import static io.laoke.segment.Criteria.last;
import static io.laoke.segment.Criteria.orders;

import io.laoke.Laoke;
import io.laoke.member.Gender;
import io.laoke.push.Content;
import io.laoke.push.Plan;
import io.laoke.push.PlanCounts;
import io.laoke.push.PlanDecision;
import io.laoke.push.Plans;
import io.laoke.segment.Fields;
import io.laoke.segment.Money;
import io.laoke.segment.Segment;
import io.laoke.segment.Segments;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Period;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Deciding who gets what of a plan, and writing it down, for a million followers: beside the four
 * segments alone, each streamed once, and the same rows inserted in batches.
 */
final class PlanBenchmark implements Benchmark {
  private static final int MILLION = 1_000_000;
  private static final int BATCH = 500;
  private static final String ACCOUNT = "wx0123456789abcdef";

  private static final List<Segment> GROUPS =
      List.of(
          items()
              .where(category().under("kitchen"))
              .during(last(Period.ofDays(SegmentQuestion.WINDOW_DAYS)))
              .sum(Fields.NET_AMOUNT)
              .atLeast(Money.fen(SegmentQuestion.KITCHEN_FEN)),
          all(
              field(Fields.GENDER).is(Gender.FEMALE),
              items().sum(Fields.NET_AMOUNT).atLeast(Money.fen(SegmentQuestion.SPENT_FEN))),
          orders().count().atLeast(2),
          everyone());

  @Override
  public String about() {
    return "who gets what of a plan, beside its bare segments and inserts: [members=1000000]"
        + " [from=a tenth] [seed=1] [keep=DIR]";
  }

  @Override
  public Set<String> options() {
    return Set.of("members", "from", "seed", "keep");
  }

  @Override
  public void run(Options options, Report report) throws Exception {
    int members = options.number("members", MILLION);
    int from = options.number("from", Math.max(1, members / 10));
    long seed = options.anyNumber("seed", 1);
    Optional<Path> keep = options.folder("keep").map(path -> path.resolve("plans"));
    if (from > members || members < 100) {
      throw new Options.Wrong("members must be 100 or more, and from not more than members");
    }
    Measured many = measured(members, seed, keep, options.rounds(), report);
    report.atLeast(0.5, "plans-vs-bare", many.of("laoke"), many.of("bare"));
    if (from < members) {
      Measured few = measured(from, seed, keep, options.rounds(), report);
      report.atMost(14, "plans-growth", many.of("laoke").median() / few.of("laoke").median());
    }
  }

  private static Measured measured(
      int members, long seed, Optional<Path> keep, int rounds, Report report) throws Exception {
    try (SegmentDatabase database =
        SegmentDatabase.open("postgresql", new Shop(members, seed), seed, keep, report)) {
      followed(database);
      try (Laoke laoke = laoke(database)) {
        Plans plans = laoke.dealer(SegmentDatabase.DEALER).plans();
        Measured measured =
            new Rounds()
                .side("laoke", () -> allocated(database, plans))
                .side("bare", () -> bare(database))
                .run(rounds);
        report.table("decisions of a plan for all members", members, measured.all());
        held(database, plans, report);
        return measured;
      }
    }
  }

  /** With an account that is never called, since nothing is sent. */
  private static Laoke laoke(SegmentDatabase database) {
    Laoke laoke =
        Laoke.builder()
            .dataSource(database.pool)
            .dealer(SegmentDatabase.DEALER)
            .account(
                SegmentDatabase.DEALER,
                WeChat.officialAccount(
                    OfficialAccountSettings.builder(ACCOUNT).secret("never-used-secret").build()))
            .build();
    for (int i = 0; i < GROUPS.size(); i++) {
      laoke
          .dealer(SegmentDatabase.DEALER)
          .contents()
          .save("content-" + i, "组" + i, Content.text("第" + i + "组"), "li");
    }
    return laoke;
  }

  /** Everybody follows, and has agreed. */
  private static void followed(SegmentDatabase database) throws Exception {
    if (!database.ask("SELECT 1 FROM laoke_consent LIMIT 1").isEmpty()) {
      return; // kept
    }
    int dealer = database.dealerId();
    database.execute(
        """
        INSERT INTO laoke_identity (dealer_id, kind, account, value_hash, value_sealed, member_id,
          status, proven, follows, follow_at_ms, first_seen_ms)
        SELECT dealer_id, 'OPENID', '%s', SUBSTR(MD5(id::text) || MD5(id::text || 'x'), 1, 43),
          'openid' || id, id, 'ACTIVE', TRUE, TRUE, created_ms, created_ms
        FROM laoke_member WHERE dealer_id = %d"""
            .formatted(ACCOUNT, dealer),
        """
        INSERT INTO laoke_consent (dealer_id, id, member_id, purpose, given, source, text_version,
          at_ms, recorded_ms)
        SELECT dealer_id, id, id, 2, 1, 'PAPER', '', created_ms, created_ms
        FROM laoke_member WHERE dealer_id = %d"""
            .formatted(dealer),
        """
        CREATE TABLE IF NOT EXISTS bare_decision (dealer_id INT NOT NULL, plan_id BIGINT NOT NULL,
          member_id BIGINT NOT NULL, rule_no INT NOT NULL, matched INT NOT NULL,
          result VARCHAR(12) NOT NULL, reason VARCHAR(32) NOT NULL,
          PRIMARY KEY (dealer_id, plan_id, member_id))""",
        "VACUUM (ANALYZE)",
        "CHECKPOINT");
  }

  private static Plan plan(String key) {
    Plan plan = Plan.of(key, "四组", ACCOUNT);
    for (int i = 0; i < GROUPS.size(); i++) {
      plan = plan.rule("组" + i, GROUPS.get(i), "content-" + i);
    }
    return plan;
  }

  private static long allocated(SegmentDatabase database, Plans plans) throws Exception {
    String key = "p" + System.nanoTime();
    plans.save(plan(key), "li");
    plans.approve(key, plans.submit(key, "li").hash(), "boss");
    long[] decided = {0};
    long nanos = Rounds.timed(() -> decided[0] = plans.allocate(key, Shop.AS_OF, "boss").chosen());
    if (decided[0] != database.shop.members) {
      throw new IllegalStateException("%,d members got something".formatted(decided[0]));
    }
    database.execute("TRUNCATE laoke_plan_member", "CHECKPOINT");
    return nanos;
  }

  private static long bare(SegmentDatabase database) throws Exception {
    Segments segments = database.segments();
    long nanos =
        Rounds.timed(
            () -> {
              for (Segment segment : GROUPS) {
                segments.stream(segment, Shop.AS_OF, id -> {});
              }
              inserted(database);
            });
    database.execute("TRUNCATE bare_decision", "CHECKPOINT");
    return nanos;
  }

  /** As many rows as there are members, as a program writes them by hand. */
  private static void inserted(SegmentDatabase database) throws Exception {
    try (Connection connection = database.pool.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO bare_decision VALUES (?, ?, ?, ?, ?, ?, ?)")) {
        for (int member = 0; member < database.shop.members; member++) {
          insert.setInt(1, database.dealerId());
          insert.setLong(2, 1);
          insert.setLong(3, SegmentDatabase.memberId(member));
          insert.setInt(4, 3);
          insert.setInt(5, 8);
          insert.setString(6, PlanDecision.Result.CHOSEN.name());
          insert.setString(7, "");
          insert.addBatch();
          if (member % BATCH == BATCH - 1) {
            insert.executeBatch();
            connection.commit();
          }
        }
        insert.executeBatch();
        connection.commit();
      }
    }
  }

  /** What is held half way through a preview beside what is before it. */
  private static void held(SegmentDatabase database, Plans plans, Report report) {
    long before = used();
    long[] seen = {0, 0};
    PlanCounts counts =
        plans.preview(
            plan("preview"),
            Shop.AS_OF,
            one -> {
              if (++seen[0] == database.shop.members / 2) {
                seen[1] = used();
              }
            });
    report.line(
        "preview: %,d chosen; %.1f MiB more are held half way through",
        counts.chosen(), Math.max(0, seen[1] - before) / 1048576.0);
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}

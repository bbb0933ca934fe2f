package io.laoke.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.error.LaokeException;
import io.laoke.member.Member;
import io.laoke.member.MemberBook;
import io.laoke.member.Merge;
import io.laoke.order.Order;
import io.laoke.segment.LiveCount.ServedBy;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The index and the database count the same, of generated trees, before and after changes on every
 * way that there is to make one. {@code -Dlaoke.seed=…} repeats a run.
 */
class LiveEqualsSqlTest {
  private static final int MEMBERS = 150;
  private static final int ROUNDS = 12;

  @ParameterizedTest
  @EnumSource
  void everyTreeCountsTheSameFromMemory(TestServer server) {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("live counts on " + server + ": -Dlaoke.seed=" + seed);
    Random random = new Random(seed);
    try (SegmentFixture laoke = new SegmentFixture(server)) {
      laoke.imports().run("people", People.of(random, MEMBERS).iterator());
      People.told(laoke, random, MEMBERS);
      People.followed(laoke, random, MEMBERS);
      laoke.analyzed(server);
      assertThat(laoke.segments().live().build()).isTrue();
      Comparison comparison = new Comparison(laoke, seed);
      int trees = Integer.getInteger("laoke.trees", 2_000);
      comparison.compare(trees / 2);
      Changes changes = new Changes(laoke, random);
      for (int round = 0; round < ROUNDS; round++) {
        changes.some(1 + random.nextInt(20));
        comparison.compare(trees / 2 / ROUNDS);
      }
      System.out.println("live counts on " + server + ": " + comparison);
      assertThat(comparison.fromMemory).isGreaterThan(comparison.all / 3);
      assertThat(comparison.some).isGreaterThan(comparison.fromMemory / 4);
    }
  }

  /** Trees of all that segments can say, and as many of what the index holds. */
  static final class Comparison {
    private final Segments segments;
    private final Trees any;
    private final Trees held;
    private final Random random;
    private final String of;
    int all;
    int fromMemory;
    int some;

    Comparison(SegmentFixture laoke, long seed) {
      this(laoke.segments(), laoke.schema(), seed);
    }

    Comparison(Segments segments, DealerSchema schema, long seed) {
      this.segments = segments;
      this.of = "seed " + seed + " tree ";
      this.any = new Trees(schema, SqlEqualsMemoryTest::plausible, SegmentFixture.NOW, seed);
      this.held =
          new Trees(held(schema), SqlEqualsMemoryTest::plausible, SegmentFixture.NOW, seed + 1);
      this.random = new Random(seed + 2);
    }

    void compare(int trees) {
      long everybody = segments.count(Criteria.everyone(), SegmentFixture.NOW);
      for (int i = 0; i < trees; i++) {
        Segment tree = (i % 3 == 0 ? any : held).next();
        Instant asOf = asOf();
        LiveCount live = segments.live().count(tree, asOf);
        String text = of + SegmentJson.write(tree) + " as of " + asOf + " " + live;
        assertThat(live.exact()).as(text).isTrue();
        all++;
        if (live.servedBy() == ServedBy.INDEX) {
          assertThat(live.value()).as(text).isEqualTo(segments.count(tree, asOf));
          fromMemory++;
          some += live.value() > 0 && live.value() < everybody ? 1 : 0;
          assertThat(live.why()).isEmpty();
        } else {
          // The same statement as a count's, so that few of them are asked twice.
          if (i % 10 == 0) {
            assertThat(live.value()).as(text).isEqualTo(segments.count(tree, asOf));
          }
          assertThat(live.why()).isPresent();
        }
      }
    }

    private Instant asOf() {
      return switch (random.nextInt(4)) {
        case 0 -> SegmentFixture.NOW.minus(Duration.ofMinutes(random.nextInt(500 * 24 * 60)));
        case 1 ->
            SegmentFixture.NOW
                .atZone(SegmentFixture.ZONE)
                .toLocalDate()
                .minusDays(random.nextInt(500))
                .atStartOfDay(SegmentFixture.ZONE)
                .toInstant();
        default -> SegmentFixture.NOW;
      };
    }

    @Override
    public String toString() {
      return "%d trees, %d from memory, %d of those true of some".formatted(all, fromMemory, some);
    }
  }

  private static final Set<String> HELD =
      Set.of(
          "category",
          "kind",
          "quantity",
          "netAmount",
          "at",
          "type",
          "order.type",
          "order",
          "number");

  /** What the index holds, as a schema. */
  private static Schema held(DealerSchema schema) {
    Map<String, FieldDef> members = new LinkedHashMap<>(schema.memberFields());
    members
        .values()
        .removeIf(field -> field.type() == FieldType.TEXT || field.name().equals("hasBoundOrder"));
    Map<String, CollectionDef> collections = new LinkedHashMap<>();
    for (String name : List.of("orders", "items")) {
      CollectionDef of = schema.collections().get(name);
      collections.put(
          name,
          CollectionDef.of(
              name,
              of.labels().zh(),
              of.labels().en(),
              false,
              of.fields().values().stream().filter(field -> HELD.contains(field.name())).toList()));
    }
    return new Schema() {
      @Override
      public Map<String, FieldDef> memberFields() {
        return members;
      }

      @Override
      public Map<String, CollectionDef> collections() {
        return collections;
      }

      @Override
      public ZoneId zone() {
        return schema.zone();
      }

      @Override
      public Optional<Map<String, Labels>> values(FieldDef field) {
        return schema.values(field);
      }

      @Override
      public Optional<Segment> saved(String key) {
        return schema.saved(key);
      }

      @Override
      public Collection<String> savedKeys() {
        return schema.savedKeys();
      }
    };
  }

  /** Changes on every way. */
  static final class Changes {
    private final SegmentFixture laoke;
    private final Random random;
    private final List<Long> merges = new ArrayList<>();
    private int imports;
    private int moves;
    private String moved = "a/b";

    Changes(SegmentFixture laoke, Random random) {
      this.laoke = laoke;
      this.random = random;
    }

    void some(int count) {
      for (int i = 0; i < count; i++) {
        try {
          one();
        } catch (LaokeException refused) {
          // As when a merged member is merged again: nothing changed then.
          assertThat(refused).isNotInstanceOf(io.laoke.error.StoreException.class);
        }
      }
    }

    private long member() {
      List<Member> page = laoke.members().page(0, 1_000);
      return page.get(random.nextInt(page.size())).id();
    }

    private void one() {
      switch (random.nextInt(17)) {
        case 0, 1, 2 -> laoke.orders().upsert(order());
        case 3 -> {
          String number = "SO-" + random.nextInt(MEMBERS * 2);
          laoke
              .orders()
              .advance(number, People.stage(random, People.order(random, number, MEMBERS)));
        }
        case 4, 5 ->
            laoke
                .returns()
                .record(People.note(random, "R-" + random.nextInt(MEMBERS), MEMBERS, MEMBERS * 2));
        case 6 -> laoke.members().tag(member(), People.pick(random, People.TAGS), "小李");
        case 7 -> laoke.members().untag(member(), People.pick(random, People.TAGS), "小李");
        case 8 -> laoke.members().attributes(member(), People.attributes(random));
        case 9 -> laoke.members().put(People.profile(random, "C" + random.nextInt(MEMBERS + 20)));
        case 10 -> merges.add(laoke.members().merge(member(), member(), "小李", "same").id());
        case 11 -> {
          if (!merges.isEmpty()) {
            Merge merge =
                laoke
                    .members()
                    .split(merges.remove(random.nextInt(merges.size())), "小李", "not the same");
            assertThat(merge.split()).isPresent();
          }
        }
        case 12 -> {
          if (random.nextInt(3) == 0) {
            laoke.members().erase(member(), "小李", "asked for it");
          }
        }
        case 13 -> follow();
        case 14 ->
            laoke
                .imports()
                .run(
                    "more" + imports++,
                    List.of(
                            io.laoke.imports.ImportFact.member(
                                People.profile(random, "C" + random.nextInt(MEMBERS + 40))),
                            io.laoke.imports.ImportFact.order(order()),
                            io.laoke.imports.ImportFact.order(order()))
                        .iterator());
        case 15 -> catalogue();
        default -> phone();
      }
    }

    private Order order() {
      return People.order(random, "SO-" + random.nextInt(MEMBERS * 2 + 30), MEMBERS + 20);
    }

    private void follow() {
      MemberBook book = laoke.members.book();
      String openid = "o-" + random.nextInt(MEMBERS + 20);
      laoke.database.write(
          "follow",
          tx -> {
            Instant at = SegmentFixture.NOW.minusSeconds(random.nextInt(1_000_000));
            boolean follows = random.nextBoolean();
            book.follows(tx, laoke.tenant, "wx", openid, follows, at);
            if (follows) {
              book.follower(tx, laoke.tenant, "wx", openid, at);
            }
            return tx;
          });
    }

    /** Lines follow, and what a segment names is where the category is now. */
    private void catalogue() {
      String now = "a0/" + moves++;
      laoke.catalog().move(moved, now);
      moved = now;
      if (random.nextBoolean()) {
        laoke.catalog().mapProduct(People.pick(random, People.MODELS), "av/tv");
      }
      laoke.followChanges();
    }

    private void phone() {
      String phone = "1390000%04d".formatted(random.nextInt(30));
      String number = "C" + random.nextInt(MEMBERS);
      if (random.nextInt(3) == 0) {
        laoke.members().releasePhone(number, phone);
      } else {
        laoke.members().put(io.laoke.member.MemberProfile.of(number).withPhones(phone));
      }
    }
  }
}

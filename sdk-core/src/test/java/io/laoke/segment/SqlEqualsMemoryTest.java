package io.laoke.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.internal.jdbc.Tx;
import io.laoke.testing.TestServer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * SQL and memory give the same members for the same trees, on every database. {@code
 * -Dlaoke.seed=…} repeats a run, {@code -Dlaoke.trees=…} says how many trees.
 */
class SqlEqualsMemoryTest {
  private static final int MEMBERS = 150;
  private static final Instant AS_OF = Instant.parse("2026-11-24T02:00:00Z");

  @ParameterizedTest
  @EnumSource
  void everyTreeHasTheSameMembersInSqlAndInMemory(TestServer server) {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("segments on " + server + ": -Dlaoke.seed=" + seed);
    Random random = new Random(seed);
    try (SegmentFixture laoke = new SegmentFixture(server)) {
      laoke.imports().run("people", People.of(random, MEMBERS).iterator());
      People.told(laoke, random, MEMBERS);
      People.followed(laoke, random, MEMBERS);
      DealerSchema schema = laoke.schema();
      laoke.analyzed(server);
      Trees trees = new Trees(schema, SqlEqualsMemoryTest::plausible, AS_OF, seed);
      Map<Long, MemberFile> files =
          laoke.database.read(
              "read files",
              tx -> new MemberFileReader(laoke.tenant, schema.declared()).read(tx, ids(tx)));
      int some = 0;
      int count = Integer.getInteger("laoke.trees", 2_000);
      for (int i = 0; i < count; i++) {
        Segment segment = trees.next();
        Question question = Resolver.resolve(segment, schema, AS_OF);
        TreeSet<Long> expected = new TreeSet<>();
        files
            .values()
            .forEach(
                file -> {
                  if (Evaluator.matches(question.node(), file)) {
                    expected.add(file.id());
                  }
                });
        TreeSet<Long> found = laoke.database.read("ask", tx -> ask(laoke, schema, tx, question));
        assertThat(found)
            .as(() -> "seed " + seed + " tree " + SegmentJson.write(segment))
            .isEqualTo(expected);
        if (i % 8 == 0) {
          TreeSet<Long> others = new TreeSet<>(files.keySet());
          others.removeAll(expected);
          Question not = Resolver.resolve(new Segment.Not(segment), schema, AS_OF);
          assertThat(laoke.database.<TreeSet<Long>>read("ask", tx -> ask(laoke, schema, tx, not)))
              .as(() -> "seed " + seed + " not of tree " + SegmentJson.write(segment))
              .isEqualTo(others);
        }
        some += expected.isEmpty() || expected.size() == files.size() ? 0 : 1;
      }
      assertThat(some).as("trees that are true of some only").isGreaterThan(count / 3);
    }
  }

  private static TreeSet<Long> ask(
      SegmentFixture laoke, DealerSchema schema, Tx tx, Question question) {
    SqlCompiler compiler =
        new SqlCompiler(
            laoke.tenant,
            new DealerBranches(laoke.tenant, schema.events(), new KnownPlaces(tx, laoke.tenant)),
            tx.dialect());
    String from = compiler.from(compiler.idsAlone(question.node()));
    try {
      return new TreeSet<>(
          tx.query("SELECT " + compiler.id() + " " + from, compiler.binds().all())
              .mapTo(Long.class)
              .list());
    } catch (RuntimeException failed) {
      throw new IllegalStateException(from + "\n" + compiler.binds().all(), failed);
    }
  }

  private static List<Long> ids(Tx tx) {
    return tx.query("SELECT id FROM {member} WHERE dealer_id = 1").mapTo(Long.class).list();
  }

  static List<?> plausible(@Nullable CollectionDef of, FieldDef field) {
    String name = field.name().replace("order.", "");
    return switch (name) {
      case "name" -> People.NAMES;
      case "model" -> People.MODELS;
      case "brand" -> List.of("格力", "美的");
      case "region" -> People.REGIONS;
      case "salesChannel" -> People.CHANNELS;
      case "stageText" -> List.of("文0", "文1");
      case "number", "order" -> List.of("SO-1", "SO-10", "R-2");
      case "tags" -> People.TAGS;
      case "remark" -> People.REMARKS;
      case "爱好" -> People.HOBBIES;
      case "id" -> List.of("V-1", "V-20");
      case "积分", "分钟" -> List.of(0L, 1L, 5L);
      case "押金", "amount" -> List.of(0L, 9_900L, 20_000L);
      case "kind" ->
          of == null || !of.name().equals("services") ? List.of() : List.of("CLEAN", "FILTER");
      case "paidAmount" -> List.of(0L, 9_900L);
      case "birthday", "纪念日", "回访日", "installedOn", "warrantyEndsOn" ->
          List.of(LocalDate.of(1984, 2, 29), LocalDate.of(1990, 11, 24));
      case "quantity" -> List.of(1L, 2L, 3L);
      case "netAmount" -> List.of(0L, 50_000L, 150_000L, 300_000L);
      default ->
          field.type() == FieldType.INSTANT
              ? List.of(People.FROM.plusSeconds(86_400L * 300), People.FROM)
              : List.of();
    };
  }
}

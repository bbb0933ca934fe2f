package io.laoke.segment;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;
import static io.laoke.base.Check.text;

import io.laoke.catalog.CatalogModule;
import io.laoke.error.ConflictException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.FieldBook;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** {@link Segments} over the tables. */
final class StoredSegments implements Segments, Memberships {
  private static final int MOST_REPEATS = 5;
  private static final int MOST_IDS = 10_000;
  private static final int MOST_MATCHED = 1_000;
  private static final int MOST_OVERLAPPING = 10;
  private static final int MOST_PARTS_OVERLAPPING = 400;

  private final Database database;
  private final Tenant tenant;
  private final CatalogModule catalog;
  private final FieldBook fields;
  private final Ids ids;
  private final Clock clock;
  private final LiveIndex live;

  StoredSegments(
      Database database,
      Tenant tenant,
      CatalogModule catalog,
      FieldBook fields,
      Ids ids,
      Clock clock,
      LiveIndex live) {
    this.live = live;
    this.fields = fields;
    this.database = database;
    this.tenant = tenant;
    this.catalog = catalog;
    this.ids = ids;
    this.clock = clock;
  }

  // ---- what can be asked

  private DealerSchema schema(Tx tx) {
    return schema(tx, SegmentTable.in(database, tenant), database);
  }

  /**
   * What can be asked now.
   *
   * @param lists where the dealer's lists are read once they are needed
   */
  private DealerSchema schema(Tx tx, SegmentTable.Saved saved, Database lists) {
    return new DealerSchema(
        tenant,
        catalog.catalog(lists, tenant),
        new UsedStores(lists, tenant),
        saved,
        new DealerSchema.Declared(fields.attributes(tx, tenant), fields.events(tx, tenant)));
  }

  private DealerSchema schema() {
    return database.glance("read what segments can ask", this::schema);
  }

  /** The same, where all that a question needs is read in one transaction. */
  private DealerSchema schemaWithin(Tx tx) {
    Database within = database.within(tx);
    return schema(tx, SegmentTable.in(within, tenant), within);
  }

  /** A segment that was found right, with what it was looked up in. */
  private record Asked(DealerSchema schema, Question question) {
    Node node() {
      return question.node();
    }
  }

  private Asked asked(Segment segment, Instant asOf) {
    return asked(segment, asOf, schema());
  }

  private static Asked asked(Segment segment, Instant asOf, DealerSchema schema) {
    return new Asked(
        schema, Resolver.resolve(notNull("segment", segment), schema, notNull("asOf", asOf)));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public SegmentSchema describe() {
    return SegmentSchema.of(schema());
  }

  @Override
  public String toChinese(Segment segment) {
    return ChineseSentence.of(notNull("segment", segment), schema());
  }

  @Override
  public String toEnglish(Segment segment) {
    return EnglishSentence.of(notNull("segment", segment), schema());
  }

  // ---- saved

  @Override
  public SavedSegment save(String key, String name, Segment segment, String by) {
    String checkedKey = key("key", key, 64);
    String checkedName = text("name", name, 100);
    String checkedBy = text("by", by, 64);
    notNull("segment", segment);
    Instant now = now();
    return database.write(
        "save segment '" + checkedKey + "'",
        tx -> {
          SegmentTable.lock(tx, tenant);
          List<SavedSegment> all = SegmentTable.all(tx, tenant, true);
          Optional<SavedSegment> before =
              all.stream().filter(one -> one.key().equals(checkedKey)).findFirst();
          // Asked by its key, so that a circle over itself shows.
          List<SavedSegment> with = new ArrayList<>(all);
          before.ifPresent(with::remove);
          SavedSegment draft =
              new SavedSegment(checkedKey, 0, checkedName, segment, "", now, checkedBy);
          with.add(draft);
          Question question = resolved(tx, segment, with, checkedKey, now);
          if (before.isPresent()
              && before.get().segment().equals(segment)
              && before.get().name().equals(checkedName)) {
            return before.get();
          }
          SavedSegment saved =
              new SavedSegment(
                  checkedKey,
                  SegmentTable.lastVersion(tx, tenant, checkedKey) + 1,
                  checkedName,
                  segment,
                  question.hash(),
                  now,
                  checkedBy);
          SegmentTable.put(tx, tenant, saved, before.isEmpty());
          return saved;
        });
  }

  private Question resolved(
      Tx tx, Segment segment, Collection<SavedSegment> all, String key, Instant now) {
    DealerSchema schema = schema(tx, SegmentTable.of(List.copyOf(all)), database.within(tx));
    Question question = Resolver.resolve(segment, schema, now);
    Resolver.resolve(new Segment.InSegment(key), schema, now);
    // Whoever refers to this one must still be answered.
    for (SavedSegment other : all) {
      if (!other.key().equals(key) && depends(other.segment(), schema).contains(key)) {
        Resolver.resolve(new Segment.InSegment(other.key()), schema, now);
      }
    }
    return question;
  }

  @Override
  public Optional<SavedSegment> find(String key) {
    String checked = key("key", key, 64);
    return database.read(
        "read segment '" + checked + "'", tx -> SegmentTable.find(tx, tenant, checked));
  }

  @Override
  public List<SavedSegment> versions(String key) {
    String checked = key("key", key, 64);
    return database.read(
        "read the versions of segment '" + checked + "'",
        tx -> SegmentTable.versions(tx, tenant, checked));
  }

  @Override
  public List<SavedSegment> all() {
    return database.read("read the saved segments", tx -> SegmentTable.all(tx, tenant, false));
  }

  @Override
  public boolean remove(String key, String by) {
    String checked = key("key", key, 64);
    String checkedBy = text("by", by, 64);
    Instant now = now();
    return database.write(
        "remove segment '" + checked + "'",
        tx -> {
          SegmentTable.lock(tx, tenant);
          List<SavedSegment> all = SegmentTable.all(tx, tenant, true);
          Optional<SavedSegment> found =
              all.stream().filter(one -> one.key().equals(checked)).findFirst();
          if (found.isEmpty()) {
            return false;
          }
          Set<String> users = new TreeSet<>();
          for (SavedSegment other : all) {
            Set<String> direct = new TreeSet<>();
            references(other.segment(), direct);
            if (direct.contains(checked)) {
              users.add(other.key());
            }
          }
          if (!users.isEmpty()) {
            throw new ConflictException(
                "Segment '%s' was not removed: %s refer to it. Take the reference out of these first."
                    .formatted(checked, String.join(", ", users)));
          }
          SegmentTable.remove(tx, tenant, found.get(), checkedBy, now);
          return true;
        });
  }

  @Override
  public Set<String> dependsOn(Segment segment) {
    DealerSchema schema = schema();
    Resolver.resolve(notNull("segment", segment), schema, now());
    return depends(segment, schema);
  }

  @Override
  public Set<String> usedBy(String key) {
    String checked = key("key", key, 64);
    DealerSchema schema =
        database.read(
            "read the saved segments",
            tx -> schema(tx, SegmentTable.of(SegmentTable.all(tx, tenant, false)), database));
    Set<String> users = new TreeSet<>();
    for (String other : schema.savedKeys()) {
      if (schema.saved(other).map(one -> depends(one, schema)).orElse(Set.of()).contains(checked)) {
        users.add(other);
      }
    }
    return users;
  }

  private static Set<String> depends(Segment segment, Schema schema) {
    Set<String> all = new TreeSet<>();
    List<Segment> left = new ArrayList<>(List.of(segment));
    while (!left.isEmpty()) {
      Set<String> direct = new TreeSet<>();
      references(left.remove(left.size() - 1), direct);
      for (String key : direct) {
        if (all.add(key)) {
          schema.saved(key).ifPresent(left::add);
        }
      }
    }
    return all;
  }

  private static void references(Segment segment, Set<String> into) {
    if (segment instanceof Segment.InSegment in) {
      into.add(in.key());
    } else if (segment instanceof Segment.All all) {
      all.of().forEach(part -> references(part, into));
    } else if (segment instanceof Segment.Any any) {
      any.of().forEach(part -> references(part, into));
    } else if (segment instanceof Segment.Not not) {
      references(not.of(), into);
    }
  }

  // ---- answers

  /** A statement, made and run. */
  private interface Asking<T> {
    T ask(Tx tx, SqlCompiler compiler);
  }

  /**
   * Asks; again if categories that the statement names were put meanwhile. What goes on for ever is
   * asked without naming them.
   */
  private <T> T answer(String what, DealerSchema schema, Asking<T> asking) {
    return database.glance(what, tx -> answer(tx, schema, asking));
  }

  /** Finds a segment right and asks, both in one transaction. */
  private <T> T answer(
      String what, Segment segment, Instant asOf, Function<Asked, Asking<T>> asking) {
    notNull("segment", segment);
    notNull("asOf", asOf);
    return database.glance(
        what,
        tx -> {
          Asked asked = asked(segment, asOf, schemaWithin(tx));
          return answer(tx, asked.schema(), asking.apply(asked));
        });
  }

  private <T> T answer(Tx tx, DealerSchema schema, Asking<T> asking) {
    for (int i = 0; i < MOST_REPEATS && !tx.dialect().looksArraysUp(); i++) {
      KnownPlaces known = new KnownPlaces(tx, tenant);
      T answer = asking.ask(tx, compiler(schema, known));
      if (known.stillSo()) {
        return answer;
      }
    }
    return asking.ask(tx, compiler(schema, null));
  }

  private SqlCompiler compiler(DealerSchema schema) {
    return compiler(schema, null);
  }

  private SqlCompiler compiler(DealerSchema schema, @Nullable KnownPlaces known) {
    return new SqlCompiler(
        tenant, new DealerBranches(tenant, schema.events(), known), database.dialect());
  }

  @Override
  public LiveCounts live() {
    return new Live();
  }

  private final class Live implements LiveCounts {
    @Override
    public LiveCount count(Segment segment) {
      return count(segment, now());
    }

    @Override
    public LiveCount count(Segment segment, Instant asOf) {
      notNull("segment", segment);
      notNull("asOf", asOf);
      return live.count(
          tenant,
          database.joined(),
          new LiveIndex.Asking() {
            @Override
            public DealerSchema lists() {
              return schema();
            }

            @Override
            public Node node(DealerSchema lists) {
              return asked(segment, asOf, lists).node();
            }

            @Override
            public long sql() {
              return StoredSegments.this.count(segment, asOf);
            }
          });
    }

    @Override
    public boolean build() {
      return live.build(tenant);
    }

    @Override
    public Status status() {
      return live.status(tenant);
    }
  }

  @Override
  public long count(Segment segment) {
    return count(segment, now());
  }

  @Override
  public long count(Segment segment, Instant asOf) {
    return answer(
        "count a segment",
        segment,
        asOf,
        asked ->
            (tx, compiler) ->
                number(
                    tx,
                    "SELECT COUNT(*) " + compiler.from(compiler.idsAlone(asked.node())),
                    compiler));
  }

  private static long number(Tx tx, String sql, SqlCompiler compiler) {
    tx.plannedForMany(compiler.passes());
    return tx.query(sql, compiler.binds().all()).mapTo(Long.class).one();
  }

  @Override
  public long countRows(Segment segment, String collection, Instant asOf) {
    text("collection", collection, 64);
    Segment rows =
        new Segment.Agg(
            Aggregation.COUNT,
            collection,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Scope.DEFAULT,
            Op.GTE,
            new Operand.Whole(0));
    DealerSchema schema = schema();
    Node.Aggregate counted = (Node.Aggregate) asked(rows, asOf, schema).node();
    Asked asked = asked(segment, asOf, schema);
    return answer(
        "count rows of a segment",
        asked.schema(),
        (tx, compiler) -> {
          String condition = compiler.only(asked.node());
          String each = compiler.number(counted);
          return number(
              tx, "SELECT COALESCE(SUM(" + each + "), 0) " + compiler.from(condition), compiler);
        });
  }

  @Override
  public List<Long> page(Segment segment, Instant asOf, long afterId, int limit) {
    range("limit", limit, 1, MOST_IDS);
    return answer(
        "list a segment",
        segment,
        asOf,
        asked ->
            (tx, compiler) -> {
              String from = compiler.from(compiler.idsAlone(asked.node()));
              String id = compiler.id();
              String after = compiler.binds().value(afterId);
              String most = compiler.binds().value(limit);
              tx.plannedForMany(compiler.passes());
              return tx.query(
                      "SELECT %1$s %2$s AND %1$s > %3$s ORDER BY %1$s LIMIT %4$s"
                          .formatted(id, from, after, most),
                      compiler.binds().all())
                  .mapTo(Long.class)
                  .list();
            });
  }

  @Override
  public long stream(Segment segment, Instant asOf, LongConsumer each) {
    notNull("each", each);
    Asked asked = asked(segment, asOf);
    SqlCompiler compiler = compiler(asked.schema());
    String from = compiler.from(compiler.idsAlone(asked.node()));
    String id = compiler.id();
    return database.streamed(
        "list a segment",
        tx -> {
          tx.plannedForMany(compiler.passes());
          return tx.stream(
              "SELECT %1$s %2$s ORDER BY %1$s".formatted(id, from),
              compiler.binds().all(),
              row -> each.accept(row.getLong(1)));
        });
  }

  @Override
  public boolean matches(Segment segment, long memberId, Instant asOf) {
    Asked asked = asked(segment, asOf);
    return Evaluator.matches(asked.node(), file(memberId, asked.schema()));
  }

  private MemberFile file(long memberId, DealerSchema schema) {
    return Optional.ofNullable(files(Set.of(memberId), schema).get(memberId))
        .orElseThrow(
            () ->
                new NotFoundException(
                    "There is no member %d, or the person was erased. Look the id up with members()."
                        .formatted(memberId)));
  }

  private Map<Long, MemberFile> files(Set<Long> memberIds, DealerSchema schema) {
    return database.view(
        "read the files of members",
        tx -> new MemberFileReader(tenant, schema.declared()).read(tx, memberIds));
  }

  @Override
  public Set<Long> matching(Segment segment, Set<Long> memberIds, Instant asOf) {
    range("memberIds", notNull("memberIds", memberIds).size(), 0, MOST_MATCHED);
    Asked asked = asked(segment, asOf);
    Set<Long> matching = new TreeSet<>();
    if (!memberIds.isEmpty()) {
      files(memberIds, asked.schema())
          .forEach(
              (id, file) -> {
                if (Evaluator.matches(asked.node(), file)) {
                  matching.add(id);
                }
              });
    }
    return matching;
  }

  @Override
  public Explanation explain(Segment segment, long memberId, Instant asOf) {
    Asked asked = asked(segment, asOf);
    MemberFile file = file(memberId, asked.schema());
    return new Explainer(asked.schema())
        .explained(asked.question().canonical(), asked.node(), Evaluator.find(asked.node(), file));
  }

  @Override
  public Overlap overlap(List<Segment> segments, Instant asOf) {
    DealerSchema schema = schema();
    List<Asked> questions = together(segments, asOf, schema);
    Map<Integer, Long> counted =
        answer("count an overlap", schema, (tx, compiler) -> masks(tx, questions, compiler));
    Map<Set<Integer>, Long> members = new LinkedHashMap<>();
    counted.forEach((bitsOf, count) -> members.put(segmentsOf(bitsOf), count));
    return new Overlap(members);
  }

  /** Several that are asked by one statement. */
  private List<Asked> together(List<Segment> segments, Instant asOf, DealerSchema schema) {
    range("segments", notNull("segments", segments).size(), 1, MOST_OVERLAPPING);
    List<Asked> questions = new ArrayList<>();
    for (Segment one : segments) {
      questions.add(
          Problems.told(
              "/segments/" + questions.size() + "/where", () -> asked(one, asOf, schema)));
    }
    int parts = questions.stream().mapToInt(asked -> parts(asked.node())).sum();
    if (parts > MOST_PARTS_OVERLAPPING) {
      throw Problems.one(
          "",
          SegmentProblem.Code.TOO_MANY_NODES,
          "这些分组合起来共 %d 个条件，最多 %d 个；请减少分组，或先冻结为受众。".formatted(parts, MOST_PARTS_OVERLAPPING),
          "have %d parts together, at most %d can be compared at once; give fewer segments, or simpler ones."
              .formatted(parts, MOST_PARTS_OVERLAPPING));
    }
    return questions;
  }

  private static Map<Integer, Long> masks(Tx tx, List<Asked> questions, SqlCompiler compiler) {
    String mask = mask(questions, compiler);
    String sql =
        "SELECT z.mask, COUNT(*) AS members FROM (SELECT %s AS mask %s) z GROUP BY z.mask"
            .formatted(mask, compiler.from(Logic.TRUE));
    Map<Integer, Long> counted = new TreeMap<>();
    tx.plannedForMany(compiler.passes());
    tx.query(sql, compiler.binds().all())
        .map((row, context) -> counted.put(row.getInt("mask"), row.getLong("members")))
        .list();
    return counted;
  }

  /** A number whose bits are the segments that a member is in. */
  private static String mask(List<Asked> questions, SqlCompiler compiler) {
    questions.forEach(asked -> compiler.prepare(asked.node()));
    List<String> bits = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      String condition = compiler.condition(questions.get(i).node());
      bits.add(SqlCompiler.caseOf(condition, 1 << i));
    }
    return String.join(" + ", bits);
  }

  @Override
  public void check(List<Segment> segments, Instant asOf) {
    together(segments, asOf, schema());
  }

  @Override
  public long stream(List<Segment> segments, Instant asOf, Reader each) {
    notNull("each", each);
    DealerSchema schema = schema();
    List<Asked> questions = together(segments, asOf, schema);
    SqlCompiler compiler = compiler(schema);
    String mask = mask(questions, compiler);
    String sql =
        """
        SELECT z.id, z.random31, z.mask FROM (SELECT m.id, m.random31, %s AS mask %s) z
        WHERE z.mask <> 0 ORDER BY z.id"""
            .formatted(mask, compiler.from(Logic.TRUE));
    return database.streamed(
        "list the members of segments",
        tx -> {
          tx.plannedForMany(compiler.passes());
          return tx.stream(
              sql,
              compiler.binds().all(),
              row -> each.member(row.getLong(1), row.getInt(2), row.getInt(3)));
        });
  }

  /** How many nodes members are asked by, of which each may be a table of the statement. */
  private static int parts(Node node) {
    if (node instanceof Node.All all) {
      return 1 + all.of().stream().mapToInt(StoredSegments::parts).sum();
    }
    if (node instanceof Node.Any any) {
      return 1 + any.of().stream().mapToInt(StoredSegments::parts).sum();
    }
    return node instanceof Node.Not not ? parts(not.of()) : 1;
  }

  private static Set<Integer> segmentsOf(int mask) {
    Set<Integer> segments = new TreeSet<>();
    for (int i = 0; i < MOST_OVERLAPPING; i++) {
      if ((mask & (1 << i)) != 0) {
        segments.add(i);
      }
    }
    return segments;
  }

  @Override
  public List<Share> breakdown(Segment segment, Breakdown by, Instant asOf) {
    notNull("by", by);
    Asked asked = asked(segment, asOf);
    DealerSchema schema = asked.schema();
    Shares shares = Problems.told("/by", () -> new Shares(tenant, schema, by, asOf));
    return answer(
        "break a segment down", schema, (tx, compiler) -> shares.of(tx, asked.node(), compiler));
  }

  // ---- audiences

  @Override
  public Audience freeze(Segment segment, Instant asOf, String name, String by) {
    String checkedName = text("name", name, 100);
    String checkedBy = text("by", by, 64);
    Asked asked = asked(segment, asOf);
    Instant now = now();
    return database.write(
        "freeze a segment",
        tx -> {
          long id = ids.next();
          SqlCompiler compiler = compiler(asked.schema());
          String from = compiler.from(compiler.idsAlone(asked.node()));
          String audience = compiler.binds().value(id);
          tx.plannedForMany(compiler.passes());
          tx.update(
              "INSERT INTO {audience_member} (dealer_id, audience_id, member_id) SELECT CAST(:dealer AS DECIMAL(10, 0)), "
                  + "CAST("
                  + audience
                  + " AS DECIMAL(19, 0)), "
                  + compiler.id()
                  + " "
                  + from,
              compiler.binds().all());
          long members =
              tx.query(
                      """
                      SELECT COUNT(*) FROM {audience_member}
                      WHERE dealer_id = :dealer AND audience_id = :id""")
                  .bind("dealer", tenant.id())
                  .bind("id", id)
                  .mapTo(Long.class)
                  .one();
          Audience frozen =
              new Audience(
                  id,
                  checkedName,
                  asked.question().canonical(),
                  asked.question().hash(),
                  Scalars.reached(asOf),
                  members,
                  now,
                  checkedBy);
          insert(tx, frozen);
          return frozen;
        });
  }

  private void insert(Tx tx, Audience frozen) {
    tx.update(
            """
            INSERT INTO {audience} (dealer_id, id, name, body, hash, as_of_ms, members, frozen_by,
              frozen_ms)
            VALUES (:dealer, :id, :name, :body, :hash, :asOf, :members, :by, :at)""")
        .bind("dealer", tenant.id())
        .bind("id", frozen.id())
        .bind("name", frozen.name())
        .bind("body", SegmentJson.write(frozen.segment()))
        .bind("hash", frozen.hash())
        .bind("asOf", frozen.asOf().toEpochMilli())
        .bind("members", frozen.members())
        .bind("by", frozen.frozenBy())
        .bind("at", frozen.frozenAt().toEpochMilli())
        .execute();
  }

  private static final String AUDIENCES =
      """
      SELECT id, name, body, hash, as_of_ms, members, frozen_by, frozen_ms FROM {audience}
      WHERE dealer_id = :dealer AND\s""";

  @Override
  public Optional<Audience> audience(long id) {
    return database.read(
        "read an audience",
        tx ->
            tx.query(AUDIENCES + "id = :id")
                .bind("dealer", tenant.id())
                .bind("id", id)
                .map((row, context) -> audience(row))
                .findOne());
  }

  @Override
  public List<Audience> audiences(long beforeId, int limit) {
    range("limit", limit, 1, 1_000);
    return database.read(
        "list audiences",
        tx ->
            tx.query(AUDIENCES + "id < :before ORDER BY id DESC LIMIT :limit")
                .bind("dealer", tenant.id())
                .bind("before", beforeId == 0 ? Long.MAX_VALUE : beforeId)
                .bind("limit", limit)
                .map((row, context) -> audience(row))
                .list());
  }

  private static Audience audience(ResultSet row) throws SQLException {
    return new Audience(
        row.getLong("id"),
        row.getString("name"),
        SegmentJson.read(row.getString("body")),
        row.getString("hash"),
        Instant.ofEpochMilli(row.getLong("as_of_ms")),
        row.getLong("members"),
        Instant.ofEpochMilli(row.getLong("frozen_ms")),
        row.getString("frozen_by"));
  }

  @Override
  public List<Long> members(long audienceId, long afterId, int limit) {
    range("limit", limit, 1, MOST_IDS);
    if (audience(audienceId).isEmpty()) {
      throw new NotFoundException(
          "There is no audience %d. Take the id from audiences().".formatted(audienceId));
    }
    return database.read(
        "list an audience",
        tx ->
            tx.query(
                    """
                    SELECT member_id FROM {audience_member}
                    WHERE dealer_id = :dealer AND audience_id = :audience AND member_id > :after
                    ORDER BY member_id LIMIT :limit""")
                .bind("dealer", tenant.id())
                .bind("audience", audienceId)
                .bind("after", afterId)
                .bind("limit", limit)
                .mapTo(Long.class)
                .list());
  }
}

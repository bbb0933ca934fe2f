package io.laoke.examples.benchmarks;

import static io.laoke.segment.Criteria.all;
import static io.laoke.segment.Criteria.before;
import static io.laoke.segment.Criteria.category;
import static io.laoke.segment.Criteria.everyone;
import static io.laoke.segment.Criteria.field;
import static io.laoke.segment.Criteria.items;
import static io.laoke.segment.Criteria.last;
import static io.laoke.segment.Criteria.orders;

import io.laoke.Laoke;
import io.laoke.member.Gender;
import io.laoke.segment.Breakdown;
import io.laoke.segment.Fields;
import io.laoke.segment.LiveCount;
import io.laoke.segment.LiveCounts;
import io.laoke.segment.LiveSettings;
import io.laoke.segment.Money;
import io.laoke.segment.Segment;
import io.laoke.segment.Segments;
import io.laoke.segment.Share;
import java.time.Clock;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;

/** The questions as a host asks Laoke. */
final class SegmentLaoke implements SegmentSide {
  private static final Segment SPENDING_WOMEN =
      all(
          field(Fields.GENDER).is(Gender.FEMALE),
          items().sum(Fields.NET_AMOUNT).atLeast(Money.fen(SegmentQuestion.SPENT_FEN)));

  private static final Map<String, Segment> ASKED =
      Map.of(
          SegmentQuestion.Q1,
          SPENDING_WOMEN,
          SegmentQuestion.Q2,
          all(
              items()
                  .where(category().under("kitchen"))
                  .during(last(Period.ofDays(SegmentQuestion.WINDOW_DAYS)))
                  .sum(Fields.NET_AMOUNT)
                  .atLeast(Money.fen(SegmentQuestion.KITCHEN_FEN)),
              items().where(category().under("av")).none()),
          SegmentQuestion.Q3,
          all(
              orders().count().atLeast(2),
              orders().max(Fields.AT).during(before(Period.ofDays(SegmentQuestion.GONE_DAYS)))),
          SegmentQuestion.Q4,
          all(
              field(Fields.REGION).in(SegmentQuestion.THREE_CITIES.toArray(String[]::new)),
              field(Fields.BIRTHDAY)
                  .between(SegmentQuestion.BORN_FROM, SegmentQuestion.BORN_BEFORE.minusDays(1)),
              orders().count().between(2, 5),
              items().avg(Fields.NET_AMOUNT).atLeast(Money.fen(SegmentQuestion.AVERAGE_FEN))));

  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  private final SegmentDatabase database;
  private final Segments segments;

  SegmentLaoke(SegmentDatabase database) {
    this.database = database;
    this.segments = database.segments();
  }

  @Override
  public List<List<String>> ask(SegmentQuestion question) {
    if (question.name().equals(SegmentQuestion.Q5)) {
      return segments.breakdown(SPENDING_WOMEN, Breakdown.by("category"), Shop.AS_OF).stream()
          .map(SegmentLaoke::row)
          .toList();
    }
    Segment asked = Objects.requireNonNull(ASKED.get(question.name()), question.name());
    return List.of(List.of(Long.toString(segments.count(asked, Shop.AS_OF))));
  }

  private static List<String> row(Share share) {
    List<String> row = new ArrayList<>();
    row.add(share.key().orElseThrow());
    row.add(Long.toString(share.members()));
    row.add(share.net().toPlainString());
    return row;
  }

  @Override
  public void stream(LongConsumer ids) {
    segments.stream(everyone(), Shop.AS_OF, ids);
  }

  @Override
  public Optional<Index> index() {
    // The questions are asked as of that moment, which is now for this engine.
    Laoke laoke =
        Laoke.builder()
            .dataSource(database.pool)
            .dealer(SegmentDatabase.DEALER)
            .clock(Clock.fixed(Shop.AS_OF, ZONE))
            .liveCounts(LiveSettings.standard())
            .build();
    LiveCounts live = laoke.dealer(SegmentDatabase.DEALER).segments().live();
    long start = System.nanoTime();
    if (!live.build()) {
      throw new IllegalStateException("no index: " + live.status());
    }
    return Optional.of(new LiveIndex(live, (System.nanoTime() - start) / 1e9));
  }

  private record LiveIndex(LiveCounts live, double builtSeconds) implements Index {
    @Override
    public long count(SegmentQuestion question) {
      LiveCount count = live.count(Objects.requireNonNull(ASKED.get(question.name())), Shop.AS_OF);
      if (!count.exact() || count.servedBy() != LiveCount.ServedBy.INDEX) {
        throw new IllegalStateException(question.name() + ": " + count);
      }
      return count.value();
    }

    @Override
    public long bytes() {
      return live.status().bytes();
    }
  }
}

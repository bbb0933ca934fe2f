package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.error.ConflictException;
import io.laoke.error.LaokeException;
import io.laoke.examples.erp.Draft.Built;
import io.laoke.examples.erp.Draft.Problem;
import io.laoke.member.Gender;
import io.laoke.member.Member;
import io.laoke.member.MemberTag;
import io.laoke.order.Consumption;
import io.laoke.segment.Breakdown;
import io.laoke.segment.SavedSegment;
import io.laoke.segment.Segment;
import io.laoke.segment.SegmentException;
import io.laoke.segment.SegmentJson;
import io.laoke.segment.SegmentProblem;
import io.laoke.segment.Segments;
import io.laoke.segment.Share;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** 会员分组: what this ERP asks Laoke about its members. */
@Component
class SegmentDesk {
  static final String BY = "店长";

  private static final int PAGE_SIZE = 20;
  private static final int FEN = 2;

  private final Dealer dealer;
  private final Clock clock;

  SegmentDesk(Laoke laoke, Clock clock) {
    this.dealer = laoke.dealer("hengxin");
    this.clock = clock;
  }

  Instant now() {
    return clock.instant();
  }

  // Laoke: segments.

  SegmentWords words() {
    return new SegmentWords(segments().describe());
  }

  private Segments segments() {
    return dealer.segments();
  }

  /**
   * What a draft comes to.
   *
   * @param segment if it can be answered
   * @param count how many members
   * @param total of how many
   * @param sentence in Chinese
   * @param json as programs write it; empty while it is not complete
   * @param problems what is wrong, by the place of the part
   */
  record Answer(
      Optional<Segment> segment,
      long count,
      long total,
      String sentence,
      String json,
      Map<String, Problem> problems) {
    /** Of all members, for people. */
    public String portion() {
      return total == 0 ? "" : "%.1f%%".formatted(100.0 * count / total);
    }

    public boolean answered() {
      return segment.isPresent();
    }

    /** Whether something is wrong, rather than only not filled in yet. */
    public boolean wrong() {
      return problems.values().stream().anyMatch(one -> !one.missing());
    }
  }

  Answer answer(Draft draft, Instant asOf) {
    Built built = draft.build();
    Map<String, Problem> problems = new LinkedHashMap<>(built.problems());
    Optional<Segment> segment = built.segment();
    String json = segment.map(SegmentDesk::json).orElse("");
    if (segment.isPresent()) {
      try {
        return new Answer(
            segment,
            count(segment.get(), asOf),
            count(new Segment.Everyone(), asOf),
            segments().toChinese(segment.get()),
            json,
            problems);
      } catch (SegmentException refused) {
        for (SegmentProblem problem : refused.problems()) {
          problems.putIfAbsent(built.place(problem.pointer()), new Problem(problem.zh(), false));
        }
      }
    }
    return new Answer(Optional.empty(), 0, 0, "", json, problems);
  }

  /** Of this process's memory where it can answer, since each click asks anew. */
  private long count(Segment segment, Instant asOf) {
    return segments().live().count(segment, asOf).value();
  }

  private static String json(Segment segment) {
    try {
      return SegmentJson.write(segment);
    } catch (SegmentException tooLarge) {
      return "";
    }
  }

  /**
   * A part of a breakdown.
   *
   * @param label what people call it
   * @param members how many
   * @param yuan what they paid
   */
  record Slice(String label, long members, BigDecimal yuan) {}

  /**
   * A breakdown as a chart and a table.
   *
   * @param title by what
   * @param money whether the chart shows money; else members
   * @param across whether its bars lie
   * @param slices the parts
   */
  record Chart(String title, boolean money, boolean across, List<Slice> slices) {}

  List<Chart> charts(Segment segment, Instant asOf) {
    SegmentWords words = words();
    return List.of(
        new Chart("性别", false, true, slices(segment, asOf, "gender", labels(words, "", "gender"))),
        new Chart(
            "门店",
            false,
            true,
            slices(segment, asOf, "order.store", labels(words, "items", "order.store"))),
        new Chart("品类", false, true, categories(segment, asOf, words)),
        new Chart("每月消费", true, false, slices(segment, asOf, "month", Map.of())));
  }

  private List<Slice> slices(
      Segment segment, Instant asOf, String field, Map<String, String> labels) {
    return segments().breakdown(segment, Breakdown.by(field), asOf).stream()
        .map(share -> slice(share, labels))
        .toList();
  }

  /** Where goods stand, not the levels above; the most bought first. */
  private List<Slice> categories(Segment segment, Instant asOf, SegmentWords words) {
    Map<String, String> labels = labels(words, "items", "category");
    return segments().breakdown(segment, Breakdown.by("category"), asOf).stream()
        .filter(share -> share.members() > 0 && share.key().orElse("").contains("/"))
        .sorted(Comparator.comparingLong(Share::members).reversed())
        .map(share -> slice(share, labels))
        .toList();
  }

  private static Slice slice(Share share, Map<String, String> labels) {
    String label = share.key().map(key -> labels.getOrDefault(key, key)).orElse("未知");
    return new Slice(label, share.members(), share.net().movePointLeft(FEN));
  }

  private static Map<String, String> labels(SegmentWords words, String of, String field) {
    Map<String, String> labels = new LinkedHashMap<>();
    words
        .field(of, field)
        .ifPresent(one -> one.values().forEach(v -> labels.put(v.value(), v.labels().zh())));
    return labels;
  }

  /**
   * A member in a list.
   *
   * @param id for its file
   * @param name the name
   * @param card the number of the card
   * @param gender 女, 男 or nothing
   * @param region where they live
   * @param orders how many that count
   * @param yuan what they paid
   * @param last when they bought last
   * @param tags what staff sort them by
   */
  record Row(
      long id,
      String name,
      String card,
      String gender,
      String region,
      long orders,
      BigDecimal yuan,
      Optional<Instant> last,
      List<String> tags) {}

  /**
   * A page of a list.
   *
   * @param rows the members
   * @param number from 1
   * @param before where the page before begins, if there is one
   * @param next where the next one begins, if there is one
   * @param trail where all pages so far began
   * @param asOf when all of them were asked
   */
  record Listed(
      List<Row> rows,
      int number,
      Optional<String> before,
      Optional<String> next,
      String trail,
      Instant asOf) {}

  /**
   * Members of a segment.
   *
   * @param after the id behind which the page begins
   * @param trail where the pages before began, separated by blanks
   */
  Listed list(Segment segment, Instant asOf, long after, String trail) {
    List<Long> ids = segments().page(segment, asOf, after, PAGE_SIZE + 1);
    List<String> pages = new ArrayList<>();
    for (String page : trail.split(" ", -1)) {
      if (page.matches("\\d{1,19}") && !page.equals(String.valueOf(after))) {
        pages.add(page);
      } else if (page.equals(String.valueOf(after))) {
        break;
      }
    }
    Optional<String> before =
        pages.isEmpty() ? Optional.empty() : Optional.of(pages.get(pages.size() - 1));
    pages.add(String.valueOf(after));
    boolean more = ids.size() > PAGE_SIZE;
    List<Long> shown = more ? ids.subList(0, PAGE_SIZE) : ids;
    return new Listed(
        shown.stream().flatMap(id -> dealer.members().get(id).stream()).map(this::row).toList(),
        pages.size(),
        before,
        more ? Optional.of(String.valueOf(shown.get(PAGE_SIZE - 1))) : Optional.empty(),
        String.join(" ", pages),
        asOf);
  }

  private Row row(Member member) {
    Optional<Consumption> all =
        dealer.orders().consumption(member.id()).stream()
            .filter(one -> one.category().isEmpty() && one.month().isEmpty())
            .findFirst();
    return new Row(
        member.id(),
        member.name().orElse("（未留姓名）"),
        member.customerNos().stream().findFirst().orElse(""),
        gender(member),
        member.region().orElse(""),
        all.map(Consumption::orders).orElse(0L),
        BigDecimal.valueOf(all.map(Consumption::netFen).orElse(0L), FEN),
        all.flatMap(Consumption::last),
        dealer.members().tags(member.id()).stream().map(MemberTag::tag).toList());
  }

  static String gender(Member member) {
    return member.gender().map(one -> one == Gender.FEMALE ? "女" : "男").orElse("");
  }

  // Laoke: saved segments.

  List<SavedSegment> saved() {
    return segments().all().stream().sorted(Comparator.comparing(SavedSegment::name)).toList();
  }

  Optional<SavedSegment> saved(String key) {
    return segments().find(key);
  }

  List<SavedSegment> versions(String key) {
    List<SavedSegment> versions = new ArrayList<>(segments().versions(key));
    Collections.reverse(versions);
    return versions;
  }

  String sentence(Segment segment) {
    try {
      return segments().toChinese(segment);
    } catch (SegmentException outdated) {
      return "现在不能回答：" + outdated.problems().get(0).zh();
    }
  }

  /** Saves under the key, or as a new one. */
  SavedSegment save(Optional<String> key, String name, Segment segment) {
    String under = key.orElseGet(() -> "seg-" + UUID.randomUUID().toString().substring(0, 8));
    return segments().save(under, name, segment, BY);
  }

  /**
   * Removes a saved segment.
   *
   * @return what is in the way, or empty
   */
  Optional<String> remove(String key) {
    try {
      segments().remove(key, BY);
      return Optional.empty();
    } catch (ConflictException used) {
      List<String> names =
          segments().usedBy(key).stream()
              .map(user -> saved(user).map(SavedSegment::name).orElse(user))
              .toList();
      return Optional.of("不能删除：人群“" + String.join("”、“", names) + "”用到了它，请先改那些人群");
    } catch (LaokeException failure) {
      return Optional.of(Refused.words(failure));
    }
  }
}

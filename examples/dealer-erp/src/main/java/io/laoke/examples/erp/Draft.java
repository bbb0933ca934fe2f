package io.laoke.examples.erp;

import io.laoke.segment.Aggregation;
import io.laoke.segment.FieldType;
import io.laoke.segment.Op;
import io.laoke.segment.Operand;
import io.laoke.segment.Scope;
import io.laoke.segment.Segment;
import io.laoke.segment.SegmentSchema.Field;
import io.laoke.segment.SegmentSchema.Given;
import io.laoke.segment.SegmentSchema.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * A part of a segment while it is edited: what stands in the form, complete or not. Its place in
 * the tree, such as {@code n.1.w.0}, is what the names of its inputs begin with.
 */
final class Draft {
  static final String ROOT = "n";

  private static final int MOST_PARTS = 60;
  private static final int DEEPEST = 9;

  enum Kind {
    ALL,
    ANY,
    FIELD,
    AGG,
    IN,
    BUCKET,
    EVERYONE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String word) {
      for (Kind kind : values()) {
        if (kind.word().equals(word)) {
          return kind;
        }
      }
      return ALL;
    }
  }

  private final SegmentWords words;
  private final Kind kind;
  private final List<Draft> parts = new ArrayList<>();

  /** The collection whose rows this is about; empty: members. */
  private final String rows;

  private String id = ROOT;
  private boolean not;
  private String field = "";
  private String op = "";
  private List<String> values = List.of();
  private WindowDraft window = WindowDraft.none();
  private String collection = "";
  private String agg = "";
  private WindowDraft during = WindowDraft.none();
  private boolean whole;
  private @Nullable Draft where;

  private Draft(SegmentWords words, Kind kind, String rows) {
    this.words = words;
    this.kind = kind;
    this.rows = rows;
  }

  // ---- made anew

  static Draft all(SegmentWords words) {
    return new Draft(words, Kind.ALL, "");
  }

  /** Adds what was chosen from {@link #offers}; gives the new part. */
  Draft add(String choice) {
    int mark = choice.indexOf(' ');
    String what = mark < 0 ? choice : choice.substring(0, mark);
    String name = mark < 0 ? "" : choice.substring(mark + 1);
    Draft part;
    switch (what) {
      case "field" -> {
        part = new Draft(words, Kind.FIELD, rows);
        part.field = name;
        part.settle(true);
      }
      case "agg" -> {
        part = new Draft(words, Kind.AGG, "");
        part.collection = name;
        part.agg = "count";
        part.where = new Draft(words, Kind.ALL, name);
        part.settle(true);
      }
      case "any" -> part = new Draft(words, Kind.ANY, rows);
      case "in" -> {
        part = new Draft(words, Kind.IN, "");
        part.values = List.of("");
      }
      case "bucket" -> {
        part = new Draft(words, Kind.BUCKET, "");
        part.values = List.of("A", "0", "5000");
      }
      default -> part = new Draft(words, Kind.ALL, rows);
    }
    parts.add(part);
    place(id);
    return part;
  }

  /** Takes a part out; gives the group that it was in. */
  Optional<Draft> remove(String place) {
    for (Draft part : parts) {
      if (part.id.equals(place)) {
        parts.remove(part);
        this.place(id);
        return Optional.of(this);
      }
    }
    for (Draft part : parts) {
      Optional<Draft> group = part.where == null ? part.remove(place) : part.where.remove(place);
      if (group.isPresent()) {
        return group;
      }
    }
    return Optional.empty();
  }

  Optional<Draft> find(String place) {
    if (id.equals(place)) {
      return Optional.of(this);
    }
    for (Draft part : parts) {
      Optional<Draft> found = part.find(place);
      if (found.isPresent()) {
        return found;
      }
    }
    return where == null ? Optional.empty() : where.find(place);
  }

  private void place(String at) {
    id = at;
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).place(at + "." + i);
    }
    if (where != null) {
      where.place(at + ".w");
    }
  }

  /** Makes the operator one that there is, and what is given one that fits it. */
  private void settle(boolean anew) {
    List<SegmentWords.Choice> ops = operators();
    if (anew || ops.stream().noneMatch(one -> one.value().equals(op))) {
      op = ops.isEmpty() ? "" : ops.get(0).value();
      values = List.of();
      window = WindowDraft.none();
    }
    if (given() == Given.WINDOW && !window.given()) {
      window = WindowDraft.lastYear();
    }
    if (given() == Given.VALUE && values.isEmpty()) {
      values = List.of(usual());
    }
  }

  private String usual() {
    List<SegmentWords.Choice> choices = choices();
    return !choices.isEmpty()
        ? choices.get(0).value()
        : kind == Kind.AGG && type() == FieldType.INTEGER ? "1" : "";
  }

  // ---- read from a form

  static Draft read(SegmentWords words, MultiValueMap<String, String> form) {
    Draft root = read(words, form, ROOT, "", 0);
    root.place(ROOT);
    return root;
  }

  private static Draft read(
      SegmentWords words, MultiValueMap<String, String> form, String at, String rows, int depth) {
    Draft draft = new Draft(words, Kind.of(text(form, at, "kind")), rows);
    draft.not = form.containsKey(at + ".not");
    draft.op = text(form, at, "op");
    draft.values = form.getOrDefault(at + ".value", List.of());
    draft.window = window(form, at + ".window");
    for (int i = 0;
        depth < DEEPEST && i < MOST_PARTS && form.containsKey(at + "." + i + ".kind");
        i++) {
      draft.parts.add(read(words, form, at + "." + i, rows, depth + 1));
    }
    if (draft.kind == Kind.FIELD) {
      draft.field = text(form, at, "field");
      draft.settle(!text(form, at, "was").equals(draft.field));
    } else if (draft.kind == Kind.AGG) {
      draft.collection = text(form, at, "of");
      String measure = text(form, at, "field");
      int mark = measure.indexOf(' ');
      draft.agg = mark < 0 ? measure : measure.substring(0, mark);
      draft.field = mark < 0 ? "" : measure.substring(mark + 1);
      draft.during = window(form, at + ".during");
      draft.whole = form.containsKey(at + ".whole");
      draft.where =
          depth < DEEPEST
              ? read(words, form, at + ".w", draft.collection, depth + 1)
              : new Draft(words, Kind.ALL, draft.collection);
      draft.settle(!text(form, at, "was").equals(measure));
    }
    return draft;
  }

  private static String text(MultiValueMap<String, String> form, String at, String name) {
    String text = form.getFirst(at + "." + name);
    return text == null ? "" : text;
  }

  private static WindowDraft window(MultiValueMap<String, String> form, String at) {
    String number = text(form, at, "number");
    String unit = text(form, at, "unit");
    WindowDraft window =
        new WindowDraft(
            text(form, at, "form"), number, unit, text(form, at, "from"), text(form, at, "to"));
    return number.isEmpty() && !form.containsKey(at + ".number") && window.given()
        ? new WindowDraft(window.form(), "1", "Y", window.from(), window.to())
        : window;
  }

  // ---- read from a segment

  static Draft of(SegmentWords words, Segment segment) {
    Draft read = of(words, segment, "");
    Draft root = read;
    if (read.kind != Kind.ALL && read.kind != Kind.ANY) {
      root = all(words);
      root.parts.add(read);
    }
    root.place(ROOT);
    return root;
  }

  private static Draft of(SegmentWords words, Segment segment, String rows) {
    if (segment instanceof Segment.Not no) {
      Draft inner = of(words, no.of(), rows);
      if (inner.not) {
        Draft group = new Draft(words, Kind.ALL, rows);
        group.parts.add(inner);
        inner = group;
      }
      inner.not = true;
      return inner;
    } else if (segment instanceof Segment.All all) {
      return group(words, Kind.ALL, all.of(), rows);
    } else if (segment instanceof Segment.Any any) {
      return group(words, Kind.ANY, any.of(), rows);
    } else if (segment instanceof Segment.Field one) {
      Draft draft = new Draft(words, Kind.FIELD, rows);
      draft.field = one.field();
      draft.compared(one.op(), one.value());
      return draft;
    } else if (segment instanceof Segment.Agg one) {
      Draft draft = new Draft(words, Kind.AGG, "");
      draft.collection = one.of();
      draft.agg = one.agg().word();
      draft.field = one.field().orElse("");
      draft.during = one.during().map(WindowDraft::of).orElse(WindowDraft.none());
      draft.whole = one.scope() == Scope.ALL;
      Draft where =
          one.where()
              .map(part -> of(words, part, one.of()))
              .orElseGet(() -> new Draft(words, Kind.ALL, one.of()));
      if (where.kind != Kind.ALL && where.kind != Kind.ANY) {
        Draft group = new Draft(words, Kind.ALL, one.of());
        group.parts.add(where);
        where = group;
      }
      draft.where = where;
      draft.compared(one.op(), one.value());
      return draft;
    } else if (segment instanceof Segment.InSegment in) {
      Draft draft = new Draft(words, Kind.IN, "");
      draft.values = List.of(in.key());
      return draft;
    } else if (segment instanceof Segment.Bucket bucket) {
      Draft draft = new Draft(words, Kind.BUCKET, "");
      draft.values =
          List.of(bucket.salt(), String.valueOf(bucket.from()), String.valueOf(bucket.to()));
      return draft;
    }
    return new Draft(words, Kind.EVERYONE, "");
  }

  private static Draft group(SegmentWords words, Kind kind, List<Segment> parts, String rows) {
    Draft draft = new Draft(words, kind, rows);
    parts.forEach(part -> draft.parts.add(of(words, part, rows)));
    return draft;
  }

  private void compared(Op asked, Operand value) {
    op = asked.word();
    if (value instanceof Operand.Within within) {
      window = WindowDraft.of(within.window());
    } else {
      List<String> texts = DraftValue.texts(type(), value);
      boolean written = given() == Given.LIST && choices().isEmpty();
      values = written ? List.of(DraftValue.joined(texts)) : texts;
    }
  }

  // ---- made into a segment

  /**
   * What came of a draft.
   *
   * @param segment if it is complete
   * @param problems what is wrong, by the place of the part
   * @param places the place of each part, by its JSON pointer
   */
  record Built(
      Optional<Segment> segment, Map<String, Problem> problems, Map<String, String> places) {
    /** The part at which a JSON pointer leads, or the nearest that it lies in. */
    String place(String pointer) {
      String at = pointer;
      while (!at.isEmpty() && !places.containsKey(at)) {
        at = at.substring(0, at.lastIndexOf('/'));
      }
      return places.getOrDefault(at, ROOT);
    }
  }

  /**
   * What is wrong with a part.
   *
   * @param words in Chinese
   * @param missing whether it is only not filled in yet
   */
  record Problem(String words, boolean missing) {}

  Built build() {
    Map<String, Problem> problems = new LinkedHashMap<>();
    Map<String, String> places = new LinkedHashMap<>();
    Segment segment = build("/where", problems, places);
    return new Built(
        problems.isEmpty() ? Optional.of(segment) : Optional.empty(), problems, places);
  }

  private Segment build(String pointer, Map<String, Problem> problems, Map<String, String> places) {
    places.put(pointer, id);
    String inner = not ? pointer + "/not" : pointer;
    places.put(inner, id);
    Segment segment = new Segment.Everyone();
    try {
      segment = plain(inner, problems, places);
    } catch (Unclear unclear) {
      problems.put(id, new Problem(unclear.words(), unclear.missing()));
    }
    return not ? new Segment.Not(segment) : segment;
  }

  private Segment plain(String pointer, Map<String, Problem> problems, Map<String, String> places)
      throws Unclear {
    return switch (kind) {
      case ALL -> new Segment.All(parts(pointer + "/all/", problems, places));
      case ANY -> new Segment.Any(parts(pointer + "/any/", problems, places));
      case FIELD -> new Segment.Field(field, asked(), operand());
      case AGG -> aggregate(pointer, problems, places);
      case IN -> {
        String key = value(0);
        if (key.isBlank()) {
          throw Unclear.missing("请选择一个已存的人群");
        }
        yield new Segment.InSegment(key);
      }
      case BUCKET ->
          new Segment.Bucket(value(0), DraftValue.small(value(1)), DraftValue.small(value(2)));
      case EVERYONE -> new Segment.Everyone();
    };
  }

  private List<Segment> parts(
      String pointer, Map<String, Problem> problems, Map<String, String> places) {
    List<Segment> built = new ArrayList<>();
    for (Draft part : parts) {
      built.add(part.build(pointer + built.size(), problems, places));
    }
    return built;
  }

  private Segment aggregate(
      String pointer, Map<String, Problem> problems, Map<String, String> places) throws Unclear {
    Optional<Segment> rowsOnly = Optional.empty();
    if (where != null && (!where.parts.isEmpty() || where.not)) {
      Draft alone = where.parts.size() == 1 && !where.not ? where.parts.get(0) : where;
      rowsOnly = Optional.of(alone.build(pointer + "/where", problems, places));
    }
    Aggregation how = null;
    for (Aggregation one : Aggregation.values()) {
      how = one.word().equals(agg) ? one : how;
    }
    if (how == null) {
      throw Unclear.missing("请选择看什么数");
    }
    return new Segment.Agg(
        how,
        collection,
        field.isEmpty() ? Optional.empty() : Optional.of(field),
        rowsOnly,
        during.given() ? Optional.of(during.window()) : Optional.empty(),
        whole ? Scope.ALL : Scope.DEFAULT,
        asked(),
        operand());
  }

  private Op asked() throws Unclear {
    return Op.of(op).orElseThrow(() -> Unclear.missing("请选择怎么比"));
  }

  private Operand operand() throws Unclear {
    return switch (given()) {
      case NOTHING -> new Operand.None();
      case WINDOW -> new Operand.Within(window.window());
      case VALUE -> DraftValue.one(type(), value(0));
      case PAIR ->
          new Operand.Many(
              List.of(DraftValue.one(type(), value(0)), DraftValue.one(type(), value(1))));
      case LIST -> DraftValue.several(type(), !choices().isEmpty(), values);
    };
  }

  // ---- as pages show it

  public String id() {
    return id;
  }

  /** The same as the id of an element: without dots, which selectors would take for classes. */
  public String key() {
    return key(id);
  }

  static String key(String id) {
    return id.replace('.', '-');
  }

  /** This part and all below it. */
  public List<Draft> all() {
    List<Draft> all = new ArrayList<>(List.of(this));
    parts.forEach(part -> all.addAll(part.all()));
    if (where != null) {
      all.addAll(where.all());
    }
    return all;
  }

  /** What can be added to this group, under headings. */
  public Map<String, List<SegmentWords.Choice>> offers() {
    Map<String, List<SegmentWords.Choice>> offers = new LinkedHashMap<>();
    List<SegmentWords.Choice> fields =
        words.fields(rows).stream()
            .map(one -> new SegmentWords.Choice("field " + one.name(), one.labels().zh()))
            .toList();
    if (!rows.isEmpty()) {
      offers.put("字段", fields);
      offers.put("组合", List.of(new SegmentWords.Choice("any", "一组条件，满足任意一条")));
      return offers;
    }
    offers.put("会员资料", fields);
    offers.put(
        "消费与服务",
        words.collections().stream()
            .map(one -> new SegmentWords.Choice("agg " + one.name(), one.labels().zh()))
            .toList());
    offers.put(
        "组合",
        List.of(
            new SegmentWords.Choice("all", "一组条件，全部满足"),
            new SegmentWords.Choice("any", "一组条件，满足任意一条"),
            new SegmentWords.Choice("in", "在已存的人群里"),
            new SegmentWords.Choice("bucket", "随机抽取一部分")));
    return offers;
  }

  public String kind() {
    return kind.word();
  }

  public boolean group() {
    return kind == Kind.ALL || kind == Kind.ANY;
  }

  public boolean not() {
    return not;
  }

  public String rows() {
    return rows;
  }

  public List<Draft> parts() {
    return parts;
  }

  public String op() {
    return op;
  }

  public String collection() {
    return collection;
  }

  public String collectionLabel() {
    return words.collection(collection).map(one -> one.labels().zh()).orElse(collection);
  }

  public boolean scoped() {
    return words.collection(collection).filter(one -> one.scoped()).isPresent();
  }

  public boolean whole() {
    return whole;
  }

  public WindowDraft window() {
    return window;
  }

  public WindowDraft during() {
    return during;
  }

  public Draft where() {
    return where == null ? this : where;
  }

  public List<SegmentWords.Choice> windows() {
    return words.windows();
  }

  public boolean countedWindow(WindowDraft which) {
    return words.counted(which.form());
  }

  /** The field, or what is made of rows as one word. */
  public String measured() {
    return kind == Kind.AGG ? SegmentWords.measure(agg, field) : field;
  }

  /** The fields that this one may become, or what can be made of the rows. */
  public List<SegmentWords.Choice> measures() {
    return kind == Kind.AGG
        ? words.measures(collection)
        : words.fields(rows).stream()
            .map(one -> new SegmentWords.Choice(one.name(), one.labels().zh()))
            .toList();
  }

  public List<SegmentWords.Choice> operators() {
    return words.operators(
        kind == Kind.AGG
            ? result().map(Result::operators).orElse(List.of())
            : known().map(Field::operators).orElse(List.of()));
  }

  /** Values of a closed list, or yes and no; none where any value may be. */
  public List<SegmentWords.Choice> choices() {
    if (type() == FieldType.FLAG) {
      return List.of(new SegmentWords.Choice("true", "是"), new SegmentWords.Choice("false", "否"));
    }
    boolean of = kind == Kind.FIELD || agg.equals("first") || agg.equals("last");
    return of
        ? known().filter(Field::closed).map(Field::values).orElse(List.of()).stream()
            .map(one -> new SegmentWords.Choice(one.value(), shown(one.value(), one.labels().zh())))
            .toList()
        : List.of();
  }

  /** A path is set in by its levels, so that the list reads as a tree. */
  private String shown(String value, String label) {
    boolean tree = type() == FieldType.CATEGORY || type() == FieldType.REGION;
    long level = tree ? value.chars().filter(c -> c == '/').count() : 0;
    return "　".repeat((int) level) + label;
  }

  private Optional<Field> known() {
    return words.field(kind == Kind.AGG ? collection : rows, field);
  }

  private Optional<Result> result() {
    return words.result(collection, agg, field);
  }

  private FieldType type() {
    return kind == Kind.AGG
        ? result().map(Result::type).orElse(FieldType.INTEGER)
        : known().map(Field::type).orElse(FieldType.TEXT);
  }

  public String typeWord() {
    return type().name().toLowerCase(Locale.ROOT);
  }

  private Given given() {
    return words.given(op);
  }

  public String givenWord() {
    return given().name().toLowerCase(Locale.ROOT);
  }

  public String value(int index) {
    return index < values.size() ? values.get(index) : "";
  }

  public boolean has(String value) {
    return values.contains(value);
  }
}

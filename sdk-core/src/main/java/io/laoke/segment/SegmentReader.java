package io.laoke.segment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.laoke.segment.Problems.Names;
import io.laoke.segment.SegmentProblem.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads the JSON form token by token. Where something is wrong it goes on with {@link #INSTEAD}, so
 * that all mistakes are told at once; what it then returns is thrown away.
 */
final class SegmentReader {
  private static final Segment INSTEAD = new Segment.Everyone();
  private static final Window NO_WINDOW = new Window.This(Window.Unit.DAY);
  private static final int VERSION = 1;
  private static final int MOST_DIGITS = 19;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(200)
                  .maxNumberLength(1_000)
                  .maxNameLength(SegmentJson.MOST_BYTES)
                  .maxStringLength(SegmentJson.MOST_BYTES)
                  .build())
          .build();

  /** What people write who know other languages. */
  private static final Map<String, Op> ALIASES =
      Map.ofEntries(
          Map.entry("=", Op.EQ),
          Map.entry("==", Op.EQ),
          Map.entry("is", Op.EQ),
          Map.entry("equals", Op.EQ),
          Map.entry("!=", Op.NE),
          Map.entry("<>", Op.NE),
          Map.entry("<", Op.LT),
          Map.entry("<=", Op.LTE),
          Map.entry(">", Op.GT),
          Map.entry(">=", Op.GTE),
          Map.entry("like", Op.CONTAINS),
          Map.entry("within", Op.DURING),
          Map.entry("isnull", Op.MISSING),
          Map.entry("null", Op.MISSING));

  private enum Key {
    ALL,
    ANY,
    NOT,
    AGG,
    FIELD,
    IN,
    BUCKET,
    EVERYONE,
    OF,
    WHERE,
    DURING,
    SCOPE,
    OP,
    VALUE,
    FROM,
    TO;

    final String word = name().toLowerCase(Locale.ROOT);

    static Optional<Key> of(String word) {
      return Arrays.stream(values()).filter(key -> key.word.equals(word)).findFirst();
    }
  }

  private enum Kind {
    ALL(Key.ALL),
    ANY(Key.ANY),
    NOT(Key.NOT),
    AGG(Key.AGG),
    FIELD(Key.FIELD),
    IN(Key.IN),
    BUCKET(Key.BUCKET),
    EVERYONE(Key.EVERYONE);

    final Key lead;

    Kind(Key lead) {
      this.lead = lead;
    }

    Set<Key> required() {
      return switch (this) {
        case AGG -> EnumSet.of(lead, Key.OF, Key.OP);
        case FIELD -> EnumSet.of(lead, Key.OP);
        case BUCKET -> EnumSet.of(lead, Key.FROM, Key.TO);
        case ALL, ANY, NOT, IN, EVERYONE -> EnumSet.of(lead);
      };
    }

    Set<Key> allowed() {
      Set<Key> allowed = required();
      if (this == AGG) {
        allowed.addAll(EnumSet.of(Key.FIELD, Key.WHERE, Key.DURING, Key.SCOPE, Key.VALUE));
      }
      if (this == FIELD) {
        allowed.add(Key.VALUE);
      }
      return allowed;
    }

    Nearest.Candidates keys() {
      return Nearest.Candidates.of(allowed().stream().map(key -> key.word).toList());
    }
  }

  /** What an object holds, of whichever kind it is. */
  private static final class Draft {
    final Map<Key, String> texts = new EnumMap<>(Key.class);
    final Map<Key, Integer> numbers = new EnumMap<>(Key.class);
    final Set<Key> seen = EnumSet.noneOf(Key.class);
    final List<String> unknown = new ArrayList<>();
    List<Segment> nodes = List.of();
    Segment node = INSTEAD;
    Optional<Segment> where = Optional.empty();
    Optional<Window> during = Optional.empty();
    Scope scope = Scope.DEFAULT;
    Operand value = new Operand.None();
    Op op = Op.EXISTS;
    Aggregation agg = Aggregation.COUNT;

    String text(Key key) {
      return texts.getOrDefault(key, "");
    }
  }

  private final String json;
  private final Problems problems = new Problems();

  SegmentReader(String json) {
    this.json = json.startsWith("\uFEFF") ? json.substring(1) : json;
  }

  Segment read() {
    if (json.length() > SegmentJson.MOST_BYTES
        || SegmentWriter.bytes(json) > SegmentJson.MOST_BYTES) {
      throw SegmentWriter.tooLong();
    }
    Segment segment = INSTEAD;
    try (JsonParser parser = JSON.createParser(json)) {
      segment = document(parser);
    } catch (StreamConstraintsException limit) {
      constrained(limit);
    } catch (JsonProcessingException wrong) {
      problems.add("", Code.NOT_JSON, "不是有效的 JSON%s；请更正。".formatted(zh(wrong)), noJson(wrong));
    } catch (IOException impossible) {
      throw new UncheckedIOException("a text that cannot be read", impossible);
    }
    problems.throwIfAny();
    return segment;
  }

  private void constrained(StreamConstraintsException limit) {
    if (String.valueOf(limit.getOriginalMessage()).contains("epth")) {
      tooDeep("");
    } else {
      problems.add(
          "",
          Code.OUT_OF_RANGE,
          "有位数过多的数字；请用最多 15 位的整数。",
          "has a number of too many digits; use whole numbers of at most 15 digits.");
    }
  }

  /** Jackson's own words quote the text. */
  private static String noJson(JsonProcessingException wrong) {
    JsonLocation at = wrong.getLocation();
    return "is no JSON%s; correct it there."
        .formatted(
            at == null
                ? ""
                : " from line %d, column %d on".formatted(at.getLineNr(), at.getColumnNr()));
  }

  private static String zh(JsonProcessingException wrong) {
    JsonLocation at = wrong.getLocation();
    return at == null ? "" : "（第 %d 行第 %d 列起）".formatted(at.getLineNr(), at.getColumnNr());
  }

  // ---- the whole

  private Segment document(JsonParser in) throws IOException {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      problems.add(
          "",
          Code.WRONG_TYPE,
          "必须是 JSON 对象：{\"v\":1,\"where\":…}。",
          "must be a JSON object: {\"v\":1,\"where\":…}.");
      return INSTEAD;
    }
    Segment where = INSTEAD;
    Set<String> seen = new HashSet<>();
    Problems version = new Problems();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String key = in.currentName();
      String at = "/" + escaped(key);
      in.nextToken();
      if (!key.equals("v") && !key.equals("where")) {
        problems.add(
            at,
            Code.UNKNOWN_KEY,
            Key.of(key).isPresent() ? Optional.of("where") : Optional.empty(),
            "这里只能有 v 和 where；条件请写在 where 中：{\"v\":1,\"where\":…}。",
            "only v and where can stand here; put the condition into where: {\"v\":1,\"where\":…}.");
        in.skipChildren();
      } else if (!seen.add(key)) {
        repeated(at, key);
        in.skipChildren();
      } else if (key.equals("v")) {
        version(in, version);
      } else {
        where = node(in, "/where", 1);
      }
    }
    version.throwIfAny();
    for (String key : List.of("v", "where")) {
      if (!seen.contains(key)) {
        problems.add(
            "",
            Code.MISSING_KEY,
            "缺少 %s；完整写法为 {\"v\":1,\"where\":…}。".formatted(key),
            "has no %s; write it as {\"v\":1,\"where\":…}.".formatted(key));
      }
    }
    if (in.nextToken() != null) {
      problems.add(
          "", Code.NOT_JSON, "JSON 结束后还有内容；请删去。", "goes on after its end; cut off what follows.");
    }
    return where;
  }

  private static void version(JsonParser in, Problems version) throws IOException {
    boolean known =
        in.currentToken() == JsonToken.VALUE_NUMBER_INT
            && in.getText().equals(String.valueOf(VERSION));
    if (!known) {
      version.add(
          "/v",
          Code.VERSION,
          "版本必须是数字 1；更新的版本请用更新的 Laoke 读取。",
          "must be the number 1; read a newer version with a newer Laoke.");
      in.skipChildren();
    }
  }

  // ---- a node

  private Segment node(JsonParser in, String pointer, int depth) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      wrongType(in, pointer, "一个条件，如 {\"field\":…}", "a condition such as {\"field\":…}");
      return INSTEAD;
    }
    if (depth > SegmentWriter.DEEPEST) {
      tooDeep(pointer);
      in.skipChildren();
      return INSTEAD;
    }
    Draft draft = new Draft();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String word = in.currentName();
      String at = pointer + "/" + escaped(word);
      in.nextToken();
      Optional<Key> key = Key.of(word);
      if (key.isEmpty()) {
        draft.unknown.add(word);
        in.skipChildren();
      } else if (!draft.seen.add(key.get())) {
        repeated(at, word);
        in.skipChildren();
      } else if (problems.full()) {
        in.skipChildren();
      } else {
        value(in, at, key.get(), draft, depth);
      }
    }
    return built(pointer, draft);
  }

  private void tooDeep(String pointer) {
    problems.add(
        pointer,
        Code.TOO_DEEP,
        "嵌套过深；最多 8 层，请合并 all/any/not。",
        "is nested too deeply; use at most 8 levels.");
  }

  private void repeated(String at, String key) {
    problems.add(
        at,
        Code.REPEATED_KEY,
        "“%s”出现了两次；请只保留一个。".formatted(Shown.of(key)),
        "'%s' stands here twice; leave one of them.".formatted(Shown.of(key)));
  }

  private void value(JsonParser in, String at, Key key, Draft draft, int depth) throws IOException {
    switch (key) {
      case ALL, ANY -> draft.nodes = nodes(in, at, depth);
      case NOT -> draft.node = node(in, at, depth + 1);
      case WHERE -> draft.where = Optional.of(node(in, at, depth + 1));
      case DURING -> draft.during = Optional.of(window(in, at));
      case VALUE -> draft.value = operand(in, at);
      case FIELD, OF, IN, BUCKET -> draft.texts.put(key, text(in, at));
      case OP -> draft.op = op(in, at);
      case AGG -> draft.agg = aggregation(in, at);
      case SCOPE -> draft.scope = scope(in, at);
      case FROM, TO -> draft.numbers.put(key, number(in, at));
      case EVERYONE -> everyone(in, at);
    }
  }

  private List<Segment> nodes(JsonParser in, String at, int depth) throws IOException {
    List<Segment> nodes = new ArrayList<>();
    if (in.currentToken() != JsonToken.START_ARRAY) {
      wrongType(in, at, "条件的列表 […]", "a list of conditions […]");
      return nodes;
    }
    for (int i = 0; in.nextToken() != JsonToken.END_ARRAY; i++) {
      if (problems.full()) {
        in.skipChildren();
      } else {
        nodes.add(node(in, at + "/" + i, depth + 1));
      }
    }
    return nodes;
  }

  private Segment built(String pointer, Draft draft) {
    List<Kind> kinds =
        Arrays.stream(Kind.values()).filter(kind -> draft.seen.contains(kind.lead)).toList();
    if (kinds.contains(Kind.AGG)) {
      kinds = kinds.stream().filter(kind -> kind != Kind.FIELD).toList();
    }
    if (kinds.isEmpty() && draft.seen.contains(Key.OF)) {
      kinds = List.of(Kind.AGG);
    }
    if (kinds.isEmpty()) {
      none(pointer, draft);
      return INSTEAD;
    }
    Kind kind = kinds.get(0);
    keys(pointer, draft, kind);
    return switch (kind) {
      case ALL -> new Segment.All(draft.nodes);
      case ANY -> new Segment.Any(draft.nodes);
      case NOT -> new Segment.Not(draft.node);
      case AGG -> aggregate(draft);
      case FIELD -> new Segment.Field(draft.text(Key.FIELD), draft.op, draft.value);
      case IN -> new Segment.InSegment(draft.text(Key.IN));
      case BUCKET ->
          new Segment.Bucket(
              draft.text(Key.BUCKET),
              draft.numbers.getOrDefault(Key.FROM, 0),
              draft.numbers.getOrDefault(Key.TO, 0));
      case EVERYONE -> INSTEAD;
    };
  }

  private static Segment aggregate(Draft draft) {
    return new Segment.Agg(
        draft.agg,
        draft.text(Key.OF),
        Optional.ofNullable(draft.texts.get(Key.FIELD)),
        draft.where,
        draft.during,
        draft.scope,
        draft.op,
        draft.value);
  }

  private void none(String pointer, Draft draft) {
    Nearest.Candidates leads =
        Nearest.Candidates.of(Arrays.stream(Kind.values()).map(kind -> kind.lead.word).toList());
    Optional<String> nearest =
        draft.unknown.stream().flatMap(word -> Nearest.to(word, leads).stream()).findFirst();
    problems.add(
        pointer,
        Code.MISSING_KEY,
        nearest,
        "看不出是哪种条件%s；请用其中一个：%s。"
            .formatted(nearest.map("，是不是“%s”"::formatted).orElse(""), leads.shortList()),
        "is no condition%s; use one of %s."
            .formatted(
                nearest.map(", did you mean '%s'"::formatted).orElse(""), leads.shortList()));
  }

  private void keys(String pointer, Draft draft, Kind kind) {
    for (Key key : draft.seen) {
      if (!kind.allowed().contains(key)) {
        problems.add(
            pointer + "/" + key.word,
            Code.UNKNOWN_KEY,
            "“%s”不能和“%s”写在一起；请放进 all 或 any 的列表，或删去。".formatted(key.word, kind.lead.word),
            "'%s' cannot stand beside '%s'; put both into the list of an all or any, or leave it out."
                .formatted(key.word, kind.lead.word));
      }
    }
    for (String word : draft.unknown) {
      problems.unknown(pointer + "/" + escaped(word), Code.UNKNOWN_KEY, KEY, word, kind.keys());
    }
    for (Key key : kind.required()) {
      if (!draft.seen.contains(key)) {
        missing(pointer, key.word);
      }
    }
  }

  private static final Names KEY = Names.of("键", "key");

  private void missing(String pointer, String key) {
    problems.add(
        pointer,
        Code.MISSING_KEY,
        "缺少“%s”；请补上。".formatted(key),
        "has no '%s'; give it.".formatted(key));
  }

  // ---- values

  private String text(JsonParser in, String at) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      return in.getText();
    }
    wrongType(in, at, "文本", "a text");
    return "";
  }

  private Op op(JsonParser in, String at) throws IOException {
    return named(
        in,
        at,
        Code.UNKNOWN_OPERATOR,
        Names.of("运算符", "operator"),
        Op::of,
        word -> Optional.ofNullable(ALIASES.get(word.toLowerCase(Locale.ROOT))).map(Op::word),
        Arrays.stream(Op.values()).map(Op::word).toList(),
        Op.EXISTS);
  }

  private Aggregation aggregation(JsonParser in, String at) throws IOException {
    return named(
        in,
        at,
        Code.UNKNOWN_AGGREGATE,
        Names.of("汇总方式", "aggregate"),
        word ->
            Arrays.stream(Aggregation.values()).filter(agg -> agg.word().equals(word)).findFirst(),
        word -> Optional.empty(),
        Arrays.stream(Aggregation.values()).map(Aggregation::word).toList(),
        Aggregation.COUNT);
  }

  private Scope scope(JsonParser in, String at) throws IOException {
    return named(
        in,
        at,
        Code.WRONG_VALUE,
        Names.of("范围", "scope"),
        word -> Arrays.stream(Scope.values()).filter(one -> one.word().equals(word)).findFirst(),
        word -> Optional.empty(),
        Arrays.stream(Scope.values()).map(Scope::word).toList(),
        Scope.DEFAULT);
  }

  private <T> T named(
      JsonParser in,
      String at,
      Code code,
      Names what,
      Function<String, Optional<T>> of,
      Function<String, Optional<String>> alias,
      List<String> words,
      T otherwise)
      throws IOException {
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      wrongType(in, at, "文本", "a text");
      return otherwise;
    }
    String word = in.getText();
    Optional<T> found = of.apply(word);
    if (found.isEmpty()) {
      Optional<String> meant = alias.apply(word);
      Nearest.Candidates candidates = Nearest.Candidates.of(words);
      if (meant.isPresent()) {
        problems.add(
            at,
            code,
            meant,
            "没有%s“%s”；请用“%s”。".formatted(what.zh(), Shown.of(word), meant.get()),
            "there is no %s '%s'; use '%s'.".formatted(what.en(), Shown.of(word), meant.get()));
      } else {
        problems.unknown(at, code, what, word, candidates);
      }
    }
    return found.orElse(otherwise);
  }

  private int number(JsonParser in, String at) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_NUMBER_INT
        && in.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
      wrongType(in, at, "整数", "a whole number");
      return 0;
    }
    return whole(in, at) instanceof Operand.Whole number
        ? (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number.value()))
        : 0;
  }

  private void everyone(JsonParser in, String at) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_TRUE) {
      wrongType(in, at, "true（要“没有人”请用 {\"any\":[]}）", "true (for nobody use {\"any\":[]})");
    }
  }

  private Operand operand(JsonParser in, String at) throws IOException {
    return switch (in.currentToken()) {
      case START_OBJECT -> new Operand.Within(window(in, at));
      case START_ARRAY -> many(in, at);
      default -> scalar(in, at);
    };
  }

  private Operand scalar(JsonParser in, String at) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_STRING -> new Operand.Text(in.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> whole(in, at);
      case VALUE_TRUE -> new Operand.Flag(true);
      case VALUE_FALSE -> new Operand.Flag(false);
      case VALUE_NULL -> new Operand.None();
      default -> {
        wrongType(in, at, "文本、整数或 true/false", "a text, a whole number, or true or false");
        yield new Operand.None();
      }
    };
  }

  private Operand many(JsonParser in, String at) throws IOException {
    List<Operand> values = new ArrayList<>();
    for (int i = 0; in.nextToken() != JsonToken.END_ARRAY; i++) {
      if (i == Resolver.MOST_IN_LIST) {
        problems.add(
            at,
            Code.TOO_MANY_VALUES,
            "列表最多 1,000 个值；请拆成几个条件放进 any。",
            "has more than 1,000 values; split it into several conditions within an any.");
      }
      if (i >= Resolver.MOST_IN_LIST || problems.full()) {
        in.skipChildren();
      } else {
        values.add(scalar(in, at + "/" + i));
      }
    }
    return new Operand.Many(values);
  }

  private Operand whole(JsonParser in, String at) throws IOException {
    String digits = in.getText();
    if (in.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      problems.add(
          at,
          Code.NOT_WHOLE,
          "必须是整数，不能有小数点或指数；金额以分为单位，5,000.50 元写作 500050。",
          "must be a whole number without point or exponent; give money in fen: ¥5,000.50 is 500050.");
    } else if (digits.length() <= MOST_DIGITS + 1) {
      try {
        return new Operand.Whole(Long.parseLong(digits));
      } catch (NumberFormatException over) {
        tooBig(at);
      }
    } else {
      tooBig(at);
    }
    return new Operand.None();
  }

  private void tooBig(String at) {
    problems.add(
        at,
        Code.OUT_OF_RANGE,
        "数字超出范围；请用绝对值不超过 10^15（1 后面 15 个 0）的数字。",
        "is out of range; give at most 10^15, a 1 and 15 zeros.");
  }

  // ---- windows

  private static final List<String> WINDOWS =
      List.of("last", "next", "before", "this", "prev", "nextUnit", "from", "to");

  private Window window(JsonParser in, String at) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      wrongType(
          in, at, "时间窗，如 {\"last\":\"P30D\"}", "a window of time such as {\"last\":\"P30D\"}");
      return NO_WINDOW;
    }
    List<String> keys = new ArrayList<>();
    Optional<LocalDate> from = Optional.empty();
    Optional<LocalDate> to = Optional.empty();
    Window window = NO_WINDOW;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String key = in.currentName();
      String here = at + "/" + escaped(key);
      in.nextToken();
      if (!WINDOWS.contains(key)) {
        problems.unknown(
            here, Code.UNKNOWN_KEY, Names.of("时间窗", "window"), key, Nearest.Candidates.of(WINDOWS));
        in.skipChildren();
        keys.add("");
        continue;
      }
      if (keys.contains(key)) {
        repeated(here, key);
        in.skipChildren();
        continue;
      }
      keys.add(key);
      switch (key) {
        case "from" -> from = Optional.of(day(in, here));
        case "to" -> to = Optional.of(day(in, here));
        case "last" -> window = new Window.Last(period(in, here));
        case "next" -> window = new Window.Next(period(in, here));
        case "before" -> window = new Window.Before(period(in, here));
        case "this" -> window = new Window.This(unit(in, here));
        case "prev" -> window = new Window.Prev(unit(in, here));
        default -> window = new Window.NextUnit(unit(in, here));
      }
    }
    if (keys.isEmpty()) {
      problems.add(
          at,
          Code.WRONG_WINDOW,
          "时间窗是空的；请用其中一个：%s。".formatted(String.join(", ", WINDOWS)),
          "is an empty window; use one of %s.".formatted(String.join(", ", WINDOWS)));
    } else if (keys.size() > 1 && !Set.of("from", "to").containsAll(keys)) {
      problems.add(
          at,
          Code.WRONG_WINDOW,
          "时间窗只能有一种写法（from 和 to 可一起用）；请删去多余的。",
          "can have only one form, or from and to together; leave out the others.");
    }
    return from.isPresent() || to.isPresent() ? new Window.Days(from, to) : window;
  }

  private Period period(JsonParser in, String at) throws IOException {
    Optional<Period> period =
        in.currentToken() == JsonToken.VALUE_STRING ? Periods.read(in.getText()) : Optional.empty();
    if (period.isEmpty()) {
      in.skipChildren();
      problems.add(
          at,
          Code.WRONG_WINDOW,
          "时长必须是天、周、月、年的整数，如 P30D、P2W、P6M、P1Y。",
          "must be a period of whole days, weeks, months and years such as P30D, P2W, P6M, P1Y.");
    }
    return period.orElse(Period.ofDays(1));
  }

  private Window.Unit unit(JsonParser in, String at) throws IOException {
    return named(
        in,
        at,
        Code.WRONG_WINDOW,
        Names.of("日历单位", "calendar unit"),
        word ->
            Arrays.stream(Window.Unit.values()).filter(one -> one.word().equals(word)).findFirst(),
        word -> Optional.empty(),
        Arrays.stream(Window.Unit.values()).map(Window.Unit::word).toList(),
        Window.Unit.DAY);
  }

  private LocalDate day(JsonParser in, String at) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      try {
        return LocalDate.parse(in.getText());
      } catch (DateTimeException wrong) {
        // told below
      }
    }
    in.skipChildren();
    problems.add(
        at,
        Code.WRONG_WINDOW,
        "必须是存在的日期，写作 yyyy-MM-dd，如 2026-06-30。",
        "must be a date that exists, written yyyy-MM-dd such as 2026-06-30.");
    return LocalDate.EPOCH;
  }

  private void wrongType(JsonParser in, String at, String zh, String en) throws IOException {
    String was = was(in.currentToken());
    in.skipChildren();
    problems.add(
        at, Code.WRONG_TYPE, "必须是%s。".formatted(zh), "must be %s, was %s.".formatted(en, was));
  }

  private static String was(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "true or false";
      case VALUE_NULL -> "null";
      default -> "something else";
    };
  }

  /** A key as a step of a pointer. */
  private static String escaped(String key) {
    return Shown.of(key).replace("~", "~0").replace("/", "~1");
  }
}

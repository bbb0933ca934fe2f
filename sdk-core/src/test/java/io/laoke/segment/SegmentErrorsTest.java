package io.laoke.segment;

import static io.laoke.segment.SampleSchema.AS_OF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.laoke.segment.SegmentProblem.Code;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every mistake is told with its place, its kind, what to do, and the name that was meant. */
class SegmentErrorsTest {
  private static final Pattern ADVICE =
      Pattern.compile(
          "\\b(use|give|write|put|leave|take|save|create|split|shorten|correct|cut|read|must|did you mean|only)\\b");

  private static final SampleSchema SCHEMA = schema();

  private static SampleSchema schema() {
    SampleSchema schema =
        new SampleSchema()
            .save("vips", field("vip", Op.EQ, new Operand.Flag(true)))
            .save("a", new Segment.InSegment("b"))
            .save("b", new Segment.Not(new Segment.InSegment("c")))
            .save("c", new Segment.Any(List.of(new Segment.InSegment("a"))))
            .save("self", new Segment.InSegment("self"))
            .save("broken", field("gendre", Op.EQ, new Operand.Text("FEMALE")));
    for (int i = 1; i <= 5; i++) {
      schema.save("r" + i, i == 5 ? new Segment.Everyone() : new Segment.InSegment("r" + (i + 1)));
    }
    return schema;
  }

  private static Segment field(String name, Op op, Operand value) {
    return new Segment.Field(name, op, value);
  }

  private static List<SegmentProblem> problems(String json) {
    SegmentException refused =
        catchThrowableOfType(
            SegmentException.class, () -> Resolver.resolve(SegmentJson.read(json), SCHEMA, AS_OF));
    assertThat(refused).as("refusal of " + json).isNotNull();
    return refused.problems();
  }

  private static List<SegmentProblem> problemsOf(Segment segment) {
    SegmentException refused =
        catchThrowableOfType(
            SegmentException.class, () -> Resolver.resolve(segment, SCHEMA, AS_OF));
    assertThat(refused).as("refusal").isNotNull();
    return refused.problems();
  }

  /** The where; its problem's pointer, code, part of its English and of its Chinese, nearest. */
  static Stream<Arguments> wrong() {
    return Stream.of(
        // names
        of(
            "{'field':'gendr','op':'eq','value':'MALE'}",
            "/where/field",
            Code.UNKNOWN_FIELD,
            "did you mean 'gender'?",
            "是不是“gender”？",
            "gender"),
        of(
            "{'field':'性别','op':'eq','value':'MALE'}",
            "/where/field",
            Code.UNKNOWN_FIELD,
            "'gender'",
            "gender",
            "gender"),
        of(
            "{'field':'shoesize','op':'eq','value':1}",
            "/where/field",
            Code.UNKNOWN_FIELD,
            "use one of gender, name",
            "可用：gender, name",
            null),
        of(
            "{'field':'netAmount','op':'gte','value':1}",
            "/where/field",
            Code.UNKNOWN_FIELD,
            "of orders, items; use it in an aggregate",
            "不是会员的字段",
            null),
        of(
            "{'agg':'count','of':'orders','where':{'field':'gender','op':'eq','value':'MALE'},'op':'gte','value':1}",
            "/where/where/field",
            Code.UNKNOWN_FIELD,
            "field of members, not of orders",
            "请写在 where 之外",
            null),
        of(
            "{'agg':'count','of':'orders','where':{'field':'stagetext','op':'exists'},'op':'gte','value':1}",
            "/where/where/field",
            Code.UNKNOWN_FIELD,
            "no field of orders 'stagetext'",
            "orders 的字段",
            "stageText"),
        of(
            "{'agg':'sum','of':'orders','field':'netAmuont','op':'gte','value':1}",
            "/where/field",
            Code.UNKNOWN_FIELD,
            "netAmount",
            "netAmount",
            "netAmount"),
        of(
            "{'field':'gender','op':'equals','value':'MALE'}",
            "/where/op",
            Code.UNKNOWN_OPERATOR,
            "use 'eq'",
            "请用“eq”",
            "eq"),
        of(
            "{'field':'points','op':'>=','value':1}",
            "/where/op",
            Code.UNKNOWN_OPERATOR,
            "use 'gte'",
            "gte",
            "gte"),
        of(
            "{'field':'gender','op':'notin','value':['MALE']}",
            "/where/op",
            Code.UNKNOWN_OPERATOR,
            "'notIn'",
            "notIn",
            "notIn"),
        of(
            "{'field':'gender','op':'zzzzzz','value':'MALE'}",
            "/where/op",
            Code.UNKNOWN_OPERATOR,
            "use one of eq, in",
            "没有运算符",
            null),
        of(
            "{'agg':'total','of':'orders','op':'gte','value':1}",
            "/where/agg",
            Code.UNKNOWN_AGGREGATE,
            "no aggregate 'total'",
            "没有汇总方式",
            null),
        of(
            "{'agg':'cuont','of':'orders','op':'gte','value':1}",
            "/where/agg",
            Code.UNKNOWN_AGGREGATE,
            "'count'",
            "count",
            "count"),
        of(
            "{'agg':'count','of':'order','op':'gte','value':1}",
            "/where/of",
            Code.UNKNOWN_COLLECTION,
            "'orders'",
            "orders",
            "orders"),
        of(
            "{'agg':'count','of':'订单','op':'gte','value':1}",
            "/where/of",
            Code.UNKNOWN_COLLECTION,
            "'orders'",
            "orders",
            "orders"),
        of("{'in':'vip'}", "/where/in", Code.UNKNOWN_SEGMENT, "'vips'", "没有分组", "vips"),
        // values of closed lists
        of(
            "{'field':'gender','op':'eq','value':'female'}",
            "/where/value",
            Code.UNKNOWN_VALUE,
            "'FEMALE'",
            "FEMALE",
            "FEMALE"),
        of(
            "{'field':'gender','op':'eq','value':'女'}",
            "/where/value",
            Code.UNKNOWN_VALUE,
            "'FEMALE'",
            "FEMALE",
            "FEMALE"),
        of(
            "{'field':'gender','op':'eq','value':'UNKNOWN'}",
            "/where/value",
            Code.WRONG_VALUE,
            "\"op\":\"missing\"",
            "性别未知",
            null),
        of(
            "{'field':'gender','op':'in','value':['MALE','unknown']}",
            "/where/value/1",
            Code.WRONG_VALUE,
            "\"op\":\"missing\"",
            "性别未知",
            null),
        of(
            "{'field':'tags','op':'hasAny','value':['vip','vipp']}",
            "/where/value/1",
            Code.UNKNOWN_VALUE,
            "'vip'",
            "vip",
            "vip"),
        of(
            "{'agg':'count','of':'items','where':{'field':'category','op':'under','value':'kitchn'},'op':'gte','value':1}",
            "/where/where/value",
            Code.UNKNOWN_VALUE,
            "'kitchen'",
            "kitchen",
            "kitchen"),
        of(
            "{'agg':'count','of':'items','where':{'field':'category','op':'under','value':'hood'},'op':'gte','value':1}",
            "/where/where/value",
            Code.UNKNOWN_VALUE,
            "'kitchen/hood'",
            "kitchen/hood",
            "kitchen/hood"),
        of(
            "{'agg':'count','of':'items','where':{'field':'category','op':'under','value':'油烟机'},'op':'gte','value':1}",
            "/where/where/value",
            Code.UNKNOWN_VALUE,
            "'kitchen/hood'",
            "kitchen/hood",
            "kitchen/hood"),
        of(
            "{'agg':'last','of':'orders','field':'store','op':'eq','value':'S9'}",
            "/where/value",
            Code.UNKNOWN_VALUE,
            "S1",
            "S1",
            "S1"),
        of(
            "{'agg':'count','of':'orders','where':{'field':'stage','op':'eq','value':'DELIVERD'},'op':'gte','value':1}",
            "/where/where/value",
            Code.UNKNOWN_VALUE,
            "'DELIVERED'",
            "DELIVERED",
            "DELIVERED"),
        // operators by type
        of(
            "{'field':'deposit','op':'contains','value':'5'}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "money has no contains; use gte, lte, gt, lt, between",
            "金额不支持 contains；请用 gte",
            null),
        of(
            "{'field':'deposit','op':'in','value':[5]}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "money has no in",
            "金额不支持 in",
            null),
        of(
            "{'field':'gender','op':'contains','value':'F'}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "code has no contains",
            "代码不支持",
            null),
        of(
            "{'field':'name','op':'gte','value':'a'}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "text has no gte",
            "文本不支持",
            null),
        of(
            "{'field':'name','op':'under','value':'a'}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "text has no under",
            "文本不支持",
            null),
        of(
            "{'field':'tags','op':'eq','value':'vip'}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "tag has no eq; use hasAny",
            "标签不支持",
            null),
        of(
            "{'field':'vip','op':'in','value':[true]}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "flag has no in",
            "是/否不支持",
            null),
        of(
            "{'field':'points','op':'during','value':{'last':'P1D'}}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "integer has no during",
            "整数不支持",
            null),
        of(
            "{'field':'birthday','op':'in','value':['2026-01-01']}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "date has no in",
            "日期不支持",
            null),
        of(
            "{'field':'createdAt','op':'between','value':['a','b']}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "instant has no between; use during, gte, lt",
            "时间不支持",
            null),
        of(
            "{'field':'createdAt','op':'eq','value':'x'}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "instant has no eq",
            "时间不支持",
            null),
        of(
            "{'field':'createdAt','op':'anniversary','value':{'this':'day'}}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "instant has no anniversary",
            "时间不支持",
            null),
        of(
            "{'field':'region','op':'under','value':'浙江/'}",
            "/where/value",
            Code.WRONG_VALUE,
            "none before or behind",
            "前后不加 /",
            null),
        of(
            "{'field':'region','op':'in','value':['浙江','浙江//杭州']}",
            "/where/value/1",
            Code.WRONG_VALUE,
            "one / between",
            "不是地区路径",
            null),
        of(
            "{'field':'region','op':'startsWith','value':'浙'}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "region has no startsWith; use under",
            "地区不支持",
            null),
        of(
            "{'field':'secret','op':'contains','value':'a'}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "text that is kept encrypted has no contains",
            "加密保存的文本不支持",
            null),
        of(
            "{'agg':'count','of':'orders','op':'during','value':{'last':'P1D'}}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "count gives integer, which has no during",
            "count 的结果是整数",
            null),
        of(
            "{'agg':'count','of':'orders','op':'exists'}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "use count gte 1",
            "count gte 1",
            null),
        of(
            "{'agg':'sum','of':'orders','field':'netAmount','op':'missing'}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "never missing",
            "从不缺失",
            null),
        of(
            "{'agg':'sum','of':'orders','field':'netAmount','op':'in','value':[1]}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "sum gives money, which has no in",
            "sum 的结果是金额",
            null),
        of(
            "{'agg':'last','of':'orders','field':'store','op':'gte','value':1}",
            "/where/op",
            Code.WRONG_OPERATOR,
            "last gives code, which has no gte",
            "last 的结果是代码",
            null),
        // aggregates by type
        of(
            "{'agg':'sum','of':'orders','field':'store','op':'gte','value':1}",
            "/where/agg",
            Code.WRONG_AGGREGATE,
            "use another field (netAmount) or aggregate (first, last, distinct)",
            "请换字段（netAmount）",
            null),
        of(
            "{'agg':'avg','of':'orders','field':'at','op':'gte','value':1}",
            "/where/agg",
            Code.WRONG_AGGREGATE,
            "(min, max, first, last, distinct)",
            "不能做 avg",
            null),
        of(
            "{'agg':'max','of':'items','field':'brand','op':'gte','value':1}",
            "/where/agg",
            Code.WRONG_AGGREGATE,
            "no max of text",
            "不能做 max",
            null),
        of(
            "{'agg':'sum','of':'orders','op':'gte','value':1}",
            "/where",
            Code.MISSING_KEY,
            "has no 'field'",
            "缺少“field”",
            null),
        of(
            "{'agg':'count','of':'orders','field':'store','op':'gte','value':1}",
            "/where/field",
            Code.UNKNOWN_KEY,
            "count counts rows",
            "count 数的是行",
            "distinct"),
        of(
            "{'agg':'count','of':'units','scope':'all','op':'gte','value':1}",
            "/where/scope",
            Code.NO_SCOPE,
            "units has no scope; leave it out",
            "units 没有 scope",
            null),
        of(
            "{'agg':'count','of':'orders','scope':'every','op':'gte','value':1}",
            "/where/scope",
            Code.WRONG_VALUE,
            "use one of default, all",
            "没有范围",
            null),
        // where
        of(
            "{'agg':'count','of':'orders','where':{'agg':'count','of':'items','op':'gte','value':1},'op':'gte','value':1}",
            "/where/where",
            Code.NOT_IN_WHERE,
            "without agg",
            "不能用 agg",
            null),
        of(
            "{'agg':'count','of':'orders','where':{'all':[{'in':'vips'}]},'op':'gte','value':1}",
            "/where/where/all/0",
            Code.NOT_IN_WHERE,
            "without in",
            "不能用 in",
            null),
        of(
            "{'agg':'count','of':'orders','where':{'not':{'bucket':'x','from':0,'to':5}},'op':'gte','value':1}",
            "/where/where/not",
            Code.NOT_IN_WHERE,
            "without bucket",
            "不能用 bucket",
            null),
        of(
            "{'agg':'count','of':'orders','where':{'any':[{'everyone':true}]},'op':'gte','value':1}",
            "/where/where/any/0",
            Code.NOT_IN_WHERE,
            "without everyone",
            "不能用 everyone",
            null),
        // operands
        of(
            "{'field':'gender','op':'eq'}",
            "/where/value",
            Code.MISSING_KEY,
            "has no value; give a code as text",
            "缺少 value",
            null),
        of(
            "{'field':'gender','op':'eq','value':null}",
            "/where/value",
            Code.MISSING_KEY,
            "or use missing to ask for none",
            "请用 missing",
            null),
        of(
            "{'field':'gender','op':'missing','value':'MALE'}",
            "/where/value",
            Code.UNKNOWN_KEY,
            "missing has no value; leave it out",
            "missing 不需要 value",
            null),
        of(
            "{'field':'gender','op':'eq','value':['MALE']}",
            "/where/value",
            Code.WRONG_TYPE,
            "must be a code as text, was a list",
            "必须是代码文本",
            null),
        of(
            "{'field':'gender','op':'in','value':'MALE'}",
            "/where/value",
            Code.WRONG_TYPE,
            "must be a list such as",
            "必须是列表",
            null),
        of(
            "{'field':'gender','op':'in','value':[]}",
            "/where/value",
            Code.WRONG_VALUE,
            "empty list, which nobody fits",
            "列表是空的",
            null),
        of(
            "{'field':'tags','op':'hasAll','value':[]}",
            "/where/value",
            Code.WRONG_VALUE,
            "empty list",
            "列表是空的",
            null),
        of(
            "{'field':'gender','op':'in','value':['MALE',null]}",
            "/where/value/1",
            Code.MISSING_KEY,
            "has no value",
            "缺少 value",
            null),
        of(
            "{'field':'name','op':'eq','value':''}",
            "/where/value",
            Code.WRONG_VALUE,
            "blank text is no value; use missing or exists",
            "空文本等于没有值",
            null),
        of(
            "{'field':'name','op':'contains','value':' \\u3000'}",
            "/where/value",
            Code.WRONG_VALUE,
            "blank",
            "空文本",
            null),
        of(
            "{'field':'name','op':'eq','value':5}",
            "/where/value",
            Code.WRONG_TYPE,
            "must be a text, was a number",
            "必须是文本",
            null),
        of(
            "{'field':'name','op':'eq','value':'" + "x".repeat(201) + "'}",
            "/where/value",
            Code.OUT_OF_RANGE,
            "at most 200 characters, has 201",
            "最多 200 个字符",
            null),
        of(
            "{'field':'name','op':'eq','value':'a\\u0000b'}",
            "/where/value",
            Code.WRONG_VALUE,
            "control character",
            "控制字符",
            null),
        of(
            "{'field':'name','op':'eq','value':'a\\ud800b'}",
            "/where/value",
            Code.WRONG_VALUE,
            "half of a 4-byte character",
            "4 字节字符",
            null),
        of(
            "{'field':'points','op':'gte','value':'5'}",
            "/where/value",
            Code.WRONG_TYPE,
            "whole number such as 3, was a text",
            "必须是整数",
            null),
        of(
            "{'field':'deposit','op':'gte','value':'5000元'}",
            "/where/value",
            Code.WRONG_TYPE,
            "whole number of fen, such as 500000 for ¥5,000",
            "5,000 元写作 500000",
            null),
        of(
            "{'field':'points','op':'gte','value':1.0}",
            "/where/value",
            Code.NOT_WHOLE,
            "without point or exponent",
            "不能有小数点",
            null),
        of(
            "{'field':'points','op':'gte','value':1e3}",
            "/where/value",
            Code.NOT_WHOLE,
            "without point or exponent",
            "指数",
            null),
        of(
            "{'field':'deposit','op':'gte','value':5000.5}",
            "/where/value",
            Code.NOT_WHOLE,
            "¥5,000.50 is 500050",
            "500050",
            null),
        of(
            "{'field':'points','op':'gte','value':1000000000000001}",
            "/where/value",
            Code.OUT_OF_RANGE,
            "at most 10^15",
            "10^15",
            null),
        of(
            "{'field':'points','op':'gte','value':-1000000000000001}",
            "/where/value",
            Code.OUT_OF_RANGE,
            "at most 10^15",
            "10^15",
            null),
        of(
            "{'field':'points','op':'gte','value':9223372036854775808}",
            "/where/value",
            Code.OUT_OF_RANGE,
            "at most 10^15",
            "10^15",
            null),
        of(
            "{'field':'points','op':'gte','value':" + "9".repeat(900) + "}",
            "/where/value",
            Code.OUT_OF_RANGE,
            "at most 10^15",
            "10^15",
            null),
        of(
            "{'field':'points','op':'between','value':[5]}",
            "/where/value",
            Code.WRONG_TYPE,
            "two values [low, high]",
            "两个值",
            null),
        of(
            "{'field':'points','op':'between','value':5}",
            "/where/value",
            Code.WRONG_TYPE,
            "two values [low, high]",
            "两个值",
            null),
        of(
            "{'field':'points','op':'between','value':[1,2,3]}",
            "/where/value",
            Code.WRONG_TYPE,
            "two values [low, high]",
            "两个值",
            null),
        of(
            "{'field':'points','op':'between','value':[5,4]}",
            "/where/value",
            Code.WRONG_VALUE,
            "the other way round",
            "请交换",
            null),
        of(
            "{'field':'birthday','op':'between','value':['2026-02-01','2026-01-01']}",
            "/where/value",
            Code.WRONG_VALUE,
            "the other way round",
            "请交换",
            null),
        of(
            "{'field':'vip','op':'eq','value':1}",
            "/where/value",
            Code.WRONG_TYPE,
            "true or false, was a number",
            "true 或 false",
            null),
        of(
            "{'field':'birthday','op':'eq','value':'2026-02-29'}",
            "/where/value",
            Code.WRONG_VALUE,
            "a date that exists",
            "必须是存在的日期",
            null),
        of(
            "{'field':'birthday','op':'eq','value':'2026/02/01'}",
            "/where/value",
            Code.WRONG_VALUE,
            "yyyy-MM-dd",
            "yyyy-MM-dd",
            null),
        of(
            "{'field':'birthday','op':'eq','value':'0999-01-01'}",
            "/where/value",
            Code.OUT_OF_RANGE,
            "between the years 1000 and 9998",
            "1000 年",
            null),
        of(
            "{'field':'createdAt','op':'gte','value':'2026-02-01T00:00:00'}",
            "/where/value",
            Code.WRONG_VALUE,
            "with its offset",
            "带时区的时间",
            null),
        of(
            "{'field':'createdAt','op':'gte','value':'2026-02-01'}",
            "/where/value",
            Code.WRONG_VALUE,
            "for whole days use during",
            "during",
            null),
        of(
            "{'field':'createdAt','op':'lt','value':'0001-02-01T00:00:00Z'}",
            "/where/value",
            Code.OUT_OF_RANGE,
            "between the years",
            "1000 年",
            null),
        // windows
        of(
            "{'field':'createdAt','op':'during','value':'P30D'}",
            "/where/value",
            Code.WRONG_TYPE,
            "a window such as",
            "时间窗",
            null),
        of(
            "{'field':'createdAt','op':'during'}",
            "/where/value",
            Code.MISSING_KEY,
            "give a window such as",
            "时间窗",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{}}",
            "/where/value",
            Code.WRONG_WINDOW,
            "empty window",
            "时间窗是空的",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'lsat':'P1D'}}",
            "/where/value/lsat",
            Code.UNKNOWN_KEY,
            "'last'",
            "last",
            "last"),
        of(
            "{'field':'createdAt','op':'during','value':{'last':'P1D','next':'P1D'}}",
            "/where/value",
            Code.WRONG_WINDOW,
            "only one form",
            "只能有一种写法",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'last':'P1D','to':'2026-01-01'}}",
            "/where/value",
            Code.WRONG_WINDOW,
            "only one form",
            "只能有一种写法",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'last':'P1D','last':'P2D'}}",
            "/where/value/last",
            Code.REPEATED_KEY,
            "stands here twice",
            "出现了两次",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'last':'30 days'}}",
            "/where/value/last",
            Code.WRONG_WINDOW,
            "such as P30D",
            "P30D",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'last':'PT24H'}}",
            "/where/value/last",
            Code.WRONG_WINDOW,
            "such as P30D",
            "P30D",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'last':'P-1D'}}",
            "/where/value/last",
            Code.WRONG_WINDOW,
            "such as P30D",
            "P30D",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'last':'P'}}",
            "/where/value/last",
            Code.WRONG_WINDOW,
            "such as P30D",
            "P30D",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'last':'P0D'}}",
            "/where/value/last",
            Code.WRONG_WINDOW,
            "for today use {\"this\":\"day\"}",
            "{\"this\":\"day\"}",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'before':'P101Y'}}",
            "/where/value/before",
            Code.WRONG_WINDOW,
            "at most 100 years",
            "100 年",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'next':'P99999D'}}",
            "/where/value/next",
            Code.WRONG_WINDOW,
            "at most 100 years",
            "100 年",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'last':30}}",
            "/where/value/last",
            Code.WRONG_WINDOW,
            "such as P30D",
            "P30D",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'this':'monht'}}",
            "/where/value/this",
            Code.WRONG_WINDOW,
            "'month'",
            "没有日历单位",
            "month"),
        of(
            "{'field':'createdAt','op':'during','value':{'prev':5}}",
            "/where/value/prev",
            Code.WRONG_TYPE,
            "must be a text, was a number",
            "必须是文本",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'from':'2026-06-30','to':'2026-01-01'}}",
            "/where/value",
            Code.WRONG_WINDOW,
            "ends before it starts: from 2026-06-30 is after to 2026-01-01",
            "开始之前就结束",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'from':'2026-02-30'}}",
            "/where/value/from",
            Code.WRONG_WINDOW,
            "a date that exists",
            "存在的日期",
            null),
        of(
            "{'field':'createdAt','op':'during','value':{'to':'+12026-02-20'}}",
            "/where/value/to",
            Code.OUT_OF_RANGE,
            "between the years 1000 and 9998",
            "1000 年",
            null),
        of(
            "{'agg':'count','of':'orders','during':{'last':'P0D'},'op':'gte','value':1}",
            "/where/during/last",
            Code.WRONG_WINDOW,
            "at least one day",
            "至少 1 天",
            null),
        of(
            "{'agg':'count','of':'orders','during':'P1D','op':'gte','value':1}",
            "/where/during",
            Code.WRONG_TYPE,
            "a window of time",
            "时间窗",
            null),
        // buckets
        of(
            "{'bucket':'x','from':5,'to':5}",
            "/where/from",
            Code.OUT_OF_RANGE,
            "0 ≤ from < to ≤ 10000",
            "0 ≤ from",
            null),
        of(
            "{'bucket':'x','from':-1,'to':5}",
            "/where/from",
            Code.OUT_OF_RANGE,
            "0 ≤ from",
            "0 ≤ from",
            null),
        of(
            "{'bucket':'x','from':0,'to':10001}",
            "/where/from",
            Code.OUT_OF_RANGE,
            "0 ≤ from",
            "0 ≤ from",
            null),
        of("{'bucket':'x','from':0}", "/where", Code.MISSING_KEY, "has no 'to'", "缺少“to”", null),
        of(
            "{'bucket':'','from':0,'to':5}",
            "/where/bucket",
            Code.WRONG_VALUE,
            "blank",
            "空文本",
            null),
        of(
            "{'bucket':'x','from':'0','to':5}",
            "/where/from",
            Code.WRONG_TYPE,
            "a whole number, was a text",
            "必须是整数",
            null),
        of(
            "{'bucket':'x','from':0.5,'to':5}",
            "/where/from",
            Code.NOT_WHOLE,
            "without point",
            "小数点",
            null),
        // form
        of(
            "{}",
            "/where",
            Code.MISSING_KEY,
            "is no condition; use one of all, any",
            "看不出是哪种条件",
            null),
        of("{'alll':[]}", "/where", Code.MISSING_KEY, "did you mean 'all'", "是不是“all”", "all"),
        of("[]", "/where", Code.WRONG_TYPE, "must be a condition such as", "必须是一个条件", null),
        of("'x'", "/where", Code.WRONG_TYPE, "was a text", "必须是一个条件", null),
        of("null", "/where", Code.WRONG_TYPE, "was null", "必须是一个条件", null),
        of("{'all':{}}", "/where/all", Code.WRONG_TYPE, "a list of conditions", "条件的列表", null),
        of("{'all':[5]}", "/where/all/0", Code.WRONG_TYPE, "must be a condition", "必须是一个条件", null),
        of("{'not':[]}", "/where/not", Code.WRONG_TYPE, "must be a condition", "必须是一个条件", null),
        of(
            "{'everyone':false}",
            "/where/everyone",
            Code.WRONG_TYPE,
            "for nobody use {\"any\":[]}",
            "没有人",
            null),
        of(
            "{'all':[],'any':[]}",
            "/where/any",
            Code.UNKNOWN_KEY,
            "'any' cannot stand beside 'all'",
            "不能和“all”写在一起",
            null),
        of(
            "{'field':'gender','op':'eq','value':'MALE','of':'orders'}",
            "/where/of",
            Code.UNKNOWN_KEY,
            "'of' cannot stand beside 'field'",
            "写在一起",
            null),
        of(
            "{'field':'gender','op':'eq','valeu':'MALE'}",
            "/where/valeu",
            Code.UNKNOWN_KEY,
            "did you mean 'value'",
            "value",
            "value"),
        of(
            "{'field':'gender','op':'eq','value':'MALE','op':'ne'}",
            "/where/op",
            Code.REPEATED_KEY,
            "stands here twice",
            "出现了两次",
            null),
        of(
            "{'field':'gender','value':'MALE'}",
            "/where",
            Code.MISSING_KEY,
            "has no 'op'",
            "缺少“op”",
            null),
        of(
            "{'of':'orders','op':'gte','value':1}",
            "/where",
            Code.MISSING_KEY,
            "has no 'agg'",
            "缺少“agg”",
            null),
        of(
            "{'agg':'count','op':'gte','value':1}",
            "/where",
            Code.MISSING_KEY,
            "has no 'of'",
            "缺少“of”",
            null),
        of(
            "{'field':5,'op':'exists'}",
            "/where/field",
            Code.WRONG_TYPE,
            "must be a text, was a number",
            "必须是文本",
            null),
        of(
            "{'field':'gender','op':'in','value':[['MALE']]}",
            "/where/value/0",
            Code.WRONG_TYPE,
            "a text, a whole number, or true or false, was a list",
            "必须是文本",
            null),
        of(
            "{'x/y~z':1,'all':[]}",
            "/where/x~1y~0z",
            Code.UNKNOWN_KEY,
            "there is no key 'x/y~z'",
            "没有键",
            null),
        // references
        of(
            "{'in':'self'}",
            "/where/in",
            Code.CYCLE,
            "in a circle: self → self",
            "成了环：self → self",
            null),
        of(
            "{'all':[{'in':'a'}]}",
            "/where/all/0/in",
            Code.CYCLE,
            "a → b → c → a",
            "a → b → c → a",
            null),
        of(
            "{'in':'r1'}",
            "/where/in",
            Code.REFERENCES_TOO_DEEP,
            "r1 → r2 → r3 → r4 → r5",
            "超过 4 层",
            null),
        of(
            "{'in':'broken'}",
            "/where/in",
            Code.UNKNOWN_FIELD,
            "in the saved segment 'broken': there is no field of members 'gendre'",
            "在分组“broken”中",
            "gender"));
  }

  private static Arguments of(
      String where, String pointer, Code code, String en, String zh, String nearest) {
    return Arguments.of(where.replace('\'', '"'), pointer, code, en, zh, nearest);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void isToldWithItsPlaceAndWhatToDo(
      String where, String pointer, Code code, String en, String zh, String nearest) {
    List<SegmentProblem> problems = problems("{\"v\":1,\"where\":" + where + "}");
    assertThat(problems).hasSize(1);
    SegmentProblem problem = problems.get(0);
    assertThat(problem.pointer()).isEqualTo(pointer);
    assertThat(problem.code()).isEqualTo(code);
    assertThat(problem.en()).contains(en).endsWith(".");
    assertThat(problem.zh()).contains(zh).endsWith("。");
    assertThat(problem.nearest()).isEqualTo(Optional.ofNullable(nearest));
    assertThat(ADVICE.matcher(problem.en()).find()).as(problem.en()).isTrue();
    assertThat(problem.zh()).containsPattern("请|用|必须|最多|不能|可用|是不是|需要");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "{\"v\":1,\"where\":{\"all\":[}}",
        "{\"v\":1,\"where\":{\"all\":[]}",
        "{\"v\":1,\"where\":{\"all\":[]}}x",
        "{\"v\":1,\"where\":{\"all\":[]}}{}",
        "{'v':1}",
        "{\"v\":1,\"where\":{\"field\":\"points\",\"op\":\"gte\",\"value\":NaN}}",
        "{\"v\":1,\"where\":{\"field\":\"points\",\"op\":\"gte\",\"value\":01}}",
        "{\"v\":1, // no\n\"where\":{\"all\":[]}}",
        "\u0000"
      })
  void noJsonIsCalledSo(String text) {
    List<SegmentProblem> problems = problems(text);
    assertThat(problems.get(0).code()).isIn(Code.NOT_JSON, Code.WRONG_TYPE);
    assertThat(problems.get(0).pointer()).isEmpty();
    assertThat(problems.get(0).zh()).contains("JSON");
  }

  @Test
  void versionsThatAreNotReadAreNamedAloneAndNothingElse() {
    for (String version : new String[] {"2", "0", "\"1\"", "1.0", "null", "[1]", "{\"x\":1}"}) {
      List<SegmentProblem> problems =
          problems("{\"where\":{\"new\":\"things\"},\"v\":" + version + "}");
      assertThat(problems).as(version).hasSize(1);
      assertThat(problems.get(0).pointer()).isEqualTo("/v");
      assertThat(problems.get(0).code()).isEqualTo(Code.VERSION);
    }
    assertThat(problems("{\"where\":{\"all\":[]}}").get(0).en()).contains("has no v");
    assertThat(problems("{\"v\":1}").get(0).en()).contains("has no where");
    assertThat(problems("[]").get(0).en()).contains("{\"v\":1,\"where\":…}");
    assertThat(problems("{\"all\":[]}"))
        .extracting(SegmentProblem::code)
        .containsExactly(Code.UNKNOWN_KEY, Code.MISSING_KEY, Code.MISSING_KEY);
    assertThat(problems("{\"v\":1,\"v\":1,\"where\":{\"all\":[]}}").get(0).code())
        .isEqualTo(Code.REPEATED_KEY);
  }

  @Test
  void allMistakesAreToldAtOnce() {
    List<SegmentProblem> problems =
        problems(
            """
            {"v":1,"where":{"all":[
              {"field":"gendr","op":"eq","value":"FEMALE"},
              {"field":"points","op":"contains","value":"x"},
              {"not":{"field":"name","op":"eq","value":""}},
              {"agg":"sum","of":"orders","field":"store","during":{"last":"P0D"},
               "where":{"field":"shop","op":"exists"},"op":"gte","value":1}]}}
            """);
    assertThat(problems)
        .extracting(SegmentProblem::pointer)
        .containsExactly(
            "/where/all/0/field",
            "/where/all/1/op",
            "/where/all/2/not/value",
            "/where/all/3/during/last",
            "/where/all/3/where/field",
            "/where/all/3/agg");
    assertThat(
            problems(
                "{\"v\":1,\"where\":{\"all\":["
                    + String.join(",", Collections.nCopies(100, "{\"x\":1}"))
                    + "]}}"))
        .hasSize(20);
  }

  @Test
  void theMessageHasAllOfThemAndTheirPlaces() {
    SegmentException refused =
        catchThrowableOfType(
            SegmentException.class,
            () -> SegmentJson.read("{\"v\":1,\"where\":{\"any\":[{\"x\":1},5]}}"));
    assertThat(refused)
        .hasMessageStartingWith("The segment cannot be answered. /where/any/0: ")
        .hasMessageContaining(" /where/any/1: must be a condition");
    assertThat(refused.retryable()).isFalse();
    assertThat(refused.chinese().split("\n"))
        .hasSize(2)
        .allMatch(line -> line.startsWith("/where"));
  }

  @Test
  void whomOneSearchesIsNotTold() {
    for (String where :
        new String[] {
          "{'field':'name','op':'eq','value':['张小三']}",
          "{'field':'name','op':'gte','value':'张小三'}",
          "{'field':'birthday','op':'eq','value':'张小三'}",
          "{'field':'gender','op':'eq','value':'13800138000'}",
          "{'field':'13800138000','op':'eq','value':'x'}",
          "{'in':'13800138000'}",
          "{'张小三13800138000':'张小三'}"
        }) {
      for (SegmentProblem problem :
          problems("{\"v\":1,\"where\":" + where.replace('\'', '"') + "}")) {
        assertThat(problem.toString() + problem.zh())
            .doesNotContain("张小三")
            .doesNotContain("13800138000");
      }
    }
    assertThat(new Segment.Field("name", Op.EQ, new Operand.Text("张小三")).toString())
        .doesNotContain("张小三");
  }

  @Test
  void limitsHoldOnceReferencesAreExpanded() {
    Segment leaf = field("vip", Op.EQ, new Operand.Flag(true));
    assertThat(resolved(nested(leaf, 7))).isNotNull();
    assertThat(problemsOf(nested(leaf, 8)).get(0).code()).isEqualTo(Code.TOO_DEEP);
    assertThat(resolved(wide(199))).isNotNull();
    assertThat(problemsOf(wide(200)).get(0).code()).isEqualTo(Code.TOO_MANY_NODES);

    SCHEMA.save("deep", nested(leaf, 6)).save("wide", wide(120));
    Segment deep = new Segment.InSegment("deep");
    assertThat(resolved(nested(deep, 1))).isNotNull();
    assertThat(problemsOf(nested(deep, 2)).get(0))
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(Code.TOO_DEEP);
              assertThat(problem.pointer()).isEqualTo("/where/any/0/all/0/in");
              assertThat(problem.zh()).startsWith("在分组“deep”中");
            });
    Segment wide = new Segment.InSegment("wide");
    assertThat(resolved(wide)).isNotNull();
    assertThat(problemsOf(new Segment.Any(List.of(wide, new Segment.Not(wide)))).get(0).code())
        .isEqualTo(Code.TOO_MANY_NODES);
  }

  private static Question resolved(Segment segment) {
    return Resolver.resolve(segment, SCHEMA, AS_OF);
  }

  private static Segment nested(Segment leaf, int times) {
    Segment node = leaf;
    for (int i = 0; i < times; i++) {
      node =
          i % 2 == 0 ? new Segment.All(List.of(node, leaf)) : new Segment.Any(List.of(node, leaf));
    }
    return node;
  }

  private static Segment wide(int parts) {
    List<Segment> all = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      all.add(field("points", Op.EQ, new Operand.Whole(i)));
    }
    return new Segment.Any(all);
  }

  @Test
  void listsHaveAtMostAThousandValuesAndTenThousandTogether() {
    assertThat(resolved(list(1_000, 0))).isNotNull();
    assertThat(problemsOf(list(1_001, 0)).get(0).code()).isEqualTo(Code.TOO_MANY_VALUES);
    List<Segment> ten = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ten.add(list(1_000, 1_000 * i));
    }
    assertThat(resolved(new Segment.Any(ten))).isNotNull();
    ten.add(list(1, 77_000));
    assertThat(problemsOf(new Segment.Any(ten)).get(0).en()).contains("10,000");
    assertThat(
            problems(
                    "{\"v\":1,\"where\":{\"field\":\"points\",\"op\":\"in\",\"value\":["
                        + "1,".repeat(1_000)
                        + "1]}}")
                .get(0)
                .code())
        .isEqualTo(Code.TOO_MANY_VALUES);
  }

  private static Segment list(int size, int from) {
    List<Operand> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(new Operand.Whole(from + i));
    }
    return field("points", Op.IN, new Operand.Many(values));
  }

  @Test
  void textsHaveAtMostSixtyFourKilobytesWithReferencesExpanded() {
    List<Operand> values = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      values.add(new Operand.Text("字".repeat(100) + i));
    }
    Segment long1 = field("hobby", Op.IN, new Operand.Many(values));
    SegmentException refused =
        catchThrowableOfType(SegmentException.class, () -> SegmentJson.write(long1));
    assertThat(refused.problems().get(0).code()).isEqualTo(Code.TOO_LONG);
    assertThat(problemsOf(long1).get(0).code()).isEqualTo(Code.TOO_LONG);
    String padded = "{\"v\":1,\"where\":{\"all\":[]}}";
    assertThat(SegmentJson.read(padded + " ".repeat(65_536 - padded.length()))).isNotNull();
    assertThat(problems(padded + " ".repeat(65_537 - padded.length())).get(0).code())
        .isEqualTo(Code.TOO_LONG);
  }

  @Test
  void asOfStaysWithinTheYearsThatCalendarsCover() {
    Segment everyone = new Segment.Everyone();
    for (String good :
        new String[] {"1969-12-31T16:00:00Z", "2026-01-01T00:00:00Z", "2200-12-31T15:59:59.999Z"}) {
      assertThat(Resolver.resolve(everyone, SCHEMA, Instant.parse(good))).isNotNull();
    }
    for (Instant bad :
        new Instant[] {
          Instant.parse("1969-12-31T15:59:59.999Z"),
          Instant.parse("2200-12-31T16:00:00Z"),
          Instant.MIN,
          Instant.MAX
        }) {
      SegmentException refused =
          catchThrowableOfType(
              SegmentException.class, () -> Resolver.resolve(everyone, SCHEMA, bad));
      assertThat(refused.problems().get(0).code()).isEqualTo(Code.AS_OF);
    }
  }

  @Test
  void treesBuiltInJavaAreCheckedAsThoseOfJson() {
    assertThat(
            problemsOf(
                    field(
                        "createdAt",
                        Op.DURING,
                        new Operand.Within(new Window.Last(Period.ofDays(-1)))))
                .get(0)
                .code())
        .isEqualTo(Code.WRONG_WINDOW);
    assertThat(
            problemsOf(
                    field(
                        "createdAt",
                        Op.DURING,
                        new Operand.Within(new Window.Days(Optional.empty(), Optional.empty()))))
                .get(0)
                .code())
        .isEqualTo(Code.WRONG_WINDOW);
    assertThat(
            problemsOf(
                    field(
                        "createdAt",
                        Op.DURING,
                        new Operand.Within(
                            new Window.Days(Optional.of(LocalDate.MAX), Optional.empty()))))
                .get(0)
                .code())
        .isEqualTo(Code.OUT_OF_RANGE);
    assertThat(
            problemsOf(
                    field(
                        "gender",
                        Op.IN,
                        new Operand.Many(
                            List.of(new Operand.Many(List.of(new Operand.Text("MALE")))))))
                .get(0)
                .code())
        .isEqualTo(Code.WRONG_TYPE);
  }

  @Test
  void noKindOfMistakeIsLeftOut() {
    Set<Code> told = EnumSet.noneOf(Code.class);
    wrong().forEach(row -> told.add((Code) row.get()[2]));
    assertThat(EnumSet.complementOf(EnumSet.copyOf(told)))
        .as("those which the other tests above are about")
        .containsOnly(
            Code.NOT_JSON,
            Code.TOO_LONG,
            Code.TOO_DEEP,
            Code.TOO_MANY_NODES,
            Code.TOO_MANY_VALUES,
            Code.VERSION,
            Code.AS_OF);
  }
}

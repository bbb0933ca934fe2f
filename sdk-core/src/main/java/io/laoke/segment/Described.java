package io.laoke.segment;

import io.laoke.segment.SegmentSchema.Argument;
import io.laoke.segment.SegmentSchema.Value;
import io.laoke.segment.SegmentSchema.WindowForm;
import java.util.List;
import java.util.stream.IntStream;

/** What people call the words of the language. */
final class Described {
  private Described() {}

  static Labels labels(Op op) {
    return switch (op) {
      case EQ -> new Labels("等于", "is");
      case NE -> new Labels("不等于（含未知）", "is not (or unknown)");
      case IN -> new Labels("是其中之一", "is one of");
      case NOT_IN -> new Labels("不是其中任何一个（含未知）", "is none of (or unknown)");
      case CONTAINS -> new Labels("包含", "contains");
      case NOT_CONTAINS -> new Labels("不包含（含未知）", "does not contain (or unknown)");
      case STARTS_WITH -> new Labels("开头是", "starts with");
      case UNDER -> new Labels("属于（含下级）", "is in, or below it");
      case HAS_ANY -> new Labels("带有其中之一", "has one of");
      case HAS_ALL -> new Labels("同时带有", "has all of");
      case HAS_NONE -> new Labels("一个都没有", "has none of");
      case LT -> new Labels("小于（早于）", "less than (before)");
      case LTE -> new Labels("不超过（不晚于）", "at most (on or before)");
      case GT -> new Labels("大于（晚于）", "more than (after)");
      case GTE -> new Labels("至少（不早于）", "at least (on or after)");
      case BETWEEN -> new Labels("介于（含两端）", "between, both included");
      case DURING -> new Labels("在时间段内", "within a time");
      case ANNIVERSARY -> new Labels("月日在时间段内", "month and day fall within a time");
      case EXISTS -> new Labels("有值", "is known");
      case MISSING -> new Labels("没有值", "is unknown");
    };
  }

  static Labels labels(Aggregation agg) {
    return switch (agg) {
      case COUNT -> new Labels("数量", "number");
      case SUM -> new Labels("合计", "total");
      case AVG -> new Labels("平均", "average");
      case MIN -> new Labels("最小（最早）", "lowest (earliest)");
      case MAX -> new Labels("最大（最晚）", "highest (latest)");
      case FIRST -> new Labels("最早一条的", "of the first");
      case LAST -> new Labels("最近一条的", "of the last");
      case DISTINCT -> new Labels("不同值的个数", "number of different values");
    };
  }

  static List<WindowForm> windows() {
    return List.of(
        new WindowForm("last", new Labels("近…", "in the last"), Argument.PERIOD, List.of()),
        new WindowForm("next", new Labels("未来…", "in the next"), Argument.PERIOD, List.of()),
        new WindowForm("before", new Labels("…以前", "longer ago than"), Argument.PERIOD, List.of()),
        new WindowForm(
            "this",
            new Labels("本期", "this"),
            Argument.UNIT,
            units("今天=today", "本周=this week", "本月=this month", "本季度=this quarter", "今年=this year")),
        new WindowForm(
            "prev",
            new Labels("上期", "previous"),
            Argument.UNIT,
            units(
                "昨天=yesterday",
                "上周=previous week",
                "上月=previous month",
                "上季度=previous quarter",
                "去年=previous year")),
        new WindowForm(
            "nextUnit",
            new Labels("下期", "next"),
            Argument.UNIT,
            units(
                "明天=tomorrow",
                "下周=next week",
                "下月=next month",
                "下季度=next quarter",
                "明年=next year")),
        new WindowForm("from", new Labels("从这天起", "from this day on"), Argument.DATE, List.of()),
        new WindowForm("to", new Labels("到这天为止", "to this day"), Argument.DATE, List.of()));
  }

  private static List<Value> units(String... labels) {
    Window.Unit[] units = Window.Unit.values();
    return IntStream.range(0, units.length)
        .mapToObj(
            i -> {
              int split = labels[i].indexOf('=');
              return new Value(
                  units[i].word(),
                  new Labels(labels[i].substring(0, split), labels[i].substring(split + 1)));
            })
        .toList();
  }
}

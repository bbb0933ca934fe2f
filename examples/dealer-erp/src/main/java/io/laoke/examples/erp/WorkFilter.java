package io.laoke.examples.erp;

import io.laoke.reminder.TaskQuery;
import io.laoke.reminder.TaskState;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks the list shows, as its address says.
 *
 * @param due overdue, today, week, next or blank
 * @param store code of a store
 * @param region path of a region
 * @param kind of service
 * @param who mine, pool, or a code of staff
 * @param state snoozed, or a state in which a task has ended; blank for what is to do
 * @param calls whether only those that staff must call
 */
record WorkFilter(
    @Nullable String due,
    @Nullable String store,
    @Nullable String region,
    @Nullable String kind,
    @Nullable String who,
    @Nullable String state,
    @Nullable Boolean calls) {
  private static final int WEEK = 7;

  /** What the select boxes offer, by their values. */
  static final Map<String, String> DUES =
      ordered("", "全部", "overdue", "已逾期", "today", "今天到期", "week", "最近 7 天", "next", "以后到期");

  static final Map<String, String> STATES = states();

  private static Map<String, String> states() {
    Map<String, String> all = ordered("", "待办", "snoozed", "待办，含推迟的");
    Arrays.stream(TaskState.values())
        .filter(state -> !state.live())
        .forEach(state -> all.put(state.name(), ServiceWords.name(state)));
    return all;
  }

  private static Map<String, String> ordered(String... pairs) {
    Map<String, String> all = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      all.put(pairs[i], pairs[i + 1]);
    }
    return all;
  }

  TaskQuery query(LocalDate today, String me) {
    TaskQuery query = TaskQuery.todo().store(set(store)).region(set(region)).kind(set(kind));
    query =
        switch (or(due)) {
          case "overdue" -> query.overdue();
          case "today" -> query.due(today, today);
          case "week" -> query.due(today.minusDays(WEEK - 1), today);
          case "next" -> query.due(today.plusDays(1), today.plusYears(1));
          default -> query;
        };
    query =
        switch (or(who)) {
          case "" -> query;
          case "pool" -> query.unassigned();
          case "mine" -> query.assignee(me);
          default -> query.assignee(or(who));
        };
    String wanted = or(state);
    if (wanted.equals("snoozed")) {
      query = query.withSnoozed();
    } else if (Arrays.stream(TaskState.values()).anyMatch(one -> one.name().equals(wanted))) {
      query = query.states(TaskState.valueOf(wanted));
    }
    return Boolean.TRUE.equals(calls) ? query.toBeCalled() : query;
  }

  /** Whether what is on that person's list and to do may be among these. */
  boolean mine(String me) {
    String whose = or(who);
    String how = or(state);
    return (whose.isEmpty() || whose.equals("mine") || whose.equals(me))
        && (how.isEmpty() || how.equals("snoozed"));
  }

  /** Whether anything is filtered. */
  public boolean narrow() {
    return !address().isEmpty();
  }

  /** The same filter as part of an address; empty for none. */
  public String address() {
    Map<String, String> given = new LinkedHashMap<>();
    given.put("due", or(due));
    given.put("store", or(store));
    given.put("region", or(region));
    given.put("kind", or(kind));
    given.put("who", or(who));
    given.put("state", or(state));
    given.put("calls", Boolean.TRUE.equals(calls) ? "true" : "");
    return given.entrySet().stream()
        .filter(one -> !one.getValue().isEmpty())
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static @Nullable String set(@Nullable String given) {
    return or(given).isEmpty() ? null : or(given);
  }

  private static String or(@Nullable String given) {
    return given == null ? "" : given.strip();
  }
}

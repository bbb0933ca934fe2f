package io.laoke.examples.erp;

import io.laoke.error.InvalidInputException;
import io.laoke.examples.erp.PushGroups.Group;
import io.laoke.message.Purpose;
import io.laoke.push.Plan;
import io.laoke.push.PlanPriority;
import io.laoke.push.SavedPlan;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What is filled in for a plan. */
class PlanForm {
  static final int MOST_RULES = 9;

  private static final int LONGEST_NAME = 100;
  private static final BigDecimal MOST_HELD = BigDecimal.valueOf(50);

  private String key = "";
  private int seen;
  private String name = "";
  private String purpose = Purpose.MARKETING.name();
  private String priority = PlanPriority.NORMAL.name();
  private String heldOut = "10";

  /** The rules in order: the group and the content of each. */
  private List<String> group = new ArrayList<>();

  private List<String> content = new ArrayList<>();
  private String restGroup = "";
  private String restContent = "";

  /** A plan that is not there yet, with its key: who is held out depends on that. */
  static PlanForm blank() {
    PlanForm form = new PlanForm();
    form.key = "qf-" + UUID.randomUUID().toString().substring(0, 8);
    form.group = new ArrayList<>(List.of("", ""));
    form.even();
    return form;
  }

  static PlanForm of(SavedPlan saved, Map<String, Group> groups) {
    Plan plan = saved.plan();
    PlanForm form = new PlanForm();
    form.key = plan.key();
    form.seen = saved.version();
    form.name = plan.name();
    form.purpose = plan.purpose().name();
    form.priority = plan.priority().name();
    form.heldOut = BigDecimal.valueOf(plan.heldOut(), 1).stripTrailingZeros().toPlainString();
    for (Plan.Rule rule : plan.rules()) {
      form.group.add(PushGroups.keyOf(groups, rule).orElse(""));
      form.content.add(rule.content());
    }
    plan.rest()
        .ifPresent(
            rest -> {
              form.restGroup = PushGroups.keyOf(groups, rest).orElse("");
              form.restContent = rest.content();
            });
    return form;
  }

  /** As many contents as groups, and no more rules than a plan takes. */
  void even() {
    while (content.size() < group.size()) {
      content.add("");
    }
    while (group.size() < content.size()) {
      group.add("");
    }
    while (group.size() > MOST_RULES) {
      group.remove(group.size() - 1);
      content.remove(content.size() - 1);
    }
  }

  /** Does what a button beside the rules says. */
  void change(String act) {
    even();
    String[] words = act.split("-", 2);
    int at = words.length == 2 && words[1].matches("\\d") ? Integer.parseInt(words[1]) : -1;
    boolean there = at >= 0 && at < group.size();
    if (act.equals("add") && group.size() < MOST_RULES) {
      group.add("");
      content.add("");
    } else if (words[0].equals("del") && there) {
      group.remove(at);
      content.remove(at);
    } else if (words[0].equals("up") && there && at > 0) {
      swap(at, at - 1);
    } else if (words[0].equals("down") && there && at < group.size() - 1) {
      swap(at, at + 1);
    }
  }

  private void swap(int one, int other) {
    Collections.swap(group, one, other);
    Collections.swap(content, one, other);
  }

  /**
   * What comes of it.
   *
   * @param plan if it is one; rules that are not filled in yet are left out
   * @param problems what is wrong, by the field: {@code name}, {@code rule-0}, {@code rest}, …
   * @param whole whether nothing was left out
   */
  record Read(Optional<Plan> plan, Map<String, String> problems, boolean whole) {}

  Read read(String account, Map<String, Group> groups, Map<String, String> contents) {
    even();
    Map<String, String> problems = new LinkedHashMap<>();
    String called = name.strip();
    if (called.isEmpty()) {
      problems.put("name", "请给计划起个名字");
    } else if (called.codePointCount(0, called.length()) > LONGEST_NAME) {
      problems.put("name", "名字最多 %d 个字".formatted(LONGEST_NAME));
    }
    int held = held(problems);
    boolean rules = false;
    try {
      Plan plan =
          Plan.of(key, problems.containsKey("name") ? "新计划" : called, account)
              .purpose(purpose.equals(Purpose.CARE.name()) ? Purpose.CARE : Purpose.MARKETING)
              .priority(
                  priority.equals(PlanPriority.HIGH.name())
                      ? PlanPriority.HIGH
                      : PlanPriority.NORMAL)
              .holdOut(held);
      for (int i = 0; i < group.size(); i++) {
        Optional<Group> who = Optional.ofNullable(groups.get(group.get(i)));
        String what = content.get(i);
        wrong(group.get(i), who, what, contents).ifPresent(problem("rule-" + i, problems));
        if (who.isPresent() && contents.containsKey(what)) {
          plan = plan.rule(plain(who.get().name()), who.get().segment(), what);
          rules = true;
        }
      }
      Optional<Group> rest = Optional.ofNullable(groups.get(restGroup));
      if (!restGroup.isEmpty() || !restContent.isEmpty()) {
        wrong(restGroup, rest, restContent, contents).ifPresent(problem("rest", problems));
      }
      if (rest.isPresent() && contents.containsKey(restContent)) {
        plan = plan.rest(plain(rest.get().name()), rest.get().segment(), restContent);
        rules = true;
      }
      if (!rules && problems.keySet().stream().noneMatch(one -> one.startsWith("rule"))) {
        problems.put("rules", "请至少加一条规则：哪些人，收哪篇图文");
      }
      return new Read(rules ? Optional.of(plan) : Optional.empty(), problems, problems.isEmpty());
    } catch (InvalidInputException foreign) {
      problems.put("rules", "有一处填写不对（%s），请重新选择".formatted(foreign.field()));
      return new Read(Optional.empty(), problems, false);
    }
  }

  private static java.util.function.Consumer<String> problem(
      String field, Map<String, String> problems) {
    return words -> problems.put(field, words);
  }

  /** Without what the list adds to the name. */
  private static String plain(String name) {
    return name.replaceAll("(（原来的条件）)+$", "");
  }

  private static Optional<String> wrong(
      String key, Optional<Group> who, String what, Map<String, String> contents) {
    if (who.isEmpty()) {
      return Optional.of(key.isEmpty() ? "请选人群" : "这个人群已经没有了，请重新选");
    }
    return contents.containsKey(what)
        ? Optional.empty()
        : Optional.of(what.isEmpty() ? "请选图文" : "这篇图文已经删除，请重新选");
  }

  private int held(Map<String, String> problems) {
    try {
      BigDecimal percent = new BigDecimal(heldOut.strip().replace("%", ""));
      if (percent.signum() >= 0
          && percent.compareTo(MOST_HELD) <= 0
          && percent.stripTrailingZeros().scale() <= 1) {
        return percent.movePointRight(1).intValueExact();
      }
    } catch (NumberFormatException none) {
      // Told below.
    }
    problems.put("heldOut", "对照组请填 0 到 50，最多一位小数，如 10");
    return 0;
  }

  public String getKey() {
    return key;
  }

  public void setKey(String key) {
    this.key = key;
  }

  public int getSeen() {
    return seen;
  }

  public void setSeen(int seen) {
    this.seen = seen;
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }

  public String getPurpose() {
    return purpose;
  }

  public void setPurpose(String purpose) {
    this.purpose = purpose;
  }

  public String getPriority() {
    return priority;
  }

  public void setPriority(String priority) {
    this.priority = priority;
  }

  public String getHeldOut() {
    return heldOut;
  }

  public void setHeldOut(String heldOut) {
    this.heldOut = heldOut;
  }

  public List<String> getGroup() {
    return group;
  }

  public void setGroup(List<String> group) {
    this.group = new ArrayList<>(group);
  }

  public List<String> getContent() {
    return content;
  }

  public void setContent(List<String> content) {
    this.content = new ArrayList<>(content);
  }

  public String getRestGroup() {
    return restGroup;
  }

  public void setRestGroup(String restGroup) {
    this.restGroup = restGroup;
  }

  public String getRestContent() {
    return restContent;
  }

  public void setRestContent(String restContent) {
    this.restContent = restContent;
  }
}

package io.laoke.examples.erp;

import io.laoke.reminder.AssigneeRule;
import io.laoke.reminder.Basis;
import io.laoke.reminder.ContactChannel;
import io.laoke.reminder.ContactPlan;
import io.laoke.reminder.ContactResult;
import io.laoke.reminder.ContactStep;
import io.laoke.reminder.ReminderContact;
import io.laoke.reminder.ServiceCycle;
import io.laoke.reminder.Task;
import io.laoke.reminder.TaskEvent;
import io.laoke.reminder.TaskItem;
import io.laoke.reminder.TaskState;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** 服务提醒: Laoke's words as the shop says them. */
final class ServiceWords {
  private ServiceWords() {}

  static String cycle(ServiceCycle cycle) {
    List<String> parts = new ArrayList<>();
    parts.add("每 " + period(cycle.every()));
    String others =
        cycle.bases().stream().skip(1).map(Basis::chinese).collect(Collectors.joining("、"));
    parts.add(
        "从%s%s算起"
            .formatted(
                cycle.bases().get(0).chinese(), others.isEmpty() ? "" : "（没有就看" + others + "）"));
    if (cycle.leadDays() > 0) {
      parts.add("提前 " + cycle.leadDays() + " 天");
    }
    cycle
        .season()
        .ifPresent(
            season ->
                parts.add(
                    "只在 %d月%d日～%d月%d日"
                        .formatted(
                            season.first().getMonthValue(),
                            season.first().getDayOfMonth(),
                            season.last().getMonthValue(),
                            season.last().getDayOfMonth())));
    cycle.times().ifPresent(times -> parts.add("共 " + times + " 次"));
    cycle.years().ifPresent(years -> parts.add(years + " 年为止"));
    return String.join("，", parts);
  }

  private static String period(Period every) {
    StringBuilder words = new StringBuilder();
    if (every.getYears() > 0) {
      words.append(every.getYears()).append(" 年 ");
    }
    if (every.getMonths() > 0) {
      words.append(every.getMonths()).append(" 个月 ");
    }
    long days = every.get(ChronoUnit.DAYS);
    if (days > 0) {
      words.append(days).append(" 天");
    }
    return words.toString().strip();
  }

  static String contact(ContactPlan plan) {
    if (plan.steps().equals(List.of(ContactStep.CALL))) {
      return "员工联系";
    }
    return plan.steps().stream().map(ServiceWords::name).collect(Collectors.joining(" → "))
        + "，"
        + plan.silenceDays()
        + " 天没回音走下一步";
  }

  static String assignee(AssigneeRule rule, Map<String, String> staff) {
    String whose =
        switch (rule.by()) {
          case POOL -> "进公共池，谁有空谁领";
          case STORE -> "卖出门店的员工";
          case REGION -> "服务地址附近门店的员工";
          case ROUND_ROBIN ->
              rule.staff().stream()
                      .map(code -> staff.getOrDefault(code, code))
                      .collect(Collectors.joining("、"))
                  + " 轮流";
        };
    return whose + rule.role().map(role -> "（" + role + "）").orElse("");
  }

  static String name(AssigneeRule.By by) {
    return switch (by) {
      case POOL -> "公共池，谁有空谁领";
      case STORE -> "卖出门店的员工";
      case REGION -> "服务地址附近门店的员工";
      case ROUND_ROBIN -> "指定的几位轮流";
    };
  }

  static String name(ContactStep step) {
    return switch (step) {
      case TEMPLATE -> "微信";
      case SMS -> "短信";
      case CALL -> "电话";
      case SUBSCRIPTION -> "微信一次性订阅";
    };
  }

  static String name(TaskState state) {
    return switch (state) {
      case OPEN -> "待跟进";
      case CLAIMED -> "跟进中";
      case CONTACTED -> "已联系";
      case BOOKED -> "已预约";
      case DONE -> "已完成";
      case REFUSED -> "已拒绝";
      case UNREACHABLE -> "联系不上";
      case CLOSED -> "已关闭";
      default -> later(state.name());
    };
  }

  /** What a later version of Laoke has. */
  private static String later(String name) {
    return switch (name) {
      case "EXPIRED" -> "已过期";
      default -> name;
    };
  }

  static String tone(TaskState state) {
    return switch (state) {
      case OPEN -> "wait";
      case CLAIMED, CONTACTED -> "s-approved";
      case BOOKED, DONE -> "good";
      case REFUSED, UNREACHABLE -> "bad";
      default -> "";
    };
  }

  static String name(TaskItem.State state) {
    return switch (state) {
      case OPEN -> "待做";
      case DONE -> "已做";
      case GONE -> "商品已退";
      case DROPPED -> "不做";
    };
  }

  static String name(ContactChannel channel) {
    return switch (channel) {
      case PHONE -> "电话";
      case WECHAT -> "微信";
      case SMS -> "短信";
      case VISIT -> "当面";
    };
  }

  static String name(ContactResult result) {
    return switch (result) {
      case REACHED -> "已联系上";
      case LATER -> "稍后再联系";
      case NO_ANSWER -> "无人接听";
      case WRONG_NUMBER -> "号码有误";
    };
  }

  static String name(TaskEvent.Action action) {
    return switch (action) {
      case CLAIMED -> "领取";
      case RENEWED -> "继续跟进";
      case RELEASED -> "放回";
      case REASSIGNED -> "转交";
      case CONTACTED -> "联系客户";
      case SNOOZED -> "推迟";
      case BOOKED -> "预约";
      case WORK_ORDER -> "开出工单";
      case BOOKING_CANCELLED -> "取消预约";
      case DONE -> "完成";
      case PARTLY_DONE -> "完成一部分";
      case REFUSED -> "客户拒绝";
      case UNREACHABLE -> "联系不上";
      case CLOSED -> "关闭";
      case REOPENED -> "重新打开";
      case JOINED -> "并入同户到期的服务";
      case ASKED -> "客户请来电约时间";
      case INSTALLED -> "客户报了安装日期";
      case CARE_REFUSED -> "客户不再接受服务提醒";
      case CARE_ALLOWED -> "客户又接受服务提醒";
      case ASSIGNED -> "按规则分派";
      default -> later(action.name());
    };
  }

  /** What else belongs to what happened. */
  static String detail(TaskEvent event, Map<String, String> staff) {
    String[] codes = event.detail().split(" ", -1);
    try {
      return switch (event.action()) {
        case REASSIGNED, ASSIGNED -> "给" + staff.getOrDefault(codes[1], codes[1]);
        case CONTACTED ->
            name(ContactChannel.valueOf(codes[0])) + name(ContactResult.valueOf(codes[1]));
        case SNOOZED -> "到 " + codes[1];
        case BOOKED ->
            WorkDesk.slot(new Task.Slot(Instant.parse(codes[0]), Instant.parse(codes[2])));
        case DONE, PARTLY_DONE ->
            LocalDate.ofInstant(Instant.parse(codes[0]), OrderDesk.ZONE)
                + (codes.length > 1 ? " 工单 " + codes[1] : "");
        case JOINED -> "";
        default -> event.detail();
      };
    } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException other) {
      return event.detail();
    }
  }

  /** How far a step is, in a few words. */
  static String shortly(ReminderContact contact) {
    return switch (contact.state()) {
      case DUE -> contact.step() == ContactStep.CALL ? "待电话" : "待发" + name(contact.step());
      case TOLD -> name(contact.step()) + "已通知";
      case ENDED -> contact.step() == ContactStep.CALL ? "请电话联系" : why(contact.why()).orElse("已结束");
    };
  }

  static Optional<String> why(Optional<String> code) {
    return code.map(
        given ->
            switch (given) {
              case "NO_MEMBER" -> "还不知道是谁的";
              case "NO_FOLLOWER" -> "没有关注公众号";
              case "NO_TEMPLATE" -> "没有设微信模板";
              case "NO_SMS" -> "没有本人的手机号";
              case "NO_SMS_TEMPLATE" -> "没有设短信模板";
              case "SILENT" -> "客户没有回音";
              case "ANSWERED" -> "客户已答复，或员工已接手";
              case "REFUSED_PURPOSE" -> "客户拒绝服务提醒";
              case "PAUSED" -> "会员暂停打扰中";
              case "RULE_RETIRED" -> "规则已停用";
              case "STALE" -> "同户又有到期的，重新通知";
              case "43004" -> "已取消关注";
              case "UNDELIVERED" -> "没有送达";
              case "EXPIRED" -> "过了时效没发出";
              default -> "没有送到（" + given + "）";
            });
  }
}

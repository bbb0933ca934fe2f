package io.laoke.reminder;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tasks as CSV by RFC 4180. */
final class TaskCsv {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");
  private static final List<String> COLUMNS =
      List.of(
          "task_id",
          "state",
          "task_due",
          "overdue_days",
          "contact_name",
          "phone",
          "region",
          "street",
          "store",
          "assignee",
          "snoozed_until",
          "booked_from",
          "booked_to",
          "work_order_no",
          "last_contact",
          "last_channel",
          "last_result",
          "steps",
          "order_no",
          "line_no",
          "unit_no",
          "kind",
          "due",
          "service_state",
          "name",
          "model",
          "brand",
          "why",
          "served",
          "income_fen");

  private TaskCsv() {}

  static void heading(Appendable to) throws IOException {
    line(to, COLUMNS);
  }

  /** A line for each service, one for a task that has none. */
  static void lines(Appendable to, Task task, List<ReminderContact> taken, ZoneId zone)
      throws IOException {
    String steps = taken.stream().map(step -> step(step, zone)).collect(Collectors.joining("; "));
    if (task.items().isEmpty()) {
      line(to, values(task, steps, null, zone));
    }
    for (TaskItem item : task.items()) {
      line(to, values(task, steps, item, zone));
    }
  }

  /** Which step, when, and why it was left or else how far it is; of a call staff say more. */
  private static String step(ReminderContact step, ZoneId zone) {
    String taken = step.step() + " " + time(step.at(), zone);
    boolean over = step.state() == ReminderContact.State.ENDED;
    return step.why()
        .or(() -> over ? Optional.empty() : Optional.of(step.state().name()))
        .map(what -> taken + " " + what)
        .orElse(taken);
  }

  private static List<String> values(
      Task task, String steps, @Nullable TaskItem item, ZoneId zone) {
    return List.of(
        Long.toString(task.id()),
        task.state().name(),
        task.due().toString(),
        Long.toString(task.overdueDays()),
        task.contactName().orElse(""),
        task.phone().map(phone -> phone.masked()).orElse(""),
        task.region().orElse(""),
        task.street().orElse(""),
        task.storeCode().orElse(""),
        task.assignee().orElse(""),
        task.snoozedUntil().map(Object::toString).orElse(""),
        task.booked().map(slot -> time(slot.from(), zone)).orElse(""),
        task.booked().map(slot -> time(slot.to(), zone)).orElse(""),
        task.workOrderNo().orElse(""),
        task.lastContact().map(contact -> time(contact.at(), zone)).orElse(""),
        task.lastContact().map(contact -> contact.channel().name()).orElse(""),
        task.lastContact().map(contact -> contact.result().name()).orElse(""),
        steps,
        item == null ? "" : item.orderNo(),
        item == null ? "" : item.lineNo(),
        item == null ? "" : Integer.toString(item.unitNo()),
        item == null ? "" : item.kind(),
        item == null ? "" : item.due().toString(),
        item == null ? "" : item.state().name(),
        item == null ? "" : item.name().orElse(""),
        item == null ? "" : item.model().orElse(""),
        item == null ? "" : item.brand().orElse(""),
        item == null ? "" : item.why().map(NextService::toChinese).orElse(""),
        item == null ? "" : item.served().map(Object::toString).orElse(""),
        item == null || item.incomeFen().isEmpty()
            ? ""
            : Long.toString(item.incomeFen().getAsLong()));
  }

  private static String time(Instant at, ZoneId zone) {
    return TIME.format(at.atZone(zone));
  }

  static void line(Appendable to, List<String> values) throws IOException {
    StringBuilder line = new StringBuilder();
    for (String value : values) {
      line.append(line.isEmpty() ? "" : ",").append(field(value));
    }
    to.append(line.append("\r\n"));
  }

  /** Quoted where needed; what a spreadsheet would calculate is text. */
  static String field(String value) {
    String text =
        !value.isEmpty() && "=+-@\t\r\n＝＋－＠".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}

package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.error.ConflictException;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TestServer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every action in every state. */
class TaskStatesTest {
  /** What comes of each action in OPEN to CLOSED, in the order of the states; - is refused. */
  private static final Map<String, String> TABLE = new LinkedHashMap<>();

  static {
    TABLE.put("claim", "CLAIMED CLAIMED CONTACTED BOOKED - - - - -");
    TABLE.put("claim by another", "CLAIMED - - - - - - - -");
    TABLE.put("release", "OPEN OPEN OPEN BOOKED - - - - -");
    TABLE.put("reassign", "CLAIMED CLAIMED CONTACTED BOOKED - - - - -");
    TABLE.put("contacted", "- CONTACTED CONTACTED BOOKED - - - - -");
    TABLE.put("snooze", "- CLAIMED CONTACTED - - - - - -");
    TABLE.put("book", "- BOOKED BOOKED BOOKED - - - - -");
    TABLE.put("work order", "- - - BOOKED - - - - -");
    TABLE.put("cancel booking", "OPEN CLAIMED CONTACTED CONTACTED - - - - -");
    TABLE.put("done", "- DONE DONE DONE DONE - - - -");
    TABLE.put("refused", "- REFUSED REFUSED - - REFUSED - - -");
    TABLE.put("unreachable", "- UNREACHABLE UNREACHABLE - - - UNREACHABLE - -");
  }

  private final LocalDate due = ReminderFixture.START.plusMonths(6);

  private void act(Tasks tasks, String action, long id, boolean inPool) {
    switch (action) {
      case "claim" -> tasks.claim(id, "li");
      case "claim by another" -> tasks.claim(id, "wang");
      case "release" -> tasks.release(id, "li");
      case "reassign" -> tasks.reassign(id, inPool ? null : "li", "zhao", "boss");
      case "contacted" ->
          tasks.contacted(id, "li", ContactChannel.PHONE, ContactResult.REACHED, null);
      case "snooze" -> tasks.snooze(id, "li", due.plusDays(3));
      case "book" -> tasks.book(id, "li", at(due.plusDays(2)), at(due.plusDays(3)), null);
      case "work order" -> tasks.workOrder(id, "GD-" + id);
      case "cancel booking" -> tasks.cancelBooking(id, "li", null);
      case "done" -> tasks.done(id, "li", ServiceDone.at(at(due)));
      case "refused" -> tasks.refused(id, "li", null);
      case "unreachable" -> tasks.unreachable(id, "li");
      default -> throw new IllegalStateException(action);
    }
  }

  private void bring(ReminderFixture laoke, String order, long id, TaskState state) {
    Tasks tasks = laoke.work();
    if (state != TaskState.OPEN && state != TaskState.CLOSED && state != TaskState.EXPIRED) {
      tasks.claim(id, "li");
    }
    switch (state) {
      case CONTACTED ->
          tasks.contacted(id, "li", ContactChannel.WECHAT, ContactResult.LATER, "下午再打");
      case BOOKED -> act(tasks, "book", id, false);
      case DONE -> act(tasks, "done", id, false);
      case REFUSED -> act(tasks, "refused", id, false);
      case UNREACHABLE -> act(tasks, "unreachable", id, false);
      case CLOSED ->
          laoke.dealer().orders().advance(order, StageReport.of(Stage.RETURNED, at(due)));
      case EXPIRED -> {
        laoke.write("UPDATE {reminder_item} SET state = 'DROPPED' WHERE task_id = " + id);
        laoke.write(
            "UPDATE {reminder_task} SET state = 'EXPIRED', open_party = NULL, party = NULL,"
                + " listed = 0 WHERE id = "
                + id);
      }
      default -> {}
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void leadsWhereItSaysOrIsRefusedWithAReason(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      int states = TaskState.values().length;
      laoke.due(TABLE.size() * states);
      Tasks tasks = laoke.work();
      Map<String, EnumMap<TaskState, Long>> ids = new LinkedHashMap<>();
      Map<String, Long> byOrder = new HashMap<>();
      tasks
          .list(TaskQuery.todo(), null, 500)
          .tasks()
          .forEach(task -> byOrder.put(task.items().get(0).orderNo(), task.id()));
      int order = 0;
      for (String action : TABLE.keySet()) {
        EnumMap<TaskState, Long> of = new EnumMap<>(TaskState.class);
        for (TaskState state : TaskState.values()) {
          String no = "SO-" + ++order;
          long id = byOrder.get(no);
          of.put(state, id);
          bring(laoke, no, id, state);
        }
        ids.put(action, of);
      }
      laoke.tick(); // returned goods close their tasks
      List<String> wrong = new ArrayList<>();
      TABLE.forEach(
          (action, outcomes) -> {
            for (TaskState state : TaskState.values()) {
              long id = ids.get(action).get(state);
              String expected = outcomes.split(" ")[List.of(TaskState.values()).indexOf(state)];
              assertThat(tasks.find(id).orElseThrow().state()).isEqualTo(state);
              int before = tasks.history(id).size();
              String found;
              try {
                act(tasks, action, id, state == TaskState.OPEN);
                found = tasks.find(id).orElseThrow().state().name();
                TaskEvent last =
                    tasks.history(id).isEmpty()
                        ? null
                        : tasks.history(id).get(tasks.history(id).size() - 1);
                if (tasks.history(id).size() > before
                    && !(last.from().orElseThrow() == state
                        && last.to().orElseThrow().name().equals(found))) {
                  wrong.add(action + " in " + state + " is told as " + last.from() + last.to());
                }
                if (!found.equals(state.name()) && tasks.history(id).size() == before) {
                  wrong.add(action + " in " + state + " left no trace");
                }
              } catch (ConflictException refused) {
                found = "-";
                assertThat(refused.getMessage())
                    .matches(
                        "Task " + id + " cannot be [^:]+: [^.]+(\\.\\d+Z[^.]*)?\\. [A-Z].+\\.");
                assertThat(tasks.find(id).orElseThrow().state()).isEqualTo(state);
                assertThat(tasks.history(id)).hasSize(before);
              }
              if (!found.equals(expected)) {
                wrong.add(action + " in " + state + " led to " + found + ", not " + expected);
              }
            }
          });
      assertThat(wrong).isEmpty();
      assertThat(laoke.strays()).isEmpty();
      laoke.tick();
      assertThat(laoke.strays()).isEmpty();
    }
  }
}

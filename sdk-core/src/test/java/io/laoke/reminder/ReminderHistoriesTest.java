package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.DealerSettings;
import io.laoke.error.ConflictException;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.order.UnitServiceReport;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random histories of sales, stages in any order, services, returns, exchanges, rules that change,
 * staff at work on tasks, and days on which nobody looks, with one engine or two at once: what is
 * planned and what came due is what {@link ReminderModel} says. {@code
 * -Dlaoke.reminder.histories=100} makes more of them.
 */
class ReminderHistoriesTest {
  private static final int HISTORIES = Integer.getInteger("laoke.reminder.histories", 5);
  private static final long SEED = Long.getLong("laoke.reminder.seed", 20_260_110);
  private static final int STEPS = 45;
  private static final String[] CATEGORIES = {"kitchen/hood", "kitchen/purifier", "ac"};

  @ParameterizedTest
  @EnumSource
  void areAsTheModelSays(TestServer server) throws Exception {
    for (int i = 0; i < HISTORIES; i++) {
      DealerSettings settings =
          DealerSettings.defaults()
              .reminders(ReminderSettings.standard().withOverdueADay(1_000_000));
      try (ReminderFixture laoke = new ReminderFixture(server, settings)) {
        laoke.engine(settings);
        new History(laoke, SEED + i).run();
      }
    }
  }

  private static final class History {
    private final ReminderFixture laoke;
    private final long seed;
    private final Random random;
    private final ReminderModel model = new ReminderModel();
    private final List<String> told = new ArrayList<>();
    private final Set<ReminderModel.Done> byTask = new HashSet<>();
    private final Set<LocalDate> lived = new HashSet<>();
    private int sold;

    History(ReminderFixture laoke, long seed) {
      this.laoke = laoke;
      this.seed = seed;
      this.random = new Random(seed);
    }

    void run() throws Exception {
      for (int i = 0; i < 3; i++) {
        rule();
        sell();
        stage();
      }
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(20)) {
          case 0, 1 -> sell();
          case 2, 3, 4 -> stage();
          case 5, 6 -> service();
          case 7 -> removeService();
          case 8 -> rule();
          case 9 -> sellAgain();
          case 10, 11 -> exchange();
          case 12, 13, 14, 15 -> work();
          case 16 -> back();
          default -> days();
        }
      }
      days();
      again();
    }

    private LocalDate some(int daysAgo) {
      return laoke.today().minusDays(random.nextInt(daysAgo));
    }

    private void sell() {
      String no = "SO-" + ++sold;
      String category = CATEGORIES[random.nextInt(3)];
      int units = 1 + random.nextInt(3);
      report(no, category, units);
      List<ReminderModel.Unit> made = new ArrayList<>();
      for (int unit = 1; unit <= units; unit++) {
        made.add(new ReminderModel.Unit(no, unit, category));
      }
      model.orders.put(no, made);
      told.add("sold " + no + " " + category + " " + units);
    }

    private void report(String no, String category, int units) {
      Order order =
          Order.of(no, at(ReminderFixture.START.minusDays(31 + random.nextInt(30))))
              .store("S1")
              .line(OrderLine.goods("1", category, units, "1000"));
      int customer = random.nextInt(4);
      laoke
          .dealer()
          .orders()
          .upsert(customer == 0 ? order : order.buyer(Buyer.of("C" + customer, null, null)));
    }

    /** To somebody else, or at another time: dates and what came due stay. */
    private void sellAgain() {
      if (sold > 0) {
        String no = anyOrder();
        List<ReminderModel.Unit> units = model.orders.get(no);
        report(no, units.get(0).category, units.size());
        told.add("corrected " + no);
      }
    }

    private String anyOrder() {
      return "SO-" + (1 + random.nextInt(Math.max(1, sold)));
    }

    private void stage() {
      if (sold == 0) {
        return;
      }
      Stage[] stages = {
        Stage.DELIVERED,
        Stage.DELIVERED,
        Stage.INSTALLED,
        Stage.INSTALLED,
        Stage.INSTALLED,
        Stage.COMPLETED,
        Stage.EXCHANGED,
        Stage.EXCHANGED,
        Stage.RETURNED,
        Stage.CANCELLED
      };
      boolean ends = random.nextInt(3) == 0;
      Stage stage = stages[random.nextInt(ends ? stages.length : stages.length - 2)];
      String no = anyOrder();
      LocalDate day = some(60);
      StageReport report = StageReport.of(stage, at(day)).document("D" + told.size());
      List<ReminderModel.Unit> units = model.orders.get(no);
      int only = random.nextInt(2) == 0 ? 1 + random.nextInt(units.size()) : 0;
      laoke.dealer().orders().advance(no, only == 0 ? report : report.units("1", only));
      for (ReminderModel.Unit unit : units) {
        if (only == 0 || only == unit.number) {
          unit.stages.add(new ReminderModel.Reported(stage, day));
        }
      }
      told.add(no + " " + (only == 0 ? "" : "unit " + only + " ") + stage + " " + day);
    }

    /** Of a unit of which a date was told, some days after that: the date itself may be to come. */
    private void exchange() {
      List<ReminderModel.Unit> reminded =
          model.orders.values().stream()
              .flatMap(List::stream)
              .filter(unit -> !unit.contacts.isEmpty())
              .toList();
      if (reminded.isEmpty()) {
        return;
      }
      ReminderModel.Unit unit = reminded.get(random.nextInt(reminded.size()));
      LocalDate last = unit.contacts.get(unit.contacts.size() - 1).told;
      LocalDate near = last.plusDays(random.nextInt(12));
      LocalDate day = near.isAfter(laoke.today()) ? laoke.today() : near;
      laoke
          .dealer()
          .orders()
          .advance(
              unit.order,
              StageReport.of(Stage.EXCHANGED, at(day))
                  .document("D" + told.size())
                  .units("1", unit.number));
      unit.stages.add(new ReminderModel.Reported(Stage.EXCHANGED, day));
      told.add(unit.order + " unit " + unit.number + " EXCHANGED " + day);
    }

    private static UnitServiceReport report(ReminderModel.Done done) {
      UnitServiceReport report =
          UnitServiceReport.of("1", done.kind(), at(done.day())).document("GD-" + done.day());
      return done.unit() == 0 ? report : report.unit(done.unit());
    }

    private void service() {
      if (sold == 0) {
        return;
      }
      String no = anyOrder();
      int units = model.orders.get(no).size();
      ReminderModel.Done done =
          new ReminderModel.Done(
              no, random.nextInt(units + 1), ReminderModel.KINDS[random.nextInt(2)], some(30));
      if (byTask.contains(done)) {
        return; // on the same day once more
      }
      laoke.dealer().services().record(no, report(done));
      laoke.dealer().services().record(no, report(done));
      if (!model.services.contains(done)) {
        model.services.add(done);
      }
      told.add("done " + done);
    }

    private void removeService() {
      if (!model.services.isEmpty()) {
        ReminderModel.Done done = model.services.remove(random.nextInt(model.services.size()));
        if (byTask.remove(done)) {
          // What came by a task has no document unless it was booked, but its time.
          assertThat(
                  laoke.dealer().services().of(done.order()).stream()
                      .filter(one -> one.doneAt().equals(at(done.day())))
                      .filter(one -> one.kind().equals(done.kind()))
                      .filter(one -> one.unitNo().orElse(0) == done.unit())
                      .filter(one -> !one.document().startsWith("GD-"))
                      .map(
                          one ->
                              UnitServiceReport.of("1", done.kind(), at(done.day()))
                                  .unit(done.unit())
                                  .document(one.document()))
                      .filter(one -> laoke.dealer().services().remove(done.order(), one)))
              .hasSize(1);
          told.add("not done by a task " + done);
          return;
        }
        assertThat(laoke.dealer().services().remove(done.order(), report(done))).isTrue();
        told.add("not done " + done);
      }
    }

    /** Staff do something about a task. */
    private void work() {
      Tasks tasks = laoke.work();
      List<Task> todo = tasks.list(TaskQuery.todo().withSnoozed(), null, 500).tasks();
      if (todo.isEmpty()) {
        return;
      }
      Task task = todo.get(random.nextInt(todo.size()));
      long id = task.id();
      String who = task.assignee().orElse("li");
      if (task.assignee().isEmpty()) {
        tasks.claim(id, who);
      }
      boolean booked = task.state() == TaskState.BOOKED;
      int action = random.nextInt(11);
      told.add(who + " " + action + " " + task + " " + task.items());
      switch (action) {
        case 0 -> tasks.contacted(id, who, ContactChannel.PHONE, ContactResult.LATER, "改天");
        case 1 -> tasks.release(id, who);
        case 2 -> tasks.reassign(id, who, "wang", "boss");
        case 3 -> tasks.leave(who, random.nextBoolean() ? "zhao" : null, "boss");
        case 4 -> {
          tasks.book(id, who, at(laoke.today()), at(laoke.today().plusDays(1)), null);
          tasks.workOrder(id, "W-" + id);
        }
        case 5 -> tasks.cancelBooking(id, who, null);
        case 6 -> {
          if (!booked) {
            tasks.snooze(id, who, laoke.today().plusDays(30));
          }
        }
        case 7, 8 -> {
          if (!booked) {
            model.open(task).forEach(one -> one.state = "DROPPED");
            if (action == 7) {
              tasks.refused(id, who, "不要");
            } else {
              tasks.unreachable(id, who);
            }
          }
        }
        default -> done(tasks, task, who);
      }
    }

    private void done(Tasks tasks, Task task, String who) {
      List<ReminderModel.Done> done =
          task.items().stream()
              .filter(item -> item.state() == TaskItem.State.OPEN)
              .map(
                  item ->
                      new ReminderModel.Done(
                          item.orderNo(), item.unitNo(), item.kind(), laoke.today()))
              .distinct()
              .toList();
      if (done.stream().anyMatch(model.services::contains)) {
        return;
      }
      List<String> before = laoke.everything();
      try {
        tasks.done(task.id(), who, ServiceDone.at(at(laoke.today())).paidFen(100));
      } catch (ConflictException refused) {
        assertThat(refused).hasMessageContaining("does not follow the service before");
        assertThat(laoke.everything()).isEqualTo(before);
        return;
      }
      List<ReminderModel.Contact> open = model.open(task);
      open.forEach(one -> one.state = "DONE");
      model.services.addAll(done);
      byTask.addAll(done);
      task.items().stream().map(TaskItem::orderNo).distinct().forEach(model::settle);
      String story = "seed " + seed + "\n" + String.join("\n", told);
      assertThat(open).as(story).allMatch(one -> one.state.equals("DONE"));
      assertThat(tasks.find(task.id()).orElseThrow().state()).as(story).isEqualTo(TaskState.DONE);
    }

    private void rule() {
      String code = "R" + random.nextInt(3);
      if (model.rules.containsKey(code) && random.nextInt(4) == 0) {
        laoke.rules().retire(code);
        model.rules.remove(code);
        told.add("retired " + code);
        return;
      }
      boolean months = random.nextBoolean();
      ServiceCycle cycle =
          ServiceCycle.every(
              months
                  ? Period.ofMonths(1 + random.nextInt(4))
                  : Period.ofDays(10 + random.nextInt(50)));
      cycle =
          switch (random.nextInt(3)) {
            case 0 -> cycle.from(Basis.INSTALLED, Basis.LAST_SERVICE);
            case 1 -> cycle.from(Basis.INSTALLED, Basis.DELIVERED).assumingInstalledAfter(7);
            default -> cycle;
          };
      cycle = random.nextBoolean() ? cycle.leadDays(random.nextInt(30)) : cycle;
      cycle = random.nextInt(3) == 0 ? cycle.times(1 + random.nextInt(5)) : cycle;
      String[] places = {"kitchen", "kitchen/hood", "kitchen/purifier", "ac"};
      ReminderRule rule =
          ReminderRule.of(
              code,
              places[random.nextInt(places.length)],
              ReminderModel.KINDS[random.nextInt(2)],
              cycle);
      laoke.rules().put(rule);
      model.rules.put(code, rule);
      told.add("rule " + ReminderRuleJson.write(rule));
    }

    private void days() throws Exception {
      laoke.be(laoke.today().plusDays(1 + random.nextInt(25)));
      if (random.nextInt(4) == 0) {
        return; // nobody looks
      }
      List<String> before = laoke.contacts();
      boolean both = random.nextBoolean();
      if (both) {
        AtOnce.all(
            List.of(
                () -> laoke.engine(0).tick(at(laoke.today())),
                () -> laoke.engine(1).tick(at(laoke.today()))));
      }
      laoke.engine(random.nextInt(2)).tick(at(laoke.today()));
      model.tick(laoke.today());
      told.add((both ? "both look on " : "looked on ") + laoke.today());
      check(before);
    }

    /** So many days ago, but not before anything happened. */
    private LocalDate back(int days) {
      LocalDate day = laoke.today().minusDays(days);
      return day.isBefore(ReminderFixture.START) ? ReminderFixture.START : day;
    }

    /** The clock was wrong, or that of a demo. */
    private void back() {
      List<String> before = laoke.contacts();
      laoke.be(back(2 + random.nextInt(60)));
      told.add("moved back to " + laoke.today());
      for (int engine : new int[] {0, 1, 0}) {
        laoke.engine(engine).tick(at(laoke.today()));
      }
      model.tick(laoke.today());
      check(before);
    }

    private void check(List<String> before) {
      String story = "seed " + seed + "\n" + String.join("\n", told);
      assertThat(laoke.contacts()).as(story).isEqualTo(model.contacts());
      assertThat(laoke.planned()).as(story).isEqualTo(model.planned());
      assertThat(laoke.count("reminder_todo")).as(story).isZero();
      if (lived.add(laoke.today())) {
        assertThat(laoke.splitContacts(laoke.today()))
            .as("services of a member that came due together are one contact\n" + story)
            .isEmpty();
      }
      assertThat(laoke.strays()).as(story).isEmpty();
      assertThat(laoke.contacts().size()).isGreaterThanOrEqualTo(before.size());
    }

    /** All of it is planned again, on the day it was planned, and once more on a day before. */
    private void again() {
      laoke.tick();
      model.tick(laoke.today());
      List<String> stored = laoke.everything();
      laoke.write(
          "INSERT INTO {reminder_todo} (dealer_id, id, order_id)"
              + " SELECT dealer_id, id, id FROM {customer_order}");
      laoke.write("UPDATE {reminder_change} SET next_ms = 1, step = 0, after_id = 0");
      laoke.tick();
      assertThat(laoke.everything()).as("seed " + seed).isEqualTo(stored);
      List<String> before = laoke.contacts();
      laoke.on(back(40));
      model.tick(laoke.today());
      told.add("moved back to " + laoke.today());
      check(before);
    }
  }
}

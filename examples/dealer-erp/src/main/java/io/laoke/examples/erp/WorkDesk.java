package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.base.Phone;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.reminder.ContactStep;
import io.laoke.reminder.NextService;
import io.laoke.reminder.ReminderContact;
import io.laoke.reminder.ServiceDone;
import io.laoke.reminder.Task;
import io.laoke.reminder.TaskEvent;
import io.laoke.reminder.TaskItem;
import io.laoke.reminder.TaskPage;
import io.laoke.reminder.TaskQuery;
import io.laoke.reminder.TaskState;
import io.laoke.reminder.Tasks;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** 跟进台: what came due, and what staff do about it. */
@Component
class WorkDesk {
  private static final int PAGE_SIZE = 20;
  private static final int COUNTED = 200;
  private static final int FEN = 2;
  private static final DateTimeFormatter SLOT_DAY = DateTimeFormatter.ofPattern("M月d日");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

  private final Dealer dealer;
  private final Salespeople salespeople;
  private final StoreTable stores;
  private final SmsPhone sms;
  private final Clock clock;

  WorkDesk(Laoke laoke, Salespeople salespeople, StoreTable stores, SmsPhone sms, Clock clock) {
    this.dealer = laoke.dealer("hengxin");
    this.salespeople = salespeople;
    this.stores = stores;
    this.sms = sms;
    this.clock = clock;
  }

  LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), OrderDesk.ZONE);
  }

  // Laoke: the work list.

  Tasks tasks() {
    return dealer.reminders().tasks();
  }

  /**
   * A task in the list.
   *
   * @param id for its page
   * @param due the first day
   * @param overdue how many days ago that was
   * @param customer whom to care for
   * @param phone masked
   * @param what the services
   * @param store that sold
   * @param told how the customer was told so far
   * @param assignee on whose list it is
   * @param state how far it is
   * @param tone of its mark
   * @param note what else there is to know, such as the slot
   * @param free whether it can be claimed by who asks
   */
  record Row(
      long id,
      LocalDate due,
      long overdue,
      String customer,
      String phone,
      String what,
      String store,
      String told,
      String assignee,
      String state,
      String tone,
      String note,
      boolean free) {}

  /**
   * A page of the list.
   *
   * @param rows the tasks
   * @param count how many there are in all, in words
   * @param next where the next page begins
   */
  record Listed(List<Row> rows, String count, Optional<String> next) {}

  /** Takes up what is first on one's own list, if that is asked for, else of the pool. */
  Optional<Task> next(TaskQuery query, String me, boolean own) {
    Optional<Task> first =
        own
            ? tasks().list(query.assignee(me).states(TaskState.OPEN), null, 1).tasks().stream()
                .findFirst()
            : Optional.empty();
    try {
      if (first.isPresent()) {
        return Optional.of(tasks().claim(first.get().id(), me));
      }
    } catch (ConflictException givenAway) {
      // Meanwhile: the pool may have another.
    }
    return tasks().claimNext(me, query);
  }

  Listed list(TaskQuery query, @Nullable String cursor, String me) {
    TaskPage page = tasks().list(query, cursor, PAGE_SIZE);
    Map<String, String> names = staff();
    Map<String, String> shops = shops();
    return new Listed(
        page.tasks().stream().map(task -> row(task, names, shops, me)).toList(),
        count(query, cursor, page),
        page.next());
  }

  private String count(TaskQuery query, @Nullable String cursor, TaskPage first) {
    if (cursor == null && first.next().isEmpty()) {
      return first.tasks().size() + " 项";
    }
    TaskPage many = tasks().list(query, null, COUNTED);
    return many.next().isEmpty() ? many.tasks().size() + " 项" : COUNTED + " 项以上";
  }

  private Row row(Task task, Map<String, String> names, Map<String, String> shops, String me) {
    return new Row(
        task.id(),
        task.due(),
        task.state().live() ? task.overdueDays() : 0,
        task.contactName().orElse("（未留姓名）"),
        task.phone().map(Phone::masked).orElse(""),
        what(task),
        task.storeCode().map(code -> shops.getOrDefault(code, code)).orElse(""),
        told(task.id()),
        task.assignee().map(code -> names.getOrDefault(code, code)).orElse(""),
        ServiceWords.name(task.state()),
        ServiceWords.tone(task.state()),
        note(task),
        claimable(task, me));
  }

  /** What a rule has put on somebody's list is theirs to claim, and nobody else's. */
  private static boolean claimable(Task task, String me) {
    return task.state().live()
        && task.assignee()
            .map(who -> task.state() == TaskState.OPEN && who.equals(me))
            .orElse(true);
  }

  private static String what(Task task) {
    return task.items().stream()
        .map(item -> item.name().orElse("家电") + " " + item.kind())
        .distinct()
        .collect(Collectors.joining("、"));
  }

  private String told(long id) {
    List<ReminderContact> contacts = dealer.reminders().contacts(id);
    return contacts.isEmpty() ? "" : ServiceWords.shortly(contacts.get(contacts.size() - 1));
  }

  private static String note(Task task) {
    List<String> notes = new ArrayList<>();
    task.booked().ifPresent(slot -> notes.add(slot(slot)));
    task.workOrderNo().ifPresent(notes::add);
    task.snoozedUntil().ifPresent(day -> notes.add("推迟到 " + day));
    task.items().stream()
        .flatMapToLong(item -> item.incomeFen().stream())
        .reduce(Long::sum)
        .ifPresent(fen -> notes.add("收入 " + yuan(fen)));
    return String.join("，", notes);
  }

  static String slot(Task.Slot slot) {
    return SLOT_DAY.format(slot.from().atZone(OrderDesk.ZONE))
        + " "
        + TIME.format(slot.from().atZone(OrderDesk.ZONE))
        + "~"
        + TIME.format(slot.to().atZone(OrderDesk.ZONE));
  }

  private static String yuan(long fen) {
    return "¥%,.2f".formatted(BigDecimal.valueOf(fen, FEN));
  }

  Map<String, String> staff() {
    return salespeople.findAllByOrderByCode().stream()
        .collect(Collectors.toMap(Salesperson::code, Salesperson::name));
  }

  Map<String, String> shops() {
    return stores.findAll().stream().collect(Collectors.toMap(Store::code, Store::name));
  }

  /** As a file for a spreadsheet. */
  void csv(TaskQuery query, Appendable to) throws IOException {
    to.append('\ufeff'); // or else spreadsheets take the text for something else than UTF-8
    tasks().exportCsv(query, to);
  }

  // Laoke: one task.

  /**
   * A task as its page shows it.
   *
   * @param id for its forms
   * @param state how far it is
   * @param words the same in Chinese
   * @param tone of its mark
   * @param due the first day
   * @param overdue how many days ago that was
   * @param customer whom to care for
   * @param phone whole for who has the task, so that they can call, else masked
   * @param place where
   * @param store that sold
   * @param memberId for the member's file
   * @param items the services
   * @param assignee whose it is
   * @param mine whether it is of who asks
   * @param until when a claim lapses, of which who has it knows
   * @param slot that was booked
   * @param workOrder number of the visit
   * @param snoozed until when it was put off
   */
  record Shown(
      long id,
      TaskState state,
      String words,
      String tone,
      LocalDate due,
      long overdue,
      String customer,
      String phone,
      String place,
      String store,
      Optional<Long> memberId,
      List<Item> items,
      String assignee,
      boolean mine,
      Optional<Instant> until,
      Optional<String> slot,
      Optional<String> workOrder,
      Optional<LocalDate> snoozed) {
    public boolean live() {
      return state.live();
    }

    public boolean open() {
      return state == TaskState.OPEN;
    }

    /** Whether who asks can claim it. */
    public boolean free() {
      return live() && (assignee.isEmpty() || (open() && mine));
    }

    /** Whether it is for who asks to do something about it. */
    public boolean taken() {
      return mine && !open();
    }

    public boolean bookedNow() {
      return state == TaskState.BOOKED;
    }

    public long todo() {
      return items.stream().filter(Item::open).count();
    }
  }

  /**
   * A service of a task.
   *
   * @param key for the form of what was done
   * @param orderNo of which order
   * @param goods what it is
   * @param kind of service
   * @param due the day
   * @param why how that was counted, in words
   * @param open whether it is to be done
   * @param words what became of it
   * @param next its next date, once it was done
   */
  record Item(
      String key,
      String orderNo,
      String goods,
      String kind,
      LocalDate due,
      String why,
      boolean open,
      String words,
      Optional<String> next) {}

  Shown task(long id, String me) {
    Task task = tasks().find(id).orElseThrow(NotFound::new);
    boolean mine = task.assignee().filter(me::equals).isPresent();
    return new Shown(
        id,
        task.state(),
        ServiceWords.name(task.state()),
        ServiceWords.tone(task.state()),
        task.due(),
        task.state().live() ? task.overdueDays() : 0,
        task.contactName().orElse("（未留姓名）"),
        task.phone().map(phone -> mine ? phone.value() : phone.masked()).orElse(""),
        task.region().orElse("") + " " + task.street().orElse(""),
        task.storeCode().map(code -> shops().getOrDefault(code, code)).orElse(""),
        task.memberId().isPresent() ? Optional.of(task.memberId().getAsLong()) : Optional.empty(),
        task.items().stream().map(this::item).toList(),
        task.assignee().map(code -> staff().getOrDefault(code, code)).orElse(""),
        mine,
        task.leaseUntil(),
        task.booked().map(WorkDesk::slot),
        task.workOrderNo(),
        task.snoozedUntil());
  }

  private Item item(TaskItem item) {
    List<String> words = new ArrayList<>(List.of(ServiceWords.name(item.state())));
    item.served().ifPresent(day -> words.add(day.toString()));
    item.incomeFen().ifPresent(fen -> words.add("收入 " + yuan(fen)));
    return new Item(
        key(item),
        item.orderNo(),
        item.name().orElse("家电"),
        item.kind(),
        item.due(),
        item.why().map(NextService::toChinese).orElse(""),
        item.state() == TaskItem.State.OPEN,
        String.join("，", words),
        item.state() == TaskItem.State.OPEN ? Optional.empty() : next(item));
  }

  private static String key(TaskItem item) {
    return String.join(
        "\n", item.orderNo(), item.lineNo(), String.valueOf(item.unitNo()), item.kind());
  }

  private Optional<String> next(TaskItem item) {
    return dealer.reminders().of(item.orderNo()).stream()
        .filter(
            one ->
                one.lineNo().equals(item.lineNo())
                    && one.unitNo() == item.unitNo()
                    && one.kind().equals(item.kind()))
        .map(one -> one.next().toChinese())
        .findFirst();
  }

  /**
   * A line of what happened.
   *
   * @param at when
   * @param by who did it
   * @param what was done
   * @param more to whom, which slot, what was said
   */
  record Line(Instant at, String by, String what, String more) {}

  /** The latest first. */
  List<Line> history(long id) {
    Map<String, String> names = staff();
    List<Line> lines =
        tasks().history(id).stream().map(event -> line(event, names)).collect(Collectors.toList());
    Collections.reverse(lines);
    return lines;
  }

  private static Line line(TaskEvent event, Map<String, String> names) {
    String by =
        switch (event.by()) {
          case "host" -> "销售系统";
          case "customer" -> "客户";
          case "laoke" -> "自动";
          default -> names.getOrDefault(event.by(), event.by());
        };
    List<String> more = new ArrayList<>();
    more.add(ServiceWords.detail(event, names));
    event.note().ifPresent(more::add);
    more.removeIf(String::isEmpty);
    return new Line(event.at(), by, ServiceWords.name(event.action()), String.join("：", more));
  }

  /**
   * A step that was taken to reach the customer.
   *
   * @param at when
   * @param step by what
   * @param words how far it is
   * @param why it was left
   * @param tone of its mark
   */
  record Step(Instant at, String step, String words, String why, String tone) {}

  List<Step> contacts(long id) {
    return dealer.reminders().contacts(id).stream().map(WorkDesk::step).toList();
  }

  private static Step step(ReminderContact contact) {
    String words =
        switch (contact.state()) {
          case DUE -> "等待";
          case TOLD -> "已通知，等回音";
          case ENDED -> contact.step() == ContactStep.CALL ? "轮到员工电话联系" : "结束";
        };
    String tone =
        switch (contact.state()) {
          case DUE -> "wait";
          case TOLD -> "good";
          case ENDED -> "";
        };
    return new Step(
        contact.at(),
        ServiceWords.name(contact.step()),
        words,
        ServiceWords.why(contact.why()).orElse(""),
        tone);
  }

  /** The text messages on the customer's phone, as the simulated gateway delivered them. */
  List<SmsPhone.Text> texts(long id) {
    return sms.texts(tasks().find(id).flatMap(Task::phone).map(Phone::value).orElse(""));
  }

  // Laoke: what staff do.

  /**
   * Does something about a task.
   *
   * @return what is wrong, in words, or empty
   */
  Optional<String> act(long id, Runnable action) {
    try {
      action.run();
      return Optional.empty();
    } catch (InvalidInputException wrong) {
      return Optional.of("没有办成：" + wrong(wrong.field()));
    } catch (ConflictException refused) {
      return Optional.of(tasks().find(id).map(this::inTheWay).orElse("没有这一项了"));
    } catch (LaokeException failure) {
      return Optional.of(Refused.words(failure));
    }
  }

  private static String wrong(String field) {
    return switch (field) {
      case "until" -> "推迟的日期要在今天之后，最多三年";
      case "from", "to" -> "预约的日期从今天起，最多一年以内";
      case "note", "why" -> "备注最多 200 个字";
      case "doneAt" -> "完成的日期不对";
      case "paidFen" -> "收入的金额不对";
      default -> "填写的内容不对";
    };
  }

  private String inTheWay(Task task) {
    String state = ServiceWords.name(task.state());
    return task.assignee()
        .map(code -> "没有办成：这一项由%s跟进，现在%s".formatted(staff().getOrDefault(code, code), state))
        .orElse("没有办成：这一项现在" + state + "，请先领取");
  }

  /** All that is open was done, or only what is named. */
  ServiceDone done(
      long id,
      LocalDate day,
      BigDecimal paid,
      @Nullable String technician,
      @Nullable String note,
      List<String> keys) {
    Instant now = clock.instant();
    Instant at = day.equals(today()) ? now : day.atTime(12, 0).atZone(OrderDesk.ZONE).toInstant();
    ServiceDone done =
        ServiceDone.at(at)
            .paidFen(paid.movePointRight(FEN).longValueExact())
            .technician(technician)
            .note(note);
    List<TaskItem> open =
        tasks().find(id).orElseThrow(NotFound::new).items().stream()
            .filter(item -> item.state() == TaskItem.State.OPEN)
            .toList();
    List<TaskItem> chosen = open.stream().filter(item -> keys.contains(key(item))).toList();
    if (chosen.size() == open.size() || keys.isEmpty()) {
      return done;
    }
    for (TaskItem item : chosen) {
      done = done.only(item.orderNo(), item.lineNo(), item.unitNo(), item.kind());
    }
    return done;
  }

  /** The next dates of what was done, in words. */
  String after(long id) {
    return tasks().find(id).map(Task::items).orElse(List.of()).stream()
        .filter(item -> item.state() == TaskItem.State.DONE)
        .flatMap(item -> next(item).stream())
        .distinct()
        .collect(Collectors.joining("；"));
  }
}

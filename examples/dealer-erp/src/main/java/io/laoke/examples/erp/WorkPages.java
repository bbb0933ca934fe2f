package io.laoke.examples.erp;

import io.laoke.error.InvalidInputException;
import io.laoke.reminder.ContactChannel;
import io.laoke.reminder.ContactResult;
import io.laoke.reminder.Task;
import io.laoke.reminder.TaskQuery;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** 服务提醒的工作清单: what came due, and a page for each task with all that staff can do about it. */
@Controller
@RequestMapping("/reminders")
class WorkPages {
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000);
  private static final List<String> SLOTS = List.of("08:00~12:00", "13:00~17:00", "18:00~20:00");

  private final WorkDesk desk;
  private final ServiceDesk services;
  private final DigestDesk digests;
  private final Acting acting;

  WorkPages(WorkDesk desk, ServiceDesk services, DigestDesk digests, Acting acting) {
    this.desk = desk;
    this.digests = digests;
    this.services = services;
    this.acting = acting;
  }

  /** An address that no page of ours has made. */
  @ExceptionHandler(InvalidInputException.class)
  void foreignAddress(HttpServletResponse response) throws IOException {
    response.sendError(HttpStatus.BAD_REQUEST.value());
  }

  @PostMapping("/me")
  String become(
      @RequestParam String code,
      @RequestParam(defaultValue = "") String back,
      HttpSession session) {
    acting.become(session, code);
    return "redirect:" + (back.matches("/reminders(/[\\w/-]*)?") ? back : "/reminders");
  }

  // ---- the list

  @GetMapping
  String list(
      @ModelAttribute("filter") WorkFilter filter,
      @RequestParam(required = false) @Nullable String after,
      @RequestParam(defaultValue = "1") int page,
      @ModelAttribute("me") Salesperson me,
      Model model) {
    live(filter, after, page, me, model);
    model.addAttribute("dues", WorkFilter.DUES);
    model.addAttribute("states", WorkFilter.STATES);
    model.addAttribute("shops", desk.shops());
    model.addAttribute("regions", MasterData.REGIONS);
    model.addAttribute("kinds", services.kinds());
    return "work";
  }

  /** The list while the engine is at work. */
  @GetMapping("/live")
  String live(
      @ModelAttribute("filter") WorkFilter filter,
      @RequestParam(required = false) @Nullable String after,
      @RequestParam(defaultValue = "1") int page,
      @RequestParam(required = false) @Nullable Integer seen,
      @ModelAttribute("me") Salesperson me,
      HttpServletResponse response,
      Model model) {
    if (live(filter, after, page, me, model).equals(seen)) {
      response.setStatus(HttpStatus.NO_CONTENT.value());
    }
    return "work :: live";
  }

  private Integer live(
      WorkFilter filter, @Nullable String after, int page, Salesperson me, Model model) {
    TaskQuery query = filter.query(desk.today(), me.code());
    WorkDesk.Listed listed;
    String cursor = after;
    try {
      listed = desk.list(query, cursor, me.code());
    } catch (InvalidInputException notOurs) {
      cursor = null;
      listed = desk.list(query, null, me.code());
    }
    ServiceDesk.Doing doing = services.doing();
    Optional<DigestDesk.Row> digest = digests.today(me);
    Integer seen = List.of(listed, doing, digest).hashCode();
    model.addAttribute("digest", digest.orElse(null));
    model.addAttribute("listed", listed);
    model.addAttribute("doing", doing);
    model.addAttribute("after", cursor);
    model.addAttribute("page", cursor == null ? 1 : page);
    model.addAttribute("seen", seen);
    return seen;
  }

  @GetMapping(path = "/tasks.csv")
  void csv(
      @ModelAttribute("filter") WorkFilter filter,
      @ModelAttribute("me") Salesperson me,
      HttpServletResponse response)
      throws IOException {
    TaskQuery query = filter.query(desk.today(), me.code()); // or else the error would be a file
    response.setContentType("text/csv");
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    response.setHeader(
        "Content-Disposition", "attachment; filename=\"tasks-" + desk.today() + ".csv\"");
    desk.csv(query, response.getWriter());
  }

  /** Takes up what has been due for longest of what the filter shows. */
  @PostMapping("/next")
  String next(
      @ModelAttribute("filter") WorkFilter filter,
      @ModelAttribute("me") Salesperson me,
      RedirectAttributes flash) {
    Optional<Task> claimed =
        desk.next(filter.query(desk.today(), me.code()), me.code(), filter.mine(me.code()));
    if (claimed.isEmpty()) {
      flash.addFlashAttribute("problem", "按现在的筛选，没有可以领取的了");
      return "redirect:/reminders" + (filter.narrow() ? "?" + filter.address() : "");
    }
    flash.addFlashAttribute("done", "已领取，30 分钟内别人不能领");
    return "redirect:/reminders/tasks/" + claimed.get().id();
  }

  // ---- one task

  @GetMapping("/tasks/{id:\\d{1,18}}")
  String task(@PathVariable long id, @ModelAttribute("me") Salesperson me, Model model) {
    now(id, me, model);
    Map<ContactChannel, String> channels = new EnumMap<>(ContactChannel.class);
    for (ContactChannel one : ContactChannel.values()) {
      channels.put(one, ServiceWords.name(one));
    }
    Map<ContactResult, String> results = new EnumMap<>(ContactResult.class);
    for (ContactResult one : ContactResult.values()) {
      results.put(one, ServiceWords.name(one));
    }
    model.addAttribute("channels", channels);
    model.addAttribute("results", results);
    model.addAttribute("slots", SLOTS);
    model.addAttribute("today", desk.today());
    return "task";
  }

  /** How far a task is, while the customer or the engine may change that. */
  @GetMapping("/tasks/{id:\\d{1,18}}/now")
  String now(
      @PathVariable long id,
      @RequestParam(required = false) @Nullable Integer seen,
      @RequestParam(defaultValue = "") String was,
      @ModelAttribute("me") Salesperson me,
      HttpServletResponse response,
      Model model) {
    if (now(id, me, model).equals(seen)) {
      response.setStatus(HttpStatus.NO_CONTENT.value());
    }
    model.addAttribute("was", was);
    return "task :: now";
  }

  private Integer now(long id, Salesperson me, Model model) {
    WorkDesk.Shown task = desk.task(id, me.code());
    List<WorkDesk.Line> history = desk.history(id);
    List<WorkDesk.Step> contacts = desk.contacts(id);
    var texts = desk.texts(id);
    Integer seen = List.of(task, history, contacts, texts).hashCode();
    model.addAttribute("task", task);
    model.addAttribute("history", history);
    model.addAttribute("contacts", contacts);
    model.addAttribute("texts", texts);
    model.addAttribute("seen", seen);
    model.addAttribute("was", forms(task));
    return seen;
  }

  /** What the forms of a page depend on. */
  private static String forms(WorkDesk.Shown task) {
    return task.state() + (task.mine() ? "+" : "");
  }

  @PostMapping("/tasks/{id:\\d{1,18}}/claim")
  String claim(
      @PathVariable long id, @ModelAttribute("me") Salesperson me, RedirectAttributes flash) {
    return done(id, flash, "已领取，30 分钟内别人不能领；联系过就一直归你", () -> desk.tasks().claim(id, me.code()));
  }

  @PostMapping("/tasks/{id:\\d{1,18}}/release")
  String release(
      @PathVariable long id, @ModelAttribute("me") Salesperson me, RedirectAttributes flash) {
    return done(id, flash, "已放回，大家都能领取", () -> desk.tasks().release(id, me.code()));
  }

  @PostMapping("/tasks/{id:\\d{1,18}}/reassign")
  String reassign(
      @PathVariable long id,
      @RequestParam String to,
      @ModelAttribute("me") Salesperson me,
      RedirectAttributes flash) {
    String name = desk.staff().get(to);
    if (name == null) {
      return wrong(id, flash, "没有这位员工，请从名单里选一位");
    }
    String from = desk.tasks().find(id).flatMap(Task::assignee).orElse(null);
    return done(id, flash, "已转给" + name, () -> desk.tasks().reassign(id, from, to, me.code()));
  }

  @PostMapping("/tasks/{id:\\d{1,18}}/contacted")
  String contacted(
      @PathVariable long id,
      @RequestParam ContactChannel channel,
      @RequestParam ContactResult result,
      @RequestParam(defaultValue = "") String note,
      @ModelAttribute("me") Salesperson me,
      RedirectAttributes flash) {
    return done(
        id,
        flash,
        "已记下这次联系",
        () -> desk.tasks().contacted(id, me.code(), channel, result, given(note)));
  }

  @PostMapping("/tasks/{id:\\d{1,18}}/snooze")
  String snooze(
      @PathVariable long id,
      @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate until,
      @ModelAttribute("me") Salesperson me,
      RedirectAttributes flash) {
    if (until == null) {
      return wrong(id, flash, "请选推迟到哪天");
    }
    return done(
        id, flash, "已推迟，到 " + until + " 再出现在清单里", () -> desk.tasks().snooze(id, me.code(), until));
  }

  @PostMapping("/tasks/{id:\\d{1,18}}/book")
  String book(
      @PathVariable long id,
      @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate day,
      @RequestParam(defaultValue = "") String slot,
      @RequestParam(defaultValue = "") String note,
      @ModelAttribute("me") Salesperson me,
      RedirectAttributes flash) {
    if (day == null || !SLOTS.contains(slot)) {
      return wrong(id, flash, "请选上门的日期和时段");
    }
    String[] times = slot.split("~", -1);
    return done(
        id,
        flash,
        "已预约，正在开工单",
        () ->
            desk.tasks()
                .book(
                    id,
                    me.code(),
                    day.atTime(LocalTime.parse(times[0])).atZone(OrderDesk.ZONE).toInstant(),
                    day.atTime(LocalTime.parse(times[1])).atZone(OrderDesk.ZONE).toInstant(),
                    given(note)));
  }

  @PostMapping("/tasks/{id:\\d{1,18}}/cancel")
  String cancel(
      @PathVariable long id,
      @RequestParam(defaultValue = "") String note,
      @ModelAttribute("me") Salesperson me,
      RedirectAttributes flash) {
    return done(
        id, flash, "已取消预约，请接着跟进", () -> desk.tasks().cancelBooking(id, me.code(), given(note)));
  }

  @PostMapping("/tasks/{id:\\d{1,18}}/done")
  String finish(
      @PathVariable long id,
      @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate day,
      @RequestParam(defaultValue = "") String paid,
      @RequestParam(defaultValue = "") String technician,
      @RequestParam(defaultValue = "") String note,
      @RequestParam(defaultValue = "") List<String> item,
      @ModelAttribute("me") Salesperson me,
      RedirectAttributes flash) {
    Optional<BigDecimal> amount = amount(paid);
    if (day == null || day.isAfter(desk.today())) {
      return wrong(id, flash, "请选哪天做的，不能晚于今天");
    }
    if (amount.isEmpty()) {
      return wrong(id, flash, "收入请填金额，如 120 或 120.50，没有收钱填 0");
    }
    String to =
        done(
            id,
            flash,
            "已完成",
            () ->
                desk.tasks()
                    .done(
                        id,
                        me.code(),
                        desk.done(id, day, amount.get(), given(technician), given(note), item)));
    if (flash.getFlashAttributes().containsKey("done")) {
      flash.addFlashAttribute(
          "done", "已完成，收入 ¥%,.2f。下一次：%s".formatted(amount.get(), desk.after(id)));
    }
    return to;
  }

  private static Optional<BigDecimal> amount(String text) {
    String plain = text.strip().replaceFirst("^[¥￥]", "").replace(",", "");
    return Optional.of(plain)
        .filter(one -> one.matches("\\d{1,8}(\\.\\d{1,2})?"))
        .map(BigDecimal::new)
        .filter(Predicate.not(one -> one.compareTo(MOST) > 0));
  }

  @PostMapping("/tasks/{id:\\d{1,18}}/refused")
  String refused(
      @PathVariable long id,
      @RequestParam(defaultValue = "") String note,
      @ModelAttribute("me") Salesperson me,
      RedirectAttributes flash) {
    return done(id, flash, "已记下客户不做", () -> desk.tasks().refused(id, me.code(), given(note)));
  }

  @PostMapping("/tasks/{id:\\d{1,18}}/unreachable")
  String unreachable(
      @PathVariable long id, @ModelAttribute("me") Salesperson me, RedirectAttributes flash) {
    return done(id, flash, "已记下联系不上", () -> desk.tasks().unreachable(id, me.code()));
  }

  private static @Nullable String given(String text) {
    return text.isBlank() ? null : text;
  }

  private String done(long id, RedirectAttributes flash, String words, Runnable action) {
    desk.act(id, action)
        .ifPresentOrElse(
            wrong -> flash.addFlashAttribute("problem", wrong),
            () -> flash.addFlashAttribute("done", words));
    return "redirect:/reminders/tasks/" + id;
  }

  private static String wrong(long id, RedirectAttributes flash, String words) {
    flash.addFlashAttribute("problem", words);
    return "redirect:/reminders/tasks/" + id;
  }
}

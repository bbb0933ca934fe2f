package io.laoke.examples.erp;

import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.examples.erp.PlanDesk.Saving;
import io.laoke.examples.erp.PushGroups.Group;
import io.laoke.push.Plan;
import io.laoke.push.PlanState;
import io.laoke.push.SavedPlan;
import io.laoke.segment.SegmentException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
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

/** 群发中心的计划: list, editor with who gets what while one edits, and a page for each plan's way. */
@Controller
@RequestMapping("/push/plans")
class PlanPages {
  private static final String LIST = "redirect:/push/plans";
  private static final List<Integer> WINDOWS = List.of(7, 14, 30, 60);
  private static final List<Long> CAPS = List.of(0L, 5_000L, 10_000L, 20_000L);
  private static final int LONGEST_WHY = 200;

  private final PlanDesk desk;
  private final ObjectProvider<DemoSales> sales;
  private final String account;

  PlanPages(
      PlanDesk desk,
      ObjectProvider<DemoSales> sales,
      @Value("${laoke.wechat.accounts.hengxin.app-id}") String account) {
    this.desk = desk;
    this.sales = sales;
    this.account = account;
  }

  /** An address that no page of ours has made. */
  @ExceptionHandler(InvalidInputException.class)
  void foreignAddress(HttpServletResponse response) throws IOException {
    response.sendError(HttpStatus.BAD_REQUEST.value());
  }

  // ---- the list

  @GetMapping
  String list(Model model) {
    model.addAttribute("plans", desk.list());
    model.addAttribute("contents", desk.contents());
    return "plans";
  }

  // ---- the editor

  @GetMapping("/new")
  String blank(Model model) {
    return page(PlanForm.blank(), false, model);
  }

  @GetMapping("/{key}/edit")
  String edit(@PathVariable String key, Model model, RedirectAttributes flash) {
    SavedPlan saved = desk.find(key).orElseThrow(NotFound::new);
    if (!PlanDesk.changeable(saved)) {
      flash.addFlashAttribute(
          "problem", "这个计划%s，不能再改；可以新建一个".formatted(PlanWords.state(saved.state())));
      return "redirect:/push/plans/" + key;
    }
    return page(PlanForm.of(saved, desk.groups(key)), true, model);
  }

  /** Where the addresses of what is posted lead when they are opened. */
  @GetMapping({"/allocation", "/rules"})
  String again() {
    return LIST;
  }

  /** Who would get what by what is filled in; nothing is kept. */
  @PostMapping("/allocation")
  String allocation(@ModelAttribute("form") PlanForm form, Model model) {
    allocation(form, true, model);
    return "plan-edit :: allocation";
  }

  /** The rules after a button beside them; nothing is kept. */
  @PostMapping("/rules")
  String rules(
      @ModelAttribute("form") PlanForm form,
      @RequestParam(defaultValue = "") String act,
      HttpServletResponse response,
      Model model) {
    form.change(act);
    choices(form, model);
    model.addAttribute("problems", Map.of());
    response.setHeader("HX-Trigger-After-Settle", "rules-changed");
    return "plan-edit :: rules";
  }

  @PostMapping
  String save(
      @ModelAttribute("form") PlanForm form,
      @ModelAttribute("me") Salesperson me,
      @RequestParam(defaultValue = "") String act,
      HttpServletResponse response,
      Model model,
      RedirectAttributes flash) {
    if (!act.isEmpty()) {
      form.change(act); // a browser without scripts
      return page(form, false, model);
    }
    PlanForm.Read read = form.read(account, desk.groups(form.getKey()), desk.contents());
    if (read.plan().isEmpty() || !read.whole()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_ENTITY.value());
      return page(form, true, model);
    }
    try {
      Saving saving = desk.save(read.plan().get(), form.getSeen(), me.name());
      if (saving instanceof Saving.Done done) {
        SavedPlan saved = done.saved();
        flash.addFlashAttribute(
            "done",
            done.changed()
                ? "已保存“%s”（第 %d 版）".formatted(saved.plan().name(), saved.version())
                : "“%s”没有变化".formatted(saved.plan().name()));
        return "redirect:/push/plans/" + saved.plan().key();
      }
      response.setStatus(HttpStatus.CONFLICT.value());
      meanwhile(saving, form, model);
    } catch (SegmentException refused) {
      response.setStatus(HttpStatus.UNPROCESSABLE_ENTITY.value());
      model.addAttribute("problem", PlanDesk.words(refused));
    } catch (LaokeException failure) {
      model.addAttribute("problem", Refused.words(failure));
    }
    return page(form, true, model);
  }

  private static void meanwhile(Saving saving, PlanForm form, Model model) {
    if (saving instanceof Saving.Meanwhile other) {
      SavedPlan theirs = other.theirs();
      model.addAttribute(
          "problem",
          "没有保存：%s 刚刚改到了第 %d 版。您填的还在下面；先看看那一版，再决定要不要保存成下一版。"
              .formatted(theirs.changedBy(), theirs.version()));
      model.addAttribute("theirs", theirs);
      form.setSeen(theirs.version());
    } else if (saving instanceof Saving.Beyond beyond) {
      model.addAttribute(
          "problem", "没有保存：这个计划%s，不能再改；可以新建一个。".formatted(PlanWords.state(beyond.there().state())));
    }
  }

  private String page(PlanForm form, boolean begun, Model model) {
    model.addAttribute("form", form);
    allocation(form, begun, model);
    choices(form, model);
    return "plan-edit";
  }

  private void choices(PlanForm form, Model model) {
    form.even();
    Map<String, Group> groups = desk.groups(form.getKey());
    model.addAttribute("groups", groups.values());
    model.addAttribute("contents", desk.contents());
    model.addAttribute("colors", Overlaps.COLORS);
    model.addAttribute("most", PlanForm.MOST_RULES);
    model.addAttribute(
        "sentences",
        groups.values().stream().collect(Collectors.toMap(Group::key, desk::sentence)));
    Set<String> unready = desk.unready(desk.contents().keySet());
    model.addAttribute("unready", unready);
  }

  private void allocation(PlanForm form, boolean begun, Model model) {
    PlanForm.Read read = form.read(account, desk.groups(form.getKey()), desk.contents());
    model.addAttribute("problems", begun ? read.problems() : Map.of());
    model.addAttribute("live", begun);
    Optional<Plan> plan = read.plan();
    if (plan.isEmpty()) {
      return;
    }
    try {
      model.addAttribute("allocated", desk.preview(plan.get()));
    } catch (SegmentException refused) {
      model.addAttribute("unanswered", PlanDesk.words(refused));
    } catch (LaokeException failure) {
      model.addAttribute("unanswered", Refused.words(failure));
    }
  }

  // ---- a plan's way

  @GetMapping("/{key}")
  String plan(
      @PathVariable String key,
      @RequestParam(defaultValue = "30") int days,
      @RequestParam(defaultValue = "0") long cap,
      Model model) {
    SavedPlan saved = desk.find(key).orElseThrow(NotFound::new);
    run(saved, model);
    model.addAttribute("phones", desk.phones(saved));
    results(saved, days, cap, model);
    return "plan";
  }

  /** How far it is, while the engine is at work. */
  @GetMapping("/{key}/live")
  String live(
      @PathVariable String key,
      @RequestParam(required = false) @Nullable Integer seen,
      HttpServletResponse response,
      Model model) {
    SavedPlan saved = desk.find(key).orElseThrow(NotFound::new);
    if (run(saved, model).equals(seen)) {
      response.setStatus(HttpStatus.NO_CONTENT.value());
    }
    return "plan :: run";
  }

  private Integer run(SavedPlan saved, Model model) {
    PlanDesk.Run run = desk.run(saved);
    Integer seen = run.hashCode();
    model.addAttribute("run", run);
    model.addAttribute("plan", saved.plan());
    model.addAttribute("contents", desk.contents());
    model.addAttribute("heldOut", PlanDesk.percent(saved.plan().heldOut()));
    model.addAttribute("seen", seen);
    return seen;
  }

  /** What it brought in by now. */
  @GetMapping("/{key}/results")
  String results(
      @PathVariable String key,
      @RequestParam(defaultValue = "30") int days,
      @RequestParam(defaultValue = "0") long cap,
      Model model) {
    SavedPlan saved = desk.find(key).orElseThrow(NotFound::new);
    model.addAttribute("plan", saved.plan());
    results(saved, days, cap, model);
    return "plan :: results";
  }

  private void results(SavedPlan saved, int days, long cap, Model model) {
    int window = WINDOWS.contains(days) ? days : 30;
    long most = CAPS.contains(cap) ? cap : 0;
    model.addAttribute("days", window);
    model.addAttribute("cap", most);
    model.addAttribute("windows", WINDOWS);
    model.addAttribute("caps", CAPS);
    model.addAttribute("canSell", sales.getIfAvailable() != null);
    if (saved.allocatedAt().isPresent()) {
      desk.uplift(saved.plan().key(), window, most)
          .ifPresent(one -> model.addAttribute("uplift", one));
      model.addAttribute("from", desk.startedAt(saved.plan().key()).orElse(null));
    }
  }

  // ---- its steps

  @PostMapping("/{key}/submit")
  String submit(
      @PathVariable String key, @ModelAttribute("me") Salesperson me, RedirectAttributes flash) {
    SavedPlan saved = desk.find(key).orElseThrow(NotFound::new);
    Map<String, String> names = desk.contents();
    List<String> sent =
        PushGroups.rules(saved.plan()).stream().map(Plan.Rule::content).distinct().toList();
    List<String> gone = sent.stream().filter(one -> !names.containsKey(one)).toList();
    Set<String> unready = desk.unready(sent);
    if (!gone.isEmpty()) {
      flash.addFlashAttribute("problem", "没有提交：计划里有图文已经删除，请先改计划");
    } else if (!unready.isEmpty()) {
      flash.addFlashAttribute(
          "problem",
          "没有提交：图文“"
              + unready.stream().map(names::get).sorted().collect(Collectors.joining("”、“"))
              + "”还有要改的地方");
    } else {
      return step(key, flash, "已提交，请另一位同事审批", one -> desk.submit(one, me.name()));
    }
    return "redirect:/push/plans/" + key;
  }

  @PostMapping("/{key}/approve")
  String approve(
      @PathVariable String key,
      @RequestParam String hash,
      @ModelAttribute("me") Salesperson me,
      RedirectAttributes flash) {
    SavedPlan saved = desk.find(key).orElseThrow(NotFound::new);
    if (desk.settings().approvedByAnother()
        && saved.submittedBy().filter(me.name()::equals).isPresent()) {
      flash.addFlashAttribute("problem", "没有通过：提交的人不能自己审批，请在“我是”换一位同事");
    } else if (saved.state() == PlanState.SUBMITTED && !saved.hash().equals(hash)) {
      flash.addFlashAttribute("problem", "没有通过：计划在您看过之后改过，请再看一遍");
    } else {
      return step(key, flash, "已审批，可以分配了", one -> desk.approve(one, hash, me.name()));
    }
    return "redirect:/push/plans/" + key;
  }

  @PostMapping("/{key}/reject")
  String reject(
      @PathVariable String key,
      @RequestParam(defaultValue = "") String why,
      @ModelAttribute("me") Salesperson me,
      RedirectAttributes flash) {
    return step(key, flash, "已退回修改", one -> desk.reject(one, me.name(), why(why, "退回修改")));
  }

  @PostMapping("/{key}/allocate")
  String allocate(
      @PathVariable String key, @ModelAttribute("me") Salesperson me, RedirectAttributes flash) {
    return step(key, flash, "已分配：谁收哪篇已经定下，可以开始发送", one -> desk.allocate(one, me.name()));
  }

  @PostMapping("/{key}/start")
  String start(
      @PathVariable String key, @ModelAttribute("me") Salesperson me, RedirectAttributes flash) {
    return step(key, flash, "已开始，一批一批发出", one -> desk.start(one, me.name()));
  }

  @PostMapping("/{key}/pause")
  String pause(
      @PathVariable String key, @ModelAttribute("me") Salesperson me, RedirectAttributes flash) {
    return step(key, flash, "已暂停：已经做好的批次照发，不再做新的", one -> desk.pause(one, me.name(), "在页面上暂停"));
  }

  @PostMapping("/{key}/resume")
  String resume(
      @PathVariable String key, @ModelAttribute("me") Salesperson me, RedirectAttributes flash) {
    return step(key, flash, "继续发送", one -> desk.resume(one, me.name()));
  }

  @PostMapping("/{key}/cancel")
  String cancel(
      @PathVariable String key,
      @RequestParam(defaultValue = "") String why,
      @ModelAttribute("me") Salesperson me,
      RedirectAttributes flash) {
    return step(key, flash, "已取消：不再做新的批次", one -> desk.cancel(one, me.name(), why(why, "在页面上取消")));
  }

  /** 演示: some weeks pass, and customers go on buying. */
  @PostMapping("/{key}/sales")
  String sales(
      @PathVariable String key,
      @RequestParam(defaultValue = "30") int days,
      RedirectAttributes flash) {
    DemoSales demo = Optional.ofNullable(sales.getIfAvailable()).orElseThrow(NotFound::new);
    int window = WINDOWS.contains(days) ? days : 30;
    return step(
            key,
            flash,
            "演示：又过了 %d 天，客户照常买东西，收到图文的买得多一些".formatted(window),
            one -> demo.pass(one, window))
        + "?days="
        + window;
  }

  private String step(String key, RedirectAttributes flash, String done, Consumer<String> step) {
    if (desk.find(key).isEmpty()) {
      throw new NotFound();
    }
    try {
      step.accept(key);
      flash.addFlashAttribute("done", done);
    } catch (InvalidInputException | SegmentException refused) {
      flash.addFlashAttribute("problem", "没有办成：人群或图文现在不能用，请先改计划");
    } catch (LaokeException failure) {
      flash.addFlashAttribute("problem", Refused.words(failure));
    }
    return "redirect:/push/plans/" + key;
  }

  private static String why(String given, String usual) {
    String line = given.replaceAll("[\\p{Cntrl}]+", " ").strip();
    int length = line.codePointCount(0, line.length());
    return line.isEmpty()
        ? usual
        : length <= LONGEST_WHY ? line : line.substring(0, line.offsetByCodePoints(0, LONGEST_WHY));
  }
}

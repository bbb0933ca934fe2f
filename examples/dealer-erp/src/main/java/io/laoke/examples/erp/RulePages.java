package io.laoke.examples.erp;

import io.laoke.base.Upserted;
import io.laoke.error.LaokeException;
import io.laoke.reminder.AssigneeRule;
import io.laoke.reminder.Basis;
import io.laoke.reminder.ContactStep;
import io.laoke.reminder.ReminderRule;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Month;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.propertyeditors.StringTrimmerEditor;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.BindingResult;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** 服务提醒的规则: list, editor with the dates that come of it, and what a change would do. */
@Controller
@RequestMapping("/reminders/rules")
class RulePages {
  private final ServiceDesk desk;
  private final MessageSource messages;

  RulePages(ServiceDesk desk, MessageSource messages) {
    this.desk = desk;
    this.messages = messages;
  }

  @InitBinder("form")
  void blankMeansNothing(WebDataBinder binder) {
    binder.registerCustomEditor(String.class, new StringTrimmerEditor(true));
  }

  @GetMapping
  String list(Model model) {
    model.addAttribute("rules", desk.list());
    return "rules";
  }

  /** The list while reminders follow. */
  @GetMapping("/live")
  String live(
      @RequestParam(required = false) @Nullable Integer seen,
      HttpServletResponse response,
      Model model) {
    List<ServiceDesk.Row> rules = desk.list();
    if (seen != null && seen == rules.hashCode()) {
      response.setStatus(HttpStatus.NO_CONTENT.value());
    }
    model.addAttribute("rules", rules);
    return "rules :: live";
  }

  @GetMapping("/new")
  String blank(Model model) {
    RuleForm form = new RuleForm();
    return page(form, new BeanPropertyBindingResult(form, "form"), model);
  }

  @GetMapping("/{code}/edit")
  String edit(@PathVariable String code, Model model) {
    ReminderRule rule = desk.rule(code).orElseThrow(NotFound::new);
    RuleForm form = RuleForm.of(rule);
    model.addAttribute("tooPlain", RuleForm.tooPlain(rule));
    return page(form, new BeanPropertyBindingResult(form, "form"), model);
  }

  /** Where the addresses of what is posted lead when they are opened. */
  @GetMapping({"/preview", "/effect"})
  String again() {
    return "redirect:/reminders/rules";
  }

  /** The dates that come of what is filled in; nothing is kept. */
  @PostMapping("/preview")
  String preview(@ModelAttribute("form") RuleForm form, BindingResult problems, Model model) {
    means(form, problems, model);
    return "rule :: means";
  }

  /** How many reminders would move; reads what is planned, so it takes a moment. */
  @PostMapping("/effect")
  String effect(@ModelAttribute("form") RuleForm form, BindingResult problems, Model model) {
    boolean known = form.getCode() != null;
    String words = "";
    try {
      words =
          form.rule(problems, desk::rule)
              .map(rule -> desk.effect(rule).toChinese())
              .orElse("先改好填错的地方");
    } catch (LaokeException failure) {
      words = Refused.words(failure);
    }
    model.addAttribute("known", known);
    model.addAttribute("effect", words);
    return "rule :: effect";
  }

  @PostMapping
  String save(
      @ModelAttribute("form") RuleForm form,
      BindingResult problems,
      @RequestParam(defaultValue = "") String act,
      HttpServletResponse response,
      Model model,
      RedirectAttributes flash) {
    String code = form.getCode();
    Optional<ReminderRule> rule = form.rule(problems, desk::rule);
    if (rule.isPresent() && !act.equals("try")) {
      try {
        Upserted done = desk.put(rule.get());
        flash.addFlashAttribute("done", saved(rule.get().name(), done));
        return "redirect:/reminders/rules";
      } catch (LaokeException failure) {
        model.addAttribute("problem", Refused.words(failure));
      }
    }
    form.setCode(code);
    if (problems.hasErrors()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_ENTITY.value());
    }
    rule.ifPresent(
        known -> {
          model.addAttribute("known", code != null);
          model.addAttribute("effect", desk.effect(known).toChinese());
        });
    return page(form, problems, model);
  }

  private static String saved(String name, Upserted done) {
    return switch (done) {
      case CREATED -> "已保存规则“%s”，正在后台算出每台的日期".formatted(name);
      case CHANGED -> "已保存规则“%s”的新版本，还没到期的提醒正在后台跟着改".formatted(name);
      case UNCHANGED -> "规则“%s”没有变化".formatted(name);
    };
  }

  @PostMapping("/{code}/retire")
  String retire(@PathVariable String code, RedirectAttributes flash) {
    try {
      desk.retire(code);
      flash.addFlashAttribute("done", "已停用，它还没到期的提醒正在后台取消；已到期的留在清单里");
    } catch (LaokeException failure) {
      flash.addFlashAttribute("problem", Refused.words(failure));
    }
    return "redirect:/reminders/rules";
  }

  @PostMapping("/{code}/restore")
  String restore(@PathVariable String code, RedirectAttributes flash) {
    try {
      desk.put(desk.rule(code).orElseThrow(NotFound::new));
      flash.addFlashAttribute("done", "已重新启用");
    } catch (LaokeException failure) {
      flash.addFlashAttribute("problem", Refused.words(failure));
    }
    return "redirect:/reminders/rules";
  }

  private String page(RuleForm form, BindingResult problems, Model model) {
    boolean opened = form.getCategory() == null && !problems.hasErrors();
    model.addAttribute("form", form);
    model.addAttribute(BindingResult.MODEL_KEY_PREFIX + "form", problems);
    model.addAttribute("categories", desk.categories());
    model.addAttribute("kinds", desk.kinds());
    model.addAttribute("units", RuleForm.Unit.values());
    model.addAttribute("bases", Basis.values());
    Map<ContactStep, String> steps = new EnumMap<>(ContactStep.class);
    for (ContactStep step : List.of(ContactStep.TEMPLATE, ContactStep.SMS, ContactStep.CALL)) {
      steps.put(step, ServiceWords.name(step));
    }
    model.addAttribute("steps", steps);
    model.addAttribute("months", Month.values());
    assignees(form, model);
    if (opened) {
      model.addAttribute("wrong", List.of());
      model.addAttribute("examples", List.of());
    } else {
      means(form, problems, model);
    }
    return "rule";
  }

  /** Whom work can be given to; what a rule names that the ERP does not know is kept. */
  private void assignees(RuleForm form, Model model) {
    Map<AssigneeRule.By, String> ways = new EnumMap<>(AssigneeRule.By.class);
    for (AssigneeRule.By by : AssigneeRule.By.values()) {
      ways.put(by, ServiceWords.name(by));
    }
    Map<String, String> people = desk.staff();
    form.getAssignStaff().forEach(code -> people.putIfAbsent(code, code));
    Set<String> roles = new LinkedHashSet<>(desk.roles());
    String role = form.getAssignRole();
    if (role != null) {
      roles.add(role);
    }
    model.addAttribute("ways", ways);
    model.addAttribute("people", people);
    model.addAttribute("roles", roles);
  }

  private void means(RuleForm form, BindingResult problems, Model model) {
    String code = form.getCode();
    String name = form.getName();
    if (name == null) {
      form.setName("新规则"); // dates do not depend on it
    }
    Optional<ReminderRule> rule =
        problems.hasErrors() ? Optional.empty() : form.rule(problems, desk::rule);
    form.setCode(code);
    form.setName(name);
    model.addAttribute("ready", rule.isPresent());
    model.addAttribute("examples", rule.map(desk::examples).orElse(List.of()));
    model.addAttribute("loading", rule.filter(desk::loading).isPresent());
    model.addAttribute(
        "wrong",
        problems.getAllErrors().stream()
            .map(one -> messages.getMessage(one, Locale.CHINA))
            .distinct()
            .toList());
  }
}

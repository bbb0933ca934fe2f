package io.laoke.examples.erp;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** 服务提醒的日历和报表: how much there is to do on each of the next days, and what came of it each month. */
@Controller
@RequestMapping("/reminders")
class IncomePages {
  private static final List<Integer> MONTHS = List.of(3, 6, 12, 24);

  private final ServiceCharts charts;
  private final ServiceDesk services;
  private final WorkDesk work;

  IncomePages(ServiceCharts charts, ServiceDesk services, WorkDesk work) {
    this.charts = charts;
    this.services = services;
    this.work = work;
  }

  @GetMapping("/calendar")
  String calendar(
      @RequestParam(defaultValue = "") String kind,
      @RequestParam(defaultValue = "") String store,
      @RequestParam(defaultValue = "") String capacity,
      Model model) {
    String given = capacity.strip();
    boolean count = given.matches("[0-9]{1,4}");
    OptionalInt most = count ? OptionalInt.of(Integer.parseInt(given)) : OptionalInt.empty();
    model.addAttribute("unclear", !count && !given.isEmpty());
    model.addAttribute("calendar", charts.calendar(kind.strip(), store.strip(), most));
    model.addAttribute("columns", most.isPresent() ? "1,2,3,4,5" : "1,2,3,4");
    model.addAttribute("limited", most.isPresent());
    model.addAttribute("capacity", given);
    model.addAttribute("kind", kind);
    model.addAttribute("kinds", services.kinds());
    model.addAttribute("store", store);
    model.addAttribute("shops", work.shops());
    return "calendar";
  }

  @GetMapping("/report")
  String report(
      @RequestParam(defaultValue = "12") int months,
      @RequestParam(defaultValue = "") String kind,
      @RequestParam(defaultValue = "") String store,
      Model model) {
    told(months, kind, store, model);
    model.addAttribute("spans", MONTHS);
    model.addAttribute("kinds", services.kinds());
    model.addAttribute("shops", work.shops());
    return "report";
  }

  /** The report while services are done. */
  @GetMapping("/report/live")
  String live(
      @RequestParam(defaultValue = "12") int months,
      @RequestParam(defaultValue = "") String kind,
      @RequestParam(defaultValue = "") String store,
      @RequestParam(required = false) @Nullable Integer seen,
      HttpServletResponse response,
      Model model) {
    if (told(months, kind, store, model).equals(seen)) {
      response.setStatus(HttpStatus.NO_CONTENT.value());
    }
    return "report :: live";
  }

  private Integer told(int months, String kind, String store, Model model) {
    int span = MONTHS.contains(months) ? months : MONTHS.get(0);
    ServiceCharts.Income income = charts.income(span, kind.strip(), store.strip());
    Integer seen = income.hashCode();
    model.addAttribute("income", income);
    model.addAttribute("seen", seen);
    model.addAttribute("span", span);
    model.addAttribute("kind", kind);
    model.addAttribute("store", store);
    return seen;
  }

  @GetMapping("/report.csv")
  void csv(
      @RequestParam(defaultValue = "12") int months,
      @RequestParam(defaultValue = "") String kind,
      @RequestParam(defaultValue = "") String store,
      HttpServletResponse response)
      throws IOException {
    int span = MONTHS.contains(months) ? months : MONTHS.get(0);
    response.setContentType("text/csv");
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    response.setHeader(
        "Content-Disposition", "attachment; filename=\"report-" + work.today() + ".csv\"");
    charts.csv(span, kind.strip(), store.strip(), response.getWriter());
  }
}

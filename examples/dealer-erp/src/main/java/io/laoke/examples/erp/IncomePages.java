package io.laoke.examples.erp;

import java.util.stream.IntStream;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** 服务提醒的日历: how much comes due on each of the next days. */
@Controller
@RequestMapping("/reminders")
class IncomePages {
  private final ServiceCharts charts;
  private final ServiceDesk services;

  IncomePages(ServiceCharts charts, ServiceDesk services) {
    this.charts = charts;
    this.services = services;
  }

  @GetMapping("/calendar")
  String calendar(@RequestParam(defaultValue = "") String kind, Model model) {
    ServiceCharts.Calendar calendar = charts.calendar(kind);
    model.addAttribute("calendar", calendar);
    model.addAttribute(
        "columns", IntStream.rangeClosed(1, calendar.stores().size()).boxed().toList());
    model.addAttribute("kind", kind);
    model.addAttribute("kinds", services.kinds());
    return "calendar";
  }
}

package io.laoke.examples.erp;

import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** 群发中心的额度日历: the month, what followers have left of it, and sends from WeChat's console. */
@Controller
@RequestMapping("/push/calendar")
class QuotaPages {
  private static final String PAGE = "redirect:/push/calendar";
  private static final int LONGEST_NOTE = 200;
  private static final int FIRST_YEAR = 2012;
  private static final int LAST_YEAR = 2100;

  private final QuotaDesk desk;

  QuotaPages(QuotaDesk desk) {
    this.desk = desk;
  }

  @GetMapping
  String calendar(@RequestParam(defaultValue = "") String month, Model model) {
    YearMonth shown = month(month);
    model.addAttribute("quota", desk.month(shown));
    model.addAttribute("before", shown.minusMonths(1));
    model.addAttribute("after", shown.plusMonths(1));
    model.addAttribute("today", desk.today());
    return "push-calendar";
  }

  private YearMonth month(String given) {
    try {
      YearMonth month = given.isEmpty() ? YearMonth.from(desk.today()) : YearMonth.parse(given);
      return month.getYear() < FIRST_YEAR || month.getYear() > LAST_YEAR
          ? YearMonth.from(desk.today())
          : month;
    } catch (DateTimeException none) {
      return YearMonth.from(desk.today());
    }
  }

  @PostMapping("/console")
  String note(
      @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate day,
      @RequestParam(defaultValue = "") String note,
      @ModelAttribute("me") Salesperson me,
      RedirectAttributes flash) {
    String what = note.replaceAll("[\\p{Cntrl}]+", " ").strip();
    if (day == null) {
      flash.addFlashAttribute("problem", "没有记下：请选群发的日期");
      return PAGE;
    }
    if (what.codePointCount(0, what.length()) > LONGEST_NOTE) {
      flash.addFlashAttribute("problem", "没有记下：说明最多 %d 个字".formatted(LONGEST_NOTE));
      return PAGE;
    }
    try {
      desk.note(day, me.name(), what);
      flash.addFlashAttribute("done", "已记下：每位粉丝本月少一次");
    } catch (InvalidInputException notYet) {
      flash.addFlashAttribute("problem", "没有记下：日期不能晚于今天");
      return PAGE;
    } catch (LaokeException failure) {
      flash.addFlashAttribute("problem", Refused.words(failure));
    }
    return PAGE + "?month=" + YearMonth.from(day);
  }

  @PostMapping("/console/{id}/take-back")
  String takeBack(
      @PathVariable long id,
      @RequestParam(defaultValue = "") String month,
      RedirectAttributes flash) {
    if (desk.takeBack(id)) {
      flash.addFlashAttribute("done", "已撤回这条记录，次数还给每位粉丝");
    } else {
      flash.addFlashAttribute("problem", "这条记录已经不在了");
    }
    return PAGE + "?month=" + month(month);
  }
}

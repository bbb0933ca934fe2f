package io.laoke.examples.erp;

import java.net.URI;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Moves the day that the demo plays, and goes back to the page from which that was done. */
@Controller
class DemoDatePages {
  private final DemoDate date;

  DemoDatePages(DemoDate date) {
    this.date = date;
  }

  @PostMapping("/demo-date")
  String move(
      @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate day,
      @RequestParam(defaultValue = "") String by,
      @RequestHeader(value = "Referer", required = false) @Nullable String page,
      RedirectAttributes flash) {
    boolean moved =
        switch (by) {
          case "day" -> date.go(date.today().plusDays(1));
          case "-day" -> date.go(date.today().minusDays(1));
          case "week" -> date.go(date.today().plusWeeks(1));
          case "month" -> date.go(date.today().plusMonths(1));
          case "back" -> date.back();
          default -> day != null && date.go(day);
        };
    if (moved) {
      flash.addFlashAttribute("done", "演示日期是 " + date.today());
    } else {
      flash.addFlashAttribute("problem", "演示日期要在今天前后五年之内");
    }
    return "redirect:" + path(page);
  }

  /** The path alone: a browser names the page, and never leads to another site from here. */
  private static String path(@Nullable String page) {
    try {
      String path = page == null ? null : URI.create(page).getRawPath();
      return path == null || !path.startsWith("/") || path.startsWith("//") ? "/orders" : path;
    } catch (IllegalArgumentException malformed) {
      return "/orders";
    }
  }
}

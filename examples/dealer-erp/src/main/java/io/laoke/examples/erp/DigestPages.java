package io.laoke.examples.erp;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** 服务提醒的每日摘要: what each person was told to do, and by what. */
@Controller
@RequestMapping("/reminders/digests")
class DigestPages {
  private final DigestDesk desk;
  private final SmsPhone phone;

  DigestPages(DigestDesk desk, SmsPhone phone) {
    this.desk = desk;
    this.phone = phone;
  }

  @GetMapping
  String list(@ModelAttribute("me") Salesperson me, Model model) {
    digests(me, model);
    return "digests";
  }

  /** The same while the engine is at work. */
  @GetMapping("/live")
  String live(
      @RequestParam(required = false) @Nullable Integer seen,
      @ModelAttribute("me") Salesperson me,
      HttpServletResponse response,
      Model model) {
    if (digests(me, model).equals(seen)) {
      response.setStatus(HttpStatus.NO_CONTENT.value());
    }
    return "digests :: live";
  }

  private Integer digests(Salesperson me, Model model) {
    List<DigestDesk.Row> rows = desk.list();
    Optional<String> number = me.phone().filter(known -> phone.simulated());
    List<SmsPhone.Text> texts = number.map(phone::texts).orElse(List.of());
    Integer seen = List.of(rows, texts, me.code()).hashCode();
    model.addAttribute("digests", rows);
    model.addAttribute("texts", texts);
    model.addAttribute("seen", seen);
    return seen;
  }
}

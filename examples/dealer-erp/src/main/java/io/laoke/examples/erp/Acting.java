package io.laoke.examples.erp;

import jakarta.servlet.http.HttpSession;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** 我是: whom a browser works as, since this ERP has no sign-in; the first of all unless said. */
@Component
@ControllerAdvice(
    assignableTypes = {
      WorkPages.class,
      RulePages.class,
      IncomePages.class,
      DigestPages.class,
      ArticlePages.class,
      PlanPages.class,
      QuotaPages.class
    })
class Acting {
  private static final String ME = "me";

  private final Salespeople people;

  Acting(Salespeople people) {
    this.people = people;
  }

  @ModelAttribute("staff")
  List<Salesperson> staff() {
    return people.findAllByOrderByCode();
  }

  @ModelAttribute("me")
  Salesperson me(HttpSession session) {
    List<Salesperson> all = staff();
    return all.stream()
        .filter(one -> one.code().equals(session.getAttribute(ME)))
        .findFirst()
        .orElse(all.get(0));
  }

  /** From now on this browser works as that person, if there is one. */
  void become(HttpSession session, String code) {
    if (people.existsById(code)) {
      session.setAttribute(ME, code);
    }
  }
}

package io.laoke.examples.erp;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.web.error.ErrorAttributeOptions;
import org.springframework.boot.web.servlet.error.ErrorAttributes;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.context.request.ServletWebRequest;

/** 出错的页面: in words for whoever asks, since all that this ERP has is pages. */
@Controller
class ErrorPages implements ErrorController {
  private final ErrorAttributes errors;

  ErrorPages(ErrorAttributes errors) {
    this.errors = errors;
  }

  @RequestMapping("/error")
  String page(HttpServletRequest request, HttpServletResponse response, Model model) {
    ErrorAttributeOptions shown =
        ErrorAttributeOptions.of(
            ErrorAttributeOptions.Include.STATUS, ErrorAttributeOptions.Include.MESSAGE);
    model.addAllAttributes(errors.getErrorAttributes(new ServletWebRequest(request), shown));
    response.setContentType("text/html;charset=UTF-8");
    return "error";
  }
}

package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.binding.BindingStatus;
import io.laoke.binding.BindingTicket;
import io.laoke.binding.CodeUnavailableException;
import io.laoke.error.LaokeException;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The parts of an order's page that change by themselves: its code, its recipients, its messages.
 */
@Controller
@RequestMapping("/orders/{orderNo}")
class BindingPages {
  private static final String BY = "dealer-erp";

  private final OrderDesk desk;
  private final CustomerNotices notices;
  private final NoticeLog log;
  private final Dealer dealer;
  private final PhoneLink phone;
  private final SmsPhone sms;

  BindingPages(
      OrderDesk desk,
      CustomerNotices notices,
      NoticeLog log,
      Laoke laoke,
      PhoneLink phone,
      SmsPhone sms) {
    this.sms = sms;
    this.desk = desk;
    this.notices = notices;
    this.log = log;
    this.dealer = laoke.dealer("hengxin");
    this.phone = phone;
  }

  @GetMapping("/binding")
  String binding(
      @PathVariable String orderNo,
      @RequestParam(required = false) @Nullable Integer seen,
      HttpServletResponse response,
      Model model) {
    BindingStatus status = notices.status(orderNo);
    if (seen != null && seen == status.hashCode()) {
      response.setStatus(HttpStatus.NO_CONTENT.value());
    }
    model.addAttribute("orderNo", orderNo);
    model.addAttribute("binding", status);
    model.addAttribute("closed", desk.status(orderNo) == OrderStatus.CANCELLED);
    return "parts :: binding";
  }

  @GetMapping("/notices")
  String notices(
      @PathVariable String orderNo,
      @RequestParam(required = false) @Nullable Integer seen,
      HttpServletResponse response,
      Model model) {
    List<NoticeLog.Entry> entries = log.of(orderNo);
    if (seen != null && seen == entries.hashCode()) {
      response.setStatus(HttpStatus.NO_CONTENT.value());
    }
    model.addAttribute("orderNo", orderNo);
    model.addAttribute("log", entries);
    return "parts :: notices";
  }

  /** What came to the customer's phone by SMS, such as the code by which they find their orders. */
  @GetMapping("/texts")
  String texts(
      @PathVariable String orderNo,
      @RequestParam(required = false) @Nullable Integer seen,
      HttpServletResponse response,
      Model model) {
    List<SmsPhone.Text> texts = sms.texts(desk.phone(orderNo));
    if (seen != null && seen == texts.hashCode()) {
      response.setStatus(HttpStatus.NO_CONTENT.value());
    }
    model.addAttribute("orderNo", orderNo);
    model.addAttribute("texts", texts);
    return "parts :: phone-texts";
  }

  /** The image of the code; asks WeChat. */
  @GetMapping(path = "/code.png")
  ResponseEntity<byte[]> image(@PathVariable String orderNo) {
    try {
      return ResponseEntity.ok()
          .contentType(MediaType.IMAGE_PNG)
          .cacheControl(CacheControl.maxAge(Duration.ofMinutes(10)).cachePrivate())
          .body(notices.code(orderNo).png(360));
    } catch (CodeUnavailableException unavailable) {
      return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
          .cacheControl(CacheControl.noStore())
          .build();
    }
  }

  /** Opens the phone of a person who scans the order's code. */
  @GetMapping("/scan")
  String scan(@PathVariable String orderNo, @RequestParam String person) {
    String code = scannable(orderNo);
    return "redirect:"
        + UriComponentsBuilder.fromUriString(phone.url().orElseThrow(NotFound::new))
            .queryParam("person", "{person}")
            .queryParam("scan", "{code}")
            .encode()
            .buildAndExpand(person, code)
            .toUriString();
  }

  /** Opens the paper link on the phone of a person. */
  @GetMapping("/open")
  String open(@PathVariable String orderNo, @RequestParam String person) {
    BindingTicket ticket = notices.ticket(orderNo);
    return "redirect:"
        + UriComponentsBuilder.fromUriString(phone.url().orElseThrow(NotFound::new))
            .path("_sim/open")
            .queryParam("account", "{account}")
            .queryParam("person", "{person}")
            .queryParam("url", "{url}")
            .encode()
            .buildAndExpand(ticket.account(), person, ticket.link())
            .toUriString();
  }

  /** The label to print. */
  @GetMapping(path = "/label", produces = MediaType.TEXT_HTML_VALUE)
  @ResponseBody
  String label(@PathVariable String orderNo) {
    return notices.ticket(orderNo).label().page(1);
  }

  private String scannable(String orderNo) {
    try {
      return notices.code(orderNo).content();
    } catch (CodeUnavailableException unavailable) {
      throw new ResponseStatusException(
          HttpStatus.SERVICE_UNAVAILABLE, Refused.words(unavailable), unavailable);
    }
  }

  @PostMapping("/code")
  String issue(@PathVariable String orderNo, RedirectAttributes flash) {
    return done(orderNo, flash, "绑定码已生成", () -> notices.issue(orderNo));
  }

  @PostMapping("/rebind")
  String rebind(@PathVariable String orderNo, RedirectAttributes flash) {
    return done(
        orderNo, flash, "原来的绑定已解除，请客户扫新的码", () -> dealer.bindings().rebind(orderNo, BY, "扫错了人"));
  }

  @PostMapping("/recipients/{id}/unbind")
  String unbind(@PathVariable String orderNo, @PathVariable long id, RedirectAttributes flash) {
    return done(orderNo, flash, "已解除绑定", () -> dealer.bindings().unbind(orderNo, id, BY, "在订单页解除"));
  }

  private static String done(
      String orderNo, RedirectAttributes flash, String words, Runnable action) {
    try {
      action.run();
      flash.addFlashAttribute("done", words);
    } catch (LaokeException refused) {
      flash.addFlashAttribute("problem", Refused.words(refused));
    }
    return "redirect:/orders/" + orderNo;
  }
}

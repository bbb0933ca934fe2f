package io.laoke.examples.erp;

import io.laoke.error.LaokeException;
import io.laoke.message.Deliveries;
import io.laoke.message.Delivery;
import io.laoke.message.Pause;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** 消息: what waits to be sent, and what a person must decide. */
@Controller
@RequestMapping("/messages")
class MessagePages {
  private static final int SHOWN = 100;

  private final CustomerNotices notices;

  MessagePages(CustomerNotices notices) {
    this.notices = notices;
  }

  @GetMapping
  String list(Model model) {
    Deliveries deliveries = notices.deliveries();
    List<Delivery> undecided = new ArrayList<>();
    undecided.addAll(deliveries.parked(Optional.empty(), SHOWN).items());
    undecided.addAll(deliveries.failed(Optional.empty(), SHOWN).items());
    model.addAttribute("undecided", rows(undecided));
    List<Delivery> waiting = new ArrayList<>();
    waiting.addAll(deliveries.waiting(Optional.empty(), SHOWN).items());
    waiting.addAll(deliveries.paused(Optional.empty(), SHOWN).items());
    model.addAttribute("waiting", rows(waiting));
    model.addAttribute("pauses", deliveries.pauses().stream().map(PauseRow::of).toList());
    return "messages";
  }

  @PostMapping("/{id}/retry")
  String retry(@PathVariable long id, RedirectAttributes flash) {
    return done(flash, "将再次发送", () -> notices.deliveries().retry(id));
  }

  @PostMapping("/{id}/drop")
  String drop(@PathVariable long id, RedirectAttributes flash) {
    return done(flash, "已放弃这条消息", () -> notices.deliveries().drop(id, "在消息页放弃"));
  }

  @PostMapping("/pauses/{id}/resume")
  String resume(@PathVariable long id, RedirectAttributes flash) {
    return done(flash, "已恢复发送", () -> notices.deliveries().resume(id));
  }

  private static String done(RedirectAttributes flash, String words, Runnable action) {
    try {
      action.run();
      flash.addFlashAttribute("done", words);
    } catch (LaokeException refused) {
      flash.addFlashAttribute("problem", Refused.words(refused));
    }
    return "redirect:/messages";
  }

  private static List<Row> rows(List<Delivery> deliveries) {
    return deliveries.stream().map(Row::of).toList();
  }

  /**
   * A message as the page shows it.
   *
   * @param id for its buttons
   * @param orderNo the order
   * @param recipient to whom
   * @param state where it is
   * @param reason why
   * @param mayHaveArrived whether sending it again may tell the customer twice
   */
  record Row(
      long id,
      String orderNo,
      String recipient,
      String state,
      Optional<String> reason,
      boolean mayHaveArrived) {
    static Row of(Delivery delivery) {
      String state =
          switch (delivery.state()) {
            case WAITING -> delivery.attempts() == 0 ? "排队中" : "稍后重试";
            case CLAIMED -> "发送中";
            case HELD -> "暂停中";
            case REFUSED -> "微信拒收";
            case PARKED -> delivery.mayHaveArrived() ? "可能已送达" : "发送出错";
            case SENT -> "已发送";
            case EXPIRED -> "已过期";
            case STOPPED -> "未发送";
            case DROPPED -> "已放弃";
          };
      return new Row(
          delivery.id(),
          delivery.orderNo().orElse(""),
          NoticeLog.recipient(delivery.recipient()),
          state,
          delivery.reason().map(NoticeLog::shown),
          delivery.mayHaveArrived());
    }
  }

  /**
   * A pause as the page shows it.
   *
   * @param id for its button
   * @param what is paused
   * @param reason why
   * @param since since when
   */
  record PauseRow(long id, String what, String reason, java.time.Instant since) {
    static PauseRow of(Pause pause) {
      String what =
          switch (pause.scope()) {
            case ACCOUNT -> "公众号 " + pause.account();
            case CHANNEL -> "公众号 " + pause.account() + " 的模板消息";
            case TEMPLATE -> "模板 " + pause.reference();
          };
      return new PauseRow(pause.id(), what, NoticeLog.shown(pause.reason()), pause.since());
    }
  }
}

package io.laoke.examples.erp;

import io.laoke.error.LaokeException;
import io.laoke.examples.erp.OrderForm.Line;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.InvalidPropertyException;
import org.springframework.beans.propertyeditors.StringTrimmerEditor;
import org.springframework.context.MessageSource;
import org.springframework.data.domain.Page;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.BindingResult;
import org.springframework.validation.Errors;
import org.springframework.validation.SmartValidator;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** 订单: list, new, detail. */
@Controller
@RequestMapping("/orders")
class OrderPages {
  private final OrderDesk desk;
  private final CustomerNotices notices;
  private final NoticeLog log;
  private final SmsPhone phone;
  private final SmartValidator validator;
  private final MessageSource messages;

  OrderPages(
      OrderDesk desk,
      CustomerNotices notices,
      NoticeLog log,
      SmsPhone phone,
      SmartValidator validator,
      MessageSource messages) {
    this.desk = desk;
    this.notices = notices;
    this.log = log;
    this.phone = phone;
    this.validator = validator;
    this.messages = messages;
  }

  @InitBinder
  void blankMeansNothing(WebDataBinder binder) {
    binder.registerCustomEditor(String.class, new StringTrimmerEditor(true));
  }

  /** A field that none of our forms has. */
  @ExceptionHandler(InvalidPropertyException.class)
  void foreignForm(HttpServletResponse response) throws IOException {
    response.sendError(HttpServletResponse.SC_BAD_REQUEST);
  }

  @GetMapping
  String list(
      @RequestParam(required = false) @Nullable OrderStatus status,
      @RequestParam(required = false) @Nullable String q,
      @RequestParam(defaultValue = "1") int page,
      Model model) {
    Page<SalesOrder> found = desk.search(status, q, Math.max(page, 1) - 1);
    model.addAttribute("orders", found.getContent());
    model.addAttribute("bound", notices.bound(found.map(SalesOrder::orderNo).getContent()));
    model.addAttribute("page", page);
    model.addAttribute("pages", found.getTotalPages());
    model.addAttribute("count", found.getTotalElements());
    model.addAttribute("status", status);
    model.addAttribute("statuses", OrderStatus.values());
    model.addAttribute("q", q);
    return "orders";
  }

  @GetMapping("/new")
  String blank(Model model) {
    OrderForm form = OrderForm.blank(2);
    return form(form, new BeanPropertyBindingResult(form, "form"), model);
  }

  /** Where the address of a page with more lines leads when it is opened again. */
  @GetMapping("/lines")
  String linesAgain() {
    return "redirect:/orders/new";
  }

  /** One more line, or new sums; nothing is kept. */
  @PostMapping("/lines")
  String lines(
      @ModelAttribute("form") OrderForm form,
      BindingResult problems,
      @RequestParam(defaultValue = "false") boolean more,
      @RequestHeader(value = "HX-Request", defaultValue = "false") boolean fragment,
      Model model) {
    checkLines(form, problems);
    if (more && form.getLines().size() < OrderForm.MAX_LINES) {
      form.getLines().add(new Line());
    }
    String page = form(form, problems, model);
    return fragment ? page + " :: lines" : page;
  }

  @PostMapping
  String create(
      @Valid @ModelAttribute("form") OrderForm form,
      BindingResult problems,
      Model model,
      HttpServletResponse response,
      RedirectAttributes flash) {
    checkReferences(form, problems);
    if (problems.hasErrors()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_ENTITY.value());
      return form(form, problems, model);
    }
    String orderNo = desk.create(form);
    flash.addFlashAttribute("done", "订单 " + orderNo + " 已上报，请客户扫码绑定");
    try {
      notices.issue(orderNo); // Laoke: after the order is committed
    } catch (LaokeException failure) {
      flash.addFlashAttribute("done", "订单 " + orderNo + " 已上报");
      flash.addFlashAttribute("problem", "还没有绑定码：" + Refused.words(failure));
    }
    return "redirect:/orders/" + orderNo;
  }

  @GetMapping("/{orderNo}")
  String detail(@PathVariable String orderNo, Model model) {
    SalesOrder order = desk.open(orderNo);
    model.addAttribute("order", order);
    model.addAttribute("orderNo", orderNo);
    model.addAttribute("binding", notices.status(orderNo));
    model.addAttribute("closed", order.status() == OrderStatus.CANCELLED);
    model.addAttribute("log", log.of(orderNo));
    if (phone.simulated()) {
      model.addAttribute("texts", phone.texts(order.customerPhone()));
    }
    model.addAttribute("track", Track.of(order));
    model.addAttribute("tomorrow", desk.today().plusDays(1));
    return "order";
  }

  @PostMapping("/{orderNo}/steps")
  String advance(
      @PathVariable String orderNo,
      @Valid @ModelAttribute("step") StepForm step,
      BindingResult problems,
      RedirectAttributes flash) {
    Optional<String> wrong =
        problems.hasErrors()
            ? problems.getAllErrors().stream()
                .map(problem -> messages.getMessage(problem, Locale.CHINA))
                .findFirst()
            : desk.advance(orderNo, step);
    wrong.ifPresentOrElse(
        words -> flash.addFlashAttribute("problem", words),
        () -> flash.addFlashAttribute("done", "订单" + Objects.requireNonNull(step.getTo()).label()));
    return "redirect:/orders/" + orderNo;
  }

  private String form(OrderForm form, Errors problems, Model model) {
    List<Product> products = desk.products();
    Map<String, List<Product>> byCategory =
        products.stream()
            .collect(
                Collectors.groupingBy(
                    p -> p.category().groupName() + " › " + p.category().name(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    Map<String, List<Salesperson>> byStore =
        desk.salespeople().stream()
            .collect(
                Collectors.groupingBy(
                    p -> p.store().name(), LinkedHashMap::new, Collectors.toList()));
    Map<String, Product> bySku =
        products.stream().collect(Collectors.toMap(Product::sku, Function.identity()));
    model.addAttribute("form", form);
    model.addAttribute("products", byCategory);
    model.addAttribute("salespeople", byStore);
    model.addAttribute("regions", MasterData.REGIONS);
    model.addAttribute("channels", MasterData.CHANNELS);
    model.addAttribute("sums", Sums.of(form, bySku, problems));
    return "order-form";
  }

  /** What is wrong with the lines alone, while the rest of the form is not filled in yet. */
  private void checkLines(OrderForm form, Errors problems) {
    List<Line> lines = form.getLines();
    for (int i = 0; i < lines.size(); i++) {
      problems.pushNestedPath("lines[" + i + "]");
      validator.validate(lines.get(i), problems);
      problems.popNestedPath();
    }
  }

  private void checkReferences(OrderForm form, BindingResult problems) {
    if (form.getSalesperson() != null
        && desk.salespeople().stream().noneMatch(p -> p.code().equals(form.getSalesperson()))) {
      problems.rejectValue("salesperson", "unknown", "没有这位导购员");
    }
    List<String> skus = desk.products().stream().map(Product::sku).toList();
    List<Line> lines = form.getLines();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).chosen() && !skus.contains(lines.get(i).getSku())) {
        problems.rejectValue("lines[" + i + "].sku", "unknown", "没有这个商品");
      }
    }
  }

  /**
   * What the lines of a form come to.
   *
   * @param prices list price of each line, null while nothing is chosen
   * @param amounts amount of each line, null while nothing is chosen or something in it is wrong
   * @param total all together
   */
  record Sums(
      List<@Nullable BigDecimal> prices, List<@Nullable BigDecimal> amounts, BigDecimal total) {
    static Sums of(OrderForm form, Map<String, Product> bySku, Errors problems) {
      List<@Nullable BigDecimal> prices = new ArrayList<>();
      List<@Nullable BigDecimal> amounts = new ArrayList<>();
      BigDecimal total = BigDecimal.ZERO;
      for (int i = 0; i < form.getLines().size(); i++) {
        Line line = form.getLines().get(i);
        Product product = bySku.get(Objects.requireNonNullElse(line.getSku(), ""));
        Integer quantity = line.getQuantity();
        prices.add(product == null ? null : product.listPrice());
        if (product == null || quantity == null || problems.hasFieldErrors("lines[" + i + "].*")) {
          amounts.add(null);
          continue;
        }
        BigDecimal price = Optional.ofNullable(line.getPrice()).orElse(product.listPrice());
        BigDecimal amount = price.multiply(BigDecimal.valueOf(quantity));
        amounts.add(amount);
        total = total.add(amount);
      }
      return new Sums(prices, amounts, total);
    }
  }

  /**
   * A step on the way of an order.
   *
   * @param status which
   * @param step as it was taken, if it was
   */
  record Track(OrderStatus status, Optional<OrderStep> step) {
    static List<Track> of(SalesOrder order) {
      return Arrays.stream(OrderStatus.values())
          .map(
              status ->
                  new Track(
                      status, order.steps().stream().filter(s -> s.status() == status).findFirst()))
          .filter(t -> t.step().isPresent() || shownAhead(order, t.status()))
          .toList();
    }

    private static boolean shownAhead(SalesOrder order, OrderStatus status) {
      return order.status() != OrderStatus.CANCELLED
          && status != OrderStatus.CANCELLED
          && status.compareTo(order.status()) > 0;
    }
  }
}

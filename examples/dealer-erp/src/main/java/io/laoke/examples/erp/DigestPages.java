package io.laoke.examples.erp;

import io.laoke.catalog.Staff.DigestBy;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.notice.NoticeTemplate;
import io.laoke.simulator.Follower;
import io.laoke.simulator.WeChatSimulator;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** 服务提醒的每日摘要: what each person was told to do and by what, and how that is to be. */
@Controller
@RequestMapping("/reminders/digests")
class DigestPages {
  private static final String PAGE = "redirect:/reminders/digests";
  private static final int FIELDS = 6;
  private static final int LONGEST_OPENID = 64;

  private final DigestDesk desk;
  private final DigestWays ways;
  private final SmsPhone phone;
  private final ObjectProvider<WeChatSimulator> simulator;
  private final String suggested;

  DigestPages(
      DigestDesk desk,
      DigestWays ways,
      SmsPhone phone,
      ObjectProvider<WeChatSimulator> simulator,
      @Value("${erp.templates.digest:}") String suggested) {
    this.desk = desk;
    this.ways = ways;
    this.phone = phone;
    this.simulator = simulator;
    this.suggested = suggested;
  }

  @GetMapping
  String list(@ModelAttribute("me") Salesperson me, Model model) {
    return page(me, form(), model);
  }

  private String page(Salesperson me, Form form, Model model) {
    digests(me, model);
    model.addAttribute("ways", ways.list());
    model.addAttribute("form", form);
    model.addAttribute("templated", ways.template().isPresent());
    model.addAttribute("simulated", simulator.getIfAvailable() != null);
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
    boolean later = desk.later();
    Integer seen = List.of(rows, texts, me.code(), later).hashCode();
    model.addAttribute("later", later);
    model.addAttribute("digests", rows);
    model.addAttribute("texts", texts);
    model.addAttribute("seen", seen);
    return seen;
  }

  // How each is told.

  /** The choices of all, each by the code of whom they are. */
  @PostMapping("/ways")
  String choose(@RequestParam Map<String, String> given, RedirectAttributes flash) {
    Map<String, DigestWays.Choice> choices = new LinkedHashMap<>();
    Set<String> openids = new HashSet<>();
    for (DigestWays.Way way : ways.list()) {
      String openid = given.getOrDefault("openid-" + way.code(), "").strip();
      if (openid.length() > LONGEST_OPENID) {
        return refused(flash, way.name() + "的 openid 太长，请核对");
      }
      if (!openid.isEmpty() && !openids.add(openid)) {
        return refused(flash, way.name() + "的 openid 和别人的一样，请核对");
      }
      choices.put(
          way.code(),
          new DigestWays.Choice(
              by(given.get("by-" + way.code()), way.by()), openid.isEmpty() ? null : openid));
    }
    try {
      int changed = ways.choose(choices);
      flash.addFlashAttribute("done", changed == 0 ? "没有改动" : "已保存，下一次摘要照这样发");
    } catch (LaokeException failure) {
      return refused(flash, Refused.words(failure));
    }
    return PAGE;
  }

  private static DigestBy by(@Nullable String given, DigestBy known) {
    return Arrays.stream(DigestBy.values())
        .filter(one -> one.name().equals(given))
        .findFirst()
        .orElse(known);
  }

  private static String refused(RedirectAttributes flash, String words) {
    flash.addFlashAttribute("problem", words);
    return PAGE;
  }

  /** The person follows the shop's account on a simulated phone, which is theirs from now on. */
  @PostMapping("/ways/{code}/follow")
  String follow(@PathVariable String code, RedirectAttributes flash) {
    DigestWays.Way whose =
        ways.list().stream()
            .filter(one -> one.code().equals(code))
            .findFirst()
            .orElseThrow(NotFound::new);
    WeChatSimulator known = simulator.getIfAvailable();
    if (known == null) {
      throw new NotFound();
    }
    Follower follower = known.accounts().get(0).follower(whose.name());
    follower.follow();
    try {
      ways.choose(Map.of(code, new DigestWays.Choice(DigestBy.WECHAT, follower.openId())));
      flash.addFlashAttribute("done", whose.name() + "的微信已关联，摘要发微信");
    } catch (LaokeException failure) {
      return refused(flash, Refused.words(failure));
    }
    return PAGE;
  }

  // In which words.

  /**
   * The template as a form shows it.
   *
   * @param templateId the number that WeChat has given it
   * @param fields what each of its fields says; some are blank
   * @param problem what is wrong with it, or blank
   */
  record Form(String templateId, List<Field> fields, String problem) {
    static Form of(String templateId, Map<String, String> fields, String problem) {
      List<Field> all = new ArrayList<>();
      fields.forEach((key, text) -> all.add(new Field(key, text)));
      while (all.size() < FIELDS) {
        all.add(new Field("", ""));
      }
      return new Form(templateId, all, problem);
    }
  }

  /** A field of a template. */
  record Field(String key, String text) {}

  private Form form() {
    return ways.template()
        .map(one -> Form.of(one.templateId(), one.fields(), ""))
        .orElseGet(
            () -> {
              Map<String, String> fields = new LinkedHashMap<>();
              fields.put("date1", "{digest.day:yyyy年M月d日}");
              fields.put("number2", "{digest.due}");
              fields.put("number3", "{digest.overdue}");
              fields.put("number4", "{digest.booked}");
              return Form.of(suggested, fields, "");
            });
  }

  @PostMapping("/template")
  String template(
      @RequestParam(defaultValue = "") String templateId,
      @RequestParam(defaultValue = "") List<String> key,
      @RequestParam(defaultValue = "") List<String> text,
      @RequestParam(defaultValue = "") String act,
      @ModelAttribute("me") Salesperson me,
      HttpServletResponse response,
      Model model,
      RedirectAttributes flash) {
    if (act.equals("remove")) {
      flash.addFlashAttribute("done", ways.remove() ? "已去掉，选了微信的改发短信" : "没有模板");
      return PAGE;
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(key.size(), text.size()); i++) {
      String name = key.get(i).strip();
      if (!name.isEmpty() || !text.get(i).isBlank()) {
        fields.put(name, text.get(i).strip());
      }
    }
    String problem = put(templateId.strip(), fields);
    if (problem.isEmpty()) {
      flash.addFlashAttribute("done", "已保存微信模板");
      return PAGE;
    }
    response.setStatus(HttpStatus.UNPROCESSABLE_ENTITY.value());
    return page(me, Form.of(templateId, fields, problem), model);
  }

  /** Returns what is wrong, or nothing. */
  private String put(String templateId, Map<String, String> fields) {
    if (templateId.isEmpty()) {
      return "请填微信模板的编号";
    }
    if (fields.isEmpty()) {
      return "请至少写一个字段";
    }
    String at = "";
    try {
      NoticeTemplate template = NoticeTemplate.of(templateId);
      for (Map.Entry<String, String> field : fields.entrySet()) {
        at = field.getKey();
        template = template.field(at, field.getValue());
      }
      at = "";
      ways.put(template);
      return "";
    } catch (InvalidInputException wrong) {
      String field = at.isEmpty() ? wrong.field().replaceFirst("^fields\\.?", "") : at;
      return "字段“%s”不对：名字要和微信模板里的一样，如 thing1；内容不能空，大括号里只能用下面列出的".formatted(field);
    } catch (LaokeException failure) {
      return Refused.words(failure);
    }
  }
}

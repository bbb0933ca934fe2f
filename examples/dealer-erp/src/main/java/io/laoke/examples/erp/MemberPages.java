package io.laoke.examples.erp;

import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.examples.erp.SegmentDesk.Answer;
import io.laoke.segment.SavedSegment;
import io.laoke.segment.Segment;
import io.laoke.segment.SegmentException;
import io.laoke.segment.SegmentJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * 会员管理: a filter that is put together from what segments can say, and who is in it. Every change of
 * the form is one post of all of it; the page keeps nothing, and works without script.
 */
@Controller
@RequestMapping("/members")
class MemberPages {
  private static final int MOST_INPUTS = 5_000;

  private final SegmentDesk desk;

  MemberPages(SegmentDesk desk) {
    this.desk = desk;
  }

  @ModelAttribute
  void saved(Model model) {
    model.addAttribute("saved", desk.saved());
  }

  @GetMapping
  String open(
      @RequestParam(required = false) @Nullable String segment,
      @RequestParam(required = false) @Nullable Integer version,
      Model model) {
    SegmentWords words = desk.words();
    Draft draft = Draft.all(words);
    if (segment != null) {
      SavedSegment found =
          desk.versions(segment).stream()
              .filter(one -> version == null || one.version() == version)
              .findFirst()
              .orElseThrow(NotFound::new);
      draft = Draft.of(words, found.segment());
      model.addAttribute("key", segment);
      model.addAttribute("name", found.name());
      model.addAttribute("loaded", found);
    }
    return page(draft, new LinkedMultiValueMap<>(), model);
  }

  /** Where the address of a page that was posted leads when it is opened again. */
  @GetMapping({"/json", "/save"})
  String again() {
    return "redirect:/members";
  }

  /** The whole page after a button without script, or after Enter. */
  @PostMapping
  String edit(@RequestParam MultiValueMap<String, String> form, Model model) {
    return page(changed(form, model), form, model);
  }

  /** The filter after a part was added, taken away or turned into another. */
  @PostMapping("/build")
  String build(@RequestParam MultiValueMap<String, String> form, Model model) {
    answer(changed(form, model), model);
    return "segment :: built";
  }

  /** How many there are, in words, and what is wrong, while values are typed. */
  @PostMapping("/answer")
  String answer(@RequestParam MultiValueMap<String, String> form, Model model) {
    answer(read(form), model);
    return "segment :: answered";
  }

  /** Charts and the first page of the list. */
  @PostMapping("/detail")
  String detail(@RequestParam MultiValueMap<String, String> form, Model model) {
    answer(read(form), model).segment().ifPresent(segment -> detail(segment, form, true, model));
    return "segment :: detailed";
  }

  @PostMapping("/list")
  String list(@RequestParam MultiValueMap<String, String> form, Model model) {
    read(form).build().segment().ifPresent(segment -> detail(segment, form, false, model));
    return "segment :: list";
  }

  /** The filter that a text in JSON says. */
  @PostMapping("/json")
  String json(@RequestParam String json, Model model) {
    SegmentWords words = desk.words();
    try {
      Draft draft = Draft.of(words, SegmentJson.read(json));
      return page(draft, new LinkedMultiValueMap<>(), model);
    } catch (SegmentException wrong) {
      model.addAttribute("jsonText", json);
      model.addAttribute("jsonWrong", wrong.chinese().lines().toList());
      return page(Draft.all(words), new LinkedMultiValueMap<>(), model);
    }
  }

  @PostMapping("/save")
  String save(
      @RequestParam MultiValueMap<String, String> form,
      @RequestParam(defaultValue = "") String key,
      @RequestParam(defaultValue = "") String name,
      @RequestParam(defaultValue = "") String as,
      Model model,
      RedirectAttributes flash) {
    Draft draft = read(form);
    Answer answer = answer(draft, model);
    Optional<String> wrong =
        answer.segment().isEmpty()
            ? Optional.of("条件还不能用，请先改好标出的地方")
            : name.isBlank() ? Optional.of("请给人群起个名字") : Optional.empty();
    if (wrong.isEmpty()) {
      try {
        Optional<String> under =
            key.isEmpty() || as.equals("new") ? Optional.empty() : Optional.of(key);
        SavedSegment saved = desk.save(under, name, answer.segment().orElseThrow());
        flash.addFlashAttribute("done", "已保存“%s”（第 %d 版）".formatted(saved.name(), saved.version()));
        flash.addAttribute("segment", saved.key());
        return "redirect:/members";
      } catch (SegmentException refused) {
        wrong = Optional.of("没有保存：" + refused.chinese());
      } catch (InvalidInputException refused) {
        wrong = Optional.of("名字最多 100 个字，写在一行里");
      } catch (LaokeException failure) {
        wrong = Optional.of(Refused.words(failure));
      }
    }
    model.addAttribute("problem", wrong.get());
    return page(draft, form, model);
  }

  @GetMapping("/saved/{key}")
  String versions(@PathVariable String key, Model model) {
    List<SavedSegment> versions = desk.versions(key);
    if (versions.isEmpty()) {
      throw new NotFound();
    }
    model.addAttribute("key", key);
    model.addAttribute("live", desk.saved(key).isPresent());
    model.addAttribute(
        "versions",
        versions.stream().map(one -> new Version(one, desk.sentence(one.segment()))).toList());
    return "saved";
  }

  /**
   * A version of a saved segment.
   *
   * @param segment it
   * @param sentence in Chinese
   */
  record Version(SavedSegment segment, String sentence) {}

  @PostMapping("/saved/{key}/delete")
  String remove(@PathVariable String key, RedirectAttributes flash) {
    Optional<String> wrong = desk.remove(key);
    wrong.ifPresentOrElse(
        words -> flash.addFlashAttribute("problem", words),
        () -> flash.addFlashAttribute("done", "已删除，旧版本还查得到"));
    return wrong.isPresent() ? "redirect:/members?segment=" + key : "redirect:/members";
  }

  private String page(Draft draft, MultiValueMap<String, String> form, Model model) {
    Answer answer = answer(draft, model);
    answer.segment().ifPresent(segment -> detail(segment, form, true, model));
    keep("key", form, model);
    keep("name", form, model);
    return "members";
  }

  private static void keep(String name, MultiValueMap<String, String> form, Model model) {
    String given = form.getFirst(name);
    if (given != null && !given.isEmpty()) {
      model.addAttribute(name, given);
    }
  }

  private Answer answer(Draft draft, Model model) {
    Answer answer = desk.answer(draft, desk.now());
    model.addAttribute("draft", draft);
    model.addAttribute("answer", answer);
    model.addAttribute("problems", answer.problems());
    return answer;
  }

  private void detail(
      Segment segment, MultiValueMap<String, String> form, boolean charts, Model model) {
    try {
      Instant asOf = charts ? desk.now() : asOf(form.getFirst("asOf"));
      if (charts) {
        model.addAttribute("charts", desk.charts(segment, asOf));
      }
      model.addAttribute(
          "listed", desk.list(segment, asOf, number(form.getFirst("after")), text(form, "trail")));
    } catch (SegmentException refused) {
      // The answer beside it says what is wrong.
      model.addAttribute("charts", List.of());
    }
  }

  private Instant asOf(@Nullable String given) {
    try {
      return given == null ? desk.now() : Instant.parse(given);
    } catch (DateTimeException wrong) {
      return desk.now();
    }
  }

  private static long number(@Nullable String given) {
    return given != null && given.matches("\\d{1,18}") ? Long.parseLong(given) : 0;
  }

  private static String text(MultiValueMap<String, String> form, String name) {
    String text = form.getFirst(name);
    return text == null ? "" : text;
  }

  private Draft read(MultiValueMap<String, String> form) {
    if (form.size() > MOST_INPUTS) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
    }
    return Draft.read(desk.words(), form);
  }

  /** What the pressed button does to the form. */
  private Draft changed(MultiValueMap<String, String> form, Model model) {
    Draft draft = read(form);
    String act = text(form, "act");
    int mark = act.indexOf('@');
    if (mark < 0) {
      return draft;
    }
    String place = act.substring(mark + 1);
    if (act.startsWith("add@")) {
      draft
          .find(place)
          .filter(Draft::group)
          .map(group -> group.add(text(form, place + ".new")))
          .ifPresent(part -> model.addAttribute("focus", part.id()));
    } else if (act.startsWith("remove@")) {
      draft.remove(place).ifPresent(group -> model.addAttribute("focus", group.id()));
    }
    return draft;
  }
}

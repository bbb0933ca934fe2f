package io.laoke.examples.erp;

import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.examples.erp.ArticleDesk.Saving;
import io.laoke.push.Article;
import io.laoke.push.Content;
import io.laoke.push.SavedContent;
import io.laoke.push.StaffDraft;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** 群发中心的图文: list, editor with the phone beside it, pictures, and the draft box. */
@Controller
@RequestMapping("/push")
class ArticlePages {
  private static final String LIST = "redirect:/push";
  private static final int LONGEST_NAME = 100;

  private final ArticleDesk desk;
  private final PictureShelf pictures;
  private final SampleArticles samples;
  private final Acting acting;

  ArticlePages(ArticleDesk desk, PictureShelf pictures, SampleArticles samples, Acting acting) {
    this.desk = desk;
    this.pictures = pictures;
    this.samples = samples;
    this.acting = acting;
  }

  @PostMapping("/me")
  String become(
      @RequestParam String code,
      @RequestParam(defaultValue = "") String back,
      HttpSession session) {
    acting.become(session, code);
    return "redirect:" + (back.matches("/push(/[\\w/-]*)?") ? back : "/push");
  }

  /** An address that no page of ours has made. */
  @ExceptionHandler(InvalidInputException.class)
  void foreignAddress(HttpServletResponse response) throws IOException {
    response.sendError(HttpStatus.BAD_REQUEST.value());
  }

  @ExceptionHandler(MaxUploadSizeExceededException.class)
  String tooLarge(RedirectAttributes flash) {
    flash.addFlashAttribute("problem", "图片最大 10 MB，请压缩后再上传");
    return LIST;
  }

  // ---- the list

  @GetMapping
  String list(Model model) {
    model.addAttribute("articles", desk.list());
    model.addAttribute("samples", samples.names());
    return "articles";
  }

  @PostMapping("/contents/{key}/remove")
  String remove(
      @PathVariable String key, @ModelAttribute("me") Salesperson me, RedirectAttributes flash) {
    SavedContent known = desk.find(key).orElseThrow(NotFound::new);
    Optional<String> inTheWay = desk.remove(key, me.name());
    if (inTheWay.isPresent()) {
      flash.addFlashAttribute("problem", inTheWay.get());
    } else {
      flash.addFlashAttribute("done", "已删除“" + known.name() + "”，旧版本还能查");
    }
    return LIST;
  }

  /** A version as the phone shows it, with what all versions are. */
  @GetMapping("/contents/{key}")
  String versions(
      @PathVariable String key, @RequestParam(required = false) @Nullable Integer v, Model model) {
    List<SavedContent> versions = desk.versions(key);
    SavedContent shown =
        (v == null ? versions.stream().findFirst() : desk.find(key, v)).orElseThrow(NotFound::new);
    List<ArticlePreview> previews =
        ArticleForm.articles(shown.content()).stream()
            .map(one -> ArticlePreview.of(one, origin()))
            .toList();
    model.addAttribute("saved", shown);
    model.addAttribute("there", desk.find(key).isPresent());
    model.addAttribute("versions", versions);
    model.addAttribute("previews", previews);
    return "article-versions";
  }

  // ---- the editor

  @GetMapping("/contents/new")
  String blank(@RequestParam(defaultValue = "") String sample, Model model) {
    Optional<ArticleForm> begun = samples.form(sample);
    return page(begun.orElseGet(ArticleForm::new), begun.isPresent(), model);
  }

  @GetMapping("/contents/{key}/edit")
  String edit(@PathVariable String key, @RequestParam(defaultValue = "0") int at, Model model) {
    SavedContent saved = desk.find(key).orElseThrow(NotFound::new);
    if (at < 0 || at >= ArticleForm.articles(saved.content()).size()) {
      throw new NotFound();
    }
    return page(ArticleForm.of(saved, at), true, model);
  }

  /** Where the addresses of what is posted lead when they are opened. */
  @GetMapping({"/contents", "/contents/preview", "/pictures"})
  String again() {
    return LIST;
  }

  /** The article as the phone shows it, and what is wrong beside its field; nothing is kept. */
  @PostMapping("/contents/preview")
  String preview(@ModelAttribute("form") ArticleForm form, Model model) {
    preview(form, true, model);
    model.addAttribute("live", true);
    return "article :: seen";
  }

  @PostMapping("/contents")
  String save(
      @ModelAttribute("form") ArticleForm form,
      @ModelAttribute("me") Salesperson me,
      HttpServletResponse response,
      Model model,
      RedirectAttributes flash) {
    String wrong = name(form);
    if (wrong.isEmpty()) {
      try {
        Saving saving = desk.save(form, me.name());
        if (saving instanceof Saving.Done done) {
          flash.addFlashAttribute("done", saved(done));
          return LIST;
        }
        response.setStatus(HttpStatus.CONFLICT.value());
        meanwhile(saving, form, model);
      } catch (InvalidInputException tooLong) {
        response.setStatus(HttpStatus.UNPROCESSABLE_ENTITY.value());
      } catch (LaokeException failure) {
        model.addAttribute("problem", Refused.words(failure));
      }
    } else {
      response.setStatus(HttpStatus.UNPROCESSABLE_ENTITY.value());
      model.addAttribute("nameWrong", wrong);
    }
    return page(form, true, model);
  }

  private static String name(ArticleForm form) {
    String name = form.getName().strip();
    return name.isEmpty()
        ? "请给图文起个名字，计划里按它选"
        : name.codePointCount(0, name.length()) > LONGEST_NAME
            ? "名字最多 %d 个字".formatted(LONGEST_NAME)
            : "";
  }

  private String saved(Saving.Done done) {
    SavedContent saved = done.saved();
    int problems = desk.problems(saved.content());
    String so =
        done.changed()
            ? "已保存“%s”（第 %d 版）".formatted(saved.name(), saved.version())
            : "“%s”没有变化".formatted(saved.name());
    return problems == 0 ? so : so + "，发送前还有 %d 处要改".formatted(problems);
  }

  private static void meanwhile(Saving saving, ArticleForm form, Model model) {
    if (saving instanceof Saving.Meanwhile other) {
      SavedContent theirs = other.theirs();
      model.addAttribute(
          "problem",
          "没有保存：%s 刚刚保存了第 %d 版。您写的还在下面；先看看那一版，再决定要不要保存成下一版。"
              .formatted(theirs.savedBy(), theirs.version()));
      model.addAttribute("theirs", theirs);
      form.setSeen(theirs.version());
    } else {
      model.addAttribute("problem", "没有保存：这篇图文刚被删除。您写的还在下面，保存就是新的一篇。");
      form.setKey("");
      form.setSeen(0);
      form.setAt(0);
    }
  }

  private String page(ArticleForm form, boolean begun, Model model) {
    model.addAttribute("form", form);
    model.addAttribute("pictures", pictures.all());
    int articles = preview(form, begun, model);
    model.addAttribute("articles", articles);
    return "article";
  }

  /** What the form comes to; how many articles its content has. */
  private int preview(ArticleForm form, boolean begun, Model model) {
    Map<String, List<String>> problems = new LinkedHashMap<>();
    Optional<Content> before =
        form.getKey().isEmpty()
            ? Optional.empty()
            : desk.find(form.getKey()).map(SavedContent::content);
    int articles = before.map(ArticleForm::articles).map(List::size).orElse(1);
    int at = Math.max(0, Math.min(form.getAt(), articles - 1));
    form.setAt(at);
    try {
      Content content = form.content(before.orElse(null));
      if (begun) {
        problems.putAll(desk.problems(content, at));
      }
      Article article = ArticleForm.articles(content).get(at);
      model.addAttribute("shown", ArticlePreview.of(article, origin()));
    } catch (InvalidInputException tooLong) {
      problems.put(tooLong.field(), List.of("太长了，存不下，请缩短。"));
    }
    model.addAttribute("begun", begun || !problems.isEmpty());
    model.addAttribute("problems", problems);
    return articles;
  }

  private static String origin() {
    return ServletUriComponentsBuilder.fromCurrentContextPath().build().toUriString();
  }

  // ---- pictures

  @GetMapping("/files/{sha256}")
  ResponseEntity<byte[]> file(@PathVariable String sha256) {
    PictureShelf.Shown shown = pictures.file(sha256).orElseThrow(NotFound::new);
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(shown.file().type().mediaType()))
        .cacheControl(CacheControl.maxAge(Duration.ofDays(30)).cachePrivate().immutable())
        .header("Content-Security-Policy", "default-src 'none'; sandbox")
        .body(shown.bytes());
  }

  /** Keeps a picture; what is answered is the shelf with it. */
  @PostMapping("/pictures")
  String upload(@RequestParam MultipartFile picture, HttpServletRequest request, Model model)
      throws IOException {
    try {
      String name = picture.getOriginalFilename();
      pictures.add(picture.getBytes(), name == null ? "" : name);
    } catch (InvalidInputException refused) {
      model.addAttribute("uploadWrong", "没有上传：只收 JPG、PNG、GIF、BMP 图片，最大 10 MB");
    }
    model.addAttribute("pictures", pictures.all());
    return "article :: shelf";
  }

  // ---- the draft box

  @GetMapping("/drafts")
  String drafts(@RequestParam(defaultValue = "0") int from, Model model) {
    int offset = Math.max(0, from);
    try {
      model.addAttribute("drafts", desk.drafts(offset));
    } catch (LaokeException failure) {
      model.addAttribute("problem", "草稿箱没有打开：" + Refused.words(failure));
    }
    model.addAttribute("from", offset);
    return "drafts";
  }

  @PostMapping("/drafts/take")
  String take(
      @RequestParam String mediaId,
      @ModelAttribute("me") Salesperson me,
      RedirectAttributes flash) {
    try {
      SavedContent taken = desk.take(mediaId, me.name());
      flash.addFlashAttribute("done", "已把草稿“%s”取来，可以放进计划了".formatted(taken.name()));
      return LIST;
    } catch (ConflictException unfinished) {
      flash.addFlashAttribute("problem", "没有取来：草稿里有文章缺标题、正文或封面（多半是自动保存的），请先在公众号后台写完");
    } catch (LaokeException failure) {
      flash.addFlashAttribute("problem", "没有取来：" + Refused.words(failure));
    }
    return "redirect:/push/drafts";
  }

  /** The titles of a draft, for the page. */
  static String titles(StaffDraft draft) {
    return String.join("、", draft.articles().stream().map(StaffDraft.Entry::title).toList());
  }
}

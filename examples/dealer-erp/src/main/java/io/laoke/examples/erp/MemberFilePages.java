package io.laoke.examples.erp;

import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.member.Member;
import io.laoke.message.Purpose;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** 会员档案: one member, and what staff note of them. */
@Controller
@RequestMapping("/members")
class MemberFilePages {
  private final MemberFile file;

  MemberFilePages(MemberFile file) {
    this.file = file;
  }

  /** A post, so that no address has a phone in it. */
  @PostMapping("/find")
  String find(@RequestParam(defaultValue = "") String q, RedirectAttributes flash) {
    Optional<Member> found = q.isBlank() ? Optional.empty() : file.find(q.strip());
    if (found.isEmpty()) {
      flash.addFlashAttribute("problem", "没有这个手机号或卡号的会员");
    }
    return found.map(member -> "redirect:/members/" + member.id()).orElse("redirect:/members");
  }

  @GetMapping("/{id:\\d{1,18}}")
  String show(
      @PathVariable long id, @RequestParam(required = false) @Nullable String more, Model model) {
    Member member = file.member(id);
    model.addAttribute("member", member);
    model.addAttribute("facts", file.facts(member));
    model.addAttribute("identities", file.identities(member.id()));
    model.addAttribute("tags", file.tags(member.id()));
    model.addAttribute("remarks", file.remarks(member.id()));
    model.addAttribute("pauses", file.pauses(member.id()));
    model.addAttribute("consents", file.consents(member.id()));
    model.addAttribute("orders", orders(member.id(), more));
    model.addAttribute("money", file.money(member.id()));
    model.addAttribute("why", file.why(member.id()));
    return "member";
  }

  private MemberFile.BoughtPage orders(long id, @Nullable String cursor) {
    try {
      return file.orders(id, cursor);
    } catch (InvalidInputException notOurs) {
      return file.orders(id, null);
    }
  }

  @PostMapping("/{id:\\d{1,18}}/tags")
  String tag(
      @PathVariable long id,
      @RequestParam(defaultValue = "") String tag,
      RedirectAttributes flash) {
    return done(id, flash, "已加上标签", () -> file.members().tag(id, tag, SegmentDesk.BY));
  }

  @PostMapping("/{id:\\d{1,18}}/untag")
  String untag(@PathVariable long id, @RequestParam String tag, RedirectAttributes flash) {
    return done(id, flash, "已去掉标签", () -> file.members().untag(id, tag, SegmentDesk.BY));
  }

  @PostMapping("/{id:\\d{1,18}}/remarks")
  String remark(
      @PathVariable long id,
      @RequestParam(defaultValue = "") String text,
      RedirectAttributes flash) {
    return done(id, flash, "已记下备注", () -> file.members().remark(id, text, SegmentDesk.BY));
  }

  @PostMapping("/{id:\\d{1,18}}/remarks/{remark}/delete")
  String takeBack(@PathVariable long id, @PathVariable long remark, RedirectAttributes flash) {
    return done(
        id,
        flash,
        "已删除备注",
        () -> file.members().takeBackRemark(id, remark, "在会员页删除", SegmentDesk.BY));
  }

  @PostMapping("/{id:\\d{1,18}}/pause")
  String pause(
      @PathVariable long id,
      @RequestParam Purpose purpose,
      @RequestParam(defaultValue = "") String reason,
      @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE)
          @Nullable LocalDate until,
      RedirectAttributes flash) {
    Instant end = until == null ? null : until.atStartOfDay(OrderDesk.ZONE).toInstant();
    return done(
        id,
        flash,
        "已暂停" + MemberFile.name(purpose),
        () -> file.members().pause(id, purpose, end, reason, SegmentDesk.BY));
  }

  @PostMapping("/{id:\\d{1,18}}/resume")
  String resume(@PathVariable long id, @RequestParam Purpose purpose, RedirectAttributes flash) {
    return done(
        id,
        flash,
        "已恢复" + MemberFile.name(purpose),
        () -> file.members().resume(id, purpose, "在会员页恢复", SegmentDesk.BY));
  }

  private static String done(long id, RedirectAttributes flash, String words, Runnable action) {
    try {
      action.run();
      flash.addFlashAttribute("done", words);
    } catch (InvalidInputException wrong) {
      flash.addFlashAttribute("problem", "没有办成：内容要填，也不能太长，日期要在今天之后");
    } catch (ConflictException full) {
      flash.addFlashAttribute("problem", "没有办成：已经太多了，请先去掉一些");
    } catch (LaokeException failure) {
      flash.addFlashAttribute("problem", Refused.words(failure));
    }
    return "redirect:/members/" + id;
  }
}

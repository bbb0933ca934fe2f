package io.laoke.reminder;

import io.laoke.base.Phone;
import io.laoke.catalog.Keys;
import io.laoke.error.InvalidInputException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import io.laoke.message.Decisions;
import io.laoke.message.Inbound;
import io.laoke.message.InboundHandler;
import io.laoke.message.Reply;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes answers that followers write to the account by which they were told, and others in reply to
 * a text message. Whoever was told of nothing that can be answered says something else with such a
 * word: that is for others.
 */
final class AnswerTexts implements InboundHandler {
  private static final int LOOKED_AT = 50;
  private static final int MOST = 9;

  private final Database database;
  private final MemberBook members;
  private final Decisions decisions;
  private final AnswerDesk desk;
  private final Function<Tenant, ReminderSettings> settings;
  private final Clock clock;

  AnswerTexts(
      Database database,
      MemberBook members,
      Decisions decisions,
      AnswerDesk desk,
      Function<Tenant, ReminderSettings> settings,
      Clock clock) {
    this.database = database;
    this.members = members;
    this.decisions = decisions;
    this.desk = desk;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Optional<Reply> handle(Tx tx, Tenant tenant, String account, Inbound fact) {
    String words = words(fact);
    if (words == null) {
      return Optional.empty();
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    AnswerSettings of = settings.apply(tenant).answers();
    Optional<AnswerText> text = AnswerText.read(words, of.words(), tenant.dayOf(now));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String recipient =
        fact.byPhone()
            ? Keys.hash(tenant, Phone.of(fact.openid()))
            : members.openidHash(tenant, account, fact.openid());
    if (!fact.byPhone() && members.erased(tx, tenant, account, recipient)) {
      return Optional.empty();
    }
    List<Told> told = told(tx, tenant, account, recipient, of, now);
    Optional<String> reply = answered(tx, tenant, told, text.get(), source(fact), now);
    // Nobody is written a text message in return.
    return fact.byPhone() ? Optional.empty() : reply.map(Reply::text);
  }

  private static @Nullable String words(Inbound fact) {
    if (fact instanceof Inbound.Said said) {
      return said.text();
    }
    return fact instanceof Inbound.SmsReply reply ? reply.text() : null;
  }

  private static CustomerAnswer.Source source(Inbound fact) {
    return fact.byPhone() ? CustomerAnswer.Source.SMS : CustomerAnswer.Source.WECHAT;
  }

  /**
   * Somebody was told of a task.
   *
   * @param contact by which last
   */
  private record Told(ContactTable.Contact contact, AnswerState state) {}

  /** The tasks of which they were told as long as a link would hold, the newest first. */
  private List<Told> told(
      Tx tx, Tenant tenant, String account, String hash, AnswerSettings of, Instant now) {
    List<Long> causes = decisions.causesOf(tx, tenant, CareRule.CAUSE, account, hash, LOOKED_AT);
    Map<Long, ContactTable.Contact> newest = new TreeMap<>();
    for (ContactTable.Contact one : ContactTable.all(tx, tenant, causes)) {
      newest.merge(one.taskId(), one, (was, other) -> was.id() > other.id() ? was : other);
    }
    List<Told> told = new ArrayList<>();
    Set<Long> open = new HashSet<>(); // contacts of several tasks may lead to the same by now
    newest.values().stream()
        .filter(one -> !tenant.dayOf(now).isAfter(last(tenant, one, of)))
        .sorted(Comparator.comparingLong(ContactTable.Contact::id).reversed())
        .forEach(
            one -> {
              AnswerState state =
                  desk.look(tx, tenant, one, Optional.of(last(tenant, one, of)), now);
              if (!(state instanceof AnswerState.Open still) || open.add(still.facts().taskId())) {
                told.add(new Told(one, state));
              }
            });
    return told;
  }

  private static LocalDate last(Tenant tenant, ContactTable.Contact one, AnswerSettings of) {
    return tenant.dayOf(one.taken()).plusDays(of.linkDays());
  }

  private Optional<String> answered(
      Tx tx,
      Tenant tenant,
      List<Told> told,
      AnswerText text,
      CustomerAnswer.Source source,
      Instant now) {
    List<Told> open =
        told.stream().filter(one -> one.state() instanceof AnswerState.Open).limit(MOST).toList();
    if (open.isEmpty()) {
      return told.stream().findFirst().flatMap(one -> settled(one.state(), tenant));
    }
    // Nobody is asked which by a text message: it answers the last.
    boolean which = text.number() == 0 && source != CustomerAnswer.Source.SMS;
    if (text.number() > open.size() || (which && open.size() > 1)) {
      return Optional.of(which(open, text));
    }
    Told one = open.get(Math.max(0, text.number() - 1));
    return Optional.of(
        answer(tx, tenant, one.contact(), (AnswerState.Open) one.state(), text, source, now));
  }

  private static String which(List<Told> open, AnswerText text) {
    StringBuilder words = new StringBuilder("您有 %d 项服务待回复：".formatted(open.size()));
    for (int i = 0; i < open.size(); i++) {
      AnswerState.Facts facts = ((AnswerState.Open) open.get(i).state()).facts();
      words.append("\n%d. %s（%s）".formatted(i + 1, cut(facts.service()), facts.items()));
    }
    return words.append("\n请在“%s”后面加上编号，例如“%s1”。".formatted(word(text), word(text))).toString();
  }

  private static String word(AnswerText text) {
    return switch (text.word()) {
      case BOOK -> "预约";
      case LATER -> "稍后";
      case DECLINE -> "不需要";
      case INSTALLED -> "已安装";
    };
  }

  private static String cut(String words) {
    return words.codePointCount(0, words.length()) <= 30
        ? words
        : words.substring(0, words.offsetByCodePoints(0, 29)) + "…";
  }

  private String answer(
      Tx tx,
      Tenant tenant,
      ContactTable.Contact contact,
      AnswerState.Open open,
      AnswerText text,
      CustomerAnswer.Source source,
      Instant now) {
    Optional<String> page =
        desk.links().page(tenant, desk.links().token(tenant, contact.id(), now));
    AnswerDesk.Given given =
        switch (text.word()) {
          case BOOK -> new AnswerDesk.Given.Call();
          case LATER ->
              new AnswerDesk.Given.Later(
                  text.days() == null ? open.laterDays().get(0) : text.days());
          case DECLINE -> new AnswerDesk.Given.Decline();
          case INSTALLED -> text.day() == null ? null : new AnswerDesk.Given.Installed(text.day());
        };
    if (given == null || (text.word() == AnswerWord.INSTALLED && open.assumed().isEmpty())) {
      return given == null && open.assumed().isPresent()
          ? "请告诉我们安装日期，例如“已安装 %s”。".formatted(AnswerPages.day(tenant.dayOf(now)))
          : "安装日期已登记，无需更正。" + more(page);
    }
    AnswerState after;
    try {
      after =
          desk.answer(
              tx,
              database.within(tx),
              tenant,
              new AnswerLinks.Named(
                  contact.id(),
                  last(tenant, contact, settings.apply(tenant).answers()),
                  OptionalLong.empty()),
              given,
              source,
              now);
    } catch (InvalidInputException impossible) {
      if (!impossible.field().equals(AnswerDesk.DAY)) {
        throw impossible; // some of it may be written, so all of it must fail
      }
      return "这个安装日期不对，请再说一次，例如“已安装 %s”。".formatted(AnswerPages.day(tenant.dayOf(now)));
    }
    if (after instanceof AnswerState.Open still) {
      return text.word() == AnswerWord.INSTALLED
          ? "已更正安装日期，谢谢！%s仍已到期，回复“预约”我们就和您约时间。".formatted(cut(still.facts().service()))
          : "已告诉门店，他们会打电话和您约%s的时间。".formatted(cut(still.facts().service())) + more(page);
    }
    return settled(after, tenant).orElse("没有需要回复的服务了。");
  }

  private static String more(Optional<String> page) {
    return page.map(address -> "您也可以在这里自己选：" + address).orElse("");
  }

  private static Optional<String> settled(AnswerState state, Tenant tenant) {
    if (state instanceof AnswerState.Answered answered) {
      CustomerAnswer answer = answered.answer();
      String service = cut(answered.facts().service());
      String before = answered.applied() ? "" : "您已回复过：";
      return Optional.of(
          before
              + switch (answer.word()) {
                case BOOK ->
                    "%s已预约%s。"
                        .formatted(
                            service,
                            answer
                                .slot()
                                .map(slot -> "在 " + AnswerPages.words(slot, tenant.zone()))
                                .orElse(""));
                case LATER ->
                    "好的，%s%s再提醒您。"
                        .formatted(service, answer.day().map(AnswerPages::day).orElse("稍后"));
                case DECLINE -> "好的，这次%s不再提醒。".formatted(service);
                case INSTALLED ->
                    "已更正安装日期%s，谢谢！%s到期时再提醒您。"
                        .formatted(
                            answer.day().map(day -> "为" + AnswerPages.day(day)).orElse(""),
                            service);
              });
    }
    if (state instanceof AnswerState.Settled settled && settled.booked().isPresent()) {
      return Optional.of(
          "%s已预约在 %s。如需更改，请联系门店。"
              .formatted(
                  cut(settled.facts().service()),
                  AnswerPages.words(settled.booked().get(), tenant.zone())));
    }
    return Optional.empty();
  }
}

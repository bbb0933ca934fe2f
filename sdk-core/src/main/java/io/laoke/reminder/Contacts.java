package io.laoke.reminder;

import io.laoke.catalog.CatalogBook;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import io.laoke.member.MemberBook.OpenidIdentity;
import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.Decisions;
import io.laoke.message.NewDecision;
import io.laoke.message.NewMessage;
import io.laoke.message.Outbox;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.TemplateMessage;
import io.laoke.notice.GoodsWords;
import io.laoke.notice.ServiceFacts;
import io.laoke.notice.ServiceTexts;
import io.laoke.notice.SubscriptionGrants;
import io.laoke.sms.SmsBook;
import io.laoke.sms.SmsTemplate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes the steps of ladders. A step's row is locked while it is taken; its message, what is noted
 * of it and the step that follows are of one transaction. So each is taken once, by however many
 * engines.
 */
final class Contacts {
  private static final int AT_ONCE = 500;
  static final Duration VALID = Duration.ofDays(2);

  /** So long nobody is told again about a task that others of the household's dates join. */
  private static final Duration REST = Duration.ofDays(14);

  private final CatalogBook catalog;
  private final MemberBook members;
  private final Outbox outbox;
  private final Decisions decisions;
  private final ServiceTexts texts;
  private final SmsBook sms;
  private final CareRule hours;
  private final AnswerLinks links;
  private final Ids ids;

  Contacts(
      CatalogBook catalog,
      MemberBook members,
      Outbox outbox,
      Decisions decisions,
      ServiceTexts texts,
      SmsBook sms,
      Function<Tenant, ReminderSettings> settings,
      AnswerLinks links,
      Ids ids) {
    this.catalog = catalog;
    this.members = members;
    this.outbox = outbox;
    this.decisions = decisions;
    this.texts = texts;
    this.sms = sms;
    this.hours = new CareRule(settings);
    this.links = links;
    this.ids = ids;
  }

  CareRule hours() {
    return hours;
  }

  // ---- what has come due

  /**
   * Begins ladders of tasks that dates have joined.
   *
   * @param plans how each is told
   * @param made those of them that are new
   * @param woken those of them that were put off until now
   * @param atOnce those of them whose first step is taken now if it is due: then it need not be
   *     found, locked and written anew
   */
  void begin(
      Tx tx,
      Tenant tenant,
      Map<Long, ContactPlan> plans,
      Set<Long> made,
      Set<Long> woken,
      AtOnce atOnce,
      Function<String, Optional<String>> ruleNames,
      Instant now) {
    Set<Long> joined = new TreeSet<>(plans.keySet());
    joined.removeAll(made);
    Map<Long, ContactTable.LastTold> told =
        joined.isEmpty()
            ? Map.of()
            : ContactTable.told(tx, tenant, joined, now.minus(REST), now.plus(REST));
    Instant day = hours.byDay(tenant, now);
    List<ContactTable.NewContact> begun = new ArrayList<>();
    new TreeSet<>(plans.keySet())
        .forEach(
            task -> {
              ContactPlan plan = Objects.requireNonNull(plans.get(task));
              ContactStep first = plan.steps().get(0);
              ContactTable.LastTold last = told.get(task);
              Instant from = when(first, now, day);
              if (last != null && first != ContactStep.CALL) {
                if (last.soon() || !woken.contains(task)) {
                  return; // they are told with it, or staff see it
                }
                from = hours.byDay(tenant, last.at().plus(REST));
              }
              begun.add(new ContactTable.NewContact(ids.next(), task, first, plan, from));
            });
    Batch batch = new Batch(now, day);
    List<ContactTable.Contact> due =
        begun.stream()
            .filter(one -> atOnce.subjects().containsKey(one.taskId()))
            .filter(one -> !one.next().isAfter(now))
            .map(one -> one.due(now))
            .toList();
    if (!due.isEmpty()) {
      Map<Long, List<ContactTable.Told>> open = ContactTable.told(tx, tenant, atOnce.dates());
      steps(
          tx,
          tenant,
          due.stream().filter(one -> open.containsKey(one.taskId())).toList(),
          atOnce.subjects(),
          open,
          ruleNames,
          batch,
          now);
    }
    ContactTable.insert(tx, tenant, begun, batch.changed, now);
    write(tx, tenant, batch);
  }

  /**
   * Tasks that are new and that no further date is about to join.
   *
   * @param subjects by their ids
   * @param dates all dates that they are about
   */
  record AtOnce(Map<Long, ContactTable.Subject> subjects, List<ContactTable.Due> dates) {}

  /**
   * Has staff look after tasks that are open again, or whose dates have gone to somebody else: who
   * was told of what, in which words, is past finding out for a message.
   */
  void byStaff(Tx tx, Tenant tenant, Collection<Long> taskIds, Instant now) {
    ContactPlan plan = ContactPlan.byStaff();
    ContactTable.insert(
        tx,
        tenant,
        new TreeSet<>(taskIds)
            .stream()
                .map(
                    task ->
                        new ContactTable.NewContact(
                            ids.next(), task, plan.steps().get(0), plan, now))
                .toList(),
        now);
  }

  /**
   * A task comes to concern somebody, and is locked: if it was another's, what they were told leads
   * them to it no longer.
   *
   * @return whether it was
   */
  boolean concerns(Tx tx, Tenant tenant, TaskTable.Task task, @Nullable Long memberId) {
    Long was = task.memberId();
    boolean same = was == null || same(tx, tenant, was, memberId);
    if (!same) {
      ContactTable.anothers(tx, tenant, task.id());
    }
    return !same;
  }

  /** Whether somebody is who they were, be it that they were merged into them. */
  private boolean same(Tx tx, Tenant tenant, long was, @Nullable Long memberId) {
    return memberId != null && (was == memberId || members.survivor(tx, tenant, was) == memberId);
  }

  /**
   * A task has ended, since its dates went to others, all of them locked. What its customer was
   * told leads to the one that is theirs, if one is, as after a merge: they answer for where their
   * dates are. If they had said something before, staff are to call them. Others' tasks they know
   * nothing of.
   *
   * @param to the tasks, each with whom it concerns
   */
  void follow(
      Tx tx, Tenant tenant, TaskTable.Task task, Map<Long, Optional<Long>> to, Instant now) {
    Long was = task.memberId();
    if (was == null) {
      return;
    }
    to.entrySet().stream()
        .filter(one -> same(tx, tenant, was, one.getValue().orElse(null)))
        .map(Map.Entry::getKey)
        .findFirst()
        .ifPresent(
            living -> {
              ContactTable.follow(tx, tenant, task.id(), living);
              if (!AnswerTable.of(tx, tenant, task.id()).isEmpty()) {
                ContactTable.toBeCalled(tx, tenant, List.of(living), now);
              }
            });
  }

  /** Staff see at once whom to call; when they do is theirs to know. */
  private static Instant when(ContactStep step, Instant now, Instant day) {
    return step == ContactStep.CALL ? now : day;
  }

  // ---- steps

  /** What is to be written once all of a batch were looked at. */
  private static final class Batch {
    final List<ContactTable.Changed> changed = new ArrayList<>();
    final List<ContactTable.NewContact> next = new ArrayList<>();
    final List<NewMessage> messages = new ArrayList<>();
    final List<NewDecision> unsent = new ArrayList<>();
    final Set<Long> calls = new TreeSet<>();

    /** What is used up, and by which step. */
    final Map<Long, Long> subscriptions = new TreeMap<>();

    final List<ContactTable.Sent> sent = new ArrayList<>();
    final List<ContactTable.Sent> lost = new ArrayList<>();
    final Instant now;
    final Instant day;

    Batch(Instant now, Instant day) {
      this.now = now;
      this.day = day;
    }

    void tell(
        ContactTable.Contact one,
        ServiceFacts facts,
        ChannelKind channel,
        String account,
        String recipient,
        TemplateMessage body) {
      messages.add(
          new NewMessage(
              CareRule.CAUSE,
              one.id(),
              0,
              facts.orderNo(),
              account,
              recipient,
              one.id(),
              Purpose.CARE,
              channel,
              body,
              now,
              now.plus(VALID)));
      changed.add(
          new ContactTable.Changed(
              one.id(),
              ReminderContact.State.TOLD,
              null,
              account,
              Ladder.firstLook(now),
              now,
              facts.count()));
    }
  }

  /**
   * Takes steps whose time has come.
   *
   * @param but ids of those that are not to be looked at
   * @return how many
   */
  int take(
      Tx tx,
      Tenant tenant,
      Set<Long> but,
      Function<String, Optional<String>> ruleNames,
      Instant now) {
    return take(tx, tenant, ContactTable.due(tx, tenant, now, AT_ONCE, but), ruleNames, now);
  }

  /** The ids of those that would be taken together. */
  List<Long> due(Tx tx, Tenant tenant, Set<Long> but, Instant now) {
    return ContactTable.dueIds(tx, tenant, now, AT_ONCE, but);
  }

  /** Takes one of them alone; returns 0 if another has. */
  int take(
      Tx tx, Tenant tenant, long id, Function<String, Optional<String>> ruleNames, Instant now) {
    return take(tx, tenant, ContactTable.due(tx, tenant, now, id), ruleNames, now);
  }

  private int take(
      Tx tx,
      Tenant tenant,
      List<ContactTable.Contact> due,
      Function<String, Optional<String>> ruleNames,
      Instant now) {
    if (due.isEmpty()) {
      return 0;
    }
    Set<Long> tasks = new TreeSet<>();
    due.forEach(one -> tasks.add(one.taskId()));
    Map<Long, ContactTable.Subject> subjects = ContactTable.subjects(tx, tenant, tasks);
    Map<Long, List<ContactTable.Told>> open = ContactTable.open(tx, tenant, tasks);
    Batch batch = new Batch(now, hours.byDay(tenant, now));
    List<ContactTable.Contact> messages = new ArrayList<>();
    List<ContactTable.Contact> told = new ArrayList<>();
    List<ContactTable.Contact> answered = new ArrayList<>();
    for (ContactTable.Contact one : due) {
      ContactTable.Subject subject = subjects.get(one.taskId());
      if (subject == null || subject.state() != TaskState.OPEN || !open.containsKey(one.taskId())) {
        end(batch, one, CareRule.ANSWERED);
        if (subject != null && subject.state().live()) {
          batch.calls.add(one.taskId()); // theirs to do, also if they give it back
        }
        if (subject != null && one.state() == ReminderContact.State.TOLD) {
          answered.add(one);
        }
      } else if (one.state() == ReminderContact.State.TOLD) {
        told.add(one);
      } else {
        messages.add(one);
      }
    }
    outcomes(tx, tenant, told, batch, now);
    outcomesOf(tx, tenant, answered)
        .forEach((one, outcome) -> sent(tenant, one, after(one, outcome, now), batch));
    steps(tx, tenant, messages, subjects, open, ruleNames, batch, now);
    ContactTable.update(tx, tenant, batch.changed);
    write(tx, tenant, batch);
    return due.size();
  }

  /** What is new by a batch. */
  private void write(Tx tx, Tenant tenant, Batch batch) {
    SubscriptionGrants.use(tx, tenant, batch.subscriptions, batch.now);
    ContactTable.subscriptions(tx, tenant, batch.subscriptions.values());
    ContactTable.insert(tx, tenant, batch.next, batch.now);
    ContactTable.toBeCalled(tx, tenant, batch.calls, batch.now);
    ContactTable.sent(tx, tenant, batch.sent, batch.lost, tenant::dayOf);
    outbox.enqueueNew(tx, tenant, batch.messages);
    decisions.recordNew(tx, tenant, batch.unsent);
  }

  private void outcomes(
      Tx tx, Tenant tenant, List<ContactTable.Contact> told, Batch batch, Instant now) {
    Map<ContactTable.Contact, Optional<Decision>> outcomes = outcomesOf(tx, tenant, told);
    for (ContactTable.Contact one : told) {
      Ladder.Next next = after(one, outcomes.getOrDefault(one, Optional.empty()), now);
      sent(tenant, one, next, batch);
      if (next instanceof Ladder.Next.Wait wait) {
        batch.changed.add(
            new ContactTable.Changed(
                one.id(),
                ReminderContact.State.TOLD,
                null,
                null,
                wait.until(),
                wait.unsent() ? now : null,
                null));
      } else if (next instanceof Ladder.Next.Again again) {
        end(batch, one, again.why());
        Instant at = again.at().isAfter(now) ? again.at() : batch.day;
        ContactStep step =
            one.step() == ContactStep.SUBSCRIPTION ? ContactStep.TEMPLATE : one.step();
        batch.next.add(new ContactTable.NewContact(ids.next(), one.taskId(), step, one.plan(), at));
      } else if (next instanceof Ladder.Next.Climb climb) {
        climb(batch, one, climb.why());
      } else if (next instanceof Ladder.Next.Stop stop) {
        end(batch, one, stop.why());
      }
    }
  }

  /** What members have agreed to, and nobody else is using up; by member. */
  private Map<Long, List<SubscriptionGrants.Open>> agreed(
      Tx tx, Tenant tenant, Map<Long, List<OpenidIdentity>> openids) {
    Map<String, Long> members = new HashMap<>();
    openids.forEach((member, some) -> some.forEach(openid -> members.put(openid.hash(), member)));
    Map<Long, List<SubscriptionGrants.Open>> agreed = new HashMap<>();
    for (SubscriptionGrants.Open one : SubscriptionGrants.lock(tx, tenant, members.keySet())) {
      agreed
          .computeIfAbsent(
              Objects.requireNonNull(members.get(one.recipient())), member -> new ArrayList<>())
          .add(one);
    }
    return agreed;
  }

  /** Takes the step by a subscription message instead, if it can be. */
  private static boolean bySubscription(
      ContactTable.Contact one,
      List<SubscriptionGrants.Open> agreed,
      ServiceTexts.Now templates,
      ServiceFacts facts,
      Batch batch) {
    for (SubscriptionGrants.Open grant : agreed) {
      Optional<TemplateMessage> message = templates.message(grant, facts);
      if (message.isPresent()) {
        agreed.remove(grant);
        batch.subscriptions.put(grant.id(), one.id());
        batch.tell(
            one,
            facts,
            ChannelKind.WECHAT_SUBSCRIPTION,
            grant.account(),
            grant.recipient(),
            message.get());
        return true;
      }
    }
    return false;
  }

  private Map<ContactTable.Contact, Optional<Decision>> outcomesOf(
      Tx tx, Tenant tenant, List<ContactTable.Contact> told) {
    if (told.isEmpty()) {
      return Map.of();
    }
    Map<Long, Decision> outcomes = new HashMap<>();
    decisions
        .about(
            tx,
            tenant,
            CareRule.CAUSE,
            told.stream().map(ContactTable.Contact::id).collect(Collectors.toSet()))
        .forEach(one -> outcomes.put(one.causeId(), one));
    Map<ContactTable.Contact, Optional<Decision>> of = new LinkedHashMap<>();
    told.forEach(one -> of.put(one, Optional.ofNullable(outcomes.get(one.id()))));
    return of;
  }

  private static Ladder.Next after(
      ContactTable.Contact one, Optional<Decision> outcome, Instant now) {
    return Ladder.after(outcome, one.taken(), one.plan().silenceDays(), now);
  }

  /** Notes that a message has left, or has not after all. */
  private static void sent(Tenant tenant, ContactTable.Contact one, Ladder.Next next, Batch batch) {
    ContactTable.Sent sent =
        new ContactTable.Sent(one.taskId(), one.step(), tenant.dayOf(one.taken()));
    if (next.left()) {
      batch.sent.add(sent);
    } else if (!(next instanceof Ladder.Next.Wait)) {
      batch.lost.add(sent);
    }
  }

  private void steps(
      Tx tx,
      Tenant tenant,
      List<ContactTable.Contact> due,
      Map<Long, ContactTable.Subject> subjects,
      Map<Long, List<ContactTable.Told>> open,
      Function<String, Optional<String>> ruleNames,
      Batch batch,
      Instant now) {
    if (due.isEmpty()) {
      return;
    }
    Set<Long> people = new HashSet<>();
    due.forEach(
        one -> {
          Long member = Objects.requireNonNull(subjects.get(one.taskId())).memberId();
          if (member != null) {
            people.add(member);
          }
        });
    Set<Long> refusing = members.refusing(tx, tenant, people, Purpose.CARE);
    Set<Long> paused = members.paused(tx, tenant, people, Purpose.CARE, now);
    Map<Long, List<OpenidIdentity>> openids =
        due.stream().anyMatch(one -> one.step() == ContactStep.TEMPLATE)
            ? members.openidsOf(tx, tenant, people)
            : Map.of();
    ServiceTexts.Now templates = texts.now(tx, tenant);
    Map<Long, List<SubscriptionGrants.Open>> agreed =
        templates.subscribes() && due.stream().anyMatch(one -> one.step() == ContactStep.TEMPLATE)
            ? agreed(tx, tenant, members.reachableOpenids(tx, tenant, people))
            : Map.of();
    Set<Long> subscribed =
        ContactTable.subscribed(
            tx,
            tenant,
            due.stream()
                .filter(
                    one ->
                        agreed.containsKey(
                            Objects.requireNonNullElse(
                                Objects.requireNonNull(subjects.get(one.taskId())).memberId(), 0L)))
                .toList());
    Set<Long> texted = new TreeSet<>();
    due.stream()
        .filter(one -> one.step() == ContactStep.SMS)
        .map(one -> Objects.requireNonNull(subjects.get(one.taskId())).memberId())
        .filter(Objects::nonNull)
        .forEach(texted::add);
    Map<Long, SmsBook.Route> routes = texted.isEmpty() ? Map.of() : sms.routes(tx, tenant, texted);
    Map<String, String> stores =
        templates.namesStores()
            ? catalog.storeNames(tx, tenant, storesOf(due, subjects))
            : Map.of();
    Optional<SmsTemplate> text =
        routes.isEmpty()
            ? Optional.empty()
            : sms.template(tx, tenant, ReminderSettings.SMS_TEMPLATE);
    for (ContactTable.Contact one : due) {
      ContactTable.Subject subject = Objects.requireNonNull(subjects.get(one.taskId()));
      if (subject.memberId() != null && refusing.contains(subject.memberId())) {
        unsent(batch, one, REFUSED, now);
        end(batch, one, REFUSED.code());
      } else if (subject.memberId() != null && paused.contains(subject.memberId())) {
        // Such as for a complaint: nobody writes or calls until it is closed.
        batch.changed.add(
            new ContactTable.Changed(
                one.id(), ReminderContact.State.DUE, "PAUSED", now.plus(Duration.ofDays(1))));
      } else if (one.step() == ContactStep.CALL) {
        batch.calls.add(one.taskId());
        batch.changed.add(
            new ContactTable.Changed(one.id(), ReminderContact.State.ENDED, null, null));
      } else if (ruleNames
          .apply(Objects.requireNonNull(open.get(one.taskId())).get(0).ruleCode())
          .isEmpty()) {
        end(batch, one, "RULE_RETIRED"); // whether that was meant for what is due is for staff
        batch.calls.add(one.taskId());
      } else if (one.step() == ContactStep.SMS) {
        ServiceFacts facts =
            facts(
                tenant,
                one,
                subject,
                Objects.requireNonNull(open.get(one.taskId())),
                stores,
                ruleNames,
                now);
        byText(one, subject, routes, text, facts, batch, now);
      } else {
        ServiceFacts facts =
            facts(
                tenant,
                one,
                subject,
                Objects.requireNonNull(open.get(one.taskId())),
                stores,
                ruleNames,
                now);
        long member = Objects.requireNonNullElse(subject.memberId(), 0L);
        boolean asked =
            !subscribed.contains(one.taskId())
                && bySubscription(
                    one, agreed.getOrDefault(member, new ArrayList<>()), templates, facts, batch);
        if (!asked) {
          byTemplate(
              one, subject, openids.getOrDefault(member, List.of()), templates, facts, batch, now);
        }
      }
    }
  }

  private static Set<String> storesOf(
      List<ContactTable.Contact> due, Map<Long, ContactTable.Subject> subjects) {
    Set<String> codes = new TreeSet<>();
    for (ContactTable.Contact one : due) {
      String code = Objects.requireNonNull(subjects.get(one.taskId())).store();
      if (code != null) {
        codes.add(code);
      }
    }
    return codes;
  }

  private void byTemplate(
      ContactTable.Contact one,
      ContactTable.Subject subject,
      List<OpenidIdentity> openids,
      ServiceTexts.Now templates,
      ServiceFacts facts,
      Batch batch,
      Instant now) {
    Reason no =
        subject.memberId() == null
            ? NO_MEMBER
            : openids.isEmpty()
                ? NO_FOLLOWER
                : openids.stream().noneMatch(openid -> templates.has(openid.account()))
                    ? NO_TEMPLATE
                    : null;
    if (no != null) {
      unsent(batch, one, no, now);
      climb(batch, one, no.code());
      return;
    }
    OpenidIdentity to =
        openids.stream()
            .filter(openid -> templates.has(openid.account()))
            .findFirst()
            .orElseThrow();
    TemplateMessage message = templates.message(to.account(), facts).orElseThrow();
    batch.tell(one, facts, ChannelKind.WECHAT_TEMPLATE, to.account(), to.hash(), message);
  }

  private void byText(
      ContactTable.Contact one,
      ContactTable.Subject subject,
      Map<Long, SmsBook.Route> routes,
      Optional<SmsTemplate> template,
      ServiceFacts facts,
      Batch batch,
      Instant now) {
    SmsBook.Route route = subject.memberId() == null ? null : routes.get(subject.memberId());
    TemplateMessage body = template.map(text -> body(text, facts)).orElse(null);
    Reason no =
        subject.memberId() == null
            ? NO_MEMBER
            : route == null
                ? NO_SMS
                : body == null
                    ? NO_SMS_TEMPLATE
                    : sms.problem(route.account(), Purpose.CARE, template.orElseThrow(), body)
                        .orElse(null);
    if (no != null || route == null || body == null) {
      Reason why = Objects.requireNonNullElse(no, NO_SMS);
      unsent(batch, one, why, now);
      climb(batch, one, why.code());
      return;
    }
    batch.tell(one, facts, ChannelKind.SMS, route.account(), route.phoneHash(), body);
  }

  /** What is too long for the template's variable gives way to plain words. */
  private static TemplateMessage body(SmsTemplate template, ServiceFacts facts) {
    Map<String, TemplateMessage.Field> all =
        Map.of(
            "service", new TemplateMessage.Field(facts.name(), "保养"),
            "items", new TemplateMessage.Field(facts.items(), "家电"),
            "due",
                new TemplateMessage.Field(
                    facts.due().getMonthValue() + "月" + facts.due().getDayOfMonth() + "日", null),
            "dealer", new TemplateMessage.Field(facts.dealerName(), "我们"),
            "answer", new TemplateMessage.Field(facts.answer(), null));
    Map<String, TemplateMessage.Field> fields = new LinkedHashMap<>();
    template
        .parameters()
        .forEach(
            parameter -> {
              TemplateMessage.Field field = all.get(parameter.name());
              if (field != null) {
                fields.put(parameter.name(), field);
              }
            });
    return new TemplateMessage(template.key(), fields, Optional.empty(), Optional.empty());
  }

  private ServiceFacts facts(
      Tenant tenant,
      ContactTable.Contact one,
      ContactTable.Subject subject,
      List<ContactTable.Told> services,
      Map<String, String> stores,
      Function<String, Optional<String>> ruleNames,
      Instant now) {
    ContactTable.Told first = services.get(0);
    String answer = links.token(tenant, one.id(), now);
    return new ServiceFacts(
        one.id(),
        ruleNames.apply(first.ruleCode()).orElse(first.kind()),
        items(services),
        services.size(),
        first.due(),
        first.orderNo(),
        Optional.ofNullable(subject.store()).map(code -> stores.getOrDefault(code, code)),
        texts.dealerName(tenant),
        tenant.zone(),
        answer,
        links.page(tenant, answer));
  }

  /** What they are for; a piece is one, however many services of it are due. */
  private static String items(Collection<ContactTable.Told> services) {
    return GoodsWords.of(
        services.stream()
            .flatMap(told -> GoodsWords.named(told.name(), told.model(), told.brand()).stream())
            .findFirst(),
        services.stream().map(ContactTable.Told::unitId).distinct().count());
  }

  private void climb(Batch batch, ContactTable.Contact one, String why) {
    end(batch, one, why);
    List<ContactStep> steps = one.plan().steps();
    int next =
        one.step() == ContactStep.SUBSCRIPTION
            ? steps.indexOf(ContactStep.TEMPLATE)
            : steps.indexOf(one.step()) + 1;
    if (next < steps.size()) {
      ContactStep step = steps.get(next);
      batch.next.add(
          new ContactTable.NewContact(
              ids.next(), one.taskId(), step, one.plan(), when(step, batch.now, batch.day)));
    }
  }

  private static void end(Batch batch, ContactTable.Contact one, String why) {
    batch.changed.add(new ContactTable.Changed(one.id(), ReminderContact.State.ENDED, why, null));
  }

  private static void unsent(Batch batch, ContactTable.Contact one, Reason why, Instant now) {
    batch.unsent.add(
        new NewDecision(
            CareRule.CAUSE,
            one.id(),
            0,
            "",
            "",
            "",
            one.id(),
            Purpose.CARE,
            one.step() == ContactStep.SMS ? ChannelKind.SMS : ChannelKind.WECHAT_TEMPLATE,
            Decision.Result.STOPPED,
            why,
            now));
  }

  private static final Reason REFUSED =
      new Reason(
          "REFUSED_PURPOSE",
          "The person refused service reminders.",
          "Respect it; the service stays on the due list.",
          "客户已拒绝服务提醒，请尊重其选择；该服务仍在到期清单中。");
  private static final Reason NO_SMS =
      new Reason(
          "NO_SMS",
          "The member has no mobile number of their own, or the dealer no SMS account.",
          "Put a number with members().put(…), or give the builder an SmsAccount; else staff call.",
          "该会员没有本人手机号，或商家未配置短信账号；请补充，或由员工电话联系。");
  private static final Reason NO_SMS_TEMPLATE =
      new Reason(
          "NO_SMS_TEMPLATE",
          "No SMS template is there for service reminders.",
          "Put one with the key 'reminder': sms().templates().put(…).",
          "服务提醒没有短信模板，请以 reminder 为键设置模板。");
  private static final Reason NO_MEMBER =
      new Reason(
          "NO_MEMBER",
          "The order is nobody's who is known.",
          "Let the customer scan the order's code: bindings().issue(orderNo).",
          "该订单尚无会员，请出示绑定码让顾客扫码。");
  private static final Reason NO_FOLLOWER =
      new Reason(
          "NO_FOLLOWER",
          "The member follows no account of the dealer.",
          "Let the customer scan the order's code: bindings().issue(orderNo).",
          "该会员未关注公众号，请出示绑定码让顾客扫码关注。");
  private static final Reason NO_TEMPLATE =
      new Reason(
          "NO_TEMPLATE",
          "No template is set for service reminders.",
          "Set one with notices().reminderTemplate(…).",
          "服务提醒没有设置通知模板，请先设置。");
}

package io.laoke.notice;

import io.laoke.binding.BindingBook;
import io.laoke.binding.BindingBook.OrderRecipient;
import io.laoke.binding.RecipientState;
import io.laoke.binding.StageCause;
import io.laoke.catalog.CatalogBook;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.Decisions;
import io.laoke.message.Delivery;
import io.laoke.message.NewDecision;
import io.laoke.message.NewMessage;
import io.laoke.message.Outbox;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.TemplateMessage;
import io.laoke.order.OrderBook;
import io.laoke.order.OrderDetail;
import io.laoke.order.OrderListener;
import io.laoke.order.StageRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts a message into the outbox for each recipient of an order's news. */
final class StageNotices implements OrderListener, BindingBook.Listener {
  private static final Reason NO_RECIPIENT =
      new Reason(
          "NO_RECIPIENT",
          "Nobody receives the notices of this order.",
          "Let the customer scan the order's code: bindings().issue(orderNo).",
          "尚无人接收该订单的通知，请出示绑定码让顾客扫码。");

  private static final Reason NOT_CONFIRMED =
      new Reason(
          "NOT_CONFIRMED",
          "The order was offered to this follower, who has not confirmed it.",
          "They say yes on the order's page, or scan its code: bindings().issue(orderNo).",
          "该订单待此粉丝在订单页确认，也可以出示绑定码让顾客扫码。");

  /** {@code {recipient.hint}} of the notice that asks. */
  static final String ASKED = "请点开确认是否您的订单";

  private static final Reason SAME =
      new Reason(
          "SAME", "The change shows nowhere in the message that they were told before.", "", "");

  private final TemplateTable templates;
  private final OrderBook orders;
  private final CatalogBook catalog;
  private final BindingBook bindings;
  private final Outbox outbox;
  private final Decisions decisions;
  private final Function<Tenant, NoticeSettings> settings;
  private final PageLinks pages;

  StageNotices(
      TemplateTable templates,
      OrderBook orders,
      CatalogBook catalog,
      BindingBook bindings,
      Outbox outbox,
      Decisions decisions,
      Function<Tenant, NoticeSettings> settings,
      PageLinks pages) {
    this.pages = pages;
    this.templates = templates;
    this.orders = orders;
    this.catalog = catalog;
    this.bindings = bindings;
    this.outbox = outbox;
    this.decisions = decisions;
    this.settings = settings;
  }

  @Override
  public void written(Tx tx, Tenant tenant, OrderDetail order, boolean first, Instant now) {
    // What is told are stages.
  }

  @Override
  public void memberChanged(Tx tx, Tenant tenant, OrderDetail order, Instant now) {
    // Recipients are found when there is something to tell.
  }

  @Override
  public void advanced(
      Tx tx, Tenant tenant, OrderDetail order, StageRecord stage, boolean news, Instant now) {
    if (!news) {
      return;
    }
    News told = new News(order, stage, orders.nextMessageSeq(tx, tenant, order.id()), now);
    List<OrderRecipient> recipients = bindings.lock(tx, tenant, order.id());
    if (recipients.isEmpty()) {
      stopped(tx, tenant, told, "", "", NO_RECIPIENT);
    } else {
      told(tx, tenant, told, recipients);
    }
  }

  @Override
  public void advanced(Tx tx, Tenant tenant, List<Advanced> stages, Instant now) {
    List<Advanced> told = stages.stream().filter(Advanced::news).toList();
    if (told.isEmpty()) {
      return;
    }
    Map<Long, Integer> messages = new HashMap<>();
    told.forEach(one -> messages.merge(one.order().id(), 1, Integer::sum));
    Map<Long, Long> seqs = new HashMap<>(orders.nextMessageSeqs(tx, tenant, messages));
    Set<Long> received = bindings.lock(tx, tenant, messages.keySet()).keySet();
    List<NewDecision> unheard = new ArrayList<>();
    for (Advanced one : told) {
      long order = one.order().id();
      long seq = Objects.requireNonNull(seqs.get(order));
      seqs.put(order, seq + 1);
      News news = new News(one.order(), one.stage(), seq, now);
      if (received.contains(order)) {
        // As they are now: an earlier stage may have told them who they are.
        told(tx, tenant, news, bindings.lock(tx, tenant, order));
      } else {
        unheard.add(decision(news, "", "", NO_RECIPIENT));
      }
    }
    decisions.recordNew(tx, tenant, unheard);
  }

  @Override
  public boolean unanswered(
      Tx tx,
      Tenant tenant,
      OrderDetail order,
      StageRecord stage,
      OrderRecipient recipient,
      Instant now) {
    if (stage.at().isEmpty()) {
      return false;
    }
    News left = new News(order, stage, orders.nextMessageSeq(tx, tenant, order.id()), now);
    return told(tx, tenant, left, List.of(recipient));
  }

  /** Whether anybody is told by a message. */
  private boolean told(Tx tx, Tenant tenant, News news, List<OrderRecipient> recipients) {
    boolean any = false;
    Map<String, NoticeTemplate> known = templates.of(tx, tenant, news.stage().stage().name());
    NoticeFacts facts = facts(tx, tenant, news.order(), news.stage());
    for (OrderRecipient recipient : recipients) {
      NoticeTemplate template = known.getOrDefault(recipient.account(), known.get(""));
      @Nullable Reason no =
          switch (recipient.state()) {
            case STOPPED -> RecipientRule.STOPPED;
            case OFFERED -> asks(tenant, recipient) ? ready(template, news) : NOT_CONFIRMED;
            default -> ready(template, news);
          };
      if (no != null) {
        stopped(tx, tenant, news, recipient.account(), recipient.openidHash(), no);
      } else if (template != null) {
        told(tx, tenant, news, recipient, template, facts);
        any = true;
      }
    }
    return any;
  }

  private static @Nullable Reason ready(@Nullable NoticeTemplate template, News news) {
    return template == null ? noTemplate(news.stage()) : null;
  }

  /** Whether the notice asks them if the order is theirs: once, and only if they can answer. */
  private boolean asks(Tenant tenant, OrderRecipient recipient) {
    return recipient.toBeIntroduced() && pages.address(tenant).isPresent();
  }

  private record News(OrderDetail order, StageRecord stage, long seq, Instant now) {}

  private NoticeFacts facts(Tx tx, Tenant tenant, OrderDetail order, StageRecord stage) {
    Optional<String> store =
        order.storeCode().map(code -> catalog.storeName(tx, tenant, code).orElse(code));
    return NoticeFacts.of(tenant, settings.apply(tenant), order, stage, store);
  }

  private void told(
      Tx tx,
      Tenant tenant,
      News news,
      OrderRecipient recipient,
      NoticeTemplate template,
      NoticeFacts facts) {
    NoticeSettings rules = settings.apply(tenant);
    boolean introduces = NoticeWriter.introduces(template);
    boolean unknownToThem =
        recipient.toBeIntroduced()
            || (introduces && introducedInVain(tx, tenant, news, recipient, rules));
    boolean offered = recipient.state() == RecipientState.OFFERED;
    Optional<String> page = pages.order(tenant, news.order().id(), recipient.id(), news.now());
    NoticeFacts theirs = facts.withPage(page);
    if (offered) {
      theirs = theirs.withHint(ASKED);
    } else if (unknownToThem) {
      theirs = theirs.withHint(rules.hint());
    }
    TemplateMessage message = NoticeWriter.message(template, theirs);
    if (offered && page.isPresent()) {
      message = NoticeWriter.asking(message, page.get());
    }
    if (saidBefore(tx, tenant, news, recipient, template, message)) {
      stopped(tx, tenant, news, recipient.account(), recipient.openidHash(), SAME);
      return;
    }
    outbox.enqueue(
        tx,
        tenant,
        new NewMessage(
            StageCause.kind(news.stage().revision()),
            news.stage().id(),
            news.order().id(),
            news.order().orderNo(),
            recipient.account(),
            recipient.openidHash(),
            news.seq(),
            Purpose.ORDER,
            ChannelKind.WECHAT_TEMPLATE,
            message,
            news.now().plus(rules.collect()),
            news.now().plus(rules.collect()).plus(rules.validFor())));
    if (recipient.toBeIntroduced() && (introduces || offered)) {
      bindings.introduced(tx, tenant, recipient.id());
    }
  }

  /**
   * Whether they were to be told that the order was bound by itself, and the notice that says so
   * was not sent, or will not be since this one takes its place.
   */
  private boolean introducedInVain(
      Tx tx, Tenant tenant, News news, OrderRecipient recipient, NoticeSettings rules) {
    List<Delivery.State> introductions =
        outbox.all(tx, tenant, news.order().id(), recipient.openidHash()).stream()
            .filter(put -> NoticeWriter.says(put.body(), rules.hint()))
            .map(Outbox.Put::state)
            .toList();
    return !introductions.isEmpty()
        && introductions.stream().noneMatch(state -> reaches(state, rules));
  }

  private static boolean reaches(Delivery.State state, NoticeSettings rules) {
    return switch (state) {
      case CLAIMED, SENT, PARKED -> true;
      case WAITING, HELD -> !rules.newestOnly();
      case REFUSED, EXPIRED, STOPPED, DROPPED -> false;
    };
  }

  /** Whether a changed stage, such as one reported again with another time, reads as before. */
  private boolean saidBefore(
      Tx tx,
      Tenant tenant,
      News news,
      OrderRecipient recipient,
      NoticeTemplate template,
      TemplateMessage message) {
    return news.stage().revision() > 1
        && outbox
            .newest(tx, tenant, news.order().id(), news.stage().id(), recipient.openidHash())
            .filter(before -> NoticeWriter.readsAs(template, message, before))
            .isPresent();
  }

  private void stopped(
      Tx tx, Tenant tenant, News news, String account, String openidHash, Reason why) {
    decisions.record(tx, tenant, decision(news, account, openidHash, why));
  }

  private static NewDecision decision(News news, String account, String openidHash, Reason why) {
    return new NewDecision(
        StageCause.kind(news.stage().revision()),
        news.stage().id(),
        news.order().id(),
        news.order().orderNo(),
        account,
        openidHash,
        news.seq(),
        Purpose.ORDER,
        ChannelKind.WECHAT_TEMPLATE,
        Decision.Result.STOPPED,
        why,
        news.now());
  }

  private static Reason noTemplate(StageRecord stage) {
    return new Reason(
        "NO_TEMPLATE",
        "No template is set for " + stage.stage() + ".",
        "Set one with notices().template(Stage." + stage.stage() + ", …) if it is to be told.",
        "阶段“" + stage.stage().chinese() + "”没有设置通知模板；如需通知，请先设置。");
  }
}

package io.laoke.notice;

import io.laoke.binding.BindingBook;
import io.laoke.binding.BindingBook.OrderRecipient;
import io.laoke.binding.RecipientState;
import io.laoke.binding.StageCause;
import io.laoke.catalog.CatalogBook;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.ChannelKind;
import io.laoke.message.Outbox;
import io.laoke.message.Outbox.Unsent;
import io.laoke.message.Purpose;
import io.laoke.message.TemplateMessage;
import io.laoke.order.OrderBook;
import io.laoke.order.OrderDetail;
import io.laoke.order.Stage;
import io.laoke.order.StageRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Sets a mapping, and gives its words to what waits. */
final class Rewording {
  private final TemplateTable templates;
  private final OrderBook orders;
  private final CatalogBook catalog;
  private final BindingBook bindings;
  private final Outbox outbox;
  private final Function<Tenant, NoticeSettings> settings;
  private final PageLinks pages;

  Rewording(
      TemplateTable templates,
      OrderBook orders,
      CatalogBook catalog,
      BindingBook bindings,
      Outbox outbox,
      Function<Tenant, NoticeSettings> settings,
      PageLinks pages) {
    this.pages = pages;
    this.templates = templates;
    this.orders = orders;
    this.catalog = catalog;
    this.bindings = bindings;
    this.outbox = outbox;
    this.settings = settings;
  }

  /**
   * Sets it.
   *
   * @param account the account's key, '' for all
   * @return whether it was set otherwise before
   */
  boolean set(
      Tx tx, Tenant tenant, String account, Stage stage, NoticeTemplate template, Instant now) {
    Set<String> accounts = outbox.lockAccounts(tx, tenant);
    if (accounts.isEmpty()) {
      return templates.put(tx, tenant, account, stage.name(), template, now);
    }
    Mappings before = templates.lock(tx, tenant);
    boolean changed = templates.put(tx, tenant, account, stage.name(), template, now);
    Mappings after = changed ? templates.lock(tx, tenant) : before;
    Map<String, Set<String>> paused = outbox.pausedTemplates(tx, tenant);
    for (String one : accounts) {
      Set<String> unused = new HashSet<>(paused.getOrDefault(one, Set.of()));
      unused.removeIf(id -> after.uses(one, id));
      boolean concerned = account.isEmpty() ? after.own(stage, one).isEmpty() : account.equals(one);
      // A pause of a template that no stage uses speaks of words that a change did not reach.
      if (concerned && (changed || !unused.isEmpty())) {
        Set<String> left = new HashSet<>(reword(tx, tenant, one, stage, template));
        before.effective(stage, one).map(NoticeTemplate::templateId).ifPresent(left::add);
        unused.retainAll(left);
        outbox.resumeTemplates(tx, tenant, one, unused);
      }
    }
    return changed;
  }

  private Set<String> reword(
      Tx tx, Tenant tenant, String account, Stage stage, NoticeTemplate template) {
    return outbox.reword(
        tx,
        tenant,
        account,
        Purpose.ORDER,
        ChannelKind.WECHAT_TEMPLATE,
        unsent -> words(tx, tenant, account, stage, template, unsent));
  }

  /** The words that the mappings of now give to notices, whatever these said. */
  Map<Long, TemplateMessage> anew(Tx tx, Tenant tenant, String account, List<Unsent> unsent) {
    Mappings mappings = templates.all(tx, tenant);
    Set<Stage> stages =
        orders
            .stages(
                tx,
                tenant,
                unsent.stream()
                    .filter(one -> StageCause.is(one.causeKind()))
                    .map(Unsent::causeId)
                    .collect(Collectors.toSet()))
            .values()
            .stream()
            .map(StageRecord::stage)
            .collect(Collectors.toSet());
    Map<Long, TemplateMessage> words = new HashMap<>();
    for (Stage stage : stages) {
      mappings
          .effective(stage, account)
          .ifPresent(template -> words.putAll(words(tx, tenant, account, stage, template, unsent)));
    }
    return words;
  }

  private Map<Long, TemplateMessage> words(
      Tx tx,
      Tenant tenant,
      String account,
      Stage stage,
      NoticeTemplate template,
      List<Unsent> unsent) {
    List<Unsent> notices = unsent.stream().filter(one -> StageCause.is(one.causeKind())).toList();
    Map<Long, StageRecord> stages = new HashMap<>();
    orders
        .stages(tx, tenant, notices.stream().map(Unsent::causeId).collect(Collectors.toSet()))
        .forEach(
            (id, record) -> {
              if (record.stage() == stage) {
                stages.put(id, record);
              }
            });
    Map<Long, OrderDetail> about =
        orders.find(
            tx,
            tenant,
            notices.stream()
                .filter(one -> stages.containsKey(one.causeId()))
                .map(Unsent::orderId)
                .collect(Collectors.toSet()));
    Map<String, String> stores =
        catalog.storeNames(
            tx,
            tenant,
            about.values().stream()
                .flatMap(order -> order.storeCode().stream())
                .collect(Collectors.toSet()));
    List<OrderRecipient> recipients =
        pages.address(tenant).isEmpty() ? List.of() : bindings.all(tx, tenant, about.keySet());
    NoticeSettings rules = settings.apply(tenant);
    Map<Long, TemplateMessage> words = new HashMap<>();
    List<BindingBook.Addressee> untold = new ArrayList<>();
    for (Unsent one : notices) {
      StageRecord record = stages.get(one.causeId());
      OrderDetail order = about.get(one.orderId());
      if (record != null && order != null) {
        Optional<String> store = order.storeCode().map(code -> stores.getOrDefault(code, code));
        TemplateMessage message =
            worded(tenant, rules, template, order, record, store, one, recipients);
        words.put(one.id(), message);
        if (says(one.body(), rules.hint()) && !says(message, rules.hint())) {
          untold.add(new BindingBook.Addressee(one.orderId(), account, one.openidHash()));
        }
      }
    }
    // A template without a place for the hint leaves it to the next notice.
    bindings.notIntroduced(tx, tenant, untold);
    return words;
  }

  private static boolean says(TemplateMessage message, String hint) {
    return !hint.isBlank() && NoticeWriter.says(message, hint);
  }

  private static Optional<OrderRecipient> recipient(List<OrderRecipient> all, Unsent message) {
    return all.stream()
        .filter(one -> one.orderId() == message.orderId())
        .filter(one -> one.openidHash().equals(message.openidHash()))
        .findFirst();
  }

  private TemplateMessage worded(
      Tenant tenant,
      NoticeSettings rules,
      NoticeTemplate template,
      OrderDetail order,
      StageRecord record,
      Optional<String> store,
      Unsent before,
      List<OrderRecipient> recipients) {
    Optional<OrderRecipient> recipient = recipient(recipients, before);
    Optional<String> page =
        before
            .body()
            .url()
            .filter(url -> pages.leadsToOrder(tenant, url))
            .or(
                () ->
                    recipient.flatMap(
                        who -> pages.order(tenant, order.id(), who.id(), record.recordedAt())));
    boolean asks = recipient.filter(who -> who.state() == RecipientState.OFFERED).isPresent();
    NoticeFacts facts = NoticeFacts.of(tenant, rules, order, record, store).withPage(page);
    if (asks) {
      facts = facts.withHint(StageNotices.ASKED);
    } else if (says(before.body(), rules.hint())) {
      facts = facts.withHint(rules.hint());
    }
    TemplateMessage message = NoticeWriter.message(template, facts);
    return asks && page.isPresent() ? NoticeWriter.asking(message, page.get()) : message;
  }
}

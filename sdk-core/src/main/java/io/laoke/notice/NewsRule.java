package io.laoke.notice;

import io.laoke.binding.StageCause;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.GateRule;
import io.laoke.message.Outbox;
import io.laoke.message.Outbox.Waiting;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.order.OrderBook;
import io.laoke.order.OrderBook.StageTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stops what is no news any more: what happened too long ago, and what a newer stage of the same
 * lines says better. Holds the rest until the morning. What a person asked for passes.
 */
final class NewsRule implements GateRule {
  private static final Reason STALE =
      new Reason(
          "STALE",
          "It happened too long ago to be news.",
          "Retry it if the customer should be told all the same.",
          "事件发生已久，不再主动通知；如仍需告知，可手动重试。");
  private static final Reason SUPERSEDED =
      new Reason(
          "SUPERSEDED",
          "A newer stage of the same lines waits for this recipient instead.",
          "Whether that one was told says its own decision.",
          "同一批商品的新进度正等待发给该接收人，本条不再发送；新进度是否送达，以其自己的判定为准。");
  private static final Reason NIGHT =
      new Reason("NIGHT", "Nobody is told of an order at night; it waits for the morning.", "", "");

  private final OrderBook orders;
  private final Outbox outbox;
  private final Function<Tenant, NoticeSettings> settings;

  NewsRule(OrderBook orders, Outbox outbox, Function<Tenant, NoticeSettings> settings) {
    this.orders = orders;
    this.outbox = outbox;
    this.settings = settings;
  }

  private record Key(long orderId, String openidHash) {}

  @Override
  public List<Verdict> judge(Tx tx, Tenant tenant, Instant now, List<Candidate> messages) {
    NoticeSettings rules = settings.apply(tenant);
    Set<Long> about =
        messages.stream()
            .filter(NewsRule::stage)
            .map(Candidate::orderId)
            .collect(Collectors.toSet());
    Map<Key, List<Waiting>> waiting =
        rules.newestOnly()
            ? outbox.waiting(tx, tenant, about, now).stream()
                .filter(one -> StageCause.is(one.causeKind()))
                .collect(Collectors.groupingBy(one -> new Key(one.orderId(), one.openidHash())))
            : new HashMap<>();
    Set<Long> ids = new HashSet<>();
    messages.stream().filter(NewsRule::stage).forEach(message -> ids.add(message.causeId()));
    waiting.values().forEach(some -> some.forEach(one -> ids.add(one.causeId())));
    Map<Long, StageTime> stages = orders.stageTimes(tx, tenant, ids);
    Optional<Instant> morning = rules.night().flatMap(night -> night.morning(now, tenant.zone()));
    Judge judge = new Judge(waiting, stages, now.minus(rules.staleAfter()), morning);
    return messages.stream()
        .map(message -> concerned(message) ? judge.verdict(message) : Verdict.pass())
        .toList();
  }

  private static boolean concerned(Candidate message) {
    return message.purpose() == Purpose.ORDER && !message.wanted();
  }

  private static boolean stage(Candidate message) {
    return concerned(message) && StageCause.is(message.causeKind());
  }

  private record Judge(
      Map<Key, List<Waiting>> waiting,
      Map<Long, StageTime> stages,
      Instant oldest,
      Optional<Instant> morning) {
    Verdict verdict(Candidate message) {
      StageTime stage = stage(message) ? stages.get(message.causeId()) : null;
      if (stale(stage)) {
        return new Verdict.Stop(STALE);
      }
      if (stage != null && superseded(message, stage)) {
        return new Verdict.Stop(SUPERSEDED);
      }
      return morning
          .<Verdict>map(until -> new Verdict.Defer(until, NIGHT))
          .orElseGet(Verdict::pass);
    }

    private boolean stale(@Nullable StageTime stage) {
      return stage != null && stage.at().isBefore(oldest);
    }

    private boolean superseded(Candidate message, StageTime stage) {
      return waiting
          .getOrDefault(new Key(message.orderId(), message.openidHash()), List.of())
          .stream()
          .filter(later -> later.seq() > message.seq())
          .map(later -> stages.get(later.causeId()))
          .anyMatch(later -> later != null && !stale(later) && later.scope().equals(stage.scope()));
    }
  }
}

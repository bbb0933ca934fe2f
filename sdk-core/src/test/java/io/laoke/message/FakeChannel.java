package io.laoke.message;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A channel whose answers a test gives, and which remembers what it was handed. */
final class FakeChannel implements MessageChannel {
  Duration window = Duration.ofMinutes(10);
  Duration callLimit = Duration.ofMillis(200);
  int maxInFlight = 8;
  Function<Outbound, CompletionStage<SendOutcome>> answer = message -> now(accepted(message));
  Function<Outbound, Optional<CompletionStage<SendOutcome>>> lookup = message -> Optional.empty();
  final List<Outbound> sent = new ArrayList<>();
  final Queue<SendOutcome> script = new ArrayDeque<>();
  final AtomicInteger under = new AtomicInteger();
  final AtomicInteger most = new AtomicInteger();

  static SendOutcome accepted(Outbound message) {
    return new SendOutcome.Accepted("p" + message.dedupeId(), List.of());
  }

  static CompletionStage<SendOutcome> now(SendOutcome outcome) {
    return CompletableFuture.completedFuture(outcome);
  }

  /** Answers with these in turn, then accepts. */
  void script(SendOutcome... outcomes) {
    synchronized (sent) {
      script.addAll(List.of(outcomes));
    }
  }

  List<Outbound> sent() {
    synchronized (sent) {
      return List.copyOf(sent);
    }
  }

  List<String> values() {
    return sent().stream().map(m -> m.body().fields().get("thing1").value()).toList();
  }

  @Override
  public Duration dedupeWindow() {
    return window;
  }

  @Override
  public Duration callLimit() {
    return callLimit;
  }

  @Override
  public int maxInFlight() {
    return maxInFlight;
  }

  @Override
  public CompletionStage<SendOutcome> send(Outbound message) {
    SendOutcome scripted;
    synchronized (sent) {
      sent.add(message);
      scripted = script.poll();
    }
    most.accumulateAndGet(under.incrementAndGet(), Math::max);
    CompletionStage<SendOutcome> stage = scripted == null ? answer.apply(message) : now(scripted);
    if (stage instanceof CompletableFuture<SendOutcome> future
        && future.getClass() == CompletableFuture.class) {
      return stage.whenComplete((outcome, failure) -> under.decrementAndGet());
    }
    under.decrementAndGet();
    return stage;
  }

  @Override
  public Optional<CompletionStage<SendOutcome>> lookup(Outbound message) {
    return lookup.apply(message);
  }
}

package io.laoke.sms;

import io.laoke.message.ReceiptSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A provider that answers what a test says, else takes everything. */
public final class FakeSms implements SmsSender {
  private final String provider;
  private final List<SmsRequest> sent = new ArrayList<>();
  private final Deque<SmsResult> next = new ArrayDeque<>();
  private final Deque<ReceiptSource.Answer> answers = new ArrayDeque<>();
  private final List<ReceiptSource.Question> asked = new ArrayList<>();
  private boolean asking;

  public FakeSms(String provider) {
    this.provider = provider;
  }

  public synchronized void next(SmsResult result) {
    next.add(result);
  }

  public synchronized List<SmsRequest> sent() {
    return List.copyOf(sent);
  }

  /** It can be asked what became of messages, and says that next; else that it knows nothing. */
  public synchronized void tells(ReceiptSource.Answer... said) {
    asking = true;
    answers.addAll(List.of(said));
  }

  /** What it was asked for. */
  public synchronized List<ReceiptSource.Question> asked() {
    return List.copyOf(asked);
  }

  @Override
  public synchronized Optional<ReceiptSource> receipts() {
    return asking ? Optional.of(new Asking()) : Optional.empty();
  }

  private final class Asking implements ReceiptSource {
    @Override
    public CompletionStage<Answer> ask(Question question) {
      synchronized (FakeSms.this) {
        asked.add(question);
        Answer scripted = answers.poll();
        return CompletableFuture.completedFuture(
            scripted == null ? new Answer.Nothing() : scripted);
      }
    }

    @Override
    public Duration callLimit() {
      return Duration.ofSeconds(1);
    }
  }

  @Override
  public String provider() {
    return provider;
  }

  @Override
  public synchronized CompletionStage<SmsResult> send(SmsRequest message) {
    sent.add(message);
    SmsResult scripted = next.poll();
    return CompletableFuture.completedFuture(
        scripted != null
            ? scripted
            : new SmsResult.Accepted("p" + sent.size(), OptionalInt.empty()));
  }
}

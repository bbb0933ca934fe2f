package io.laoke.sms;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A provider that answers what a test says, else takes everything. */
public final class FakeSms implements SmsSender {
  private final String provider;
  private final List<SmsRequest> sent = new ArrayList<>();
  private final Deque<SmsResult> next = new ArrayDeque<>();

  public FakeSms(String provider) {
    this.provider = provider;
  }

  public synchronized void next(SmsResult result) {
    next.add(result);
  }

  public synchronized List<SmsRequest> sent() {
    return List.copyOf(sent);
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

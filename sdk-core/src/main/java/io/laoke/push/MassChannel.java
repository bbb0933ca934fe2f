package io.laoke.push;

import io.laoke.message.MessageChannel;
import io.laoke.message.Outbound;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sends batches that were read for it: to their very list, with their very payload. */
final class MassChannel implements MessageChannel {
  private static final Duration REST = Duration.ofSeconds(61);

  private final ArticleChannel articles;
  private final Map<String, Ready> batches;

  /** What a batch sends to whom. */
  record Ready(List<String> openids, MassPayload payload) {
    /** Shows numbers only. */
    @Override
    public String toString() {
      return "Ready[" + openids.size() + " openids]";
    }
  }

  MassChannel(ArticleChannel articles, Map<String, Ready> batches) {
    this.articles = articles;
    this.batches = Map.copyOf(batches);
  }

  @Override
  public Duration dedupeWindow() {
    return articles.dedupeWindow();
  }

  @Override
  public Duration repeatAfter() {
    return REST;
  }

  @Override
  public Duration callLimit() {
    return articles.callLimit();
  }

  @Override
  public int maxInFlight() {
    return 1;
  }

  @Override
  public CompletionStage<SendOutcome> send(Outbound message) {
    Ready batch = batches.get(message.to());
    if (batch == null) {
      return CompletableFuture.completedStage(
          new SendOutcome.Refused(
              new Reason(
                  "BATCH_ENDED",
                  "The batch has ended: it was sent, or its followers have their message of the month back.",
                  "Make another plan for these followers.",
                  "该批次已结束（已发送，或本月额度已退回）；如需再发，请为这些粉丝另建计划。"),
              false,
              false));
    }
    if (batch.openids.size() < ArticleChannel.MIN_RECIPIENTS) {
      Reason gone =
          new Reason(
              "NOBODY_LEFT",
              "Fewer than two of the batch's followers can still be written to.",
              "Nothing to do.",
              "该批次可发送的粉丝不足两人。");
      return CompletableFuture.completedStage(
          message.repeated()
              ? new SendOutcome.Unknown(gone)
              : new SendOutcome.Refused(gone, false, false));
    }
    return articles.send(batch.openids, batch.payload, message.dedupeId(), message.repeated());
  }
}

package io.laoke.push;

import io.laoke.message.MessageChannel;
import io.laoke.message.Outbound;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sends batches that were read for it: to their very list, with their very payload. */
final class MassChannel implements MessageChannel {
  private static final Duration REST = Duration.ofSeconds(61);

  private final ArticleChannel articles;
  private final Map<String, Ready> batches;

  /**
   * What a batch sends to whom.
   *
   * @param tag that its only follower carries
   */
  record Ready(List<String> openids, MassPayload payload, OptionalLong tag) {
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
    boolean byTag = batch.tag.isPresent() && batch.openids.size() == 1;
    if (!byTag && batch.openids.size() < ArticleChannel.MIN_RECIPIENTS) {
      Reason gone =
          new Reason(
              "NOBODY_LEFT",
              "Of the batch's followers none, or one without a tag, can still be written to.",
              "Nothing to do.",
              "该批次已没有可发送的粉丝（或只剩一人且无标签）。");
      return CompletableFuture.completedStage(
          message.repeated()
              ? new SendOutcome.Unknown(gone)
              : new SendOutcome.Refused(gone, false, false));
    }
    return byTag
        ? articles.sendToTag(
            batch.tag.getAsLong(), batch.payload, message.dedupeId(), message.repeated())
        : articles.send(batch.openids, batch.payload, message.dedupeId(), message.repeated());
  }
}

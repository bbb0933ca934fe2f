package io.laoke.push;

import io.laoke.error.ConflictException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends to who is the only one of a batch, which WeChat's lists do not take: by a tag that nobody
 * else carries. The tag has the batch's name and is written down as soon as it is known, so whoever
 * goes on after a kill finds it; it is put on before the message is handed to the outbox, and taken
 * away again long after that has left.
 */
final class LoneFollowers {
  private static final Logger LOG = LoggerFactory.getLogger(LoneFollowers.class);
  private static final Duration REST = Duration.ofMinutes(1);
  private static final Duration REFUSED_REST = Duration.ofHours(1);

  /** A send by tag has certainly been carried out so long after it was taken. */
  private static final Duration KEPT = Duration.ofHours(2);

  private static final Duration CLEANED_AGAIN = Duration.ofMinutes(10);

  private final Database database;
  private final Channels channels;
  private final BatchRecipients recipients;
  private final BatchMessages messages;
  private final ContentPreparer preparer;

  LoneFollowers(
      Database database,
      Channels channels,
      BatchRecipients recipients,
      BatchMessages messages,
      ContentPreparer preparer) {
    this.database = database;
    this.channels = channels;
    this.recipients = recipients;
    this.messages = messages;
    this.preparer = preparer;
  }

  /** The tag's name at WeChat, of at most 30 characters. */
  static String tagName(long batchId) {
    return "laoke-" + batchId;
  }

  /**
   * Puts the tag on, and lets the batch leave.
   *
   * @param turn the plan's, which the caller has
   * @return for how long the plan is left alone; empty if the batch has left, or never will
   */
  Optional<Duration> take(
      Tenant tenant, PlanTable.Stored plan, PlanTurn turn, BatchTable.Batch batch, Instant now) {
    Optional<Duration> valid =
        database.own("look whether a batch may leave", tx -> BatchMessages.left(tx, batch));
    List<String> openids =
        database.own("read the follower of a batch", tx -> recipients.of(tx, tenant, batch));
    if (valid.isEmpty() || openids.size() != 1) {
      return failed(tenant, turn, batch, valid.isEmpty() ? PlanReasons.TOO_LATE.code() : "NOBODY");
    }
    ArticleChannel articles = channels.of(tenant, batch.account()).articles();
    ChannelAnswer<Long> tag = tag(tenant, articles, batch);
    if (tag.given().isEmpty()) {
      return waits(tenant, batch, tag);
    }
    ChannelAnswer<ArticleChannel.Tagged> answer =
        Channels.await(articles.tag(tag.given().get(), openids), articles.callLimit());
    if (answer.given().isEmpty()) {
      return waits(tenant, batch, answer);
    }
    ArticleChannel.Tagged tagged = answer.given().get();
    if (!tagged.refused().isEmpty()) {
      Reason why = tagged.refused().values().iterator().next();
      LOG.warn(
          "laoke.plans.tag: batch {} of dealer '{}' is not sent: its follower cannot be tagged: {} {}",
          batch.id(),
          tenant.code(),
          why.code(),
          why.text());
      return failed(tenant, turn, batch, PlanReasons.UNTAGGED.code());
    }
    if (!tagged.done().containsAll(openids)) {
      return Optional.of(REST);
    }
    database.own(
        "let a batch leave by its tag",
        tx -> {
          boolean ours =
              turn.hold(tx, PlanState.RUNNING)
                  && BatchTable.settle(
                      tx, tenant, batch.id(), batch.state(), BatchTable.State.OPEN, "");
          if (ours) {
            messages.enqueue(tx, tenant, plan.saved().plan(), batch.id(), now, valid.get());
          }
          return ours;
        });
    return Optional.empty();
  }

  /** The batch's own tag, written down. */
  private ChannelAnswer<Long> tag(Tenant tenant, ArticleChannel articles, BatchTable.Batch batch) {
    String name = tagName(batch.id());
    ChannelAnswer<Long> tag =
        Channels.await(articles.findTag(name), articles.callLimit())
            .then(
                there ->
                    there.isPresent()
                        ? ChannelAnswer.done(there.get())
                        : Channels.await(articles.createTag(name), articles.callLimit()));
    tag.given()
        .ifPresent(
            id ->
                database.own(
                    "write the tag of a batch down",
                    tx -> {
                      long until = tx.machineMillis() + KEPT.toMillis();
                      BatchTable.tagged(tx, tenant, batch.id(), id, until);
                      return id;
                    }));
    return tag;
  }

  private static Optional<Duration> waits(
      Tenant tenant, BatchTable.Batch batch, ChannelAnswer<?> answer) {
    LOG.warn(
        "laoke.plans.tag: batch {} of dealer '{}' waits for a tag: {}",
        batch.id(),
        tenant.code(),
        answer.reason().map(why -> why.code() + " " + why.text()).orElse(""));
    if (answer instanceof ChannelAnswer.Later<?> later) {
      return Optional.of(later.after().compareTo(REST) < 0 ? REST : later.after());
    }
    // Such as for too many tags of an account, which somebody has to look after.
    return Optional.of(answer instanceof ChannelAnswer.Refused ? REFUSED_REST : REST);
  }

  private Optional<Duration> failed(
      Tenant tenant, PlanTurn turn, BatchTable.Batch batch, String reason) {
    boolean ours =
        database.own(
            "give a message of the month back",
            tx ->
                turn.hold(tx, PlanState.RUNNING)
                    && BatchTable.settle(
                        tx, tenant, batch.id(), batch.state(), BatchTable.State.FAILED, reason)
                    && BatchEnds.returned(tx, tenant, batch));
    if (ours) {
      preparer.drop(tenant, batch.account(), batch.prepared());
    }
    return Optional.empty();
  }

  /** Of plans that were cancelled, none leaves any more; whether there was one. */
  boolean abandon(Tenant tenant) {
    List<BatchTable.Batch> abandoned =
        database.own(
            "give up what waits for a tag",
            tx ->
                BatchTable.abandoned(tx, tenant).stream()
                    .filter(
                        batch ->
                            BatchTable.settle(
                                    tx,
                                    tenant,
                                    batch.id(),
                                    batch.state(),
                                    BatchTable.State.FAILED,
                                    PlanReasons.CANCELLED.code())
                                && BatchEnds.returned(tx, tenant, batch))
                    .toList());
    abandoned.forEach(batch -> preparer.drop(tenant, batch.account(), batch.prepared()));
    return !abandoned.isEmpty();
  }

  /** Deletes a tag that is not needed any more; whether there was one. */
  boolean clean(Tenant tenant) {
    Optional<BatchTable.Tag> old =
        database.own(
            "look for a tag to delete",
            tx ->
                BatchTable.oldTag(tx, tenant)
                    .filter(
                        tag -> {
                          Duration next = tag.needed() ? KEPT : CLEANED_AGAIN;
                          return BatchTable.keepTag(
                              tx, tenant, tag, tx.machineMillis() + next.toMillis());
                        }));
    if (old.isEmpty() || old.get().needed()) {
      return false;
    }
    ArticleChannel articles;
    try {
      articles = channels.of(tenant, old.get().account()).articles();
    } catch (NotFoundException | ConflictException gone) {
      LOG.debug("The account of tag {} is not there now", old.get().tagId(), gone);
      return false; // tried again by then; plans of other accounts go on
    }
    ChannelAnswer<Boolean> deleted =
        Channels.await(articles.deleteTag(old.get().tagId()), articles.callLimit());
    if (deleted.given().isEmpty()) {
      return false; // tried again by then
    }
    database.own(
        "forget a tag",
        tx -> {
          BatchTable.untagged(tx, tenant, old.get().batchId());
          return true;
        });
    return true;
  }
}

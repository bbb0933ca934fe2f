package io.laoke.message;

import io.laoke.error.StoreException;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Privacy;
import java.time.Instant;
import java.util.List;

/** A fact from outside as the callback inbox keeps it. */
record StoredFact(
    String kind,
    String key,
    long at,
    String openid,
    List<String> texts,
    List<Integer> counts,
    boolean flag) {

  static String kind(Inbound fact) {
    return fact.getClass().getSimpleName();
  }

  static String write(Json json, Privacy privacy, Inbound fact) {
    return Sealed.seal(json, privacy, json.write(of(fact)));
  }

  static Inbound read(Json json, Privacy privacy, String sealed) {
    return json.read(Sealed.open(json, privacy, sealed), StoredFact.class).fact();
  }

  private static StoredFact of(Inbound fact) {
    if (fact instanceof Inbound.Scanned scanned) {
      return of(fact, List.of(scanned.scene()), List.of(), scanned.followed());
    }
    if (fact instanceof Inbound.Said said) {
      return of(fact, List.of(said.text()), List.of(), false);
    }
    if (fact instanceof Inbound.Clicked clicked) {
      return of(fact, List.of(clicked.menuKey()), List.of(), false);
    }
    if (fact instanceof Inbound.Reported reported) {
      return of(
          fact,
          List.of(reported.providerId(), reported.delivery().name(), reported.detail()),
          List.of(),
          false);
    }
    if (fact instanceof Inbound.SmsReport report) {
      return of(
          fact,
          List.of(
              report.providerId(), report.messageId(), report.delivery().name(), report.detail()),
          List.of(),
          false);
    }
    if (fact instanceof Inbound.SmsReply reply) {
      return of(fact, List.of(reply.signature(), reply.text()), List.of(), false);
    }
    if (fact instanceof Inbound.JobReported job) {
      return of(
          fact,
          List.of(job.providerId(), job.detail()),
          List.of(job.total(), job.filtered(), job.sent(), job.failed()),
          job.succeeded());
    }
    return of(fact, List.of(), List.of(), false);
  }

  private static StoredFact of(
      Inbound fact, List<String> texts, List<Integer> counts, boolean flag) {
    return new StoredFact(
        kind(fact), fact.key(), fact.at().toEpochMilli(), fact.openid(), texts, counts, flag);
  }

  private Inbound fact() {
    Instant when = Instant.ofEpochMilli(at);
    return switch (kind) {
      case "Scanned" -> new Inbound.Scanned(key, when, openid, texts.get(0), flag);
      case "Followed" -> new Inbound.Followed(key, when, openid);
      case "Unfollowed" -> new Inbound.Unfollowed(key, when, openid);
      case "Said" -> new Inbound.Said(key, when, openid, texts.get(0));
      case "Clicked" -> new Inbound.Clicked(key, when, openid, texts.get(0));
      case "Reported" ->
          new Inbound.Reported(
              key,
              when,
              openid,
              texts.get(0),
              Inbound.Delivery.valueOf(texts.get(1)),
              texts.get(2));
      case "SmsReport" ->
          new Inbound.SmsReport(
              key,
              when,
              openid,
              texts.get(0),
              texts.get(1),
              Inbound.Delivery.valueOf(texts.get(2)),
              texts.get(3));
      case "SmsReply" -> new Inbound.SmsReply(key, when, openid, texts.get(0), texts.get(1));
      case "JobReported" ->
          new Inbound.JobReported(
              key,
              when,
              openid,
              texts.get(0),
              flag,
              texts.get(1),
              counts.get(0),
              counts.get(1),
              counts.get(2),
              counts.get(3));
      default ->
          throw new StoreException(
              "A fact of the kind %s was written by a newer version of Laoke; let a newer node process it."
                  .formatted(kind),
              null,
              true);
    };
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "StoredFact[" + kind + "]";
  }
}

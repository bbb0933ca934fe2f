package io.laoke.wechat;

import io.laoke.error.InvalidInputException;
import io.laoke.message.Inbound;
import io.laoke.message.Inbound.Delivery;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** WeChat's messages and events as facts of Laoke, where it knows them. */
final class Inbounds {
  private static final String SCENE = "qrscene_";
  private static final long MAX_SECONDS = 253_402_300_799L;

  private Inbounds() {}

  /** The fact; empty for everything that Laoke has no use for, and for what makes no sense. */
  static Optional<Inbound> of(PushBody push) {
    String openid = push.field("FromUserName");
    Optional<Instant> at = time(push.field("CreateTime"));
    if (at.isEmpty() || openid.isBlank()) {
      return Optional.empty();
    }
    try {
      return switch (push.field("MsgType").toLowerCase(Locale.ROOT)) {
        case "event" -> event(push, openid, at.get());
        case "text" ->
            Optional.of(
                new Inbound.Said(messageKey(push), at.get(), openid, push.field("Content")));
        default -> Optional.empty();
      };
    } catch (InvalidInputException e) {
      return Optional.empty();
    }
  }

  private static Optional<Inbound> event(PushBody push, String openid, Instant at) {
    String event = push.field("Event").toLowerCase(Locale.ROOT);
    String eventKey = push.field("EventKey");
    String key = eventKey(push, event);
    return switch (event) {
      case "subscribe" ->
          Optional.of(
              eventKey.startsWith(SCENE) && eventKey.length() > SCENE.length()
                  ? new Inbound.Scanned(key, at, openid, eventKey.substring(SCENE.length()), true)
                  : new Inbound.Followed(key, at, openid));
      case "scan" ->
          eventKey.isEmpty()
              ? Optional.empty()
              : Optional.of(new Inbound.Scanned(key, at, openid, eventKey, false));
      case "unsubscribe" -> Optional.of(new Inbound.Unfollowed(key, at, openid));
      case "click" -> Optional.of(new Inbound.Clicked(key, at, openid, eventKey));
      case "templatesendjobfinish" -> Optional.of(reported(push, event, at, openid));
      case "masssendjobfinish" -> jobReported(push, event, at, openid);
      default -> Optional.empty();
    };
  }

  private static Inbound reported(PushBody push, String event, Instant at, String openid) {
    String id = jobId(push);
    String status = push.field("Status");
    String plain = normalised(status);
    Delivery delivery =
        plain.equals("success")
            ? Delivery.DELIVERED
            : plain.contains("userblock") ? Delivery.BLOCKED : Delivery.FAILED;
    return new Inbound.Reported(event + ":" + id, at, openid, id, delivery, detail(status));
  }

  private static Optional<Inbound> jobReported(
      PushBody push, String event, Instant at, String openid) {
    return MassReports.of(push)
        .map(
            report ->
                new Inbound.JobReported(
                    // One that says otherwise is no repeat.
                    event + ":" + report.msgId() + ":" + plain(report.status()),
                    at,
                    openid,
                    String.valueOf(report.msgId()),
                    report.succeeded(),
                    report.status(),
                    report.total(),
                    report.filtered(),
                    report.sent(),
                    report.failed()));
  }

  private static String plain(String status) {
    return status.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9()]", "");
  }

  static String jobId(PushBody push) {
    String id = push.field("MsgID").strip();
    return id.isEmpty() ? push.field("MsgId").strip() : id;
  }

  private static String messageKey(PushBody push) {
    String id = push.field("MsgId").strip();
    return id.isEmpty() ? eventKey(push, "text") : "msg:" + id;
  }

  /** Who, when, what and which, without showing who. */
  private static String eventKey(PushBody push, String event) {
    String who =
        String.join(
            "\n", push.field("FromUserName"), push.field("EventKey"), push.field("Content"));
    String hash =
        Base64.getUrlEncoder().withoutPadding().encodeToString(Signature.digest("SHA-256", who));
    return event + ":" + push.field("CreateTime").strip() + ":" + hash;
  }

  private static String normalised(String status) {
    return status.toLowerCase(Locale.ROOT).replaceAll("\\s+", "");
  }

  static String detail(String status) {
    return status.length() <= 200 ? status : status.substring(0, 200);
  }

  private static Optional<Instant> time(String seconds) {
    try {
      long value = Long.parseLong(seconds.strip());
      return value > 0 && value <= MAX_SECONDS
          ? Optional.of(Instant.ofEpochSecond(value))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}

package io.laoke.simulator;

import io.laoke.simulator.CallbackDelivery.Attempt;
import io.laoke.simulator.CallbackDelivery.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A push on its way. The content is fixed when it is made; state is guarded by the world. */
final class Push {
  final long number;
  final Instant at;
  final SimulatedAccount account;
  final Follower follower;
  final String event;
  final Map<String, Object> fields;
  final PushSettings settings;
  Status status = Status.PENDING;
  String url = "";
  String body = "";
  final List<Attempt> attempts = new ArrayList<>();
  final List<ChatMessage> replies = new ArrayList<>();

  Push(
      long number,
      Instant at,
      SimulatedAccount account,
      Follower follower,
      String event,
      Map<String, Object> fields,
      PushSettings settings) {
    this.number = number;
    this.at = at;
    this.account = account;
    this.follower = follower;
    this.event = event;
    this.fields = new LinkedHashMap<>(fields);
    this.settings = settings;
  }

  /** Whether the phone waits for what the host answers. */
  boolean wantsReply() {
    return !event.endsWith("JOBFINISH") && !event.equals("unsubscribe") && !event.equals("VIEW");
  }

  boolean isOver() {
    return status != Status.PENDING && status != Status.HELD;
  }

  String content() {
    return PushBodies.plain(settings.format(), fields);
  }

  CallbackDelivery snapshot() {
    return new CallbackDelivery(
        number,
        at,
        account.appId(),
        event,
        follower.openId(),
        content(),
        url,
        body,
        status,
        List.copyOf(attempts));
  }

  /** The account's push settings when the push was made. */
  record PushSettings(
      String url,
      String token,
      String aesKey,
      @Nullable String previousAesKey,
      PushMode mode,
      PushFormat format) {

    /** Keeps keys out of logs. */
    @Override
    public String toString() {
      return "PushSettings[" + mode + ", " + format + "]";
    }
  }
}

package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import com.fasterxml.jackson.core.JsonGenerator;
import io.laoke.message.MessageChannel;
import io.laoke.message.Outbound;
import io.laoke.message.SendOutcome;
import io.laoke.message.SendOutcome.FittedField;
import io.laoke.message.TemplateMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Messages of one form, to one person each. */
final class TemplateChannel implements MessageChannel {
  private static final Logger log = LoggerFactory.getLogger(TemplateChannel.class);
  private static final Duration MARGIN = Duration.ofMillis(200);
  private static final int QUEUE = 1000;

  private final MessageForm form;
  private final Api api;
  private final Workers workers;
  private final SendGate gate;
  private final Outcomes outcomes;
  private final Duration callTimeout;
  private final long startWithin;
  private final long endWithin;
  private final int maxInFlight;

  TemplateChannel(MessageForm form, Api api, Workers workers, OfficialAccountSettings settings) {
    this.form = form;
    this.api = api;
    this.workers = workers;
    callTimeout = settings.callTimeout();
    startWithin = callTimeout.dividedBy(2).toNanos();
    endWithin = callTimeout.minus(MARGIN).toNanos();
    maxInFlight = settings.maxInFlight();
    gate = new SendGate(maxInFlight, settings.sendsPerSecond(), QUEUE, workers, System::nanoTime);
    outcomes = new Outcomes(settings.clock());
  }

  @Override
  public Duration dedupeWindow() {
    return form.dedupeWindow();
  }

  @Override
  public Duration callLimit() {
    return callTimeout;
  }

  @Override
  public int maxInFlight() {
    return maxInFlight;
  }

  @Override
  public CompletionStage<SendOutcome> send(Outbound message) {
    notNull("message", message);
    long now = System.nanoTime();
    Delivery delivery = new Delivery(message, now + startWithin, now + endWithin);
    try {
      gate.enter(delivery, delivery.startBy);
    } catch (RejectedExecutionException e) {
      delivery.end(Calls.closed(form.path()));
    }
    return delivery.outcome;
  }

  private final class Delivery implements SendGate.Send {
    private final Outbound message;
    private final Request request;
    private final List<FittedField> fitted = new ArrayList<>();
    private final long startBy;
    private final long end;
    private final CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();

    Delivery(Outbound message, long startBy, long end) {
      this.startBy = startBy;
      this.end = end;
      this.message = message;
      request = Request.post(form.path(), Json.bytes(json -> write(message, json))).asPaced();
    }

    private void write(Outbound message, JsonGenerator json) throws IOException {
      TemplateMessage template = message.body();
      json.writeStartObject();
      json.writeStringField("touser", message.to());
      json.writeStringField("template_id", template.templateId());
      String url = template.url().orElse("");
      if (!url.isBlank()) {
        json.writeStringField("url", url);
      }
      TemplateMessage.MiniProgram program = template.miniProgram().orElse(null);
      if (program != null) {
        json.writeObjectFieldStart("miniprogram");
        json.writeStringField("appid", program.appId());
        json.writeStringField("pagepath", program.pagePath());
        json.writeEndObject();
      }
      form.write(message, json, fitted);
      json.writeEndObject();
    }

    @Override
    public void go() {
      long since = System.nanoTime();
      CompletableFuture<CallResult> call;
      try {
        call = api.start(request, startBy, end);
      } catch (RuntimeException | Error fault) {
        log.error("a fault of Laoke's in a call to {}", form.path(), fault);
        call =
            CompletableFuture.completedFuture(
                Problem.unclear(form.path(), "FAULT", "Laoke itself failed", fault));
      }
      Calls.then(
          call,
          result -> {
            boolean taken = result instanceof CallResult.Success;
            long took = taken ? System.nanoTime() - since : SendGate.SAYS_NOTHING;
            try {
              end(result);
            } finally {
              workers.last(() -> gate.done(took));
            }
          },
          this::end,
          form.path());
    }

    @Override
    public void tooLate(boolean queueFull) {
      end(
          queueFull
              ? Problem.notSent(
                  form.path(), "QUEUE_FULL", "Too many messages wait to be sent", null)
              : Problem.notSent(
                  form.path(), "NO_TURN", "The account's rate left no room in time", null));
    }

    private void end(CallResult result) {
      SendOutcome told = outcomes.of(form.path(), result, fitted, form.idOf(message));
      if (result instanceof Problem problem) {
        boolean needsPerson =
            told instanceof SendOutcome.Misconfigured
                || (told instanceof SendOutcome.Refused refused && refused.alarm());
        log.atLevel(needsPerson ? Level.WARN : Level.INFO)
            .log("A message was not accepted: {}", problem);
      }
      workers.foreign(() -> outcome.complete(told));
    }
  }
}

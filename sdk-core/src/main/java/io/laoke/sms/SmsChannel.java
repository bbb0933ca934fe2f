package io.laoke.sms;

import io.laoke.base.Phone;
import io.laoke.message.MessageChannel;
import io.laoke.message.Outbound;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.message.TemplateMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Sends by a provider what fits its template, and says what the provider's answer means. */
final class SmsChannel implements MessageChannel {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final SmsSender sender;
  private final String signature;
  private final SmsHours hours;
  private final Clock clock;
  private final Map<String, SmsTemplate> templates;

  SmsChannel(SmsSender sender, String signature, SmsHours hours, Clock clock) {
    this(sender, signature, hours, clock, Map.of());
  }

  private SmsChannel(
      SmsSender sender,
      String signature,
      SmsHours hours,
      Clock clock,
      Map<String, SmsTemplate> templates) {
    this.sender = sender;
    this.signature = signature;
    this.hours = hours;
    this.clock = clock;
    this.templates = templates;
  }

  /** The same with templates at hand. */
  SmsChannel with(Map<String, SmsTemplate> known) {
    return new SmsChannel(sender, signature, hours, clock, Map.copyOf(known));
  }

  Clock clock() {
    return clock;
  }

  /** No provider recognises a repeat. */
  @Override
  public Duration dedupeWindow() {
    return Duration.ZERO;
  }

  @Override
  public Duration callLimit() {
    return sender.callLimit();
  }

  @Override
  public int maxInFlight() {
    return sender.maxInFlight();
  }

  @Override
  public CompletionStage<SendOutcome> send(Outbound message) {
    Checked checked = checked(message.purpose(), message.body());
    SendOutcome wrong = checked.wrong;
    if (wrong != null) {
      return CompletableFuture.completedFuture(wrong);
    }
    Optional<Phone> phone = Phone.read(message.to());
    if (phone.isEmpty()) {
      return CompletableFuture.completedFuture(
          new SendOutcome.Refused(SmsReasons.noNumber(), false, false));
    }
    return sender
        .send(
            new SmsRequest(
                phone.get(), signature, checked.code, checked.values, message.dedupeId()))
        .thenApply(result -> outcome(result, checked.fitted));
  }

  /** Why a message would not reach the wire; empty if it would. */
  Optional<Reason> problem(Purpose purpose, TemplateMessage body) {
    SendOutcome wrong = checked(purpose, body).wrong;
    return wrong instanceof SendOutcome.Misconfigured held
        ? Optional.of(held.why())
        : Optional.ofNullable(wrong).map(refused -> ((SendOutcome.Refused) refused).why());
  }

  /** What goes to the provider, or what is wrong with it. */
  private record Checked(
      @Nullable SendOutcome wrong,
      String code,
      Map<String, String> values,
      List<SendOutcome.FittedField> fitted) {
    static Checked wrong(SendOutcome outcome) {
      return new Checked(outcome, "", Map.of(), List.of());
    }
  }

  private Checked checked(Purpose purpose, TemplateMessage body) {
    SmsTemplate template = templates.get(body.templateId());
    Optional<SendOutcome> refused =
        SmsReasons.refused(template, body.templateId(), sender.provider(), purpose);
    if (template == null || refused.isPresent()) {
      return Checked.wrong(refused.orElseThrow());
    }
    List<SendOutcome.FittedField> fitted = new ArrayList<>();
    Map<String, String> values = values(template, body, fitted);
    Optional<String> unfit = template.problem(values);
    if (unfit.isEmpty()
        && SmsText.shown(signature, template.fill(values)).length() > SmsText.LONGEST) {
      unfit = Optional.of("the text is longer than %d characters".formatted(SmsText.LONGEST));
    }
    return unfit
        .map(
            what ->
                Checked.wrong(
                    new SendOutcome.Misconfigured(
                        SendOutcome.Scope.MESSAGE, SmsReasons.unfit(template.key(), what))))
        .orElseGet(
            () ->
                new Checked(null, code(template), inOrder(template, values), List.copyOf(fitted)));
  }

  private String code(SmsTemplate template) {
    return Objects.requireNonNull(template.approvals().get(sender.provider())).code();
  }

  /** What was given, or what is to stand for it where it does not fit. */
  private static Map<String, String> values(
      SmsTemplate template, TemplateMessage body, List<SendOutcome.FittedField> fitted) {
    Map<String, String> values = new LinkedHashMap<>();
    body.fields().forEach((name, field) -> values.put(name, field.value().strip()));
    for (SmsTemplate.Parameter parameter : template.parameters()) {
      TemplateMessage.Field field = body.fields().get(parameter.name());
      String fallback = field == null ? null : field.fallback();
      if (fallback != null
          && SmsTemplate.problem(parameter, values.get(parameter.name())).isPresent()) {
        values.put(parameter.name(), fallback.strip());
        fitted.add(new SendOutcome.FittedField(parameter.name(), "FALLBACK"));
      }
    }
    return values;
  }

  private static Map<String, String> inOrder(SmsTemplate template, Map<String, String> values) {
    Map<String, String> ordered = new LinkedHashMap<>();
    template
        .parameters()
        .forEach(one -> ordered.put(one.name(), values.getOrDefault(one.name(), "")));
    return ordered;
  }

  private SendOutcome outcome(SmsResult result, List<SendOutcome.FittedField> fitted) {
    if (result instanceof SmsResult.Accepted accepted) {
      return new SendOutcome.Accepted(accepted.providerId(), fitted);
    }
    if (result instanceof SmsResult.Unknown unknown) {
      return new SendOutcome.Unknown(Reason.of(unknown.code(), unknown.message()));
    }
    return refused(((SmsResult.Refused) result).error());
  }

  /** A table, row by row: see SmsChannelTest. */
  private SendOutcome refused(SmsError error) {
    Reason why = SmsReasons.of(error);
    return switch (error.kind()) {
      case RETRY -> new SendOutcome.Later(SOON, false, why);
      case WAIT -> {
        SmsWindow window = error.window().orElse(SmsWindow.HOUR);
        yield new SendOutcome.Later(window.left(clock.instant()), error.everybody(), why);
      }
      case TIME -> new SendOutcome.Later(untilAllowed(), false, why);
      case NUMBER -> new SendOutcome.Refused(why, false, false);
      case OPT_OUT -> new SendOutcome.Refused(why, true, false);
      case CONTENT, OTHER -> new SendOutcome.Refused(why, false, true);
      case TEMPLATE, REGION -> new SendOutcome.Misconfigured(SendOutcome.Scope.TEMPLATE, why);
      case MONEY, ACCESS -> new SendOutcome.Misconfigured(SendOutcome.Scope.ACCOUNT, why);
    };
  }

  /** The provider's clock says that it is too late, whatever ours does. */
  private Duration untilAllowed() {
    Instant now = clock.instant();
    return hours
        .promotionsWait(now, SmsWindow.CHINA)
        .map(begin -> Duration.between(now, begin))
        .orElse(Duration.ofHours(1));
  }

  /** Which templates carry which messages: an offer never goes as a notice. */
  static boolean carries(SmsPurpose template, Purpose message) {
    return message == Purpose.MARKETING
        ? template == SmsPurpose.PROMOTION
        : template != SmsPurpose.PROMOTION;
  }
}

package io.laoke.sms;

import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import io.laoke.message.Reason;
import io.laoke.message.ReceiptSource;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls of a provider. What certainly never left can be told from what may have arrived. */
final class SmsHttp {
  private static final Logger LOG = LoggerFactory.getLogger(SmsHttp.class);
  private static final Duration CONNECT = Duration.ofSeconds(3);

  private final Duration limit;
  private @Nullable HttpClient client;

  SmsHttp(Duration limit) {
    Check.notNull("timeout", limit);
    if (limit.compareTo(Duration.ofSeconds(1)) < 0 || limit.compareTo(Duration.ofSeconds(45)) > 0) {
      throw new InvalidInputException("timeout", "must be 1 to 45 seconds, was " + limit);
    }
    this.limit = limit;
  }

  Duration limit() {
    return limit;
  }

  /** An address to which a provider's path is put. */
  static URI endpoint(URI given) {
    URI endpoint = Check.notNull("endpoint", given);
    boolean plain =
        ("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
            && endpoint.getHost() != null
            && (endpoint.getPath().isEmpty() || endpoint.getPath().equals("/"))
            && endpoint.getQuery() == null;
    if (!plain) {
      throw new InvalidInputException(
          "endpoint", "must be http or https with a host and no path, was " + endpoint);
    }
    return URI.create(endpoint.getScheme() + "://" + Signatures.host(endpoint));
  }

  private synchronized HttpClient client() {
    HttpClient made = client;
    if (made == null) {
      made =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(CONNECT.compareTo(limit) < 0 ? CONNECT : limit)
              .build();
      client = made;
    }
    return made;
  }

  /**
   * Calls, and reads the answer.
   *
   * @param reading what an answer means; whatever it throws leaves it unknown
   */
  CompletionStage<SmsResult> call(
      HttpRequest.Builder request, Function<HttpResponse<byte[]>, SmsResult> reading) {
    return call(request, reading, failure -> failure);
  }

  /**
   * The same for another kind of call.
   *
   * @param reading what an answer means; whatever it throws is a failure
   * @param failing what a failed call means
   */
  <T> CompletionStage<T> call(
      HttpRequest.Builder request,
      Function<HttpResponse<byte[]>, T> reading,
      Function<SmsResult, T> failing) {
    CompletableFuture<HttpResponse<byte[]>> call;
    try {
      call =
          client()
              .sendAsync(request.timeout(limit).build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (RuntimeException broken) {
      return CompletableFuture.completedFuture(failing.apply(failed(broken)));
    }
    // The client's own limit ends with the head of an answer, ours with its last byte.
    CompletableFuture<T> result =
        call.thenApply(reading).copy().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    return result
        .exceptionally(failure -> failing.apply(failed(failure)))
        .whenComplete((outcome, none) -> call.cancel(true));
  }

  private static SmsResult failed(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String what = cause.getClass().getSimpleName();
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return new SmsResult.Refused(
          SmsError.of(
              SmsErrorClass.RETRY,
              "CONNECT",
              "The provider cannot be reached (%s).".formatted(what)));
    }
    if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
      return new SmsResult.Unknown("TIMEOUT", "The provider did not answer in time.");
    }
    LOG.debug("laoke.sms.call failed", cause);
    return new SmsResult.Unknown(
        "NO_ANSWER",
        "The provider's answer did not arrive or cannot be read (%s).".formatted(what));
  }

  /** A question that failed. */
  static ReceiptSource.Answer unanswered(SmsResult failure) {
    if (failure instanceof SmsResult.Unknown unknown) {
      return new ReceiptSource.Answer.Failed(Reason.of(unknown.code(), unknown.message()));
    }
    SmsError error = ((SmsResult.Refused) failure).error();
    return new ReceiptSource.Answer.Failed(Reason.of(error.code(), error.message()));
  }

  /** An answer that says nothing of what became of the message. */
  static SmsResult unreadable(HttpResponse<byte[]> answer) {
    return new SmsResult.Unknown(
        "HTTP_" + answer.statusCode(),
        "The provider answered %d, which does not say whether it took the message."
            .formatted(answer.statusCode()));
  }

  synchronized void close() {
    client = null;
  }
}

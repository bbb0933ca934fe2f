package io.laoke.push;

import io.laoke.error.ConflictException;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Account;
import io.laoke.message.Accounts;
import io.laoke.message.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The accounts of dealers that send to many, and waiting for them. */
final class Channels {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Accounts accounts;

  Channels(Accounts accounts) {
    this.accounts = accounts;
  }

  /** An account that sends to many. */
  record Channel(String account, ArticleChannel articles) {}

  /** The dealer's first. */
  Optional<Channel> first(Tenant tenant) {
    return accounts.of(tenant.code()).stream()
        .flatMap(account -> channel(account).stream())
        .findFirst();
  }

  private static Optional<Channel> channel(Account account) {
    return account
        .capability(ArticleChannel.class)
        .map(articles -> new Channel(account.key(), articles));
  }

  /** The dealer's first, where there must be one. */
  Channel needed(Tenant tenant) {
    return first(tenant)
        .orElseThrow(
            () ->
                new ConflictException(
                    "The dealer %s has no account that sends articles. Give it one with account(\"%s\", WeChat.officialAccount(…))."
                        .formatted(tenant.code(), tenant.code())));
  }

  /** The one of that key. */
  Channel of(Tenant tenant, String account) {
    String key = accounts.keyOf(tenant.code(), account);
    return accounts.of(tenant.code()).stream()
        .filter(one -> one.key().equals(key))
        .flatMap(one -> channel(one).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new ConflictException(
                    "The account %s sends no articles. Name a WeChat account of the dealer %s."
                        .formatted(key, tenant.code())));
  }

  /**
   * Waits.
   *
   * @param limit what the channel promises
   */
  static <T> ChannelAnswer<T> await(CompletionStage<ChannelAnswer<T>> stage, Duration limit) {
    try {
      return stage.toCompletableFuture().get(limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new ChannelAnswer.Unknown<>(
          Reason.of("INTERRUPTED", "The thread was interrupted while it waited"));
    } catch (TimeoutException | ExecutionException broken) {
      return new ChannelAnswer.Unknown<>(
          Reason.of("NO_ANSWER", "The channel gave no answer in time"));
    }
  }
}

package io.laoke.spring;

import io.laoke.Laoke;
import io.laoke.error.InvalidInputException;
import io.laoke.wechat.OfficialAccount;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The Official Accounts that the properties name. */
final class WeChatAccounts implements LaokeCustomizer {
  private final Map<String, Entry> byKey = new LinkedHashMap<>();

  WeChatAccounts(LaokeProperties properties) {
    properties
        .wechat()
        .accounts()
        .forEach(
            (key, account) ->
                byKey.put(
                    key,
                    new Entry(
                        dealer(key, account, properties.dealers().keySet()),
                        WeChat.officialAccount(settings(key, account)),
                        account.token() != null)));
  }

  /** The engine closes them. */
  @Override
  public void customize(Laoke.Builder builder) {
    byKey.values().forEach(entry -> builder.account(entry.dealer, entry.account));
  }

  /** The account of that key or appid, if it takes pushes. */
  Optional<OfficialAccount> withCallback(String keyOrAppId) {
    Entry named = byKey.get(keyOrAppId);
    return Optional.ofNullable(named)
        .or(
            () ->
                byKey.values().stream().filter(e -> e.account.key().equals(keyOrAppId)).findFirst())
        .filter(Entry::callback)
        .map(Entry::account);
  }

  private static String dealer(String key, LaokeProperties.Account account, Set<String> declared) {
    String dealer = account.dealer();
    if (dealer != null) {
      return dealer;
    }
    if (declared.size() == 1) {
      return declared.iterator().next();
    }
    throw wrong(
        key,
        "dealer must be set" + (declared.isEmpty() ? "" : ", since there are several: " + declared),
        null);
  }

  private static OfficialAccountSettings settings(String key, LaokeProperties.Account account) {
    String appId = account.appId();
    if (appId == null || appId.isBlank()) {
      throw wrong(key, "app-id must be set", null);
    }
    try {
      return OfficialAccountSettings.builder(appId)
          .secret(account.secret())
          .originalId(account.originalId())
          .callbackToken(account.token())
          .encodingAesKey(account.encodingAesKey())
          .previousEncodingAesKey(account.previousEncodingAesKey())
          .baseUrl(account.baseUrl())
          .callTimeout(account.callTimeout())
          .build();
    } catch (InvalidInputException refused) {
      throw wrong(key, String.valueOf(refused.getMessage()), refused);
    }
  }

  private static IllegalStateException wrong(
      String key, String what, @Nullable InvalidInputException cause) {
    return new IllegalStateException("laoke.wechat.accounts." + key + ": " + what, cause);
  }

  private record Entry(String dealer, OfficialAccount account, boolean callback) {}
}

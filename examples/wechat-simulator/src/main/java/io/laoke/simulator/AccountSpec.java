package io.laoke.simulator;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an account is to be. Start from {@link #service()} or {@link #subscription()}, which fill in
 * working values, and change what matters with the {@code with} methods.
 *
 * @param appId {@code wx} and 16 hex digits as a rule; any text without blanks is taken
 * @param secret AppSecret
 * @param originalId {@code gh_…}, the {@code ToUserName} of pushes
 * @param name what the phone shows as the account's name
 * @param type decides which calls are granted
 * @param token token of the message push
 * @param encodingAesKey 43 characters a-z A-Z 0-9
 * @param mode protection of pushes
 * @param format data format of pushes
 * @param callbackUrl where pushes go; {@code null} until the host has one
 * @param openPlatform name of an Open Platform account: followers get a unionid, which is the same
 *     at every account with the same name; {@code null} for none
 * @param ipWhitelist addresses that may ask for tokens; empty = every address
 */
public record AccountSpec(
    String appId,
    String secret,
    String originalId,
    String name,
    AccountType type,
    String token,
    String encodingAesKey,
    PushMode mode,
    PushFormat format,
    @Nullable URI callbackUrl,
    @Nullable String openPlatform,
    List<String> ipWhitelist) {

  /** Checks every value. */
  public AccountSpec {
    requireText(appId, "appId");
    requireText(secret, "secret");
    requireText(originalId, "originalId");
    requireText(name, "name");
    requireNonNull(type, "type");
    requireText(token, "token");
    requireKey(encodingAesKey);
    requireNonNull(mode, "mode");
    requireNonNull(format, "format");
    if (callbackUrl != null) {
      requireCallback(callbackUrl);
    }
    ipWhitelist = List.copyOf(ipWhitelist);
  }

  /** A verified 服务号 with generated values: plain pushes in XML, no callback URL yet. */
  public static AccountSpec service() {
    World fresh = new World(java.time.Clock.systemUTC(), new SecureRandom().nextLong());
    return new AccountSpec(
        "wx" + hex(fresh.bytes(8)),
        hex(fresh.bytes(16)),
        "gh_" + hex(fresh.bytes(6)),
        "恒信家电服务号",
        AccountType.VERIFIED_SERVICE,
        fresh.alnum(16),
        fresh.aesKey(),
        PushMode.PLAIN,
        PushFormat.XML,
        null,
        null,
        List.of());
  }

  /** A verified 订阅号, otherwise like {@link #service()}. */
  public static AccountSpec subscription() {
    return service().withType(AccountType.VERIFIED_SUBSCRIPTION);
  }

  /** Another appid. */
  public AccountSpec withAppId(String value) {
    return with(value, secret, originalId, name, type, token, encodingAesKey, mode);
  }

  /** Another AppSecret. */
  public AccountSpec withSecret(String value) {
    return with(appId, value, originalId, name, type, token, encodingAesKey, mode);
  }

  /** Another original id ({@code gh_…}). */
  public AccountSpec withOriginalId(String value) {
    return with(appId, secret, value, name, type, token, encodingAesKey, mode);
  }

  /** Another name on the phone. */
  public AccountSpec withName(String value) {
    return with(appId, secret, originalId, value, type, token, encodingAesKey, mode);
  }

  /** Another kind of account. */
  public AccountSpec withType(AccountType value) {
    return with(appId, secret, originalId, name, value, token, encodingAesKey, mode);
  }

  /** Another token of the message push. */
  public AccountSpec withToken(String value) {
    return with(appId, secret, originalId, name, type, value, encodingAesKey, mode);
  }

  /** Another EncodingAESKey. */
  public AccountSpec withEncodingAesKey(String value) {
    return with(appId, secret, originalId, name, type, token, value, mode);
  }

  /** Another protection of pushes. */
  public AccountSpec withMode(PushMode value) {
    return with(appId, secret, originalId, name, type, token, encodingAesKey, value);
  }

  /** Another data format of pushes. */
  public AccountSpec withFormat(PushFormat value) {
    return with(value, callbackUrl, openPlatform, ipWhitelist);
  }

  /**
   * Where pushes go.
   *
   * @throws IllegalArgumentException if it is not a full {@code http} or {@code https} URL
   */
  public AccountSpec withCallbackUrl(String value) {
    return with(format, callback(value), openPlatform, ipWhitelist);
  }

  /** Gives followers a unionid, shared with all accounts of the same Open Platform name. */
  public AccountSpec withOpenPlatform(String value) {
    return with(format, callbackUrl, requireText(value, "openPlatform"), ipWhitelist);
  }

  /** Refuses token calls from other addresses than these (40164). */
  public AccountSpec withIpWhitelist(String... addresses) {
    return with(format, callbackUrl, openPlatform, List.of(addresses));
  }

  private AccountSpec with(
      String appId,
      String secret,
      String originalId,
      String name,
      AccountType type,
      String token,
      String encodingAesKey,
      PushMode mode) {
    return new AccountSpec(
        appId,
        secret,
        originalId,
        name,
        type,
        token,
        encodingAesKey,
        mode,
        format,
        callbackUrl,
        openPlatform,
        ipWhitelist);
  }

  private AccountSpec with(
      PushFormat format,
      @Nullable URI callbackUrl,
      @Nullable String openPlatform,
      List<String> ipWhitelist) {
    return new AccountSpec(
        appId,
        secret,
        originalId,
        name,
        type,
        token,
        encodingAesKey,
        mode,
        format,
        callbackUrl,
        openPlatform,
        ipWhitelist);
  }

  /** Names the account, never its secrets. */
  @Override
  public String toString() {
    return "AccountSpec[" + appId + ", " + type + ", " + mode + ", " + format + "]";
  }

  static String requireText(String value, String what) {
    if (requireNonNull(value, what).isBlank()) {
      throw new IllegalArgumentException(what + " must not be blank");
    }
    return value;
  }

  static String requireKey(String key) {
    if (!requireNonNull(key, "encodingAesKey").matches("[A-Za-z0-9]{43}")
        || Base64.getDecoder().decode(key + "=").length != 32) {
      throw new IllegalArgumentException(
          "encodingAesKey must be 43 characters of a-z A-Z 0-9, had " + key.length());
    }
    return key;
  }

  static URI callback(String url) {
    try {
      return requireCallback(new URI(requireText(url, "callbackUrl").strip()));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("callbackUrl is not a URL: " + url, e);
    }
  }

  private static URI requireCallback(URI url) {
    boolean web =
        "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
    if (!web || url.getHost() == null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "callbackUrl must be like http://127.0.0.1:8080/wechat, was: " + url);
    }
    return url;
  }

  static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }
}

package io.laoke.wechat;

import io.laoke.error.InvalidInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings of one Official Account 公众号. Immutable; {@link #toString()} shows no secret.
 *
 * <p>{@link Builder#build()} checks all settings together and names every wrong one in a single
 * error. It connects to nothing.
 */
public final class OfficialAccountSettings {
  private static final Duration MAX_CALL = Duration.ofSeconds(45);

  private final String appId;
  private final @Nullable String secret;
  private final @Nullable String originalId;
  private final @Nullable String callbackToken;
  private final @Nullable String encodingAesKey;
  private final @Nullable String previousEncodingAesKey;
  private final Set<CallbackMode> callbackModes;
  private final Duration replayWindow;
  private final Duration callbackLimit;
  private final URI baseUrl;
  private final URI openUrl;
  private final Duration callTimeout;
  private final Duration uploadTimeout;
  private final ArticleLimits articleLimits;
  private final int maxInFlight;
  private final int sendsPerSecond;
  private final Clock clock;
  private final @Nullable TokenSource tokenSource;

  private OfficialAccountSettings(Builder b) {
    appId = b.appId;
    secret = b.secret;
    originalId = b.originalId;
    callbackToken = b.callbackToken;
    encodingAesKey = b.encodingAesKey;
    previousEncodingAesKey = b.previousEncodingAesKey;
    callbackModes = b.modes();
    replayWindow = b.replayWindow;
    callbackLimit = b.callbackLimit;
    baseUrl = URI.create(b.baseUrl);
    openUrl = b.open();
    callTimeout = b.callTimeout;
    uploadTimeout = b.uploadTimeout;
    articleLimits = b.articleLimits;
    maxInFlight = b.maxInFlight;
    sendsPerSecond = b.sendsPerSecond;
    clock = b.clock;
    tokenSource = b.tokenSource;
  }

  /**
   * Starts with the account's appid.
   *
   * @param appId as the WeChat developer platform shows it, such as {@code wx0123456789abcdef}
   */
  public static Builder builder(String appId) {
    return new Builder(appId);
  }

  /** The appid. */
  public String appId() {
    return appId;
  }

  /** Where WeChat is reached. */
  public URI baseUrl() {
    return baseUrl;
  }

  /** The longest time of one call, refreshing the token included. */
  public Duration callTimeout() {
    return callTimeout;
  }

  /** Which kinds of push the callback takes; empty while no callback token is set. */
  public Set<CallbackMode> callbackModes() {
    return callbackModes;
  }

  URI openUrl() {
    return openUrl;
  }

  Optional<String> secret() {
    return Optional.ofNullable(secret);
  }

  Optional<String> originalId() {
    return Optional.ofNullable(originalId);
  }

  Optional<String> callbackToken() {
    return Optional.ofNullable(callbackToken);
  }

  /** The present key, then the previous one. */
  List<String> aesKeys() {
    List<String> keys = new ArrayList<>(2);
    if (encodingAesKey != null) {
      keys.add(encodingAesKey);
    }
    if (previousEncodingAesKey != null) {
      keys.add(previousEncodingAesKey);
    }
    return keys;
  }

  Duration replayWindow() {
    return replayWindow;
  }

  Duration callbackLimit() {
    return callbackLimit;
  }

  int maxInFlight() {
    return maxInFlight;
  }

  int sendsPerSecond() {
    return sendsPerSecond;
  }

  Duration uploadTimeout() {
    return uploadTimeout;
  }

  ArticleLimits articleLimits() {
    return articleLimits;
  }

  Clock clock() {
    return clock;
  }

  Optional<TokenSource> tokenSource() {
    return Optional.ofNullable(tokenSource);
  }

  /** Shows the appid and what is set, no secret. */
  @Override
  public String toString() {
    return "OfficialAccountSettings[appId="
        + appId
        + ", baseUrl="
        + baseUrl
        + ", callTimeout="
        + callTimeout
        + ", maxInFlight="
        + maxInFlight
        + ", sendsPerSecond="
        + sendsPerSecond
        + ", callbackModes="
        + callbackModes
        + ", token "
        + (tokenSource == null ? "by stable_token" : "from the host")
        + "]";
  }

  /** Collects settings; for one thread. */
  public static final class Builder {
    private static final Pattern APP_ID = Pattern.compile("[A-Za-z0-9_-]{4,64}");
    private static final Pattern ORIGINAL_ID = Pattern.compile("gh_[A-Za-z0-9_]{1,60}");
    private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]{8,128}");
    private static final Pattern CALLBACK_TOKEN = Pattern.compile("[A-Za-z0-9]{3,32}");
    private static final Pattern AES_KEY = Pattern.compile("[A-Za-z0-9+/]{43}");
    private static final Pattern NEAR =
        Pattern.compile(
            "localhost|\\[::1\\]|127\\.[0-9.]+|10\\.[0-9.]+|192\\.168\\.[0-9.]+"
                + "|172\\.(1[6-9]|2[0-9]|3[01])\\.[0-9.]+|[a-z0-9-]+");

    private final String appId;
    private @Nullable String secret;
    private @Nullable String originalId;
    private @Nullable String callbackToken;
    private @Nullable String encodingAesKey;
    private @Nullable String previousEncodingAesKey;
    private @Nullable Set<CallbackMode> callbackModes;
    private Duration replayWindow = Duration.ofMinutes(5);
    private Duration callbackLimit = Duration.ofMillis(4500);
    private String baseUrl = "https://api.weixin.qq.com";
    private @Nullable String openUrl;
    private Duration callTimeout = Duration.ofSeconds(10);
    private Duration uploadTimeout = Duration.ofMinutes(2);
    private ArticleLimits articleLimits = ArticleLimits.DEFAULT;
    private int maxInFlight = 64;
    private int sendsPerSecond = 200;
    private Clock clock = Clock.systemUTC();
    private @Nullable TokenSource tokenSource;

    private Builder(String appId) {
      this.appId = appId;
    }

    /** AppSecret 开发者密码; not needed with a {@link #tokenSource}. */
    public Builder secret(@Nullable String secret) {
      this.secret = secret;
      return this;
    }

    /** 原始ID, {@code gh_…}; when set, a push to another account is refused. */
    public Builder originalId(@Nullable String originalId) {
      this.originalId = originalId;
      return this;
    }

    /** Token of the message push 令牌, 3 to 32 letters and digits; needed for the callback. */
    public Builder callbackToken(@Nullable String callbackToken) {
      this.callbackToken = callbackToken;
      return this;
    }

    /** EncodingAESKey 消息加解密密钥, 43 characters; needed unless pushes are plain. */
    public Builder encodingAesKey(@Nullable String encodingAesKey) {
      this.encodingAesKey = encodingAesKey;
      return this;
    }

    /** The key before the last change; set it while a change is under way. */
    public Builder previousEncodingAesKey(@Nullable String previousEncodingAesKey) {
      this.previousEncodingAesKey = previousEncodingAesKey;
      return this;
    }

    /**
     * Which kinds of push are taken. Default: encrypted ones ({@code SECURE} and {@code
     * COMPATIBLE}) if an EncodingAESKey is set, else {@code PLAIN}. A plain push is refused unless
     * {@code PLAIN} is named here.
     */
    public Builder callbackModes(CallbackMode first, CallbackMode... more) {
      EnumSet<CallbackMode> modes = EnumSet.of(first);
      modes.addAll(Arrays.asList(more));
      this.callbackModes = modes;
      return this;
    }

    /**
     * How far a push's time stamp may be from the clock, before or after; default 5 minutes, at
     * most one hour.
     */
    public Builder replayWindow(Duration replayWindow) {
      this.replayWindow = replayWindow;
      return this;
    }

    /** How long the callback may take to answer; default 4.5 s, WeChat itself waits 5 s. */
    public Builder callbackLimit(Duration callbackLimit) {
      this.callbackLimit = callbackLimit;
      return this;
    }

    /**
     * Where WeChat is reached, such as a proxy of the dealer's or the simulator. Plain http is
     * taken only for this machine and private networks, since the token is part of every address.
     */
    public Builder baseUrl(String baseUrl) {
      this.baseUrl = baseUrl;
      return this;
    }

    /**
     * Where WeChat signs visitors of web pages in; default {@code https://open.weixin.qq.com}, or
     * {@link #baseUrl} if that is this machine or in a private network, as a simulator is.
     */
    public Builder openUrl(@Nullable String openUrl) {
      this.openUrl = openUrl;
      return this;
    }

    private URI open() {
      if (openUrl != null) {
        return URI.create(openUrl);
      }
      URI base = URI.create(baseUrl);
      return matches(NEAR, base.getHost().toLowerCase(Locale.ROOT))
          ? base
          : URI.create("https://open.weixin.qq.com");
    }

    /**
     * The longest time of one call, refreshing the token included; default 10 s, 1 to 45 s. A
     * message that has not left after half of it is given back to be sent later, so that the other
     * half remains for WeChat's answer.
     */
    public Builder callTimeout(Duration callTimeout) {
      this.callTimeout = callTimeout;
      return this;
    }

    /**
     * The longest time of uploading or downloading one file, refreshing the token included; default
     * 2 minutes, 1 second to 10 minutes.
     */
    public Builder uploadTimeout(Duration uploadTimeout) {
      this.uploadTimeout = uploadTimeout;
      return this;
    }

    /** What an article may have; change it only when WeChat has changed its limits. */
    public Builder articleLimits(ArticleLimits articleLimits) {
      this.articleLimits = articleLimits;
      return this;
    }

    /** How many messages may be under way at once; default 64, 1 to 1,000. */
    public Builder maxInFlight(int maxInFlight) {
      this.maxInFlight = maxInFlight;
      return this;
    }

    /** How many messages are sent per second at most; default 200, 1 to 100,000. */
    public Builder sendsPerSecond(int sendsPerSecond) {
      this.sendsPerSecond = sendsPerSecond;
      return this;
    }

    /** The machine's clock, for the age of tokens and pushes; tests pass their own. */
    public Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /** The host's own holder of access tokens. */
    public Builder tokenSource(@Nullable TokenSource tokenSource) {
      this.tokenSource = tokenSource;
      return this;
    }

    /**
     * Checks everything.
     *
     * @throws InvalidInputException that names every wrong setting, and no secret
     */
    public OfficialAccountSettings build() {
      List<String> wrong = new ArrayList<>();
      refuse(wrong, !matches(APP_ID, appId), "appId (must be 4 to 64 letters or digits, wx…)");
      if (secret == null) {
        refuse(wrong, tokenSource == null, "secret (must be set, or a tokenSource instead)");
      } else {
        refuse(wrong, !matches(SECRET, secret), "secret (must be 8 to 128 characters, no blanks)");
      }
      refuse(
          wrong,
          originalId != null && !matches(ORIGINAL_ID, originalId),
          "originalId (must be like gh_0123456789ab)");
      checkCallback(wrong);
      checkUrl(wrong, "baseUrl", "https://api.weixin.qq.com", baseUrl);
      if (openUrl != null) {
        checkUrl(wrong, "openUrl", "https://open.weixin.qq.com", openUrl);
      }
      between(wrong, "callTimeout", callTimeout, Duration.ofSeconds(1), MAX_CALL);
      between(wrong, "uploadTimeout", uploadTimeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
      refuse(wrong, absent(articleLimits), "articleLimits (must not be null)");
      refuse(wrong, maxInFlight < 1 || maxInFlight > 1000, "maxInFlight (must be 1 to 1000)");
      refuse(
          wrong,
          sendsPerSecond < 1 || sendsPerSecond > 100_000,
          "sendsPerSecond (must be 1 to 100000)");
      refuse(wrong, absent(clock), "clock (must not be null)");
      if (!wrong.isEmpty()) {
        throw new InvalidInputException(
            "officialAccount",
            wrong.size()
                + " wrong setting(s) of "
                + shown(appId)
                + ": "
                + String.join("; ", wrong));
      }
      return new OfficialAccountSettings(this);
    }

    /** Shows the appid only. */
    @Override
    public String toString() {
      return "OfficialAccountSettings.Builder[" + shown(appId) + "]";
    }

    private void checkCallback(List<String> wrong) {
      refuse(
          wrong,
          callbackToken != null && !matches(CALLBACK_TOKEN, callbackToken),
          "callbackToken (must be 3 to 32 letters or digits)");
      refuse(
          wrong,
          encodingAesKey != null && !matches(AES_KEY, encodingAesKey),
          "encodingAesKey (must be the 43 letters or digits of the developer platform)");
      refuse(
          wrong,
          previousEncodingAesKey != null && !matches(AES_KEY, previousEncodingAesKey),
          "previousEncodingAesKey (must be 43 letters or digits)");
      refuse(
          wrong,
          previousEncodingAesKey != null && encodingAesKey == null,
          "previousEncodingAesKey (needs encodingAesKey beside it)");
      refuse(
          wrong,
          encodingAesKey != null && callbackToken == null,
          "callbackToken (must be set when encodingAesKey is)");
      refuse(
          wrong,
          callbackModes != null && callbackToken == null,
          "callbackModes (need a callbackToken)");
      refuse(
          wrong,
          callbackModes != null
              && encodingAesKey == null
              && !callbackModes.equals(EnumSet.of(CallbackMode.PLAIN)),
          "callbackModes (COMPATIBLE and SECURE need an encodingAesKey)");
      between(wrong, "replayWindow", replayWindow, Duration.ofSeconds(1), Duration.ofHours(1));
      between(wrong, "callbackLimit", callbackLimit, Duration.ofMillis(100), Duration.ofSeconds(5));
    }

    private static void checkUrl(
        List<String> wrong, String name, String example, @Nullable String url) {
      String rule = name + " (must be like " + example + ", http only in your own network)";
      try {
        URI uri = new URI(url == null ? "" : url);
        String host = uri.getHost();
        boolean https = "https".equalsIgnoreCase(uri.getScheme());
        boolean http = "http".equalsIgnoreCase(uri.getScheme());
        boolean fine =
            host != null
                && (https || (http && matches(NEAR, host.toLowerCase(Locale.ROOT))))
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && uri.getRawUserInfo() == null;
        refuse(wrong, !fine, rule);
      } catch (URISyntaxException e) {
        wrong.add(rule);
      }
    }

    private Set<CallbackMode> modes() {
      if (callbackToken == null) {
        return Set.of();
      }
      if (callbackModes != null) {
        return Collections.unmodifiableSet(EnumSet.copyOf(callbackModes));
      }
      return encodingAesKey == null
          ? Set.of(CallbackMode.PLAIN)
          : Collections.unmodifiableSet(EnumSet.of(CallbackMode.COMPATIBLE, CallbackMode.SECURE));
    }

    private static void between(
        List<String> wrong, String name, @Nullable Duration value, Duration min, Duration max) {
      refuse(
          wrong,
          value == null || value.compareTo(min) < 0 || value.compareTo(max) > 0,
          name + " (must be " + min + " to " + max + ")");
    }

    private static void refuse(List<String> wrong, boolean broken, String what) {
      if (broken) {
        wrong.add(what);
      }
    }

    private static boolean matches(Pattern pattern, @Nullable String value) {
      return value != null && pattern.matcher(value).matches();
    }

    private static boolean absent(@Nullable Object value) {
      return value == null;
    }

    private static String shown(@Nullable String appId) {
      return matches(APP_ID, appId) ? String.valueOf(appId) : "an account without a proper appId";
    }
  }
}

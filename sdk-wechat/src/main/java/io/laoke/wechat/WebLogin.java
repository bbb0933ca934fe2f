package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import io.laoke.member.WebIdentity;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Web sign-in 网页授权 with scope {@code snsapi_base}: {@code oauth2/authorize} and {@code
 * sns/oauth2/access_token}. The user's token that WeChat also gives is not kept: the openid is all
 * that is wanted.
 */
final class WebLogin implements WebIdentity {
  static final String PATH = "/sns/oauth2/access_token";

  private static final Logger log = LoggerFactory.getLogger(WebLogin.class);
  private static final String ATTEMPTED = "Could not sign a visitor in";
  private static final String APP = "MicroMessenger";
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{1,512}");
  private static final Pattern STATE = Pattern.compile("[A-Za-z0-9]{1,128}");

  private final Calls calls;
  private final String appId;
  private final String secret;
  private final URI openUrl;
  private final Duration callTimeout;

  WebLogin(Calls calls, String appId, String secret, URI openUrl, Duration callTimeout) {
    this.calls = calls;
    this.appId = appId;
    this.secret = secret;
    this.openUrl = openUrl;
    this.callTimeout = callTimeout;
  }

  /** WeChat's own pages open in its app only; those of a simulator in any browser. */
  @Override
  public boolean insideApp(String userAgent) {
    boolean wechats = openUrl.getHost() != null && openUrl.getHost().endsWith(".weixin.qq.com");
    return !wechats || notNull("userAgent", userAgent).contains(APP);
  }

  @Override
  public String authorizeUrl(String returnTo, String state) {
    if (!STATE.matcher(notNull("state", state)).matches()) {
      throw new InvalidInputException("state", "must be 1 to 128 letters and digits");
    }
    // WeChat looks at the order of the parameters, and wants the fragment.
    return withoutSlash(openUrl)
        + "/connect/oauth2/authorize?appid="
        + encoded(appId)
        + "&redirect_uri="
        + encoded(notNull("returnTo", returnTo))
        + "&response_type=code&scope=snsapi_base&state="
        + state
        + "#wechat_redirect";
  }

  private static String withoutSlash(URI url) {
    String text = url.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public Visitor identify(String code) {
    if (!CODE.matcher(notNull("code", code)).matches()) {
      return new Visitor.Unproven();
    }
    CallResult result = asked(code);
    if (result instanceof Problem problem) {
      return refused(problem);
    }
    var json = ((CallResult.Success) result).json();
    if (Json.number(json, "is_snapshotuser").orElse(0) == 1) {
      return new Visitor.Snapshot();
    }
    String openid = Json.string(json, "openid").strip();
    if (openid.isEmpty() || openid.length() > 128) {
      throw new WeChatException(
          ATTEMPTED, Problem.unclear(PATH, "UNREADABLE", "WeChat's answer names nobody", null));
    }
    return new Visitor.Known(openid);
  }

  /**
   * A code may be given away by a call that seems to have failed, so only what did not is repeated.
   */
  private CallResult asked(String code) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("appid", appId);
    query.put("secret", secret);
    query.put("code", code);
    query.put("grant_type", "authorization_code");
    Request request = Request.get(PATH, query);
    long end = System.nanoTime() + callTimeout.toNanos();
    CallResult first = Api.await(request, calls.exchange(request, end), end);
    boolean again =
        first instanceof Problem problem
            && problem.busy()
            && problem.kind() != Problem.Kind.UNCLEAR
            && System.nanoTime() < end;
    return again ? Api.await(request, calls.exchange(request, end), end) : first;
  }

  private static Visitor refused(Problem problem) {
    if (problem.kind() == Problem.Kind.ANSWERED && startsAgain(problem.errcode())) {
      log.debug("A code proved nobody: {}", problem);
      return new Visitor.Unproven();
    }
    log.warn("{}: {}", ATTEMPTED, problem);
    throw new WeChatException(ATTEMPTED, problem);
  }

  /** Wrong, used and expired codes, and a user who has changed the password meanwhile. */
  private static boolean startsAgain(int errcode) {
    return switch (errcode) {
      case 40029, 40163, 41008, 42003, 42007 -> true;
      default -> false;
    };
  }
}

package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import io.laoke.notice.SubscriptionPrompt;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The page on which WeChat asks for a one-time subscription 一次性订阅: {@code mp/subscribemsg}. */
final class SubscriptionAddress implements SubscriptionPrompt {
  private static final String OWN = ".weixin.qq.com";
  private static final String APP = "MicroMessenger";
  private static final int LONGEST_RESERVED = 128;
  private static final int LAST_SCENE = 10_000;

  private final String appId;
  private final boolean wechats;
  private final String base;

  /**
   * Addresses of an account.
   *
   * @param openUrl where sign-in is: WeChat's own has this page at another host, others at the same
   */
  SubscriptionAddress(String appId, URI openUrl) {
    this.appId = appId;
    this.wechats = openUrl.getHost() != null && openUrl.getHost().endsWith(OWN);
    this.base = wechats ? "https://mp" + OWN : openUrl.toString().replaceAll("/+$", "");
  }

  @Override
  public boolean insideApp(String userAgent) {
    return !wechats || notNull("userAgent", userAgent).contains(APP);
  }

  @Override
  public String askUrl(String templateId, int scene, String returnTo, String reserved) {
    if (scene < 0 || scene > LAST_SCENE) {
      throw new InvalidInputException("scene", "must be 0 to 10000, was " + scene);
    }
    if (notNull("reserved", reserved).length() > LONGEST_RESERVED) {
      throw new InvalidInputException(
          "reserved", "must be at most 128 characters, was " + reserved.length());
    }
    return base
        + "/mp/subscribemsg?action=get_confirm&appid="
        + encoded(appId)
        + "&scene="
        + scene
        + "&template_id="
        + encoded(notNull("templateId", templateId))
        + "&redirect_url="
        + encoded(notNull("returnTo", returnTo))
        + "&reserved="
        + encoded(reserved)
        + "#wechat_redirect";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

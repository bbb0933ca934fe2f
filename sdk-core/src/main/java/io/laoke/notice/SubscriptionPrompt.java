package io.laoke.notice;

/**
 * Capability: asks a person whether they want one message later 一次性订阅. Called by many threads; asks
 * nobody by itself.
 */
public interface SubscriptionPrompt {
  /**
   * Where to send the browser inside the app: the platform asks there, and sends it back to {@code
   * returnTo} with {@code openid}, {@code template_id}, {@code action} ({@code confirm} or {@code
   * cancel}), {@code scene} and {@code reserved}.
   *
   * @param returnTo a full address of the dealer's domain, which must be registered with the
   *     account
   * @param reserved at most 128 characters that come back unchanged
   */
  String askUrl(String templateId, int scene, String returnTo, String reserved);

  /**
   * Whether the app of the platform shows the page, so that {@link #askUrl} can work.
   *
   * @param userAgent what the browser says it is, or empty text
   */
  boolean insideApp(String userAgent);
}

package io.laoke.notice;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;
import static io.laoke.base.Check.text;

/**
 * The one-time subscription message 一次性订阅消息 by which an account tells of a service that is due.
 * Whoever has agreed to one, on the order's page, gets one, whether they follow or not.
 *
 * @param templateId the account's id of it, from the console 一次性订阅消息
 * @param scene 0 to 10,000: which of the account's occasions it is; by default 1000
 * @param title an expression as in {@link Notices#reminderTemplate}; of its value 15 characters are
 *     told
 * @param content likewise, 200 characters
 */
public record SubscriptionNotice(String templateId, int scene, String title, String content) {
  static final String SCENE = "scene";
  static final String TITLE = "title";
  static final String CONTENT = "content";

  /** Checks. */
  public SubscriptionNotice {
    templateId = text("templateId", templateId, 128);
    range("scene", scene, 0, 10_000);
    title = text("title", title, 200);
    content = text("content", content, 200);
    Expression.parse("title", title);
    Expression.parse("content", content);
  }

  /** With scene 1000, and plain words. */
  public static SubscriptionNotice of(String templateId) {
    return new SubscriptionNotice(
        templateId,
        1_000,
        "{service.name}提醒",
        "您的{service.items}该{service.name}了，{service.due:M月d日}到期，点开即可预约。");
  }

  /** With another scene. */
  public SubscriptionNotice withScene(int other) {
    return new SubscriptionNotice(templateId, other, title, content);
  }

  /** In other words. */
  public SubscriptionNotice withWords(String otherTitle, String otherContent) {
    return new SubscriptionNotice(
        templateId, scene, notNull("title", otherTitle), notNull("content", otherContent));
  }

  /** As a template whose fields the channel knows. */
  NoticeTemplate template() {
    return NoticeTemplate.of(templateId)
        .field(SCENE, Integer.toString(scene))
        .field(TITLE, title)
        .field(CONTENT, content);
  }

  static SubscriptionNotice read(NoticeTemplate template) {
    return new SubscriptionNotice(
        template.templateId(),
        Integer.parseInt(template.fields().getOrDefault(SCENE, "1000")),
        template.fields().getOrDefault(TITLE, "{service.name}"),
        template.fields().getOrDefault(CONTENT, "{service.items}"));
  }
}

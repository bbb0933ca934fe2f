package io.laoke.notice;

import io.laoke.order.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which template tells which stage, for one dealer. A stage without a template is not told, and its
 * decision says NO_TEMPLATE. Safe for use by many threads; a change holds for stages that are
 * reported after it, and for notices that wait.
 */
public interface Notices {
  /**
   * Tells this stage so in all accounts that have no template of their own for it.
   *
   * <p>What waits of this stage, or is held by a pause, and has certainly not left yet is worded
   * anew in the same transaction, with what is known of the order and the stage by now; its place,
   * its age and its validity stay, and it goes on saying that the order was bound by itself if it
   * did so and the new template has {@code {recipient.hint}}. What is under way, or may have left,
   * keeps the words in which it was sent. If the template that told the stage before is paused, as
   * when the platform says that it was deleted, and no stage is told by it any more, that pause
   * ends, so that the next tick sends what it held. The pause of a template that is still in use,
   * this one included, stays until {@link io.laoke.message.Deliveries#resume}.
   *
   * <p>Repeating changes nothing; only where a template is paused that no stage uses, it looks
   * again for what waits in its words, such as a message that was under way at the change, or a
   * stage that was being reported then. Costs a few statements; a change costs some ten more for
   * each 500 notices of any stage that wait in these accounts.
   *
   * @throws io.laoke.error.StoreException if the database fails; inside a transaction of the host
   *     also after a deadlock with deliveries under way, then with {@code retryable()}
   */
  void template(Stage stage, NoticeTemplate template);

  /**
   * Tells this stage so in this account, whatever is set for all. What waits in this account is
   * worded anew, and a pause may end, as in {@link #template(Stage, NoticeTemplate)}; the same
   * holds of cost and repeats.
   *
   * @param account the account's key
   * @throws io.laoke.error.NotFoundException if the dealer has no such account
   * @throws io.laoke.error.StoreException as there
   */
  void template(Stage stage, String account, NoticeTemplate template);

  /** All that are set, by stage, those for all accounts first. */
  List<StageTemplate> templates();

  /**
   * Tells this stage no more in accounts without a template of their own. What waits already stays
   * as it is and is sent; drop it with {@link io.laoke.message.Deliveries#drop} if it should not
   * be.
   *
   * @return whether there was one
   */
  boolean remove(Stage stage);

  /**
   * Takes this account's own template for the stage away; that for all accounts then holds. What
   * waits already stays as it is and is sent; setting the template for all accounts to something
   * else words it anew.
   *
   * @return whether there was one
   */
  boolean remove(Stage stage, String account);

  /**
   * Tells of services that are due so, in all accounts that have no template of their own for it.
   * Without one nobody is told by WeChat, and the ladder goes on with its next step. Expressions
   * may use {@code {service.name}} (as the rule calls it), {@code {service.items}}, {@code
   * {service.due:M月d日}}, {@code {service.orderNo}}, {@code {service.store}} and {@code
   * {dealer.name}}. A change holds for who is told after it; what waits already keeps its words.
   * WeChat demands that such a message follows from something that the customer did, and forbids
   * advertising in it.
   *
   * @throws io.laoke.error.InvalidInputException if it names what is not known of a service
   */
  void reminderTemplate(NoticeTemplate template);

  /**
   * The same in this account, whatever is set for all.
   *
   * @param account the account's key
   * @throws io.laoke.error.NotFoundException if the dealer has no such account
   * @throws io.laoke.error.InvalidInputException as there
   */
  void reminderTemplate(String account, NoticeTemplate template);

  /** The templates of reminders by account; under the empty text that for all accounts. */
  Map<String, NoticeTemplate> reminderTemplates();

  /**
   * Takes the template of reminders for all accounts away.
   *
   * @return whether there was one
   */
  boolean removeReminderTemplate();

  /**
   * Takes this account's own template of reminders away; that for all accounts then holds.
   *
   * @return whether there was one
   */
  boolean removeReminderTemplate(String account);

  /**
   * Tells staff once a day what they have to do so, in all accounts that have no template of their
   * own for it: whoever was put with {@code Staff.withDigestBy(WECHAT)} and has an openid of such
   * an account, see {@code catalog().linkStaff(…)}. Expressions may use {@code {digest.day:M月d日}},
   * {@code {digest.due}}, {@code {digest.overdue}}, {@code {digest.booked}} and {@code
   * {dealer.name}}.
   *
   * @throws io.laoke.error.InvalidInputException if it names what is not known of a digest
   */
  void digestTemplate(NoticeTemplate template);

  /**
   * The same in this account, whatever is set for all.
   *
   * @param account the account's key
   * @throws io.laoke.error.NotFoundException if the dealer has no such account
   * @throws io.laoke.error.InvalidInputException as there
   */
  void digestTemplate(String account, NoticeTemplate template);

  /** The templates of digests by account; under the empty text that for all accounts. */
  Map<String, NoticeTemplate> digestTemplates();

  /**
   * Takes the template of digests for all accounts away.
   *
   * @return whether there was one
   */
  boolean removeDigestTemplate();

  /**
   * Takes this account's own template of digests away; that for all accounts then holds.
   *
   * @return whether there was one
   */
  boolean removeDigestTemplate(String account);

  /**
   * Tells of services that are due by a one-time subscription message, where the recipient has
   * agreed to one: the order's page asks for that. It is sent before {@link #reminderTemplate}, and
   * each agreement is good for one. Without it nobody is asked.
   *
   * @param account the account's key
   * @throws io.laoke.error.NotFoundException if the dealer has no such account
   * @throws io.laoke.error.InvalidInputException if it names what is not known of a service
   */
  void subscription(String account, SubscriptionNotice notice);

  /** The one-time subscription messages by account. */
  Map<String, SubscriptionNotice> subscriptions();

  /**
   * Takes an account's one-time subscription message away. Agreements stay, for when there is one
   * with the same template again.
   *
   * @return whether there was one
   */
  boolean removeSubscription(String account);

  /**
   * Compares what is set with the templates that the platform knows: one network call for each of
   * the dealer's accounts. Never call it inside a transaction; where Laoke knows of one it refuses.
   *
   * @return what would go wrong, empty if nothing was found
   * @throws io.laoke.error.ChannelException if a platform refuses or cannot be reached
   * @throws io.laoke.error.ConflictException inside a transaction
   */
  List<TemplateProblem> check();

  /**
   * What is set for a stage.
   *
   * @param stage the stage
   * @param account the account's key, empty for all
   * @param template how it is told
   */
  record StageTemplate(Stage stage, Optional<String> account, NoticeTemplate template) {}

  /**
   * Something about a template that the platform will not like.
   *
   * @param stage the stage
   * @param account the account's key
   * @param kind what is wrong
   * @param reference the template's id or the field's key
   * @param advice what to do, in English
   * @param adviceZh the same in Chinese
   */
  record TemplateProblem(
      Stage stage, String account, Kind kind, String reference, String advice, String adviceZh) {
    /** What is wrong. */
    public enum Kind {
      /** The account does not have the template. */
      NO_SUCH_TEMPLATE,
      /** The template does not have the field. */
      NO_SUCH_FIELD,
      /** The template has a field for which nothing is set; the platform refuses the message. */
      FIELD_NOT_SET
    }
  }
}

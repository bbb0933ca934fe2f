package io.laoke.sms;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The dealer's approved templates of text messages 短信模板库, the same on all nodes. Safe for use by
 * many threads. Every call may throw {@link io.laoke.error.StoreException} if the database fails;
 * repeating is safe.
 */
public interface SmsTemplates {
  /**
   * Sets a template; one of the same key is replaced. What a pause for want of it held is let go.
   * Messages that wait are sent in the words of the template as it is when their turn comes. One or
   * two statements.
   *
   * @return whether anything changed
   */
  boolean put(SmsTemplate template);

  /** All, by key. One query. */
  List<SmsTemplate> list();

  /** One by its key. One query. */
  Optional<SmsTemplate> find(String key);

  /**
   * Notes where a provider's review is. What a pause for want of an approval held is let go.
   *
   * @return whether anything changed
   * @throws io.laoke.error.NotFoundException if there is no such template, or the provider has no
   *     code of it
   */
  boolean state(String key, String provider, SmsApproval.State state);

  /**
   * Removes a template. Messages that still name it are held.
   *
   * @return whether there was one
   */
  boolean remove(String key);

  /**
   * How many messages a text would be charged as: the template's words with these values under the
   * longest signature of the dealer's SMS accounts. One query, nothing is sent.
   *
   * @throws io.laoke.error.NotFoundException if there is no such template
   * @throws io.laoke.error.InvalidInputException if the values do not fit it
   */
  int segments(String key, Map<String, String> values);
}

package io.laoke.notice;

import io.laoke.order.Stage;
import java.util.List;
import java.util.Optional;

/**
 * Which template tells which stage, for one dealer. A stage without a template is not told, and its
 * decision says NO_TEMPLATE. Safe for use by many threads; a change holds for stages that are
 * reported after it.
 */
public interface Notices {
  /** Tells this stage so in all accounts that have no template of their own for it. */
  void template(Stage stage, NoticeTemplate template);

  /**
   * Tells this stage so in this account. Repeating changes nothing.
   *
   * @param account the account's key
   * @throws io.laoke.error.NotFoundException if the dealer has no such account
   */
  void template(Stage stage, String account, NoticeTemplate template);

  /** All that are set, by stage, those for all accounts first. */
  List<StageTemplate> templates();

  /**
   * Tells this stage no more in accounts without a template of their own.
   *
   * @return whether there was one
   */
  boolean remove(Stage stage);

  /** Takes this account's own template for the stage away; that for all accounts then holds. */
  boolean remove(Stage stage, String account);

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

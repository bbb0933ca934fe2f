package io.laoke.push;

import java.util.List;
import java.util.Optional;

/**
 * One dealer's contents: what its plans send, with versions, and the files they are made of. Safe
 * for use by many threads; joins the host's transaction where there is one.
 *
 * <p>A content may be unfinished while it is being written. Before a plan takes it, {@link
 * #problems} must be empty.
 */
public interface Contents {
  /**
   * Saves a content under a key by which plans refer to it. Saving the same again changes nothing;
   * another content or name is the next version. The earlier versions stay readable. Costs one
   * transaction of a few statements.
   *
   * <p>Drafts in it that were not read yet ({@link Article#fromDraft}) are read first, one network
   * call each, and all of their articles are kept instead, as by {@link #fromDraft}.
   *
   * @param key at most 64 characters
   * @param name what people call it, at most 100 characters
   * @param by who saves it, at most 64 characters
   * @throws io.laoke.error.InvalidInputException if its JSON form has more than 2,000,000
   *     characters
   * @throws io.laoke.error.ConflictException if a draft is to be read inside a transaction, or
   *     cannot be copied
   * @throws io.laoke.error.ChannelException if a draft cannot be read
   */
  SavedContent save(String key, String name, Content content, String by);

  /** The content of that key. */
  Optional<SavedContent> find(String key);

  /** That version, be it the present one, an earlier one, or one from before it was removed. */
  Optional<SavedContent> find(String key, int version);

  /** All versions of that key, oldest first, those before it was removed included. */
  List<SavedContent> versions(String key);

  /** All contents, by key. Reads them whole: bodies too. */
  List<SavedContent> all();

  /**
   * Removes a content; its versions stay readable.
   *
   * @param by who removes it, at most 64 characters
   * @return whether there was one
   * @throws io.laoke.error.ConflictException if something uses it, such as a plan; the message
   *     names it
   */
  boolean remove(String key, String by);

  /**
   * All that keeps a content from being sent by the dealer's first account that sends articles, in
   * the order in which it stands; by WeChat's known limits if there is none. One statement.
   */
  List<ContentProblem> problems(Content content);

  /** The same by the limits of one account of the dealer. */
  List<ContentProblem> problems(Content content, String account);

  /**
   * Shows a content, as it is now, to one follower of an account, such as a member of staff, in the
   * chat. Of the messages of the month nothing is used, and the draft that this takes is deleted
   * again. Each call shows it once more; WeChat takes a limited number a day. What was uploaded for
   * it need not be uploaded for a plan. Some network calls; outside any transaction.
   *
   * @param account the account's key, for WeChat the appid
   * @param openid the follower's, of that account
   * @throws io.laoke.error.NotFoundException if there is no such content, or the dealer has no such
   *     account
   * @throws io.laoke.error.ConflictException if that account sends no articles, or inside a
   *     transaction
   * @throws io.laoke.error.ChannelException when the content is not ready, or the platform refuses
   *     or cannot be reached; if {@code retryable}, it may have come all the same
   */
  void preview(String key, String account, String openid);

  // ---- files

  /**
   * Keeps a file. Adding the same bytes again changes nothing: the name stays that under which they
   * were first given. What it is is told by its first bytes. Costs one statement a megabyte.
   *
   * @param bytes at most 10 MB
   * @param name at most 60 characters
   * @throws io.laoke.error.InvalidInputException if it is empty, too large, or of no type that a
   *     content can have
   */
  ContentFile addFile(byte[] bytes, String name);

  /** The file of that hash, without its bytes. One statement. */
  Optional<ContentFile> file(String sha256);

  /**
   * The bytes of a file, for pages that show it.
   *
   * @throws io.laoke.error.NotFoundException if it is not kept
   */
  byte[] bytes(String sha256);

  // ---- the draft box

  /**
   * A page of an account's draft box 草稿箱, where staff write in WeChat's editor; without bodies. One
   * network call; outside any transaction.
   *
   * @param account the account's key, for WeChat the appid
   * @param offset how many to leave out, from 0
   * @param count 1 to 20
   * @throws io.laoke.error.NotFoundException if the dealer has no such account
   * @throws io.laoke.error.ConflictException if that account sends no articles, or inside a
   *     transaction
   * @throws io.laoke.error.ChannelException when the platform refuses or cannot be reached
   */
  DraftPage drafts(String account, int offset, int count);

  /**
   * Reads a draft that staff wrote, and copies its fields into a content, which only that account
   * can send: its cover is that account's material. The draft itself is left alone; each batch of a
   * plan gets a copy of its own, and what staff change later reaches a plan only when the content
   * is read and saved again. One network call; outside any transaction.
   *
   * @param mediaId as {@link #drafts} tells it
   * @throws io.laoke.error.NotFoundException if the dealer has no such account, or the account no
   *     such draft
   * @throws io.laoke.error.ConflictException if the draft has an article without title, body or
   *     cover, as the editor saves by itself (自动保存), or one of pictures only; the message says what
   *     to do
   * @throws io.laoke.error.ChannelException when the platform refuses or cannot be reached
   */
  Content fromDraft(String account, String mediaId);
}

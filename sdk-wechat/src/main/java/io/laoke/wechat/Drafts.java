package io.laoke.wechat;

import io.laoke.error.InvalidInputException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Capability: the draft box of an account 草稿箱 (reference, section 5.3), where staff write in
 * WeChat's editor and programs add. Safe for use by many threads.
 *
 * <p>A draft <b>ends with the mass send that succeeds with it</b>: one draft can be sent once. For
 * several groups or batches read it and add its {@link Draft#contents()} anew for each.
 *
 * <p>Limits are checked before the wire, and an error names the field, its value and the limit.
 * Characters are counted as Unicode code points (a Chinese character, a letter and an emoji of one
 * code point are one each), bytes in UTF-8: a title has 1 to 32 characters and an author at most 16
 * ({@link ArticleLimits}), a digest at most 120; a body is not blank, and has, its tags counted,
 * fewer than 20,000 characters and less than 1 MB (1,048,576 bytes); a source address has at most
 * 1,024 bytes; articles of pictures have 1 to 20; a draft has at most 8 articles.
 *
 * <p>Whether a draft was saved by hand or by the editor itself (自动保存) is told by no field of any
 * call. WeChat refuses to send one that was only auto-saved (48021): staff must open it and save
 * it. What can be seen before is whether it would be taken anew: {@link #check}.
 */
public interface Drafts {
  /** How many drafts a page has at most. */
  int MAX_PAGE = 20;

  /**
   * Checks articles as {@link #add} does, without any call.
   *
   * @throws InvalidInputException if WeChat would not take them
   */
  void check(List<? extends DraftArticle> articles);

  /**
   * Adds a draft; one network call that is never repeated here: after a failure without an answer
   * there may be a draft whose id nobody was told.
   *
   * @return its media id, for mass messages; it stays the same when the draft is updated
   * @throws InvalidInputException if WeChat would not take it; nothing has left
   * @throws WeChatException when WeChat refuses, as for a cover that is not permanent material
   *     (40007), or cannot be reached
   */
  String add(List<? extends DraftArticle> articles);

  /**
   * A draft; one network call, repeated twice at most while WeChat is busy.
   *
   * @return empty if there is none any more (40007): deleted, or sent
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  Optional<Draft> find(String mediaId);

  /**
   * Replaces one article of a draft; harmless to repeat.
   *
   * @param index which, from 0
   * @throws InvalidInputException if WeChat would not take it; nothing has left
   * @throws WeChatException when WeChat refuses, as for an index that is not there (40114) or a
   *     draft that is gone (40007), or cannot be reached
   */
  void update(String mediaId, int index, DraftArticle article);

  /**
   * Deletes a draft for good; harmless to repeat: a draft that is gone is no error.
   *
   * @return whether it was there
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  boolean delete(String mediaId);

  /**
   * How many drafts there are; one network call, repeated as above.
   *
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  long count();

  /**
   * One page of the box; one network call, repeated as above.
   *
   * @param offset how many to leave out, from 0
   * @param count 1 to {@link #MAX_PAGE}
   * @param withContent whether bodies are read too; without them {@link DraftArticle#content()} is
   *     empty
   * @throws InvalidInputException if a number is outside its range
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  Page page(int offset, int count, boolean withContent);

  /**
   * All drafts without their bodies, page by page as the stream is consumed. Drafts that come or go
   * meanwhile may let others be seen twice or not at all. A failed call ends the stream with a
   * {@link WeChatException}.
   */
  Stream<Draft> all();

  /**
   * A page of the box.
   *
   * @param total how many drafts there are in all
   * @param drafts these, in WeChat's order
   */
  record Page(long total, List<Draft> drafts) {
    /** Copies. */
    public Page {
      drafts = List.copyOf(drafts);
    }
  }

  /**
   * A draft.
   *
   * @param mediaId its id
   * @param articles what it holds
   * @param updatedAt when it was last changed; only pages tell it
   */
  record Draft(String mediaId, List<Entry> articles, Optional<Instant> updatedAt) {
    /** Copies. */
    public Draft {
      articles = List.copyOf(articles);
    }

    /** Its articles, as they are added for a copy. */
    public List<DraftArticle> contents() {
      return articles.stream().map(Entry::article).toList();
    }

    /** Shows titles only. */
    @Override
    public String toString() {
      return "Draft" + articles.stream().map(entry -> entry.article().title()).toList();
    }
  }

  /**
   * An article as it stands in the box.
   *
   * @param article the article
   * @param previewUrl where it can be seen for a while
   */
  record Entry(DraftArticle article, Optional<String> previewUrl) {}
}

package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import io.laoke.message.Reason;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Capability: tags on followers 用户标签, for verified accounts (reference, section 6). An account has
 * 100 tags, a person 20, a name at most 30 characters (code points): too few to mirror groups with.
 * Make one for a campaign, fill it, send to it, delete it. Safe for use by many threads.
 */
public interface Tags {
  /** The longest name, in characters. */
  int MAX_NAME = 30;

  /** How many people one network call changes. */
  int BATCH = 50;

  /**
   * Makes a tag; one network call that is never repeated here. After a failure without an answer
   * look in {@link #all} whether the name is there.
   *
   * @param name at most {@link #MAX_NAME} characters, unlike all others
   * @throws io.laoke.error.InvalidInputException if the name is blank or too long
   * @throws WeChatException when WeChat refuses, as for a name that is taken (45157) or a hundred
   *     and first tag (45056), or cannot be reached
   */
  Tag create(String name);

  /**
   * All tags, WeChat's own (ids 0 to 2) among them; one network call, repeated twice at most while
   * WeChat is busy.
   *
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  List<Tag> all();

  /**
   * Renames a tag; harmless to repeat.
   *
   * @throws io.laoke.error.InvalidInputException if the name is blank or too long
   * @throws WeChatException when WeChat refuses, as for its own tags (45058), or cannot be reached
   */
  void rename(long tagId, String name);

  /**
   * Deletes a tag, and takes it from all who carry it; harmless to repeat: a tag that is gone is no
   * error.
   *
   * @return whether it was there
   * @throws WeChatException when WeChat refuses, as for its own tags (45058) or one that very many
   *     carry (45057: take it from them first), or cannot be reached
   */
  boolean delete(long tagId);

  /**
   * Puts a tag on people: one network call for each {@link #BATCH} of them, each repeated twice at
   * most while WeChat is busy. Harmless to repeat. Never throws for what WeChat says: see {@link
   * Changed}.
   *
   * <p>No person is in two changes at once, whatever threads and tags: WeChat refuses that (45169),
   * so one waits for the other here. Between several processes WeChat's refusal is told as a
   * failure that may be retried.
   *
   * <p>If WeChat refuses a call because of a person, such as one who does not follow, the call is
   * halved until those are found: about twelve calls more for one person.
   *
   * @param openids whom; naming one twice is as once
   */
  Changed put(long tagId, Collection<String> openids);

  /** Takes a tag from people, in the same way. Who does not carry it counts as done. */
  Changed take(long tagId, Collection<String> openids);

  /**
   * The ids of the tags of a person; one network call, repeated twice at most while WeChat is busy.
   *
   * @throws WeChatException when WeChat refuses, as for a person who does not follow (40003), or
   *     cannot be reached
   */
  List<Long> of(String openid);

  /**
   * One page of those who carry a tag, of at most 10,000; one network call, repeated as above.
   *
   * @param after the last openid of the page before; empty for the first page
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  Page page(long tagId, Optional<String> after);

  /**
   * All who carry a tag, page by page as the stream is consumed. A failed call ends the stream with
   * a {@link WeChatException}.
   */
  Stream<String> openids(long tagId);

  /**
   * A tag.
   *
   * @param id its id; 0 to 2 are WeChat's own
   * @param name its name
   * @param count how many carry it, as far as WeChat has counted
   */
  record Tag(long id, String name, long count) {}

  /**
   * What became of a change.
   *
   * @param done for whom it was made, in the order given
   * @param failed for whom it was not, or perhaps not, in the order given
   */
  record Changed(List<String> done, Map<String, Failure> failed) {
    /** Copies, and keeps the order. */
    public Changed {
      done = List.copyOf(done);
      failed = Collections.unmodifiableMap(new LinkedHashMap<>(notNull("failed", failed)));
    }

    /** Whether it was made for all. */
    public boolean complete() {
      return failed.isEmpty();
    }

    /** Shows numbers only. */
    @Override
    public String toString() {
      return "Changed[" + done.size() + " done, " + failed.size() + " failed]";
    }
  }

  /**
   * Why somebody was left out.
   *
   * @param why WeChat's words and what to do
   * @param retryable whether the same may succeed later: repeat it for these people. After a quota
   *     or a broken connection that is so for all who had not had their turn
   */
  record Failure(Reason why, boolean retryable) {}

  /**
   * A page of those who carry a tag.
   *
   * @param openids these
   * @param next what to ask for the next page with; empty when there is none
   */
  record Page(List<String> openids, Optional<String> next) {
    /** Copies. */
    public Page {
      openids = List.copyOf(openids);
    }

    /** Shows a number only. */
    @Override
    public String toString() {
      return "Page[" + openids.size() + "]";
    }
  }
}

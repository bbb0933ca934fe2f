package io.laoke.wechat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Capability: pictures, sounds and films of an account 素材: pictures for the bodies of articles,
 * permanent material of the library, and temporary material, which ends after three days
 * (reference, section 5.4). Safe for use by many threads.
 *
 * <p>What is uploaded is checked before the wire, by its size and its first bytes: pictures bmp,
 * png, jpeg or gif of at most 10 MB; thumbs jpeg of at most 64 KB; voices mp3, wma, wav or amr of
 * at most 2 MB (and 60 s, which WeChat checks); videos mp4 of at most 10 MB; pictures for bodies
 * jpeg or png below 1 MB. A KB is 1,024 bytes. The reference names the sizes of permanent material;
 * the same hold here for temporary material, and the formats of voices are those that WeChat's
 * clients make.
 *
 * <p>Uploads take at most {@code uploadTimeout} and are never repeated here: after a {@link
 * WeChatException} whose answer did not come, the library may hold the file, under a media id that
 * nobody was told. By default WeChat takes 5,000 uploads a day (45009 beyond), and keeps 100,000
 * pictures and 1,000 of each other kind.
 */
public interface Materials {
  /** How many pieces a page has at most. */
  int MAX_PAGE = 20;

  /** A kind of material. */
  enum Kind {
    /** A picture: in messages, as an article's cover, in articles of pictures. */
    IMAGE,
    /** A sound. */
    VOICE,
    /** A film. */
    VIDEO,
    /** A small picture for a film or a cover. */
    THUMB
  }

  /**
   * Uploads a picture for the body of an article: WeChat takes out every picture of a body whose
   * address is not such a one. It does not count in the library, is in no list and cannot be
   * deleted.
   *
   * @return its address, for {@code <img src>}
   * @throws io.laoke.error.InvalidInputException if it is no jpeg or png, is empty, or has 1 MB or
   *     more; nothing has left
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  String addBodyImage(MediaFile file);

  /**
   * Uploads permanent material.
   *
   * @param kind not {@code VIDEO}, which needs words: {@link #addVideo}
   * @throws io.laoke.error.InvalidInputException if its type or size is not WeChat's; nothing has
   *     left
   * @throws WeChatException when WeChat refuses, as for a full library (45001), or cannot be
   *     reached
   */
  Added add(Kind kind, MediaFile file);

  /**
   * Uploads a permanent video.
   *
   * @param title what players show, at most 64 characters, which is no limit of WeChat's that is
   *     documented
   * @param introduction more words, at most 500 characters; may be empty
   * @throws io.laoke.error.InvalidInputException as for {@link #add}
   * @throws WeChatException as for {@link #add}
   */
  Added addVideo(MediaFile file, String title, String introduction);

  /**
   * Uploads temporary material: for a preview, a customer-service message or one mass message, not
   * for the cover of an article, which must be permanent.
   *
   * @throws io.laoke.error.InvalidInputException as for {@link #add}
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  Temporary addTemporary(Kind kind, MediaFile file);

  /**
   * How much permanent material there is; one network call, repeated twice at most while WeChat is
   * busy.
   *
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  Count count();

  /**
   * One page of the permanent material of a kind; one network call, repeated as above.
   *
   * @param kind {@code THUMB} is listed by some accounts among the pictures
   * @param offset how many to leave out, from 0
   * @param count 1 to {@link #MAX_PAGE}
   * @throws io.laoke.error.InvalidInputException if a number is outside its range
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  Page page(Kind kind, int offset, int count);

  /**
   * All permanent material of a kind, page by page as the stream is consumed. What is deleted
   * meanwhile may let others be left out: collect first, then delete. A failed call ends the stream
   * with a {@link WeChatException}.
   */
  Stream<Item> all(Kind kind);

  /**
   * Deletes permanent material; articles that were sent keep their pictures. Harmless to repeat: it
   * is then refused with 40007.
   *
   * @throws WeChatException when WeChat refuses, as for material that a menu or a reply uses
   *     (48005), or cannot be reached
   */
  void delete(String mediaId);

  /**
   * Reads permanent material into a file; at most 64 MB, in pieces as they come.
   *
   * @param to is written anew once all has come; after a failure it is as it was before
   * @return the file, or for a video where it can be had
   * @throws WeChatException when WeChat refuses, as for an unknown id (40007), cannot be reached,
   *     or the file cannot be written
   */
  Content read(String mediaId, Path to);

  /** Reads temporary material into a file, as {@link #read}. */
  Content readTemporary(String mediaId, Path to);

  /**
   * Permanent material that was added.
   *
   * @param mediaId its id, which articles and messages name
   * @param url where a picture can be seen, from WeChat's own pages only; other kinds have none
   */
  record Added(String mediaId, Optional<String> url) {}

  /**
   * Temporary material that was added.
   *
   * @param mediaId its id
   * @param expiresAt when WeChat forgets it: three days after it was made
   */
  record Temporary(String mediaId, Instant expiresAt) {}

  /** How many pieces of permanent material there are of each kind. */
  record Count(long images, long voices, long videos, long news) {}

  /**
   * A page of the library.
   *
   * @param total how many there are in all
   * @param items these
   */
  record Page(long total, List<Item> items) {
    /** Copies. */
    public Page {
      items = List.copyOf(items);
    }
  }

  /**
   * A piece of the library.
   *
   * @param mediaId its id
   * @param name the name of the file that was uploaded
   * @param updatedAt when it was last changed
   * @param url where a picture can be seen
   */
  record Item(String mediaId, String name, Optional<Instant> updatedAt, Optional<String> url) {}

  /** What was read. */
  sealed interface Content {
    /**
     * It is in the file.
     *
     * @param file where
     * @param bytes how large it is
     */
    record Saved(Path file, long bytes) implements Content {}

    /**
     * A video stands elsewhere; nothing was written.
     *
     * @param title its title; empty for temporary ones
     * @param introduction its other words
     * @param url where it can be had for a while
     */
    record Video(String title, String introduction, String url) implements Content {}
  }
}

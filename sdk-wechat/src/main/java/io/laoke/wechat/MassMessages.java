package io.laoke.wechat;

import java.util.Collection;
import java.util.concurrent.CompletionStage;

/**
 * Capability: mass messages 群发 to openids, to a tag, and as a preview (reference, section 5). For
 * verified service accounts 服务号; a verified subscription account 订阅号 has the tag and the preview
 * only (48001). Safe for use by many threads.
 *
 * <p><b>Quotas.</b> A follower of a service account gets at most four mass messages in a calendar
 * month of Shanghai, the console's included; WeChat takes the fifth and leaves that person out
 * without a word but in the counts of its report. A subscription account has one send a day
 * (45028). All these calls together may be made 60 times a minute (45011), a send 100 times a day
 * by default (45009). A preview costs none of the four.
 *
 * <p><b>Never twice.</b> {@code clientMsgId} is what keeps a repeat from being a second message:
 * choose it when the send is planned, store it before the first call together with the list and the
 * content, and repeat only the very same. WeChat knows it for 24 hours. Nothing is repeated here by
 * itself, but after a refused access token, which had no effect.
 */
public interface MassMessages {
  /** The fewest openids that can be sent to; for one person use a tag. */
  int MIN_OPENIDS = 2;

  /** The most openids of one send. */
  int MAX_OPENIDS = 10_000;

  /** The longest {@code clientMsgId}, in bytes of UTF-8. */
  int MAX_CLIENT_MSG_ID_BYTES = 32;

  /**
   * Sends to people of a service account; does not wait.
   *
   * @param openids whom, {@link #MIN_OPENIDS} to {@link #MAX_OPENIDS}, each once
   * @param content what
   * @param clientMsgId one for this send, at most 32 bytes; see above
   * @return completes within the call time-out, never exceptionally
   * @throws io.laoke.error.InvalidInputException if there are too few or too many, one is named
   *     twice, or the id is too long; nothing has left
   */
  CompletionStage<MassOutcome> send(
      Collection<String> openids, MassContent content, String clientMsgId);

  /**
   * Sends to everyone who carries a tag, be it one person; does not wait. Who carries it is
   * WeChat's to know: tag before, untag after the report.
   *
   * @param tagId the tag's id, as {@link Tags} gives it
   * @param content what
   * @param clientMsgId one for this send, at most 32 bytes; see above
   * @return completes within the call time-out, never exceptionally
   * @throws io.laoke.error.InvalidInputException if the id is too long; nothing has left
   */
  CompletionStage<MassOutcome> sendToTag(long tagId, MassContent content, String clientMsgId);

  /**
   * Shows the message to one follower, such as a member of staff, in the chat; waits. One network
   * call that is never repeated here: after a failure without an answer it may have come. Of
   * pictures only the first is shown, since WeChat's preview takes one. A draft is still there
   * afterwards.
   *
   * @param openid who; must follow
   * @throws WeChatException when WeChat refuses, as for a person who does not follow (43004) or a
   *     draft that is gone (40007), or cannot be reached
   */
  void preview(String openid, MassContent content);

  /**
   * Takes the articles of a send, or a video, away again; waits. Phones keep a card that leads
   * nowhere; the content is gone for <em>all</em> sends of it, and nobody gets the quota back.
   * Harmless to repeat.
   *
   * @param msgId the send
   * @throws WeChatException when WeChat refuses, as for other kinds of content or a job that is
   *     under way (40065), or cannot be reached
   */
  void delete(long msgId);

  /**
   * The same for one of its articles.
   *
   * @param article which, from 1
   */
  void delete(long msgId, int article);

  /**
   * The same for the article at this address.
   *
   * @param url as the job report told it
   */
  void deleteByUrl(String url);

  /**
   * How a job stands, for when its report is lost; waits. Tells no counts. One network call,
   * repeated twice at most while WeChat is busy.
   *
   * @throws WeChatException when WeChat refuses, as for an id that it does not know (40059), or
   *     cannot be reached
   */
  State state(long msgId);

  /**
   * How fast WeChat sends; one network call, repeated as above.
   *
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  Speed speed();

  /**
   * Sets how fast WeChat sends, for what is to come; harmless to repeat.
   *
   * @param level 0 (800,000 a minute), 1 (600,000), 2 (450,000), 3 (300,000) or 4 (100,000)
   * @throws io.laoke.error.InvalidInputException for any other level
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  void speed(int level);

  /** How a job stands. */
  enum State {
    /** Under way, or waiting for the administrator. */
    SENDING,
    /** Ended well, though some may not have got it. */
    SUCCEEDED,
    /** Ended without reaching anybody. */
    FAILED,
    /** Its content was deleted after it was sent. */
    DELETED,
    /** Another word of WeChat's that is not known here. */
    OTHER
  }

  /**
   * How fast WeChat sends.
   *
   * @param level 0 to 4, as it was set
   * @param real WeChat's number for the speed in fact, in 10,000 a minute; 0 if it gave none
   */
  record Speed(int level, long real) {}
}

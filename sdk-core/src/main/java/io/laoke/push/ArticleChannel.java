package io.laoke.push;

import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Capability: an account that sends the same to many at once, such as a WeChat service account 服务号.
 * Safe for use by many threads.
 *
 * <p>No call blocks on the network. What the platform answers, refusals and broken connections
 * included, is an outcome: the stages complete within {@link #callLimit} (calls with a file: {@link
 * #uploadLimit}), never exceptionally. What follows on them may run on a thread of the channel and
 * must not block. What the platform could never take, such as too many openids or a title that is
 * too long, is refused with the reason {@code INVALID} before anything leaves; so it is no
 * exception either. Only null, and more than {@link #MAX_TAGGED} openids for a tag, are an {@link
 * io.laoke.error.InvalidInputException}.
 *
 * <p>Uploads, {@link #createDraft}, {@link #createTag} and {@link #preview} are never repeated
 * here: after {@link ChannelAnswer.Unknown} it may be there, and is there twice if they are
 * repeated. All other calls are harmless to repeat; where their answer did not come they are {@link
 * ChannelAnswer.Later}.
 */
public interface ArticleChannel {
  /** The fewest openids of one send. */
  int MIN_RECIPIENTS = 2;

  /** The most openids of one send. */
  int MAX_RECIPIENTS = 10_000;

  /** The longest {@code clientMsgId}, in bytes of UTF-8. */
  int MAX_CLIENT_MSG_ID_BYTES = 32;

  /** The most openids of one change of a tag. */
  int MAX_TAGGED = 50;

  /**
   * The codes of the reasons that say that the account's administrator was asked to confirm a send:
   * see {@link #awaitsAdministrator}.
   */
  Set<String> AWAITING_ADMINISTRATOR = Set.of("89504", "89505");

  /** In place of the provider id where the platform did not say it. */
  String NO_ID = "none";

  /**
   * Whether a send waits for the account's administrator, who has 30 minutes. It is told as {@link
   * SendOutcome.Accepted} that is {@link SendOutcome.Accepted#pending pending}, and must not be
   * sent again: the end comes as a job report, {@code err(40001)} if the administrator refused and
   * {@code err(40002)} if there was no answer.
   */
  static boolean awaitsAdministrator(SendOutcome outcome) {
    return outcome instanceof SendOutcome.Accepted taken
        && taken.pending().map(Reason::code).filter(AWAITING_ADMINISTRATOR::contains).isPresent();
  }

  /** What this account takes of contents. */
  default ContentLimits limits() {
    return ContentLimits.DEFAULT;
  }

  /**
   * How long after a first attempt the platform itself drops a repeat with the same {@code
   * clientMsgId}.
   */
  Duration dedupeWindow();

  /** The longest time a call without a file takes, at most 45 seconds. */
  Duration callLimit();

  /** The longest time a call with a file takes. */
  Duration uploadLimit();

  // ---- material

  /**
   * Uploads a picture for the bodies of articles.
   *
   * @return its address, for {@code <img src>}
   */
  CompletionStage<ChannelAnswer<String>> uploadBodyImage(Upload file);

  /**
   * Uploads permanent material.
   *
   * @param kind not {@code VIDEO}: see {@link #addVideo}
   * @return its media id
   */
  CompletionStage<ChannelAnswer<String>> addMaterial(Material kind, Upload file);

  /**
   * Uploads a permanent video.
   *
   * @param introduction may be empty
   * @return its media id
   */
  CompletionStage<ChannelAnswer<String>> addVideo(Upload file, String title, String introduction);

  // ---- drafts

  /**
   * Makes a draft.
   *
   * @return its media id
   */
  CompletionStage<ChannelAnswer<String>> createDraft(List<NewDraftArticle> articles);

  /**
   * Reads a draft.
   *
   * @return empty if there is none any more: deleted, or sent
   */
  CompletionStage<ChannelAnswer<Optional<StaffDraft>>> draft(String mediaId);

  /**
   * Reads a page of the draft box, without bodies.
   *
   * @param offset how many to leave out, from 0
   * @param count 1 to 20
   */
  CompletionStage<ChannelAnswer<DraftPage>> drafts(int offset, int count);

  /**
   * Deletes a draft for good.
   *
   * @return whether it was there
   */
  CompletionStage<ChannelAnswer<Boolean>> deleteDraft(String mediaId);

  // ---- sending

  /**
   * Sends to people. {@code clientMsgId} is what keeps a repeat from being a second message: choose
   * it when the send is planned, store it before the first call together with the list and the
   * payload, and repeat only the very same, at least 61 seconds later and within {@link
   * #dedupeWindow()}.
   *
   * <ul>
   *   <li>{@link SendOutcome.Accepted}: the platform took it, now or at an earlier call with this
   *       id (45065); its provider id is the {@code msg_id} that {@link #status} and the job report
   *       name, or {@link #NO_ID}. Whether anybody got it is told by the report, also where it
   *       {@link #awaitsAdministrator}.
   *   <li>{@link SendOutcome.Later}: not taken by this call; the same may be taken later. A whole
   *       channel waits for quotas (45009, 45028).
   *   <li>{@link SendOutcome.Misconfigured} of the account: credentials, permissions (48001),
   *       agreements.
   *   <li>{@link SendOutcome.Refused}: not taken, and never will be. Only for a first call: see
   *       {@code repeated}.
   *   <li>{@link SendOutcome.Unknown}: perhaps taken. Repeat the very same, or look it up by its
   *       job report.
   * </ul>
   *
   * @param openids whom, {@link #MIN_RECIPIENTS} to {@link #MAX_RECIPIENTS}, each once
   * @param payload what
   * @param clientMsgId at most {@link #MAX_CLIENT_MSG_ID_BYTES} bytes
   * @param repeated whether an earlier call with this id may have left: then a refusal, as with
   *     40007 because the draft went with that call, is {@code Unknown}
   */
  CompletionStage<SendOutcome> send(
      Collection<String> openids, MassPayload payload, String clientMsgId, boolean repeated);

  /**
   * Sends to everyone who carries a tag, be it one person; as {@link #send}.
   *
   * @param tagId as {@link #createTag} gave it
   */
  CompletionStage<SendOutcome> sendToTag(
      long tagId, MassPayload payload, String clientMsgId, boolean repeated);

  /**
   * Shows a payload to one follower, such as a member of staff, in the chat. A draft is still there
   * afterwards, and no quota of mass messages is used. After {@code Unknown} it may have come.
   *
   * @return always true
   */
  CompletionStage<ChannelAnswer<Boolean>> preview(String openid, MassPayload payload);

  /**
   * How a send stands, for when its job report is lost.
   *
   * @param msgId its provider id
   */
  CompletionStage<ChannelAnswer<JobState>> status(String msgId);

  /**
   * Takes what was sent away again, for all sends of it; phones keep a card that leads nowhere, and
   * nobody gets the quota back.
   *
   * @param msgId its provider id
   * @param article which of its articles, from 1; 0 for all
   * @return always true
   */
  CompletionStage<ChannelAnswer<Boolean>> delete(String msgId, int article);

  /** How fast the platform sends: 0 (fastest) to 4. */
  CompletionStage<ChannelAnswer<Integer>> speed();

  /**
   * Sets how fast the platform sends what is to come.
   *
   * @param level 0 (800,000 a minute), 1 (600,000), 2 (450,000), 3 (300,000) or 4 (100,000)
   * @return always true
   */
  CompletionStage<ChannelAnswer<Boolean>> speed(int level);

  // ---- tags

  /**
   * Makes a tag.
   *
   * @param name at most 30 characters, unlike all others
   * @return its id
   */
  CompletionStage<ChannelAnswer<Long>> createTag(String name);

  /**
   * The id of a tag of that name, for after an unknown {@link #createTag}.
   *
   * @return empty if there is none
   */
  CompletionStage<ChannelAnswer<Optional<Long>>> findTag(String name);

  /**
   * Puts a tag on people.
   *
   * @param openids at most {@link #MAX_TAGGED}
   */
  CompletionStage<ChannelAnswer<Tagged>> tag(long tagId, Collection<String> openids);

  /**
   * Takes a tag from people.
   *
   * @param openids at most {@link #MAX_TAGGED}
   */
  CompletionStage<ChannelAnswer<Tagged>> untag(long tagId, Collection<String> openids);

  /**
   * Deletes a tag, and takes it from all who carry it.
   *
   * @return whether it was there
   */
  CompletionStage<ChannelAnswer<Boolean>> deleteTag(long tagId);

  /** Kinds of permanent material. */
  enum Material {
    /** A picture: in messages, and as the cover of an article. */
    IMAGE,
    /** A small picture, at most 64 KB jpeg. */
    THUMB,
    /** A sound. */
    VOICE,
    /** A film. */
    VIDEO
  }

  /** How a send stands. */
  enum JobState {
    /** Under way, or waiting for the administrator. */
    SENDING,
    /** Ended well, though some may not have got it. */
    SUCCEEDED,
    /** Ended without reaching anybody. */
    FAILED,
    /** Deleted after it was sent. */
    DELETED,
    /** Another word of the platform's that is not known here. */
    OTHER
  }

  /**
   * What became of a change of a tag.
   *
   * @param done for whom it was made
   * @param refused for whom it cannot be made, such as people who do not follow any more
   * @param later for whom it was not made, or perhaps not; repeat it for these
   */
  record Tagged(List<String> done, Map<String, Reason> refused, Map<String, Reason> later) {
    /** Copies. */
    public Tagged {
      done = List.copyOf(done);
      refused = Map.copyOf(refused);
      later = Map.copyOf(later);
    }

    /** Shows numbers only. */
    @Override
    public String toString() {
      return "Tagged[%d done, %d refused, %d later]"
          .formatted(done.size(), refused.size(), later.size());
    }
  }
}

package io.laoke.simulator;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One mass send 群发 that the platform took, as it stood when it was asked for.
 *
 * @param msgId as answered and as the job-finish event tells
 * @param dataId {@code msg_data_id} of articles; 0 for other content
 * @param msgType such as {@code mpnews}
 * @param clientMsgId the caller's dedupe id, or the one that the platform made of audience and
 *     content
 * @param at platform time of its acceptance
 * @param state how it stands
 * @param words the words of its end, such as {@code send success} or {@code err(20001)}; empty
 *     until then
 * @param audience everyone in the tag or list
 * @param reached those in whose chat it is
 * @param filterCount left after refusals and the limit of the month
 */
public record MassJob(
    long msgId,
    long dataId,
    String msgType,
    String clientMsgId,
    Instant at,
    State state,
    String words,
    List<String> audience,
    List<String> reached,
    int filterCount) {

  /** How a job stands, in the words of {@code mass/get}. */
  public enum State {
    /** Not ended yet. */
    SENDING,
    /** Ended well, though some may not have got it. */
    SEND_SUCCESS,
    /** Ended without reaching anybody. */
    SEND_FAIL,
    /** Its content was deleted. */
    DELETE
  }

  /** Copies the lists. */
  public MassJob {
    audience = List.copyOf(audience);
    reached = List.copyOf(reached);
  }

  MassJob ended(State how, String said, List<String> who, int left) {
    return new MassJob(msgId, dataId, msgType, clientMsgId, at, how, said, audience, who, left);
  }

  /** Leaves out who it went to. */
  @Override
  public String toString() {
    return "MassJob[" + msgId + " " + msgType + " " + state + " " + words + "]";
  }

  /** What a job carries; kept apart, since the host never sees it again. */
  record Content(
      @Nullable Draft draft, String text, String mediaName, MaterialShelf.@Nullable Kind kind) {}
}

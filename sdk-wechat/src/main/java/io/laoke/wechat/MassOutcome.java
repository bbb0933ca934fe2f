package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import io.laoke.message.Reason;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What became of handing a mass message to WeChat. That WeChat took it ({@link Accepted}, {@link
 * Repeated}) does not say that anybody got it: that is told by {@link MassReport}, or, should that
 * be lost, by {@link MassMessages#state}.
 *
 * <p>Of these {@link Later} and {@link Refused} are certain: this call had no effect. They say
 * nothing of an <em>earlier</em> call with the same {@code clientmsgid}: whoever repeats after an
 * {@link Unknown} and is then refused, as with 40007 because the draft went with the first send,
 * must look that one up and not send anew.
 */
public sealed interface MassOutcome {
  /**
   * WeChat took it.
   *
   * @param msgId its id, which the job report and {@link MassMessages#state} name
   * @param dataId {@code msg_data_id}, for articles only
   */
  record Accepted(long msgId, OptionalLong dataId) implements MassOutcome {}

  /**
   * WeChat had taken it before: a job with this {@code clientmsgid} is younger than 24 hours
   * (45065). Nothing more was sent.
   *
   * @param msgId the id of that job; empty if WeChat did not say it
   */
  record Repeated(OptionalLong msgId) implements MassOutcome {}

  /**
   * WeChat asked the account's administrator (89504, 89505), who has 30 minutes. Do not send it
   * again: the end comes as a job report, {@code err(40001)} if the administrator refused and
   * {@code err(40002)} if there was no answer.
   *
   * @param msgId its id; empty if WeChat did not say it
   * @param why WeChat's words and what to do
   */
  record AwaitingAdministrator(OptionalLong msgId, Reason why) implements MassOutcome {
    /** Checks. */
    public AwaitingAdministrator {
      notNull("why", why);
    }
  }

  /**
   * Certainly not taken by this call; the same may be taken later, with the same {@code
   * clientmsgid}.
   *
   * @param after how long to wait at least
   * @param wholeAccount whether no other mass message of this account can be taken before then
   *     either
   * @param why WeChat's words and what to do
   */
  record Later(Duration after, boolean wholeAccount, Reason why) implements MassOutcome {
    /** Checks. */
    public Later {
      notNull("after", after);
      notNull("why", why);
    }
  }

  /**
   * Certainly not taken by this call, and never as it is.
   *
   * @param fault what must be set right first
   * @param why WeChat's words and what to do
   */
  record Refused(Fault fault, Reason why) implements MassOutcome {
    /** Checks. */
    public Refused {
      notNull("fault", fault);
      notNull("why", why);
    }
  }

  /**
   * Perhaps taken: it left and no answer came, or an equal call left within the last minute
   * (45066). Never send it under another {@code clientmsgid}. Either repeat exactly the same call
   * (list, content, id) after {@code repeatAfter} and within 23 hours of the first: WeChat then
   * says {@link Repeated}, or takes it; or wait for its job report.
   *
   * @param repeatAfter how long to wait before the same call is repeated: 61 seconds
   * @param why what happened
   */
  record Unknown(Duration repeatAfter, Reason why) implements MassOutcome {
    /** Checks. */
    public Unknown {
      notNull("repeatAfter", repeatAfter);
      notNull("why", why);
    }
  }

  /** What is wrong with a mass message that was refused. */
  enum Fault {
    /** The account: credentials, permissions, agreements. No other is taken either. */
    ACCOUNT,
    /** What it carries: a draft, a media id, a text. */
    CONTENT,
    /** Whom it is for: the list of openids, or the tag. */
    AUDIENCE,
    /** Something else, or a code that nobody knows: a person must look. */
    OTHER
  }
}

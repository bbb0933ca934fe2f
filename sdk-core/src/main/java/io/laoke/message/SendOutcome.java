package io.laoke.message;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What became of an attempt to send. */
public sealed interface SendOutcome {
  /**
   * The platform took the message. Delivery is reported later, if at all.
   *
   * @param providerId the platform's id of the message
   * @param fitted the fields whose value was changed to satisfy the template's rules
   * @param pending what it still waits for at the platform before it goes on, such as a person
   *     there who must confirm it; it is not sent again
   */
  record Accepted(String providerId, List<FittedField> fitted, Optional<Reason> pending)
      implements SendOutcome {
    /** Checks and copies. */
    public Accepted {
      providerId = text("providerId", providerId, 64);
      fitted = List.copyOf(fitted);
      notNull("pending", pending);
    }

    /** One that waits for nothing. */
    public Accepted(String providerId, List<FittedField> fitted) {
      this(providerId, fitted, Optional.empty());
    }
  }

  /**
   * Certainly not accepted; worth another try.
   *
   * @param after how long to wait at least
   * @param wholeChannel whether nothing else of this account and channel can pass before then
   *     either, as when a daily quota is used up
   * @param why the reason
   */
  record Later(Duration after, boolean wholeChannel, Reason why) implements SendOutcome {
    /** Checks. */
    public Later {
      notNull("after", after);
      notNull("why", why);
    }
  }

  /**
   * Not accepted, and never will be.
   *
   * @param why the reason
   * @param recipientGone whether the recipient cannot be reached by this account at all any more
   * @param alarm whether a person should look at it, as with a code that nobody knows
   */
  record Refused(Reason why, boolean recipientGone, boolean alarm) implements SendOutcome {
    /** Checks. */
    public Refused {
      notNull("why", why);
    }
  }

  /**
   * Perhaps accepted: the message left and no answer came. Repeated only inside the channel's
   * dedupe window.
   *
   * @param why the reason
   */
  record Unknown(Reason why) implements SendOutcome {
    /** Checks. */
    public Unknown {
      notNull("why", why);
    }
  }

  /**
   * Not accepted, because something must be set right first.
   *
   * @param scope how much is affected
   * @param why the reason, with what to do
   */
  record Misconfigured(Scope scope, Reason why) implements SendOutcome {
    /** Checks. */
    public Misconfigured {
      notNull("scope", scope);
      notNull("why", why);
    }
  }

  /** How much a wrong setting affects. */
  enum Scope {
    /** Everything that this account sends: it is paused. */
    ACCOUNT,
    /** Everything in this template: its mapping is paused. */
    TEMPLATE,
    /**
     * This message does not satisfy its template. The mapping is paused after the third different
     * order.
     */
    MESSAGE
  }

  /**
   * A field that had to be changed.
   *
   * @param field the template's key, such as {@code thing2}
   * @param rule what was done: {@code CUT}, {@code STRIPPED}, {@code FALLBACK} or {@code EMPTY}
   */
  record FittedField(String field, String rule) {
    /** Checks. */
    public FittedField {
      field = text("field", field, 64);
      rule = text("rule", rule, 16);
    }
  }
}

package io.laoke.member;

import static io.laoke.base.Check.notNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Capability: lists everybody who follows an account. For WeChat this is {@code user/get} and
 * {@code user/info/batchget} of verified accounts. Called by many threads, never inside a
 * transaction.
 */
public interface FollowerSource {
  /** How many openids {@link #details} is asked for at once. */
  int MOST_DETAILS = 100;

  /**
   * A page of followers in the platform's own order; one network call. Whoever follows while pages
   * are read comes at the end.
   *
   * @param after {@link Page#next()} of the page before, which may be days old; empty for the first
   * @throws io.laoke.error.NotFoundException if the platform no longer knows that place: the list
   *     has to be read from its beginning
   * @throws io.laoke.error.ChannelException when the platform refuses or cannot be reached; {@code
   *     retryable()} if waiting alone helps, as for a quota that is used up
   */
  Page page(Optional<String> after);

  /**
   * What the platform tells about some of them; one network call.
   *
   * @param openids 1 to {@value #MOST_DETAILS}
   * @return in any order; who is missing is not told about
   * @throws io.laoke.error.ChannelException as for {@link #page}
   */
  List<Detail> details(List<String> openids);

  /**
   * A page.
   *
   * @param total how many follow in all
   * @param openids these
   * @param next what to ask for the next page with; empty when there is none
   */
  record Page(long total, List<String> openids, Optional<String> next) {
    /** Copies. */
    public Page {
      openids = List.copyOf(openids);
      notNull("next", next);
    }

    /** Shows numbers only. */
    @Override
    public String toString() {
      return "Page[" + openids.size() + " of " + total + "]";
    }
  }

  /**
   * A person as the account sees them.
   *
   * @param openid who
   * @param follows whether they follow now
   * @param followedAt the platform's time at which the present following began, if it tells
   */
  record Detail(String openid, boolean follows, Optional<Instant> followedAt) {
    /** Shows nobody. */
    @Override
    public String toString() {
      return "Detail[" + (follows ? "follows" : "does not follow") + "]";
    }
  }
}

package io.laoke.member;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.ChannelKind;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether members may be told something in an account, many at once: what the gate would say of
 * each of them, by the same words.
 */
@Internal
public final class Reach {
  private static final Reason NOT_FOLLOWING =
      new Reason(
          "NOT_FOLLOWING",
          "The person does not follow this account.",
          "Nothing to do; whoever follows, by scanning an order's code, is reached from then on.",
          "该客户未关注此公众号；客户扫描订单码关注后即可触达。");

  private final StoredMemberBook book;
  private final Function<Tenant, PeopleSettings> settings;

  Reach(StoredMemberBook book, Function<Tenant, PeopleSettings> settings) {
    this.book = book;
    this.settings = settings;
  }

  /**
   * Of a member.
   *
   * @param openidHash the openid by which it is reached, that which is known longest; empty if it
   *     follows by none
   * @param stop why it is not to be told; null if nothing speaks against it
   */
  public record Of(String openidHash, @Nullable Reason stop) {
    /** Shows no recipient. */
    @Override
    public String toString() {
      return stop == null ? "Of[reached]" : "Of[" + stop.code() + "]";
    }
  }

  /** All reasons for which members are not to be told. */
  public static List<Reason> reasons() {
    return List.of(NOT_FOLLOWING, ConsentRule.why(null), ConsentRule.why(false), PauseRule.PAUSED);
  }

  /**
   * Asks; three queries for all.
   *
   * @param memberIds living members, at most some thousands
   * @return by member, all of them
   */
  public Map<Long, Of> of(
      Tx tx,
      Tenant tenant,
      Collection<Long> memberIds,
      String account,
      Purpose purpose,
      Instant now) {
    Set<Long> members = new TreeSet<>(memberIds);
    Map<Long, String> openids = new HashMap<>();
    book.identities.ofMembers(tx, tenant, IdentityKind.OPENID, List.copyOf(members)).stream()
        .filter(row -> row.key().account().equals(account))
        .filter(row -> Boolean.TRUE.equals(row.follows()) && row.sealed() != null)
        .forEach(row -> openids.putIfAbsent(row.member().orElseThrow(), row.key().hash()));
    Map<Long, Map<Purpose, Boolean>> said =
        ConsentRule.counting(book.merger.consents.of(tx, tenant, members));
    Set<Long> paused =
        book.merger.pauses.of(tx, tenant, members).stream()
            .filter(row -> row.purpose() == purpose && row.holdsAt(now))
            .map(PauseTable.Row::member)
            .collect(Collectors.toSet());
    boolean byFollowing = settings.apply(tenant).followIsConsent();
    Map<Long, Of> all = new HashMap<>();
    for (long member : members) {
      String openid = openids.get(member);
      Boolean answer = said.getOrDefault(member, Map.of()).get(purpose);
      Reason stop =
          openid == null
              ? NOT_FOLLOWING
              : !ConsentRule.allows(purpose, ChannelKind.WECHAT_TEMPLATE, answer, byFollowing)
                  ? ConsentRule.why(answer)
                  : paused.contains(member) ? PauseRule.PAUSED : null;
      all.put(member, new Of(openid == null ? "" : openid, stop));
    }
    return all;
  }
}

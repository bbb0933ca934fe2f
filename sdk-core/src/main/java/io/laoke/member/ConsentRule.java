package io.laoke.member;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.ChannelKind;
import io.laoke.message.GateRule;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.StaffCause;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stops what a person refused, and marketing to whom never agreed. Notices of an order are part of
 * its contract: they are none of its business.
 */
final class ConsentRule implements GateRule {
  private static final Reason REFUSED =
      new Reason(
          "REFUSED_PURPOSE",
          "The person refused messages of this purpose.",
          "Respect it. A newer consent of theirs, recorded with members().consent(…), lets them pass.",
          "客户已拒绝此类消息，请尊重其选择；如客户再次同意，请先登记。");
  private static final Reason NO_CONSENT =
      new Reason(
          "NO_CONSENT",
          "The person has not agreed to marketing.",
          "Record a consent with members().consent(…); or declare with PeopleSettings.followIsConsent that following counts as one.",
          "客户尚未同意接收营销消息，请先取得并登记同意。");

  private final StoredMemberBook book;
  private final Function<Tenant, PeopleSettings> settings;

  ConsentRule(StoredMemberBook book, Function<Tenant, PeopleSettings> settings) {
    this.book = book;
    this.settings = settings;
  }

  @Override
  public List<Verdict> judge(Tx tx, Tenant tenant, Instant now, List<Candidate> messages) {
    Map<String, IdentityTable.Row> identities = identities(book, tx, tenant, messages);
    Set<Long> members = new HashSet<>();
    identities.values().forEach(row -> row.member().ifPresent(members::add));
    Map<Long, Map<Purpose, Boolean>> counting =
        counting(book.merger.consents.of(tx, tenant, members));
    boolean follow = settings.apply(tenant).followIsConsent();
    return messages.stream()
        .map(
            message ->
                concerned(message)
                    ? verdict(message, identities.get(message.openidHash()), counting, follow)
                    : Verdict.pass())
        .toList();
  }

  /** Who is to get those of the messages that are no notices of orders, by their hashes. */
  static Map<String, IdentityTable.Row> identities(
      StoredMemberBook book, Tx tx, Tenant tenant, List<Candidate> messages) {
    Map<String, IdentityTable.Row> identities = new HashMap<>();
    messages.stream()
        .filter(ConsentRule::concerned)
        .collect(
            Collectors.groupingBy(
                Place::of, Collectors.mapping(Candidate::openidHash, Collectors.toSet())))
        .forEach(
            (place, hashes) ->
                book.identities.find(tx, tenant, place.kind, place.account, hashes).stream()
                    .forEach(row -> identities.put(row.key().hash(), row)));
    return identities;
  }

  /** Where recipients are found: a phone is the same in all accounts. */
  private record Place(IdentityKind kind, String account) {
    static Place of(Candidate message) {
      return message.channel() == ChannelKind.SMS
          ? new Place(IdentityKind.PHONE, "")
          : new Place(IdentityKind.OPENID, message.account());
    }
  }

  /** Staff may be customers, too; what they refuse as such is not their work. */
  static boolean concerned(Candidate message) {
    return message.purpose() != Purpose.ORDER
        && message.channel() != ChannelKind.WECHAT_MASS // asked for each before its list was made
        && !StaffCause.is(message.causeKind());
  }

  private static Verdict verdict(
      Candidate message,
      IdentityTable.@Nullable Row identity,
      Map<Long, Map<Purpose, Boolean>> counting,
      boolean followIsConsent) {
    Boolean said = null;
    if (identity != null && identity.member().isPresent()) {
      said = counting.getOrDefault(identity.member().getAsLong(), Map.of()).get(message.purpose());
    }
    boolean follows = identity != null && Boolean.TRUE.equals(identity.follows());
    if (allows(message.purpose(), message.channel(), said, follows && followIsConsent)) {
      return Verdict.pass();
    }
    return new Verdict.Stop(why(said));
  }

  /** Why it may not. */
  static Reason why(@Nullable Boolean said) {
    return said == null ? NO_CONSENT : REFUSED;
  }

  /** What counts now, by member and purpose. */
  static Map<Long, Map<Purpose, Boolean>> counting(List<ConsentTable.Row> rows) {
    Map<Long, Map<Purpose, Boolean>> counting = new HashMap<>();
    rows.forEach(
        row ->
            counting
                .computeIfAbsent(row.member(), member -> new HashMap<>())
                .put(row.consent().purpose(), row.consent().given()));
    return counting;
  }

  /**
   * Whether a message may go.
   *
   * @param said what the person said last, null if nothing
   * @param byFollowing whether they follow an account whose dealer takes that as a consent
   */
  static boolean allows(
      Purpose purpose, ChannelKind channel, @Nullable Boolean said, boolean byFollowing) {
    return switch (purpose) {
      case ORDER -> true;
      case CARE -> !Boolean.FALSE.equals(said);
      case MARKETING -> said == null ? byFollowing && weChat(channel) : said;
    };
  }

  /** Following an account says nothing about text messages. */
  static boolean weChat(ChannelKind channel) {
    return switch (channel) {
      case WECHAT_TEMPLATE, WECHAT_SUBSCRIPTION, WECHAT_MASS, WECHAT_REPLY, WEB_PAGE -> true;
      case SMS -> false;
    };
  }
}

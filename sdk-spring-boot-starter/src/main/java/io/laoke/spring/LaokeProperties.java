package io.laoke.spring;

import io.laoke.Migrations;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code laoke}.
 *
 * @param tablePrefix What the names of all of Laoke's tables begin with.
 * @param schema Laoke's own tables.
 * @param delivery Sending of what is due.
 * @param checkupAtStart Whether a node that sends examines all accounts once in the background when
 *     the application is ready, or five minutes after its start if a runner takes longer, and logs
 *     what is wrong; some ten calls to WeChat for each account.
 * @param inbox Rows that other programs insert into table inbox.
 * @param liveCounts Members kept in memory, for counts while a user clicks.
 * @param callback The address that WeChat pushes to.
 * @param web Pages that customers open on their phones.
 * @param dealers Dealers 经销商 by their codes; they win over what the database has stored about them.
 * @param wechat WeChat.
 */
@ConfigurationProperties("laoke")
public record LaokeProperties(
    @DefaultValue("laoke_") String tablePrefix,
    @DefaultValue Schema schema,
    @DefaultValue Delivery delivery,
    @DefaultValue("true") boolean checkupAtStart,
    @DefaultValue Inbox inbox,
    @DefaultValue LiveCounts liveCounts,
    @DefaultValue Callback callback,
    @DefaultValue Web web,
    @DefaultValue Map<String, Dealer> dealers,
    @DefaultValue WeChat wechat) {
  /** Copies. */
  public LaokeProperties {
    dealers = new LinkedHashMap<>(dealers);
  }

  /**
   * Laoke's own tables.
   *
   * @param mode What to do about tables that are not at this version when the application starts.
   * @param name Schema of all tables; the connection's own if not set.
   */
  public record Schema(@DefaultValue("apply") Migrations.Mode mode, @Nullable String name) {}

  /**
   * Sending of what is due.
   *
   * @param enabled Whether this node sends; a node in the dealer's network may only write and leave
   *     the sending to another one on the same database.
   */
  public record Delivery(@DefaultValue("true") boolean enabled) {}

  /**
   * Rows that other programs insert into table inbox.
   *
   * @param enabled Whether this node applies them; another on the same database may.
   * @param poll How often a node that sends looks for rows, from 100ms to 1h.
   * @param together At most so many rows are applied in one transaction, 1 to 1000; while it lasts,
   *     their orders are locked for everybody else.
   * @param keepDone How long rows that are done or dropped are kept, without their facts.
   * @param waitForOrder How long a STAGE row waits for its order before it is listed as bad.
   */
  public record Inbox(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("1s") Duration poll,
      @DefaultValue("100") int together,
      @DefaultValue("7d") Duration keepDone,
      @DefaultValue("1d") Duration waitForOrder) {}

  /**
   * Members kept in memory, for counts while a user clicks.
   *
   * @param enabled Whether this node keeps them; all nodes on the database must be of a version
   *     that has this setting.
   * @param mostMebibytes Memory that all dealers may take together, 1 to 65536; a million members
   *     with ten million order lines take some 130.
   * @param poll How often changes are taken in, from 100ms to 1h; each count does so, too.
   * @param dealers Codes of the dealers whose members are kept; all that are asked if not set.
   */
  public record LiveCounts(
      @DefaultValue("false") boolean enabled,
      @DefaultValue("256") int mostMebibytes,
      @DefaultValue("1s") Duration poll,
      @DefaultValue Set<String> dealers) {
    /** Copies. */
    public LiveCounts {
      dealers = Set.copyOf(dealers);
    }
  }

  /**
   * Pages that customers open on their phones: paper links, claims, orders.
   *
   * @param enabled Whether this node serves them.
   * @param path Where they are; the path that the dealers' web-address ends with.
   */
  public record Web(
      @DefaultValue("true") boolean enabled, @DefaultValue("/laoke/web") String path) {
    /** Checks. */
    public Web {
      if (!path.startsWith("/") || path.endsWith("/")) {
        throw new IllegalArgumentException(
            "laoke.web.path must begin with a slash and not end with one, as /laoke/web");
      }
    }
  }

  /**
   * The address that WeChat pushes to.
   *
   * @param enabled Whether this node takes WeChat's pushes.
   * @param path Path in front of the account's key or appid.
   */
  public record Callback(
      @DefaultValue("true") boolean enabled, @DefaultValue("/laoke/wechat") String path) {}

  /**
   * A dealer.
   *
   * @param zone Zone of the business calendar.
   * @param name Name as customers know the dealer.
   * @param night When nobody is told of an order, as 22:00-08:00; none to tell at any hour.
   * @param newestOnly Whether of several stages that wait for the same person only the newest is
   *     told.
   * @param webAddress Where customers reach the pages of {@code laoke.web()}: https, a domain that
   *     is registered with the account for web sign-in, and the path that they are mounted on.
   * @param phoneClaimYears Orders of the last so many years are bound to who proves by a code that
   *     the phone is theirs, 1 to 20.
   * @param followIsConsent Whether following the account is taken as the consent to marketing over
   *     WeChat, until the person refuses; never over text messages or by phone.
   * @param retention How long records are kept that delivery needs no more.
   * @param reminders How services are reminded of.
   */
  public record Dealer(
      @DefaultValue("Asia/Shanghai") ZoneId zone,
      @Nullable String name,
      @DefaultValue("22:00-08:00") String night,
      @DefaultValue("true") boolean newestOnly,
      @Nullable String webAddress,
      @DefaultValue("3") int phoneClaimYears,
      @DefaultValue("false") boolean followIsConsent,
      @DefaultValue Retention retention,
      @DefaultValue Reminders reminders) {}

  /**
   * How services are reminded of.
   *
   * @param hours When customers are told, as 09:00-20:00; any to tell at any hour.
   * @param overdueADay How many services that are overdue when they are planned come due on each
   *     day in each store, 1 to 1000000.
   * @param claimedFor How long a task that staff have claimed is taken by nobody else, 1s to 7d.
   * @param attributedDays Within how many days after a date came due, or after its customer was
   *     contacted, a service counts as having come of it, 0 to 3650.
   * @param digestAt From when on each day's digests are told to staff, as 08:30.
   * @param expireAfterDays So many days after they were due tasks end that nobody has done anything
   *     about, 0 to 3650; 0 for never.
   */
  public record Reminders(
      @DefaultValue("09:00-20:00") String hours,
      @DefaultValue("50") int overdueADay,
      @DefaultValue("30m") Duration claimedFor,
      @DefaultValue("60") int attributedDays,
      @DefaultValue("08:30") String digestAt,
      @DefaultValue("0") int expireAfterDays) {}

  /**
   * How long records are kept that delivery needs no more; 0 keeps them for ever.
   *
   * @param callbacks Facts from outside, at least 1d.
   * @param bodies Words of messages that have ended, at least 7d.
   * @param decisions Messages that have ended, with what was decided about them, at least 30d.
   * @param reports What platforms reported about messages, at least 7d.
   * @param audit Who changed a binding and why, at least 30d.
   * @param refusals What imports of history refused, at least 30d.
   * @param tries Counters of wrong claims, at least 7d.
   */
  public record Retention(
      @DefaultValue("30d") Duration callbacks,
      @DefaultValue("90d") Duration bodies,
      @DefaultValue("730d") Duration decisions,
      @DefaultValue("90d") Duration reports,
      @DefaultValue("0d") Duration audit,
      @DefaultValue("365d") Duration refusals,
      @DefaultValue("30d") Duration tries) {}

  /**
   * WeChat.
   *
   * @param accounts Official Accounts 公众号 by a key of the host's choice, which is part of the
   *     callback address.
   */
  public record WeChat(@DefaultValue Map<String, Account> accounts) {
    /** Copies. */
    public WeChat {
      accounts = new LinkedHashMap<>(accounts);
    }
  }

  /**
   * An Official Account 公众号.
   *
   * @param dealer Code of the dealer that it belongs to; may be left out when exactly one dealer is
   *     set.
   * @param appId The appid.
   * @param secret AppSecret 开发者密码.
   * @param originalId 原始ID, gh_…; when set, a push to another account is refused.
   * @param token Token of the message push 消息推送; without it there is no callback.
   * @param encodingAesKey EncodingAESKey of the message push, 43 characters.
   * @param previousEncodingAesKey The key before it, while WeChat may still use it.
   * @param baseUrl Where WeChat is reached.
   * @param callTimeout Longest time of one call, refreshing the token included.
   */
  public record Account(
      @Nullable String dealer,
      @Nullable String appId,
      @Nullable String secret,
      @Nullable String originalId,
      @Nullable String token,
      @Nullable String encodingAesKey,
      @Nullable String previousEncodingAesKey,
      @DefaultValue("https://api.weixin.qq.com") String baseUrl,
      @DefaultValue("10s") Duration callTimeout) {
    /** Shows no secret. */
    @Override
    public String toString() {
      return "Account[dealer=" + dealer + ", appId=" + appId + ", baseUrl=" + baseUrl + "]";
    }
  }
}

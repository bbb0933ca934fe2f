package io.laoke.notice;

import io.laoke.binding.BindingDoor;
import io.laoke.binding.RecipientState;
import io.laoke.binding.WebAddress;
import io.laoke.catalog.Keys;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Account;
import io.laoke.message.Accounts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks on an order's page for one message when a service is due, and takes the answer. What the
 * platform sends back with the browser proves nothing by itself: a mark of ours names the recipient
 * whose page asked, the template and the scene, and the openid must be that recipient's.
 */
final class SubscriptionAsk {
  static final String RETURN = "/n/";

  /** What comes back. */
  static final List<String> NAMES = List.of("openid", "template_id", "action", "scene", "reserved");

  private static final Pattern RESERVED =
      Pattern.compile("([0-9a-z]{1,13})-([0-9a-z]{1,8})-([0-9a-f]{16})-([A-Za-z0-9_-]{22})");
  private static final Duration TO_ANSWER = Duration.ofDays(1);

  private final Database database;
  private final TemplateTable templates;
  private final Accounts accounts;
  private final BindingDoor door;
  private final WebSeal seal;
  private final Ids ids;

  SubscriptionAsk(
      Database database,
      TemplateTable templates,
      Accounts accounts,
      BindingDoor door,
      WebSeal seal,
      Ids ids) {
    this.database = database;
    this.templates = templates;
    this.accounts = accounts;
    this.door = door;
    this.seal = seal;
    this.ids = ids;
  }

  /** What a page can offer. */
  sealed interface Offer {
    /** To be asked there. */
    record Ask(String address) implements Offer {}

    /** They have agreed already. */
    record Agreed() implements Offer {}
  }

  /** Empty where the account cannot ask, or is not to. */
  Optional<Offer> offer(
      Tenant tenant, String address, BindingDoor.Seen seen, String userAgent, Instant now) {
    Optional<SubscriptionPrompt> prompt =
        accounts.of(tenant.code()).stream()
            .filter(one -> one.key().equals(seen.account()))
            .findFirst()
            .flatMap((Account one) -> one.capability(SubscriptionPrompt.class))
            .filter(one -> one.insideApp(userAgent));
    if (prompt.isEmpty() || seen.state() != RecipientState.ACTIVE) {
      return Optional.empty();
    }
    record Found(Optional<SubscriptionNotice> notice, boolean agreed) {}
    Found found =
        database.read(
            "look whether somebody can be asked for a subscription",
            tx -> {
              Optional<SubscriptionNotice> notice = notice(tx, tenant, seen.account());
              return new Found(
                  notice,
                  notice
                      .filter(
                          one ->
                              SubscriptionGrants.any(
                                  tx, tenant, seen.account(), seen.openidHash(), one.templateId()))
                      .isPresent());
            });
    if (found.agreed()) {
      return Optional.of(new Offer.Agreed());
    }
    return found
        .notice()
        .map(
            notice ->
                new Offer.Ask(
                    prompt
                        .get()
                        .askUrl(
                            notice.templateId(),
                            notice.scene(),
                            address + RETURN + WebAddress.dealer(tenant),
                            reserved(tenant, seen.id(), notice, now))));
  }

  private Optional<SubscriptionNotice> notice(Tx tx, Tenant tenant, String account) {
    return Optional.ofNullable(templates.of(tx, tenant, TemplateTable.SUBSCRIPTION).get(account))
        .map(SubscriptionNotice::read);
  }

  private String reserved(Tenant tenant, long recipientId, SubscriptionNotice notice, Instant now) {
    String text =
        "%s-%s-%s"
            .formatted(
                Long.toString(recipientId, 36),
                Long.toString(now.plus(TO_ANSWER).getEpochSecond(), 36),
                seal.random(8));
    return text + "-" + mark(tenant, text, notice.templateId(), notice.scene());
  }

  private static String mark(Tenant tenant, String text, String templateId, long scene) {
    return WebSeal.mark(tenant, "subscription", text + "/" + scene + "/" + templateId);
  }

  /** What came of an answer. */
  enum Answer {
    /** They get one message. */
    AGREED,
    /** They do not want it. */
    DECLINED,
    /** It is no answer to a question of ours, or too late. */
    STRANGE
  }

  /**
   * Somebody came back from the question.
   *
   * @param seen whose page has asked, empty if it is strange
   */
  record Came(Answer answer, Optional<BindingDoor.Seen> seen) {}

  /** Takes an answer; the same told twice is one. */
  Came came(Tenant tenant, Map<String, String> query, Instant now) {
    Came strange = new Came(Answer.STRANGE, Optional.empty());
    String text = query.getOrDefault("reserved", "");
    String template = query.getOrDefault("template_id", "");
    String openid = query.getOrDefault("openid", "");
    Matcher parts = RESERVED.matcher(text);
    String scene = query.getOrDefault("scene", "");
    if (!parts.matches()
        || !scene.matches("[0-9]{1,5}")
        || template.isBlank()
        || template.length() > 128) {
      return strange;
    }
    String named = text.substring(0, parts.end(3));
    int number = Integer.parseInt(scene);
    if (!WebSeal.same(mark(tenant, named, template, number), parts.group(4))
        || now.getEpochSecond() >= Long.parseLong(parts.group(2), 36)) {
      return strange;
    }
    Optional<BindingDoor.Seen> seen = door.recipient(tenant, Long.parseLong(parts.group(1), 36));
    if (seen.isEmpty()) {
      return strange;
    }
    if (!query.getOrDefault("action", "").equals("confirm")) {
      return new Came(Answer.DECLINED, seen);
    }
    BindingDoor.Seen of = seen.get();
    if (openid.isBlank()
        || openid.length() > 128
        || !Keys.openidHash(tenant, of.account(), openid.strip()).equals(of.openidHash())) {
      return strange;
    }
    SubscriptionGrants.Open grant =
        new SubscriptionGrants.Open(ids.next(), of.account(), of.openidHash(), template, number);
    String asked = tenant.privacy().hash("subscription-asked", named);
    // Whoever has agreed is not asked: another answer comes of a page from before, or of nobody's.
    database.write(
        "note that somebody has agreed to a message",
        tx ->
            !SubscriptionGrants.any(tx, tenant, of.account(), of.openidHash(), template)
                && SubscriptionGrants.add(tx, tenant, grant, asked, now));
    return new Came(Answer.AGREED, seen);
  }
}

package io.laoke.sms;

import static io.laoke.base.Check.notNull;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.laoke.base.Check;
import io.laoke.base.Phone;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import io.laoke.message.Accounts;
import io.laoke.message.Inbound;
import io.laoke.message.InboundReceiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in what providers push: receipts 状态报告 and replies 上行短信. Knows nothing of HTTP servers: the
 * host's endpoint hands over the body of a POST and sends the answer back. Safe for use by many
 * threads.
 *
 * <p>Providers do not sign what they push, so choose an address that nobody can guess and let in
 * the provider's servers only. They wait less than a second for the answer and push again if it is
 * not the one they expect; repeats change nothing.
 */
public final class SmsPushes {
  private static final Logger LOG = LoggerFactory.getLogger(SmsPushes.class);
  private static final int LONGEST = 1024 * 1024;

  private final Accounts accounts;
  private final InboundReceiver receiver;

  SmsPushes(Accounts accounts, InboundReceiver receiver) {
    this.accounts = accounts;
    this.receiver = receiver;
  }

  /**
   * Receipts of an account. All are read before any is written: a body that cannot be read leaves
   * nothing. Each is then written down in a transaction of its own; if the database fails among
   * them the answer lets the provider push all again.
   *
   * @param account the account's key
   * @param body as it came, at most 1 MB
   * @return never null; 200 once all are safe, 400 for what cannot be read, 404 for an account that
   *     is unknown or whose provider does not push, 500 if the database fails
   */
  public SmsAnswer receipts(String account, byte[] body) {
    return take(account, body, SmsPushFormat::receipts);
  }

  /**
   * What people answered. R, T, TD, 退订 and N, however they are written, end promotions to that
   * number at once, for all accounts of the dealer. As {@link #receipts} otherwise.
   */
  public SmsAnswer replies(String account, byte[] body) {
    return take(account, body, SmsPushFormat::replies);
  }

  private SmsAnswer take(
      String account,
      byte[] body,
      BiFunction<SmsPushFormat, byte[], List<? extends Inbound>> reading) {
    Check.text("account", account, 64);
    notNull("body", body);
    SmsPushFormat format;
    try {
      format =
          accounts
              .require(account)
              .account()
              .capability(SmsPushFormat.class)
              .orElseThrow(
                  () ->
                      new NotFoundException(
                          "The account %s takes no pushes. Name an SMS account whose provider pushes."
                              .formatted(account)));
    } catch (NotFoundException nobody) {
      LOG.warn("laoke.sms.push for an account that takes none: {}", nobody.getMessage());
      return new SmsAnswer(404, "{\"code\":404,\"msg\":\"no such account\"}");
    }
    try {
      if (body.length > LONGEST) {
        throw new InvalidInputException(
            "body", "must be at most %d bytes, has %d".formatted(LONGEST, body.length));
      }
      List<InboundReceiver.Receipt> written = new ArrayList<>();
      for (Inbound fact : reading.apply(format, body)) {
        written.add(receiver.accept(account, fact));
      }
      written.forEach(receipt -> process(account, receipt));
      return new SmsAnswer(200, format.taken());
    } catch (InvalidInputException bad) {
      LOG.warn("laoke.sms.push account={} refused: {}", account, bad.getMessage());
      return new SmsAnswer(400, format.refused(String.valueOf(bad.getMessage())));
    } catch (LaokeException failed) {
      LOG.warn("laoke.sms.push account={} could not be written down", account, failed);
      return new SmsAnswer(500, format.refused("not written down; push again"));
    }
  }

  /** What is written down is safe: the engine processes it if this does not. */
  private static void process(String account, InboundReceiver.Receipt receipt) {
    try {
      receipt.process();
    } catch (LaokeException later) {
      LOG.debug("laoke.sms.push account={} is processed by the next tick", account, later);
    }
  }

  // What formats have in common

  static String phone(String field, String text) {
    return Phone.parse(field, text).value();
  }

  /** Blacklists are told from other failures by the provider's code. */
  static Inbound.Delivery delivery(boolean success, String code) {
    if (success) {
      return Inbound.Delivery.DELIVERED;
    }
    return code.toUpperCase(Locale.ROOT).contains("BLACK")
        ? Inbound.Delivery.BLOCKED
        : Inbound.Delivery.FAILED;
  }

  /** The same on every repeat; the words are no part of it. */
  static String replyKey(String phone, String sequence, String time, String text) {
    return "sms-reply:%s/%s/%s/%s"
        .formatted(phone, sequence, time, Signatures.hash(text.getBytes(UTF_8)));
  }
}

package io.laoke.member;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Inbound;
import io.laoke.message.InboundHandler;
import io.laoke.message.Purpose;
import io.laoke.message.Reply;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Takes refusals of marketing, and consents to it, that followers write in the chat or give by our
 * menu entries. All other texts and clicks are for others.
 */
final class ConsentTexts implements InboundHandler {
  private final StoredMemberBook book;
  private final Function<Tenant, PeopleSettings> settings;
  private final BiFunction<Tenant, ConsentAnswer, Optional<Reply>> replies;
  private final Clock clock;

  ConsentTexts(
      StoredMemberBook book,
      Function<Tenant, PeopleSettings> settings,
      BiFunction<Tenant, ConsentAnswer, Optional<Reply>> replies,
      Clock clock) {
    this.book = book;
    this.settings = settings;
    this.replies = replies;
    this.clock = clock;
  }

  @Override
  public Optional<Reply> handle(Tx tx, Tenant tenant, String account, Inbound fact) {
    ConsentWords words = settings.apply(tenant).consentWords();
    Optional<Consent> said = read(fact, words);
    if (said.isEmpty()
        || book.erased(tx, tenant, account, book.openidHash(tenant, account, fact.openid()))) {
      return Optional.empty(); // nothing is recorded of who was erased, and nothing said
    }
    ConsentAnswer answer =
        book.says(
                tx,
                tenant,
                account,
                fact.openid(),
                said.get(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS))
            .map(agreed -> ConsentAnswer.of(agreed, words))
            .orElseGet(() -> new ConsentAnswer(ConsentAnswer.State.STAFF, Optional.empty()));
    return replies.apply(tenant, answer);
  }

  private static Optional<Consent> read(Inbound fact, ConsentWords words) {
    if (fact instanceof Inbound.Said said) {
      return words
          .read(said.text())
          .map(agrees -> consent(agrees, Consent.WECHAT_TEXT, words, fact));
    }
    if (fact instanceof Inbound.Clicked clicked) {
      boolean agrees = clicked.menuKey().equals(Members.AGREE_MENU_KEY);
      return agrees || clicked.menuKey().equals(Members.REFUSE_MENU_KEY)
          ? Optional.of(consent(agrees, Consent.WECHAT_MENU, words, fact))
          : Optional.empty();
    }
    return Optional.empty();
  }

  private static Consent consent(boolean agrees, String source, ConsentWords words, Inbound fact) {
    return agrees
        ? Consent.given(Purpose.MARKETING, source, words.textVersion(), fact.at())
        : Consent.refused(Purpose.MARKETING, source, fact.at());
  }
}

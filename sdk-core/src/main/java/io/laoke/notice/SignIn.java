package io.laoke.notice;

import io.laoke.binding.WebAddress;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.WebIdentity;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sign-in through the platform, without a row in the database until somebody comes back. What was
 * asked for is kept sealed in a cookie of the browser that asked: only there does the platform's
 * answer count, and nothing in an address says where to go.
 */
final class SignIn {
  static final String RETURN = "/r/";

  /** Shorter than any token. */
  private static final String BY_PHONE = "phone";

  private static final Duration TO_COME_BACK = Duration.ofMinutes(10);
  private static final Duration VISIT = Duration.ofMinutes(30);
  private static final String SEPARATOR = "\n";

  private final WebSeal seal;
  private final Clock machine;

  SignIn(WebSeal seal, Clock machine) {
    this.seal = seal;
    this.machine = machine;
  }

  /**
   * Where somebody wants to go.
   *
   * @param account the account that tells who they are
   * @param link the token of a paper link, or {@link #BY_PHONE}; null for the claim form
   */
  record Target(String account, @Nullable String link) {
    /** To claim by a code that is sent to their phone. */
    static Target byPhone(String account) {
      return new Target(account, BY_PHONE);
    }

    boolean byPhone() {
      return BY_PHONE.equals(link);
    }
  }

  /**
   * Who is there.
   *
   * @param account by which they are known
   * @param sealed as the cookie has it
   */
  record Visit(String account, String openid, String sealed) {
    /** Shows nobody. */
    @Override
    public String toString() {
      return "Visit[***]";
    }
  }

  WebResponse start(Tenant tenant, String address, WebIdentity identity, Target target) {
    String state = seal.random(16);
    String kept =
        seal.seal(
            tenant,
            "state",
            String.join(
                SEPARATOR,
                state,
                Long.toString(machine.instant().plus(TO_COME_BACK).getEpochSecond()),
                target.account(),
                target.link() == null ? "" : target.link()));
    String back = address + RETURN + WebAddress.dealer(tenant);
    return Html.redirect(identity.authorizeUrl(back, state))
        .cookie(cookie(stateCookie(state), kept, address, TO_COME_BACK));
  }

  /** Where this browser wanted to go when it was given that state; empty for any other. */
  Optional<Target> target(Tenant tenant, WebRequest request, String state) {
    if (!state.matches("[0-9a-f]{32}")) {
      return Optional.empty();
    }
    return Optional.ofNullable(request.cookies().get(stateCookie(state)))
        .flatMap(kept -> seal.open(tenant, "state", kept))
        .map(text -> List.of(text.split(SEPARATOR, -1)))
        .filter(parts -> parts.size() == 4 && WebSeal.same(parts.get(0), state))
        .filter(parts -> live(parts.get(1)))
        .map(parts -> new Target(parts.get(2), parts.get(3).isEmpty() ? null : parts.get(3)));
  }

  private boolean live(String endSeconds) {
    return machine.instant().getEpochSecond() < Long.parseLong(endSeconds);
  }

  /** What was asked for stays known, so that the page can be loaded anew. */
  WebResponse signedIn(Tenant tenant, String address, WebResponse page, Visit visit) {
    return page.cookie(cookie(visitCookie(tenant), visit.sealed(), address, VISIT));
  }

  Visit visit(Tenant tenant, String account, String openid) {
    return new Visit(
        account,
        openid,
        seal.seal(
            tenant,
            "visit",
            String.join(
                SEPARATOR,
                Long.toString(machine.instant().plus(VISIT).getEpochSecond()),
                account,
                openid)));
  }

  /** Who has signed in with this browser a short while ago, by that account. */
  Optional<Visit> visit(Tenant tenant, WebRequest request, String account) {
    return Optional.ofNullable(request.cookies().get(visitCookie(tenant)))
        .flatMap(
            cookie ->
                seal.open(tenant, "visit", cookie)
                    .map(text -> List.of(text.split(SEPARATOR, -1)))
                    .filter(parts -> parts.size() == 3 && live(parts.get(0)))
                    .filter(parts -> parts.get(1).equals(account))
                    .map(parts -> new Visit(account, parts.get(2), cookie)));
  }

  /** What a form shown to this visit carries, and no other page can know. */
  static String formToken(Tenant tenant, Visit visit) {
    return WebSeal.mark(tenant, "claim-form", visit.sealed());
  }

  private static String stateCookie(String state) {
    return "lk_s_" + state.substring(0, 8);
  }

  private static String visitCookie(Tenant tenant) {
    return "lk_v_" + WebAddress.dealer(tenant);
  }

  private static String cookie(String name, String value, String address, Duration life) {
    String path = URI.create(address).getRawPath();
    return name
        + "="
        + value
        + "; Path="
        + (path.isEmpty() ? "/" : path)
        + "; Max-Age="
        + life.toSeconds()
        + "; HttpOnly; SameSite=Lax"
        + (address.startsWith("https:") ? "; Secure" : "");
  }
}

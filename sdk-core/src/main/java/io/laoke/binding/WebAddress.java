package io.laoke.binding;

import io.laoke.base.Internal;
import io.laoke.error.InvalidInputException;
import io.laoke.internal.tenant.Tenant;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where a dealer's pages are, and the addresses of those that this floor gives away. */
@Internal
public final class WebAddress {
  /** Paper links: {@code /l/DEALER-TOKEN}. */
  public static final String LINK = "/l/";

  /**
   * The claim form: {@code /c/DEALER}, and {@code /c/DEALER/ACCOUNT} for another than the first.
   */
  public static final String CLAIM = "/c/";

  private static final Pattern NEAR =
      Pattern.compile(
          "localhost|\\[::1\\]|127\\.[0-9.]+|10\\.[0-9.]+|192\\.168\\.[0-9.]+"
              + "|172\\.(1[6-9]|2[0-9]|3[01])\\.[0-9.]+");

  private WebAddress() {}

  static String checked(String address) {
    URI uri;
    try {
      uri = new URI(address);
    } catch (URISyntaxException malformed) {
      throw new InvalidInputException(
          "webAddress", "is no address; write one like https://m.example.com/laoke", malformed);
    }
    String host = uri.getHost();
    boolean secure = "https".equals(uri.getScheme());
    boolean near = "http".equals(uri.getScheme()) && host != null && NEAR.matcher(host).matches();
    if (host == null || !(secure || near)) {
      throw new InvalidInputException(
          "webAddress",
          "must begin with https:// and a domain (http:// only for this machine or a private"
              + " network), was "
              + address);
    }
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new InvalidInputException(
          "webAddress", "must have no user, query or fragment, was " + address);
    }
    if (!address.chars().allMatch(c -> c > ' ' && c < 127 && c != '"' && c != ';')) {
      throw new InvalidInputException("webAddress", "must be plain ASCII, was " + address);
    }
    return address.replaceAll("/+$", "");
  }

  /** The dealer as it stands in addresses. */
  public static String dealer(Tenant tenant) {
    return Integer.toString(tenant.id(), 36);
  }

  static Optional<String> link(Optional<String> address, Tenant tenant, String token) {
    return address.map(base -> base + LINK + dealer(tenant) + "-" + token);
  }

  /**
   * The claim form.
   *
   * @param account the account, if it is not the dealer's first
   */
  public static Optional<String> claim(
      Optional<String> address, Tenant tenant, Optional<String> account) {
    return address.map(
        base ->
            base
                + CLAIM
                + dealer(tenant)
                + account
                    .map(key -> "/" + URLEncoder.encode(key, StandardCharsets.UTF_8))
                    .orElse(""));
  }
}

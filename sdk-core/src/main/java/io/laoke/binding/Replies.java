package io.laoke.binding;

import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes immediate replies of the dealer's words, however long or broken those are. */
final class Replies {
  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
  private static final int LONGEST = 600;
  private static final int MOST_BYTES = 2_000; // WeChat takes about 2,048

  private final Function<Tenant, BindingSettings> settings;

  Replies(Function<Tenant, BindingSettings> settings) {
    this.settings = settings;
  }

  /** Empty if the words are blank. */
  Optional<Reply> reply(Tenant tenant, Function<ReplyTexts, String> words) {
    String text;
    try {
      text = words.apply(settings.apply(tenant).replies());
    } catch (RuntimeException broken) {
      LOG.warn("The reply texts of dealer {} failed; the standard words are used", tenant, broken);
      text = words.apply(ReplyTexts.chinese());
    }
    String fit = fit(text);
    return fit.isBlank() ? Optional.empty() : Optional.of(Reply.text(fit));
  }

  /** Without what a reply must not hold, and cut to its length. */
  private static String fit(String text) {
    int[] plain =
        text.strip()
            .codePoints()
            .filter(c -> c >= ' ' || c == '\n' || c == '\t')
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
            .toArray();
    String whole = new String(plain, 0, plain.length);
    if (plain.length <= LONGEST && bytes(whole) <= MOST_BYTES) {
      return whole;
    }
    int length = Math.min(plain.length, LONGEST - 1);
    while (bytes(new String(plain, 0, length)) > MOST_BYTES - 3) {
      length--;
    }
    return new String(plain, 0, length) + "…";
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}

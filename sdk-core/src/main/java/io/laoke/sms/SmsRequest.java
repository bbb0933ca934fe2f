package io.laoke.sms;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.base.Phone;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A text message as a provider gets it.
 *
 * @param phone whom it goes to
 * @param signature the approved signature, without its brackets
 * @param templateCode the provider's code of the template
 * @param values by the names of the template's parameters, in the order of its positions
 * @param id Laoke's own id of the message, at most 32 ASCII letters and digits; the provider gives
 *     it back in its receipt if it can
 */
public record SmsRequest(
    Phone phone, String signature, String templateCode, Map<String, String> values, String id) {
  /** Checks and copies. */
  public SmsRequest {
    notNull("phone", phone);
    signature = Check.text("signature", signature, 32);
    templateCode = Check.text("templateCode", templateCode, 64);
    values = Collections.unmodifiableMap(new LinkedHashMap<>(notNull("values", values)));
    id = Check.text("id", id, 32);
  }

  /** Shows neither number nor values. */
  @Override
  public String toString() {
    return "SmsRequest[" + id + ", " + templateCode + "]";
  }
}

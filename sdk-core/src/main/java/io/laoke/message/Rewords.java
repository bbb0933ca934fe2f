package io.laoke.message;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.List;
import java.util.Map;

/**
 * SPI: the words that messages would have if they were written now. Asked when the platform refused
 * a template, which may have been replaced while the message was under way.
 */
@Internal
public interface Rewords {
  /**
   * The words of today.
   *
   * @param messages of one account, certainly not sent
   * @return by the message's id; what it knows nothing about is absent
   */
  Map<Long, TemplateMessage> anew(
      Tx tx, Tenant tenant, String account, List<Outbox.Unsent> messages);
}

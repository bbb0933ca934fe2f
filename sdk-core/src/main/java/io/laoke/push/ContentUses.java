package io.laoke.push;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.List;

/** Who uses contents, such as plans. */
interface ContentUses {
  /**
   * What uses the content of that key, in words for an error, such as {@code plan "summer"}. Called
   * while contents of the dealer are locked: whoever begins to use one locks them too, by {@link
   * ContentTable#lock}.
   */
  List<String> of(Tx tx, Tenant tenant, String key);
}

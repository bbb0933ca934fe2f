package io.laoke.order;

import static io.laoke.base.Check.optionalText;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who bought, as far as the ERP knows. All may be absent: then the order is a guest's until
 * somebody scans its code.
 */
public final class Buyer {
  private static final Buyer UNKNOWN = new Buyer(null, null, null);

  private final @Nullable String customerNo;
  private final @Nullable String name;
  private final @Nullable String phone;

  private Buyer(@Nullable String customerNo, @Nullable String name, @Nullable String phone) {
    this.customerNo = optionalText("buyer.customerNo", customerNo, 64);
    this.name = optionalText("buyer.name", name, 100);
    this.phone = optionalText("buyer.phone", phone, 32);
  }

  /** Nothing is known. */
  public static Buyer unknown() {
    return UNKNOWN;
  }

  /**
   * A buyer; null and blank mean unknown.
   *
   * @param customerNo the ERP's number of the customer, at most 64 characters
   * @param name at most 100 characters
   * @param phone a mobile or landline number as it was written down
   */
  public static Buyer of(
      @Nullable String customerNo, @Nullable String name, @Nullable String phone) {
    return new Buyer(customerNo, name, phone);
  }

  /** The ERP's number of the customer. */
  public Optional<String> customerNo() {
    return Optional.ofNullable(customerNo);
  }

  /** The name. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** The phone as it was given. */
  public Optional<String> phone() {
    return Optional.ofNullable(phone);
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "Buyer[***]";
  }
}

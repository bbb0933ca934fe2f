package io.laoke.order;

import static io.laoke.base.Check.optionalText;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where an order goes 服务地址, and who receives it there; need not be the buyer. */
public final class Place {
  private final @Nullable String region;
  private final @Nullable String street;
  private final @Nullable String contact;
  private final @Nullable String phone;

  private Place(
      @Nullable String region,
      @Nullable String street,
      @Nullable String contact,
      @Nullable String phone) {
    this.region = optionalText("place.region", region, 200);
    this.street = optionalText("place.street", street, 200);
    this.contact = optionalText("place.contact", contact, 100);
    this.phone = optionalText("place.phone", phone, 32);
  }

  /**
   * A place; null and blank mean unknown.
   *
   * @param region a path from large to small, such as {@code 浙江/杭州/西湖区}
   * @param street street, house and flat
   * @param contact who receives
   * @param phone of who receives
   */
  public static Place of(
      @Nullable String region,
      @Nullable String street,
      @Nullable String contact,
      @Nullable String phone) {
    return new Place(region, street, contact, phone);
  }

  /** The region's path. */
  public Optional<String> region() {
    return Optional.ofNullable(region);
  }

  /** Street, house and flat. */
  public Optional<String> street() {
    return Optional.ofNullable(street);
  }

  /** Who receives. */
  public Optional<String> contact() {
    return Optional.ofNullable(contact);
  }

  /** The phone of who receives, as it was given. */
  public Optional<String> phone() {
    return Optional.ofNullable(phone);
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "Place[***]";
  }
}

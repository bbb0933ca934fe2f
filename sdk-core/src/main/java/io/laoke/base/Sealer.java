package io.laoke.base;

/**
 * SPI: encrypts personal values (openids, phones, names, addresses) before they are stored. They
 * are looked up by a keyed hash, so sealing may give another text each time. The default keeps them
 * as they are; {@link AesGcmSealer} encrypts them. Safe for use by many threads.
 */
public interface Sealer {
  /**
   * Seals a value.
   *
   * @param value at most 400 characters
   * @return at most 1,000 characters for a value of at most 200, and 2,000 for a longer one
   */
  String seal(String value);

  /**
   * Opens what {@link #seal} gave, by any key that is still known.
   *
   * @throws io.laoke.error.SealedException if it cannot be opened
   */
  String open(String sealed);

  /**
   * Whether a sealed value is as {@link #seal} would seal it now; if not, {@code laoke.reseal()}
   * seals it anew. Costs nothing: it does not open the value.
   */
  default boolean current(String sealed) {
    return true;
  }

  /** Keeps values as they are. */
  static Sealer plain() {
    return new Sealer() {
      @Override
      public String seal(String value) {
        return value;
      }

      @Override
      public String open(String sealed) {
        return sealed;
      }
    };
  }
}

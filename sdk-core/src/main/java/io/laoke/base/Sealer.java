package io.laoke.base;

/**
 * SPI: encrypts personal values (openids, phones, names, addresses) before they are stored. They
 * are looked up by a keyed hash, so sealing may give another text each time. The default keeps them
 * as they are.
 */
public interface Sealer {
  /**
   * Seals a value.
   *
   * @param value at most 400 characters
   * @return at most 1,000 characters
   */
  String seal(String value);

  /**
   * Opens what {@link #seal} gave, by any key that is still known.
   *
   * @throws io.laoke.error.LaokeException if it cannot be opened
   */
  String open(String sealed);

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

package io.laoke.internal.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumbersTest {
  private static final long[] SPANS = {0, 1, 255, 256, 65_535, 65_536, 0xffff_ffffL, 1L << 32};
  private static final List<Long> FROM =
      List.of(0L, -1L, -1_000_000L, Long.MIN_VALUE, Long.MAX_VALUE - (1L << 33), 1L << 40);

  @Test
  void holdsWhatItIsGivenInWhateverWidthAndFindsWhatIsBetween() {
    Random random = new Random(3);
    for (long span : SPANS) {
      for (long from : FROM) {
        long[] values = new long[200];
        for (int i = 0; i < values.length; i++) {
          values[i] = from + (long) (random.nextDouble() * span);
        }
        values[3] = from;
        values[7] = from + span;
        Numbers numbers = Numbers.of(values, values.length);
        for (int i = 0; i < values.length; i++) {
          assertThat(numbers.get(i)).isEqualTo(values[i]);
        }
        for (long low : new long[] {Long.MIN_VALUE, from, from + 1, values[50], Long.MAX_VALUE}) {
          for (long high :
              new long[] {Long.MIN_VALUE, from, from + span, values[60], Long.MAX_VALUE}) {
            between(numbers, values, low, high);
          }
        }
      }
    }
  }

  private static void between(Numbers numbers, long[] values, long low, long high) {
    long[] bits = new long[(values.length + 63) >> 6];
    numbers.between(low, high, bits);
    for (int i = 0; i < values.length; i++) {
      assertThat((bits[i >> 6] & (1L << i)) != 0)
          .as("%d between %d and %d, the least %d", values[i], low, high, numbers.least())
          .isEqualTo(values[i] >= low && values[i] <= high);
    }
  }

  @Test
  void takesTheBytesThatTheSpanNeeds() {
    assertThat(Numbers.of(new long[] {7, 7 + 255}, 2).bytes).hasSize(2);
    assertThat(Numbers.of(new long[] {7, 7 + 256}, 2).chars).hasSize(2);
    assertThat(Numbers.of(new long[] {7, 7 + 65_536}, 2).ints).hasSize(2);
    assertThat(Numbers.of(new long[] {0, 1L << 32}, 2).longs).hasSize(2);
    assertThat(Numbers.of(new long[] {Long.MIN_VALUE, Long.MAX_VALUE}, 2).longs).hasSize(2);
    assertThat(Numbers.of(new long[0], 0).size()).isZero();
  }
}

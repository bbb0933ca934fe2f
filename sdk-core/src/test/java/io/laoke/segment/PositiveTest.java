package io.laoke.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.segment.Condition.Bound;
import io.laoke.segment.Condition.Compare;
import io.laoke.segment.Condition.Equal;
import io.laoke.segment.Condition.Exists;
import io.laoke.segment.Condition.In;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class PositiveTest {
  private static BigDecimal of(String number) {
    return new BigDecimal(number);
  }

  private static boolean never(Condition condition) {
    return Positive.only(condition, false);
  }

  private static boolean neverNot(Condition condition) {
    return Positive.only(condition, true);
  }

  @Test
  void onlyWhatIsFalseOfZeroAndAllBelowIsSo() {
    assertThat(never(new Compare(Bound.GTE, of("1")))).isTrue();
    assertThat(never(new Compare(Bound.GTE, of("0")))).isFalse();
    assertThat(never(new Compare(Bound.GT, of("0")))).isTrue();
    assertThat(never(new Compare(Bound.GT, of("-1")))).isFalse();
    assertThat(never(new Compare(Bound.LT, of("5")))).isFalse();
    assertThat(never(new Compare(Bound.LTE, of("-5")))).isFalse();
    assertThat(never(new Equal(of("5")))).isTrue();
    assertThat(never(new Equal(of("-5")))).isFalse();
    assertThat(never(new In(List.of(of("5"), of("7"))))).isTrue();
    assertThat(never(new In(List.of(of("5"), of("-7"))))).isFalse();
  }

  @Test
  void theContraryIsToldJustAsWell() {
    assertThat(neverNot(new Compare(Bound.LT, of("1")))).isTrue();
    assertThat(neverNot(new Compare(Bound.LTE, of("0")))).isTrue();
    assertThat(neverNot(new Compare(Bound.LT, of("0")))).isFalse();
    assertThat(neverNot(new Compare(Bound.GTE, of("1")))).isFalse();
    assertThat(neverNot(new Equal(of("5")))).isFalse();
    assertThat(neverNot(new Equal(of("-5")))).isFalse();
    assertThat(neverNot(new In(List.of(of("0"), of("-7"))))).isFalse();
  }

  @Test
  void moreOfWhatSatisfiesDoesSoToo() {
    assertThat(Positive.most(new Compare(Bound.GTE, of("1")), false)).isTrue();
    assertThat(Positive.most(new Compare(Bound.GT, of("0")), false)).isTrue();
    assertThat(Positive.most(new Compare(Bound.LT, of("1")), true)).isTrue();
    assertThat(Positive.most(new Compare(Bound.LTE, of("0")), true)).isTrue();
    assertThat(Positive.most(new Compare(Bound.GTE, of("0")), false)).isFalse();
    assertThat(Positive.most(new Compare(Bound.LT, of("1")), false)).isFalse();
    assertThat(Positive.most(new Compare(Bound.GTE, of("1")), true)).isFalse();
    assertThat(Positive.most(new Equal(of("5")), false)).isFalse();
  }

  @Test
  void whatIsNoNumberIsNotKnown() {
    assertThat(never(new Exists())).isFalse();
    assertThat(never(new Equal("5"))).isFalse();
  }

  @Test
  void someIsEveryCountButNone() {
    assertThat(Positive.some(new Compare(Bound.GTE, of("1")), false)).isTrue();
    assertThat(Positive.some(new Compare(Bound.GT, of("0.0")), false)).isTrue();
    assertThat(Positive.some(new Compare(Bound.GT, of("0.5")), false)).isTrue();
    assertThat(Positive.some(new Compare(Bound.LT, of("1")), true)).isTrue();
    assertThat(Positive.some(new Equal(of("0.0")), true)).isTrue();
    assertThat(Positive.some(new Compare(Bound.GTE, of("2")), false)).isFalse();
    assertThat(Positive.some(new Compare(Bound.GT, of("1")), false)).isFalse();
    assertThat(Positive.some(new Compare(Bound.GTE, of("0")), false)).isFalse();
    assertThat(Positive.some(new Compare(Bound.LT, of("1")), false)).isFalse();
    assertThat(Positive.some(new Equal(of("0")), false)).isFalse();
    assertThat(Positive.some(new Equal(of("1")), true)).isFalse();
    assertThat(Positive.some(new In(List.of(of("1"), of("2"))), false)).isFalse();
    assertThat(Positive.some(new Exists(), false)).isFalse();
  }
}

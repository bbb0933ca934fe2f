package io.laoke.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import io.laoke.error.SealedException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AesGcmSealerTest {
  private static byte[] key(int n) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) n);
    return key;
  }

  @Test
  void opensWhatItSealedWhateverItIs() {
    AesGcmSealer sealer = AesGcmSealer.of("k1", key(1));
    for (String value :
        List.of("", "13800138000", "王芳", "浙江/杭州", "👩‍👧 家", "a".repeat(400), "字".repeat(400))) {
      String sealed = sealer.seal(value);
      assertThat(sealer.open(sealed)).isEqualTo(value);
      assertThat(sealed).doesNotContain("138", "王芳");
    }
    assertThat(sealer.seal("王芳")).isNotEqualTo(sealer.seal("王芳"));
  }

  @Test
  void twoHundredCharactersOfAnyScriptFitAColumn() {
    AesGcmSealer sealer = AesGcmSealer.of("2026-11", key(1));
    StringBuilder rare = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      rare.appendCodePoint(0x20000 + i * 211 % 0xA000);
    }
    StringBuilder common = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      common.appendCodePoint(0x4E00 + i * 101 % 0x5000);
    }
    for (String value : List.of(rare.toString(), common.toString(), "😀".repeat(200))) {
      String sealed = sealer.seal(value);
      assertThat(sealed.length()).isLessThanOrEqualTo(1_000);
      assertThat(sealer.open(sealed)).isEqualTo(value);
    }
  }

  @Test
  void readsOlderKeysAndKnowsWhatIsCurrent() {
    AesGcmSealer old = AesGcmSealer.of("k1", key(1));
    AesGcmSealer both = AesGcmSealer.of("k2", key(2)).reading("k1", key(1));
    String sealed = old.seal("王芳");

    assertThat(both.open(sealed)).isEqualTo("王芳");
    assertThat(both.current(sealed)).isFalse();
    assertThat(both.current(both.seal("王芳"))).isTrue();
    assertThatThrownBy(() -> AesGcmSealer.of("k2", key(2)).open(sealed))
        .isInstanceOf(SealedException.class)
        .hasMessageContainingAll("k1", "reading(");
    assertThatThrownBy(() -> AesGcmSealer.of("k1", key(3)).open(sealed))
        .isInstanceOf(SealedException.class)
        .hasMessageContaining("another key was given under that name");
  }

  @Test
  void aChangedValueOrAnotherKeysNameIsNoticed() {
    AesGcmSealer both = AesGcmSealer.of("k2", key(2)).reading("k1", key(2));
    String sealed = both.seal("13800138000");
    for (int i = 0; i < sealed.length() - 1; i++) {
      char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
      String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
      assertThatThrownBy(() -> both.open(changed)).isInstanceOf(SealedException.class);
    }
    assertThatThrownBy(() -> both.open(sealed.replace("k2", "k1")))
        .isInstanceOf(SealedException.class);
    for (String broken : List.of("lk1:", "lk1:k2", "lk1:k2:", "lk1:k2:AAAA", "lk1:k2:§")) {
      assertThatThrownBy(() -> both.open(broken)).isInstanceOf(SealedException.class);
    }
  }

  @Test
  void plainValuesAreTakenOnlyWhenTold() {
    AesGcmSealer sealer = AesGcmSealer.of("k1", key(1));
    assertThatThrownBy(() -> sealer.open("13800138000"))
        .isInstanceOf(SealedException.class)
        .hasMessageContaining("readingPlain()")
        .hasMessageNotContaining("138");
    assertThat(sealer.readingPlain().open("13800138000")).isEqualTo("13800138000");
    assertThat(sealer.readingPlain().current("13800138000")).isFalse();
  }

  @Test
  void refusesKeysThatAreNone() {
    assertThatThrownBy(() -> AesGcmSealer.of("k 1", key(1)))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> AesGcmSealer.of("k1", new byte[16]))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("32 bytes");
    assertThatThrownBy(() -> AesGcmSealer.of("k1", key(1)).reading("k1", key(2)))
        .isInstanceOf(InvalidInputException.class);
    assertThat(AesGcmSealer.of("k1", key(7)).toString()).isEqualTo("AesGcmSealer[k1, reads [k1]]");
  }
}

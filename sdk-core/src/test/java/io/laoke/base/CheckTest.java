package io.laoke.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SO-1",
        " SO-1\t",
        "\u00A0SO-1\u00A0",
        "\uFEFFSO-1",
        "SO-1\u200B",
        "\u3000SO-1\u2060 "
      })
  void aKeyIsTheSameWhateverBlanksWerePastedAroundIt(String pasted) {
    assertThat(Check.text("orderNo", pasted, 4)).isEqualTo("SO-1");
    assertThat(Check.optionalText("orderNo", pasted, 4)).isEqualTo("SO-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD83D", "a\uDE00b", "\uDE00\uD83D", "ok\uD83D\uDE00\uD83D"})
  void halfOfACharacterIsRefusedOrMendedButNeverKept(String half) {
    assertThatThrownBy(() -> Check.text("text", half, 9))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("text: has half of a 4-byte character at ");
    String mended = Check.mended(half);
    assertThat(mended).contains("?").hasSameSizeAs(half);
    assertThat(Check.text("text", mended, 9)).isEqualTo(mended);
    assertThat(Check.mended("安装\uD83D\uDE00")).isEqualTo("安装\uD83D\uDE00");
  }

  @Test
  void keepsWhatStandsInside() {
    assertThat(Check.text("name", "张\u00A0三 家\u200D庭", 64)).isEqualTo("张\u00A0三 家\u200D庭");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\u00A0", "\uFEFF\u200B", "\u3000\t"})
  void blanksThatNobodySeesAreNoText(String blank) {
    assertThat(Check.optionalText("remark", blank, 9)).isNull();
    assertThatThrownBy(() -> Check.text("orderNo", blank, 9))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("orderNo");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\tb", "a\rb", "a\u007Fb", "a\u0085b", "a\u2028b", "a\u0000b"})
  void aKeyIsOneLine(String forged) {
    assertThatThrownBy(() -> Check.key("orderNo", forged, 64))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("orderNo");
    assertThatThrownBy(() -> Check.optionalKey("document", forged, 64))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("document");
  }
}

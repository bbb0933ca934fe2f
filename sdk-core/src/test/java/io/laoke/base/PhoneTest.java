package io.laoke.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          13800138000              | 13800138000
          138 0013 8000            | 13800138000
          138-0013-8000            | 13800138000
          １３８００１３８０００   | 13800138000
          138－0013—8000           | 13800138000
          +86 138 0013 8000        | 13800138000
          +8613800138000           | 13800138000
          ＋８６-138-0013-8000     | 13800138000
          (+86)13800138000         | 13800138000
          （86）13800138000        | 13800138000
          0086 13800138000         | 13800138000
          8613800138000            | 13800138000
          013800138000             | 13800138000
          19912345678              | 19912345678
          13800138000-1234         | 13800138000-1234
          13800138000转1234        | 13800138000-1234
          13800138000 分机：1234   | 13800138000-1234
          +8613800138000,1234      | 13800138000-1234
          010-12345678             | 01012345678
          （010）1234 5678         | 01012345678
          0571-87654321            | 057187654321
          0571-8765-4321           | 057187654321
          0571-8765432             | 05718765432
          0571-8765432-1           | 05718765432-1
          0571-87654321-802        | 057187654321-802
          0571-87654321转802       | 057187654321-802
          0571-87654321(转)802     | 057187654321-802
          057187654321 ext. 802    | 057187654321-802
          057187654321x802         | 057187654321-802
          057187654321#802         | 057187654321-802
          +86 571 8765 4321        | 057187654321
          +86 (0)571 87654321      | 057187654321
          86-571-87654321          | 057187654321
          +86 10 6552 9988         | 01065529988
          400-888-8123             | 4008888123
          4008888123               | 4008888123
          +86 400 8888 123         | 4008888123
          400-8888-123转9          | 4008888123-9
          800.820.1234             | 8008201234
          87654321                 | 87654321
          8765432                  | 8765432
          8765-4321                | 87654321
          +852 5123 4567           | +85251234567
          00852-51234567           | +85251234567
          +1 (415) 555-2671        | +14155552671
          +886912345678            | +886912345678
          +33-1-23-45-67-89        | +33123456789
          +852-5123-4567转8        | +85251234567-8
          8765432-1                | 8765432-1
          8765432 - 1              | 8765432-1
          400-8888-123             | 4008888123
          4008888-123              | 4008888123
          """)
  void readsWhatPeopleWrite(String text, String value) {
    assertThat(Phone.of(text).value()).isEqualTo(value);
    assertThat(new Phone(value)).isEqualTo(Phone.of(value)).isEqualTo(Phone.of(text));
  }

  @Test
  void ignoresMarksThatNobodySees() {
    assertThat(Phone.of("\u202d138\u00a00013\u200b8000\u202c\ufeff").value())
        .isEqualTo("13800138000");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        "无",
        "none",
        "0",
        "110",
        "95588",
        "12345",
        "123456",
        "1380013800",
        "138001380001",
        "11111111111",
        "12800138000",
        "00000000000",
        "13800138000/13900139000",
        "13800138000,13900139000",
        "13800138000 13900139000",
        "138O0138000",
        "+86",
        "+8612345",
        "+86 999",
        "++8613800138000",
        "+012345678",
        "0571",
        "0571-12",
        "tel:13800138000",
        "1380013800a",
        "13800138000转",
        "13800138000转1234567",
        "转1234",
        "-",
        "٠١٣٨٠٠١٣٨٠٠",
        "😀😀😀😀😀😀😀",
        "13800138000\u0000",
        "'; DROP TABLE laoke_member; --",
        "1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111"
      })
  void refusesWhatIsNoneWithoutShowingIt(String text) {
    assertThatThrownBy(() -> Phone.parse("buyer.phone", text))
        .isInstanceOfSatisfying(
            InvalidInputException.class,
            e -> {
              assertThat(e.field()).isEqualTo("buyer.phone");
              if (text != null && text.strip().length() > 4) {
                assertThat(e).hasMessageNotContaining(text.strip());
              }
            });
    if (text != null) {
      assertThat(Phone.read(text)).isEmpty();
    }
  }

  @Test
  void saysWhatWouldBeRight() {
    assertThatThrownBy(() -> Phone.of("1380013"))
        .hasMessageContainingAll("phone: ", "7 characters", "7 of them digits", "mobile");
  }

  @ParameterizedTest
  @ValueSource(strings = {"138 0013 8000", "+8613800138000", "1380013800", "13800138000-", ""})
  void aRecordHoldsOnlyTheOneForm(String other) {
    assertThatThrownBy(() -> new Phone(other)).isInstanceOf(InvalidInputException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "13800138000, 138****8000, 8000, true",
    "13800138000-1234, 138****8000, 8000, false",
    "057187654321-802, 057****4321, 4321, false",
    "4008888123, 400****8123, 8123, false",
    "8765432, ****32, 5432, false",
    "+85251234567, +85****4567, 4567, false"
  })
  void showsItsMaskedForm(String value, String masked, String lastFour, boolean mobile) {
    Phone phone = new Phone(value);

    assertThat(phone.masked()).isEqualTo(masked);
    assertThat(phone).hasToString(masked);
    assertThat(phone.lastFour()).isEqualTo(lastFour);
    assertThat(phone.mobile()).isEqualTo(mobile);
  }

  @Test
  void anyTextIsReadOrRefusedQuicklyAndOnceReadStaysTheSame() {
    long seed = 20260501;
    Random random = new Random(seed);
    String alphabet = "0123456789013800138000+-() .转,x#ext０８６分机😀";
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(24); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Phone.read(text.toString())
          .ifPresent(
              phone ->
                  assertThat(Phone.read(phone.value()))
                      .as("seed %d: %s", seed, text)
                      .contains(phone));
    }
  }
}

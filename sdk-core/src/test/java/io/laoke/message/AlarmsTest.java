package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Channels are written by others, too: whatever they give, an alarm says what to do. */
class AlarmsTest {
  private static Reason raised(Alarm.Kind kind, Reason reason) {
    List<Alarm> heard = new ArrayList<>();
    new Alarms(List.of(heard::add)).raise(new Alarm(kind, "hengxin", "wx1", "7", reason));
    assertThat(heard)
        .singleElement()
        .extracting(Alarm::kind, Alarm::dealer, Alarm::account, Alarm::reference)
        .containsExactly(kind, "hengxin", "wx1", "7");
    return heard.get(0).reason();
  }

  @ParameterizedTest
  @EnumSource
  void sayWhatToDoInBothLanguages(Alarm.Kind kind) {
    Reason said = raised(kind, Reason.of("E1", "no"));
    assertThat(said.code()).isEqualTo("E1");
    assertThat(said.text()).isEqualTo("no");
    assertThat(said.advice()).matches("[A-Z]\\p{ASCII}+\\.");
    assertThat(said.adviceZh()).containsPattern("[一-龥]{4}").endsWith("。");
  }

  @ParameterizedTest
  @EnumSource
  void keepWhatTheChannelAdvises(Alarm.Kind kind) {
    Reason whole = new Reason("E1", "no", "Do this.", "请这样做。");
    assertThat(raised(kind, whole)).isEqualTo(whole);
    Reason half = new Reason("E1", "no", "Do this.", "");
    assertThat(raised(kind, half).advice()).isEqualTo("Do this.");
    assertThat(raised(kind, half).adviceZh()).containsPattern("[一-龥]{4}");
  }
}

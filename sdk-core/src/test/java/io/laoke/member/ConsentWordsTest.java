package io.laoke.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentWordsTest {
  private static final ConsentWords WORDS = ConsentWords.standard();

  @ParameterizedTest
  @ValueSource(strings = {"退订", " 退订\n", "退订。", "退订！！", "　退訂　", "td", "ＴＤ", "Td.", "取消订阅"})
  void refuses(String text) {
    assertThat(WORDS.read(text)).contains(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"订阅", "訂閱", "订阅!", "恢复订阅"})
  void agrees(String text) {
    assertThat(WORDS.read(text)).contains(true);
  }

  /** Sentences, questions, orders' words, and what answers a reminder. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "我要退订单",
        "退订单",
        "怎么退订",
        "退订？",
        "退订怎么弄",
        "不要退订",
        "退 订",
        "“退订”",
        "退订,订阅",
        "退货",
        "T",
        "N",
        "R",
        "不需要",
        "不用了",
        "以后再说",
        "绑定",
        "。",
        "",
        "退订。。。。。。。。。。。。。。。。。。。。。。。。。。。。。。。。。。。。。。。"
      })
  void allElseIsForOthers(String text) {
    assertThat(WORDS.read(text)).isEmpty();
  }

  @Test
  void aWordMeansOneThing() {
    assertThatThrownBy(() -> WORDS.withRefusing("td", "ＴＤ"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll("consentWords.refusing", "one thing", "ＴＤ");
    assertThatThrownBy(() -> WORDS.withAgreeing("退订。"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("consentWords.agreeing");
    for (String bad : new String[] {"", "。", "a|b", "一二三四五六七八九十一二三四五六七", "退\n订"}) {
      assertThatThrownBy(() -> WORDS.withRefusing(bad))
          .as(bad)
          .isInstanceOf(InvalidInputException.class);
    }
    assertThatThrownBy(
            () -> WORDS.withRefusing(Collections.nCopies(21, "x").toArray(String[]::new)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("20");
    assertThatThrownBy(() -> WORDS.withTextVersion(" "))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("consentWords.textVersion");
    assertThat(WORDS.withRefusing().read("退订")).isEmpty();
  }
}

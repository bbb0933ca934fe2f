package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.laoke.message.TemplateMessage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldFitterTest {
  /** Columns: key, value, expected value, expected rule; {@code ''} is empty. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "thing2 | 反渗透净水器 | 反渗透净水器 | none",
        "thing2 | 一二三四五六七八九十一二三四五六七八九十 | 一二三四五六七八九十一二三四五六七八九十 | none",
        "thing2 | 一二三四五六七八九十一二三四五六七八九十一 | 一二三四五六七八九十一二三四五六七八九… | CUT",
        "thing2 | '  净水器\\n白色 ' | 净水器 白色 | STRIPPED",
        "thing2 | 净水器😀👍🏽 | 净水器 | STRIPPED",
        "thing2 | 𠮷野家 | 𠮷野家 | none",
        "thing2 | 😀 | 详见订单 | EMPTY",
        "short_thing1 | 反渗透净水器 | 反渗透净… | CUT",
        "short_thing1 | '' | 见订单 | EMPTY",
        "character_string1 | SO-1001/甲 | SO-1001/ | STRIPPED",
        "character_string1 | ＳＯ－１００１ | SO-1001 | none",
        "character_string1 | SO 1001 | SO-1001 | STRIPPED",
        "character_string1 | 订单号 | - | EMPTY",
        "character_string1 | 123456789012345678901234567890123 | 12345678901234567890123456789... |"
            + " CUT",
        "number3 | 3 | 3 | none",
        "number3 | 1,234.50 | 1234.50 | none",
        "number3 | 3台 | 3 | STRIPPED",
        "number3 | 共3台 | 3 | STRIPPED",
        "number3 | 3万 | 00 | EMPTY",
        "number3 | '-5' | 00 | EMPTY",
        "number3 | 3/5 | 00 | EMPTY",
        "number3 | 1.2.3 | 00 | EMPTY",
        "letter4 | Ａbc | Abc | none",
        "letter4 | AB12 | AB | STRIPPED",
        "letter4 | 一二 | NA | EMPTY",
        "symbol5 | ＃！ | #! | none",
        "symbol5 | a***b***c | ***** | CUT",
        "symbol5 | 无 | - | EMPTY",
        "phrase3 | 已发货 | 已发货 | none",
        "phrase3 | 已 发货！ | 已发货 | STRIPPED",
        "phrase3 | 已送达待安装确认 | 已送达待安 | CUT",
        "phrase3 | DONE | 已更新 | EMPTY",
        "name1 | 张三 | 张三 | none",
        "name1 | 张** | 张** | none",
        "name1 | John Smith | John·Smith | none",
        "name1 | 张三13800000000 | 张三 | STRIPPED",
        "name1 | José | Jose | none",
        "name1 | 一二三四五六七八九十一 | 一二三四五六七八九十 | CUT",
        "name1 | abcdefghijklmnopqrstuvwxyz | abcdefghijklmnopqrst | CUT",
        "name1 | 13800000000 | 见订单 | EMPTY",
        "time4 | 2025-12-17T07:01:30Z | 2025年12月17日 15:01 | none",
        "time4 | 2025-12-17T23:59:59.999+08:00 | 2025年12月17日 23:59 | none",
        "time4 | 2025-12-17 15:01 | 2025年12月17日 15:01 | none",
        "time4 | 2025年01月07日 15:01 | 2025年01月07日 15:01 | none",
        "time4 | 2025年12月17日 15:01 | 2025年12月17日 15:01 | none",
        "time4 | 9:05 | 09:05 | none",
        "time4 | 2025-12-17 09:00-12:00 | 2025年12月17日 09:00~12:00 | none",
        "time4 | 2025-12-17 09:00～2025/12/18 12:00 | 2025年12月17日 09:00~2025年12月18日 12:00 | none",
        "time4 | 2025-12-17 | 2025年12月17日 00:00 | EMPTY",
        "time4 | 尽快 | 00:00 | EMPTY",
        "time4 | 2025-02-30 10:00 | 00:00 | EMPTY",
        "time4 | 25:61 | 00:00 | EMPTY",
        "date5 | 2025-12-17 | 2025-12-17 | none",
        "date5 | 2025/1/7 10:00:00 | 2025/1/7 10:00 | none",
        "date5 | 2025-12-17T16:30:00Z | 2025年12月18日 00:30 | none",
        "date5 | 2025.12.17 至 2025.12.19 | 2025.12.17~2025.12.19 | none",
        "date5 | 2025-12-17 09:00-12:00 | 2025-12-17 09:00~2025-12-17 12:00 | none",
        "date5 | 15:01 | 1970年1月1日 | EMPTY",
        "amount6 | 1299 | 1299 | none",
        "amount6 | ￥1,299.50 | ¥1299.50 | none",
        "amount6 | 1299.00元 | 1299.00元 | none",
        "amount6 | 人民币1299元整 | 1299元 | none",
        "amount6 | 0.335 | 0.34 | CUT",
        "amount6 | 123456789.00 | 123456789.0 | none",
        "amount6 | 1234567890.55 | 1234567891 | CUT",
        "amount6 | 9999999999.99 | 00元 | EMPTY",
        "amount6 | 3万元 | 00元 | EMPTY",
        "amount6 | -5.00 | 00元 | EMPTY",
        "amount6 | 12345678901 | 00元 | EMPTY",
        "amount6 | 100-200元 | 00元 | EMPTY",
        "phone_number7 | 0757-88889999 | 0757-88889999 | none",
        "phone_number7 | ＋86 138 0000 0000 | +86-138-0000-0000 | none",
        "phone_number7 | (0757)8888-9999转801 | (0757)8888-9999 | CUT",
        "phone_number7 | 0757-88889999转8 | 0757-88889999-8 | STRIPPED",
        "phone_number7 | 13800000000/13900000000 | 13800000000 | CUT",
        "phone_number7 | 138****0000 | 138****0000 | none",
        "phone_number7 | 见订单 | 000-0000 | EMPTY",
        "car_number8 | 粤E·12345 | 粤E12345 | none",
        "car_number8 | 粤e12345 | 粤E12345 | none",
        "car_number8 | 粤E12345警 | 粤E12345警 | none",
        "car_number8 | 粤E123456789 | 未知 | EMPTY",
        "const9 | 已完成 | 已完成 | none",
        "enum9 | '' | 其他 | EMPTY",
        "keyword1 | 一二三四五六七八九十一二三四五六七八九十一 | 一二三四五六七八九十一二三四五六七八九… | CUT",
        "first | '您好，\\n订单已发货😀' | 您好， 订单已发货 | STRIPPED",
        "remark | '' | 详见订单 | EMPTY",
        "thing | 一二三四五六七八九十一二三四五六七八九十一 | 一二三四五六七八九十一二三四五六七八九十一 | none",
        "thing2a3 | 一二三四五六七八九十一二三四五六七八九十一 | 一二三四五六七八九十一二三四五六七八九十一 | none",
        "Thing2 | 一二三四五六七八九十一二三四五六七八九十一 | 一二三四五六七八九十一二三四五六七八九十一 | none",
        "'' | 一二三四五六七八九十一二三四五六七八九十一 | 一二三四五六七八九十一二三四五六七八九十一 | none",
        "12 | 一二三四五六七八九十一二三四五六七八九十一 | 一二三四五六七八九十一二三四五六七八九十一 | none",
        "unknown7 | x | x | none"
      })
  void fits(String key, String value, String expected, String rule) {
    FieldFitter.Fitted fitted = fit(key, value, null);
    assertThat(fitted.rule().map(Enum::name).orElse(null)).isEqualTo(rule);
    assertThat(fitted.value()).isEqualTo(expected);
  }

  @Test
  void usesTheFallbackWhenNothingFitsOrThePhraseCouldTurnRound() {
    assertThat(fit("phrase3", "", "已发货"))
        .isEqualTo(new FieldFitter.Fitted("已发货", java.util.Optional.of(FieldFitter.Rule.FALLBACK)));
    assertThat(fit("phrase3", "已送达客户失败", "配送异常").value()).isEqualTo("配送异常");
    assertThat(fit("phrase3", "3天后送达", "已安排").value()).isEqualTo("已安排");
    assertThat(fit("character_string1", "订单", "K7Q2").value()).isEqualTo("K7Q2");
    assertThat(fit("time4", "2025-12-17", "2025-12-17 09:00").value())
        .isEqualTo("2025年12月17日 09:00");
    assertThat(fit("amount6", "面议", "0.00").value()).isEqualTo("0.00");
  }

  @Test
  void aFallbackThatDoesNotFitIsFittedLikewise() {
    assertThat(fit("phrase3", "", "x1").value()).isEqualTo("已更新");
    assertThat(fit("thing1", "\n", "一二三四五六七八九十一二三四五六七八九十一").value()).hasSize(20);
  }

  /** Says what WeChat takes, written apart from the fitter. */
  private static Pattern valid(String key) {
    String time = "([01]?[0-9]|2[0-3]):[0-5][0-9]";
    String date =
        "[0-9]{4}(年[0-9]{1,2}月[0-9]{1,2}日|-[0-9]{1,2}-[0-9]{1,2}"
            + "|/[0-9]{1,2}/[0-9]{1,2}|\\.[0-9]{1,2}\\.[0-9]{1,2})";
    String timePoint = "([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日 )?" + time;
    String datePoint = date + "( " + time + ")?";
    return Pattern.compile(
        switch (key) {
          case "thing1", "keyword1", "const1", "enum1" -> "\\P{Cntrl}{1,20}";
          case "short_thing1" -> "\\P{Cntrl}{1,5}";
          case "character_string1" -> "[!-~]{1,32}";
          case "number1" -> "(?=.{1,32}$)[0-9]+(\\.[0-9]+)?";
          case "letter1" -> "[A-Za-z]{1,32}";
          case "symbol1" -> "[!-/:-@\\[-`{-~]{1,5}";
          case "phrase1" -> "[\\u4E00-\\u9FFF]{1,5}";
          case "name1" ->
              "(?=.*[\\u4E00-\\u9FFF])[\\u4E00-\\u9FFFA-Za-z·.\\-_'*()]{1,10}"
                  + "|[A-Za-z·.\\-_'*()]{1,20}";
          case "time1" -> timePoint + "(~" + timePoint + ")?";
          case "date1" -> datePoint + "(~" + datePoint + ")?";
          case "amount1" -> "[¥$€£]?(?=([0-9]\\.?){1,10}元?$)[0-9]+(\\.[0-9]{1,2})?元?";
          case "phone_number1" -> "[0-9+\\-()*]{1,17}";
          case "car_number1" ->
              "(?=.{2,8}$)[\\u4E00-\\u9FFFA-Z0-9][A-Z0-9]*[\\u4E00-\\u9FFFA-Z0-9]";
          default -> "\\P{Cntrl}{1,200}";
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "thing1",
        "short_thing1",
        "character_string1",
        "number1",
        "letter1",
        "symbol1",
        "phrase1",
        "name1",
        "time1",
        "date1",
        "amount1",
        "phone_number1",
        "car_number1",
        "const1",
        "enum1",
        "keyword1",
        "first",
        "remark",
        "orderNo"
      })
  void whateverComesTheFittedValueSatisfiesItsType(String key) {
    long seed = 20261124L + key.hashCode();
    Random random = new Random(seed);
    Pattern valid = valid(key);
    for (int i = 0; i < 5000; i++) {
      String value = any(random);
      String fallback = random.nextInt(3) == 0 ? any(random) : null;
      String fitted = fit(key, value, fallback).value();
      String shown =
          "seed %d, %s of [%s] or [%s] was [%s]".formatted(seed, key, value, fallback, fitted);
      assertThat(valid.matcher(fitted).matches()).as(shown).isTrue();
      assertThat(fitted)
          .as(shown)
          .doesNotContain("😀", "\u2028", "\ufe0f")
          .isEqualTo(fitted.strip());
    }
  }

  /** Regular expressions can be brought to search long, or so deep that the stack overflows. */
  @ParameterizedTest
  @ValueSource(
      strings = {"1,234", ",234", "共计", " 合计", "-1", "转1 ", "9", "2025-12-17~", "a·", "粤E"})
  void anEndlessValueIsFittedAtOnce(String part) {
    String endless = part.repeat(30_000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (FieldType type : FieldType.values()) {
            String key = type.name().toLowerCase(Locale.ROOT) + "1";
            assertThat(fit(key, endless + "x", null).value()).as(key).hasSizeBetween(1, 200);
            assertThat(fit(key, endless + "1", null).value()).as(key).hasSizeBetween(1, 200);
          }
        });
  }

  private static final List<String> PARTS =
      List.of(
          "已",
          "发",
          "货",
          "净水器",
          "张三",
          "A",
          "z",
          "SO-1001",
          "0",
          "7",
          "12345678901",
          ".",
          ",",
          "-",
          "+",
          "￥",
          "¥",
          "元",
          "万",
          "人民币",
          "/",
          ":",
          "～",
          "~",
          "至",
          "T",
          "Z",
          " ",
          "\n",
          "\t",
          "\u0000",
          "\u3000",
          "\u2028",
          "😀",
          "👨‍👩‍👧",
          "\ufe0f",
          "\ud83d",
          "é",
          "ß",
          "Ω",
          "𠮷",
          "☎",
          "①",
          "％",
          "９",
          "2025-12-17",
          "2025年12月17日",
          "15:01",
          "15:01:30",
          "2025-12-17T07:01:00Z",
          "99:99",
          "2025-13-45",
          "转",
          "粤E12345",
          "·",
          "…",
          "{{",
          "\"",
          "\\",
          "<",
          "‮");

  private static String any(Random random) {
    StringBuilder text = new StringBuilder();
    int parts = random.nextInt(random.nextInt(10) == 0 ? 40 : 6);
    for (int i = 0; i < parts; i++) {
      if (random.nextInt(12) == 0) {
        text.append((char) random.nextInt(0x10000));
      } else {
        text.append(PARTS.get(random.nextInt(PARTS.size())));
      }
    }
    return text.toString();
  }

  private static FieldFitter.Fitted fit(String key, String value, String fallback) {
    return FieldFitter.fit(key, new TemplateMessage.Field(value.replace("\\n", "\n"), fallback));
  }
}

package io.laoke.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import io.laoke.message.TemplateMessage;
import io.laoke.order.Buyer;
import io.laoke.order.LineKind;
import io.laoke.order.OrderDetail;
import io.laoke.order.Stage;
import io.laoke.order.StageRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
  private static final Instant AT = Instant.parse("2026-05-01T02:03:04Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '"',
      value = {
        "订单 {order.no} # 订单 SO-1",
        "{order.items} # 双开门冰箱等3件",
        "¥{order.amount} # ¥8999.00",
        "{order.orderedAt} # 2026年05月01日 09:03",
        "{order.orderedAt:M月d日} # 5月1日",
        "{order.store} # 城西店",
        "{order.shortNo} # 2S",
        "{buyer.name} # 王伟",
        "{dealer.name} # 恒信",
        "{stage.name} # 已出库",
        "{stage.text} # 已从总仓发出",
        "{stage.at} # 2026年05月01日 10:03",
        "{stage.at:HH:mm} # 10:03",
        "{stage.date} # 2026年05月01日",
        "{stage.document} # CK-77",
        "{stage.carrier} # 顺丰",
        "{stage.trackingNo|暂无} # 暂无",
        "{stage.slot|待定: 请等待} # 待定: 请等待",
        "{stage.at:HH:mm|未知} # 10:03",
        "{stage.floor} # 3楼",
        "{stage.lift|无电梯} # 无电梯",
        "{stage.items} # 抽油烟机",
        "{ stage.name } # 已出库",
        "{{order.no}} # {order.no}",
        "{{{order.no}}} # {SO-1}",
        "没有名字 # 没有名字",
      })
  void fillsIn(String expression, String value) {
    assertThat(Expression.parse("f", expression).of(facts())).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{order.nr} # character 1 # did you mean {order.no}?",
        "abc {stage.txt} # character 5 # did you mean {stage.text}?",
        "{Stage.Name} # character 1 # did you mean {stage.name}?",
        "{stage.NAME} # character 1 # did you mean {stage.name}?",
        "{buyer.phone} # character 1 # no name that is known",
        "{orderNo} # character 1 # did you mean {order.no}?",
        "{} # character 1 # no name",
        "{stage.} # character 1 # no name",
        "{stage.it's} # character 1 # no name",
        "{order.no # character 1 # never closed",
        "订单} # character 3 # closes nothing",
        "{order{no}} # character 7 # inside another",
        "{order.no|{stage.text}} # character 11 # inside another",
        "{order.no:HH} # character 1 # is no time",
        "{stage.at:qqqqqqqqq} # character 1 # is no format",
        "{stage.at:} # character 1 # is no format",
        "{${jndi:x}} # character 3 # inside another",
      })
  void refusesWithPlaceAndAdvice(String expression, String place, String advice) {
    assertThatThrownBy(() -> NoticeTemplate.of("t").field("thing1", expression))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("fields.thing1")
        .hasMessageContaining("at " + place)
        .hasMessageContaining(advice);
  }

  @Test
  void refusesTemplatesThatCannotBe() {
    NoticeTemplate template = NoticeTemplate.of("t");
    List<Runnable> bad = new ArrayList<>();
    bad.add(() -> NoticeTemplate.of(" "));
    bad.add(() -> NoticeTemplate.of(null));
    bad.add(() -> template.field("thing 1", "x"));
    bad.add(() -> template.field("2thing", "x"));
    bad.add(() -> template.field("thing1", ""));
    bad.add(() -> template.field("thing1", null));
    bad.add(() -> template.field("thing1", "x".repeat(201)));
    bad.add(() -> template.url("javascript:alert(1)"));
    bad.add(() -> template.url("{stage.url}"));
    bad.add(() -> template.url("https://a.example/{order.number}"));
    bad.add(() -> template.miniProgram("wx1", "pages/{order"));
    bad.add(() -> template.miniProgram("", "pages/order"));
    bad.add(() -> NoticeSettings.standard().withValidFor(Duration.ZERO));
    bad.add(() -> NoticeSettings.standard().withHint(" "));
    for (Runnable call : bad) {
      assertThatThrownBy(call::run).isInstanceOf(InvalidInputException.class);
    }
    NoticeTemplate many = template;
    for (int i = 0; i < 20; i++) {
      many = many.field("thing" + i, "x");
    }
    NoticeTemplate full = many;
    assertThatThrownBy(() -> full.field("thing20", "x"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("20");
    assertThat(template.field("thing1.DATA", "x").fields()).containsOnlyKeys("thing1");
    assertThat(template.url(" https://a.example/ ").url()).contains("https://a.example/");
    assertThat(NoticeTemplate.names()).contains("order.no", "stage.text");
  }

  @Test
  void encodesValuesInLinksAndLeavesOutWhatIsTooLong() {
    NoticeTemplate template =
        NoticeTemplate.of("t")
            .field("thing1", "x")
            .url("https://a.example/o?no={order.no}&t={stage.text}")
            .miniProgram("wx1", "pages/order?name={buyer.name}");
    TemplateMessage message = NoticeWriter.message(template, facts("a&b=c 一\n{order.no}"));
    assertThat(message.url().orElseThrow())
        .isEqualTo("https://a.example/o?no=SO-1&t=a%26b%3Dc%20%E4%B8%80%0A%7Border.no%7D");
    assertThat(message.miniProgram().orElseThrow().pagePath())
        .isEqualTo("pages/order?name=%E7%8E%8B%E4%BC%9F");
    TemplateMessage tooLong = NoticeWriter.message(template, facts("汉".repeat(200)));
    assertThat(tooLong.url()).isEmpty();
    assertThat(tooLong.fields()).containsOnlyKeys("thing1");
  }

  @Test
  void standsInWithWhatIsTrueWhereNothingOfAValueFits() {
    NoticeTemplate template =
        NoticeTemplate.of("t")
            .field("phrase1", "{stage.text}")
            .field("character_string2", "{order.no}")
            .field("number3", "{order.no}")
            .field("thing4", "{order.items|商品}")
            .field("name5", "{buyer.name}")
            .field("time6", "{stage.at:M月d日}");
    Map<String, TemplateMessage.Field> fields = NoticeWriter.message(template, facts()).fields();
    assertThat(fields.get("phrase1").fallback()).isEqualTo("已出库");
    assertThat(fields.get("character_string2").fallback()).isEqualTo("2S");
    assertThat(fields.get("number3").fallback()).isEqualTo("100");
    assertThat(fields.get("thing4").fallback()).isEqualTo("商品");
    assertThat(fields.get("name5").fallback()).isEqualTo("顾客");
    assertThat(fields.get("time6").fallback()).isEqualTo("2026年05月01日 10:03");
  }

  @Test
  void neverStandsInWithAnotherFact() {
    NoticeTemplate template =
        NoticeTemplate.of("t")
            .field("time1", "{stage.slot}")
            .field("number2", "{stage.count|1}")
            .field("name3", "{stage.technician|师傅}")
            .field("thing4", "{stage.lift}")
            .field("character_string5", "{order.store}");
    Map<String, TemplateMessage.Field> fields = NoticeWriter.message(template, facts()).fields();
    assertThat(fields.get("time1").fallback()).as("not the time of the report").isNull();
    assertThat(fields.get("number2").value()).isEqualTo("1");
    assertThat(fields.get("number2").fallback()).as("not the order's number").isNull();
    assertThat(fields.get("name3").fallback()).as("not the stage").isNull();
    assertThat(fields.get("thing4").fallback()).isNull();
    assertThat(fields.get("character_string5").fallback()).isNull();
  }

  @Test
  void theDefaultStandsInForAValueThatDoesNotFit() {
    NoticeTemplate template =
        NoticeTemplate.of("t").field("number1", "{stage.text|1}").field("thing2", "{stage.text|单}");
    Map<String, TemplateMessage.Field> fields =
        NoticeWriter.message(template, facts("三台")).fields();
    assertThat(fields.get("number1").value()).isEqualTo("三台");
    assertThat(fields.get("number1").fallback()).isEqualTo("1");
    assertThat(fields.get("thing2").fallback()).isEqualTo("单");
  }

  @Test
  void keepsTheCountWhenTheNameIsLong() {
    OrderDetail.Line line = line("1", "超大容量十字对开门风冷无霜一级能效冰箱白色", 12);
    NoticeFacts facts = facts(List.of(line), Map.of(), "x");
    assertThat(facts.orderItems()).hasSize(20).endsWith("…等12件");
    assertThat(facts(List.of(), Map.of(), "x").orderItems()).isEqualTo("商品");
  }

  private static NoticeFacts facts() {
    return facts("已从总仓发出");
  }

  private static NoticeFacts facts(String text) {
    SortedSet<Integer> one = new TreeSet<>(List.of(2));
    return facts(List.of(line("1", "双开门冰箱", 1), line("2", "抽油烟机", 2)), Map.of("2", one), text);
  }

  private static OrderDetail.Line line(String lineNo, String name, int quantity) {
    return new OrderDetail.Line(
        lineNo,
        LineKind.GOODS,
        "?",
        "x",
        Optional.of(name),
        Optional.empty(),
        Optional.empty(),
        BigDecimal.valueOf(quantity),
        lineNo.equals("1") ? 599_900 : 300_000,
        Stage.SHIPPED,
        BigDecimal.valueOf(quantity),
        Optional.empty());
  }

  private static NoticeFacts facts(
      List<OrderDetail.Line> lines, Map<String, SortedSet<Integer>> scope, String text) {
    OrderDetail order =
        new OrderDetail(
            100,
            "SO-1",
            OptionalLong.empty(),
            Buyer.of(null, "王伟", null),
            Optional.empty(),
            AT.minusSeconds(3600),
            Optional.of("S2"),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Stage.SHIPPED,
            Optional.of(text),
            Optional.of(AT),
            lines);
    StageRecord stage =
        new StageRecord(
            7,
            Stage.SHIPPED,
            Optional.of(AT),
            "CK-77",
            Optional.of(text),
            scope,
            Map.of("carrier", "顺丰", "floor", "3楼"),
            1,
            AT);
    return new NoticeFacts(
        order, stage, Optional.of("城西店"), "恒信", ZoneId.of("Asia/Shanghai"), "", Optional.empty());
  }
}

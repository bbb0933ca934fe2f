package io.laoke.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.base.Upserted;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.testing.TestServer;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attributes of members: of any kind until they are declared, then of that type. */
class AttributesTest {
  private static final AttributeType LEVEL =
      AttributeType.code(
              "级别",
              AttributeType.Choice.of("GOLD", "金卡", "Gold"),
              AttributeType.Choice.of("SILVER", "银卡", "Silver"))
          .withLabels("会员级别", "Level");

  private static long member(MemberFixture on, String customerNo) {
    on.members().put(MemberProfile.of(customerNo));
    return on.members().find(customerNo).orElseThrow().id();
  }

  private static Attributes attributes(MemberFixture on) {
    return on.module.attributes(on.database, on.tenant);
  }

  @ParameterizedTest
  @EnumSource
  void aDeclaredAttributeHasItsTypeAndOthersHaveAny(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Members members = on.members();
      Attributes attributes = attributes(on);
      long id = member(on, "C1");
      List<AttributeType> declared =
          List.of(
              LEVEL,
              AttributeType.text("爱好"),
              AttributeType.integer("积分"),
              AttributeType.money("余额"),
              AttributeType.flag("老客"),
              AttributeType.date("纪念日"),
              AttributeType.instant("lastVisit"));
      declared.forEach(
          type -> assertThat(attributes.put(type)).as(type.name()).isEqualTo(Upserted.CREATED));
      declared.forEach(type -> assertThat(attributes.put(type)).isEqualTo(Upserted.UNCHANGED));
      assertThat(attributes.all()).containsExactlyInAnyOrderElementsOf(declared);
      assertThat(attributes.find("级别")).contains(LEVEL);

      Map<String, Attribute> values =
          Map.of(
              "级别", Attribute.code("GOLD"),
              "爱好", Attribute.of("下棋"),
              "积分", Attribute.of(7),
              "余额", Attribute.of(-12_345),
              "老客", Attribute.of(true),
              "纪念日", Attribute.of(LocalDate.of(2020, 2, 29)),
              "lastVisit", Attribute.of(Instant.parse("2026-01-02T03:04:05.006Z")),
              "随便", Attribute.of(new BigDecimal("0.5")),
              "moment", Attribute.of(Instant.EPOCH));
      assertThat(members.attributes(id, values)).isTrue();
      assertThat(members.attributes(id, values)).isFalse();
      assertThat(members.attributes(id)).isEqualTo(values);
      assertThat(
              members.put(
                  MemberProfile.of("C1")
                      .withAttribute("级别", Attribute.of("SILVER"))
                      .withAttribute("随便", Attribute.of("什么"))
                      .withAttribute("爱好", Attribute.nothing())))
          .isEqualTo(Upserted.CHANGED);
      assertThat(members.attributes(id))
          .containsEntry("级别", Attribute.code("SILVER"))
          .containsEntry("随便", Attribute.of("什么"))
          .doesNotContainKey("爱好");

      Map<String, Attribute> wrong =
          Map.of(
              "级别", Attribute.of("GOLDEN"),
              "爱好", Attribute.of(1),
              "积分", Attribute.of(new BigDecimal("1.5")),
              "余额", Attribute.of("私房钱"),
              "老客", Attribute.of("是"),
              "纪念日", Attribute.of(Instant.EPOCH),
              "lastVisit", Attribute.of(LocalDate.EPOCH));
      wrong.forEach(
          (name, value) -> {
            assertThatThrownBy(() -> members.attributes(id, Map.of(name, value)))
                .as(name)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(name)
                .hasMessageNotContaining("私房钱");
            assertThatThrownBy(
                    () -> members.put(MemberProfile.of("C-NEW").withAttribute(name, value)))
                .as(name)
                .isInstanceOf(InvalidInputException.class);
          });
      assertThat(members.find("C-NEW")).isEmpty();
      assertThatThrownBy(() -> members.attributes(id, Map.of("级别", Attribute.of("GOLDEN"))))
          .hasMessageContaining("GOLD, SILVER");
      assertThatThrownBy(() -> members.attributes(id, Map.of("随便", Attribute.code("X"))))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("attributes().put");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTypeIsNotChangedUnderValuesThatDoNotFit(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Members members = on.members();
      Attributes attributes = attributes(on);
      long one = member(on, "C1");
      long two = member(on, "C2");
      long three = member(on, "C3");
      members.attributes(one, Map.of("x", Attribute.of("甲"), "级别", Attribute.of("GOLD")));
      members.attributes(two, Map.of("x", Attribute.of(7), "y", Attribute.of(7)));
      members.attributes(
          three, Map.of("x", Attribute.of(8), "y", Attribute.of(new BigDecimal("7.5"))));

      assertThatThrownBy(() -> attributes.put(AttributeType.flag("x")))
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("1 have a value of kind TEXT", "2 have a value of kind NUMBER");
      assertThatThrownBy(() -> attributes.put(AttributeType.integer("y")))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("1 have a number with places");
      assertThatThrownBy(() -> attributes.put(LEVEL)).isInstanceOf(ConflictException.class);
      assertThat(attributes.all()).isEmpty();

      members.attributes(one, Map.of("x", Attribute.nothing(), "级别", Attribute.nothing()));
      members.attributes(three, Map.of("y", Attribute.of(8)));
      assertThat(attributes.put(AttributeType.integer("x"))).isEqualTo(Upserted.CREATED);
      assertThat(attributes.put(AttributeType.integer("y"))).isEqualTo(Upserted.CREATED);
      assertThat(attributes.put(LEVEL)).isEqualTo(Upserted.CREATED);
      assertThat(attributes.put(AttributeType.integer("x").withLabels("甲", "X")))
          .isEqualTo(Upserted.CHANGED);
      assertThatThrownBy(() -> attributes.put(AttributeType.money("x")))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("2 have a value that was declared INTEGER");
      assertThatThrownBy(() -> attributes.withdraw("x"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("2 members");

      members.attributes(one, Map.of("级别", Attribute.code("SILVER")));
      AttributeType only = AttributeType.code("级别", AttributeType.Choice.of("GOLD", "金卡", "Gold"));
      assertThatThrownBy(() -> attributes.put(only))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("1 have the code SILVER");
      members.attributes(one, Map.of("级别", Attribute.code("GOLD")));
      assertThat(attributes.put(only)).isEqualTo(Upserted.CHANGED);
      members.attributes(one, Map.of("级别", Attribute.nothing()));
      assertThat(attributes.put(AttributeType.text("级别"))).isEqualTo(Upserted.CHANGED);
      assertThat(attributes.withdraw("级别")).isTrue();
      assertThat(attributes.withdraw("级别")).isFalse();
      assertThat(attributes.find("级别")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(value = TestServer.class, names = "H2")
  void builtInNamesAreTakenAndThereIsAnEnd(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Attributes attributes = attributes(on);
      on.module.reserve(Set.of("gender"));
      assertThatThrownBy(() -> attributes.put(AttributeType.text("gender")))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContainingAll("name", "built-in", "gender");
      assertThat(attributes.put(AttributeType.text("Gender"))).isEqualTo(Upserted.CREATED);
      assertThat(attributes.put(AttributeType.text("安装 时间/备注"))).isEqualTo(Upserted.CREATED);
      for (int i = 0; i < 198; i++) {
        attributes.put(AttributeType.text("a" + i));
      }
      assertThatThrownBy(() -> attributes.put(AttributeType.text("more")))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("200");
      assertThat(attributes.put(AttributeType.text("a7").withLabels("七", "seven")))
          .isEqualTo(Upserted.CHANGED);
      attributes.withdraw("a7");
      assertThat(attributes.put(AttributeType.text("more"))).isEqualTo(Upserted.CREATED);
    }
  }
}

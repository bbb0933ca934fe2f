package io.laoke;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.binding.BindingSettings;
import io.laoke.binding.IssueOptions;
import io.laoke.catalog.Category;
import io.laoke.catalog.Staff;
import io.laoke.catalog.Store;
import io.laoke.error.InvalidInputException;
import io.laoke.member.AttributeType;
import io.laoke.member.Consent;
import io.laoke.member.Event;
import io.laoke.member.EventType;
import io.laoke.member.MemberProfile;
import io.laoke.message.Purpose;
import io.laoke.notice.NoticeSettings;
import io.laoke.notice.NoticeTemplate;
import io.laoke.notice.WebRequest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a host reads from a row of its own may be null: then the refusal names the field. */
class NullArgumentsTest {
  private static final MemberProfile CUSTOMER = MemberProfile.of("C-1");

  static Stream<Arguments> calls() {
    return Stream.of(
        call("name", () -> CUSTOMER.withName(null)),
        call("gender", () -> CUSTOMER.withGender(null)),
        call("birthday", () -> CUSTOMER.withBirthday(null)),
        call("region", () -> CUSTOMER.withRegion(null)),
        call("source", () -> CUSTOMER.withSource(null)),
        call("phones", () -> CUSTOMER.withPhones((String[]) null)),
        call("phones", () -> CUSTOMER.withPhones((String) null)),
        call("textVersion", () -> Consent.given(Purpose.CARE, "门店", null, Instant.EPOCH)),
        call("labelZh", () -> AttributeType.text("a").withLabels(null, "a")),
        call("choices", () -> AttributeType.code("a", (AttributeType.Choice[]) null)),
        call("property", () -> EventType.of("a").property(null)),
        call("at", () -> Event.of("a", "1", null)),
        call("attribute", () -> Event.of("a", "1", Instant.EPOCH).with("b", null)),
        call("region", () -> Store.of("S1", "店").withRegion(null)),
        call("account", () -> Store.of("S1", "店").withAccount(null)),
        call("phones", () -> Store.of("S1", "店").withPhones((String[]) null)),
        call("role", () -> Staff.of("P1", "李娜").withRole(null)),
        call("store", () -> Staff.of("P1", "李娜").withStore(null)),
        call("codes", () -> Category.of("a", "甲").withCodes((String[]) null)),
        call("codes", () -> Category.of("a", "甲").withCodes((String) null)),
        call("webAddress", () -> BindingSettings.standard().withWebAddress(null)),
        call("webAddress", () -> DealerSettings.defaults().webAddress(null)),
        call("dealerName", () -> NoticeSettings.standard().withDealerName(null)),
        call("account", () -> new IssueOptions(null, Optional.empty())),
        call("url", () -> NoticeTemplate.of("T").url(null)),
        call("path", () -> WebRequest.of("GET", null, null, Map.of(), new byte[0])),
        call("headers", () -> WebRequest.of("GET", "/", null, null, new byte[0])),
        call("kind", () -> Migrations.render(null, "laoke_", Optional.empty())));
  }

  private static Arguments call(String field, ThrowingCallable call) {
    return Arguments.of(field, call);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void areRefusedByTheFieldsName(String field, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(field);
  }
}

package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.catalog.Category;
import io.laoke.catalog.Staff;
import io.laoke.catalog.Store;
import io.laoke.error.InvalidInputException;
import io.laoke.imports.ImportFact;
import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.Event;
import io.laoke.member.EventType;
import io.laoke.member.MemberProfile;
import io.laoke.message.Inbound;
import io.laoke.message.Reason;
import io.laoke.message.Reply;
import io.laoke.message.TemplateMessage;
import io.laoke.notice.NoticeSettings;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.ReturnNote;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Half of a 4-byte character, as a program makes it that cuts emoji by UTF-16 units: what a host
 * gives is refused; what others wrote, or is part of a message under way, is mended.
 */
class HalfCharactersTest {
  private static final Instant AT = Instant.parse("2026-05-01T02:00:00Z");

  private static Map<String, ThrowingCallable> inputs(String half) {
    return Map.ofEntries(
        Map.entry("pagePath", () -> new TemplateMessage.MiniProgram("wx", half)),
        Map.entry("text of a reply", () -> Reply.text(half)),
        Map.entry("url of a template", () -> NoticeTemplate.of("T").url("https://a.cn/" + half)),
        Map.entry("field", () -> NoticeTemplate.of("T").field("thing1", half)),
        Map.entry("dealerName", () -> NoticeSettings.standard().withDealerName(half)),
        Map.entry("orderNo", () -> Order.of(half, AT)),
        Map.entry("noteNo", () -> ReturnNote.of(half, AT)),
        Map.entry("name", () -> Order.of("A", AT).buyer(Buyer.of(null, half, null))),
        Map.entry("street", () -> Place.of("浙江", half, null, null)),
        Map.entry("line", () -> OrderLine.goods("1", "hood", 1, "1").name(half)),
        Map.entry("text", () -> StageReport.of(Stage.SHIPPED, AT).text(half)),
        Map.entry("detail", () -> StageReport.of(Stage.SHIPPED, AT).detail("k", half)),
        Map.entry("customerNo", () -> MemberProfile.of(half)),
        Map.entry("member", () -> MemberProfile.of("C1").withName(half)),
        Map.entry("attribute", () -> Attribute.of(half)),
        Map.entry("declared attribute", () -> AttributeType.text(half)),
        Map.entry("declared event", () -> EventType.of(half)),
        Map.entry("event", () -> Event.of("a", half, AT)),
        Map.entry("category", () -> Category.of("a", half)),
        Map.entry("store", () -> Store.of("S", half)),
        Map.entry("staff", () -> Staff.of("P", half)));
  }

  private static TemplateMessage message(String url) {
    return new TemplateMessage("T", Map.of(), Optional.of(url), Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\uD83D", "\uDE00x"})
  void isRefusedWhereAHostGivesIt(String half) {
    inputs(half)
        .forEach(
            (name, input) ->
                assertThatThrownBy(input)
                    .as(name)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("half of a 4-byte character"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\uD83D", "\uDE00x"})
  void isMendedWhereNobodyCanBeAsked(String half) {
    String mended = half.replaceAll("[^x]", "?");
    assertThat(new Inbound.Said("k", AT, "o", half).text()).isEqualTo(mended);
    assertThat(new Inbound.Scanned("k", AT, "o", half, true).scene()).isEqualTo(mended);
    assertThat(new Inbound.Clicked("k", AT, "o", half).menuKey()).isEqualTo(mended);
    assertThat(new Inbound.Reported("k", AT, "o", "p", Inbound.Delivery.FAILED, half).detail())
        .isEqualTo(mended);
    assertThat(message(half).url()).contains(mended);
    assertThat(Reason.of("43004", half).text()).isEqualTo(mended);
    assertThat(new TemplateMessage.Field(half, half))
        .isEqualTo(new TemplateMessage.Field(mended, mended));
    assertThat(ImportFact.refused(ImportFact.Kind.ORDER, half, "price", half, "is no price").key())
        .isEqualTo(mended);
  }
}

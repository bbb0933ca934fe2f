package io.laoke.segment;

import io.laoke.member.Gender;
import io.laoke.order.LineKind;
import io.laoke.order.Stage;
import java.util.function.Function;

/**
 * Fields by their names: those that every dealer has, and makers for those of the host's own.
 * {@code describe()} says which of them members and which collections have.
 */
public final class Fields {
  // ---- members

  /** Gender of the member; one that is not known is missing. */
  public static final FieldKey<Ask.Choice<Gender>> GENDER = named("gender");

  /** Name of the member. */
  public static final FieldKey<Ask.Text> NAME = text("name");

  /** Birthday of the member. */
  public static final FieldKey<Ask.Day> BIRTHDAY = date("birthday");

  /** Region of the member, or of an order's place. */
  public static final FieldKey<Ask.Tree> REGION = tree("region");

  /** Where the member came from. */
  public static final FieldKey<Ask.Choice<String>> SOURCE = code("source");

  /** Since when the member is known. */
  public static final FieldKey<Ask.Moment> CREATED_AT = instant("createdAt");

  /** Whether the member follows an account. */
  public static final FieldKey<Ask.Flag> FOLLOWS = flag("follows");

  /** Since when the member follows. */
  public static final FieldKey<Ask.Moment> FOLLOWED_AT = instant("followedAt");

  /** Whether an order of the member is bound. */
  public static final FieldKey<Ask.Flag> HAS_BOUND_ORDER = flag("hasBoundOrder");

  /** Whether a phone of the member is known. */
  public static final FieldKey<Ask.Flag> HAS_PHONE = flag("hasPhone");

  /** Tags of the member. */
  public static final FieldKey<Ask.Tags> TAGS = tags("tags");

  /** What staff noted of the member. */
  public static final FieldKey<Ask.Text> REMARK = text("remark");

  // ---- orders

  /** Time of a row. */
  public static final FieldKey<Ask.Moment> AT = instant("at");

  /** Number of an order. */
  public static final FieldKey<Ask.Text> NUMBER = text("number");

  /** SALE or RETURN: of an order. */
  public static final FieldKey<Ask.Choice<String>> TYPE = code("type");

  /** Present stage of an order. */
  public static final FieldKey<Ask.Choice<Stage>> STAGE = named("stage");

  /** The ERP's own text of the stage. */
  public static final FieldKey<Ask.Text> STAGE_TEXT = text("stageText");

  /** Store of an order. */
  public static final FieldKey<Ask.Choice<String>> STORE = code("store");

  /** Sales channel of an order. */
  public static final FieldKey<Ask.Choice<String>> SALES_CHANNEL = code("salesChannel");

  /** When an order was approved. */
  public static final FieldKey<Ask.Moment> APPROVED_AT = instant("approvedAt");

  /** When an order was shipped. */
  public static final FieldKey<Ask.Moment> SHIPPED_AT = instant("shippedAt");

  /** When an order was delivered. */
  public static final FieldKey<Ask.Moment> DELIVERED_AT = instant("deliveredAt");

  /** When an order was installed. */
  public static final FieldKey<Ask.Moment> INSTALLED_AT = instant("installedAt");

  /** What was paid: for an order, or for an item. */
  public static final FieldKey<Ask.Amount> NET_AMOUNT = money("netAmount");

  // ---- items

  /** Number of an item's order. */
  public static final FieldKey<Ask.Text> ORDER = text("order");

  /** Category of an item or a unit. */
  public static final FieldKey<Ask.Tree> CATEGORY = tree("category");

  /** Model of an item or a unit. */
  public static final FieldKey<Ask.Text> MODEL = text("model");

  /** Brand of an item or a unit. */
  public static final FieldKey<Ask.Text> BRAND = text("brand");

  /** Kind of an item. */
  public static final FieldKey<Ask.Choice<LineKind>> KIND = named("kind");

  /** Quantity of an item. */
  public static final FieldKey<Ask.Whole> QUANTITY = integer("quantity");

  /** SALE or RETURN: of an item's order. */
  public static final FieldKey<Ask.Choice<String>> ORDER_TYPE = code("order.type");

  /** Present stage of an item's order. */
  public static final FieldKey<Ask.Choice<Stage>> ORDER_STAGE = named("order.stage");

  /** The ERP's own text of that stage. */
  public static final FieldKey<Ask.Text> ORDER_STAGE_TEXT = text("order.stageText");

  /** Store of an item's order. */
  public static final FieldKey<Ask.Choice<String>> ORDER_STORE = code("order.store");

  /** Sales channel of an item's order. */
  public static final FieldKey<Ask.Choice<String>> ORDER_SALES_CHANNEL = code("order.salesChannel");

  /** Region of an item's order. */
  public static final FieldKey<Ask.Tree> ORDER_REGION = tree("order.region");

  /** When an item's order was approved. */
  public static final FieldKey<Ask.Moment> ORDER_APPROVED_AT = instant("order.approvedAt");

  /** When an item's order was shipped. */
  public static final FieldKey<Ask.Moment> ORDER_SHIPPED_AT = instant("order.shippedAt");

  /** When an item's order was delivered. */
  public static final FieldKey<Ask.Moment> ORDER_DELIVERED_AT = instant("order.deliveredAt");

  /** When an item's order was installed. */
  public static final FieldKey<Ask.Moment> ORDER_INSTALLED_AT = instant("order.installedAt");

  // ---- units

  /** Day on which a unit was installed. */
  public static final FieldKey<Ask.Day> INSTALLED_ON = date("installedOn");

  /** When a unit was last serviced. */
  public static final FieldKey<Ask.Moment> LAST_SERVICE_AT = instant("lastServiceAt");

  /** Last day of a unit's warranty. */
  public static final FieldKey<Ask.Day> WARRANTY_ENDS_ON = date("warrantyEndsOn");

  // ---- services and sends

  /** Kind of a service. */
  public static final FieldKey<Ask.Choice<String>> SERVICE_KIND = code("kind");

  /** What was paid for a service. */
  public static final FieldKey<Ask.Amount> PAID_AMOUNT = money("paidAmount");

  /** Plan by which something was sent. */
  public static final FieldKey<Ask.Choice<String>> PLAN = code("plan");

  /** Channel by which something was sent. */
  public static final FieldKey<Ask.Choice<String>> CHANNEL = code("channel");

  /** What came of a send. */
  public static final FieldKey<Ask.Choice<String>> OUTCOME = code("outcome");

  private Fields() {}

  private static <E extends Enum<E>> FieldKey<Ask.Choice<E>> named(String name) {
    return new FieldKey<>(name, target -> new Ask.Choice<E>(target, Enum::name));
  }

  // ---- the host's own

  /** One of a list of codes. */
  public static FieldKey<Ask.Choice<String>> code(String name) {
    return new FieldKey<>(name, target -> new Ask.Choice<>(target, Function.identity()));
  }

  /** A text. */
  public static FieldKey<Ask.Text> text(String name) {
    return new FieldKey<>(name, Ask.Text::new);
  }

  /** A path in a tree. */
  public static FieldKey<Ask.Tree> tree(String name) {
    return new FieldKey<>(name, Ask.Tree::new);
  }

  /** A set of codes. */
  public static FieldKey<Ask.Tags> tags(String name) {
    return new FieldKey<>(name, Ask.Tags::new);
  }

  /** A whole number. */
  public static FieldKey<Ask.Whole> integer(String name) {
    return new FieldKey<>(name, Ask.Whole::new);
  }

  /** An amount of money. */
  public static FieldKey<Ask.Amount> money(String name) {
    return new FieldKey<>(name, Ask.Amount::new);
  }

  /** Yes or no. */
  public static FieldKey<Ask.Flag> flag(String name) {
    return new FieldKey<>(name, Ask.Flag::new);
  }

  /** A day. */
  public static FieldKey<Ask.Day> date(String name) {
    return new FieldKey<>(name, Ask.Day::new);
  }

  /** A moment. */
  public static FieldKey<Ask.Moment> instant(String name) {
    return new FieldKey<>(name, Ask.Moment::new);
  }
}

package io.laoke.segment;

import static io.laoke.segment.FieldType.CATEGORY;
import static io.laoke.segment.FieldType.CODE;
import static io.laoke.segment.FieldType.DATE;
import static io.laoke.segment.FieldType.FLAG;
import static io.laoke.segment.FieldType.INSTANT;
import static io.laoke.segment.FieldType.INTEGER;
import static io.laoke.segment.FieldType.MONEY;
import static io.laoke.segment.FieldType.REGION;
import static io.laoke.segment.FieldType.TAGS;
import static io.laoke.segment.FieldType.TEXT;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields and collections that every dealer has. */
final class BuiltIn {
  private static final FieldDef AT = FieldDef.of("at", INSTANT, "时间", "time");

  private static final List<FieldDef> MEMBER =
      List.of(
          codes("gender", "性别", "gender", code("FEMALE", "女", "female"), code("MALE", "男", "male")),
          FieldDef.of("name", TEXT, "姓名", "name"),
          FieldDef.of("birthday", DATE, "生日", "birthday"),
          FieldDef.of("region", REGION, "所在地区", "region"),
          FieldDef.of("source", CODE, "来源", "source"),
          FieldDef.of("createdAt", INSTANT, "建档时间", "creation time"),
          FieldDef.of("follows", FLAG, "已关注公众号", "follows an account"),
          FieldDef.of("followedAt", INSTANT, "关注时间", "time of following"),
          FieldDef.of("hasBoundOrder", FLAG, "有已绑定的订单", "has a bound order"),
          FieldDef.of("hasPhone", FLAG, "有手机号", "has a phone"),
          FieldDef.of("tags", TAGS, "标签", "tags"),
          FieldDef.of("remark", TEXT, "备注", "remark"));

  private static final List<FieldDef> ORDER =
      List.of(
          codes("type", "单据类型", "type", code("SALE", "销售", "sale"), code("RETURN", "退货", "return")),
          codes(
              "stage",
              "阶段",
              "stage",
              code("REPORTED", "已上报", "reported"),
              code("APPROVED", "已审核", "approved"),
              code("SHIPPED", "已出库", "shipped"),
              code("SCHEDULED", "已预约", "scheduled"),
              code("DELIVERED", "已送达", "delivered"),
              code("INSTALLED", "已安装", "installed"),
              code("COMPLETED", "已完成", "completed"),
              code("CANCELLED", "已取消", "cancelled"),
              code("RETURNED", "已退货", "returned"),
              code("EXCHANGED", "已换货", "exchanged")),
          FieldDef.of("stageText", TEXT, "阶段说明", "stage text"),
          FieldDef.of("store", CODE, "门店", "store"),
          FieldDef.of("salesChannel", CODE, "销售渠道", "sales channel"),
          FieldDef.of("region", REGION, "服务地区", "service region"),
          FieldDef.of("approvedAt", INSTANT, "审核时间", "approval time"),
          FieldDef.of("shippedAt", INSTANT, "出库时间", "shipping time"),
          FieldDef.of("deliveredAt", INSTANT, "送达时间", "delivery time"),
          FieldDef.of("installedAt", INSTANT, "安装时间", "installation time"));

  static final CollectionDef ORDERS =
      CollectionDef.of(
          "orders",
          "订单",
          "orders",
          true,
          join(
              List.of(FieldDef.of("number", TEXT, "单号", "number"), AT),
              ORDER,
              List.of(FieldDef.of("netAmount", MONEY, "实付金额", "net amount"))));

  static final CollectionDef ITEMS =
      CollectionDef.of(
          "items",
          "商品明细",
          "items",
          true,
          join(
              List.of(
                  FieldDef.of("order", TEXT, "单号", "order number"),
                  FieldDef.of("category", CATEGORY, "品类", "category"),
                  FieldDef.of("model", TEXT, "型号", "model"),
                  FieldDef.of("brand", TEXT, "品牌", "brand"),
                  codes(
                      "kind",
                      "明细类型",
                      "kind",
                      code("GOODS", "商品", "goods"),
                      code("GIFT", "赠品", "gift"),
                      code("SERVICE", "服务", "service")),
                  FieldDef.of("quantity", INTEGER, "数量", "quantity"),
                  FieldDef.of("netAmount", MONEY, "实付金额", "net amount"),
                  AT),
              ORDER.stream().map(BuiltIn::ofOrder).toList()));

  static final CollectionDef UNITS =
      CollectionDef.of(
          "units",
          "家电",
          "units",
          false,
          List.of(
              FieldDef.of("category", CATEGORY, "品类", "category"),
              FieldDef.of("model", TEXT, "型号", "model"),
              FieldDef.of("brand", TEXT, "品牌", "brand"),
              FieldDef.of("installedOn", DATE, "安装日期", "installation date"),
              FieldDef.of("lastServiceAt", INSTANT, "上次服务时间", "last service"),
              FieldDef.of("warrantyEndsOn", DATE, "保修到期日", "end of warranty"),
              AT));

  static final CollectionDef SERVICES =
      CollectionDef.of(
          "services",
          "服务记录",
          "services",
          false,
          List.of(
              FieldDef.of("kind", CODE, "服务类型", "kind"),
              FieldDef.of("paidAmount", MONEY, "服务收费", "amount paid"),
              AT));

  static final CollectionDef SENDS =
      CollectionDef.of(
          "sends",
          "触达记录",
          "sends",
          false,
          List.of(
              FieldDef.of("plan", CODE, "群发计划", "plan"),
              codes(
                  "channel",
                  "触达通道",
                  "channel",
                  code("WECHAT_TEMPLATE", "微信模板消息", "WeChat template"),
                  code("SMS", "短信", "text message"),
                  code("WECHAT_REPLY", "微信即时回复", "WeChat reply"),
                  code("WEB_PAGE", "网页", "web page")),
              codes(
                  "purpose",
                  "发送用途",
                  "purpose",
                  code("ORDER", "订单通知", "order"),
                  code("CARE", "服务提醒", "care"),
                  code("MARKETING", "营销", "marketing")),
              codes(
                  "outcome",
                  "结果",
                  "outcome",
                  code("QUEUED", "待发送", "queued"),
                  code("DEFERRED", "暂缓", "deferred"),
                  code("SENT", "已发送", "sent"),
                  code("FITTED", "调整后已发送", "sent, fitted"),
                  code("STOPPED", "被规则拦下", "stopped"),
                  code("EXPIRED", "已过期", "expired"),
                  code("REFUSED", "被平台拒绝", "refused"),
                  code("UNKNOWN", "不确定", "unknown"),
                  code("PARKED", "待人工处理", "parked"),
                  code("DROPPED", "已放弃", "dropped"),
                  code("REPLIED", "已即时回复", "replied")),
              AT));

  static final CollectionDef EVENTS =
      CollectionDef.of(
          "events",
          "互动事件",
          "events",
          false,
          List.of(
              FieldDef.of("type", CODE, "事件类型", "type"),
              FieldDef.of("id", TEXT, "编号", "id"),
              FieldDef.of("amount", MONEY, "金额", "amount"),
              AT));

  /** All of them. */
  static final List<CollectionDef> COLLECTIONS =
      List.of(ORDERS, ITEMS, UNITS, SERVICES, SENDS, EVENTS);

  private BuiltIn() {}

  /** Fields of members by name. */
  static Map<String, FieldDef> memberFields() {
    Map<String, FieldDef> named = new LinkedHashMap<>();
    MEMBER.forEach(field -> named.put(field.name(), field));
    return named;
  }

  private record Code(String value, Labels labels) {}

  private static Code code(String value, String zh, String en) {
    return new Code(value, new Labels(zh, en));
  }

  private static FieldDef codes(String name, String zh, String en, Code... codes) {
    Map<String, Labels> named = new LinkedHashMap<>();
    for (Code code : codes) {
      named.put(code.value(), code.labels());
    }
    return new FieldDef(name, CODE, new Labels(zh, en), named);
  }

  private static FieldDef ofOrder(FieldDef field) {
    return new FieldDef(
        "order." + field.name(),
        field.type(),
        new Labels("订单" + field.labels().zh(), "order's " + field.labels().en()),
        field.codes());
  }

  @SafeVarargs
  private static List<FieldDef> join(List<FieldDef>... parts) {
    List<FieldDef> all = new ArrayList<>();
    for (List<FieldDef> part : parts) {
      all.addAll(part);
    }
    return all;
  }
}

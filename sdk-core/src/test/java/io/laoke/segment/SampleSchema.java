package io.laoke.segment;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A dealer's schema without a dealer: built-in fields, some of its own, small closed lists. */
final class SampleSchema implements Schema {
  static final Instant AS_OF = Instant.parse("2026-11-26T02:30:00Z");

  private final Map<String, FieldDef> members = BuiltIn.memberFields();
  private final Map<String, CollectionDef> collections = new LinkedHashMap<>();
  private final Map<String, Segment> saved = new LinkedHashMap<>();
  private final Map<String, Map<String, Labels>> closed = new LinkedHashMap<>();
  private ZoneId zone = ZoneId.of("Asia/Shanghai");

  SampleSchema() {
    for (FieldDef own :
        List.of(
            FieldDef.of("hobby", FieldType.TEXT, "爱好", "hobby"),
            FieldDef.of("secret", FieldType.TEXT, "密文", "secret"),
            FieldDef.of("points", FieldType.INTEGER, "积分", "points"),
            FieldDef.of("deposit", FieldType.MONEY, "押金", "deposit"),
            FieldDef.of("vip", FieldType.FLAG, "VIP", "VIP"),
            FieldDef.of("movedOn", FieldType.DATE, "搬家日期", "moved on"))) {
      members.put(own.name(), own);
    }
    for (CollectionDef one :
        List.of(
            BuiltIn.ORDERS,
            BuiltIn.ITEMS,
            BuiltIn.UNITS,
            BuiltIn.SERVICES,
            CollectionDef.of(
                "sends",
                "触达记录",
                "sends",
                false,
                List.of(
                    FieldDef.of("plan", FieldType.CODE, "群发计划", "plan"),
                    FieldDef.of("channel", FieldType.CODE, "触达通道", "channel"),
                    new FieldDef(
                        "outcome",
                        FieldType.CODE,
                        new Labels("结果", "outcome"),
                        Map.of("SENT", new Labels("已发送", "sent"))),
                    FieldDef.of("at", FieldType.INSTANT, "时间", "time"))),
            CollectionDef.of(
                "events",
                "互动事件",
                "events",
                false,
                List.of(
                    FieldDef.of("type", FieldType.CODE, "事件类型", "type"),
                    FieldDef.of("at", FieldType.INSTANT, "时间", "time"))),
            CollectionDef.of(
                "visit",
                "到店",
                "visits",
                false,
                List.of(
                    FieldDef.of("minutes", FieldType.INTEGER, "停留分钟", "minutes"),
                    FieldDef.of("at", FieldType.INSTANT, "时间", "time"))))) {
      collections.put(one.name(), one);
    }
    close(
        "category",
        "kitchen=厨房电器=kitchen appliances",
        "kitchen/hood=油烟机=range hoods",
        "kitchen/stove=灶具=stoves",
        "av=影音=audio and video",
        "av/tv=电视=TVs");
    close("store", "S1=城东店=East", "S2=城西店=West", "S3=旗舰店=Flagship");
    close("order.store", "S1=城东店=East", "S2=城西店=West", "S3=旗舰店=Flagship");
    close("type", "visit=到店=visit");
    close("source", "ERP=ERP 导入=ERP", "FOLLOW=关注=follow");
    close("tags", "vip=大客户=key account", "new=新客=new", "complaint=投诉过=complained");
    close("kind", "CLEAN=清洗=cleaning", "FILTER=换滤芯=filter change");
  }

  private void close(String field, String... values) {
    Map<String, Labels> all = new LinkedHashMap<>();
    for (String value : values) {
      String[] parts = value.split("=");
      all.put(parts[0], new Labels(parts[1], parts[2]));
    }
    closed.put(field, all);
  }

  SampleSchema save(String key, Segment segment) {
    saved.put(key, segment);
    return this;
  }

  SampleSchema in(ZoneId other) {
    zone = other;
    return this;
  }

  @Override
  public Map<String, FieldDef> memberFields() {
    return members;
  }

  @Override
  public Map<String, CollectionDef> collections() {
    return collections;
  }

  @Override
  public ZoneId zone() {
    return zone;
  }

  @Override
  public Optional<Map<String, Labels>> values(FieldDef field) {
    return field.codes().isEmpty()
        ? Optional.ofNullable(closed.get(field.name()))
        : Optional.of(field.codes());
  }

  @Override
  public Optional<Segment> saved(String key) {
    return Optional.ofNullable(saved.get(key));
  }

  @Override
  public Collection<String> savedKeys() {
    return saved.keySet();
  }

  @Override
  public Optional<String> savedName(String key) {
    return key.equals("vips") ? Optional.of("大客户名单") : Optional.empty();
  }

  @Override
  public boolean comparedWhole(FieldDef field) {
    return field.name().equals("secret");
  }

  /** Operands for {@link Trees}. */
  static List<?> plausible(@Nullable CollectionDef of, FieldDef field) {
    return switch (field.type()) {
      case TEXT -> List.of("张三", "Fotile", "老板 A1", "x");
      case CODE -> field.name().endsWith("hannel") ? List.of("ONLINE", "SHOP") : List.of();
      case REGION -> List.of("浙江", "浙江/杭州", "上海");
      case INTEGER -> List.of(0L, 1L, 2L, 10L);
      case MONEY -> List.of(0L, 9_900L, 500_000L);
      case DATE -> List.of(LocalDate.of(1990, 2, 28), LocalDate.of(2026, 5, 20));
      case INSTANT ->
          List.of(Instant.parse("2026-05-20T08:00:00Z"), Instant.parse("2024-02-29T16:00:00Z"));
      case CATEGORY, TAGS, FLAG -> List.of();
    };
  }

  Trees trees(long seed) {
    return new Trees(this, SampleSchema::plausible, AS_OF, seed);
  }
}

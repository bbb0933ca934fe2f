package io.laoke.segment;

import static io.laoke.member.Gender.FEMALE;
import static io.laoke.segment.Criteria.all;
import static io.laoke.segment.Criteria.any;
import static io.laoke.segment.Criteria.before;
import static io.laoke.segment.Criteria.bucket;
import static io.laoke.segment.Criteria.category;
import static io.laoke.segment.Criteria.days;
import static io.laoke.segment.Criteria.events;
import static io.laoke.segment.Criteria.everyone;
import static io.laoke.segment.Criteria.exists;
import static io.laoke.segment.Criteria.field;
import static io.laoke.segment.Criteria.in;
import static io.laoke.segment.Criteria.items;
import static io.laoke.segment.Criteria.last;
import static io.laoke.segment.Criteria.missing;
import static io.laoke.segment.Criteria.next;
import static io.laoke.segment.Criteria.nextUnit;
import static io.laoke.segment.Criteria.not;
import static io.laoke.segment.Criteria.orders;
import static io.laoke.segment.Criteria.prevUnit;
import static io.laoke.segment.Criteria.rows;
import static io.laoke.segment.Criteria.sends;
import static io.laoke.segment.Criteria.services;
import static io.laoke.segment.Criteria.since;
import static io.laoke.segment.Criteria.thisUnit;
import static io.laoke.segment.Criteria.units;
import static io.laoke.segment.Criteria.until;
import static io.laoke.segment.Criteria.yuan;
import static io.laoke.segment.Fields.*;
import static io.laoke.segment.SampleSchema.AS_OF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import io.laoke.member.Gender;
import io.laoke.order.LineKind;
import io.laoke.order.Stage;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The builder mirrors the JSON. */
class CriteriaTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 31);
  private static final Instant TIME = Instant.parse("2026-01-31T08:00:00Z");

  private final SampleSchema schema = new SampleSchema().save("vips", everyone());

  @Test
  void saysTheSentenceThatNobodyElseCan() {
    // begin guide-segment
    Segment s =
        all(
            field(GENDER).is(FEMALE),
            items()
                .where(category().under("kitchen"))
                .during(last(Period.ofYears(1)))
                .sum(NET_AMOUNT)
                .atLeast(yuan(5000)),
            units()
                .where(
                    category().under("kitchen/hood"),
                    any(
                        field(LAST_SERVICE_AT).during(before(Period.ofMonths(6))),
                        all(
                            missing(LAST_SERVICE_AT),
                            field(INSTALLED_ON).during(before(Period.ofMonths(6))))))
                .exists());
    // end guide-segment
    assertThat(s)
        .isEqualTo(
            SegmentJson.read(
                """
                {"v":1,"where":{"all":[
                  {"field":"gender","op":"eq","value":"FEMALE"},
                  {"agg":"sum","of":"items","field":"netAmount",
                   "where":{"field":"category","op":"under","value":"kitchen"},
                   "during":{"last":"P1Y"},"op":"gte","value":500000},
                  {"agg":"count","of":"units",
                   "where":{"all":[{"field":"category","op":"under","value":"kitchen/hood"},
                                   {"any":[{"field":"lastServiceAt","op":"during","value":{"before":"P6M"}},
                                           {"all":[{"field":"lastServiceAt","op":"missing"},
                                                   {"field":"installedOn","op":"during","value":{"before":"P6M"}}]}]}]},
                   "op":"gte","value":1}]}}
                """));
    assertThat(ChineseSentence.of(s, schema)).startsWith("性别为女，且近1年厨房电器实付满5000元，且有油烟机（");
  }

  static Stream<Arguments> built() {
    return Stream.of(
        of(everyone(), "{'everyone':true}"),
        of(all(), "{'all':[]}"),
        of(any(), "{'any':[]}"),
        of(not(in("vips")), "{'not':{'in':'vips'}}"),
        of(bucket("x", 0, 500), "{'bucket':'x','from':0,'to':500}"),
        of(field(GENDER).isNot(FEMALE), "{'field':'gender','op':'ne','value':'FEMALE'}"),
        of(
            field(GENDER).in(FEMALE, Gender.MALE),
            "{'field':'gender','op':'in','value':['FEMALE','MALE']}"),
        of(
            field(GENDER).notIn(List.of(FEMALE)),
            "{'field':'gender','op':'notIn','value':['FEMALE']}"),
        of(field(SOURCE).is("ERP"), "{'field':'source','op':'eq','value':'ERP'}"),
        of(field(NAME).is("a"), "{'field':'name','op':'eq','value':'a'}"),
        of(field(NAME).isNot("a"), "{'field':'name','op':'ne','value':'a'}"),
        of(field(NAME).in("a", "b"), "{'field':'name','op':'in','value':['a','b']}"),
        of(field(NAME).notIn("a"), "{'field':'name','op':'notIn','value':['a']}"),
        of(field(REMARK).contains("a"), "{'field':'remark','op':'contains','value':'a'}"),
        of(field(REMARK).notContains("a"), "{'field':'remark','op':'notContains','value':'a'}"),
        of(field(REMARK).startsWith("a"), "{'field':'remark','op':'startsWith','value':'a'}"),
        of(exists(REMARK), "{'field':'remark','op':'exists'}"),
        of(field(REGION).under("浙江"), "{'field':'region','op':'under','value':'浙江'}"),
        of(field(REGION).is("浙江"), "{'field':'region','op':'eq','value':'浙江'}"),
        of(field(REGION).isNot("浙江"), "{'field':'region','op':'ne','value':'浙江'}"),
        of(field(REGION).in("浙江"), "{'field':'region','op':'in','value':['浙江']}"),
        of(field(REGION).notIn("浙江"), "{'field':'region','op':'notIn','value':['浙江']}"),
        of(field(TAGS).hasAny("vip"), "{'field':'tags','op':'hasAny','value':['vip']}"),
        of(
            field(TAGS).hasAll("vip", "new"),
            "{'field':'tags','op':'hasAll','value':['vip','new']}"),
        of(field(TAGS).hasNone("vip"), "{'field':'tags','op':'hasNone','value':['vip']}"),
        of(field(integer("points")).is(1), "{'field':'points','op':'eq','value':1}"),
        of(field(integer("points")).isNot(1), "{'field':'points','op':'ne','value':1}"),
        of(field(integer("points")).in(1, 2), "{'field':'points','op':'in','value':[1,2]}"),
        of(field(integer("points")).notIn(1), "{'field':'points','op':'notIn','value':[1]}"),
        of(field(integer("points")).atLeast(1), "{'field':'points','op':'gte','value':1}"),
        of(field(integer("points")).atMost(1), "{'field':'points','op':'lte','value':1}"),
        of(field(integer("points")).moreThan(1), "{'field':'points','op':'gt','value':1}"),
        of(field(integer("points")).lessThan(1), "{'field':'points','op':'lt','value':1}"),
        of(
            field(integer("points")).between(1, 2),
            "{'field':'points','op':'between','value':[1,2]}"),
        of(field(money("deposit")).is(yuan(1)), "{'field':'deposit','op':'eq','value':100}"),
        of(field(money("deposit")).isNot(yuan(1)), "{'field':'deposit','op':'ne','value':100}"),
        of(
            field(money("deposit")).atLeast(yuan("1.5")),
            "{'field':'deposit','op':'gte','value':150}"),
        of(
            field(money("deposit")).atMost(Money.fen(7)),
            "{'field':'deposit','op':'lte','value':7}"),
        of(
            field(money("deposit")).moreThan(yuan(-1)),
            "{'field':'deposit','op':'gt','value':-100}"),
        of(field(money("deposit")).lessThan(yuan(1)), "{'field':'deposit','op':'lt','value':100}"),
        of(
            field(money("deposit")).between(yuan(1), yuan(2)),
            "{'field':'deposit','op':'between','value':[100,200]}"),
        of(field(FOLLOWS).is(true), "{'field':'follows','op':'eq','value':true}"),
        of(field(flag("vip")).isNot(false), "{'field':'vip','op':'ne','value':false}"),
        of(field(BIRTHDAY).is(DAY), "{'field':'birthday','op':'eq','value':'2026-01-31'}"),
        of(field(BIRTHDAY).isNot(DAY), "{'field':'birthday','op':'ne','value':'2026-01-31'}"),
        of(field(BIRTHDAY).before(DAY), "{'field':'birthday','op':'lt','value':'2026-01-31'}"),
        of(field(BIRTHDAY).until(DAY), "{'field':'birthday','op':'lte','value':'2026-01-31'}"),
        of(field(BIRTHDAY).after(DAY), "{'field':'birthday','op':'gt','value':'2026-01-31'}"),
        of(field(BIRTHDAY).from(DAY), "{'field':'birthday','op':'gte','value':'2026-01-31'}"),
        of(
            field(BIRTHDAY).between(DAY, DAY),
            "{'field':'birthday','op':'between','value':['2026-01-31','2026-01-31']}"),
        of(
            field(BIRTHDAY).anniversary(next(Period.ofDays(7))),
            "{'field':'birthday','op':'anniversary','value':{'next':'P7D'}}"),
        of(
            field(date("movedOn")).during(thisUnit(Window.Unit.MONTH)),
            "{'field':'movedOn','op':'during','value':{'this':'month'}}"),
        of(
            field(CREATED_AT).during(prevUnit(Window.Unit.QUARTER)),
            "{'field':'createdAt','op':'during','value':{'prev':'quarter'}}"),
        of(
            field(CREATED_AT).during(nextUnit(Window.Unit.WEEK)),
            "{'field':'createdAt','op':'during','value':{'nextUnit':'week'}}"),
        of(
            field(CREATED_AT).during(days(DAY, DAY)),
            "{'field':'createdAt','op':'during','value':{'from':'2026-01-31','to':'2026-01-31'}}"),
        of(
            field(CREATED_AT).during(since(DAY)),
            "{'field':'createdAt','op':'during','value':{'from':'2026-01-31'}}"),
        of(
            field(CREATED_AT).during(until(DAY)),
            "{'field':'createdAt','op':'during','value':{'to':'2026-01-31'}}"),
        of(
            field(CREATED_AT).before(TIME),
            "{'field':'createdAt','op':'lt','value':'2026-01-31T08:00:00Z'}"),
        of(
            field(CREATED_AT).from(TIME),
            "{'field':'createdAt','op':'gte','value':'2026-01-31T08:00:00Z'}"),
        of(orders().none(), "{'agg':'count','of':'orders','op':'eq','value':0}"),
        of(
            orders().allDocuments().where(field(TYPE).is("RETURN")).exists(),
            "{'agg':'count','of':'orders','scope':'all','where':{'field':'type','op':'eq','value':'RETURN'},'op':'gte','value':1}"),
        of(
            orders()
                .where(field(STAGE).is(Stage.DELIVERED))
                .where(field(STORE).in("S1"))
                .count()
                .atLeast(2),
            "{'agg':'count','of':'orders','where':{'all':[{'field':'stage','op':'eq','value':'DELIVERED'},{'field':'store','op':'in','value':['S1']}]},'op':'gte','value':2}"),
        of(
            orders().last(AT).during(before(Period.ofDays(540))),
            "{'agg':'last','of':'orders','field':'at','op':'during','value':{'before':'P540D'}}"),
        of(
            orders().first(STORE).is("S1"),
            "{'agg':'first','of':'orders','field':'store','op':'eq','value':'S1'}"),
        of(
            items().avg(NET_AMOUNT).moreThan(yuan(1)),
            "{'agg':'avg','of':'items','field':'netAmount','op':'gt','value':100}"),
        of(
            items().where(field(KIND).is(LineKind.GIFT)).sum(QUANTITY).atLeast(3),
            "{'agg':'sum','of':'items','field':'quantity','where':{'field':'kind','op':'eq','value':'GIFT'},'op':'gte','value':3}"),
        of(
            items().max(NET_AMOUNT).missing(),
            "{'agg':'max','of':'items','field':'netAmount','op':'missing'}"),
        of(
            items().min(ORDER_DELIVERED_AT).exists(),
            "{'agg':'min','of':'items','field':'order.deliveredAt','op':'exists'}"),
        of(
            items().distinct(CATEGORY).atLeast(3),
            "{'agg':'distinct','of':'items','field':'category','op':'gte','value':3}"),
        of(
            units().min(INSTALLED_ON).before(DAY),
            "{'agg':'min','of':'units','field':'installedOn','op':'lt','value':'2026-01-31'}"),
        of(
            services().where(field(SERVICE_KIND).is("CLEAN")).sum(PAID_AMOUNT).atLeast(yuan(1)),
            "{'agg':'sum','of':'services','field':'paidAmount','where':{'field':'kind','op':'eq','value':'CLEAN'},'op':'gte','value':100}"),
        of(
            sends().last(OUTCOME).is("SENT"),
            "{'agg':'last','of':'sends','field':'outcome','op':'eq','value':'SENT'}"),
        of(events().none(), "{'agg':'count','of':'events','op':'eq','value':0}"),
        of(
            rows("visit").avg(integer("minutes")).atLeast(30),
            "{'agg':'avg','of':'visit','field':'minutes','op':'gte','value':30}"));
  }

  private static Arguments of(Segment segment, String json) {
    return Arguments.of(segment, json.replace('\'', '"'));
  }

  @ParameterizedTest
  @MethodSource("built")
  void buildsWhatTheJsonSays(Segment segment, String json) {
    assertThat(segment).isEqualTo(SegmentJson.read("{\"v\":1,\"where\":" + json + "}"));
    assertThat(Resolver.resolve(segment, schema, AS_OF).hash()).isNotBlank();
  }

  @Test
  void namesTheFieldsThatDealersHaveWithTheirTypes() throws IllegalAccessException {
    int constants = 0;
    for (java.lang.reflect.Field constant : Fields.class.getFields()) {
      if (!Modifier.isStatic(constant.getModifiers())) {
        continue;
      }
      constants++;
      FieldKey<?> key = (FieldKey<?>) constant.get(null);
      Ask asked = key.ask((op, value) -> everyone());
      Set<FieldType> types =
          Stream.concat(
                  Stream.of(schema.memberFields()),
                  Stream.of(
                          BuiltIn.ORDERS,
                          BuiltIn.ITEMS,
                          BuiltIn.UNITS,
                          BuiltIn.SERVICES,
                          BuiltIn.SENDS)
                      .map(CollectionDef::fields))
              .filter(fields -> fields.containsKey(key.name()))
              .map(fields -> fields.get(key.name()).type())
              .collect(Collectors.toSet());
      assertThat(types).as(constant.getName()).hasSize(1);
      assertThat(types.iterator().next()).as(constant.getName()).isIn(types(asked));
    }
    assertThat(constants).isGreaterThan(40);
  }

  private static List<FieldType> types(Ask asked) {
    return switch (asked.getClass().getSimpleName()) {
      case "Choice" -> List.of(FieldType.CODE);
      case "Text" -> List.of(FieldType.TEXT);
      case "Tree" -> List.of(FieldType.REGION, FieldType.CATEGORY);
      case "Tags" -> List.of(FieldType.TAGS);
      case "Whole" -> List.of(FieldType.INTEGER);
      case "Amount" -> List.of(FieldType.MONEY);
      case "Flag" -> List.of(FieldType.FLAG);
      case "Day" -> List.of(FieldType.DATE);
      default -> List.of(FieldType.INSTANT);
    };
  }

  @Test
  void refusesNothingGivenAndMoneyThatIsNone() {
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> all((Segment[]) null),
            () -> not(null),
            () -> in(null),
            () -> field(NAME).is(null),
            () -> field(NAME).in((String) null),
            () -> field(GENDER).is(null),
            () -> field(GENDER).in((Gender) null),
            () -> field(BIRTHDAY).is(null),
            () -> field(CREATED_AT).during(null),
            () -> field(money("deposit")).atLeast(null),
            () -> last(null),
            () -> orders().where((Segment) null),
            () -> orders().during(null),
            () -> text(null),
            () -> text(" "),
            () -> yuan("12.345"),
            () -> yuan("1e3"),
            () -> yuan("五"),
            () -> yuan(Long.MAX_VALUE),
            () -> Money.yuan(new BigDecimal("0.001")))) {
      assertThatThrownBy(call).isInstanceOf(InvalidInputException.class);
    }
  }
}

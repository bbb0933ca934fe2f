package io.laoke.segment;

import static io.laoke.segment.SampleSchema.AS_OF;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What means the same has one hash, what differs has not. */
class CanonTest {
  private final SampleSchema schema =
      new SampleSchema()
          .save("women", new Segment.Field("gender", Op.EQ, new Operand.Text("FEMALE")))
          .save("ladies", new Segment.InSegment("women"));

  private Question resolved(String where) {
    return resolved(SegmentJson.read("{\"v\":1,\"where\":" + where.replace('\'', '"') + "}"));
  }

  private Question resolved(Segment segment) {
    return Resolver.resolve(segment, schema, AS_OF);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'field':'gender','op':'ne','value':'MALE'} | {'not':{'field':'gender','op':'eq','value':'MALE'}}",
        "{'field':'gender','op':'notIn','value':['MALE','FEMALE']} | {'not':{'field':'gender','op':'in','value':['FEMALE','MALE','FEMALE']}}",
        "{'field':'tags','op':'hasNone','value':['vip']} | {'not':{'field':'tags','op':'hasAny','value':['vip']}}",
        "{'field':'name','op':'notContains','value':'x'} | {'not':{'field':'name','op':'contains','value':'x'}}",
        "{'field':'points','op':'between','value':[1,5]} | {'all':[{'field':'points','op':'lte','value':5},{'field':'points','op':'gte','value':1}]}",
        "{'agg':'count','of':'orders','op':'between','value':[1,5]} | {'all':[{'agg':'count','of':'orders','op':'gte','value':1},{'agg':'count','of':'orders','op':'lte','value':5}]}",
        "{'agg':'count','of':'orders','op':'ne','value':1} | {'not':{'agg':'count','of':'orders','op':'eq','value':1}}",
        "{'field':'gender','op':'in','value':['MALE']} | {'field':'gender','op':'eq','value':'MALE'}",
        "{'field':'tags','op':'hasAll','value':['vip','vip']} | {'field':'tags','op':'hasAny','value':['vip']}",
        "{'field':'points','op':'in','value':[3,1,2,1]} | {'value':[1,2,3],'op':'in','field':'points'}",
        "{'field':'name','op':'eq','value':' 张三 '} | {'field':'name','op':'eq','value':'张三'}",
        "{'field':'region','op':'under','value':'浙江 / 杭州'} | {'field':'region','op':'under','value':'浙江/杭州'}",
        "{'field':'createdAt','op':'gte','value':'2026-05-01T08:00:00.001+08:00'} | {'field':'createdAt','op':'gte','value':'2026-05-01T00:00:00.0004Z'}",
        "{'field':'createdAt','op':'during','value':{'last':'P12M'}} | {'field':'createdAt','op':'during','value':{'last':'P1Y'}}",
        "{'field':'createdAt','op':'during','value':{'last':'P2W'}} | {'field':'createdAt','op':'during','value':{'last':'P14D'}}",
        "{'everyone':true} | {'all':[]}",
        "{'everyone':true} | {'not':{'any':[]}}",
        "{'any':[]} | {'not':{'everyone':true}}",
        "{'all':[{'field':'vip','op':'exists'}]} | {'any':[{'field':'vip','op':'exists'}]}",
        "{'all':[{'all':[{'field':'vip','op':'exists'},{'field':'name','op':'exists'}]},{'field':'vip','op':'exists'}]} | {'all':[{'field':'name','op':'exists'},{'field':'vip','op':'exists'}]}",
        "{'any':[{'any':[]},{'any':[{'field':'vip','op':'exists'},{'field':'name','op':'exists'}]}]} | {'any':[{'field':'name','op':'exists'},{'field':'vip','op':'exists'}]}",
        "{'any':[{'all':[{'field':'vip','op':'exists'},{'field':'name','op':'exists'}]},{'all':[{'field':'name','op':'exists'},{'field':'vip','op':'exists'}]}]} | {'all':[{'field':'name','op':'exists'},{'field':'vip','op':'exists'}]}",
        "{'not':{'not':{'field':'vip','op':'exists'}}} | {'field':'vip','op':'exists'}",
        "{'not':{'field':'gender','op':'ne','value':'MALE'}} | {'field':'gender','op':'eq','value':'MALE'}",
        "{'in':'ladies'} | {'field':'gender','op':'eq','value':'FEMALE'}",
        "{'agg':'count','of':'orders','where':{'all':[]},'scope':'default','op':'gte','value':1} | {'op':'gte','value':1,'of':'orders','agg':'count'}",
        "{'agg':'count','of':'orders','where':{'all':[{'field':'store','op':'eq','value':'S1'},{'field':'stage','op':'exists'}]},'op':'gte','value':1} | {'agg':'count','of':'orders','where':{'all':[{'field':'stage','op':'exists'},{'field':'store','op':'eq','value':'S1'}]},'op':'gte','value':1}",
        "{'field':'gender','op':'missing'} | {'field':'gender','op':'missing','value':null}",
      })
  void equalMeaningsHaveOneHash(String one, String other) {
    assertThat(resolved(one).hash()).isEqualTo(resolved(other).hash());
  }

  @Test
  void theCanonicalTreeStandsInTheOrderInWhichItWasWritten() {
    Question question =
        resolved(
            "{'all':[{'field':'vip','op':'exists'},{'all':[{'field':'name','op':'ne','value':'x'},{'field':'points','op':'between','value':[1,2]}]},{'in':'ladies'}]}");
    assertThat(SegmentJson.write(question.canonical()))
        .isEqualTo(
            "{\"v\":1,\"where\":{\"all\":[{\"field\":\"vip\",\"op\":\"exists\"},{\"not\":{\"field\":\"name\",\"op\":\"eq\",\"value\":\"x\"}},{\"field\":\"points\",\"op\":\"gte\",\"value\":1},{\"field\":\"points\",\"op\":\"lte\",\"value\":2},{\"field\":\"gender\",\"op\":\"eq\",\"value\":\"FEMALE\"}]}}");
    assertThat(((Node.All) question.node()).of()).hasSize(5);
  }

  @Test
  void theHashIsTheSameInEveryReleaseAndSafeInAnAddress() {
    assertThat(resolved("{'field':'gender','op':'eq','value':'FEMALE'}").hash())
        .isEqualTo("shj2QF_UMcudHcT3I21TgGofZ3f45wp8GhNh4KOi63w")
        .matches("[A-Za-z0-9_-]{43}");
  }

  @Test
  void shufflingAndWrappingChangeNothing() {
    Trees trees = schema.trees(21).referring("women");
    Random random = new Random(22);
    for (int i = 0; i < 1_500; i++) {
      Segment segment = trees.next();
      Segment other = shuffled(segment, random);
      assertThat(resolved(other).hash())
          .as(SegmentJson.write(segment) + "\n" + SegmentJson.write(other))
          .isEqualTo(resolved(segment).hash());
    }
  }

  private static Segment shuffled(Segment node, Random random) {
    if (node instanceof Segment.All all) {
      return new Segment.All(shuffled(all.of(), random));
    }
    if (node instanceof Segment.Any any) {
      return new Segment.Any(shuffled(any.of(), random));
    }
    if (node instanceof Segment.Not not) {
      return new Segment.Not(shuffled(not.of(), random));
    }
    if (node instanceof Segment.Agg agg) {
      return new Segment.Agg(
          agg.agg(),
          agg.of(),
          agg.field(),
          agg.where().map(where -> shuffled(where, random)),
          agg.during(),
          agg.scope(),
          agg.op(),
          agg.value());
    }
    return switch (random.nextInt(6)) {
      case 0 -> new Segment.All(List.of(node, node));
      case 1 -> new Segment.Any(List.of(node));
      default -> node;
    };
  }

  private static List<Segment> shuffled(List<Segment> of, Random random) {
    List<Segment> all = new ArrayList<>(of.stream().map(one -> shuffled(one, random)).toList());
    Collections.shuffle(all, random);
    return all;
  }

  @Test
  void differentTreesHaveDifferentHashes() {
    Trees trees = schema.trees(31);
    Map<String, Segment> seen = new HashMap<>();
    for (int i = 0; i < 2_000; i++) {
      Question question = resolved(trees.next());
      Segment before = seen.putIfAbsent(question.hash(), question.canonical());
      if (before != null) {
        assertThat(sorted(before)).isEqualTo(sorted(question.canonical()));
      }
    }
    assertThat(seen).hasSizeGreaterThan(1_500);
  }

  /** All letters of its JSON, wherever they stand. */
  private static String sorted(Segment segment) {
    return SegmentJson.write(segment)
        .chars()
        .sorted()
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}

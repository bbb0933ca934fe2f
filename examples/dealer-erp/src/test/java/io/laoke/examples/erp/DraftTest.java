package io.laoke.examples.erp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.Laoke;
import io.laoke.segment.Segment;
import io.laoke.segment.SegmentJson;
import io.laoke.segment.Segments;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.util.HtmlUtils;

/** The filter's form, without a browser and without script. */
class DraftTest {
  private static Running erp;

  @BeforeAll
  static void start() {
    erp = new Running();
    erp.bean(SegmentDesk.class)
        .save(Optional.of("women"), "女会员", SegmentJson.read("{\"v\":1,\"where\":{\"all\":[]}}"));
  }

  @AfterAll
  static void end() {
    erp.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'all':[]}",
        "{'any':[]}",
        "{'not':{'any':[{'all':[]},{'not':{'not':{'field':'hasPhone','op':'eq','value':false}}}]}}",
        "{'everyone':true}",
        "{'not':{'everyone':true}}",
        "{'field':'gender','op':'in','value':['FEMALE','MALE']}",
        "{'field':'gender','op':'notIn','value':['FEMALE']}",
        "{'field':'gender','op':'missing'}",
        "{'field':'name','op':'startsWith','value':'周'}",
        "{'field':'name','op':'in','value':['周敏','a, b','say \\\"x\\\"；']}",
        "{'field':'name','op':'notContains','value':'<b>&amp;'}",
        "{'field':'birthday','op':'anniversary','value':{'this':'month'}}",
        "{'field':'birthday','op':'between','value':['1980-01-01','1989-12-31']}",
        "{'field':'birthday','op':'during','value':{'from':'1980-01-01'}}",
        "{'field':'createdAt','op':'gte','value':'2026-01-01T09:30:00+08:00'}",
        "{'field':'createdAt','op':'during','value':{'prev':'quarter'}}",
        "{'field':'createdAt','op':'during','value':{'last':'P1M10D'}}",
        "{'field':'createdAt','op':'during','value':{'nextUnit':'week'}}",
        "{'field':'follows','op':'eq','value':true}",
        "{'in':'women'}",
        "{'bucket':'A','from':0,'to':500}",
        "{'agg':'count','of':'orders','scope':'all','during':{'last':'P2W'},'op':'between','value':[1,5]}",
        "{'agg':'avg','of':'items','field':'netAmount','where':{'not':{'field':'category','op':'under','value':'kitchen'}},'op':'gte','value':9950}",
        "{'agg':'last','of':'orders','field':'store','op':'in','value':['HZ01','SX01']}",
        "{'agg':'max','of':'orders','field':'at','op':'during','value':{'before':'P540D'}}",
        "{'agg':'sum','of':'items','field':'quantity','where':{'any':[{'all':[{'field':'brand','op':'eq','value':'云岚'},{'field':'netAmount','op':'gt','value':1}]},{'field':'kind','op':'ne','value':'GIFT'}]},'op':'in','value':[1,2,3]}",
      })
  void whatThePageShowsIsWhatItWasGiven(String node) throws Exception {
    Segment segment = SegmentJson.read("{\"v\":1,\"where\":" + node.replace('\'', '"') + "}");
    String page = post("/members/json", "json=" + encoded(SegmentJson.write(segment)));
    assertThat(hash(SegmentJson.read(json(page)))).as("read").isEqualTo(hash(segment));
    String sent = post("/members", form(page));
    assertThat(json(sent)).as("sent").isEqualTo(json(page));
  }

  /** Equal for segments that ask the same. */
  private static String hash(Segment segment) {
    return segments().save("given", "同一个问题", segment, "test").hash();
  }

  private static Segments segments() {
    return erp.bean(Laoke.class).dealer("hengxin").segments();
  }

  @Test
  void everyFieldAndEveryMeasureCanBeAdded() throws Exception {
    SegmentWords words = erp.bean(SegmentDesk.class).words();
    Draft draft = Draft.all(words);
    List<SegmentWords.Choice> offered =
        draft.offers().values().stream().flatMap(List::stream).toList();
    assertThat(offered)
        .hasSizeGreaterThan(words.memberFields().size() + words.collections().size());
    for (SegmentWords.Choice choice : offered) {
      String page = post("/members", "n.kind=all&act=add%40n&n.new=" + encoded(choice.value()));
      assertThat(page).as(choice.label()).contains("n.0.kind", choice.label());
      assertThat(post("/members", form(page))).as(choice.label()).contains("n.0.kind");
    }
  }

  @Test
  void aConditionThatBecomesAnotherLosesWhatNoLongerFits() throws Exception {
    String page =
        post(
            "/members",
            "n.kind=all&n.0.kind=field&n.0.was=gender&n.0.field=birthday&n.0.op=in&n.0.value=FEMALE");
    assertThat(json(page)).contains("\"birthday\"", "\"during\"").doesNotContain("FEMALE");
  }

  @Test
  void nonsenseIsNoServerError() throws Exception {
    for (String form :
        List.of(
            "",
            "n.kind=zzz&n.0.kind=field&n.0.field=nothing&n.0.op=eq&n.0.value=1",
            "n.kind=all&n.0.kind=agg&n.0.of=nothing&n.0.field=sum x&n.0.op=gte",
            "n.kind=all&n.0.kind=bucket&n.0.value=&n.0.value=x&n.0.value=",
            "n.kind=all&n.0.kind=field&n.0.was=birthday&n.0.field=birthday&n.0.op=during&n.0.window.form=last&n.0.window.number=99999999999",
            "n.kind=all&act=remove%40n.7&after=x&trail=a+b&asOf=yesterday",
            "n.kind=all&n.0.kind=field&n.0.was=name&n.0.field=name&n.0.op=eq&n.0.value="
                + "9".repeat(5_000))) {
      assertThat(answer("/members", form).statusCode()).as(form).isEqualTo(200);
      assertThat(answer("/members/answer", form).statusCode()).as(form).isEqualTo(200);
    }
    String page = post("/members/json", "json=" + encoded("{\"v\":1,\"where\":{\"feild\":1}}"));
    assertThat(page).contains("/where");
    assertThat(answer("/members/save", "n.kind=all&name=").body()).contains("请给人群起个名字");
    assertThat(answer("/members/save", "n.kind=all&name=" + "长".repeat(101)).body())
        .contains("名字最多 100 个字");
  }

  private static String json(String page) {
    Matcher text =
        Pattern.compile("<textarea [^>]*name=\"json\"[^>]*>([^<]*)</textarea>").matcher(page);
    assertThat(text.find()).isTrue();
    return HtmlUtils.htmlUnescape(text.group(1));
  }

  /** What a browser would send of the filter. */
  private static String form(String page) {
    String filter =
        page.substring(page.indexOf("<form id=\"segment\""), page.indexOf("id=\"h-found\""));
    List<String> fields = new ArrayList<>();
    Matcher input =
        Pattern.compile("<input\\b[^>]*>|<select\\b[^>]*>.*?</select>", Pattern.DOTALL)
            .matcher(filter);
    while (input.find()) {
      String tag = input.group();
      String head = tag.substring(0, tag.indexOf('>') + 1);
      if (head.contains("type=\"checkbox\"") && !head.contains("checked")) {
        continue;
      }
      String value = attribute(head, "value");
      if (tag.startsWith("<select")) {
        Matcher option = Pattern.compile("<option\\b[^>]*selected[^>]*>").matcher(tag);
        Matcher first = Pattern.compile("<option\\b[^>]*>").matcher(tag);
        value =
            option.find()
                ? attribute(option.group(), "value")
                : first.find() ? attribute(first.group(), "value") : "";
      }
      fields.add(attribute(head, "name") + "=" + encoded(value));
    }
    return String.join("&", fields);
  }

  private static String attribute(String tag, String name) {
    Matcher found = Pattern.compile(" " + name + "=\"([^\"]*)\"").matcher(tag);
    return found.find() ? HtmlUtils.htmlUnescape(found.group(1)) : "";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static String post(String path, String form) throws Exception {
    HttpResponse<String> answer = answer(path, form);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static HttpResponse<String> answer(String path, String form) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(erp.url() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "text/html")
            .header("Origin", erp.url())
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}

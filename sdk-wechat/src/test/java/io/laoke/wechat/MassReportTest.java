package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.message.Inbound;
import io.laoke.wechat.MassReport.End;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a mass message as WeChat pushes it. */
class MassReportTest {
  private static final String FULL =
      """
      <MsgID>1000001625</MsgID><Status><![CDATA[err(30003)]]></Status><TotalCount>100</TotalCount>\
      <FilterCount>80</FilterCount><SentCount>75</SentCount><ErrorCount>5</ErrorCount>\
      <CopyrightCheckResult><Count>2</Count><ResultList>\
      <item><ArticleIdx>1</ArticleIdx><UserDeclareState>0</UserDeclareState>\
      <AuditState>2</AuditState><OriginalArticleUrl><![CDATA[https://a.example/1]]></OriginalArticleUrl>\
      <OriginalArticleType>1</OriginalArticleType><CanReprint>1</CanReprint>\
      <NeedReplaceContent>1</NeedReplaceContent><NeedShowReprintSource>1</NeedShowReprintSource></item>\
      <item><ArticleIdx>2</ArticleIdx><UserDeclareState>1</UserDeclareState>\
      <AuditState>0</AuditState><OriginalArticleUrl><![CDATA[]]></OriginalArticleUrl>\
      <OriginalArticleType>0</OriginalArticleType><CanReprint>0</CanReprint>\
      <NeedReplaceContent>0</NeedReplaceContent><NeedShowReprintSource>0</NeedShowReprintSource></item>\
      </ResultList><CheckState>2</CheckState></CopyrightCheckResult>\
      <ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>2</ArticleIdx>\
      <ArticleUrl><![CDATA[http://mp.weixin.qq.com/s?a=1&b=2]]></ArticleUrl></item></ResultList>\
      </ArticleUrlResult>""";

  private static Optional<MassReport> read(String body) {
    return MassReports.of(PushBody.parse(body).orElseThrow());
  }

  @Test
  void readsEverythingThatTheReferenceNames() {
    MassReport report = read(Pushes.event("MASSSENDJOBFINISH", FULL)).orElseThrow();
    assertThat(report)
        .isEqualTo(
            new MassReport(
                1000001625,
                End.REPRINT_NOT_WANTED,
                "err(30003)",
                100,
                80,
                75,
                5,
                List.of(
                    new MassReport.Article(
                        1,
                        Optional.empty(),
                        Optional.of(
                            new MassReport.Check(
                                0, 2, Optional.of("https://a.example/1"), 1, true, true, true))),
                    new MassReport.Article(
                        2,
                        Optional.of("http://mp.weixin.qq.com/s?a=1&b=2"),
                        Optional.of(
                            new MassReport.Check(1, 0, Optional.empty(), 0, false, false, false)))),
                Optional.of(MassReport.Copyright.REPRINT_PERMITTED)));
    assertThat(report.reason().orElseThrow().advice()).contains("sendReprint");
  }

  @ParameterizedTest
  @CsvSource({
    "send success,SUCCEEDED",
    "SendSuccess,SUCCEEDED",
    "sendsuccess,SUCCEEDED",
    "send fail,FAILED",
    "err(10001),ADVERTISING",
    "err(20001),POLITICS",
    "err(20002),PORNOGRAPHY",
    "err(20004),SOCIAL",
    "err(20006),CRIME",
    "err(20008),FRAUD",
    "err(20013),COPYRIGHT",
    "err(21000),OTHER_RULE",
    "err(22000),MUTUAL_PROMOTION",
    "err(30001),ORIGINAL_CHECK_BROKEN",
    "err(30002),REPRINT_FORBIDDEN",
    "err(30003),REPRINT_NOT_WANTED",
    "err(40001),ADMINISTRATOR_REFUSED",
    "err ( 40002 ),ADMINISTRATOR_SILENT",
    "err(20431),UNKNOWN",
    "err(0),UNKNOWN",
    "'',UNKNOWN"
  })
  void knowsEveryEnd(String status, End end) {
    MassReport report =
        read(Pushes.event("MassSendJobFinish", "<MsgID>7</MsgID><Status>" + status + "</Status>"))
            .orElseThrow();
    assertThat(report.end()).isEqualTo(end);
    assertThat(report.status()).isEqualTo(status);
    Inbound.JobReported job =
        (Inbound.JobReported)
            Inbounds.of(
                    PushBody.parse(
                            Pushes.event(
                                "MASSSENDJOBFINISH",
                                "<MsgID>7</MsgID><Status>" + status + "</Status>"))
                        .orElseThrow())
                .orElseThrow();
    assertThat(job.succeeded()).isEqualTo(end == End.SUCCEEDED);
    assertThat(job.key())
        .as("another end of the same job is no repeat")
        .isEqualTo("masssendjobfinish:7:" + status.toLowerCase(Locale.ROOT).replaceAll("\\s", ""));
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void everyFailureSaysWhatToDo(End end) {
    MassReport report = new MassReport(7, end, "words", 0, 0, 0, 0, List.of(), Optional.empty());
    if (end == End.SUCCEEDED) {
      assertThat(report.reason()).isEmpty();
    } else {
      assertThat(report.reason().orElseThrow().advice()).matches("\\p{ASCII}{20,}\\.");
      assertThat(report.reason().orElseThrow().adviceZh())
          .containsPattern("[一-龥]{4}")
          .endsWith("。");
      assertThat(report.reason().orElseThrow().text()).contains("words");
    }
  }

  @Test
  void readsJsonInEitherShape() {
    String head =
        "{\"ToUserName\":\"gh\",\"FromUserName\":\"mphelper\",\"CreateTime\":1766000000,"
            + "\"MsgType\":\"event\",\"Event\":\"MASSSENDJOBFINISH\",\"MsgID\":34182,"
            + "\"Status\":\"send success\",\"TotalCount\":\"10\",\"ArticleUrlResult\":{\"ResultList\":";
    String one = "{\"ArticleIdx\":1,\"ArticleUrl\":\"http://a.example/1\"}";
    String two = "{\"ArticleIdx\":2,\"ArticleUrl\":\"http://a.example/2\"}";
    for (String list :
        List.of("{\"item\":[" + one + "," + two + "]}", "[" + one + "," + two + "]")) {
      assertThat(read(head + list + "}}").orElseThrow().articles())
          .extracting(article -> article.url().orElseThrow())
          .containsExactly("http://a.example/1", "http://a.example/2");
    }
    assertThat(read(head + "{\"item\":" + one + "}}}").orElseThrow().articles()).hasSize(1);
    assertThat(read(head + "[]}}").orElseThrow().total()).isEqualTo(10);
  }

  @Test
  void whatMakesNoSenseIsNoReportOrCountsAsNothing() {
    assertThat(read(Pushes.event("MASSSENDJOBFINISH", "<Status>send success</Status>"))).isEmpty();
    assertThat(read(Pushes.event("MASSSENDJOBFINISH", "<MsgID>none</MsgID>"))).isEmpty();
    assertThat(read(Pushes.event("TEMPLATESENDJOBFINISH", "<MsgID>7</MsgID>"))).isEmpty();
    MassReport odd =
        read(Pushes.event(
                "MASSSENDJOBFINISH",
                "<MsgID>7</MsgID><Status>"
                    + "x".repeat(500)
                    + "</Status><TotalCount>-1</TotalCount><SentCount>99999999999</SentCount>"
                    + "<ErrorCount>many</ErrorCount><CopyrightCheckResult><CheckState>9</CheckState>"
                    + "<ResultList/></CopyrightCheckResult>"))
            .orElseThrow();
    assertThat(odd.status()).hasSize(200);
    assertThat(List.of(odd.total(), odd.sent(), odd.failed()))
        .containsExactly(0, Integer.MAX_VALUE, 0);
    assertThat(odd.copyright()).contains(MassReport.Copyright.OTHER);
    assertThat(odd.articles()).isEmpty();
  }
}

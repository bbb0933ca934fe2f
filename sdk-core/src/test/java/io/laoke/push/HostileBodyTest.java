package io.laoke.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.laoke.error.InvalidInputException;
import io.laoke.push.ContentProblem.Code;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser would run is a problem, however it is written; what staff write is none. */
class HostileBodyTest {
  private static final String SHA = "a".repeat(64);

  private static List<ContentProblem> problems(String body) {
    Content content =
        Content.of(Article.of("标题", body).withCover(new Cover.OfMaterial("wx1", "M")));
    return ContentLimits.DEFAULT.problems(
        content, sha256 -> Optional.of(new ContentFile("a.png", FileType.PNG, sha256, 10)));
  }

  private static Set<Code> codes(String body) {
    return problems(body).stream().map(ContentProblem::code).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<p style=\"color: red; font-size: 16px\">夏日 <b>厨房</b> 1 < 2 &lt; 3 &amp; 4</p>",
        "<section data-tool='x'><h2>一</h2><ul><li>a</li></ul></section><hr/>",
        "<p><a href=\"https://mp.weixin.qq.com/s/x\">链接</a> javascript: 也可以写在文字里</p>",
        "<img data-src=\"https://mmbiz.qpic.cn/mmbiz_png/x/0?wx_fmt=png\" alt='onclick'>",
        "<img src='http://mmbiz.qpic.cn/x'><img src=//mmbiz.qpic.cn/x>",
        "<div style=\"background-image:url('https://mmbiz.qpic.cn/x')\"></div>",
        "<!-- 备注 --><mpvoice name='a'></mpvoice><mp-common-profile></mp-common-profile>",
        "<svg viewBox=\"0 0 1 1\"><g><animate attributeName=\"x\" to=\"1\"/></g></svg>",
        "<iframe class=\"video_iframe\""
            + " data-src=\"https://v.qq.com/iframe/preview.html?vid=x\"></iframe>",
        "a > b, x<3, <3, 5<6"
      })
  void whatStaffWriteIsNoProblem(String body) {
    assertThat(problems(body)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//x></SCRIPT>",
        "<scr\u0130pt>",
        "<p><script/x></p>",
        "<svg><script>1</script></svg>",
        "<svg/><style>*{}</style>",
        "<iframe src='https://evil.example'></iframe>",
        "<iframe src='javascript:1'></iframe>",
        "<iframe src='https://v.qq.com@evil.example/'></iframe>",
        "<svg><iframe data-src='https://v.qq.com/x'><b></iframe></svg>",
        "<object data=x></object>",
        "<embed src=x>",
        "<form action=x></form>",
        "<input autofocus>",
        "<button>x</button>",
        "<meta http-equiv=refresh content='0;url=x'>",
        "<base href='https://evil.example'>",
        "<link rel=stylesheet href=x>",
        "<textarea><img title=\"</textarea><script>1</script>\"></textarea>",
        "<title><b title=\"</title><script>1</script>\"></title>",
        "<noscript><p title=\"</noscript><script>1</script>\"></noscript>",
        "<math><mtext></mtext></math>",
        "<template><p></p></template>",
        "<video src='https://mmbiz.qpic.cn/x'></video>"
      })
  void elementsThatArticlesCannotHaveAreProblems(String body) {
    assertThat(codes(body)).contains(Code.FORBIDDEN_ELEMENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<p onclick=x>",
        "<p ONCLICK='x'>",
        "<img src='https://mmbiz.qpic.cn/x' onerror=alert(1)>",
        "<p/onmouseover=x>",
        "<p title='x'onclick='y'>",
        "<p\nonclick\n=\nx>",
        "<svg onload=x></svg>",
        "<b title=a\tonfocus=b>",
        "<p title=\">\" onclick=\"x\">",
        "<p @click=x>"
      })
  void attributesThatRunScriptsAreProblems(String body) {
    assertThat(codes(body)).contains(Code.EVENT_HANDLER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' JaVaScRiPt:alert(1)'>x</a>",
        "<a href='java\nscript:alert(1)'>x</a>",
        "<a href='java&#10;script:alert(1)'>x</a>",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<a href='&#x6A;avascript:alert(1)'>x</a>",
        "<a href='&#0000106avascript:alert(1)'>x</a>",
        "<a href='javascript&colon;alert(1)'>x</a>",
        "<a href='java&Tab;script&NewLine;:alert(1)'>x</a>",
        "<a href=javascript:alert(1)>x</a>",
        "<a href='vbscript:x'>x</a>",
        "<a href='data:text/html,<script>'>x</a>",
        "<svg><a xlink:href='javascript:1'></a></svg>",
        "<svg><animate attributeName=href values='#;javascript:alert(1)'/></svg>",
        "<svg><set attributeName=href to='javascript:alert(1)'/></svg>",
        "<img src='javascript:1'>",
        "<p style='width:expression(alert(1))'>",
        "<p style='background:url(javascript:1)'>",
        "<p style='wid\\74 h:1'>",
        "<p style='width:exp/**/ression(1)'>",
        "<p style='behavior:url(#x)'>",
        "<iframe srcdoc='x'></iframe>"
      })
  void addressesAndStylesThatRunScriptsAreProblems(String body) {
    assertThat(codes(body)).contains(Code.SCRIPT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<p title=\"x>",
        "<p title='x",
        "<p",
        "<p ",
        "<p a=>",
        "<!--><script>1</script>-->",
        "<!---><b>-->",
        "<!-- a --!><b>-->",
        "<!-- a",
        "<svg><![CDATA[><a title=\"]]><script>1</script>\">]]></svg>",
        "<!DOCTYPE html>",
        "<?php ?>",
        "</><p>",
        "<p a=b\"c>",
        "<p a=`b`>",
        "<p a<b=c>",
        "<p a=1 a=2>",
        "<p =x>",
        "</p onclick=x>"
      })
  void whatBrowsersCouldReadInAnotherWayIsAProblem(String body) {
    assertThat(codes(body)).contains(Code.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<img src='https://shop.example/a.png'>",
        "<img src='data:image/png;base64,AAAA'>",
        "<img src='/a.png'>",
        "<img src='https://mmbiz.qpic.cn.evil.example/a.png'>",
        "<img src='https://mmbiz.qpic.cn@evil.example/a.png'>",
        "<img src='https://evil.example/mmbiz.qpic.cn'>",
        "<img src='https://mmbiz.qpic.cn/a' data-src='http://evil.example/a'>",
        "<img src='https://mmbiz.qpic.cn/a' srcset='http://evil.example/a 2x'>",
        "<p style=\"background:url(http://evil.example/a)\">",
        "<p style='background:url(http://evil.example/a'>",
        "<table background='http://evil.example/a'></table>",
        "<svg><path href='http://evil.example/a'></path></svg>",
        "<img src='file:///etc/passwd'>"
      })
  void picturesFromElsewhereAreProblemsThatSayWhatToDo(String body) {
    assertThat(problems(body))
        .anySatisfy(
            problem -> {
              assertThat(problem.code()).isEqualTo(Code.FOREIGN_IMAGE);
              assertThat(problem.pointer()).isEqualTo("/articles/0/body");
              assertThat(problem.zh()).containsAnyOf("addFile", "请删除");
            });
  }

  @Test
  void aPictureNeedsAnAddressAndAWholeHash() {
    assertThat(codes("<img alt=x>")).containsExactly(Code.MISSING);
    assertThat(codes("<img src='laoke-file:abc'>")).containsExactly(Code.WRONG_URL);
    assertThat(codes("<img src='laoke-file:" + SHA.toUpperCase(java.util.Locale.ROOT) + "'>"))
        .containsExactly(Code.WRONG_URL);
    assertThat(codes("<img src='laoke-file:" + SHA + "'>")).isEmpty();
  }

  @Test
  void theWorstBodyOfTheGreatestLengthIsReadAtOnce() {
    int most = Texts.LONGEST_BODY;
    for (String part :
        List.of(
            "<",
            "<p ",
            "<p a=\"",
            "&#",
            "<!--",
            "</",
            "<iframe>",
            "<img src='laoke-file:" + SHA + "'>",
            "<p style='url('>",
            "a=\"'`<>/&;")) {
      String body = part.repeat(most / part.length());
      assertTimeoutPreemptively(
          Duration.ofSeconds(30), () -> assertThat(problems(body)).isNotEmpty(), part);
    }
  }

  @Test
  void controlCharactersAndHalvesAreRefusedAtOnce() {
    assertThatThrownBy(() -> Article.of("标题", "<p>\u0000</p>"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("body");
    assertThatThrownBy(() -> Article.of("标题", "x\uD83D"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("half of a 4-byte character");
  }

  @Test
  void onlyTheAddressesOfOwnFilesAreRewritten() {
    String own = "laoke-file:" + SHA;
    String body =
        "<p title=\""
            + own
            + "\">"
            + own
            + "</p><img alt=1 src="
            + own
            + "><img data-src='"
            + own
            + "' src=\""
            + own
            + "\"><img src='http://mmbiz.qpic.cn/x'><!-- <img src="
            + own
            + "> -->";

    assertThat(
            BodyHtml.of(body)
                .withAddresses(sha256 -> "http://q.cn/" + sha256.length() + "?a=1&b='"))
        .isEqualTo(
            "<p title=\""
                + own
                + "\">"
                + own
                + "</p><img alt=1 src=http://q.cn/64?a=1&amp;b=&#39;><img"
                + " data-src='http://q.cn/64?a=1&amp;b=&#39;'"
                + " src=\"http://q.cn/64?a=1&amp;b=&#39;\"><img src='http://mmbiz.qpic.cn/x'><!--"
                + " <img src="
                + own
                + "> -->");
  }
}

package io.laoke.wechat;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static io.laoke.wechat.ArticleChannelTest.ended;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.laoke.message.SendOutcome;
import io.laoke.message.SendOutcome.Scope;
import io.laoke.push.ArticleChannel;
import io.laoke.push.ArticleChannel.Material;
import io.laoke.push.ChannelAnswer;
import io.laoke.push.Comments;
import io.laoke.push.MassPayload;
import io.laoke.push.NewDraftArticle;
import io.laoke.push.Upload;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What WeChat's codes and broken answers mean for what plans do. */
class ArticleChannelOutcomeTest {
  private static final String SEND = "/cgi-bin/message/mass/send";
  private static final List<String> TWO = List.of(Platform.OPENID, "o2");
  private static final MassPayload DRAFT = new MassPayload.Draft("D1", false);

  @RegisterExtension
  static final WireMockExtension wechat =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort())
          .build();

  private final OfficialAccount account =
      new OfficialAccount(
          Platform.settings(wechat)
              .callTimeout(Duration.ofSeconds(2))
              .clock(new Platform.MovableClock(Instant.parse("2026-11-25T02:00:00Z")))
              .build(),
          Duration.ofMillis(1));
  private final ArticleChannel channel = account.capability(ArticleChannel.class).orElseThrow();

  @BeforeEach
  void token() {
    Platform.givesToken(wechat);
  }

  @AfterEach
  void close() {
    account.close();
  }

  private SendOutcome send(boolean repeated) {
    return ended(channel.send(TWO, DRAFT, "p7-b1", repeated));
  }

  @Test
  void anAcceptedSendAndARepeatOfItHaveTheSameId() {
    Platform.answers(wechat, SEND, okJson("{\"errcode\":0,\"msg_id\":34182,\"msg_data_id\":2}"));
    assertThat(send(false)).isEqualTo(new SendOutcome.Accepted("34182", List.of()));
    Platform.answers(
        wechat, SEND, okJson("{\"errcode\":45065,\"errmsg\":\"exist\",\"msg_id\":34182}"));
    assertThat(send(true)).isEqualTo(new SendOutcome.Accepted("34182", List.of()));
    assertThat(send(false)).isEqualTo(new SendOutcome.Accepted("34182", List.of()));
  }

  @Test
  void aRepeatWhoseIdWeChatDoesNotSayIsUnknown() {
    Platform.answers(wechat, SEND, Platform.error(45065, "clientmsgid exist"));
    assertThat(send(true))
        .isInstanceOfSatisfying(
            SendOutcome.Unknown.class, it -> assertThat(it.why().code()).isEqualTo("45065"));
  }

  @ParameterizedTest
  @ValueSource(ints = {40007, 45166, 48021, 40003, 40130, 9500001, 424242})
  void aRefusalSaysNothingOfAnEarlierCall(int code) {
    Platform.answers(wechat, SEND, Platform.error(code, "no"));
    assertThat(send(false))
        .isInstanceOfSatisfying(
            SendOutcome.Refused.class,
            refused -> {
              assertThat(refused.alarm()).isTrue();
              assertThat(refused.recipientGone()).isFalse();
              assertThat(refused.why().code()).isEqualTo(Integer.toString(code));
            });
    assertThat(send(true))
        .isInstanceOfSatisfying(
            SendOutcome.Unknown.class,
            unknown -> assertThat(unknown.why().code()).isEqualTo(Integer.toString(code)));
  }

  @ParameterizedTest
  @CsvSource({"45009,true", "45028,true", "45011,true", "-1,false", "42010,false"})
  void quotasAndHasteWait(int code, boolean wholeChannel) {
    Platform.answers(wechat, SEND, Platform.error(code, "wait"));
    for (boolean repeated : new boolean[] {false, true}) {
      assertThat(send(repeated))
          .isInstanceOfSatisfying(
              SendOutcome.Later.class,
              later -> {
                assertThat(later.wholeChannel()).isEqualTo(wholeChannel);
                assertThat(later.after()).isPositive();
              });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {48001, 48003, 45062, 40164, 89503, 89506, 89507})
  void faultsOfTheAccountStopIt(int code) {
    Platform.answers(wechat, SEND, Platform.error(code, "no"));
    for (boolean repeated : new boolean[] {false, true}) {
      SendOutcome outcome = send(repeated);
      assertThat(outcome)
          .isInstanceOfSatisfying(
              SendOutcome.Misconfigured.class,
              wrong -> {
                assertThat(wrong.scope()).isEqualTo(Scope.ACCOUNT);
                assertThat(wrong.why().adviceZh()).isNotBlank();
              });
      assertThat(ArticleChannel.awaitsAdministrator(outcome)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {89504, 89505})
  void whatWaitsForTheAdministratorIsTakenWithOrWithoutAnId(int code) {
    Platform.answers(wechat, SEND, Platform.error(code, "wait"));
    assertThat(send(false))
        .isInstanceOfSatisfying(
            SendOutcome.Accepted.class,
            taken -> {
              assertThat(taken.providerId()).isEqualTo(ArticleChannel.NO_ID);
              assertThat(taken.pending().orElseThrow().code()).isEqualTo(Integer.toString(code));
              assertThat(ArticleChannel.awaitsAdministrator(taken)).isTrue();
            });
    Platform.answers(
        wechat, SEND, okJson("{\"errcode\":%d,\"errmsg\":\"wait\",\"msg_id\":77}".formatted(code)));
    SendOutcome told = send(true);
    assertThat(told)
        .isInstanceOfSatisfying(
            SendOutcome.Accepted.class, taken -> assertThat(taken.providerId()).isEqualTo("77"));
    assertThat(ArticleChannel.awaitsAdministrator(told)).isTrue();
    assertThat(ArticleChannel.awaitsAdministrator(new SendOutcome.Accepted("77", List.of())))
        .isFalse();
  }

  @Test
  void aSendWithoutAnAnswerIsUnknownAndNotRepeated() {
    Platform.answers(wechat, SEND, Platform.fault(Fault.CONNECTION_RESET_BY_PEER));
    assertThat(send(false)).isInstanceOf(SendOutcome.Unknown.class);
    wechat.verify(1, postRequestedFor(urlPathEqualTo(SEND)));
    Platform.answers(wechat, SEND, okJson("{\"errcode\":0,\"msg_id\":1}").withFixedDelay(3_000));
    assertThat(send(false)).isInstanceOf(SendOutcome.Unknown.class);
  }

  // ---- other calls

  private static Upload picture() {
    return new Upload("a.jpg", ArticlesTest.jpg(99));
  }

  /** Those that make something, by path. */
  private Map<String, Supplier<CompletionStage<? extends ChannelAnswer<?>>>> making() {
    NewDraftArticle article =
        new NewDraftArticle("题", "", "", "<p>x</p>", "", "M1", List.of(), Comments.OFF);
    Map<String, Supplier<CompletionStage<? extends ChannelAnswer<?>>>> calls =
        new LinkedHashMap<>();
    calls.put("/cgi-bin/media/uploadimg", () -> channel.uploadBodyImage(picture()));
    calls.put(
        "/cgi-bin/material/add_material", () -> channel.addMaterial(Material.IMAGE, picture()));
    calls.put("/cgi-bin/draft/add", () -> channel.createDraft(List.of(article)));
    calls.put("/cgi-bin/tags/create", () -> channel.createTag("a"));
    calls.put("/cgi-bin/message/mass/preview", () -> channel.preview("o1", DRAFT));
    return calls;
  }

  /** Those that are harmless to repeat. */
  private Map<String, Supplier<CompletionStage<? extends ChannelAnswer<?>>>> asking() {
    Map<String, Supplier<CompletionStage<? extends ChannelAnswer<?>>>> calls =
        new LinkedHashMap<>();
    calls.put("/cgi-bin/draft/get", () -> channel.draft("D"));
    calls.put("/cgi-bin/draft/batchget", () -> channel.drafts(0, 20));
    calls.put("/cgi-bin/draft/delete", () -> channel.deleteDraft("D"));
    calls.put("/cgi-bin/message/mass/get", () -> channel.status("1"));
    calls.put("/cgi-bin/message/mass/delete", () -> channel.delete("1", 2));
    calls.put("/cgi-bin/message/mass/speed/get", channel::speed);
    calls.put("/cgi-bin/message/mass/speed/set", () -> channel.speed(1));
    calls.put("/cgi-bin/tags/get", () -> channel.findTag("a"));
    calls.put("/cgi-bin/tags/delete", () -> channel.deleteTag(100));
    return calls;
  }

  private Map<String, Supplier<CompletionStage<? extends ChannelAnswer<?>>>> all() {
    Map<String, Supplier<CompletionStage<? extends ChannelAnswer<?>>>> calls = making();
    calls.putAll(asking());
    return calls;
  }

  @ParameterizedTest
  @CsvSource({
    "-1,Later,false",
    "45009,Later,true",
    "45011,Later,true",
    "48001,Misconfigured,false",
    "48004,Misconfigured,false",
    "40164,Misconfigured,false",
    "50007,Misconfigured,false",
    "89504,Refused,false",
    "45065,Refused,false",
    "45066,Refused,false",
    "47001,Refused,false",
    "424242,Refused,false"
  })
  void codesHaveTheSameMeaningAtEveryCall(int code, String meaning, boolean wholeChannel) {
    all()
        .forEach(
            (path, call) -> {
              Platform.answers(wechat, path, Platform.error(code, "no"));
              ChannelAnswer<?> answer = ended(call.get());
              String shown = path + " became " + answer;
              assertThat(answer.getClass().getSimpleName()).as(shown).isEqualTo(meaning);
              assertThat(answer.reason().orElseThrow().code())
                  .as(shown)
                  .isEqualTo(Integer.toString(code));
              if (answer instanceof ChannelAnswer.Later<?> later) {
                assertThat(later.wholeChannel()).as(shown).isEqualTo(wholeChannel);
              }
            });
  }

  @Test
  void anAnswerThatDoesNotComeIsUnknownOfWhatIsMadeAndLaterOfWhatIsAsked() {
    making()
        .forEach(
            (path, call) -> {
              Platform.answers(wechat, path, Platform.fault(Fault.EMPTY_RESPONSE));
              assertThat(ended(call.get())).as(path).isInstanceOf(ChannelAnswer.Unknown.class);
              wechat.verify(1, postRequestedFor(urlPathEqualTo(path)));
            });
    asking()
        .forEach(
            (path, call) -> {
              Platform.answers(wechat, path, Platform.fault(Fault.EMPTY_RESPONSE));
              assertThat(ended(call.get())).as(path).isInstanceOf(ChannelAnswer.Later.class);
            });
  }

  @Test
  void anAnswerWithoutWhatWasMadeIsUnknown() {
    making()
        .forEach(
            (path, call) -> {
              if (!path.endsWith("preview")) {
                Platform.answers(wechat, path, okJson("{\"errcode\":0}"));
                assertThat(ended(call.get())).as(path).isInstanceOf(ChannelAnswer.Unknown.class);
              }
            });
  }
}

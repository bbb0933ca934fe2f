package io.laoke.wechat;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static io.laoke.wechat.Platform.SEND;
import static io.laoke.wechat.Platform.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.laoke.message.SendOutcome;
import io.laoke.message.SendOutcome.Scope;
import io.laoke.wechat.ErrorCodes.ErrorClass;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every documented code, and every way in which an answer can go wrong, at every call. */
class ErrorMatrixTest {
  @RegisterExtension
  static final WireMockExtension wechat =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort().containerThreads(80))
          .build();

  private static final Set<Integer> BUSY = Set.of(-1, 268487001, 268487002);
  private static final Set<Integer> ACCOUNT =
      Set.of(
          40013, 40125, 40164, 40243, 48001, 48004, 50002, 50007, 89503, 89504, 89505, 89506,
          89507);
  private static final Set<Integer> TEMPLATE = Set.of(40036, 40037, 40249, 43116);
  private static final Set<Integer> GONE = Set.of(43004, 50005);

  private OfficialAccount account = open(Duration.ofSeconds(5));

  private static OfficialAccount open(Duration callTimeout) {
    return new OfficialAccount(
        Platform.settings(wechat).callTimeout(callTimeout).uploadTimeout(callTimeout).build(),
        Duration.ofMillis(1));
  }

  @AfterEach
  void close() {
    account.close();
  }

  static Stream<Arguments> everyCallAndClass() {
    return Stream.of(SyncCallsTest.Call.values())
        .flatMap(call -> Stream.of(ErrorClass.values()).map(c -> Arguments.of(call, c)));
  }

  @ParameterizedTest
  @MethodSource("everyCallAndClass")
  void aCallThatWaitsSaysWhatItWas(SyncCallsTest.Call call, ErrorClass errorClass) {
    Platform.givesToken(wechat);
    for (int code : errors(errorClass)) {
      if (call.isAnswer(code)) {
        continue;
      }
      wechat.resetRequests();
      Platform.answers(wechat, call.path, Platform.error(code, "no, " + Platform.OPENID));
      assertThatThrownBy(() -> call.on(account))
          .as("%s %d", call, code)
          .isInstanceOfSatisfying(
              WeChatException.class,
              e -> {
                assertThat(e.code()).isEqualTo(code);
                assertThat(e.rid()).contains(Platform.RID);
                assertThat(e.path()).isEqualTo(call.path);
                assertThat(e.retryable())
                    .isEqualTo(errorClass == ErrorClass.RETRY || errorClass == ErrorClass.QUOTA);
              })
          .hasMessageNotContainingAny(
              Platform.OPENID, Platform.ACCESS_TOKEN, Platform.SECRET, "access_token=", "http:");
      int calls = errorClass == ErrorClass.TOKEN ? 2 : BUSY.contains(code) && call.repeated ? 3 : 1;
      wechat.verify(calls, anyRequestedFor(urlPathEqualTo(call.path)));
    }
  }

  @ParameterizedTest
  @EnumSource(ErrorClass.class)
  void aMessageHasItsOutcome(ErrorClass errorClass) {
    Platform.givesToken(wechat);
    for (int code : errors(errorClass)) {
      wechat.resetRequests();
      Platform.answers(wechat, SEND, Platform.error(code, "no"));
      SendOutcome outcome = Platform.send(account, Platform.aMessage());
      String shown = code + " became " + outcome;
      if (errorClass == ErrorClass.RETRY || code == 45009) {
        assertThat(outcome).as(shown).isInstanceOf(SendOutcome.Later.class);
      } else if (errorClass == ErrorClass.TOKEN || ACCOUNT.contains(code)) {
        assertThat(scope(outcome)).as(shown).isEqualTo(Scope.ACCOUNT);
      } else if (TEMPLATE.contains(code)) {
        assertThat(scope(outcome)).as(shown).isEqualTo(Scope.TEMPLATE);
      } else if (code == 47003) {
        assertThat(scope(outcome)).as(shown).isEqualTo(Scope.MESSAGE);
      } else {
        SendOutcome.Refused refused = (SendOutcome.Refused) outcome;
        assertThat(refused.recipientGone()).as(shown).isEqualTo(GONE.contains(code));
        assertThat(refused.alarm())
            .as(shown)
            .isEqualTo(errorClass != ErrorClass.RECIPIENT || code == 49003);
      }
      wechat.verify(errorClass == ErrorClass.TOKEN ? 2 : 1, anyRequestedFor(urlPathEqualTo(SEND)));
    }
  }

  @ParameterizedTest
  @EnumSource(ErrorClass.class)
  void aCustomerServiceMessageHasItsOutcome(ErrorClass errorClass) {
    Platform.givesToken(wechat);
    for (int code : errors(errorClass)) {
      wechat.resetRequests();
      Platform.answers(wechat, Platform.CUSTOM, Platform.error(code, "no"));
      SendOutcome outcome = Platform.say(account);
      String shown = code + " became " + outcome;
      if (errorClass == ErrorClass.RETRY || code == 45009) {
        assertThat(outcome).as(shown).isInstanceOf(SendOutcome.Later.class);
      } else if (outcome instanceof SendOutcome.Refused refused) {
        assertThat(refused.recipientGone()).as(shown).isEqualTo(GONE.contains(code));
        assertThat(refused.alarm())
            .as(shown)
            .isEqualTo(code != 45047 && (errorClass != ErrorClass.RECIPIENT || code == 49003));
      } else {
        assertThat(outcome).as(shown).isInstanceOf(SendOutcome.Misconfigured.class);
      }
      wechat.verify(
          errorClass == ErrorClass.TOKEN ? 2 : 1, anyRequestedFor(urlPathEqualTo(Platform.CUSTOM)));
    }
  }

  @ParameterizedTest
  @EnumSource(Broken.class)
  void aCustomerServiceMessageThatLeftIsNotSentTwice(Broken broken) {
    Platform.givesToken(wechat);
    Platform.answers(wechat, Platform.CUSTOM, broken.answer);
    SendOutcome outcome = Platform.say(account);
    if (broken == Broken.NOTHING_OF_USE) {
      assertThat(outcome).isInstanceOf(SendOutcome.Accepted.class); // errcode 0 is all it says
    } else {
      assertThat(outcome).isInstanceOf(SendOutcome.Unknown.class);
    }
    wechat.verify(1, anyRequestedFor(urlPathEqualTo(Platform.CUSTOM)));
  }

  @ParameterizedTest
  @EnumSource(ErrorClass.class)
  void aTokenThatIsNotGivenLetsNothingLeave(ErrorClass errorClass) {
    for (int code : errors(errorClass)) {
      wechat.resetRequests();
      Platform.answers(wechat, TOKEN, Platform.error(code, "no"));
      SendOutcome outcome = Platform.send(account, Platform.aMessage());
      String shown = code + " became " + outcome;
      if (errorClass == ErrorClass.RETRY || code == 45009) {
        assertThat(outcome).as(shown).isInstanceOf(SendOutcome.Later.class);
        assertThat(((SendOutcome.Later) outcome).wholeChannel())
            .as(shown)
            .isEqualTo(code == 45011 || code == 45009);
      } else {
        assertThat(scope(outcome)).as(shown).isEqualTo(Scope.ACCOUNT);
      }
      wechat.verify(1, anyRequestedFor(urlPathEqualTo(TOKEN)));
      wechat.verify(0, anyRequestedFor(urlPathEqualTo(SEND)));
    }
  }

  /** Ways in which an answer goes wrong, though WeChat may have done what it was asked. */
  enum Broken {
    RESET(Platform.fault(Fault.CONNECTION_RESET_BY_PEER), true),
    NO_ANSWER(Platform.fault(Fault.EMPTY_RESPONSE), true),
    GARBAGE(Platform.fault(Fault.RANDOM_DATA_THEN_CLOSE), true),
    CHUNK(Platform.fault(Fault.MALFORMED_RESPONSE_CHUNK), true),
    HTTP_500(aResponse().withStatus(500).withBody("{\"errcode\":0,\"msgid\":1}"), true),
    HTTP_502(aResponse().withStatus(502).withBody("<html>bad gateway</html>"), true),
    HTTP_503_AT_ONCE(aResponse().withStatus(503).withHeader("Retry-After", "0"), true),
    HTTP_302(aResponse().withStatus(302).withHeader("Location", "/elsewhere"), false),
    HTTP_307(aResponse().withStatus(307).withHeader("Location", "/elsewhere"), false),
    HTTP_401(aResponse().withStatus(401).withHeader("WWW-Authenticate", "Basic"), false),
    HTTP_404(aResponse().withStatus(404).withBody("not found"), false),
    HTTP_408(aResponse().withStatus(408), false),
    HTTP_421(aResponse().withStatus(421), false),
    HTTP_204(aResponse().withStatus(204), false),
    EMPTY(aResponse().withBody(""), false),
    HTML(aResponse().withBody("<html>log in to the network</html>"), false),
    ARRAY(okJson("[]"), false),
    NULL(okJson("null"), false),
    TRUNCATED(okJson("{\"errcode\":0,\"errmsg\":\"ok\",\"msgid\":39112001"), false),
    TRAILING(okJson("{\"errcode\":0,\"msgid\":1}{\"errcode\":40003}"), false),
    CODE_IS_NO_NUMBER(okJson("{\"errcode\":\"none\",\"msgid\":1}"), false),
    NOTHING_OF_USE(okJson("{\"errcode\":0,\"errmsg\":\"ok\"}"), false),
    NOT_UTF8(aResponse().withBody(new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'}), false);

    private final ResponseDefinitionBuilder answer;
    private final boolean passing;

    Broken(ResponseDefinitionBuilder answer, boolean passing) {
      this.answer = answer;
      this.passing = passing;
    }

    ResponseDefinitionBuilder answer() {
      return answer;
    }
  }

  @ParameterizedTest
  @EnumSource(Broken.class)
  void aMessageThatLeftWithoutAProperAnswerIsUnknownAndNotSentTwice(Broken broken) {
    Platform.givesToken(wechat);
    Platform.answers(wechat, SEND, broken.answer);
    assertThat(Platform.send(account, Platform.aMessage())).isInstanceOf(SendOutcome.Unknown.class);
    wechat.verify(1, anyRequestedFor(urlPathEqualTo(SEND)));
    wechat.verify(0, anyRequestedFor(urlPathEqualTo("/elsewhere")));
  }

  @ParameterizedTest
  @EnumSource(Broken.class)
  void withoutAProperTokenAMessageDoesNotLeave(Broken broken) {
    Platform.answers(wechat, TOKEN, broken.answer);
    assertThat(Platform.send(account, Platform.aMessage())).isInstanceOf(SendOutcome.Later.class);
    wechat.verify(0, anyRequestedFor(urlPathEqualTo(SEND)));
    wechat.verify(1, anyRequestedFor(urlPathEqualTo(TOKEN)));
    wechat.verify(0, anyRequestedFor(urlPathEqualTo("/elsewhere")));
  }

  static Stream<Arguments> everyCallBroken() {
    return Stream.of(SyncCallsTest.Call.values())
        .flatMap(
            call ->
                Stream.of(Broken.values())
                    .filter(broken -> !(call.saysNothing && broken == Broken.NOTHING_OF_USE))
                    .map(broken -> Arguments.of(call, broken)));
  }

  @ParameterizedTest
  @MethodSource("everyCallBroken")
  void aCallThatWaitsFailsPlainly(SyncCallsTest.Call call, Broken broken) {
    Platform.givesToken(wechat);
    Platform.answers(wechat, call.path, broken.answer);
    assertThatThrownBy(() -> call.on(account))
        .isInstanceOfSatisfying(
            WeChatException.class,
            e -> {
              assertThat(e.code()).isZero();
              assertThat(e.retryable()).isTrue();
            })
        .hasMessageContaining(call.path)
        .hasMessageNotContainingAny(Platform.ACCESS_TOKEN, Platform.OPENID, "http:");
    wechat.verify(
        broken.passing && call.repeated ? 3 : 1, anyRequestedFor(urlPathEqualTo(call.path)));
    wechat.verify(0, anyRequestedFor(urlPathEqualTo("/elsewhere")));
  }

  /** An answer that drips byte by byte never lets the single read time out. */
  @Test
  void aDrippingAnswerIsGivenUpInTime() throws Exception {
    account.close();
    account = open(Duration.ofSeconds(1));
    Platform.givesToken(wechat);
    Platform.answers(wechat, SEND, Platform.accepted().withChunkedDribbleDelay(20, 10_000));
    long start = System.nanoTime();
    assertThat(Platform.send(account, Platform.aMessage())).isInstanceOf(SendOutcome.Unknown.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    SyncCallsTest.onEachAtOnce(
        call -> {
          Platform.answers(wechat, call.path, okJson("{}").withChunkedDribbleDelay(2, 10_000));
          long before = System.nanoTime();
          assertThatThrownBy(() -> call.on(account)).hasMessageContaining("TIMEOUT");
          assertThat(Duration.ofNanos(System.nanoTime() - before))
              .isLessThan(Duration.ofSeconds(8));
          wechat.verify(1, anyRequestedFor(urlPathEqualTo(call.path)));
        });
  }

  private static int[] errors(ErrorClass errorClass) {
    return java.util.Arrays.stream(ErrorCodesTest.codes(errorClass)).filter(c -> c != 0).toArray();
  }

  private static Scope scope(SendOutcome outcome) {
    assertThat(outcome).isInstanceOf(SendOutcome.Misconfigured.class);
    return ((SendOutcome.Misconfigured) outcome).scope();
  }
}

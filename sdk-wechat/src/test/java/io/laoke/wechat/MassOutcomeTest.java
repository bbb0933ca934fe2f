package io.laoke.wechat;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.laoke.message.Reason;
import io.laoke.wechat.DraftArticle.Comments;
import io.laoke.wechat.ErrorCodes.ErrorClass;
import io.laoke.wechat.MassOutcome.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every code and every broken answer means for a mass message, and what goes on the wire. */
class MassOutcomeTest {
  private static final String SEND = "/cgi-bin/message/mass/send";
  private static final String SEND_ALL = "/cgi-bin/message/mass/sendall";
  private static final String PREVIEW = "/cgi-bin/message/mass/preview";
  private static final String ACCEPTED =
      "{\"errcode\":0,\"errmsg\":\"send job submission success\",\"msg_id\":34182,"
          + "\"msg_data_id\":206227730}";
  private static final List<String> TWO = List.of(Platform.OPENID, "o2");
  private static final MassContent TEXT = new MassContent.Text("周末滤芯八折");

  private static final Set<Integer> ACCOUNT =
      codes(
          "40013 40125 40164 40243 48001 48004 50002 50007 89503 89506 89507 40001 40014 42001"
              + " 40200 45062 48003 50004 61004 61007 61016 200011");
  private static final Set<Integer> AUDIENCE =
      codes(
          "40003 40031 40032 40130 40152 41009 43004 43019 45159 46004 48002 49003 50001 50005"
              + " 70000");
  private static final Set<Integer> CONTENT =
      codes(
          "40004 40005 40006 40007 40008 40009 40039 41006 41039 44001 44003 44004 45001 45002"
              + " 45003 45004 45005 45006 45007 45008 45113 45162 45166 46001 47003 48008 48021"
              + " 48022 53404 53405 53406 53503 53504 53505 88000");

  @RegisterExtension
  static final WireMockExtension wechat =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort())
          .build();

  private final OfficialAccount account =
      new OfficialAccount(
          Platform.settings(wechat)
              .clock(new Platform.MovableClock(Instant.parse("2026-11-25T02:00:00Z")))
              .build(),
          Duration.ofMillis(1));

  private static Set<Integer> codes(String codes) {
    return Stream.of(codes.split(" ")).map(Integer::valueOf).collect(Collectors.toSet());
  }

  @BeforeEach
  void token() {
    Platform.givesToken(wechat);
  }

  @AfterEach
  void close() {
    account.close();
  }

  private MassOutcome send() {
    return send(TEXT);
  }

  private MassOutcome send(MassContent content) {
    try {
      return account
          .massMessages()
          .send(TWO, content, "p7-b1")
          .toCompletableFuture()
          .get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("a send must always complete with an outcome", e);
    }
  }

  private static Reason why(MassOutcome outcome) {
    if (outcome instanceof MassOutcome.Later later) {
      return later.why();
    }
    if (outcome instanceof MassOutcome.Refused refused) {
      return refused.why();
    }
    if (outcome instanceof MassOutcome.AwaitingAdministrator waiting) {
      return waiting.why();
    }
    return ((MassOutcome.Unknown) outcome).why();
  }

  @ParameterizedTest
  @EnumSource(ErrorClass.class)
  void everyCodeHasItsOutcomeWithItsMeaningAndWhatToDo(ErrorClass errorClass) {
    for (int code : ErrorCodesTest.codes(errorClass)) {
      if (code == 0) {
        continue;
      }
      wechat.resetRequests();
      Platform.answers(wechat, SEND, Platform.error(code, "no, " + Platform.OPENID));
      MassOutcome outcome = send();
      String shown = code + " became " + outcome;
      switch (code) {
        case 45065 ->
            assertThat(outcome).as(shown).isEqualTo(new MassOutcome.Repeated(OptionalLong.empty()));
        case 45066 -> assertThat(outcome).as(shown).isInstanceOf(MassOutcome.Unknown.class);
        case 89504, 89505 ->
            assertThat(outcome).as(shown).isInstanceOf(MassOutcome.AwaitingAdministrator.class);
        case 45009, 45028, 45011 ->
            assertThat(outcome)
                .as(shown)
                .isInstanceOfSatisfying(
                    MassOutcome.Later.class, later -> assertThat(later.wholeAccount()).isTrue());
        default -> {
          if (errorClass == ErrorClass.RETRY) {
            assertThat(outcome)
                .as(shown)
                .isInstanceOfSatisfying(
                    MassOutcome.Later.class, later -> assertThat(later.wholeAccount()).isFalse());
          } else {
            Fault fault =
                ACCOUNT.contains(code)
                    ? Fault.ACCOUNT
                    : AUDIENCE.contains(code)
                        ? Fault.AUDIENCE
                        : CONTENT.contains(code) ? Fault.CONTENT : Fault.OTHER;
            assertThat(outcome)
                .as(shown)
                .isInstanceOfSatisfying(
                    MassOutcome.Refused.class,
                    refused -> assertThat(refused.fault()).as(shown).isEqualTo(fault));
          }
        }
      }
      if (!(outcome instanceof MassOutcome.Repeated)) {
        Reason why = why(outcome);
        assertThat(why.code()).isEqualTo(String.valueOf(code));
        assertThat(why.text()).contains(Platform.RID, SEND).doesNotContain(Platform.OPENID);
        if (!(outcome instanceof MassOutcome.Later)) {
          assertThat(why.advice()).as(shown).endsWith(".");
          assertThat(why.adviceZh()).as(shown).endsWith("。");
        }
      }
      wechat.verify(errorClass == ErrorClass.TOKEN ? 2 : 1, anyRequestedFor(urlPathEqualTo(SEND)));
    }
  }

  @Test
  void theCodesOfTheReferenceSayWhatToDo() {
    for (String[] one :
        new String[][] {
          {"40130", "Put a tag on the one person"},
          {"40007", "a draft ends with its send"},
          {"45166", "Open the draft in the console"},
          {"45028", "one a day"},
          {"45009", "The daily quota"},
          {"48001", "verified service account"},
          {"45062", "console only"},
          {"48003", "agreed to the terms"},
          {"48021", "save it by hand"},
          {"89504", "Do not send it again"},
          {"89505", "still waits"},
          {"45066", "after 61 seconds"}
        }) {
      Platform.answers(wechat, SEND, Platform.error(Integer.parseInt(one[0]), "no"));
      assertThat(why(send()).advice()).as(one[0]).contains(one[1]);
    }
  }

  @Test
  void aRepeatAndAWaitingOneNameTheirJob() {
    Platform.answers(
        wechat,
        SEND,
        okJson("{\"errcode\":45065,\"errmsg\":\"clientmsgid exist\",\"msg_id\":3147494552}"));
    assertThat(send()).isEqualTo(new MassOutcome.Repeated(OptionalLong.of(3147494552L)));
    Platform.answers(
        wechat, SEND, okJson("{\"errcode\":89504,\"errmsg\":\"wait\",\"msg_id\":\"77\"}"));
    assertThat(((MassOutcome.AwaitingAdministrator) send()).msgId()).hasValue(77);
  }

  @Test
  void quotasWaitForTheirOwnTimes() {
    Platform.answers(wechat, SEND, Platform.error(45009, "quota"));
    assertThat(((MassOutcome.Later) send()).after())
        .as("looking again, since an administrator may clear it")
        .isEqualTo(Duration.ofHours(1));
    Platform.answers(wechat, SEND, Platform.error(45028, "has no masssend quota"));
    assertThat(((MassOutcome.Later) send()).after())
        .as("10:00 in Shanghai until 00:01")
        .isEqualTo(Duration.ofMinutes(841));
    Platform.answers(wechat, SEND, Platform.error(-1, "system error"));
    assertThat(((MassOutcome.Later) send()).after()).isEqualTo(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @EnumSource(ErrorMatrixTest.Broken.class)
  void whatLeftWithoutAProperAnswerIsUnknownAndNotSentTwice(ErrorMatrixTest.Broken broken) {
    Platform.answers(wechat, SEND, broken.answer());
    assertThat(send())
        .isInstanceOfSatisfying(
            MassOutcome.Unknown.class,
            unknown -> assertThat(unknown.repeatAfter()).isEqualTo(Duration.ofSeconds(61)));
    wechat.verify(1, anyRequestedFor(urlPathEqualTo(SEND)));
    wechat.verify(0, anyRequestedFor(urlPathEqualTo("/elsewhere")));
  }

  @ParameterizedTest
  @EnumSource(ErrorMatrixTest.Broken.class)
  void withoutATokenNothingLeaves(ErrorMatrixTest.Broken broken) {
    Platform.answers(wechat, Platform.TOKEN, broken.answer());
    assertThat(send()).isInstanceOf(MassOutcome.Later.class);
    wechat.verify(0, anyRequestedFor(urlPathEqualTo(SEND)));
  }

  @Test
  void aSilentAnswerIsUnknownAndAClosedAccountSendsNothing() {
    try (OfficialAccount quick =
        new OfficialAccount(
            Platform.settings(wechat).callTimeout(Duration.ofSeconds(1)).build(),
            Duration.ofMillis(1))) {
      Platform.answers(wechat, SEND_ALL, okJson(ACCEPTED).withFixedDelay(3000));
      assertThat(quick.massMessages().sendToTag(134, TEXT, "t1").toCompletableFuture().join())
          .isInstanceOfSatisfying(
              MassOutcome.Unknown.class,
              unknown -> assertThat(unknown.why().code()).isEqualTo("TIMEOUT"));
    }
    account.close();
    assertThat(send())
        .isInstanceOfSatisfying(
            MassOutcome.Later.class, later -> assertThat(later.why().code()).isEqualTo("CLOSED"));
  }

  @Test
  void sendsWhatTheReferenceShows() {
    Platform.answers(wechat, SEND, okJson(ACCEPTED));
    assertThat(send(new MassContent.Article("DRAFT", true)))
        .isEqualTo(new MassOutcome.Accepted(34182, OptionalLong.of(206227730)));
    String head = "{\"touser\":[\"" + Platform.OPENID + "\",\"o2\"],\"clientmsgid\":\"p7-b1\",";
    verifyBody(
        SEND,
        head
            + "\"mpnews\":{\"media_id\":\"DRAFT\"},\"msgtype\":\"mpnews\",\"send_ignore_reprint\":1}");
    send(TEXT);
    verifyBody(SEND, head + "\"text\":{\"content\":\"周末滤芯八折\"},\"msgtype\":\"text\"}");
    send(new MassContent.Images(List.of("A", "B"), "两张", Comments.EVERYONE));
    verifyBody(
        SEND,
        head
            + "\"images\":{\"media_ids\":[\"A\",\"B\"],\"recommend\":\"两张\","
            + "\"need_open_comment\":1,\"only_fans_can_comment\":0},\"msgtype\":\"image\"}");
    send(new MassContent.Voice("V"));
    verifyBody(SEND, head + "\"voice\":{\"media_id\":\"V\"},\"msgtype\":\"voice\"}");
    send(new MassContent.Video("V", "演示", ""));
    verifyBody(
        SEND,
        head
            + "\"mpvideo\":{\"media_id\":\"V\",\"title\":\"演示\",\"description\":\"\"},"
            + "\"msgtype\":\"mpvideo\"}");
    send(new MassContent.Text("👍 𠮷"));
    assertThat(wechat.getAllServeEvents().get(0).getRequest().getBodyAsString())
        .contains("👍 𠮷")
        .doesNotContain("\\u");

    Platform.answers(wechat, SEND_ALL, okJson("{\"errcode\":0,\"msg_id\":\"9\"}"));
    assertThat(account.massMessages().sendToTag(134, TEXT, "t1").toCompletableFuture().join())
        .isEqualTo(new MassOutcome.Accepted(9, OptionalLong.empty()));
    verifyBody(
        SEND_ALL,
        "{\"filter\":{\"is_to_all\":false,\"tag_id\":134},\"text\":{\"content\":\"周末滤芯八折\"},"
            + "\"msgtype\":\"text\",\"clientmsgid\":\"t1\"}");
    Platform.answers(wechat, PREVIEW, okJson("{\"errcode\":0,\"errmsg\":\"preview success\"}"));
    account
        .massMessages()
        .preview("o1", new MassContent.Images(List.of("A", "B"), "", Comments.OFF));
    verifyBody(PREVIEW, "{\"touser\":\"o1\",\"image\":{\"media_id\":\"A\"},\"msgtype\":\"image\"}");
    account.massMessages().preview("o1", new MassContent.Article("DRAFT", true));
    verifyBody(
        PREVIEW, "{\"touser\":\"o1\",\"mpnews\":{\"media_id\":\"DRAFT\"},\"msgtype\":\"mpnews\"}");
  }

  private static void verifyBody(String path, String json) {
    wechat.verify(postRequestedFor(urlPathEqualTo(path)).withRequestBody(equalToJson(json)));
  }

  @Test
  void aStateThatNobodyKnowsIsOther() {
    Platform.answers(
        wechat, "/cgi-bin/message/mass/get", okJson("{\"msg_id\":1,\"msg_status\":\"PAUSED\"}"));
    assertThat(account.massMessages().state(1)).isEqualTo(MassMessages.State.OTHER);
    verifyBody("/cgi-bin/message/mass/get", "{\"msg_id\":\"1\"}");
  }
}

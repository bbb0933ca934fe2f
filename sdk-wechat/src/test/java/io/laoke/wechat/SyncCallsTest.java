package io.laoke.wechat;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static io.laoke.wechat.Platform.QRCODE;
import static io.laoke.wechat.Platform.TEMPLATES;
import static io.laoke.wechat.Platform.TOKEN;
import static io.laoke.wechat.Platform.USER;
import static io.laoke.wechat.Platform.USERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.laoke.binding.ScanCodes;
import io.laoke.error.ChannelException;
import io.laoke.error.InvalidInputException;
import io.laoke.message.ChannelKind;
import io.laoke.message.TemplateCatalog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Codes, templates and people: the calls that a host waits for. */
class SyncCallsTest {
  @RegisterExtension
  static final WireMockExtension wechat =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort().containerThreads(80))
          .build();

  private OfficialAccount account;

  /** Every call that waits, with its path. */
  enum Call {
    QR(QRCODE) {
      @Override
      Object on(OfficialAccount account) {
        return codes(account).create("lk:7f3a9c21", Duration.ofDays(30));
      }
    },
    LIST(TEMPLATES) {
      @Override
      Object on(OfficialAccount account) {
        return account.capability(TemplateCatalog.class).orElseThrow().templates();
      }
    },
    ONE(USER) {
      @Override
      Object on(OfficialAccount account) {
        return account.users().find(Platform.OPENID);
      }
    },
    BATCH(USERS) {
      @Override
      Object on(OfficialAccount account) {
        return account.users().find(List.of(Platform.OPENID, "o2"));
      }
    },
    FOLLOWERS(Platform.FOLLOWERS) {
      @Override
      Object on(OfficialAccount account) {
        return account.followers().all().toList();
      }
    },
    MENU_CREATE(Platform.MENU_CREATE, true, true) {
      @Override
      Object on(OfficialAccount account) {
        account.menus().create(Menu.of(new Menu.Click("会员", "M")));
        return "";
      }
    },
    MENU_READ(Platform.MENU_GET) {
      @Override
      Object on(OfficialAccount account) {
        return account.menus().read().orElseThrow(() -> new AssertionError("46003 is no menu"));
      }
    },
    MENU_DELETE(Platform.MENU_DELETE, true, true) {
      @Override
      Object on(OfficialAccount account) {
        account.menus().delete();
        return "";
      }
    },
    QUOTA(Platform.QUOTA) {
      @Override
      Object on(OfficialAccount account) {
        return account.quotas().of(Platform.SEND);
      }
    },
    QUOTA_CLEAR(Platform.QUOTA_CLEAR, true, false) {
      @Override
      Object on(OfficialAccount account) {
        account.quotas().clear(Platform.SEND);
        return "";
      }
    },
    QUOTA_CLEAR_ALL(Platform.CLEAR_QUOTA, true, false) {
      @Override
      Object on(OfficialAccount account) {
        account.quotas().clearAll();
        return "";
      }
    },
    JS_TICKET(Platform.JS_TICKET) {
      @Override
      Object on(OfficialAccount account) {
        return account.jsSdk().sign("https://dealer.example/o");
      }
    },
    DRAFT_ADD("/cgi-bin/draft/add", false, false) {
      @Override
      Object on(OfficialAccount account) {
        return account.drafts().add(List.of(DraftArticle.News.of("a", "<p>b</p>", "c")));
      }
    },
    DRAFT_FIND("/cgi-bin/draft/get") {
      @Override
      Object on(OfficialAccount account) {
        return account.drafts().find("d").orElseThrow();
      }
    },
    DRAFT_UPDATE("/cgi-bin/draft/update", true, true) {
      @Override
      Object on(OfficialAccount account) {
        account.drafts().update("d", 0, DraftArticle.News.of("a", "<p>b</p>", "c"));
        return "";
      }
    },
    DRAFT_DELETE("/cgi-bin/draft/delete", true, true) {
      @Override
      Object on(OfficialAccount account) {
        return account.drafts().delete("d");
      }
    },
    DRAFT_COUNT("/cgi-bin/draft/count") {
      @Override
      Object on(OfficialAccount account) {
        return account.drafts().count();
      }
    },
    DRAFT_PAGE("/cgi-bin/draft/batchget") {
      @Override
      Object on(OfficialAccount account) {
        return account.drafts().all().toList();
      }
    },
    BODY_IMAGE("/cgi-bin/media/uploadimg", false, false) {
      @Override
      Object on(OfficialAccount account) {
        return account.materials().addBodyImage(PICTURE);
      }
    },
    MATERIAL_ADD("/cgi-bin/material/add_material", false, false) {
      @Override
      Object on(OfficialAccount account) {
        return account.materials().add(Materials.Kind.IMAGE, PICTURE);
      }
    },
    MEDIA_UPLOAD("/cgi-bin/media/upload", false, false) {
      @Override
      Object on(OfficialAccount account) {
        return account.materials().addTemporary(Materials.Kind.IMAGE, PICTURE);
      }
    },
    MEDIA_READ("/cgi-bin/media/get") {
      @Override
      Object on(OfficialAccount account) {
        return account.materials().readTemporary("m", aFile());
      }
    },
    MATERIAL_READ("/cgi-bin/material/get_material") {
      @Override
      Object on(OfficialAccount account) {
        return account.materials().read("m", aFile());
      }
    },
    MATERIAL_DELETE("/cgi-bin/material/del_material", true, true) {
      @Override
      Object on(OfficialAccount account) {
        account.materials().delete("m");
        return "";
      }
    },
    MATERIAL_COUNT("/cgi-bin/material/get_materialcount") {
      @Override
      Object on(OfficialAccount account) {
        return account.materials().count();
      }
    },
    MATERIAL_PAGE("/cgi-bin/material/batchget_material") {
      @Override
      Object on(OfficialAccount account) {
        return account.materials().all(Materials.Kind.IMAGE).toList();
      }
    },
    MASS_PREVIEW("/cgi-bin/message/mass/preview", true, false) {
      @Override
      Object on(OfficialAccount account) {
        account.massMessages().preview(Platform.OPENID, new MassContent.Text("a"));
        return "";
      }
    },
    MASS_DELETE("/cgi-bin/message/mass/delete", true, true) {
      @Override
      Object on(OfficialAccount account) {
        account.massMessages().delete(34182);
        return "";
      }
    },
    MASS_STATE("/cgi-bin/message/mass/get") {
      @Override
      Object on(OfficialAccount account) {
        return account.massMessages().state(34182);
      }
    },
    MASS_SPEED("/cgi-bin/message/mass/speed/get") {
      @Override
      Object on(OfficialAccount account) {
        return account.massMessages().speed();
      }
    },
    MASS_SET_SPEED("/cgi-bin/message/mass/speed/set", true, true) {
      @Override
      Object on(OfficialAccount account) {
        account.massMessages().speed(4);
        return "";
      }
    },
    TAG_CREATE("/cgi-bin/tags/create", false, false) {
      @Override
      Object on(OfficialAccount account) {
        return account.tags().create("净水器");
      }
    },
    TAGS("/cgi-bin/tags/get") {
      @Override
      Object on(OfficialAccount account) {
        return account.tags().all();
      }
    },
    TAG_RENAME("/cgi-bin/tags/update", true, true) {
      @Override
      Object on(OfficialAccount account) {
        account.tags().rename(134, "净水器");
        return "";
      }
    },
    TAG_DELETE("/cgi-bin/tags/delete", true, true) {
      @Override
      Object on(OfficialAccount account) {
        return account.tags().delete(134);
      }
    },
    TAGS_OF("/cgi-bin/tags/getidlist") {
      @Override
      Object on(OfficialAccount account) {
        return account.tags().of(Platform.OPENID);
      }
    },
    TAG_PAGE("/cgi-bin/user/tag/get") {
      @Override
      Object on(OfficialAccount account) {
        return account.tags().openids(134).toList();
      }
    };

    private static final MediaFile PICTURE =
        MediaFile.of("a.png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});

    private static Path aFile() {
      return Path.of("target", "read-" + Thread.currentThread().getId());
    }

    final String path;

    /** Whether an answer without anything but errcode 0 is all there is. */
    final boolean saysNothing;

    final boolean repeated;

    Call(String path) {
      this(path, false, true);
    }

    Call(String path, boolean saysNothing, boolean repeated) {
      this.path = path;
      this.saysNothing = saysNothing;
      this.repeated = repeated;
    }

    /** Whether a code is an answer of this call, and no failure. */
    boolean isAnswer(int code) {
      return switch (this) {
        case MENU_READ -> code == 46003;
        case DRAFT_FIND, DRAFT_DELETE -> code == 40007;
        case TAG_DELETE -> code == 45159;
        default -> false;
      };
    }

    abstract Object on(OfficialAccount account);
  }

  @BeforeEach
  void open() {
    Platform.givesToken(wechat);
    account =
        new OfficialAccount(
            Platform.settings(wechat)
                .callTimeout(Duration.ofSeconds(2))
                .uploadTimeout(Duration.ofSeconds(2))
                .build(),
            Duration.ofMillis(1));
  }

  @AfterEach
  void close() {
    account.close();
  }

  @Test
  void makesATemporaryCodeWithATextScene() {
    Platform.answers(
        wechat,
        QRCODE,
        okJson(
            "{\"ticket\":\"gQE88DwAAAA\",\"expire_seconds\":604800,"
                + "\"url\":\"http://weixin.qq.com/q/02AbCdEfGh\"}"));
    assertThat(codes(account).create("ord:7f3a9c21", Duration.ofDays(7)))
        .isEqualTo(new ScanCodes.ScanCode("http://weixin.qq.com/q/02AbCdEfGh", Duration.ofDays(7)));
    wechat.verify(
        postRequestedFor(urlPathEqualTo(QRCODE))
            .withQueryParam("access_token", equalTo(Platform.ACCESS_TOKEN))
            .withRequestBody(
                equalToJson(
                    "{\"expire_seconds\":604800,\"action_name\":\"QR_STR_SCENE\","
                        + "\"action_info\":{\"scene\":{\"scene_str\":\"ord:7f3a9c21\"}}}")));
  }

  @Test
  void refusesAWrongSceneOrLifeWithoutACall() {
    for (String scene : List.of("", " ", "a b", "订单", "x".repeat(65))) {
      assertThatThrownBy(() -> codes(account).create(scene, Duration.ofDays(1)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("scene");
    }
    for (Duration life : List.of(Duration.ZERO, Duration.ofDays(30).plusSeconds(1))) {
      assertThatThrownBy(() -> codes(account).create("s", life))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("life");
    }
    wechat.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void readsTheTemplatesWithTheirFields() {
    Platform.answers(
        wechat,
        TEMPLATES,
        okJson(
            """
            {"template_list":[
              {"template_id":"TPL_A","title":"订单状态","content":"订单号:{{character_string1.DATA}}\\n商品:{{ thing2.DATA }}\\n{{character_string1.DATA}}"},
              {"template_id":"TPL_B","title":"空","content":"","unknown":[1]},
              {"template_id":""}]}
            """));
    assertThat(account.capability(TemplateCatalog.class).orElseThrow().templates())
        .containsExactly(
            new TemplateCatalog.Template("TPL_A", "订单状态", List.of("character_string1", "thing2")),
            new TemplateCatalog.Template("TPL_B", "空", List.of()));
  }

  @Test
  void readsOnePerson() {
    Platform.answers(
        wechat,
        USER,
        okJson(
            """
            {"subscribe":1,"openid":"o1","language":"zh_CN","subscribe_time":1766000000,
             "unionid":"oUNION","remark":"","groupid":0,"tagid_list":[134],
             "subscribe_scene":"ADD_SCENE_QR_CODE","qr_scene":0,"qr_scene_str":"ord:7f3a9c21"}
            """));
    assertThat(account.users().find("o1"))
        .isEqualTo(
            new Users.User(
                "o1",
                true,
                Optional.of(Instant.ofEpochSecond(1766000000)),
                Optional.of("oUNION"),
                "ADD_SCENE_QR_CODE",
                Optional.of("ord:7f3a9c21")));
    wechat.verify(
        getRequestedFor(urlPathEqualTo(USER))
            .withQueryParam("openid", equalTo("o1"))
            .withQueryParam("lang", equalTo("zh_CN")));
  }

  @Test
  void readsUpToAHundredPersonsAtOnce() {
    Platform.answers(
        wechat,
        USERS,
        okJson(
            """
            {"user_info_list":[{"subscribe":"1","openid":"o1","qr_scene":42},
                               {"subscribe":0,"openid":"o2"}]}
            """));
    List<Users.User> users = account.users().find(List.of("o1", "o2", "o1"));
    assertThat(users).extracting(Users.User::follows).containsExactly(true, false);
    assertThat(users.get(0).scene()).contains("42");
    assertThat(users.get(1).followedAt()).isEmpty();
    assertThat(users.toString()).doesNotContain("o1", "o2");
    wechat.verify(
        postRequestedFor(urlPathEqualTo(USERS))
            .withRequestBody(
                equalToJson(
                    "{\"user_list\":[{\"openid\":\"o1\",\"lang\":\"zh_CN\"},"
                        + "{\"openid\":\"o2\",\"lang\":\"zh_CN\"}]}")));
    assertThat(account.users().find(List.of())).isEmpty();
    assertThatThrownBy(
            () -> account.users().find(IntStream.range(0, 101).mapToObj(i -> "o" + i).toList()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("100");
    assertThatThrownBy(() -> account.users().find(Collections.singletonList(null)))
        .isInstanceOf(InvalidInputException.class);
  }

  static Stream<Arguments> everyCallAndClass() {
    return Stream.of(Call.values())
        .flatMap(
            call ->
                Stream.of(
                    Arguments.of(call, -1, true), // R
                    Arguments.of(call, 45011, true), // R
                    Arguments.of(call, 268487001, true), // R
                    Arguments.of(call, 40001, false), // T, after its repeat
                    Arguments.of(call, 40014, false),
                    Arguments.of(call, 42001, false),
                    Arguments.of(call, 40003, false), // P
                    Arguments.of(call, 49003, false),
                    Arguments.of(call, 40052, false), // C
                    Arguments.of(call, 48001, false),
                    Arguments.of(call, 777777, false), // unknown
                    Arguments.of(call, 45009, true))); // Q
  }

  @ParameterizedTest
  @MethodSource("everyCallAndClass")
  void everyCallTellsCodeRidAndPathButNoSecret(Call call, int errcode, boolean retryable) {
    Platform.answers(
        wechat, call.path, Platform.error(errcode, "refused for " + Platform.OPENID + " x"));
    assertThatThrownBy(() -> call.on(account))
        .isInstanceOfSatisfying(
            WeChatException.class,
            e -> {
              assertThat(e.code()).isEqualTo(errcode);
              assertThat(e.rid()).contains(Platform.RID);
              assertThat(e.path()).isEqualTo(call.path);
              assertThat(e.retryable()).isEqualTo(retryable);
              assertThat(e.reason().code()).isEqualTo(String.valueOf(errcode));
            })
        .isInstanceOf(ChannelException.class)
        .hasMessageStartingWith("Could not ")
        .hasMessageContainingAll(String.valueOf(errcode), "rid: " + Platform.RID, call.path)
        .hasMessageNotContainingAny(
            Platform.OPENID, Platform.ACCESS_TOKEN, Platform.SECRET, "access_token=", "http:");
  }

  @ParameterizedTest
  @EnumSource(Call.class)
  void everyCallRenewsItsTokenOnce(Call call) {
    Platform.answers(wechat, call.path, Platform.error(40001, "invalid credential"));
    assertThatThrownBy(() -> call.on(account)).isInstanceOf(WeChatException.class);
    wechat.verify(2, anyRequestedFor(urlPathEqualTo(call.path)));
    wechat.verify(2, postRequestedFor(urlPathEqualTo(TOKEN)));
  }

  @Test
  void asksABusyPlatformAgain() {
    wechat.stubFor(
        post(urlPathEqualTo(QRCODE))
            .inScenario("busy")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(Platform.error(-1, "system error"))
            .willSetStateTo("broken"));
    wechat.stubFor(
        post(urlPathEqualTo(QRCODE))
            .inScenario("busy")
            .whenScenarioStateIs("broken")
            .willReturn(Platform.fault(Fault.CONNECTION_RESET_BY_PEER))
            .willSetStateTo("well"));
    wechat.stubFor(
        post(urlPathEqualTo(QRCODE))
            .inScenario("busy")
            .whenScenarioStateIs("well")
            .willReturn(okJson("{\"url\":\"http://weixin.qq.com/q/1\"}")));
    assertThat(codes(account).create("s", Duration.ofDays(1)).content())
        .isEqualTo("http://weixin.qq.com/q/1");
    wechat.verify(3, postRequestedFor(urlPathEqualTo(QRCODE)));
  }

  @Test
  void doesNotPauseBeyondItsTime() {
    Platform.answers(wechat, QRCODE, Platform.error(-1, "system error"));
    try (OfficialAccount patient =
        new OfficialAccount(
            Platform.settings(wechat).callTimeout(Duration.ofSeconds(20)).build(),
            Duration.ofSeconds(30))) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> Call.QR.on(patient)).isInstanceOf(WeChatException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }
    wechat.verify(1, postRequestedFor(urlPathEqualTo(QRCODE)));
  }

  static Stream<Arguments> everyCallAndFault() {
    return Stream.of(Call.values())
        .flatMap(
            call ->
                Stream.of(
                    Arguments.of(call, Platform.fault(Fault.CONNECTION_RESET_BY_PEER)),
                    Arguments.of(call, Platform.fault(Fault.EMPTY_RESPONSE)),
                    Arguments.of(call, Platform.fault(Fault.MALFORMED_RESPONSE_CHUNK)),
                    Arguments.of(call, Platform.fault(Fault.RANDOM_DATA_THEN_CLOSE)),
                    Arguments.of(call, aResponse().withStatus(500)),
                    Arguments.of(call, aResponse().withStatus(502).withBody("<html>")),
                    Arguments.of(call, aResponse().withBody("")),
                    Arguments.of(call, aResponse().withBody("[]"))));
  }

  @ParameterizedTest
  @MethodSource("everyCallAndFault")
  void everyCallFailsInTimeAndMayBeRepeatedByTheHost(Call call, ResponseDefinitionBuilder answer) {
    Platform.answers(wechat, call.path, answer);
    failsInTime(call);
  }

  @Test
  void everyCallGivesASilentPlatformUpInTime() throws Exception {
    onEachAtOnce(
        call -> {
          Platform.answers(wechat, call.path, okJson("{}").withFixedDelay(4000));
          failsInTime(call);
        });
  }

  private void failsInTime(Call call) {
    long start = System.nanoTime();
    assertThatThrownBy(() -> call.on(account))
        .isInstanceOfSatisfying(
            WeChatException.class,
            e -> {
              assertThat(e.code()).isZero();
              assertThat(e.rid()).isEmpty();
              assertThat(e.retryable()).isTrue();
              assertThat(String.valueOf(e.getCause()))
                  .doesNotContain(Platform.ACCESS_TOKEN, Platform.OPENID);
            })
        .hasMessageContaining(call.path)
        .hasMessageNotContaining(Platform.ACCESS_TOKEN);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(3900));
  }

  /** Lets what takes long for each call take as long for all of them. */
  static void onEachAtOnce(Consumer<Call> check) throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<?>> checks = new ArrayList<>();
      for (Call call : Call.values()) {
        checks.add(threads.submit(() -> check.accept(call)));
      }
      for (Future<?> one : checks) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "QR,{}",
    "QR,'{\"url\":\" \"}'",
    "LIST,{}",
    "LIST,'{\"template_list\":\"none\"}'",
    "ONE,{}",
    "ONE,'{\"openid\":\"o1\"}'",
    "BATCH,{}",
    "BATCH,'{\"user_info_list\":null}'"
  })
  void anAnswerWithoutTheEssentialIsAnError(Call call, String answer) {
    Platform.answers(wechat, call.path, okJson(answer));
    assertThatThrownBy(() -> call.on(account))
        .isInstanceOf(WeChatException.class)
        .hasMessageContaining("UNREADABLE");
  }

  @Test
  void anInterruptedThreadStopsWaiting() {
    Platform.answers(wechat, QRCODE, okJson("{}").withFixedDelay(4000));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Call.QR.on(account))
        .isInstanceOf(WeChatException.class)
        .hasMessageContaining("INTERRUPTED");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anExceptionSurvivesSerialization() throws Exception {
    Platform.answers(wechat, QRCODE, Platform.error(48001, "api unauthorized"));
    WeChatException thrown = null;
    try {
      Call.QR.on(account);
    } catch (WeChatException e) {
      thrown = e;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(thrown);
    WeChatException read =
        (WeChatException)
            new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    assertThat(read.code()).isEqualTo(48001);
    assertThat(read.reason().adviceZh()).contains("认证");
  }

  @Test
  void offersItsCapabilitiesAndNoOthers() {
    assertThat(account.key()).isEqualTo(Platform.APP_ID);
    assertThat(account.capability(ScanCodes.class)).isPresent();
    assertThat(account.capability(TemplateCatalog.class)).isPresent();
    assertThat(account.capability(Users.class)).isPresent();
    assertThat(account.capability(Runnable.class)).isEmpty();
    assertThat(account.channel(ChannelKind.WECHAT_TEMPLATE)).isPresent();
    assertThat(account.channel(ChannelKind.WECHAT_REPLY)).isEmpty();
  }

  private static ScanCodes codes(OfficialAccount account) {
    return account.capability(ScanCodes.class).orElseThrow();
  }
}

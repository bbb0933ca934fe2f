package io.laoke.wechat;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.laoke.error.InvalidInputException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Changes of tags where WeChat does part of them, or nothing, or answers nothing. */
class TagChangeTest {
  private static final String PUT = "/cgi-bin/tags/members/batchtagging";
  private static final String TAKE = "/cgi-bin/tags/members/batchuntagging";
  private static final String OK = "{\"errcode\":0,\"errmsg\":\"ok\"}";

  @RegisterExtension
  static final WireMockExtension wechat =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort())
          .build();

  private final OfficialAccount account =
      new OfficialAccount(Platform.settings(wechat).build(), Duration.ofMillis(1));

  @BeforeEach
  void token() {
    Platform.givesToken(wechat);
  }

  @AfterEach
  void close() {
    account.close();
  }

  private static List<String> people(int count) {
    return IntStream.range(0, count).mapToObj(i -> "person-%03d".formatted(i)).toList();
  }

  @Test
  void whoFailedIsToldOneByOneAndMayBeRepeated() {
    Platform.answers(
        wechat,
        PUT,
        okJson(
            "{\"errcode\":45171,\"errmsg\":\"some failed\","
                + "\"fail_openid_list\":[\"person-003\",\"person-001\",\"stranger\"]}"));
    Tags.Changed changed = account.tags().put(134, people(5));
    assertThat(changed.done()).containsExactly("person-000", "person-002", "person-004");
    assertThat(changed.failed().keySet()).containsExactly("person-001", "person-003");
    assertThat(changed.failed().values())
        .allSatisfy(
            failure -> {
              assertThat(failure.retryable()).isTrue();
              assertThat(failure.why().code()).isEqualTo("45171");
              assertThat(failure.why().advice()).contains("those that failed");
            });
    wechat.verify(
        1,
        postRequestedFor(urlPathEqualTo(PUT))
            .withRequestBody(
                equalToJson(
                    "{\"tagid\":134,\"openid_list\":[\"person-000\",\"person-001\",\"person-002\","
                        + "\"person-003\",\"person-004\"]}")));
    Platform.answers(wechat, PUT, okJson("{\"errcode\":45171,\"errmsg\":\"some failed\"}"));
    assertThat(account.tags().put(134, people(5)).failed())
        .as("it does not say whom, so none is sure")
        .hasSize(5);
  }

  @Test
  void aBusyPlatformIsAskedAgainAndABrokenOneLeavesTheRest() {
    Platform.answers(wechat, PUT, okJson(OK));
    wechat.stubFor(
        post(urlPathEqualTo(PUT))
            .withRequestBody(containing("person-060"))
            .willReturn(Platform.fault(Fault.CONNECTION_RESET_BY_PEER)));
    Tags.Changed changed = account.tags().put(134, people(160));
    assertThat(changed.done()).isEqualTo(people(160).subList(0, 50));
    assertThat(changed.failed().keySet()).containsExactlyElementsOf(people(160).subList(50, 160));
    assertThat(changed.failed().values()).allMatch(Tags.Failure::retryable);
    wechat.verify(1 + 3, anyRequestedFor(urlPathEqualTo(PUT)));
  }

  @Test
  void anotherProcessesChangeConcernsItsBatchOnly() {
    Platform.answers(wechat, TAKE, okJson(OK));
    wechat.stubFor(
        post(urlPathEqualTo(TAKE))
            .withRequestBody(containing("person-060"))
            .willReturn(Platform.error(45169, "changes are under way")));
    Tags.Changed changed = account.tags().take(134, people(120));
    assertThat(changed.failed().keySet()).containsExactlyElementsOf(people(120).subList(50, 100));
    assertThat(changed.failed().get("person-099").retryable()).isTrue();
    assertThat(changed.done()).hasSize(70);
  }

  @Test
  void whoHasTooManyTagsIsFoundByHalving() {
    Platform.answers(wechat, PUT, okJson(OK));
    wechat.stubFor(
        post(urlPathEqualTo(PUT))
            .withRequestBody(containing("person-017"))
            .willReturn(Platform.error(45059, "can not add more tags to a user")));
    Tags.Changed changed = account.tags().put(134, people(50));
    assertThat(changed.failed()).containsOnlyKeys("person-017");
    assertThat(changed.failed().get("person-017").retryable()).isFalse();
    assertThat(changed.failed().get("person-017").why().advice()).contains("Take one away");
    assertThat(changed.done()).hasSize(49);
    assertThat(wechat.getAllServeEvents()).hasSizeLessThan(16);
  }

  /** Eight threads, three tags, the same people: WeChat never sees one person twice at once. */
  @Test
  void nobodyIsInTwoChangesAtOnce() throws Exception {
    Concurrency seen = new Concurrency();
    try (SlowTags slow = new SlowTags(seen);
        OfficialAccount many =
            new OfficialAccount(
                OfficialAccountSettings.builder(Platform.APP_ID)
                    .secret(Platform.SECRET)
                    .baseUrl(slow.url())
                    .build(),
                Duration.ofMillis(1))) {
      ExecutorService threads = Executors.newFixedThreadPool(8);
      try {
        List<Future<Tags.Changed>> changes = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
          int n = i;
          List<String> some = people(60).subList(n % 7, 40 + n % 7);
          changes.add(
              threads.submit(
                  () ->
                      n % 2 == 0
                          ? many.tags().put(100 + n % 3, some)
                          : many.tags().take(100 + n % 3, some)));
        }
        List<String> others = IntStream.range(0, 10).mapToObj(i -> "other-" + i).toList();
        changes.add(threads.submit(() -> many.tags().put(100, others)));
        for (Future<Tags.Changed> change : changes) {
          assertThat(change.get().complete()).isTrue();
        }
      } finally {
        threads.shutdownNow();
      }
      assertThat(slow.calls()).isEqualTo(25);
      assertThat(seen.twice()).isEmpty();
    }
  }

  @Test
  void refusesWrongNamesAndPeople() {
    assertThatThrownBy(() -> account.tags().create("长".repeat(31)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("name: must have at most 30 characters, has 31: 长");
    assertThatThrownBy(() -> account.tags().rename(134, " "))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> account.tags().put(134, List.of("o1", "")))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> account.tags().put(-1, List.of("o1")))
        .isInstanceOf(InvalidInputException.class);
    wechat.verify(0, anyRequestedFor(urlPathEqualTo(PUT)));
  }

  @Test
  void aThreadThatIsInterruptedChangesNothingMore() {
    Thread.currentThread().interrupt();
    Tags.Changed changed = account.tags().put(134, people(60));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(changed.done()).isEmpty();
    assertThat(changed.failed()).hasSize(60);
  }
}

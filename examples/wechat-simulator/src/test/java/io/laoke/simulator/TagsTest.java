package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tags and their limits. */
class TagsTest {
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final SimulatedAccount account = simulator.addAccount();
  private final TestClient client = new TestClient(simulator, account);

  @AfterEach
  void stop() {
    simulator.close();
  }

  private JsonNode create(String name) {
    return client.post("/cgi-bin/tags/create", "{\"tag\":{\"name\":\"" + name + "\"}}");
  }

  private JsonNode mark(String how, long tag, List<String> openIds) {
    var body = Json.object().put("tagid", tag);
    openIds.forEach(body.putArray("openid_list")::add);
    return client.post("/cgi-bin/tags/members/" + how, Json.write(body));
  }

  private static int code(JsonNode answer) {
    return answer.path("errcode").asInt();
  }

  private List<String> followers(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              Follower one = account.follower("粉丝" + i);
              one.follow();
              return one.openId();
            })
        .toList();
  }

  @Test
  void marksListsAndTakesAway() {
    List<String> openIds = followers(5);
    long id = create("净水器-2025").path("tag").path("id").asLong();
    assertThat(code(mark("batchtagging", id, openIds))).isZero();
    assertThat(code(mark("batchtagging", id, openIds))).as("again").isZero();
    assertThat(client.get("/cgi-bin/tags/get").path("tags").get(0).path("count").asInt())
        .isEqualTo(5);
    JsonNode info = client.get("/cgi-bin/user/info?openid=" + openIds.get(0));
    assertThat(info.path("tagid_list").get(0).asLong()).isEqualTo(id);
    assertThat(
            client
                .post("/cgi-bin/tags/getidlist", "{\"openid\":\"" + openIds.get(0) + "\"}")
                .path("tagid_list"))
        .hasSize(1);
    account.userPageSize(2);
    String next = "";
    int seen = 0;
    for (int page = 0; page < 4; page++) {
      JsonNode members =
          client.post(
              "/cgi-bin/user/tag/get", "{\"tagid\":%d,\"next_openid\":\"%s\"}".formatted(id, next));
      seen += members.path("count").asInt();
      next = members.path("next_openid").asText();
    }
    assertThat(seen).isEqualTo(5);
    account.follower("粉丝0").unfollow();
    assertThat(account.tagged(id)).hasSize(4);
    assertThat(code(mark("batchuntagging", id, openIds.subList(1, 3)))).isZero();
    assertThat(account.tagged(id)).hasSize(2);
    account.mostFansToDeleteATag(1);
    assertThat(code(client.post("/cgi-bin/tags/delete", "{\"tag\":{\"id\":" + id + "}}")))
        .isEqualTo(45057);
    account.mostFansToDeleteATag(100_000);
    assertThat(code(client.post("/cgi-bin/tags/delete", "{\"tag\":{\"id\":" + id + "}}"))).isZero();
    assertThat(account.tags()).isEmpty();
    assertThat(account.follower("粉丝4").tags()).isEmpty();
  }

  @Test
  void refusesWhatBreaksALimit() {
    List<String> openIds = followers(51);
    for (int i = 0; i < 100; i++) {
      assertThat(code(create("标签" + i))).isZero();
    }
    assertThat(code(create("多一个"))).isEqualTo(45056);
    assertThat(code(create("标签7"))).isEqualTo(45157);
    assertThat(code(create(""))).isEqualTo(45157);
    assertThat(code(create("长".repeat(31)))).isEqualTo(45158);
    assertThat(code(mark("batchtagging", 100, openIds))).as("51 at once").isEqualTo(40032);
    assertThat(code(mark("batchtagging", 9999, openIds.subList(0, 1)))).isEqualTo(45159);
    assertThat(code(mark("batchtagging", 2, openIds.subList(0, 1)))).isEqualTo(45058);
    assertThat(code(mark("batchtagging", 100, List.of(openIds.get(0), "oNobody"))))
        .isEqualTo(40003);
    assertThat(account.tagged(100)).as("nobody is changed by a refused call").isEmpty();
    SimulatedAccount other = simulator.addAccount();
    assertThat(code(mark("batchtagging", 100, List.of(other.follower("别家").openId()))))
        .isEqualTo(49003);
    for (long tag = 100; tag < 120; tag++) {
      assertThat(code(mark("batchtagging", tag, openIds.subList(0, 1)))).isZero();
    }
    assertThat(code(mark("batchtagging", 120, openIds.subList(0, 1)))).isEqualTo(45059);
    assertThat(code(client.post("/cgi-bin/tags/update", "{\"tag\":{\"id\":100,\"name\":\"标签1\"}}")))
        .isEqualTo(45157);
    assertThat(code(client.post("/cgi-bin/tags/update", "{\"tag\":{\"id\":100,\"name\":\"新\"}}")))
        .isZero();
    account.type(AccountType.SUBSCRIPTION);
    assertThat(code(client.get("/cgi-bin/tags/get"))).isEqualTo(48001);
  }
}

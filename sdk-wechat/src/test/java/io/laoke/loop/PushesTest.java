package io.laoke.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.laoke.message.Decision;
import io.laoke.simulator.Follower;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.Reaction;
import io.laoke.testing.TestServer;
import io.laoke.wechat.JdkCallbackHandler;
import io.laoke.wechat.OfficialAccount;
import io.laoke.wechat.WeChatEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Pushes through HTTP, the callback, the inbox and back: what is not WeChat's leaves no row, what
 * comes again leaves one, and what is not ours goes to the host.
 */
class PushesTest {
  /** A push as it came over the wire. */
  private record Push(String query, byte[] body) {
    Push with(String parameter, String value) {
      return new Push(
          query.replaceFirst("(^|&)" + parameter + "=[^&]*", "$1" + parameter + "=" + value), body);
    }

    Push cut(int length) {
      return new Push(query, Arrays.copyOf(body, length));
    }

    /** With another character in the middle of its cipher text. */
    Push touched() {
      String text = new String(body, StandardCharsets.UTF_8);
      int at = text.indexOf("<Encrypt>") + 60;
      char other = text.charAt(at) == 'A' ? 'B' : 'A';
      return new Push(
          query,
          (text.substring(0, at) + other + text.substring(at + 1))
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A shop whose endpoint passes on what is not Laoke's, and one that only writes pushes down. */
  private static final class Post implements AutoCloseable {
    final Shop shop;
    final List<WeChatEvent> passedOn = new CopyOnWriteArrayList<>();
    private final List<Push> kept = new CopyOnWriteArrayList<>();
    private final OfficialAccount official;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;

    Post(PushMode mode) throws IOException {
      shop = new Shop(TestServer.H2, mode);
      official = Shop.official(shop.account, shop.wechat.baseUrl());
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext(
          "/ours",
          new JdkCallbackHandler(
              official
                  .callback(shop.laoke.inbound())
                  .otherwise(
                      event -> {
                        passedOn.add(event);
                        return Optional.of(event.textReply("ERP: " + event.type()));
                      })));
      server.createContext(
          "/kept",
          exchange -> {
            kept.add(
                new Push(
                    exchange.getRequestURI().getRawQuery(),
                    exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
      address = "http://127.0.0.1:" + server.getAddress().getPort();
      toUs();
    }

    void toUs() {
      shop.account.callbackUrl(address + "/ours");
    }

    /** The push of a scan that Laoke has not seen. */
    Push scanned(Follower customer, String orderNo) {
      shop.dealer.orders().upsert(Shop.order(orderNo));
      String code = shop.dealer.bindings().issue(orderNo).qrCode().content();
      shop.account.callbackUrl(address + "/kept");
      customer.scan(code);
      shop.wechat.settle();
      toUs();
      return kept.get(kept.size() - 1);
    }

    HttpResponse<String> send(Push push) throws IOException, InterruptedException {
      return client.send(
          HttpRequest.newBuilder(URI.create(address + "/ours?" + push.query))
              .POST(HttpRequest.BodyPublishers.ofByteArray(push.body))
              .timeout(Duration.ofSeconds(20))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }

    long rows() throws SQLException {
      try (Connection connection = shop.database.getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM laoke_callback_inbox")) {
        rows.next();
        return rows.getLong(1);
      }
    }

    @Override
    public void close() {
      official.close();
      server.stop(0);
      threads.shutdownNow();
      shop.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void forgedAndTruncatedPushesLeaveNoRow(PushMode mode) throws Exception {
    try (Post post = new Post(mode)) {
      Follower customer = post.shop.account.follower("王芳");
      Push real = post.scanned(customer, "SO-1");
      List<Push> forged = new ArrayList<>();
      String signature = mode == PushMode.PLAIN ? "signature" : "msg_signature";
      forged.add(real.with(signature, "0123456789012345678901234567890123456789"));
      forged.add(real.with(signature, ""));
      forged.add(real.with("nonce", "1234567"));
      forged.add(real.with("timestamp", "1234567890"));
      forged.add(real.with("timestamp", "now"));
      forged.add(new Push("", real.body));
      forged.add(new Push("signature=a&timestamp=1&nonce=1", real.body));
      if (mode != PushMode.PLAIN) {
        forged.add(real.touched());
        // As a plain push: what an attacker would try who has seen one of its signatures.
        forged.add(real.with("encrypt_type", "raw"));
      }
      for (Push one : forged) {
        assertThat(post.send(one).statusCode()).as(one.query).isEqualTo(403);
      }
      for (int twelfth = 0; twelfth < 12; twelfth++) {
        Push cut = real.cut(real.body.length * twelfth / 12);
        assertThat(post.send(cut).statusCode()).as("%d of 12", twelfth).isIn(400, 403);
      }
      assertThat(post.rows()).isZero();
      assertThat(post.shop.dealer.bindings().recipients("SO-1")).isEmpty();
      assertThat(post.passedOn).isEmpty();
      assertThat(post.send(real).statusCode()).as("the real one still counts").isEqualTo(200);
      assertThat(post.rows()).isOne();
      assertThat(post.shop.dealer.bindings().recipients("SO-1")).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPushOfAnotherTimeOrAnotherAccountLeavesNoRow(PushMode mode) throws Exception {
    try (Post post = new Post(mode)) {
      post.shop.dealer.orders().upsert(Shop.order("SO-1"));
      String code = post.shop.dealer.bindings().issue("SO-1").qrCode().content();
      Follower customer = post.shop.account.follower("王芳");
      post.shop.wechat.faults().onAnyCallback().times(3).stale(Duration.ofMinutes(20));
      assertThat(customer.scan(code).delivered()).isFalse();
      post.shop.wechat.faults().clear();
      post.shop.wechat.faults().onAnyCallback().times(3).stale(Duration.ofMinutes(-20));
      assertThat(customer.scan(code).delivered()).isFalse();
      post.shop.wechat.faults().clear();
      post.shop.wechat.faults().onAnyCallback().times(3).wrongSignature();
      assertThat(customer.scan(code).delivered()).isFalse();
      post.shop.wechat.faults().clear();
      if (mode != PushMode.PLAIN) {
        post.shop.wechat.faults().onAnyCallback().times(3).wrongAppId();
        assertThat(customer.scan(code).delivered()).isFalse();
        post.shop.wechat.faults().clear();
      }

      assertThat(post.rows()).isZero();
      assertThat(post.shop.dealer.bindings().recipients("SO-1")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReplayedPushLeavesOneRowHoweverOftenItComes(PushMode mode) throws Exception {
    try (Post post = new Post(mode)) {
      Push real = post.scanned(post.shop.account.follower("王芳"), "SO-1");
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        answers.add(post.threads.submit(() -> post.send(real)));
      }
      for (Future<HttpResponse<String>> each : answers) {
        HttpResponse<String> answer = each.get();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).as("the reply itself").startsWith("<xml>");
        if (mode == PushMode.PLAIN) {
          assertThat(answer.body()).contains("SO-1", "绑定成功");
        }
      }
      assertThat(post.rows()).isOne();
      assertThat(post.shop.dealer.bindings().recipients("SO-1")).hasSize(1);
      assertThat(post.shop.dealer.bindings().audit("SO-1"))
          .filteredOn(event -> event.recipientId().isPresent())
          .hasSize(1);
      assertThat(post.shop.dealer.deliveries().decisions("SO-1"))
          .extracting(Decision::result)
          .containsExactly(Decision.Result.REPLIED);
      assertThat(post.passedOn).isEmpty();
    }
  }

  /** A host that decrypts by itself hands on what came to our endpoint, too. */
  @ParameterizedTest
  @EnumSource(names = "PLAIN")
  void thePushThatComesByTwoWaysIsOne(PushMode mode) throws Exception {
    try (Post post = new Post(mode)) {
      Push real = post.scanned(post.shop.account.follower("王芳"), "SO-1");
      String answered = post.send(real).body();
      String again =
          post.official
              .callback(post.shop.laoke.inbound())
              .accept(new String(real.body, StandardCharsets.UTF_8))
              .orElseThrow();
      assertThat(answered).contains("绑定成功");
      assertThat(again).as("the stored reply").contains("绑定成功");
      assertThat(post.rows()).isOne();
      assertThat(post.shop.dealer.bindings().audit("SO-1"))
          .filteredOn(event -> event.recipientId().isPresent())
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotOursGoesToTheHostAndIsAnsweredByIt(PushMode mode) throws Exception {
    try (Post post = new Post(mode)) {
      Follower customer = post.shop.bound("SO-1");
      post.passedOn.clear();
      Reaction text = customer.say("你好");
      assertThat(text.reply()).contains("ERP: text");
      post.shop.wechat.settle();
      assertThat(post.passedOn).extracting(WeChatEvent::type).containsExactly("text");
      assertThat(post.passedOn.get(0).body()).contains("你好");
      assertThat(post.shop.dealer.bindings().recipients("SO-1")).hasSize(1);
      assertThat(post.shop.dealer.deliveries().decisions("SO-1"))
          .as("nothing came of it")
          .hasSize(1);
      assertThat(post.shop.dealer.deliveries().failedInbound(Optional.empty(), 1).items())
          .isEmpty();
    }
  }
}

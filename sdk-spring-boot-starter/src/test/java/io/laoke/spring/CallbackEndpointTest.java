package io.laoke.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.Follower;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
    classes = CallbackEndpointTest.Application.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class CallbackEndpointTest {
  private static final WeChatSimulator WECHAT = WeChatSimulator.start();
  private static final SimulatedAccount SHOP =
      WECHAT.addAccount(AccountSpec.service().withMode(PushMode.SECURE));

  private final HttpClient http = HttpClient.newHttpClient();
  @Autowired private Laoke laoke;
  @LocalServerPort private int port;

  @EnableAutoConfiguration
  static class Application {}

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry properties) {
    properties.add("spring.datasource.url", WiringTest::url);
    properties.add("laoke.wechat.accounts.main.dealer", () -> "hengxin");
    properties.add("laoke.wechat.accounts.main.app-id", SHOP::appId);
    properties.add("laoke.wechat.accounts.main.secret", SHOP::secret);
    properties.add("laoke.wechat.accounts.main.token", SHOP::token);
    properties.add("laoke.wechat.accounts.main.encoding-aes-key", SHOP::encodingAesKey);
    properties.add("laoke.wechat.accounts.main.base-url", WECHAT::baseUrl);
  }

  @AfterAll
  static void end() {
    WECHAT.close();
  }

  @Test
  void aScanComesInAndBinds() {
    Dealer dealer = laoke.dealer("hengxin");
    dealer.orders().upsert(TransactionContract.order("SO-1"));
    SHOP.callbackUrl(callback("main"));
    assertThat(SHOP.verifyCallback()).isTrue();
    Follower customer = SHOP.follower("王芳");
    assertThat(customer.scan(dealer.bindings().issue("SO-1").qrCode().content()).reply())
        .hasValueSatisfying(reply -> assertThat(reply).contains("SO-1"));
    assertThat(dealer.bindings().status("SO-1").bound()).isTrue();
  }

  @Test
  void theAppidIsAnAddressToo() {
    SHOP.callbackUrl(callback(SHOP.appId()));
    assertThat(SHOP.verifyCallback()).isTrue();
  }

  @Test
  void refusesWhatIsNotWeChats() throws Exception {
    assertThat(post(callback("main") + "?signature=no&timestamp=1&nonce=1", "<xml/>"))
        .isEqualTo(403);
    assertThat(get("/laoke/wechat/main?signature=%E4%ZZ")).contains(" 400 ");
    assertThat(post(callback("nobody"), "<xml/>")).isEqualTo(404);
    assertThat(post(callback("main") + "?signature=no", "x".repeat(70_000))).isEqualTo(413);
  }

  private String callback(String account) {
    return "http://127.0.0.1:" + port + "/laoke/wechat/" + account;
  }

  /** As no proper client would send it. */
  private String get(String target) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8)
          .lines()
          .findFirst()
          .orElse("");
    }
  }

  private int post(String url, String body) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "text/xml")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}

package io.laoke.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.notice.WebRequest;
import io.laoke.notice.WebResponse;
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
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.cglib.proxy.Enhancer;
import org.springframework.cglib.proxy.NoOp;
import org.springframework.context.annotation.Import;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

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
  @Import(Wrapping.class)
  static class Application {}

  /** A host that wraps whatever its controllers return. */
  @ControllerAdvice
  static class Wrapping implements ResponseBodyAdvice<Object> {
    @Override
    public boolean supports(
        MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
      return true;
    }

    @Override
    public Object beforeBodyWrite(
        Object body,
        MethodParameter returned,
        MediaType type,
        Class<? extends HttpMessageConverter<?>> converter,
        ServerHttpRequest request,
        ServerHttpResponse response) {
      return "{\"code\":0}".getBytes(UTF_8);
    }
  }

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry properties) {
    properties.add("spring.datasource.url", WiringTest::url);
    properties.add("laoke.dealers.hengxin.web-address", () -> "https://shop.example/laoke/web");
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

  /** Laoke's own answers as they are, whatever the host wraps. */
  @Test
  void aPaperLinkLeadsToTheSignInAndWhatIsNoPageSaysSo() throws Exception {
    Dealer dealer = laoke.dealer("hengxin");
    dealer.orders().upsert(TransactionContract.order("SO-2"));
    String link = dealer.bindings().issue("SO-2").link();
    assertThat(link).startsWith("https://shop.example/laoke/web/");

    HttpResponse<String> signIn = page(link.substring("https://shop.example".length()));

    assertThat(signIn.statusCode()).isEqualTo(303);
    assertThat(signIn.headers().firstValue("Location").orElse(""))
        .startsWith(WECHAT.baseUrl())
        .contains(SHOP.appId(), "https%3A%2F%2Fshop.example%2Flaoke%2Fweb");
    HttpResponse<String> nothing = page("/laoke/web/nothing");
    WebResponse expected =
        laoke.web().handle(WebRequest.of("GET", "/laoke/web/nothing", null, Map.of(), new byte[0]));
    assertThat(nothing.statusCode()).isEqualTo(expected.status()).isEqualTo(404);
    assertThat(nothing.body()).isEqualTo(new String(expected.body(), UTF_8)).contains("<html");
    assertThat(nothing.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    assertThat(post("http://127.0.0.1:" + port + "/laoke/web/nothing", "x".repeat(70_000)))
        .isBetween(400, 499);
  }

  private HttpResponse<String> page(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  /** An aspect around all controllers makes a subclass of each. */
  @Test
  void aHostMayPutAnAspectAroundIt() {
    Enhancer aspect = new Enhancer();
    aspect.setSuperclass(WeChatCallbackController.class);
    aspect.setCallbackType(NoOp.class);
    aspect.setUseCache(false);
    assertThat(aspect.createClass()).isAssignableTo(WeChatCallbackController.class);
    aspect.setSuperclass(CustomerPagesController.class);
    assertThat(aspect.createClass()).isAssignableTo(CustomerPagesController.class);
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

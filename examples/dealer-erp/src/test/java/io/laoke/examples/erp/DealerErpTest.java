package io.laoke.examples.erp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.laoke.simulator.ChatMessage;
import io.laoke.simulator.Follower;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DealerErpTest {
  private static final int LARGEST_PAGE = 200 * 1024;

  private static Running erp;
  private final HttpClient http = HttpClient.newHttpClient();

  private static final ByteArrayOutputStream FIRST_START = new ByteArrayOutputStream();

  @BeforeAll
  static void start() {
    PrintStream console = System.out;
    System.setOut(new PrintStream(FIRST_START, true, UTF_8));
    try {
      erp = new Running();
      await().untilAsserted(() -> assertThat(shownAtStart()).contains("laoke.doctor hengxin: "));
    } finally {
      System.setOut(console);
      console.println(shownAtStart());
    }
  }

  private static String shownAtStart() {
    return FIRST_START.toString(UTF_8);
  }

  @AfterAll
  static void end() {
    erp.close();
  }

  @Test
  void theFirstStartWarnsOfNothing() {
    assertThat(shownAtStart().lines().filter(line -> line.matches("\\S+ (WARN|ERROR) .*")))
        .isEmpty();
  }

  @Test
  void opensWithOrdersThatShowWhatLaokeDoes() throws Exception {
    assertThat(get("/orders").body()).contains("周敏", "已绑定", "未绑定", "已出库", "已取消");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(erp.account().follower("周敏").cards())
                    .extracting(card -> card.value("进度"))
                    .containsExactly("已审核", "已出库"));
  }

  @Test
  void aPaperLinkLeadsThroughWeChatToTheOrdersPage() throws Exception {
    String order = location(post("/orders", form("纸链接", "13700000021")));
    String orderNo = order.substring(order.lastIndexOf('/') + 1);
    assertThat(get(order + "/label").body()).contains("<svg", orderNo, "@page");
    HttpClient phone = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    String link = erp.bean(CustomerNotices.class).ticket(orderNo).link();
    HttpResponse<String> sent = on(phone, link);
    assertThat(sent.statusCode()).isEqualTo(303);
    Follower person = erp.account().follower("纸链接");
    String back = person.signIn(sent.headers().firstValue("Location").orElseThrow());
    HttpResponse<String> bound = on(phone, back);
    assertThat(bound.body()).contains("绑定成功", orderNo, "关注公众号");
    assertThat(on(phone, back).body()).contains("您已绑定该订单");
    assertThat(get(order + "/binding").body()).contains("已绑定", "纸质链接");
    Matcher page = Pattern.compile("href=\"([^\"]+/m/o/[^\"]+)\"").matcher(bound.body());
    assertThat(page.find()).isTrue();
    HttpResponse<String> shown = on(phone, page.group(1));
    assertThat(shown.body()).contains("订单进度", "停止通知", "137****0021");
    assertThat(shown.headers().firstValue("Content-Security-Policy")).isPresent();
    assertThat(
            send(HttpRequest.newBuilder(at(order + "/open?person=x")))
                .headers()
                .firstValue("Location"))
        .hasValueSatisfying(
            to ->
                assertThat(to)
                    .contains("/_sim/open?account=" + erp.account().appId(), "%2Fm%2Fl%2F"));
    // They follow by the code of the order, and the next step's card leads to the page.
    person.scan(erp.bean(CustomerNotices.class).ticket(orderNo).qrCode().content());
    assertThat(advance(order, Map.of("to", "APPROVED"))).contains("已审核");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(person.cards())
                    .singleElement()
                    .satisfies(card -> assertThat(card.url()).contains("/m/o/")));
  }

  private static HttpResponse<String> on(HttpClient phone, String address) throws Exception {
    return phone.send(
        HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void everyPageIsSmall() throws Exception {
    for (String path :
        List.of("/orders", "/orders/new", "/orders/" + first(), "/members", "/messages")) {
      HttpResponse<String> page = get(path);
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      int size = page.body().length();
      for (String part : List.of("/erp.css", "/charts.js", "/webjars/htmx.org/dist/htmx.min.js")) {
        size += get(part).body().length();
      }
      assertThat(size).as(path).isLessThan(LARGEST_PAGE);
    }
  }

  @Test
  void tellsBesideTheFieldWhatIsWrong() throws Exception {
    Map<String, String> form = form();
    form.put("customerName", " ");
    form.put("customerPhone", "12345");
    form.put("lines[0].quantity", "0");
    form.put("lines[0].price", "1.999");
    form.put("salesperson", "nobody");
    HttpResponse<String> answer = post("/orders", form);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("请填写客户姓名", "手机号应为 11 位数字", "数量至少 1", "成交价最多两位小数", "没有这位导购员");
    form.remove("lines[0].sku");
    assertThat(post("/orders", form).body()).contains("请至少选择一件商品");
    form.put("lines[0].sku", "nothing");
    assertThat(post("/orders", form).body()).contains("没有这个商品");
  }

  @Test
  void whatIsNoNumberIsRefusedInChinese() throws Exception {
    Map<String, String> form = form();
    form.put("lines[0].quantity", "many");
    form.put("lines[0].price", "free");
    for (String path : List.of("/orders", "/orders/lines")) {
      assertThat(post(path, form).body())
          .as(path)
          .contains("数量请填整数", "成交价请填数字，如 2999.50", "value=\"free\"")
          .doesNotContain("Failed to convert");
    }
    assertThat(post("/orders", form).statusCode()).isEqualTo(422);
    String order = location(post("/orders", form("日期", "13700000009")));
    assertThat(advance(order, Map.of("to", "SCHEDULED", "visitOn", "soon")))
        .contains("上门日期看不懂")
        .doesNotContain("Failed to convert");
    assertThat(advance(order, Map.of("to", "NOWHERE"))).contains("没有这个步骤");
  }

  @Test
  void aLineWithSomethingWrongDoesNotCount() throws Exception {
    Map<String, String> form = form();
    form.put("lines[0].price", "-100");
    form.put("lines[1].sku", "KS2202");
    form.put("lines[1].quantity", "2");
    for (String path : List.of("/orders", "/orders/lines")) {
      assertThat(post(path, form).body())
          .as(path)
          .contains("成交价不能为负", "<b>¥3,798.00</b>")
          .doesNotContain("¥-100", "-¥100");
    }
    form.put("lines[0].price", "1e999999999");
    assertThat(post("/orders/lines", form).body()).contains("成交价太大", "<b>¥3,798.00</b>");
  }

  @Test
  void theAddressOfAPageWithMoreLinesLeadsToTheForm() throws Exception {
    assertThat(location(get("/orders/lines"))).endsWith("/orders/new");
    assertThat(location(get("/members/json"))).endsWith("/members");
  }

  @Test
  void whatCannotBeUndoneAsksFirst() throws Exception {
    String order = location(post("/orders", form("确认", "13700000010")));
    erp.account().follower("确认").scanImage(image(order + "/code.png"));
    assertThat(get(order).body())
        .containsPattern("value=\"CANCELLED\"[^>]*return confirm\\(")
        .containsPattern("return confirm\\([^>]*/unbind\"")
        .containsPattern("return confirm\\([^>]*/rebind\"");
  }

  @Test
  void aFormThatIsSentTwiceMakesOneOrder() throws Exception {
    Map<String, String> form = form();
    String first = location(post("/orders", form));
    assertThat(location(post("/orders", form))).isEqualTo(first);
    form.put("requestId", UUID.randomUUID().toString());
    assertThat(location(post("/orders", form))).isNotEqualTo(first);
  }

  @Test
  void aButtonPressedTwiceAtOnceMakesOneOrder() throws Exception {
    HttpRequest press = request("/orders", form("连按", "13700000005")).build();
    List<CompletableFuture<HttpResponse<String>>> answers =
        Stream.generate(() -> http.sendAsync(press, BodyHandlers.ofString())).limit(6).toList();
    Set<String> orders = new HashSet<>();
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      orders.add(location(answer.get(60, TimeUnit.SECONDS)));
    }
    assertThat(orders).hasSize(1);
  }

  @Test
  void aFormSentAgainAfterItsOrderWasCancelledLeadsThere() throws Exception {
    Map<String, String> form = form("再发", "13700000006");
    String order = location(post("/orders", form));
    advance(order, Map.of("to", "CANCELLED"));
    assertThat(location(post("/orders", form))).isEqualTo(order);
    assertThat(get(order).body())
        .contains("不再需要绑定码")
        .doesNotContain("生成绑定码</button>", "/code.png", "扫错了人");
  }

  @Test
  void theLargestOrderThatTheFormTakesIsKept() throws Exception {
    Map<String, String> form = form("大单", "13700000007");
    for (int line = 0; line < OrderForm.MAX_LINES; line++) {
      form.put("lines[" + line + "].sku", "KH2101");
      form.put("lines[" + line + "].quantity", "999");
      form.put("lines[" + line + "].price", "999999.99");
    }
    assertThat(get(location(post("/orders", form))).body()).contains("¥29,969,999,700.30");
  }

  @Test
  void saysInChineseThatWeChatGivesNoCode() throws Exception {
    String order = location(post("/orders", form("无码", "13700000008")));
    erp.weChat().faults().onCall("/cgi-bin/qrcode/create").answer(45009);
    HttpResponse<String> page = get(order + "/scan?person=x");
    assertThat(page.statusCode()).isEqualTo(503);
    assertThat(page.body()).contains("微信暂时没有给出绑定码").doesNotContain("没有保存");
  }

  @Test
  void addressesThatMakeNoSenseAreRefusedNicely() throws Exception {
    for (String path : List.of("/orders?page=x", "/orders?status=NO", "/orders?page=-1&q=%20")) {
      assertThat(get(path).statusCode()).as(path).isIn(200, 400);
    }
    assertThat(get("/orders?page=99").body()).contains("没有这一页");
    Map<String, String> form = form();
    form.put("lines[999].sku", "KH2101");
    assertThat(post("/orders", form).statusCode()).isIn(400, 422);
  }

  @Test
  void refusesFormsOfOtherSites() throws Exception {
    HttpRequest.Builder foreign =
        request("/orders", form()).setHeader("Origin", "http://evil.example");
    assertThat(send(foreign).statusCode()).isEqualTo(403);
    assertThat(
            send(request("/orders", form()).setHeader("Sec-Fetch-Site", "same-site")).statusCode())
        .isEqualTo(403);
  }

  @Test
  void namesWithMarkupAndRareLettersComeBackAsTheyWere() throws Exception {
    Map<String, String> form = form();
    form.put("customerName", "<b>𠮷\"'&😀");
    String page = get(location(post("/orders", form))).body();
    assertThat(page).contains("&lt;b&gt;𠮷&quot;&#39;&amp;😀").doesNotContain("<b>𠮷");
    String found = get("/orders?q=" + URLEncoder.encode("𠮷\"'&😀", UTF_8)).body();
    assertThat(found).contains("𠮷").doesNotContain("没有符合条件的订单");
    assertThat(get("/orders?q=%25").body()).contains("没有符合条件的订单");
  }

  @Test
  void anOrderGoesStepByStepAndTheCustomerHearsEach() throws Exception {
    String order = location(post("/orders", form("步步", "13700000004")));
    String orderNo = order.substring(order.lastIndexOf('/') + 1);
    Follower customer = erp.account().follower("步步");
    customer.scanImage(image(order + "/code.png"));
    assertThat(get(order + "/binding").body()).contains("已绑定");

    assertThat(advance(order, Map.of("to", "SHIPPED"))).contains("不能办理出库");
    advance(order, Map.of("to", "APPROVED"));
    advance(order, Map.of("to", "APPROVED"));
    advance(order, Map.of("to", "SHIPPED", "note", "二号仓"));
    assertThat(advance(order, Map.of("to", "SCHEDULED"))).contains("预约必须选日期");
    advance(
        order,
        Map.of(
            "to",
            "SCHEDULED",
            "visitOn",
            "2030-01-02",
            "visitSlot",
            "08:00~12:00",
            "worker",
            "赵师傅"));
    advance(order, Map.of("to", "DELIVERED"));
    advance(order, Map.of("to", "INSTALLED"));
    assertThat(advance(order, Map.of("to", "COMPLETED"))).contains("二号仓", "赵师傅", "1月2日");
    assertThat(advance(order, Map.of("to", "CANCELLED"))).contains("不能办理取消");

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(customer.cards()).hasSize(6));
    assertThat(customer.cards())
        .extracting(ChatMessage::title)
        .containsExactly("订单进度通知", "订单进度通知", "上门预约通知", "订单进度通知", "订单进度通知", "订单进度通知");
    assertThat(customer.cards().get(2).value("上门时间")).isEqualTo("2030年1月2日 08:00~12:00");
    assertThat(customer.cards().get(2).value("师傅")).isEqualTo("赵师傅");
    assertThat(customer.cards().get(5).value("订单号")).isEqualTo(orderNo);
    assertThat(get(order + "/notices").body()).contains("扫码时已告知", "已送达").doesNotContain("内容有调整");
  }

  @Test
  void saysThatTheCustomerRefusesMessages() throws Exception {
    String order = location(post("/orders", form("拉黑", "13700000002")));
    Follower customer = erp.account().follower("拉黑");
    customer.scanImage(image(order + "/code.png"));
    customer.block();
    advance(order, Map.of("to", "APPROVED"));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(get(order + "/notices").body()).contains("客户拒收"));
  }

  @Test
  void whoRefusesInTheChatIsAnsweredAndTheirFileHasIt() throws Exception {
    Follower customer = erp.account().follower("不要推送");
    customer.follow();
    assertThat(customer.say("退订").reply()).hasValueSatisfying(isAnAnswerOf("已为您退订", "订阅"));
    long member =
        erp.bean(MemberFile.class)
            .members()
            .byOpenid(erp.account().appId(), customer.openId())
            .orElseThrow()
            .id();
    assertThat(get("/members/" + member).body()).containsPattern("拒绝\\S*（公众号回复）");
    erp.weChat().advance(Duration.ofSeconds(2)); // WeChat tells whole seconds
    assertThat(customer.say("订阅").reply()).hasValueSatisfying(isAnAnswerOf("您已订阅"));
    assertThat(get("/members/" + member).body()).containsPattern("同意\\S*（公众号回复，公众号订阅 1）");
  }

  private static Consumer<String> isAnAnswerOf(String... words) {
    return reply -> assertThat(reply).contains(words);
  }

  @Test
  void aRefusedMessageWaitsForAPersonAndIsSentAgain() throws Exception {
    String order = location(post("/orders", form("补发", "13700000003")));
    String orderNo = order.substring(order.lastIndexOf('/') + 1);
    Follower customer = erp.account().follower("补发");
    customer.scanImage(image(order + "/code.png"));
    erp.weChat().faults().onCall("/cgi-bin/message/template/send").answer(43004);
    advance(order, Map.of("to", "APPROVED"));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(get(order + "/notices").body()).contains("微信拒收"));
    String messages = get("/messages").body();
    assertThat(messages)
        .contains(orderNo, "43004")
        .containsPattern("return confirm\\([^>]*/drop\"");
    Matcher retry = Pattern.compile("/messages/\\d+/retry").matcher(messages);
    assertThat(retry.find()).isTrue();
    post(retry.group(), Map.of());
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(customer.cards()).hasSize(1));
    assertThat(get("/messages").body()).doesNotContain(orderNo);
  }

  @Test
  void unknownPagesSaySo() throws Exception {
    HttpResponse<String> page = get("/orders/XS000000-9999");
    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body()).contains("没有这个页面");
  }

  @Test
  void takesTheNextFreePort() throws IOException {
    try (ServerSocket taken =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      String[] args =
          DealerErp.arguments("--port", String.valueOf(taken.getLocalPort()), "--debug");
      assertThat(args).hasSize(2).startsWith("--debug");
      assertThat(args[1]).startsWith("--server.port=").doesNotContain("" + taken.getLocalPort());
    }
    assertThat(DealerErp.arguments("--file=target/erp", "--port=0")[0])
        .startsWith("--spring.datasource.url=jdbc:h2:file:/")
        .endsWith("target/erp;WRITE_DELAY=0");
    assertThatThrownBy(() -> DealerErp.arguments("--port", "many"))
        .hasMessage("--port must be 0 to 65535, was: many");
    assertThatThrownBy(() -> DealerErp.arguments("--prot", "8081"))
        .hasMessageContainingAll("--prot", "--port N");
    assertThatThrownBy(() -> DealerErp.arguments("--file")).hasMessage("--file needs a value");
  }

  private static Map<String, String> form(String name, String phone) {
    Map<String, String> form = form();
    form.put("customerName", name);
    form.put("customerPhone", phone);
    return form;
  }

  private static Map<String, String> form() {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("requestId", UUID.randomUUID().toString());
    form.put("customerName", "步步");
    form.put("customerPhone", "13700000001");
    form.put("region", "浙江/杭州/西湖区");
    form.put("street", "文三路 1 号");
    form.put("salesperson", "D1001");
    form.put("channel", "门店");
    form.put("lines[0].sku", "KH2101");
    form.put("lines[0].quantity", "1");
    form.put("lines[0].price", "2799");
    return form;
  }

  private String first() throws Exception {
    return erp.bean(OrderDesk.class).search(null, "周敏", 0).getContent().get(0).orderNo();
  }

  private String advance(String order, Map<String, String> step) throws Exception {
    HttpResponse<String> answer = post(order + "/steps", step);
    String cookie = answer.headers().firstValue("Set-Cookie").orElse("").split(";", 2)[0];
    return send(HttpRequest.newBuilder(URI.create(location(answer))).header("Cookie", cookie))
        .body();
  }

  private static String location(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(at(path)).header("Accept", "text/html"));
  }

  private byte[] image(String url) throws Exception {
    return http.send(HttpRequest.newBuilder(at(url)).build(), BodyHandlers.ofByteArray()).body();
  }

  private HttpResponse<String> post(String path, Map<String, String> form) throws Exception {
    return send(request(path, form));
  }

  private static HttpRequest.Builder request(String path, Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(
                field ->
                    URLEncoder.encode(field.getKey(), UTF_8)
                        + "="
                        + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    return HttpRequest.newBuilder(at(path))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "text/html")
        .header("Origin", erp.url())
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private static URI at(String path) {
    return URI.create(path.startsWith("http") ? path : erp.url() + path);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }
}

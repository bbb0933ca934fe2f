package io.laoke.examples.benchmarks;

import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.message.Inbound;
import io.laoke.wechat.CallbackOpening;
import io.laoke.wechat.CallbackRequest;
import io.laoke.wechat.JdkCallbackHandler;
import io.laoke.wechat.OfficialAccount;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import me.chanjar.weixin.common.util.crypto.SHA1;
import me.chanjar.weixin.common.util.crypto.WxCryptUtil;
import me.chanjar.weixin.mp.api.WxMpService;
import me.chanjar.weixin.mp.bean.message.WxMpXmlMessage;
import me.chanjar.weixin.mp.config.impl.WxMpDefaultConfigImpl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * A secure-mode subscribe event, from its bytes to a verified, decrypted, parsed event on one
 * thread, beside WxJava; then the whole callback over HTTP with its row in the inbox.
 */
final class CallbackBenchmark implements Benchmark {
  private static final String APP_ID = "wx0000000000000001";
  private static final String TOKEN = "BenchmarkToken";
  private static final String AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  private static final String NONCE = "1372623149";
  private static final MediaType XML = MediaType.get("text/xml; charset=utf-8");

  @Override
  public String about() {
    return "a secure-mode subscribe event against WxJava: [events=10000] [warmup=10] [http=500]";
  }

  @Override
  public Set<String> options() {
    return Set.of("events", "warmup", "http");
  }

  @Override
  public void run(Options options, Report report) throws Exception {
    report.version("weixin-java-mp", WxMpService.class);
    int events = options.number("events", 10_000);
    OfficialAccount account =
        WeChat.officialAccount(
            OfficialAccountSettings.builder(APP_ID)
                .secret("0123456789abcdef0123456789abcdef")
                .callbackToken(TOKEN)
                .encodingAesKey(AES_KEY)
                .build());
    try (account) {
      parsing(report, account, events, options);
      overHttp(report, account, options.number("http", 500), options.rounds());
    }
  }

  private static void parsing(Report report, OfficialAccount account, int events, Options options)
      throws Exception {
    WxMpDefaultConfigImpl config = new WxMpDefaultConfigImpl();
    config.setAppId(APP_ID);
    config.setToken(TOKEN);
    config.setAesKey(AES_KEY);
    CallbackOpening opening =
        new CallbackOpening(
            account.callback(
                (key, fact) -> {
                  throw new IllegalStateException("nothing is written here");
                }));
    Push push = Push.of(1);
    Inbound ours = opening.open(push.request());
    WxMpXmlMessage theirs = push.byWxJava(config);
    if (!(ours instanceof Inbound.Scanned scanned)
        || !scanned.openid().equals(theirs.getFromUser())
        || !("qrscene_" + scanned.scene()).equals(theirs.getEventKey())) {
      throw new IllegalStateException("The two read different events.");
    }
    Measured measured =
        new Rounds()
            .side(
                "laoke",
                () ->
                    Rounds.timed(
                        () -> {
                          for (int i = 0; i < events; i++) {
                            opening.open(push.request());
                          }
                        }))
            .side(
                "wxjava",
                () ->
                    Rounds.timed(
                        () -> {
                          for (int i = 0; i < events; i++) {
                            push.byWxJava(config);
                          }
                        }))
            .warm(options.number("warmup", 10))
            .run(options.rounds());
    report.table("callback, bytes to event, one thread", events, measured.all());
    report.atLeast(5, "callback-vs-wxjava", measured.of("laoke"), measured.of("wxjava"));
  }

  private static void overHttp(Report report, OfficialAccount account, int events, int rounds)
      throws Exception {
    try (Postgres postgres = Postgres.start();
        HikariDataSource database = postgres.pool(8);
        Laoke laoke =
            Laoke.builder()
                .dataSource(database)
                .dealer("hengxin", DealerSettings.defaults())
                .account("hengxin", account)
                .build()) {
      laoke.migrations().apply();
      // Else the JDK's server waits for a client's delayed acknowledgement, 40 ms each time.
      System.setProperty("sun.net.httpserver.nodelay", "true");
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      ExecutorService threads = Executors.newFixedThreadPool(4);
      server.setExecutor(threads);
      server.createContext("/wechat", new JdkCallbackHandler(account.callback(laoke.inbound())));
      server.start();
      try {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/wechat?";
        OkHttpClient client = new OkHttpClient();
        int[] next = {2};
        Measured measured =
            new Rounds()
                .side(
                    "laoke",
                    () -> {
                      List<Push> pushes =
                          IntStream.range(next[0], next[0] + events).mapToObj(Push::of).toList();
                      next[0] += events;
                      return Rounds.timed(() -> post(client, url, pushes));
                    })
                .run(rounds);
        report.table(
            "callback over HTTP, one after the other, its inbox row and member on PostgreSQL",
            events,
            measured.all());
      } finally {
        server.stop(0);
        threads.shutdownNow();
      }
    }
  }

  private static void post(OkHttpClient client, String url, List<Push> pushes) throws Exception {
    for (Push push : pushes) {
      Request request =
          new Request.Builder()
              .url(url + push.rawQuery())
              .post(RequestBody.create(push.body, XML))
              .build();
      try (Response response = client.newCall(request).execute()) {
        if (response.code() != 200) {
          throw new IllegalStateException("The callback answered " + response.code());
        }
      }
    }
  }

  /** As WeChat sends it; encrypted by WxJava, so by neither of the sides' own luck. */
  private static final class Push {
    private final byte[] body;
    private final Map<String, String> query;

    private Push(byte[] body, Map<String, String> query) {
      this.body = body;
      this.query = query;
    }

    static Push of(int i) {
      long now = Instant.now().getEpochSecond();
      String plain =
          "<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>"
              + "<FromUserName><![CDATA[o%027d]]></FromUserName>".formatted(i)
              + "<CreateTime>%d</CreateTime>".formatted(now)
              + "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe]]></Event>"
              + "<EventKey><![CDATA[qrscene_other:0123456789abcdef]]></EventKey>"
              + "<Ticket><![CDATA[gQH47joAAAAAAAAAASxodHRwOi8vd2VpeGluLnFxLmNvbS9xLzAyWGszaw]]></Ticket></xml>";
      String sealed = new WxCryptUtil(TOKEN, AES_KEY, APP_ID).encrypt("0123456789abcdef", plain);
      String body =
          "<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><Encrypt><![CDATA[%s]]></Encrypt></xml>"
              .formatted(sealed);
      String time = Long.toString(now);
      return new Push(
          body.getBytes(StandardCharsets.UTF_8),
          Map.of(
              "timestamp",
              time,
              "nonce",
              NONCE,
              "encrypt_type",
              "aes",
              "msg_signature",
              SHA1.gen(TOKEN, time, NONCE, sealed)));
    }

    CallbackRequest request() {
      return new CallbackRequest("POST", query, body);
    }

    String rawQuery() {
      StringBuilder raw = new StringBuilder();
      query.forEach((name, value) -> raw.append(name).append('=').append(value).append('&'));
      return raw.toString();
    }

    WxMpXmlMessage byWxJava(WxMpDefaultConfigImpl config) {
      return WxMpXmlMessage.fromEncryptedXml(
          new ByteArrayInputStream(body),
          config,
          String.valueOf(query.get("timestamp")),
          NONCE,
          String.valueOf(query.get("msg_signature")));
    }
  }
}

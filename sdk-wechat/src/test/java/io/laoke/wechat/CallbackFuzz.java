package io.laoke.wechat;

import io.laoke.error.LaokeException;
import io.laoke.message.InboundReceiver;
import io.laoke.message.Reply;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Inputs for the callback URL as nobody would send them who means well, from a seed. Each is given
 * to a callback in each of the three modes in turn. As a program: {@code CallbackFuzz INPUTS SEED}.
 */
final class CallbackFuzz {
  private static final Set<Integer> STATUS = Set.of(200, 400, 403, 405, 413);
  private static final String OTHER_APP = "wxffffffffffffffff";
  private static final int PLATEAU = 1000; // as many inputs warm the caches of the JDK's parsers
  private static final List<String> TOKENS =
      List.of(
          "<",
          ">",
          "</xml>",
          "<xml>",
          "<![CDATA[",
          "]]>",
          "&",
          "&lt;",
          "&#0;",
          "&#x1F600;",
          "&a;",
          "<!--",
          "-->",
          "<?xml version=\"1.0\"?>",
          "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
          "<!DOCTYPE a>",
          "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">",
          "<!ENTITY a \"a\">",
          "{",
          "}",
          "[",
          "]",
          "\"",
          ":",
          ",",
          "null",
          "1e999",
          "-1",
          "99999999999999999999",
          "\\u0000",
          "\\ud800",
          "MsgType",
          "Event",
          "<Event>",
          "</Event>",
          "CreateTime",
          "MsgId",
          "Encrypt",
          "qrscene_",
          "\u0000",
          "\ufeff",
          "中",
          "😀",
          " ",
          "\n");

  /** What kind of trouble an input is. */
  enum Kind {
    MUTATED,
    TRUNCATED,
    FOREIGN,
    FORGED,
    REPLAYED,
    GIANT,
    BOMB,
    DEEP,
    CHARSET,
    QUERY,
    GARBAGE,
    DECRYPTED
  }

  /** Kinds of which nothing may ever be believed. */
  private static final Set<Kind> NEVER = Set.of(Kind.FOREIGN, Kind.FORGED, Kind.REPLAYED);

  private final Random random;
  private final AtomicLong facts = new AtomicLong();
  private final OfficialAccount[] accounts;
  private final WeChatCallback[] callbacks;
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private final Map<Integer, Long> statuses = new TreeMap<>();
  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long mostBytes;
  private long mostNanos;
  private long mostCpuNanos;
  private String slowest = "";
  private String hungriest = "";
  private String busiest = "";

  CallbackFuzz(long seed) {
    random = new Random(seed);
    InboundReceiver receiver =
        (account, fact) -> {
          facts.incrementAndGet();
          return () -> facts.get() % 2 == 0 ? Reply.none() : Reply.text("已绑定 <&]]>");
        };
    accounts =
        new OfficialAccount[] {
          open(Pushes.settings().originalId(Pushes.GH)),
          open(
              Pushes.secure()
                  .originalId(Pushes.GH)
                  .previousEncodingAesKey(Pushes.OLD_KEY)
                  .callbackModes(CallbackMode.COMPATIBLE)),
          open(
              Pushes.secure()
                  .originalId(Pushes.GH)
                  .callbackModes(CallbackMode.PLAIN, CallbackMode.SECURE))
        };
    callbacks =
        Arrays.stream(accounts)
            .map(account -> account.callback(receiver).otherwise(event -> Optional.empty()))
            .toArray(WeChatCallback[]::new);
  }

  private static OfficialAccount open(OfficialAccountSettings.Builder settings) {
    return WeChat.officialAccount(settings.build());
  }

  /**
   * Gives that many inputs.
   *
   * @throws AssertionError naming the input that was answered as it must not be
   */
  void run(long inputs) {
    try {
      for (long i = 0; i < inputs; i++) {
        Kind kind = Kind.values()[(int) (i % Kind.values().length)];
        one(i, kind);
      }
    } finally {
      for (OfficialAccount account : accounts) {
        account.close();
      }
    }
  }

  private void one(long number, Kind kind) {
    WeChatCallback callback = callbacks[random.nextInt(callbacks.length)];
    if (kind == Kind.DECRYPTED) {
      decrypted(callback, number);
      return;
    }
    CallbackRequest request = request(kind);
    long before = facts.get();
    long bytes = threads.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    long cpu = threads.getCurrentThreadCpuTime();
    CallbackResponse response;
    try {
      response = callback.handle(request);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(shown(number, kind, request), e);
    }
    measured(number, kind, request.body().length, start, cpu, bytes);
    counts.merge(kind, 1L, Long::sum);
    statuses.merge(response.status(), 1L, Long::sum);
    if (!STATUS.contains(response.status())) {
      throw new AssertionError(response + " to " + shown(number, kind, request));
    }
    if (NEVER.contains(kind) && (facts.get() != before || response.status() == 200)) {
      throw new AssertionError("believed: " + shown(number, kind, request));
    }
  }

  private void decrypted(WeChatCallback callback, long number) {
    String body = random.nextInt(4) == 0 ? new String(deep(), StandardCharsets.UTF_8) : inner();
    long bytes = threads.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    long cpu = threads.getCurrentThreadCpuTime();
    try {
      Optional<String> unused = callback.accept(body);
    } catch (LaokeException refused) {
      statuses.merge(-1, 1L, Long::sum);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("input " + number + " DECRYPTED: " + body, e);
    }
    measured(number, Kind.DECRYPTED, body.length(), start, cpu, bytes);
    counts.merge(Kind.DECRYPTED, 1L, Long::sum);
  }

  private void measured(long number, Kind kind, int length, long start, long cpu, long bytes) {
    long worked = threads.getCurrentThreadCpuTime() - cpu;
    long took = System.nanoTime() - start;
    long allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
    if (number < PLATEAU) {
      return;
    }
    if (took > mostNanos) {
      mostNanos = took;
      slowest = kind + " of " + length + " bytes";
    }
    if (worked > mostCpuNanos) {
      mostCpuNanos = worked;
      busiest = kind + " of " + length + " bytes";
    }
    if (allocated > mostBytes) {
      mostBytes = allocated;
      hungriest = kind + " of " + length + " bytes";
    }
  }

  /** The most that one input made the calling thread allocate, in bytes. */
  long mostBytes() {
    return mostBytes;
  }

  /** The longest that one input made the calling thread compute, however long it took. */
  Duration mostCpu() {
    return Duration.ofNanos(mostCpuNanos);
  }

  long facts() {
    return facts.get();
  }

  Map<Kind, Long> counts() {
    return counts;
  }

  String report() {
    return "kinds %s, answers %s (-1: refused by accept), facts %d, most allocated %,d bytes (%s), most computed %.1f ms (%s), longest %.1f ms (%s)"
        .formatted(
            counts,
            statuses,
            facts.get(),
            mostBytes,
            hungriest,
            mostCpuNanos / 1e6,
            busiest,
            mostNanos / 1e6,
            slowest);
  }

  private static String shown(long number, Kind kind, CallbackRequest request) {
    String body =
        Arrays.toString(Arrays.copyOf(request.body(), Math.min(400, request.body().length)));
    return "input %d %s %s query %s body of %d bytes: %s"
        .formatted(number, kind, request, request.query(), request.body().length, body);
  }

  private CallbackRequest request(Kind kind) {
    return switch (kind) {
      case MUTATED -> sent(mutated(inner()));
      case TRUNCATED -> truncated();
      case FOREIGN -> foreign();
      case FORGED -> forged();
      case REPLAYED -> replayed();
      case GIANT -> giant();
      case BOMB -> sent(bomb());
      case DEEP -> signedPlain(deep());
      case CHARSET -> signedPlain(wrongCharset());
      case QUERY -> hostileQuery();
      case GARBAGE, DECRYPTED -> signedPlain(bytes(random.nextInt(400)));
    };
  }

  private String inner() {
    String push =
        switch (random.nextInt(5)) {
          case 0 -> Pushes.scan("lk:1");
          case 1 -> Pushes.text("滤芯多久换");
          case 2 -> Pushes.event("subscribe", "<EventKey><![CDATA[qrscene_lk:1]]></EventKey>");
          case 3 ->
              Pushes.event(
                  "MASSSENDJOBFINISH",
                  "<MsgID>1</MsgID><Status>send success</Status><TotalCount>2</TotalCount>");
          default ->
              "{\"ToUserName\":\"%s\",\"FromUserName\":\"oMEMBER1\",\"CreateTime\":1766000000,\"MsgType\":\"event\",\"Event\":\"SCAN\",\"EventKey\":\"lk:1\"}"
                  .formatted(Pushes.GH);
        };
    return random.nextInt(3) == 0 ? mutated(push) : push;
  }

  /** As any of the three modes sends it, properly signed. */
  private CallbackRequest sent(String body) {
    return switch (random.nextInt(3)) {
      case 0 -> Pushes.plain(body);
      case 1 -> Pushes.encrypted(body);
      default -> compatible(body);
    };
  }

  private static CallbackRequest compatible(String body) {
    CallbackRequest secure = Pushes.encrypted(body);
    String sealed = new String(secure.body(), StandardCharsets.UTF_8);
    int encrypt = sealed.indexOf("<Encrypt>");
    int end = body.indexOf("</xml>");
    String both =
        encrypt < 0 || end < 0 ? sealed : body.substring(0, end) + sealed.substring(encrypt);
    return new CallbackRequest("POST", secure.query(), Pushes.utf8(both));
  }

  private static CallbackRequest signedPlain(byte[] body) {
    return new CallbackRequest("POST", Pushes.query(), body);
  }

  private CallbackRequest truncated() {
    CallbackRequest whole = sent(inner());
    byte[] body = Arrays.copyOf(whole.body(), random.nextInt(whole.body().length + 1));
    return new CallbackRequest("POST", whole.query(), body);
  }

  /** Well made, but for another appid, with another key, or with another account's token. */
  private CallbackRequest foreign() {
    String push = Pushes.scan("lk:1");
    return switch (random.nextInt(4)) {
      case 0 -> Pushes.encrypted(push, new AesKey(Pushes.KEY, OTHER_APP));
      case 1 -> Pushes.encrypted(push, new AesKey("x".repeat(42) + "A", Platform.APP_ID));
      case 2 -> Pushes.encrypted(push.replace(Pushes.GH, "gh_ffffffffffff"));
      default -> Pushes.plain(push.replace(Pushes.GH, "gh_ffffffffffff"));
    };
  }

  /** With a signature that does not cover it. */
  private CallbackRequest forged() {
    CallbackRequest right =
        random.nextBoolean()
            ? Pushes.encrypted(Pushes.scan("lk:1"))
            : Pushes.plain(Pushes.scan("lk:1"));
    Map<String, String> query = new TreeMap<>(right.query());
    String name = query.containsKey("msg_signature") ? "msg_signature" : "signature";
    switch (random.nextInt(5)) {
      case 0 -> query.put(name, flipped(query.get(name)));
      case 1 -> query.remove(name);
      case 2 -> query.put("nonce", query.get("nonce") + random.nextInt(10));
      case 3 -> query.put(name, "");
      default -> query.put(name, query.get(name).toUpperCase(java.util.Locale.ROOT) + " ");
    }
    return new CallbackRequest("POST", query, right.body());
  }

  private String flipped(String hex) {
    int at = random.nextInt(hex.length());
    return hex.substring(0, at) + (hex.charAt(at) == '0' ? '1' : '0') + hex.substring(at + 1);
  }

  /** Properly signed, at another time. */
  private CallbackRequest replayed() {
    long off = 301 + random.nextInt(1_000_000);
    long when = Pushes.NOW.getEpochSecond() + (random.nextBoolean() ? off : -off);
    String time = String.valueOf(when);
    Map<String, String> query = new TreeMap<>();
    query.put("timestamp", time);
    query.put("nonce", "nonce1");
    query.put("signature", Signature.of(Pushes.TOKEN, time, "nonce1"));
    CallbackRequest right = Pushes.encrypted(Pushes.scan("lk:1"));
    if (random.nextBoolean()) {
      return new CallbackRequest("POST", query, Pushes.utf8(Pushes.scan("lk:1")));
    }
    String sealed =
        new AesKey(Pushes.KEY, Platform.APP_ID)
            .encrypt(Pushes.scan("lk:1"), Pushes.utf8("0123456789abcdef"));
    query.put("encrypt_type", "aes");
    query.put("msg_signature", Signature.of(Pushes.TOKEN, time, "nonce1", sealed));
    return new CallbackRequest("POST", query, right.body());
  }

  private CallbackRequest giant() {
    int size = 40_000 + random.nextInt(40_000);
    String filler =
        switch (random.nextInt(7)) {
          case 0 -> "<Content>" + "a".repeat(size) + "</Content>";
          case 1 -> repeated(size / 8, i -> "<a>1</a>");
          case 2 -> repeated(size / 20, i -> "<n" + i + ">1</n" + i + ">");
          case 3 -> "<" + "n".repeat(size) + ">1</" + "n".repeat(100) + ">";
          case 4 -> "<a " + repeated(size / 10, i -> "b" + i + "=\"1\" ") + "/>";
          case 5 -> "<!--" + "-x".repeat(size / 2) + "-->";
          default -> "<a>" + "]]&gt;&lt;".repeat(size / 10) + "</a>";
        };
    String body =
        random.nextInt(4) == 0
            ? "{" + repeated(size / 12, i -> "\"k" + i + "\":" + i + ",") + "\"a\":1}"
            : Pushes.event("SCAN", filler);
    return random.nextBoolean() ? Pushes.plain(body) : Pushes.encrypted(body);
  }

  private static String repeated(int times, IntFunction<String> what) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < times; i++) {
      all.append(what.apply(i));
    }
    return all.toString();
  }

  private String bomb() {
    StringBuilder bomb = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE lolz [");
    switch (random.nextInt(4)) {
      case 0 -> {
        bomb.append("<!ENTITY a0 \"lol\">");
        for (int i = 1; i <= 12; i++) {
          bomb.append("<!ENTITY a").append(i).append(" \"");
          bomb.append(("&a" + (i - 1) + ";").repeat(10)).append("\">");
        }
        bomb.append("]><xml><FromUserName>&a12;</FromUserName></xml>");
      }
      case 1 -> {
        bomb.append("<!ENTITY a \"").append("x".repeat(30_000)).append("\">]><xml>");
        bomb.append("&a;".repeat(5000)).append("</xml>");
      }
      case 2 ->
          bomb.append(
              "<!ENTITY a SYSTEM \"file:///etc/passwd\">]><xml><Content>&a;</Content></xml>");
      default -> bomb.append("<!ENTITY % a SYSTEM \"http://127.0.0.1:1/x.dtd\">%a;]><xml/>");
    }
    return random.nextInt(3) == 0 ? mutated(bomb.toString()) : bomb.toString();
  }

  private byte[] deep() {
    int depth = 1 + random.nextInt(20_000);
    String body =
        switch (random.nextInt(4)) {
          case 0 -> "<a>".repeat(depth) + "1" + "</a>".repeat(depth);
          case 1 -> "<a>".repeat(depth);
          case 2 -> "{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
          default -> "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
        };
    return Pushes.utf8(body);
  }

  private byte[] wrongCharset() {
    String push = Pushes.text("滤芯多久换");
    String named = random.nextBoolean() ? "<?xml version=\"1.0\" encoding=\"GBK\"?>" + push : push;
    Charset charset =
        List.of(
                StandardCharsets.UTF_16,
                StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_16BE,
                Charset.forName("GBK"),
                StandardCharsets.ISO_8859_1)
            .get(random.nextInt(5));
    byte[] body = named.getBytes(charset);
    if (random.nextInt(3) == 0) {
      byte[] bad = {(byte) 0xC0, (byte) 0xAF, (byte) 0xED, (byte) 0xA0, (byte) 0x80, (byte) 0xFF};
      body = Pushes.utf8(push);
      System.arraycopy(bad, 0, body, random.nextInt(body.length - bad.length), bad.length);
    }
    return body;
  }

  private CallbackRequest hostileQuery() {
    CallbackRequest right =
        random.nextBoolean() ? Pushes.encrypted(inner()) : Pushes.plain(inner());
    String method = List.of("POST", "GET", "HEAD", "PUT", "", "post").get(random.nextInt(6));
    if (random.nextInt(3) == 0) {
      return CallbackRequest.of(method, rawQuery(right.query()), right.body());
    }
    Map<String, String> query = new HashMap<>(right.query());
    for (String name :
        List.of("timestamp", "nonce", "signature", "msg_signature", "encrypt_type", "echostr")) {
      if (random.nextInt(3) == 0) {
        query.put(name, hostileValue(query.getOrDefault(name, "")));
      }
    }
    return new CallbackRequest(method, query, right.body());
  }

  private String hostileValue(String value) {
    return switch (random.nextInt(9)) {
      case 0 -> "";
      case 1 -> "9".repeat(1 + random.nextInt(30));
      case 2 -> "-" + Long.MAX_VALUE;
      case 3 -> "a".repeat(random.nextInt(100_000));
      case 4 -> value + "\r\nSet-Cookie: a=b";
      case 5 -> "<script>alert(1)</script>";
      case 6 -> "\u0000\uD800";
      case 7 -> "١٧٦٦٠٠٠٠٠٠"; // digits, but not ours
      default -> mutated(value);
    };
  }

  private String rawQuery(Map<String, String> query) {
    StringBuilder raw = new StringBuilder();
    query.forEach((name, value) -> raw.append('&').append(name).append('=').append(value));
    return switch (random.nextInt(5)) {
      case 0 -> raw + "&timestamp=%zz%&%%%=&=&&==";
      case 1 -> raw + raw.toString().repeat(20);
      case 2 -> "&".repeat(random.nextInt(20_000)) + raw;
      case 3 -> raw + "&a=%FF%FE%00%C0%AF";
      default -> mutated(raw.toString());
    };
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    if (length > 0 && random.nextBoolean()) {
      bytes[0] = (byte) (random.nextBoolean() ? '<' : '{');
    }
    if (length > 8 && random.nextInt(8) == 0) {
      ByteBuffer.wrap(bytes).putLong(random.nextLong());
    }
    return bytes;
  }

  private String mutated(String text) {
    StringBuilder changed = new StringBuilder(text);
    for (int n = random.nextInt(5); n > 0; n--) {
      int at = random.nextInt(changed.length() + 1);
      switch (random.nextInt(5)) {
        case 0 -> changed.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
        case 1 -> changed.setLength(at);
        case 2 -> changed.delete(at, Math.min(changed.length(), at + random.nextInt(9)));
        case 3 -> {
          int end = Math.min(changed.length(), at + random.nextInt(60));
          changed.insert(random.nextInt(changed.length() + 1), changed.substring(at, end));
        }
        default -> changed.insert(at, (char) random.nextInt(0x10000));
      }
    }
    return changed.toString();
  }

  /** Runs and prints. */
  public static void main(String[] args) {
    long inputs = args.length > 0 ? Long.parseLong(args[0]) : 1_000_000;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    CallbackFuzz fuzz = new CallbackFuzz(seed);
    long start = System.nanoTime();
    fuzz.run(inputs);
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        "%,d inputs, seed %d, %.0f s, heap after %,d KiB of %,d: %s%n",
        inputs,
        seed,
        (System.nanoTime() - start) / 1e9,
        (runtime.totalMemory() - runtime.freeMemory()) / 1024,
        runtime.maxMemory() / 1024,
        fuzz.report());
  }
}

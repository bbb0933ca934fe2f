package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes to the callback URL: an answer, never an exception, and no fact that was forged.
 */
class CallbackFuzzTest {
  private static final long SEED = 20261124;
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
          "<!--",
          "-->",
          "<?xml version=\"1.0\"?>",
          "<!DOCTYPE a>",
          "{",
          "}",
          "[",
          "]",
          "\"",
          ":",
          ",",
          "null",
          "1e999",
          "\\u0000",
          "MsgType",
          "Event",
          "<Event>",
          "</Event>",
          "CreateTime",
          "qrscene_",
          "\u0000",
          "\ufeff",
          "中",
          "😀",
          " ",
          "\n");

  @Test
  void nothingEscapes() {
    Random random = new Random(SEED);
    Pushes.Receiver receiver = new Pushes.Receiver();
    OfficialAccount account =
        WeChat.officialAccount(
            Pushes.secure()
                .originalId(Pushes.GH)
                .callbackModes(CallbackMode.PLAIN, CallbackMode.SECURE)
                .build());
    try {
      WeChatCallback callback =
          account.callback(receiver).otherwise(event -> java.util.Optional.empty());
      for (int i = 0; i < 40_000; i++) {
        CallbackRequest request = request(random);
        CallbackResponse response = callback.handle(request);
        assertThat(response.status())
            .as("seed %d, input %d: %s", SEED, i, Arrays.toString(request.body()))
            .isIn(200, 400, 403, 405, 413);
      }
    } finally {
      account.close();
    }
  }

  @Test
  void noChangedByteOfAnEncryptedPushIsBelieved() {
    Random random = new Random(SEED);
    Pushes.Receiver receiver = new Pushes.Receiver();
    OfficialAccount account = WeChat.officialAccount(Pushes.secure().build());
    try {
      WeChatCallback callback = account.callback(receiver);
      CallbackRequest right = Pushes.encrypted(Pushes.scan("lk:1"));
      int sealed = new String(right.body(), StandardCharsets.UTF_8).indexOf("<Encrypt>") + 18;
      for (int i = 0; i < 5000; i++) {
        byte[] body = right.body().clone();
        int at = sealed + random.nextInt(body.length - sealed - 25);
        body[at] = (byte) (body[at] ^ (1 << random.nextInt(7)));
        assertThat(callback.handle(new CallbackRequest("POST", right.query(), body)).status())
            .as("seed %d, byte %d", SEED, at)
            .isIn(400, 403);
      }
      assertThat(receiver.facts).isEmpty();
    } finally {
      account.close();
    }
  }

  private static CallbackRequest request(Random random) {
    String inner = mutated(random, random.nextBoolean() ? Pushes.scan("lk:1") : Pushes.text("hi"));
    CallbackRequest request =
        switch (random.nextInt(4)) {
          case 0 -> Pushes.encrypted(inner);
          case 1 -> Pushes.plain(inner);
          case 2 ->
              Pushes.sealed(mutated(random, "QUJDREVGR0hJSktMTU5PUA=="), random.nextBoolean());
          default -> new CallbackRequest("POST", Pushes.query(), bytes(random));
        };
    if (random.nextInt(5) > 0) {
      return request;
    }
    Map<String, String> query = new TreeMap<>(request.query());
    for (String key : List.copyOf(query.keySet())) {
      if (random.nextInt(4) == 0) {
        query.put(key, mutated(random, query.get(key)));
      }
    }
    String method = List.of("POST", "GET", "HEAD", "").get(random.nextInt(4));
    return new CallbackRequest(method, query, request.body());
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    if (bytes.length > 0 && random.nextBoolean()) {
      bytes[0] = (byte) (random.nextBoolean() ? '<' : '{');
    }
    return bytes;
  }

  private static String mutated(Random random, String text) {
    StringBuilder changed = new StringBuilder(text);
    for (int n = random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(changed.length() + 1);
      switch (random.nextInt(4)) {
        case 0 -> changed.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
        case 1 -> changed.setLength(at);
        case 2 -> changed.delete(at, Math.min(changed.length(), at + random.nextInt(9)));
        default -> changed.insert(at, (char) random.nextInt(0x10000));
      }
    }
    return changed.toString();
  }
}

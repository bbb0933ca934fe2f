package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors of the official pages and of other libraries' tests; V6 are our own. */
class ReferenceVectorsTest {
  private static final String ZERO_KEY = "A".repeat(43);
  private static final String DEMO_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

  private static final String V1_APP_ID = "wxba5fad812f8e6fb9";
  private static final String V1_PUSH =
      "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMk"
          + "Uyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7Ggia"
          + "viNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIj"
          + "df8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=";
  private static final String V1_REPLY =
      "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzv"
          + "e1L32tmxSQ==";
  private static final String V2 =
      "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1Q"
          + "LvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS"
          + "7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6N"
          + "PhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSV"
          + "O/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrc"
          + "pCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE=";
  private static final String V2_PLAIN =
      "<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName>\n"
          + "<FromUserName><![CDATA[oyORnuP8q7ou2gfYjqLzSIWZf0rs]]></FromUserName>\n"
          + "<CreateTime>1409735668</CreateTime>\n"
          + "<MsgType><![CDATA[text]]></MsgType>\n"
          + "<Content><![CDATA[abcdteT]]></Content>\n"
          + "<MsgId>6054768590064713728</MsgId>\n"
          + "</xml>";
  private static final String V3 =
      "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGM"
          + "hkP72vVOfg==";
  private static final String V4 =
      "rTNFcsut4LfGuAFKEUVVpwcaCOTJzOd9twZdIW910jb3k+iicx2uvhttIZ3Qg9Qgty3BEF2xbOrz"
          + "6boTfb30dMomcgrkTqdFPwnhqbk+kIQ7rZiwny9D7NUrTgA5kpX3KsZvrXzUZyP2x9YOlxbgm572"
          + "lmxKvM7HAQQhIQ/p6HBmoY30bGXFK0BtIu1pW9TjhOYrLQoU18nWYjWqDA1ynkmOytpv7QRI1P1+"
          + "0NoxL0q2zO1DgeSvnE8CZGo/o5Ap/WHK5W2RAsinpzN4/LjPnmB6U01I5XCoJoC0GK/yMZycd2Oh"
          + "8Nq6+wBkC1U85oy0ktOY4nLvsQMLrourmMGdZHuTbqpeJ8Ao/5PRYJ+WBvRUwPfGKBL2+2IKZF49"
          + "vAJqkcGWSHGE76ZN2erXeuNazf/o9o3lIE3q739o4c8t9QGPe31GT2Go/rOz1BsrASwvauNulCh+"
          + "++yz+CQzBIuikA==";

  @Test
  void v1OfficialSignatures() {
    assertThat(Signature.of("AAAAA", "1714037059", "486452656"))
        .isEqualTo("899cf89e464efb63f54ddac96b0a0a235f53aa78");
    assertThat(Signature.of("AAAAA", "1714112445", "415670741"))
        .isEqualTo("6c5c811b55cc85e0e1b54100749188c20beb3f5d");
    assertThat(Signature.of("AAAAA", "1714112445", "415670741", V1_PUSH))
        .isEqualTo("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3");
  }

  @Test
  void v1OfficialPushAndReply() {
    String plain =
        "{\"ToUserName\":\"gh_97417a04a28d\",\"FromUserName\":\"o9AgO5Kd5ggOC-bXrbNODIiE3bGY\","
            + "\"CreateTime\":1714112445,\"MsgType\":\"event\",\"Event\":\"debug_demo\","
            + "\"debug_str\":\"hello world\"}";
    AesKey key = new AesKey(ZERO_KEY, V1_APP_ID);
    assertThat(key.decrypt(V1_PUSH)).contains(plain);
    assertThat(key.encrypt(plain, ascii("a8eedb185eb2fecf"))).isEqualTo(V1_PUSH);
    assertThat(key.encrypt("{\"demo_resp\":\"good luck\"}", ascii("707722b803182950")))
        .isEqualTo(V1_REPLY);
    assertThat(Signature.of("AAAAA", "1713424427", "415670741", V1_REPLY))
        .isEqualTo("1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1");
  }

  @Test
  void v2OfficialDemoPackage() {
    AesKey key = new AesKey(DEMO_KEY, "wx2c2769f8efd9abc2");
    assertThat(Signature.of("spamtest", "1409735669", "1320562132"))
        .isEqualTo("16120ec1b8dbb870f510d87ce6bc2463eae6ca1a");
    assertThat(Signature.of("spamtest", "1409735669", "1320562132", V2))
        .isEqualTo("5d197aaffba7e9b25a30732f161a50dee96bd5fa");
    assertThat(key.decrypt(V2)).contains(V2_PLAIN);
    assertThat(key.encrypt(V2_PLAIN, ascii("89465c840c5f116f"))).isEqualTo(V2);
    PushBody push = PushBody.parse(V2_PLAIN).orElseThrow();
    assertThat(push.field("Content")).isEqualTo("abcdteT");
    assertThat(push.field("MsgId")).isEqualTo("6054768590064713728");
  }

  @Test
  void v3FixedRandom() {
    AesKey key = new AesKey(DEMO_KEY, "wxb11529c136998cb6");
    assertThat(key.encrypt("我是中文abcd123", ascii("aaaabbbbccccdddd"))).isEqualTo(V3);
    assertThat(key.decrypt(V3)).contains("我是中文abcd123");
    assertThat(Signature.of("pamtest", "1409304348", "xxxxxx", V3))
        .isEqualTo("82c962d39941aa48552f90ef55aa323dc620cc10");
  }

  @Test
  void v3UnderAnotherAppIdIsRefused() {
    assertThat(new AesKey(DEMO_KEY, "wx2c2769f8efd9abc2").decrypt(V3)).isEmpty();
  }

  @Test
  void v4PaddingOver16() {
    AesKey key = new AesKey(DEMO_KEY, "wxb11529c136998cb6");
    assertThat(Signature.of("pamtest", "1458300676", "260774613", V4))
        .isEqualTo("4f3ad57b6989f09f4eb392acce4f9e93942ed890");
    String plain = key.decrypt(V4).orElseThrow();
    assertThat(plain.getBytes(StandardCharsets.UTF_8)).hasSize(293);
    assertThat(key.encrypt(plain, ascii("d43123b161a4ba84"))).isEqualTo(V4);
    PushBody push = PushBody.parse(plain).orElseThrow();
    assertThat(push.field("ToUserName")).isEqualTo("asdasdasd");
    assertThat(push.field("FromUserName")).isEqualTo("asdasdasdsadasd");
    assertThat(push.field("CreateTime")).isEqualTo("1234567898");
    assertThat(push.field("Content")).isEqualTo("hello");
    assertThat(push.field("MsgId")).isEqualTo("12345");
  }

  @ParameterizedTest
  @CsvSource({
    "token1234567890,1458864389,2066297436,f9c725922f6844701ba71e98031978e40023c09f",
    "test,1410685589,test,f21891de399b4e33a1a93c9a7b8a8fffb5a443ff",
    "789,456,123,f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    "123,789,456,f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    "a,b,c,a9993e364706816aba3e25717850c26c9cd0d89d"
  })
  void v5Signatures(String a, String b, String c, String signature) {
    assertThat(Signature.of(a, b, c)).isEqualTo(signature);
    assertThat(Signature.matches(signature, c, a, b)).isTrue();
    assertThat(Signature.matches(signature.toUpperCase(), c, a, b)).isFalse();
    assertThat(Signature.matches("", a, b, c)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0,26,2c3f70096163d29da0c46e68ff6b794a5f00b7ee,"
        + "Q3stYC6hdFzMh9T8HCvyDMf74agqskx1ZoF99WNemUuaDavqcTccSEYogkFsArR/qk34qYcY0kb6obDhOBKpyg==",
    "57,1,2d8e9a8ec6c7abef71a2e5de6258188a9092838c,"
        + "Q3stYC6hdFzMh9T8HCvyDFsxX9TFzCEKkgM4HhGzpVMZCbGU2N1rPd9cVun2hvJD9CjkHpnbTJ/Xh7BODkpT2V/QphiklPdu+2pcybm2R2Koe4ZiGNhTnb/xyZ2iX8Yt",
    "58,32,590b6551c2193cffcbadf583d83392517da27bcc,"
        + "Q3stYC6hdFzMh9T8HCvyDIKMpJ2YB/WJNYEsiBRSdP7uuAg59ygU0GcjEbNixcLfuHJQGfnGB/sQWDCwRYJJMDGHdyNXwaSNbiwQT1k8/tsqeiL19lgsJ4G54kZjfJElHV0O1gzE1Mt47rZ4XD6NNVr0zlzAd10HLmLOOknyzmA="
  })
  void v6PaddingEdges(int length, int pad, String signature, String encrypted) {
    AesKey key = new AesKey(DEMO_KEY, "wx0000000000000001");
    String plain = "x".repeat(length);
    assertThat(16 + 4 + length + 18 + pad).isEqualTo(32 * ((16 + 4 + length + 18) / 32 + 1));
    assertThat(key.encrypt(plain, ascii("0123456789abcdef"))).isEqualTo(encrypted);
    assertThat(key.decrypt(encrypted)).contains(plain);
    assertThat(Signature.of("selftest", "1700000000", "nonce0", encrypted)).isEqualTo(signature);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "#anything", "#a?b=c#d"})
  void v7JsSdk(String fragment) {
    assertThat(
            JsSdkSignature.of(
                "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
                "Wm3WZYTPz0wzccnW",
                1414587457L,
                "http://mp.weixin.qq.com?params=value" + fragment))
        .isEqualTo("0f9de62fce790f9a083d5c99e95740ceb90c27ed");
  }

  @Test
  void aChangedCharacterChangesTheSignature() {
    String right = Signature.of("spamtest", "1409735669", "1320562132", V2);
    assertThat(Signature.of("spamtest", "1409735669", "1320562132", "i" + V2.substring(1)))
        .isNotEqualTo(right);
    assertThat(Signature.of("spamtest", "1409735668", "1320562132", V2)).isNotEqualTo(right);
    assertThat(Signature.of("spamtest", "1409735669", "1320562133", V2)).isNotEqualTo(right);
    assertThat(Signature.of("hamtest", "1409735669", "1320562132", V2)).isNotEqualTo(right);
  }

  @Test
  void takesAKeyWhoseLastCharacterCarriesStrayBits() {
    assertThat(HexFormat.of().formatHex(java.util.Base64.getDecoder().decode(DEMO_KEY + "=")))
        .isEqualTo("69b71d79f8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3d0010831051");
    assertThat(new AesKey(DEMO_KEY.substring(0, 42) + "F", "wxb11529c136998cb6").decrypt(V3))
        .as("F and G differ only in bits that are not part of the key")
        .contains("我是中文abcd123");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference's vectors V1 to V6. */
class PushCryptoTest {
  private static final String DEMO_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

  @Test
  void v1OfficialPush() throws Exception {
    assertThat(PushCrypto.signature("AAAAA", "1714037059", "486452656"))
        .isEqualTo("899cf89e464efb63f54ddac96b0a0a235f53aa78");
    String cipherText =
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=";
    assertThat(PushCrypto.signature("AAAAA", "1714112445", "415670741"))
        .isEqualTo("6c5c811b55cc85e0e1b54100749188c20beb3f5d");
    assertThat(PushCrypto.signature("AAAAA", "1714112445", "415670741", cipherText))
        .isEqualTo("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3");
    PushCrypto crypto = new PushCrypto("A".repeat(43), "wxba5fad812f8e6fb9");
    String plain =
        "{\"ToUserName\":\"gh_97417a04a28d\",\"FromUserName\":\"o9AgO5Kd5ggOC-bXrbNODIiE3bGY\",\"CreateTime\":1714112445,\"MsgType\":\"event\",\"Event\":\"debug_demo\",\"debug_str\":\"hello world\"}";
    assertThat(crypto.decrypt(cipherText)).isEqualTo(plain);
    assertThat(crypto.encrypt(plain, "a8eedb185eb2fecf")).isEqualTo(cipherText);
  }

  @Test
  void v1OfficialReply() {
    String cipherText =
        new PushCrypto("A".repeat(43), "wxba5fad812f8e6fb9")
            .encrypt("{\"demo_resp\":\"good luck\"}", "707722b803182950");
    assertThat(cipherText)
        .isEqualTo(
            "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==");
    assertThat(PushCrypto.signature("AAAAA", "1713424427", "415670741", cipherText))
        .isEqualTo("1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1");
  }

  @Test
  void v2OfficialDemo() throws Exception {
    String cipherText =
        "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE=";
    assertThat(PushCrypto.signature("spamtest", "1409735669", "1320562132"))
        .isEqualTo("16120ec1b8dbb870f510d87ce6bc2463eae6ca1a");
    assertThat(PushCrypto.signature("spamtest", "1409735669", "1320562132", cipherText))
        .isEqualTo("5d197aaffba7e9b25a30732f161a50dee96bd5fa");
    String plain =
        """
        <xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName>
        <FromUserName><![CDATA[oyORnuP8q7ou2gfYjqLzSIWZf0rs]]></FromUserName>
        <CreateTime>1409735668</CreateTime>
        <MsgType><![CDATA[text]]></MsgType>
        <Content><![CDATA[abcdteT]]></Content>
        <MsgId>6054768590064713728</MsgId>
        </xml>""";
    PushCrypto crypto = new PushCrypto(DEMO_KEY, "wx2c2769f8efd9abc2");
    assertThat(crypto.decrypt(cipherText)).isEqualTo(plain);
    assertThat(crypto.encrypt(plain, "89465c840c5f116f")).isEqualTo(cipherText);
  }

  @Test
  void v3ChineseTextAndForeignAppid() throws Exception {
    PushCrypto crypto = new PushCrypto(DEMO_KEY, "wxb11529c136998cb6");
    String cipherText = crypto.encrypt("我是中文abcd123", "aaaabbbbccccdddd");
    assertThat(cipherText)
        .isEqualTo(
            "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==");
    assertThat(PushCrypto.signature("pamtest", "1409304348", "xxxxxx", cipherText))
        .isEqualTo("82c962d39941aa48552f90ef55aa323dc620cc10");
    assertThat(crypto.decrypt(cipherText)).isEqualTo("我是中文abcd123");
    assertThatThrownBy(() -> new PushCrypto(DEMO_KEY, "wx0").decrypt(cipherText))
        .hasMessageContaining("another appid");
  }

  @Test
  void v4Pad21() throws Exception {
    String cipherText =
        "rTNFcsut4LfGuAFKEUVVpwcaCOTJzOd9twZdIW910jb3k+iicx2uvhttIZ3Qg9Qgty3BEF2xbOrz6boTfb30dMomcgrkTqdFPwnhqbk+kIQ7rZiwny9D7NUrTgA5kpX3KsZvrXzUZyP2x9YOlxbgm572lmxKvM7HAQQhIQ/p6HBmoY30bGXFK0BtIu1pW9TjhOYrLQoU18nWYjWqDA1ynkmOytpv7QRI1P1+0NoxL0q2zO1DgeSvnE8CZGo/o5Ap/WHK5W2RAsinpzN4/LjPnmB6U01I5XCoJoC0GK/yMZycd2Oh8Nq6+wBkC1U85oy0ktOY4nLvsQMLrourmMGdZHuTbqpeJ8Ao/5PRYJ+WBvRUwPfGKBL2+2IKZF49vAJqkcGWSHGE76ZN2erXeuNazf/o9o3lIE3q739o4c8t9QGPe31GT2Go/rOz1BsrASwvauNulCh+++yz+CQzBIuikA==";
    assertThat(PushCrypto.signature("pamtest", "1458300676", "260774613", cipherText))
        .isEqualTo("4f3ad57b6989f09f4eb392acce4f9e93942ed890");
    assertThat(new PushCrypto(DEMO_KEY, "wxb11529c136998cb6").decrypt(cipherText))
        .contains("asdasdasdsadasd", "1234567898", "hello", "12345")
        .satisfies(
            plain ->
                assertThat(plain.getBytes(java.nio.charset.StandardCharsets.UTF_8)).hasSize(293));
  }

  @ParameterizedTest
  @CsvSource({
    "token1234567890,1458864389,2066297436,f9c725922f6844701ba71e98031978e40023c09f",
    "test,1410685589,test,f21891de399b4e33a1a93c9a7b8a8fffb5a443ff",
    "789,456,123,f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    "123,789,456,f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    "a,b,c,a9993e364706816aba3e25717850c26c9cd0d89d"
  })
  void v5Signatures(String token, String timestamp, String nonce, String expected) {
    assertThat(PushCrypto.signature(token, timestamp, nonce)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0,2c3f70096163d29da0c46e68ff6b794a5f00b7ee,Q3stYC6hdFzMh9T8HCvyDMf74agqskx1ZoF99WNemUuaDavqcTccSEYogkFsArR/qk34qYcY0kb6obDhOBKpyg==",
    "57,2d8e9a8ec6c7abef71a2e5de6258188a9092838c,Q3stYC6hdFzMh9T8HCvyDFsxX9TFzCEKkgM4HhGzpVMZCbGU2N1rPd9cVun2hvJD9CjkHpnbTJ/Xh7BODkpT2V/QphiklPdu+2pcybm2R2Koe4ZiGNhTnb/xyZ2iX8Yt",
    "58,590b6551c2193cffcbadf583d83392517da27bcc,Q3stYC6hdFzMh9T8HCvyDIKMpJ2YB/WJNYEsiBRSdP7uuAg59ygU0GcjEbNixcLfuHJQGfnGB/sQWDCwRYJJMDGHdyNXwaSNbiwQT1k8/tsqeiL19lgsJ4G54kZjfJElHV0O1gzE1Mt47rZ4XD6NNVr0zlzAd10HLmLOOknyzmA="
  })
  void v6PaddingEdges(int length, String signature, String expected) throws Exception {
    PushCrypto crypto = new PushCrypto(DEMO_KEY, "wx0000000000000001");
    String plain = "x".repeat(length);
    String cipherText = crypto.encrypt(plain, "0123456789abcdef");
    assertThat(cipherText).isEqualTo(expected);
    assertThat(PushCrypto.signature("selftest", "1700000000", "nonce0", cipherText))
        .isEqualTo(signature);
    assertThat(crypto.decrypt(cipherText)).isEqualTo(plain);
  }

  @Test
  void refusesWhatIsNotCipherText() {
    PushCrypto crypto = new PushCrypto(DEMO_KEY, "wx0000000000000001");
    assertThatThrownBy(() -> crypto.decrypt("???")).hasMessageContaining("Base64");
    assertThatThrownBy(() -> crypto.decrypt("AAAA")).hasMessageContaining("blocks");
    assertThatThrownBy(() -> crypto.decrypt("")).hasMessageContaining("padding");
    assertThatThrownBy(() -> crypto.decrypt("AAAAAAAAAAAAAAAAAAAAAA=="))
        .hasMessageContaining("padding");
  }
}

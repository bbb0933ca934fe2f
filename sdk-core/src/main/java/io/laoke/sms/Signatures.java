package io.laoke.sms;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The signatures of both providers' calls. */
final class Signatures {
  static final String EMPTY = hash(new byte[0]);

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

  private Signatures() {}

  /** Aliyun's ACS3-HMAC-SHA256 of a POST without a body. */
  record Acs3(String canonicalHash, String signature, String authorization) {
    /**
     * Signs.
     *
     * @param headers those that are signed, by their names in small letters
     * @param query as {@link Signatures#query} gives it
     */
    static Acs3 of(String keyId, String secret, SortedMap<String, String> headers, String query) {
      String names = String.join(";", headers.keySet());
      String lines =
          headers.entrySet().stream()
              .map(header -> header.getKey() + ":" + header.getValue() + "\n")
              .collect(Collectors.joining());
      String canonical = "POST\n/\n" + query + "\n" + lines + "\n" + names + "\n" + EMPTY;
      String canonicalHash = hash(canonical.getBytes(UTF_8));
      String toSign = "ACS3-HMAC-SHA256\n" + canonicalHash;
      String signature = hex(hmac(secret.getBytes(UTF_8), toSign));
      return new Acs3(
          canonicalHash,
          signature,
          "ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s"
              .formatted(keyId, names, signature));
    }
  }

  /** Tencent Cloud's TC3-HMAC-SHA256 of a POST of JSON to its SMS service. */
  record Tc3(String bodyHash, String canonicalHash, String signature, String authorization) {
    static final String CONTENT_TYPE = "application/json; charset=utf-8";

    /** Signs exactly these bytes; the day is UTC's. */
    static Tc3 of(String keyId, String secret, String host, Instant at, byte[] body) {
      String names = "content-type;host";
      String bodyHash = hash(body);
      String canonical =
          "POST\n/\n\ncontent-type:%s\nhost:%s\n\n%s\n%s"
              .formatted(CONTENT_TYPE, host, names, bodyHash);
      String canonicalHash = hash(canonical.getBytes(UTF_8));
      String day = DAY.format(at);
      String scope = day + "/sms/tc3_request";
      String toSign =
          "TC3-HMAC-SHA256\n%d\n%s\n%s".formatted(at.getEpochSecond(), scope, canonicalHash);
      byte[] key = hmac(("TC3" + secret).getBytes(UTF_8), day);
      String signature = hex(hmac(hmac(hmac(key, "sms"), "tc3_request"), toSign));
      return new Tc3(
          bodyHash,
          canonicalHash,
          signature,
          "TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
              .formatted(keyId, scope, names, signature));
    }
  }

  /** A query as both sides write it: keys in order, RFC 3986 escapes. */
  static String query(Map<String, String> parameters) {
    return new TreeMap<>(parameters)
        .entrySet().stream()
            .map(one -> escaped(one.getKey()) + "=" + escaped(one.getValue()))
            .collect(Collectors.joining("&"));
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  /** The header host as the JDK's client sends it. */
  static String host(URI endpoint) {
    int port = endpoint.getPort();
    boolean usual = port < 0 || port == ("https".equals(endpoint.getScheme()) ? 443 : 80);
    return usual ? endpoint.getHost() : endpoint.getHost() + ":" + port;
  }

  static String hash(byte[] bytes) {
    try {
      return hex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}

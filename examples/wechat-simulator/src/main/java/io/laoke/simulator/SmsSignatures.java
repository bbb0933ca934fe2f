package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks what callers have signed, from the providers' descriptions alone: it must not share the
 * mistakes of a client.
 */
final class SmsSignatures {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

  private SmsSignatures() {}

  /** The parts of an Authorization header: {@code Algorithm A=1,B=2}. */
  private static Map<String, String> parts(String authorization, String algorithm) {
    Map<String, String> parts = new LinkedHashMap<>();
    if (authorization.startsWith(algorithm + " ")) {
      for (String part : authorization.substring(algorithm.length() + 1).split(",", -1)) {
        int equals = part.indexOf('=');
        if (equals > 0) {
          parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
        }
      }
    }
    return parts;
  }

  /** Who signed a call in Aliyun's way. */
  static void aliyun(HttpCall call, Function<String, @Nullable String> secrets, Instant wire)
      throws SmsRefusal {
    String algorithm = "ACS3-HMAC-SHA256";
    Map<String, String> parts = parts(header(call, "authorization"), algorithm);
    String secret = secrets.apply(parts.getOrDefault("Credential", ""));
    if (secret == null) {
      throw new SmsRefusal(
          404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
    }
    Instant date;
    try {
      date = Instant.parse(header(call, "x-acs-date"));
    } catch (DateTimeException wrong) {
      throw new SmsRefusal(400, "InvalidTimeStamp.Format", "x-acs-date is not well formed.");
    }
    if (Math.abs(date.getEpochSecond() - wire.getEpochSecond()) > 15 * 60) {
      throw new SmsRefusal(400, "InvalidTimeStamp.Expired", "Specified time stamp is expired.");
    }
    String bodyHash = hex(sha256(call.body()));
    StringBuilder canonical = new StringBuilder();
    canonical.append(call.method()).append('\n').append(call.path()).append('\n');
    canonical.append(query(call.query())).append('\n');
    List<String> signed = List.of(parts.getOrDefault("SignedHeaders", "").split(";"));
    for (String must : List.of("host", "x-acs-action", "x-acs-date", "x-acs-signature-nonce")) {
      if (!signed.contains(must)) {
        throw mismatch();
      }
    }
    for (String name : signed) {
      canonical.append(name).append(':').append(header(call, name)).append('\n');
    }
    canonical.append('\n').append(String.join(";", signed)).append('\n').append(bodyHash);
    String toSign = algorithm + "\n" + hex(sha256(canonical.toString().getBytes(UTF_8)));
    String expected = hex(mac(secret.getBytes(UTF_8), toSign));
    if (!bodyHash.equals(header(call, "x-acs-content-sha256"))
        || !same(expected, parts.getOrDefault("Signature", ""))) {
      throw mismatch();
    }
  }

  private static SmsRefusal mismatch() {
    return new SmsRefusal(
        400, "SignatureDoesNotMatch", "Specified signature does not match our calculation.");
  }

  /** Who signed a call in Tencent Cloud's way. */
  static void tencent(HttpCall call, Function<String, @Nullable String> secrets, Instant wire)
      throws SmsRefusal {
    String algorithm = "TC3-HMAC-SHA256";
    Map<String, String> parts = parts(header(call, "authorization"), algorithm);
    String[] credential = parts.getOrDefault("Credential", "").split("/", -1);
    String secret = secrets.apply(credential[0]);
    if (secret == null) {
      throw new SmsRefusal("AuthFailure.SecretIdNotFound", "The SecretId is not found.");
    }
    long timestamp;
    try {
      timestamp = Long.parseLong(header(call, "x-tc-timestamp"));
    } catch (NumberFormatException wrong) {
      throw new SmsRefusal("InvalidParameter", "X-TC-Timestamp is no number.");
    }
    if (Math.abs(timestamp - wire.getEpochSecond()) > 5 * 60) {
      throw new SmsRefusal("AuthFailure.SignatureExpire", "The signature is expired.");
    }
    LocalDate day = Instant.ofEpochSecond(timestamp).atZone(ZoneOffset.UTC).toLocalDate();
    String scope = day + "/sms/tc3_request";
    String signed = parts.getOrDefault("SignedHeaders", "");
    StringBuilder canonical = new StringBuilder("POST\n/\n\n");
    for (String name : signed.split(";", -1)) {
      canonical.append(name).append(':').append(header(call, name)).append('\n');
    }
    canonical.append('\n').append(signed).append('\n').append(hex(sha256(call.body())));
    String toSign =
        String.join(
            "\n",
            algorithm,
            Long.toString(timestamp),
            scope,
            hex(sha256(canonical.toString().getBytes(UTF_8))));
    byte[] key = mac(("TC3" + secret).getBytes(UTF_8), day.toString());
    String expected = hex(mac(mac(mac(key, "sms"), "tc3_request"), toSign));
    boolean right =
        credential.length == 4
            && String.join("/", credential[1], credential[2], credential[3]).equals(scope)
            && List.of(signed.split(";")).containsAll(List.of("content-type", "host"))
            && same(expected, parts.getOrDefault("Signature", ""));
    if (!right) {
      throw new SmsRefusal(
          "AuthFailure.SignatureFailure", "The provided credentials could not be validated.");
    }
  }

  private static String header(HttpCall call, String name) {
    return call.headers().getOrDefault(name, "");
  }

  private static String query(Map<String, String> parameters) {
    StringBuilder query = new StringBuilder();
    new TreeMap<>(parameters)
        .forEach(
            (key, value) -> {
              if (query.length() > 0) {
                query.append('&');
              }
              escape(query, key);
              query.append('=');
              escape(query, value);
            });
    return query.toString();
  }

  private static void escape(StringBuilder to, String text) {
    for (byte b : text.getBytes(UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && UNRESERVED.indexOf(c) >= 0) {
        to.append(c);
      } else {
        to.append('%').append("%02X".formatted((int) c));
      }
    }
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String hex(byte[] bytes) {
    StringBuilder hex = new StringBuilder();
    for (byte b : bytes) {
      hex.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
    }
    return hex.toString();
  }
}

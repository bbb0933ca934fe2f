package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.binding.ScanCodes;
import io.laoke.error.InvalidInputException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Codes with a text scene: {@code qrcode/create}, temporary ones ({@code QR_STR_SCENE}) and
 * permanent ones ({@code QR_LIMIT_STR_SCENE}).
 */
final class QrCodes implements ScanCodes {
  private static final String PATH = "/cgi-bin/qrcode/create";
  private static final Pattern SCENE = Pattern.compile("[\\x21-\\x7e]{1,64}");
  private static final Duration LONGEST = Duration.ofDays(30);

  private final Api api;

  QrCodes(Api api) {
    this.api = api;
  }

  @Override
  public ScanCode create(String scene, Duration life) {
    checkScene(scene);
    if (notNull("life", life).compareTo(Duration.ofSeconds(1)) < 0 || life.compareTo(LONGEST) > 0) {
      throw new InvalidInputException("life", "must be 1 second to 30 days, was " + life);
    }
    ObjectNode body = Json.object();
    body.put("expire_seconds", life.toSeconds());
    ObjectNode answer = created(body, "QR_STR_SCENE", scene, "Could not create a QR code");
    OptionalLong seconds = Json.number(answer, "expire_seconds");
    return new ScanCode(
        Json.string(answer, "url"),
        seconds.isPresent() && seconds.getAsLong() > 0
            ? Duration.ofSeconds(Math.min(seconds.getAsLong(), life.toSeconds()))
            : Duration.ofSeconds(life.toSeconds()));
  }

  @Override
  public String createLasting(String scene) {
    checkScene(scene);
    String attempted = "Could not create a permanent QR code";
    return Json.string(created(Json.object(), "QR_LIMIT_STR_SCENE", scene, attempted), "url");
  }

  private static void checkScene(String scene) {
    if (!SCENE.matcher(notNull("scene", scene)).matches()) {
      throw new InvalidInputException("scene", "must be 1 to 64 ASCII characters without blanks");
    }
  }

  private ObjectNode created(ObjectNode body, String action, String scene, String attempted) {
    body.put("action_name", action);
    body.putObject("action_info").putObject("scene").put("scene_str", scene);
    ObjectNode answer = api.call(Request.post(PATH, Json.bytes(body)), attempted);
    String content = Json.string(answer, "url");
    if (content.isBlank() || content.length() > 512) {
      throw new WeChatException(
          attempted,
          Problem.unclear(PATH, "UNREADABLE", "WeChat's answer holds no code to draw", null));
    }
    return answer;
  }
}

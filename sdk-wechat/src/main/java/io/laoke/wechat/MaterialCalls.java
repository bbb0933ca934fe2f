package io.laoke.wechat;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalText;
import static io.laoke.base.Check.range;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** {@code media/…} and {@code material/…}. */
final class MaterialCalls implements Materials {
  private static final String BODY_IMAGE = "/cgi-bin/media/uploadimg";
  private static final String ADD = "/cgi-bin/material/add_material";
  private static final String UPLOAD = "/cgi-bin/media/upload";
  private static final String DOWNLOAD = "/cgi-bin/media/get";
  private static final String GET = "/cgi-bin/material/get_material";
  private static final String DELETE = "/cgi-bin/material/del_material";
  private static final String COUNT = "/cgi-bin/material/get_materialcount";
  private static final String PAGE = "/cgi-bin/material/batchget_material";
  private static final String TO_READ = "Could not read material";
  private static final Duration LIFE = Duration.ofDays(3);
  private static final int MAX_TITLE = 64;
  private static final int MAX_INTRODUCTION = 500;

  private final Api api;
  private final Duration uploadTimeout;
  private final java.time.Clock clock;

  MaterialCalls(Api api, OfficialAccountSettings settings) {
    this.api = api;
    uploadTimeout = settings.uploadTimeout();
    clock = settings.clock();
  }

  @Override
  public String addBodyImage(MediaFile file) {
    String attempted = "Could not upload a picture for the body of an article";
    FormFile form = MediaFormat.forBody(notNull("file", file));
    return needed(
        api.once(Request.upload(BODY_IMAGE, Map.of(), form, uploadTimeout), attempted),
        "url",
        BODY_IMAGE,
        attempted);
  }

  @Override
  public Added add(Kind kind, MediaFile file) {
    if (notNull("kind", kind) == Kind.VIDEO) {
      throw new InvalidInputException(
          "kind", "VIDEO needs a title and an introduction; use addVideo");
    }
    return add(kind, MediaFormat.form(kind, notNull("file", file), Map.of()));
  }

  @Override
  public Added addVideo(MediaFile file, String title, String introduction) {
    notNull("introduction", introduction);
    String words = optionalText("introduction", introduction, MAX_INTRODUCTION);
    ObjectNode description = Json.object();
    description.put("title", key("title", title, MAX_TITLE));
    description.put("introduction", words == null ? "" : words);
    return add(
        Kind.VIDEO,
        MediaFormat.form(
            Kind.VIDEO, notNull("file", file), Map.of("description", Json.text(description))));
  }

  private Added add(Kind kind, FormFile form) {
    String attempted = "Could not add material to the library";
    ObjectNode answer =
        api.once(Request.upload(ADD, Map.of("type", word(kind)), form, uploadTimeout), attempted);
    return new Added(needed(answer, "media_id", ADD, attempted), some(answer, "url"));
  }

  @Override
  public Temporary addTemporary(Kind kind, MediaFile file) {
    String attempted = "Could not upload temporary material";
    FormFile form = MediaFormat.form(notNull("kind", kind), notNull("file", file), Map.of());
    ObjectNode answer =
        api.once(
            Request.upload(UPLOAD, Map.of("type", word(kind)), form, uploadTimeout), attempted);
    String id = some(answer, "media_id").orElseGet(() -> Json.string(answer, "thumb_media_id"));
    if (id.isBlank()) {
      throw Api.unreadable(UPLOAD, attempted, "WeChat's answer holds no media_id");
    }
    Instant made = Json.seconds(answer, "created_at").orElseGet(clock::instant);
    return new Temporary(id, made.plus(LIFE));
  }

  @Override
  public Count count() {
    String attempted = "Could not count the library's material";
    ObjectNode answer = api.call(Request.get(COUNT, Map.of()), attempted);
    if (!answer.has("image_count")) {
      throw Api.unreadable(COUNT, attempted, "WeChat's answer holds no image_count");
    }
    return new Count(
        number(answer, "image_count"),
        number(answer, "voice_count"),
        number(answer, "video_count"),
        number(answer, "news_count"));
  }

  @Override
  public Page page(Kind kind, int offset, int count) {
    String attempted = "Could not read the list of the library's material";
    range("offset", offset, 0, Integer.MAX_VALUE);
    range("count", count, 1, MAX_PAGE);
    ObjectNode body = Json.object();
    body.put("type", word(notNull("kind", kind)));
    body.put("offset", offset).put("count", count);
    Request request = Request.post(PAGE, Json.bytes(body));
    ObjectNode answer = api.call(request, attempted);
    List<Item> items = new ArrayList<>();
    for (JsonNode item : Api.listIn(answer, request, attempted, "item")) {
      some(item, "media_id")
          .ifPresent(
              id ->
                  items.add(
                      new Item(
                          id,
                          Json.string(item, "name"),
                          Json.seconds(item, "update_time"),
                          some(item, "url"))));
    }
    OptionalLong total = Json.number(answer, "total_count");
    return new Page(total.orElse((long) offset + items.size()), items);
  }

  @Override
  public Stream<Item> all(Kind kind) {
    notNull("kind", kind);
    return Pages.stream(
        Optional.<Integer>empty(),
        from -> {
          int offset = from.orElse(0);
          Page page = page(kind, offset, MAX_PAGE);
          int next = offset + page.items().size();
          boolean more = !page.items().isEmpty() && next < page.total();
          return new Pages.Part<>(page.items(), more ? Optional.of(next) : Optional.empty());
        });
  }

  @Override
  public void delete(String mediaId) {
    ObjectNode unused = api.call(Request.post(DELETE, named(mediaId)), "Could not delete material");
  }

  @Override
  public Content read(String mediaId, Path to) {
    return read(Request.post(GET, named(mediaId)), notNull("to", to));
  }

  @Override
  public Content readTemporary(String mediaId, Path to) {
    return read(
        Request.get(DOWNLOAD, Map.of("media_id", key("mediaId", mediaId, 128))), notNull("to", to));
  }

  private Content read(Request request, Path to) {
    Path part = part(request, to);
    try {
      ObjectNode answer = api.call(request.saving(part, uploadTimeout), TO_READ);
      OptionalLong saved = Json.number(answer, Calls.SAVED);
      if (saved.isPresent()) {
        Path unused = Files.move(part, to, StandardCopyOption.REPLACE_EXISTING);
        return new Content.Saved(to, saved.getAsLong());
      }
      String url =
          some(answer, "down_url").orElseGet(() -> Json.string(answer, "video_url")).strip();
      if (url.isEmpty()) {
        throw Api.unreadable(request.path(), TO_READ, "WeChat's answer is neither file nor video");
      }
      return new Content.Video(
          Json.string(answer, "title"), Json.string(answer, "description"), url);
    } catch (IOException e) {
      throw local(request, e);
    } finally {
      forget(part);
    }
  }

  private static Path part(Request request, Path to) {
    Path whole = to.toAbsolutePath();
    Path folder = whole.getParent();
    if (folder == null) {
      throw new InvalidInputException("to", "must name a file, was " + to);
    }
    try {
      return Files.createTempFile(folder, ".laoke", ".part");
    } catch (IOException e) {
      throw local(request, e);
    }
  }

  private static void forget(Path part) {
    try {
      boolean unused = Files.deleteIfExists(part);
    } catch (IOException e) {
      part.toFile().deleteOnExit();
    }
  }

  private static WeChatException local(Request request, IOException e) {
    return new WeChatException(
        TO_READ,
        Problem.notSent(
            request.path(), "FILE", "A file of this machine could not be read or written", e));
  }

  private static byte[] named(String mediaId) {
    return Json.bytes(Json.object().put("media_id", key("mediaId", mediaId, 128)));
  }

  private static String needed(ObjectNode answer, String field, String path, String attempted) {
    return some(answer, field)
        .orElseThrow(() -> Api.unreadable(path, attempted, "WeChat's answer holds no " + field));
  }

  private static Optional<String> some(JsonNode node, String field) {
    return Optional.of(Json.string(node, field).strip()).filter(value -> !value.isEmpty());
  }

  private static long number(JsonNode node, String field) {
    return Json.number(node, field).orElse(0);
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}

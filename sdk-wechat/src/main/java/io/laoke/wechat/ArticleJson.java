package io.laoke.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.error.InvalidInputException;
import io.laoke.wechat.DraftArticle.Comments;
import io.laoke.wechat.DraftArticle.Crop;
import io.laoke.wechat.DraftArticle.News;
import io.laoke.wechat.DraftArticle.Pictures;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Articles as WeChat writes them. */
final class ArticleJson {
  private static final String PICTURES = "newspic";

  private ArticleJson() {}

  static ObjectNode write(DraftArticle article) {
    ObjectNode json = Json.object();
    json.put("article_type", article instanceof News ? "news" : PICTURES);
    json.put("title", article.title());
    if (article instanceof News news) {
      some(json, "author", news.author());
      some(json, "digest", news.digest());
      some(json, "content_source_url", news.sourceUrl());
      json.put("thumb_media_id", news.coverMediaId());
      if (!news.crops().isEmpty()) {
        ArrayNode crops = json.putObject("cover_info").putArray("crop_percent_list");
        news.crops().forEach(crop -> write(crops.addObject(), crop));
      }
    } else if (article instanceof Pictures pictures) {
      ArrayNode images = json.putObject("image_info").putArray("image_list");
      pictures.imageMediaIds().forEach(id -> images.addObject().put("image_media_id", id));
    }
    json.put("content", article.content());
    write(json, article.comments());
    return json;
  }

  /** The two fields that say who may comment. */
  static void write(ObjectNode json, Comments comments) {
    json.put("need_open_comment", comments == Comments.OFF ? 0 : 1);
    json.put("only_fans_can_comment", comments == Comments.FOLLOWERS ? 1 : 0);
  }

  private static void write(ObjectNode json, Crop crop) {
    json.put("ratio", crop.ratio())
        .put("x1", fraction(crop.x1()))
        .put("y1", fraction(crop.y1()))
        .put("x2", fraction(crop.x2()))
        .put("y2", fraction(crop.y2()));
  }

  private static String fraction(double value) {
    return BigDecimal.valueOf(value)
        .setScale(6, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  private static void some(ObjectNode json, String field, String value) {
    if (!value.isEmpty()) {
      json.put(field, value);
    }
  }

  static DraftArticle read(JsonNode json) {
    String title = Json.string(json, "title");
    String content = Json.string(json, "content");
    JsonNode images = json.path("image_info").path("image_list");
    if (Json.string(json, "article_type").equals(PICTURES)) {
      List<String> ids = new ArrayList<>();
      for (JsonNode image : images) {
        String id = Json.string(image, "image_media_id").strip();
        if (!id.isEmpty()) {
          ids.add(id);
        }
      }
      return new Pictures(title, content, ids, comments(json));
    }
    return new News(
        title,
        Json.string(json, "author"),
        Json.string(json, "digest"),
        content,
        Json.string(json, "content_source_url"),
        Json.string(json, "thumb_media_id"),
        comments(json),
        crops(json.path("cover_info").path("crop_percent_list")));
  }

  private static Comments comments(JsonNode json) {
    if (Json.number(json, "need_open_comment").orElse(0) != 1) {
      return Comments.OFF;
    }
    return Json.number(json, "only_fans_can_comment").orElse(0) == 1
        ? Comments.FOLLOWERS
        : Comments.EVERYONE;
  }

  private static List<Crop> crops(JsonNode list) {
    List<Crop> crops = new ArrayList<>();
    for (JsonNode crop : list) {
      crop(crop).ifPresent(crops::add);
    }
    return crops;
  }

  /** A cover without its crop is shown from its middle. */
  private static Optional<Crop> crop(JsonNode crop) {
    try {
      return Optional.of(
          new Crop(
              Json.string(crop, "ratio"),
              Double.parseDouble(Json.string(crop, "x1")),
              Double.parseDouble(Json.string(crop, "y1")),
              Double.parseDouble(Json.string(crop, "x2")),
              Double.parseDouble(Json.string(crop, "y2"))));
    } catch (NumberFormatException | InvalidInputException e) {
      return Optional.empty();
    }
  }
}

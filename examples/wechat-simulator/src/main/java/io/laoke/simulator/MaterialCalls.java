package io.laoke.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.simulator.Api.Request;
import io.laoke.simulator.Api.Right;
import io.laoke.simulator.MaterialShelf.Kind;
import io.laoke.simulator.MaterialShelf.Material;
import java.util.List;
import java.util.Map;

/** The calls about material 素材. */
final class MaterialCalls {
  private final World world;

  MaterialCalls(World world) {
    this.world = world;
  }

  void register(Api api) {
    api.post("/cgi-bin/media/uploadimg", Right.VERIFIED, MaterialCalls::bodyImage);
    api.post("/cgi-bin/material/add_material", Right.VERIFIED, r -> add(r, true));
    api.post("/cgi-bin/media/upload", Right.EVERYONE, r -> add(r, false));
    api.get("/cgi-bin/media/get", Right.EVERYONE, MaterialCalls::download);
    api.post("/cgi-bin/material/get_material", Right.VERIFIED, MaterialCalls::get);
    api.post("/cgi-bin/material/del_material", Right.VERIFIED, MaterialCalls::delete);
    api.get("/cgi-bin/material/get_materialcount", Right.VERIFIED, MaterialCalls::count);
    api.post("/cgi-bin/material/batchget_material", Right.VERIFIED, MaterialCalls::page);
  }

  private static Multipart.Part media(Map<String, Multipart.Part> parts) throws Refusal {
    Multipart.Part media = parts.get("media");
    if (media == null || media.bytes().length == 0) {
      throw new Refusal(44001);
    }
    return media;
  }

  private static ObjectNode bodyImage(Request request) throws Refusal {
    SimulatedAccount account = request.account();
    return Json.object()
        .put(
            "url",
            account.shelf.addBodyImage(
                media(Multipart.read(request.http)), account.simulator.baseUrl()));
  }

  private ObjectNode add(Request request, boolean lasting) throws Refusal {
    Kind kind = Kind.of(request.query("type"));
    Map<String, Multipart.Part> parts = Multipart.read(request.http);
    SimulatedAccount account = request.account();
    String description = "";
    if (lasting && kind == Kind.VIDEO) {
      Multipart.Part given = parts.get("description");
      description = given == null ? "" : given.text();
      try {
        JsonNode words = Json.read(description);
        if (Api.text(words, "title").isEmpty()) {
          throw new Refusal(45003, "description needs a title");
        }
      } catch (JsonProcessingException notJson) {
        throw new Refusal(47001);
      }
    }
    Material material =
        account.shelf.add(kind, media(parts), description, account.simulator.baseUrl(), lasting);
    if (!lasting) {
      return Json.object()
          .put("type", kind.word())
          .put(kind == Kind.THUMB ? "thumb_media_id" : "media_id", material.mediaId())
          .put("created_at", world.now().getEpochSecond());
    }
    ObjectNode answer = Json.object().put("media_id", material.mediaId());
    return kind == Kind.IMAGE ? answer.put("url", material.url()) : answer;
  }

  private static ObjectNode download(Request request) throws Refusal {
    Material material = request.account().shelf.temporary(request.query("media_id"));
    if (material.kind() == Kind.VIDEO) {
      return Json.object()
          .put(
              "video_url",
              request.account().simulator.baseUrl()
                  + "/_sim/material?media_id="
                  + material.mediaId());
    }
    return file(request, material);
  }

  private static ObjectNode file(Request request, Material material) {
    return request.answerFile(
        material.contentType(), material.mediaId() + "." + material.format(), material.bytes());
  }

  private static Material lasting(Request request) throws Refusal {
    return request.account().shelf.lasting(Api.text(request.json(), "media_id"), Kind.values());
  }

  private static ObjectNode get(Request request) throws Refusal {
    Material material = lasting(request);
    if (material.kind() != Kind.VIDEO) {
      return file(request, material);
    }
    try {
      JsonNode words = Json.read(material.description());
      return Json.object()
          .put("title", Api.text(words, "title"))
          .put("description", Api.text(words, "introduction"))
          .put(
              "down_url",
              request.account().simulator.baseUrl()
                  + "/_sim/material?media_id="
                  + material.mediaId());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("It was read before", e);
    }
  }

  private static ObjectNode delete(Request request) throws Refusal {
    request.account().shelf.remove(lasting(request).mediaId());
    return Api.ok();
  }

  private static ObjectNode count(Request request) {
    MaterialShelf shelf = request.account().shelf;
    return Json.object()
        .put("voice_count", shelf.lasting(Kind.VOICE).size())
        .put("video_count", shelf.lasting(Kind.VIDEO).size())
        .put("image_count", shelf.lasting(Kind.IMAGE).size())
        .put("news_count", 0);
  }

  private static ObjectNode page(Request request) throws Refusal {
    ObjectNode body = request.json();
    List<Material> all = request.account().shelf.lasting(Kind.of(Api.text(body, "type")));
    List<Material> page = DraftCalls.slice(all, body);
    ObjectNode answer = Json.object().put("total_count", all.size()).put("item_count", page.size());
    ArrayNode items = answer.putArray("item");
    for (Material material : page) {
      ObjectNode item =
          items
              .addObject()
              .put("media_id", material.mediaId())
              .put("name", material.name())
              .put("update_time", material.at().getEpochSecond());
      if (!material.url().isEmpty()) {
        item.put("url", material.url());
      }
    }
    return answer;
  }
}

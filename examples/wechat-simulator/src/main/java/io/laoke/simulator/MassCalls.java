package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.simulator.Api.Request;
import io.laoke.simulator.Api.Right;
import io.laoke.simulator.MaterialShelf.Kind;
import io.laoke.simulator.MaterialShelf.Material;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The calls of mass sending 群发. */
final class MassCalls {
  private static final int LEAST = 2;
  private static final int MOST = 10_000;
  private static final int MAX_CLIENT_MSG_ID = 32;
  private static final int MAX_TEXT_BYTES = 2048;
  private static final int MAX_IMAGES = 20;

  private final World world;

  MassCalls(World world) {
    this.world = world;
  }

  void register(Api api) {
    api.post("/cgi-bin/message/mass/sendall", Right.VERIFIED, this::sendAll);
    api.post("/cgi-bin/message/mass/send", Right.VERIFIED_SERVICE, this::send);
    api.post("/cgi-bin/message/mass/preview", Right.VERIFIED, this::preview);
    api.post("/cgi-bin/message/mass/delete", Right.VERIFIED, MassCalls::delete);
    api.post("/cgi-bin/message/mass/get", Right.VERIFIED, MassCalls::state);
    api.post("/cgi-bin/message/mass/speed/get", Right.VERIFIED, MassCalls::speed);
    api.post("/cgi-bin/message/mass/speed/set", Right.VERIFIED, MassCalls::setSpeed);
  }

  private ObjectNode sendAll(Request request) throws Refusal {
    ObjectNode body = request.json();
    SimulatedAccount account = request.account();
    JsonNode filter = body.path("filter");
    boolean toAll = filter.path("is_to_all").asBoolean(false);
    List<Follower> audience;
    String who;
    if (toAll) {
      audience = account.everyone().stream().filter(Follower::following).toList();
      who = "all";
    } else {
      String given = Api.text(filter, "tag_id");
      if (!given.matches("\\d{1,9}") || !account.tags.all().containsKey(Long.parseLong(given))) {
        throw new Refusal(40152);
      }
      audience = account.tagged(Long.parseLong(given));
      who = "tag " + given;
    }
    return submit(account, body, who, audience.stream().map(Follower::openId).toList());
  }

  private ObjectNode send(Request request) throws Refusal {
    ObjectNode body = request.json();
    SimulatedAccount account = request.account();
    JsonNode list = body.path("touser");
    Set<String> openIds = new LinkedHashSet<>();
    list.forEach(openId -> openIds.add(openId.asText()));
    if (!list.isArray() || openIds.size() < LEAST) {
      throw new Refusal(40130);
    }
    if (list.size() > MOST) {
      throw new Refusal(40032);
    }
    for (String openId : openIds) {
      if (account.byOpenId(openId) == null) {
        throw new Refusal(40031);
      }
    }
    return submit(account, body, String.join(",", openIds), List.copyOf(openIds));
  }

  private ObjectNode submit(
      SimulatedAccount account, ObjectNode body, String who, List<String> audience) throws Refusal {
    String type = Api.text(body, "msgtype");
    String given = Api.text(body, "clientmsgid");
    if (given.getBytes(UTF_8).length > MAX_CLIENT_MSG_ID) {
      throw new Refusal(45067);
    }
    String clientMsgId =
        given.isEmpty()
            ? "auto-" + PushCrypto.signature(who + "|" + body.path(type)).substring(0, 27)
            : given;
    account.mass.checkRepeat(clientMsgId);
    MassJob.Content content = content(account, type, body, false);
    account.mass.checkQuota();
    Boolean asks = account.faults.nextMassAsks();
    MassJob job = account.mass.accept(type, clientMsgId, audience, content, asks);
    if (asks != null) {
      throw MassDesk.awaits(89504, job, asks);
    }
    ObjectNode answer =
        Json.object()
            .put("errcode", 0)
            .put("errmsg", "send job submission success")
            .put("msg_id", job.msgId());
    return job.dataId() == 0 ? answer : answer.put("msg_data_id", job.dataId());
  }

  private static MassJob.Content content(
      SimulatedAccount account, String type, ObjectNode body, boolean preview) throws Refusal {
    JsonNode given = body.path(type);
    return switch (type) {
      case "mpnews" -> {
        Draft draft = account.drafts.get(Api.text(given, "media_id"));
        if (draft == null) {
          throw new Refusal(40007);
        }
        yield new MassJob.Content(draft, "", "", null);
      }
      case "text" -> {
        String text = Api.text(given, "content");
        if (text.isEmpty()) {
          throw new Refusal(44004);
        }
        if (text.getBytes(UTF_8).length > MAX_TEXT_BYTES) {
          throw new Refusal(45002);
        }
        yield new MassJob.Content(null, text, "", null);
      }
      case "voice" -> media(account, Api.text(given, "media_id"), Kind.VOICE);
      case "mpvideo" -> media(account, Api.text(given, "media_id"), Kind.VIDEO);
      case "image" ->
          preview
              ? media(account, Api.text(given, "media_id"), Kind.IMAGE)
              : images(account, body.path("images"));
      case "wxcard" -> throw new Refusal(45113);
      default -> throw new Refusal(40008);
    };
  }

  private static MassJob.Content images(SimulatedAccount account, JsonNode images) throws Refusal {
    JsonNode ids = images.path("media_ids");
    if (!ids.isArray() || ids.isEmpty() || ids.size() > MAX_IMAGES) {
      throw new Refusal(40007);
    }
    List<String> names = new ArrayList<>();
    for (JsonNode id : ids) {
      names.add(account.shelf.any(id.asText(), Kind.IMAGE).name());
    }
    return new MassJob.Content(null, "", String.join(" ", names), Kind.IMAGE);
  }

  private static MassJob.Content media(SimulatedAccount account, String mediaId, Kind kind)
      throws Refusal {
    Material material = account.shelf.any(mediaId, kind);
    return new MassJob.Content(null, "", material.name(), kind);
  }

  private ObjectNode preview(Request request) throws Refusal {
    ObjectNode body = request.json();
    SimulatedAccount account = request.account();
    String name = Api.text(body, "towxname");
    Follower person =
        name.isEmpty()
            ? account.byOpenId(Api.text(body, "touser"))
            : account.everyone().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElse(null);
    if (person == null) {
      throw new Refusal(40003);
    }
    if (!person.following()) {
      throw new Refusal(43004);
    }
    String type = Api.text(body, "msgtype");
    MassJob.Content content = content(account, type, body, true);
    long msgId = world.nextMsgId() - 3_911_000_000_000L;
    MassJob shown =
        new MassJob(
            msgId,
            0,
            type,
            "preview",
            world.now(),
            MassJob.State.SEND_SUCCESS,
            "",
            List.of(person.openId()),
            List.of(),
            0);
    person.show(account.mass.message(shown, content));
    return Json.object().put("errcode", 0).put("errmsg", "preview success").put("msg_id", msgId);
  }

  private static ObjectNode delete(Request request) throws Refusal {
    ObjectNode body = request.json();
    SimulatedAccount account = request.account();
    String url = Api.text(body, "url");
    if (!url.isEmpty()) {
      Map.Entry<MassJob, Integer> found = account.mass.byUrl(url);
      if (found == null) {
        throw new Refusal(40059);
      }
      account.mass.delete(found.getKey(), found.getValue());
      return Api.ok();
    }
    account.mass.delete(job(account, body), body.path("article_idx").asInt(0));
    return Api.ok();
  }

  private static ObjectNode state(Request request) throws Refusal {
    MassJob job = job(request.account(), request.json());
    return Json.object().put("msg_id", job.msgId()).put("msg_status", job.state().name());
  }

  private static MassJob job(SimulatedAccount account, ObjectNode body) throws Refusal {
    String given = Api.text(body, "msg_id");
    @Nullable MassJob job =
        given.matches("\\d{1,18}") ? account.mass.job(Long.parseLong(given)) : null;
    if (job == null) {
      throw new Refusal(40059);
    }
    return job;
  }

  private static ObjectNode speed(Request request) {
    int speed = request.account().mass.speed();
    int[] real = {80, 60, 45, 30, 10};
    return Json.object().put("speed", speed).put("realspeed", real[speed]);
  }

  private static ObjectNode setSpeed(Request request) throws Refusal {
    JsonNode speed = request.json().path("speed");
    if (speed.isMissingNode() || speed.isNull()) {
      throw new Refusal(45084);
    }
    if (!speed.isIntegralNumber() || speed.asLong() < 0 || speed.asLong() > 4) {
      throw new Refusal(45083);
    }
    request.account().mass.speed(speed.asInt());
    return Api.ok();
  }
}

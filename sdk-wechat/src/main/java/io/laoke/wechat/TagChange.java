package io.laoke.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.wechat.ErrorCodes.ErrorClass;
import io.laoke.wechat.Tags.Changed;
import io.laoke.wechat.Tags.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One change of a tag on people, batch by batch. For one thread and one use. */
final class TagChange {
  private static final Logger log = LoggerFactory.getLogger(TagChange.class);
  private static final int SOME_FAILED = 45171;

  private final Api api;
  private final Turns turns;
  private final String path;
  private final long tagId;
  private final Map<String, Failure> failed = new HashMap<>();

  /** Why no more is asked, once that is so. */
  private @Nullable Problem stopped;

  TagChange(Api api, Turns turns, String path, long tagId) {
    this.api = api;
    this.turns = turns;
    this.path = path;
    this.tagId = tagId;
  }

  Changed of(List<String> openids) {
    for (int from = 0; from < openids.size(); from += Tags.BATCH) {
      inTurn(openids.subList(from, Math.min(openids.size(), from + Tags.BATCH)));
    }
    List<String> done = new ArrayList<>();
    Map<String, Failure> inOrder = new LinkedHashMap<>();
    for (String openid : openids) {
      Failure failure = failed.get(openid);
      if (failure == null) {
        done.add(openid);
      } else {
        inOrder.put(openid, failure);
      }
    }
    return new Changed(done, inOrder);
  }

  private void inTurn(List<String> batch) {
    if (stopped != null) {
      fail(batch, stopped);
      return;
    }
    try {
      turns.begin(batch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop(
          batch,
          Problem.notSent(
              path, "INTERRUPTED", "The thread was interrupted while it waited for its turn", e));
      return;
    }
    try {
      change(batch);
    } finally {
      turns.end(batch);
    }
  }

  /** Halves what is refused because of somebody, until it is known of whom. */
  private void change(List<String> batch) {
    if (stopped != null) {
      fail(batch, stopped);
      return;
    }
    CallResult result = api.repeated(request(batch));
    if (!(result instanceof Problem problem)) {
      return;
    }
    boolean answered = problem.kind() == Problem.Kind.ANSWERED && !problem.atToken();
    if (answered && problem.errcode() == SOME_FAILED) {
      someFailed(batch, problem);
    } else if (answered && problem.errorClass() == ErrorClass.RECIPIENT) {
      if (batch.size() == 1) {
        fail(batch, problem);
      } else {
        int half = batch.size() / 2;
        change(batch.subList(0, half));
        change(batch.subList(half, batch.size()));
      }
    } else if (answered && problem.errcode() == 45169) {
      fail(batch, problem); // another process changes one of these; the others are not concerned
    } else {
      stop(batch, problem);
    }
  }

  private void someFailed(List<String> batch, Problem problem) {
    Set<String> named = new HashSet<>();
    if (problem.answer() != null) {
      for (JsonNode openid : problem.answer().path("fail_openid_list")) {
        named.add(openid.asText());
      }
    }
    List<String> those = batch.stream().filter(named::contains).toList();
    fail(those.isEmpty() ? batch : those, problem); // if it does not say whom, none is sure
  }

  private void stop(List<String> batch, Problem problem) {
    log.warn("A change of a tag was given up: {}", problem);
    stopped = problem;
    fail(batch, problem);
  }

  private void fail(List<String> openids, Problem problem) {
    boolean partial = problem.kind() == Problem.Kind.ANSWERED && problem.errcode() == SOME_FAILED;
    Failure failure =
        new Failure(Reasons.of(problem), partial || WeChatException.retryable(problem));
    openids.forEach(openid -> failed.put(openid, failure));
  }

  private Request request(List<String> openids) {
    ObjectNode body = Json.object().put("tagid", tagId);
    ArrayNode list = body.putArray("openid_list");
    openids.forEach(list::add);
    return Request.post(path, Json.bytes(body));
  }
}

package io.laoke.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.error.StoreException;
import io.laoke.message.Purpose;
import io.laoke.segment.SegmentJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Plans as they are kept, in one form: equal plans have equal texts. */
final class PlanJson {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private PlanJson() {}

  static String write(Plan plan) {
    ObjectNode node = JSON.createObjectNode();
    node.put("key", plan.key());
    node.put("name", plan.name());
    node.put("account", plan.account());
    node.put("purpose", plan.purpose().name());
    node.put("priority", plan.priority().name());
    node.put("heldOut", plan.heldOut());
    ArrayNode rules = node.putArray("rules");
    plan.rules().forEach(rule -> rules.add(written(rule)));
    plan.rest().ifPresent(rest -> node.set("rest", written(rest)));
    plan.startAt().ifPresent(time -> node.put("startAt", time.toEpochMilli()));
    return node.toString();
  }

  private static ObjectNode written(Plan.Rule rule) {
    ObjectNode node = JSON.createObjectNode();
    node.put("name", rule.name());
    node.set("segment", tree(SegmentJson.write(rule.segment())));
    node.put("content", rule.content());
    return node;
  }

  static Plan read(String text) {
    JsonNode node = tree(text);
    Plan plan =
        Plan.of(
                node.path("key").asText(),
                node.path("name").asText(),
                node.path("account").asText())
            .purpose(Purpose.valueOf(node.path("purpose").asText()))
            .priority(PlanPriority.valueOf(node.path("priority").asText()))
            .holdOut(node.path("heldOut").asInt());
    for (JsonNode rule : node.path("rules")) {
      plan =
          plan.rule(
              rule.path("name").asText(),
              SegmentJson.read(rule.path("segment").toString()),
              rule.path("content").asText());
    }
    if (node.has("startAt")) {
      plan = plan.startAt(Instant.ofEpochMilli(node.path("startAt").asLong()));
    }
    JsonNode rest = node.path("rest");
    return rest.isMissingNode()
        ? plan
        : plan.rest(
            rest.path("name").asText(),
            SegmentJson.read(rest.path("segment").toString()),
            rest.path("content").asText());
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException unreadable) {
      throw new StoreException(
          "The stored plan cannot be read. If nobody changed table plan by hand, report it as a"
              + " mistake of Laoke's.",
          unreadable,
          false);
    }
  }

  /** The versions of contents; null if there are none yet. */
  static @Nullable String pins(Map<String, Integer> versions) {
    if (versions.isEmpty()) {
      return null;
    }
    ObjectNode node = JSON.createObjectNode();
    new TreeMap<>(versions).forEach(node::put);
    return node.toString();
  }

  static Map<String, Integer> pins(@Nullable String text) {
    Map<String, Integer> versions = new TreeMap<>();
    if (text != null) {
      tree(text).properties().forEach(one -> versions.put(one.getKey(), one.getValue().asInt()));
    }
    return versions;
  }

  /** Of a plan's text. */
  static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}

package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads what the host answered to a push, as strictly as the platform. */
final class PassiveReply {
  private static final int MAX_TEXT_BYTES = 2048;
  private static final int MAX_DEPTH = 8;
  private static final XMLInputFactory READERS = readers();

  private PassiveReply() {}

  private static XMLInputFactory readers() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  /** The host's answer cannot be used. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String why) {
      super(why, null, false, false);
    }
  }

  /** A parsed reply: the fields of the top element, and its articles. */
  private record Fields(Map<String, String> values, List<ChatMessage.Field> articles, String url) {
    String need(String name) throws Unusable {
      String value = values.get(name);
      if (value == null || value.isBlank()) {
        throw new Unusable("the reply has no " + name);
      }
      return value;
    }
  }

  /** The message to show; empty for {@code success} and for an empty answer. */
  static Optional<ChatMessage> read(Push push, String answer, java.time.Instant now)
      throws Unusable {
    String text = answer.strip();
    if (text.isEmpty() || text.equals("success")) {
      return Optional.empty();
    }
    Fields outer = parse(push, text);
    Fields reply = outer;
    boolean sealed = outer.values().containsKey("Encrypt");
    if (sealed) {
      if (push.settings.mode() == PushMode.PLAIN) {
        throw new Unusable("an encrypted reply in plain mode");
      }
      reply = parse(push, open(push, outer));
    } else if (push.settings.mode() == PushMode.SECURE) {
      throw new Unusable("a plain reply in secure mode");
    }
    if (!reply.need("ToUserName").equals(push.follower.openId())) {
      throw new Unusable("ToUserName is not the follower's openid");
    }
    if (!reply.need("FromUserName").equals(push.account.originalId())) {
      throw new Unusable("FromUserName is not the account's original id");
    }
    if (!reply.need("CreateTime").strip().matches("\\d{1,12}")) {
      throw new Unusable("CreateTime is not a number of seconds");
    }
    return show(reply, now);
  }

  private static Optional<ChatMessage> show(Fields reply, java.time.Instant now) throws Unusable {
    String type = reply.need("MsgType").strip();
    switch (type) {
      case "text" -> {
        String content = reply.need("Content");
        if (content.getBytes(UTF_8).length > MAX_TEXT_BYTES) {
          throw new Unusable("Content is longer than " + MAX_TEXT_BYTES + " bytes");
        }
        return Optional.of(ChatMessage.words(now, ChatMessage.Kind.REPLY, content));
      }
      case "image", "voice", "video", "music" -> {
        if (!reply
            .values()
            .containsKey(Character.toUpperCase(type.charAt(0)) + type.substring(1))) {
          throw new Unusable("the reply has no media element");
        }
        return Optional.of(ChatMessage.words(now, ChatMessage.Kind.REPLY, "[" + type + "]"));
      }
      case "news" -> {
        if (reply.articles().size() != 1
            || !reply.need("ArticleCount").strip().equals("1")
            || reply.articles().get(0).label().isBlank()) {
          throw new Unusable("a news reply must have exactly one article with a title");
        }
        ChatMessage.Field article = reply.articles().get(0);
        return Optional.of(
            new ChatMessage(
                now,
                ChatMessage.Kind.NEWS,
                article.label(),
                article.label(),
                reply.articles(),
                reply.url(),
                "",
                null,
                0,
                null,
                Map.of()));
      }
      case "transfer_customer_service" -> {
        return Optional.empty();
      }
      default -> throw new Unusable("MsgType " + type + " is unknown");
    }
  }

  private static String open(Push push, Fields outer) throws Unusable {
    String cipherText = outer.need("Encrypt").strip();
    String signature =
        PushCrypto.signature(
            push.settings.token(),
            outer.need("TimeStamp").strip(),
            outer.need("Nonce").strip(),
            cipherText);
    if (!signature.equals(outer.need("MsgSignature").strip())) {
      throw new Unusable("MsgSignature does not fit");
    }
    String appId = push.account.appId();
    try {
      return new PushCrypto(push.settings.aesKey(), appId).decrypt(cipherText);
    } catch (PushCrypto.BadCipherText withPresentKey) {
      String before = push.settings.previousAesKey();
      if (before == null) {
        throw new Unusable("Encrypt: " + withPresentKey.getMessage());
      }
      try {
        return new PushCrypto(before, appId).decrypt(cipherText);
      } catch (PushCrypto.BadCipherText withBothKeys) {
        throw new Unusable("Encrypt, with both keys: " + withBothKeys.getMessage());
      }
    }
  }

  private static Fields parse(Push push, String text) throws Unusable {
    if (!text.startsWith("{")) {
      return xml(text);
    }
    if (push.settings.format() != PushFormat.JSON) {
      throw new Unusable("a JSON answer to an XML push");
    }
    return json(text);
  }

  private static Fields json(String text) throws Unusable {
    try {
      JsonNode root = Json.read(text);
      Map<String, String> values = new LinkedHashMap<>();
      root.properties()
          .forEach(
              field ->
                  values.put(
                      field.getKey(),
                      field.getValue().isValueNode()
                          ? field.getValue().asText()
                          : field.getValue().toString()));
      List<ChatMessage.Field> articles = new ArrayList<>();
      root.path("Articles")
          .forEach(
              item ->
                  articles.add(
                      new ChatMessage.Field(
                          item.path("Title").asText(), item.path("Description").asText())));
      return new Fields(values, articles, root.path("Articles").path(0).path("Url").asText());
    } catch (JsonProcessingException e) {
      throw new Unusable("the answer is not JSON");
    }
  }

  /** Reads {@code <xml>} with its fields and, below {@code Articles}, its items. */
  private static Fields xml(String text) throws Unusable {
    try {
      XMLStreamReader in = READERS.createXMLStreamReader(new StringReader(text));
      in.next();
      if (!in.isStartElement() || !in.getLocalName().equals("xml")) {
        throw new Unusable("the answer's root is not xml");
      }
      Map<String, String> values = new LinkedHashMap<>();
      List<Map<String, String>> items = new ArrayList<>();
      while (in.nextTag() == XMLStreamConstants.START_ELEMENT) {
        String name = in.getLocalName();
        values.put(name, inside(in, items));
      }
      in.next();
      return new Fields(
          values,
          items.stream()
              .map(
                  item ->
                      new ChatMessage.Field(
                          item.getOrDefault("Title", ""), item.getOrDefault("Description", "")))
              .toList(),
          items.isEmpty() ? "" : items.get(0).getOrDefault("Url", ""));
    } catch (XMLStreamException e) {
      throw new Unusable("the answer is neither success nor XML");
    }
  }

  /** The text of an element up to its end; fields of items inside it are noted too. */
  private static String inside(XMLStreamReader in, List<Map<String, String>> items)
      throws XMLStreamException, Unusable {
    StringBuilder text = new StringBuilder();
    StringBuilder own = new StringBuilder();
    for (int depth = 1; depth > 0; ) {
      switch (in.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          depth++;
          if (depth > MAX_DEPTH) {
            throw new Unusable("the answer is nested too deeply");
          }
          if (in.getLocalName().equals("item")) {
            items.add(new LinkedHashMap<>());
          }
          own.setLength(0);
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          text.append(in.getText());
          own.append(in.getText());
        }
        case XMLStreamConstants.END_ELEMENT -> {
          depth--;
          if (!items.isEmpty() && depth > 0) {
            items.get(items.size() - 1).putIfAbsent(in.getLocalName(), own.toString());
          }
        }
        case XMLStreamConstants.COMMENT, XMLStreamConstants.SPACE -> {}
        default -> throw new Unusable("the answer has more than elements and text");
      }
    }
    return text.toString();
  }
}

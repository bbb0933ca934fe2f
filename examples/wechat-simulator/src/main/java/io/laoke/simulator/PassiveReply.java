package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** Reads what the host answered to a push, as strictly as the platform. */
final class PassiveReply {
  private static final int MAX_TEXT_BYTES = 2048;

  private PassiveReply() {}

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
    Fields outer = parse(text);
    Fields reply = outer;
    boolean sealed = outer.values().containsKey("Encrypt");
    if (sealed) {
      if (push.settings.mode() == PushMode.PLAIN) {
        throw new Unusable("an encrypted reply in plain mode");
      }
      reply = parse(open(push, outer));
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

  private static Fields parse(String text) throws Unusable {
    return text.startsWith("{") ? json(text) : xml(text);
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

  private static Fields xml(String text) throws Unusable {
    Element root = document(text);
    if (!root.getNodeName().equals("xml")) {
      throw new Unusable("the answer's root is " + root.getNodeName() + ", not xml");
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (Node node = root.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        values.put(element.getTagName(), element.getTextContent());
      }
    }
    List<ChatMessage.Field> articles = new ArrayList<>();
    String url = "";
    var items = root.getElementsByTagName("item");
    for (int i = 0; i < items.getLength(); i++) {
      if (items.item(i) instanceof Element item) {
        articles.add(new ChatMessage.Field(inside(item, "Title"), inside(item, "Description")));
        url = i == 0 ? inside(item, "Url") : url;
      }
    }
    return new Fields(values, articles, url);
  }

  private static String inside(Element parent, String name) {
    Node node = parent.getElementsByTagName(name).item(0);
    return node == null ? "" : node.getTextContent();
  }

  private static Element document(String text) throws Unusable {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setExpandEntityReferences(false);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new Quiet());
      return builder.parse(new InputSource(new StringReader(text))).getDocumentElement();
    } catch (SAXException e) {
      throw new Unusable("the answer is neither success nor XML");
    } catch (ParserConfigurationException | IOException e) {
      throw new IllegalStateException("Cannot read XML", e);
    }
  }

  /** Throws what the default handler would print. */
  private static final class Quiet extends DefaultHandler {
    @Override
    public void error(SAXParseException e) throws SAXException {
      throw e;
    }
  }
}

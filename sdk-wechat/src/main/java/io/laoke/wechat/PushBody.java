package io.laoke.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * What WeChat pushed, as fields. It is read before anything is verified, so: no DTD, no entities
 * but XML's own five, bounded depth and number of fields; any break of that is no body at all.
 *
 * @param json whether it was JSON, else XML
 * @param fields by name or path, in order
 * @param text the whole body
 */
record PushBody(boolean json, Map<String, String> fields, String text) {
  private static final int MAX_DEPTH = 12;
  private static final int MAX_FIELDS = 500;

  /** Making one costs more than reading a push with it; none is used by two threads at once. */
  private static final Queue<XMLInputFactory> FACTORIES = new ArrayBlockingQueue<>(16);

  /** Reads XML or JSON by its first character; empty if it is neither, or breaks a limit. */
  static Optional<PushBody> parse(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return parse(text);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  static Optional<PushBody> parse(String given) {
    String text = given.startsWith("\uFEFF") ? given.substring(1) : given;
    String start = text.stripLeading();
    try {
      if (start.startsWith("{")) {
        return Optional.of(fromJson(text));
      }
      if (start.startsWith("<")) {
        return Optional.of(fromXml(start));
      }
      return Optional.empty();
    } catch (XMLStreamException | BrokenBody e) {
      return Optional.empty();
    }
  }

  /** A field; empty if absent. */
  String field(String name) {
    return fields.getOrDefault(name, "");
  }

  /** Shows no value. */
  @Override
  public String toString() {
    return "PushBody[" + fields.size() + " fields]";
  }

  private static PushBody fromJson(String text) throws BrokenBody {
    ObjectNode root =
        Json.parse(text.getBytes(StandardCharsets.UTF_8)).orElseThrow(BrokenBody::new);
    Map<String, String> fields = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      addJson(fields, field.getKey(), field.getValue(), 1);
    }
    return new PushBody(true, Collections.unmodifiableMap(fields), text);
  }

  private static void addJson(Map<String, String> fields, String path, JsonNode node, int depth)
      throws BrokenBody {
    if (depth > MAX_DEPTH) {
      throw new BrokenBody();
    }
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        addJson(fields, path + "/" + field.getKey(), field.getValue(), depth + 1);
      }
    } else if (node.isArray()) {
      int index = 0;
      for (JsonNode one : node) {
        index++;
        addJson(fields, index == 1 ? path : path + "[" + index + "]", one, depth + 1);
      }
    } else {
      add(fields, path, node.isNull() ? "" : node.asText());
    }
  }

  private static PushBody fromXml(String text) throws XMLStreamException, BrokenBody {
    refuseDoctype(text);
    XMLInputFactory factory = FACTORIES.poll();
    factory = factory == null ? factory() : factory;
    XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(text));
    try {
      Map<String, String> fields = new LinkedHashMap<>();
      Deque<Element> open = new ArrayDeque<>();
      while (reader.hasNext()) {
        switch (next(reader)) {
          case XMLStreamConstants.START_ELEMENT -> start(open, reader.getLocalName());
          case XMLStreamConstants.END_ELEMENT -> end(open, fields);
          case XMLStreamConstants.CHARACTERS,
              XMLStreamConstants.CDATA,
              XMLStreamConstants.SPACE -> {
            Element element = open.peek();
            if (element != null) {
              element.append(reader.getText());
            }
          }
          case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
              throw new BrokenBody();
          default -> {} // comments and the like say nothing
        }
      }
      return new PushBody(false, Collections.unmodifiableMap(fields), text);
    } finally {
      reader.close();
      FACTORIES.offer(factory);
    }
  }

  /** Hostile input has made the JDK's parser fail in ways that are none of its contract. */
  private static int next(XMLStreamReader reader) throws XMLStreamException, BrokenBody {
    try {
      return reader.next();
    } catch (RuntimeException e) {
      throw new BrokenBody();
    }
  }

  /**
   * Refuses a DOCTYPE before the parser sees it, which would read it in full, fail at some of them
   * with a RuntimeException, and print on the process's standard error at others. It can only stand
   * before the first element.
   */
  private static void refuseDoctype(String text) throws BrokenBody {
    int at = 0;
    while (true) {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      String end = text.startsWith("<?", at) ? "?>" : text.startsWith("<!--", at) ? "-->" : "";
      if (end.isEmpty()) {
        if (text.startsWith("<!", at)) {
          throw new BrokenBody();
        }
        return;
      }
      int found = text.indexOf(end, at + 2);
      if (found < 0) {
        throw new BrokenBody();
      }
      at = found + end.length();
    }
  }

  private static void start(Deque<Element> open, String name) throws BrokenBody {
    if (open.size() >= MAX_DEPTH) {
      throw new BrokenBody();
    }
    Element parent = open.peek();
    String path = "";
    if (parent != null) {
      parent.leaf = false;
      int count = parent.countOf(name);
      String step = count == 1 ? name : name + "[" + count + "]";
      path = parent.path.isEmpty() ? step : parent.path + "/" + step;
    }
    open.push(new Element(path));
  }

  private static void end(Deque<Element> open, Map<String, String> fields) throws BrokenBody {
    Element element = open.pop();
    if (element.leaf && !element.path.isEmpty()) {
      add(fields, element.path, element.text());
    }
  }

  private static void add(Map<String, String> fields, String path, String value) throws BrokenBody {
    if (fields.size() >= MAX_FIELDS) {
      throw new BrokenBody();
    }
    fields.putIfAbsent(path, value);
  }

  /** The JDK's own parser, whatever else is on the class path. */
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("nothing outside is read");
        });
    return factory;
  }

  private static final class Element {
    private final String path;
    private String first = "";
    private @Nullable StringBuilder all;
    private @Nullable Map<String, Integer> children;
    private boolean leaf = true;

    Element(String path) {
      this.path = path;
    }

    /** Mostly there is one piece. */
    void append(String piece) {
      if (all != null) {
        all.append(piece);
      } else if (first.isEmpty()) {
        first = piece;
      } else {
        all = new StringBuilder(first).append(piece);
      }
    }

    String text() {
      return all == null ? first : all.toString();
    }

    /** The how-manieth child of that name this is. */
    int countOf(String name) {
      if (children == null) {
        children = new HashMap<>();
      }
      return children.merge(name, 1, Integer::sum);
    }
  }

  private static final class BrokenBody extends Exception {
    private static final long serialVersionUID = 1;

    BrokenBody() {
      super(null, null, false, false);
    }
  }
}

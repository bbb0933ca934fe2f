package io.laoke.simulator;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes the bodies of pushes: strings as CDATA, numbers bare, as the platform does; what no XML
 * may hold is left out.
 */
final class PushBodies {
  private static final Pattern NO_XML =
      Pattern.compile("[^\\t\\n\\r\\x20-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]");

  private PushBodies() {}

  static String plain(PushFormat format, Map<String, Object> fields) {
    if (format == PushFormat.JSON) {
      return Json.write(fields);
    }
    StringBuilder xml = new StringBuilder("<xml>");
    fields.forEach((name, value) -> write(xml, name, value));
    return xml.append("</xml>").toString();
  }

  /** An element; a map nests, a list repeats it. */
  private static void write(StringBuilder xml, String name, Object value) {
    if (value instanceof List<?> list) {
      list.forEach(each -> write(xml, name, each));
      return;
    }
    xml.append('<').append(name).append('>');
    if (value instanceof Map<?, ?> inner) {
      inner.forEach((key, each) -> write(xml, String.valueOf(key), each));
    } else if (value instanceof Number) {
      xml.append(value);
    } else {
      xml.append("<![CDATA[")
          .append(
              NO_XML
                  .matcher(String.valueOf(value))
                  .replaceAll("")
                  .replace("]]>", "]]]]><![CDATA[>"))
          .append("]]>");
    }
    xml.append("</").append(name).append(">\n");
  }
}

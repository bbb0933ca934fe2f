package io.laoke.simulator;

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
    fields.forEach(
        (name, value) -> {
          xml.append('<').append(name).append('>');
          if (value instanceof Number) {
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
        });
    return xml.append("</xml>").toString();
  }
}

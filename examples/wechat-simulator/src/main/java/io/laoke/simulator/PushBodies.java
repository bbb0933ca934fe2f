package io.laoke.simulator;

import java.util.Map;

/** Writes the bodies of pushes: strings as CDATA, numbers bare, as the platform does. */
final class PushBodies {
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
                .append(String.valueOf(value).replace("]]>", "]]]]><![CDATA[>"))
                .append("]]>");
          }
          xml.append("</").append(name).append(">\n");
        });
    return xml.append("</xml>").toString();
  }
}

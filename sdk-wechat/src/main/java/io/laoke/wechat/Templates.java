package io.laoke.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import io.laoke.message.TemplateCatalog;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The account's templates: {@code template/get_all_private_template}. */
final class Templates implements TemplateCatalog {
  private static final String PATH = "/cgi-bin/template/get_all_private_template";
  private static final Pattern FIELD = Pattern.compile("\\{\\{\\s*(\\w+)\\.DATA\\s*}}");

  private final Api api;

  Templates(Api api) {
    this.api = api;
  }

  @Override
  public List<Template> templates() {
    List<Template> templates = new ArrayList<>();
    for (JsonNode row :
        api.list(
            Request.get(PATH, Map.of()),
            "Could not read the account's templates",
            "template_list")) {
      String id = Json.string(row, "template_id").strip();
      if (!id.isEmpty() && id.length() <= 128) {
        templates.add(
            new Template(id, Json.string(row, "title"), fields(Json.string(row, "content"))));
      }
    }
    return List.copyOf(templates);
  }

  private static List<String> fields(String content) {
    Set<String> fields = new LinkedHashSet<>();
    Matcher field = FIELD.matcher(content);
    while (field.find()) {
      fields.add(field.group(1));
    }
    return List.copyOf(fields);
  }
}

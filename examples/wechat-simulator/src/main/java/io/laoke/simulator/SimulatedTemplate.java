package io.laoke.simulator;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A template of an account.
 *
 * @param id the account's own template id
 * @param title heading of the card
 * @param content lines such as {@code 订单号:{{character_string1.DATA}}}
 * @param allowed the values that {@code const} and {@code enum} fields may take, by key; a field
 *     without an entry takes any value of its length
 */
public record SimulatedTemplate(
    String id, String title, String content, Map<String, Set<String>> allowed) {
  private static final Pattern SLOT = Pattern.compile("\\{\\{\\s*(\\w+)\\.DATA\\s*\\}\\}");

  /** Checks that the content has at least one field. */
  public SimulatedTemplate {
    AccountSpec.requireText(id, "id");
    AccountSpec.requireText(title, "title");
    requireNonNull(content, "content");
    Map<String, Set<String>> copy = new LinkedHashMap<>();
    allowed.forEach((key, values) -> copy.put(key, Set.copyOf(values)));
    allowed = Map.copyOf(copy);
    if (!SLOT.matcher(content).find()) {
      throw new IllegalArgumentException(
          "content must have a field such as {{thing1.DATA}}, was: " + content);
    }
  }

  /** The field keys in the order of the content. */
  public List<String> keys() {
    List<String> keys = new ArrayList<>();
    Matcher slot = SLOT.matcher(content);
    while (slot.find()) {
      if (!keys.contains(slot.group(1))) {
        keys.add(String.valueOf(slot.group(1)));
      }
    }
    return List.copyOf(keys);
  }

  /** The lines as a phone shows them: a line without a field has an empty value. */
  List<ChatMessage.Field> fill(Map<String, String> values) {
    List<ChatMessage.Field> fields = new ArrayList<>();
    for (String line : content.split("\\R", -1)) {
      Matcher slot = SLOT.matcher(line);
      if (!slot.find()) {
        if (!line.isBlank()) {
          fields.add(new ChatMessage.Field(line.strip(), ""));
        }
        continue;
      }
      String label = line.substring(0, slot.start()).strip();
      String value =
          slot.reset(line.substring(slot.start()))
              .replaceAll(
                  found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), "")));
      if (label.endsWith(":") || label.endsWith("：")) {
        label = label.substring(0, label.length() - 1).strip();
      }
      if (!(label.isEmpty() && value.isBlank())) {
        fields.add(new ChatMessage.Field(label, value));
      }
    }
    return fields;
  }
}

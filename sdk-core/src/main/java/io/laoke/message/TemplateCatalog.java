package io.laoke.message;

import static io.laoke.base.Check.text;

import java.util.List;

/** Capability: the templates that an account may use, read from the platform. */
public interface TemplateCatalog {
  /**
   * Asks the platform; one network call.
   *
   * @throws io.laoke.error.ChannelException when it refuses or cannot be reached
   */
  List<Template> templates();

  /**
   * A template.
   *
   * @param id the account's own id
   * @param title its title
   * @param fields the keys of its fields, in order of appearance
   */
  record Template(String id, String title, List<String> fields) {
    /** Checks and copies. */
    public Template {
      id = text("id", id, 128);
      fields = List.copyOf(fields);
    }
  }
}

package io.laoke.wechat;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The menu below an account's chat, checked as WeChat checks it: one to three buttons, each an
 * entry or a group of one to five entries. Lengths count bytes in UTF-8, in which a Chinese
 * character has three; phones show about 4 Chinese characters of a button and 8 of an entry in a
 * group (reference, section 8.2; codes 40016 to 40027, 40054, 40055).
 *
 * @param buttons from left to right
 */
public record Menu(List<Button> buttons) {
  private static final int MAX_BUTTONS = 3;
  private static final int MAX_ENTRIES = 5;
  private static final int MAX_TOP_NAME = 16;
  private static final int MAX_NAME = 60;
  private static final int MAX_KEY = 128;
  private static final int MAX_URL = 1024;
  private static final Pattern URL = Pattern.compile("https?://[^\\s/?#]+\\S*");

  /** Checks and copies. */
  public Menu {
    notNull("buttons", buttons).forEach(button -> notNull("button", button));
    buttons = List.copyOf(buttons);
    size("buttons", buttons.size(), MAX_BUTTONS);
    for (Button button : buttons) {
      bytes("name of button " + button.name(), button.name(), MAX_TOP_NAME);
    }
  }

  /** A menu of these buttons, from left to right. */
  public static Menu of(Button... buttons) {
    return new Menu(Arrays.asList(notNull("buttons", buttons)));
  }

  /** What stands in the bar. */
  public sealed interface Button permits Group, Entry {
    /** What it is called. */
    String name();
  }

  /** What a tap does. */
  public sealed interface Entry extends Button permits Click, View, MiniProgram, Other {}

  /**
   * Opens its entries.
   *
   * @param name at most 16 bytes
   * @param entries one to five, the lowest last
   */
  public record Group(String name, List<Entry> entries) implements Button {
    /** Checks and copies. */
    public Group {
      name = named(name, MAX_TOP_NAME);
      notNull("entries", entries).forEach(entry -> notNull("entry", entry));
      entries = List.copyOf(entries);
      size("entries of " + name, entries.size(), MAX_ENTRIES);
    }

    /** A group of these entries. */
    public static Group of(String name, Entry... entries) {
      return new Group(name, Arrays.asList(notNull("entries", entries)));
    }
  }

  /**
   * Tells the callback, as {@code Inbound.Clicked}.
   *
   * @param name at most 16 bytes in the bar, 60 in a group
   * @param key what the callback is told, at most 128 bytes
   */
  public record Click(String name, String key) implements Entry {
    /** Checks. */
    public Click {
      name = named(name, MAX_NAME);
      key = keyed(name, key);
    }
  }

  /**
   * Opens a page.
   *
   * @param name at most 16 bytes in the bar, 60 in a group
   * @param url http or https, at most 1,024 bytes
   */
  public record View(String name, String url) implements Entry {
    /** Checks. */
    public View {
      name = named(name, MAX_NAME);
      url = addressed(name, url);
    }
  }

  /**
   * Opens a mini program that is linked to the account.
   *
   * @param name at most 16 bytes in the bar, 60 in a group
   * @param appId its appid
   * @param pagePath its page
   * @param url opened by clients that are too old for mini programs
   */
  public record MiniProgram(String name, String appId, String pagePath, String url)
      implements Entry {
    /** Checks. */
    public MiniProgram {
      name = named(name, MAX_NAME);
      appId = io.laoke.base.Check.key("appId of " + name, appId, 64);
      pagePath = io.laoke.base.Check.key("pagePath of " + name, pagePath, MAX_URL);
      url = addressed(name, url);
    }
  }

  /**
   * Any other type that WeChat has, such as {@code scancode_waitmsg} or {@code article_id}.
   *
   * @param name at most 16 bytes in the bar, 60 in a group
   * @param type WeChat's word for it
   * @param value its key; for {@code media_id} the media id, for the article types the article id
   */
  public record Other(String name, String type, String value) implements Entry {
    /** Checks. */
    public Other {
      name = named(name, MAX_NAME);
      type = io.laoke.base.Check.key("type of " + name, type, 32);
      if (type.equals("click") || type.equals("view") || type.equals("miniprogram")) {
        throw new InvalidInputException(
            "type of " + name, type + " has a class of its own; use that");
      }
      value = keyed(name, value);
    }
  }

  private static void size(String field, int size, int most) {
    if (size < 1 || size > most) {
      throw new InvalidInputException(field, "must be 1 to " + most + ", were " + size);
    }
  }

  private static String named(String name, int most) {
    return bytes("name", key("name", name, most), most);
  }

  private static String keyed(String name, String given) {
    String field = "key of " + name;
    return bytes(field, key(field, given, MAX_KEY), MAX_KEY);
  }

  private static String addressed(String name, String given) {
    String field = "url of " + name;
    String url = bytes(field, key(field, given, MAX_URL), MAX_URL);
    if (!URL.matcher(url).matches()) {
      throw new InvalidInputException(field, "must be like https://dealer.example/page");
    }
    return url;
  }

  private static String bytes(String field, String text, int most) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    if (length > most) {
      throw new InvalidInputException(
          field, "must have at most " + most + " bytes in UTF-8, has " + length);
    }
    return text;
  }
}

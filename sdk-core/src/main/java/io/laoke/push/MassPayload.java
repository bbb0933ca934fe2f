package io.laoke.push;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import java.util.List;

/** What one mass message carries, with everything uploaded already: an account's own ids. */
public sealed interface MassPayload {
  /**
   * The articles of a draft, which ends with the send that succeeds with it.
   *
   * @param mediaId the draft's id
   * @param sendReprint whether to go on when the platform takes an article for a reprint that its
   *     author permits
   */
  record Draft(String mediaId, boolean sendReprint) implements MassPayload {
    /** Checks. */
    public Draft {
      mediaId = key("mediaId", mediaId, 128);
    }
  }

  /**
   * Words.
   *
   * @param text not blank
   */
  record Text(String text) implements MassPayload {
    /** Checks. */
    public Text {
      text = Check.text("text", text, Texts.LONGEST_BODY);
    }

    /** Shows its length only. */
    @Override
    public String toString() {
      return "Text[" + text.length() + "]";
    }
  }

  /**
   * Pictures.
   *
   * @param mediaIds their ids
   * @param words what is said beside them; may be empty
   * @param comments who may comment
   */
  record Images(List<String> mediaIds, String words, Comments comments) implements MassPayload {
    /** Checks and copies. */
    public Images {
      mediaIds =
          notNull("mediaIds", mediaIds).stream().map(id -> key("mediaIds", id, 128)).toList();
      words = Texts.text("words", words, Texts.LONGEST_LINE);
      notNull("comments", comments);
    }
  }

  /**
   * A sound.
   *
   * @param mediaId its id
   */
  record Voice(String mediaId) implements MassPayload {
    /** Checks. */
    public Voice {
      mediaId = key("mediaId", mediaId, 128);
    }
  }

  /**
   * A film.
   *
   * @param mediaId its id
   * @param title what players show
   * @param description more words; may be empty
   */
  record Video(String mediaId, String title, String description) implements MassPayload {
    /** Checks. */
    public Video {
      mediaId = key("mediaId", mediaId, 128);
      title = Texts.line("title", title, Texts.LONGEST_LINE);
      description = Texts.text("description", description, Texts.LONGEST_LINE);
    }
  }
}

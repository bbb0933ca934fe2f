package io.laoke.push;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is sent to many: one to eight articles, a text, pictures, a voice or a video. Immutable.
 *
 * <p>A content may be unfinished: what it must have before it is sent is told by {@link
 * Contents#problems}. Files are named by the SHA-256 under which {@link Contents#addFile} keeps
 * them.
 */
public sealed interface Content {
  /** The most articles that a content can hold; WeChat's own limit is in {@link ContentLimits}. */
  int MOST_ARTICLES = 100;

  /** Articles, which come as one card of several lines. */
  static Content of(Article... articles) {
    return new Articles(List.of(articles));
  }

  /** A text. */
  static Content text(String text) {
    return new Text(text);
  }

  /** Pictures without words and comments. */
  static Content images(ContentFile... pictures) {
    return new Images(
        List.of(pictures).stream().map(ContentFile::sha256).toList(), "", Comments.OFF);
  }

  /** A voice. */
  static Content voice(ContentFile sound) {
    return new Voice(notNull("sound", sound).sha256());
  }

  /** A video. */
  static Content video(ContentFile film, String title, String description) {
    return new Video(notNull("film", film).sha256(), title, description);
  }

  /** What kind it is. */
  Kind kind();

  /** The files that Laoke keeps and it is made of: pictures in bodies and covers included. */
  Set<String> files();

  /**
   * The SHA-256 of its canonical JSON form: equal ones have the same content, pictures and all,
   * since files are named by their hashes. A plan freezes it when it is approved.
   */
  default String hash() {
    return ContentJson.hash(this);
  }

  /** Kinds of content. */
  enum Kind {
    /** One or more articles 图文. */
    ARTICLES,
    /** Words. */
    TEXT,
    /** Pictures. */
    IMAGES,
    /** A sound. */
    VOICE,
    /** A film. */
    VIDEO
  }

  /**
   * Articles.
   *
   * @param articles the first is shown large
   */
  record Articles(List<Article> articles) implements Content {
    /** Copies. */
    public Articles {
      notNull("articles", articles).forEach(article -> notNull("article", article));
      articles = List.copyOf(articles);
      if (articles.size() > MOST_ARTICLES) {
        throw new InvalidInputException(
            "articles",
            "must be at most %d, were %d; put the others into another content"
                .formatted(MOST_ARTICLES, articles.size()));
      }
    }

    @Override
    public Kind kind() {
      return Kind.ARTICLES;
    }

    @Override
    public Set<String> files() {
      Set<String> files = new LinkedHashSet<>();
      for (Article article : articles) {
        if (article.cover().orElse(null) instanceof Cover.OfFile own) {
          files.add(own.sha256());
        }
        files.addAll(BodyHtml.of(article.body()).files());
      }
      return files;
    }
  }

  /**
   * Words.
   *
   * @param text may be longer than WeChat takes it
   */
  record Text(String text) implements Content {
    /** Checks. */
    public Text {
      text = Texts.text("text", text, Texts.LONGEST_BODY);
    }

    @Override
    public Kind kind() {
      return Kind.TEXT;
    }

    @Override
    public Set<String> files() {
      return Set.of();
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
   * @param pictures the SHA-256 of each
   * @param words what is said beside them; may be empty
   * @param comments who may comment
   */
  record Images(List<String> pictures, String words, Comments comments) implements Content {
    /** Checks and copies. */
    public Images {
      pictures =
          notNull("pictures", pictures).stream()
              .map(file -> ContentFile.sha256("pictures", file))
              .toList();
      if (pictures.size() > MOST_ARTICLES) {
        throw new InvalidInputException(
            "pictures",
            "must be at most %d, were %d; leave some out"
                .formatted(MOST_ARTICLES, pictures.size()));
      }
      words = Texts.text("words", words, Texts.LONGEST_LINE);
      notNull("comments", comments);
    }

    @Override
    public Kind kind() {
      return Kind.IMAGES;
    }

    @Override
    public Set<String> files() {
      return new LinkedHashSet<>(pictures);
    }
  }

  /**
   * A sound.
   *
   * @param sound the SHA-256 of the file
   */
  record Voice(String sound) implements Content {
    /** Checks. */
    public Voice {
      sound = ContentFile.sha256("sound", sound);
    }

    @Override
    public Kind kind() {
      return Kind.VOICE;
    }

    @Override
    public Set<String> files() {
      return Set.of(sound);
    }
  }

  /**
   * A film. Some accounts may not send one that a program uploaded (48022).
   *
   * @param film the SHA-256 of the file
   * @param title what players show
   * @param description more words; may be empty
   */
  record Video(String film, String title, String description) implements Content {
    /** Checks. */
    public Video {
      film = ContentFile.sha256("film", film);
      title = Texts.line("title", title, Texts.LONGEST_LINE);
      description = Texts.text("description", description, Texts.LONGEST_LINE);
    }

    @Override
    public Kind kind() {
      return Kind.VIDEO;
    }

    @Override
    public Set<String> files() {
      return Set.of(film);
    }
  }
}

package io.laoke.push;

import io.laoke.base.Check;
import io.laoke.error.ChannelException;
import io.laoke.error.ConflictException;
import io.laoke.error.NotFoundException;
import io.laoke.message.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what staff wrote in the editor of an account. */
final class DraftReader {
  private DraftReader() {}

  static DraftPage page(Channels.Channel channel, int offset, int count) {
    return value(
        Channels.await(channel.articles().drafts(offset, count), channel.articles().callLimit()),
        "Could not read the draft box of " + channel.account());
  }

  static List<Article> articles(Channels.Channel channel, String mediaId) {
    Optional<StaffDraft> found =
        value(
            Channels.await(channel.articles().draft(mediaId), channel.articles().callLimit()),
            "Could not read a draft of " + channel.account());
    StaffDraft draft =
        found.orElseThrow(
            () ->
                new NotFoundException(
                    "The account %s has no draft %s any more: it was sent or deleted. Name another of its draft box, as contents().drafts tells them."
                        .formatted(channel.account(), mediaId)));
    List<Article> articles = new ArrayList<>();
    for (StaffDraft.Entry entry : draft.articles()) {
      complete(articles.size() + 1, entry);
      articles.add(
          copy(
              channel.account(),
              entry,
              new DraftRef(Optional.of(channel.account()), mediaId, articles.size())));
    }
    if (articles.isEmpty()) {
      throw new ConflictException(
          "The draft %s has no article. Open it in WeChat's editor, write one, and save it."
              .formatted(mediaId));
    }
    return articles;
  }

  /** What the editor saved by itself lacks something, and WeChat would not send it (48021). */
  private static void complete(int number, StaffDraft.Entry entry) {
    if (entry.pictures()) {
      throw new ConflictException(
          "Article %d of the draft is a message of pictures (图片消息), which cannot be copied. Send its pictures as a content of pictures, or write it as an article (图文)."
              .formatted(number));
    }
    List<String> missing = new ArrayList<>();
    if (entry.title().isBlank()) {
      missing.add("title (标题)");
    }
    if (entry.body().isBlank()) {
      missing.add("body (正文)");
    }
    if (entry.coverMediaId().isBlank()) {
      missing.add("cover (封面)");
    }
    if (!missing.isEmpty()) {
      throw new ConflictException(
          "Article %d of the draft has no %s; WeChat's editor has saved it by itself (自动保存), and WeChat would not send it. Ask whoever writes it to complete it there and to press 保存为草稿; then read it again."
              .formatted(number, String.join(", ", missing)));
    }
  }

  private static Article copy(String account, StaffDraft.Entry entry, DraftRef from) {
    return new Article(
        line(entry.title()),
        line(entry.author()),
        text(entry.digest()),
        text(entry.body()),
        Optional.of(new Cover.OfMaterial(account, entry.coverMediaId())),
        entry.crops(),
        line(entry.sourceUrl()),
        entry.comments(),
        Optional.of(from));
  }

  /** What came from a platform nobody can be asked to correct. */
  private static String text(String value) {
    return Check.mended(value).replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]", " ");
  }

  private static String line(String value) {
    return text(value).replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
  }

  /** What a call that the host made itself gave. */
  static <T> T value(ChannelAnswer<T> answer, String attempted) {
    Optional<T> given = answer.given();
    if (given.isPresent()) {
      return given.get();
    }
    Reason why = answer.reason().orElseThrow();
    boolean retryable =
        answer instanceof ChannelAnswer.Later || answer instanceof ChannelAnswer.Unknown;
    String advice =
        (why.advice() + " " + why.adviceZh()).isBlank()
            ? "See what the platform says of it, and try again."
            : why.advice() + " " + why.adviceZh();
    throw new ChannelException(
        "%s: %s. %s".formatted(attempted, why.text(), advice.strip()), null, retryable);
  }
}

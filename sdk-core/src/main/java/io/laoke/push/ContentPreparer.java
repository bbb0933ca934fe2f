package io.laoke.push;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.error.ConflictException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Reason;
import io.laoke.push.DraftTable.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Makes what one batch sends: uploads what an account does not hold yet, each file once, and makes
 * a draft of the batch's own, since a draft ends with the send that succeeds with it. Nothing is
 * sent by this.
 *
 * <p>May be killed at any point and called again: what was uploaded and recorded is not uploaded
 * again, and a batch whose draft was recorded has that one. Only what was made and not recorded is
 * made anew. Of drafts that is known: one is looked for in the draft box first if the batch has
 * {@link Links} of its own, by which it is recognized; else it is an orphan there, and is counted
 * by {@link #orphans}.
 *
 * <p>Blocks on the network, so no transaction may be open. One caller for a batch at a time; safe
 * for many batches at once.
 */
final class ContentPreparer {
  /** What an account answers when material that it held is gone: somebody deleted it. */
  private static final Set<String> GONE = Set.of("40007");

  private static final int PAGE = 20;

  /** As many drafts as may have been made since, by others too. */
  private static final int MOST_PAGES = 10;

  private static final Duration SOON = Duration.ofSeconds(30);

  private final Database database;
  private final Ids ids;

  ContentPreparer(Database database, Ids ids) {
    this.database = database;
    this.ids = ids;
  }

  /**
   * Where 阅读原文 leads in one batch; the same for each call. What it changes must be of that batch
   * alone: by such an address a draft is known that was made and not recorded.
   */
  interface Links {
    /**
     * The address.
     *
     * @param article which article, from 0
     * @param sourceUrl as the content has it; may be empty
     */
    String of(int article, String sourceUrl);
  }

  /**
   * A batch.
   *
   * @param key by which it is known, at most 64 characters
   * @param content what it sends, as the plan froze it
   * @param sendReprint whether to go on when the platform takes an article for a permitted reprint
   * @param links where 阅读原文 leads
   */
  record Batch(String key, Content content, boolean sendReprint, Links links) {
    /** Checks. */
    Batch {
      key = Check.key("key", key, 64);
      notNull("content", content);
      notNull("links", links);
    }

    /** With addresses as the content has them. */
    static Batch of(String key, Content content) {
      return new Batch(key, content, false, (article, sourceUrl) -> sourceUrl);
    }
  }

  /**
   * Makes what the batch sends, or goes on with it.
   *
   * @param budget after which nothing new is begun: then the answer is {@code Later} at once, with
   *     the reason {@code GOES_ON}, and the next call goes on. A network call that was begun may
   *     take its own limit more, and one is made each time
   * @return done with what to send; never unknown: what may be there already is made anew later
   */
  ChannelAnswer<MassPayload> prepare(
      Tenant tenant, Channels.Channel channel, Batch batch, Duration budget) {
    if (database.joined()) {
      throw new ConflictException(
          "A batch cannot be prepared inside a transaction, which would wait for the network."
              + " Call it before the transaction, or after it.");
    }
    Map<String, ContentFile> files = files(tenant, batch.content());
    Optional<Reason> unfit = unfit(channel, batch.content(), files);
    return unfit.isPresent()
        ? new ChannelAnswer.Refused<>(unfit.get())
        : new Run(tenant, channel, batch, files, System.nanoTime() + budget.toNanos()).payload();
  }

  private Map<String, ContentFile> files(Tenant tenant, Content content) {
    Set<String> named = content.files();
    return named.isEmpty()
        ? Map.of()
        : database.read("read the files of a batch", tx -> FileTable.find(tx, tenant, named));
  }

  /** Why the account can never send it. */
  private static Optional<Reason> unfit(
      Channels.Channel channel, Content content, Map<String, ContentFile> files) {
    List<ContentProblem> problems =
        channel
            .articles()
            .limits()
            .problems(content, sha256 -> Optional.ofNullable(files.get(sha256)));
    if (!problems.isEmpty()) {
      ContentProblem first = problems.get(0);
      return Optional.of(
          new Reason(
              "CONTENT",
              "The content has %d problems; the first is %s".formatted(problems.size(), first),
              "Correct the content, and approve the plan again.",
              "内容有%d处问题：%s请修改内容后重新审批。".formatted(problems.size(), first.zh())));
    }
    if (content instanceof Content.Articles articles) {
      for (Article article : articles.articles()) {
        if (article.cover().orElse(null) instanceof Cover.OfMaterial material
            && !material.account().equals(channel.account())) {
          return Optional.of(
              new Reason(
                  "OTHER_ACCOUNT",
                  "The article was copied from a draft of the account %s, and its cover is that account's."
                      .formatted(material.account()),
                  "Send it by that account, or give it a cover from your own files.",
                  "该文章复制自公众号 %s 的草稿，封面素材属于该公众号；请用该公众号发送，或改用自己上传的封面。"
                      .formatted(material.account())));
        }
      }
    }
    return Optional.empty();
  }

  /** The batch's draft was sent: it has ended. */
  void sent(Tenant tenant, String account, String batchKey, String mediaId) {
    database.write(
        "record that a draft was sent",
        tx -> {
          DraftTable.spent(tx, new DraftTable.Batch(tenant, account, batchKey), mediaId);
          return true;
        });
  }

  /**
   * The batch is not sent, or not with this draft: the next {@link #prepare} makes another, and
   * {@link #sweep} deletes it. Never after its send may have left.
   */
  void drop(Tenant tenant, String account, String batchKey) {
    database.write(
        "record that a draft is not wanted",
        tx ->
            DraftTable.change(
                tx, new DraftTable.Batch(tenant, account, batchKey), State.MADE, State.DROPPED));
  }

  /**
   * Material of the content is gone from the account: it is uploaded anew by the next {@link
   * #prepare}. For pictures, voices and videos whose send was refused with 40007.
   */
  void forget(Tenant tenant, String account, Content content) {
    List<UploadTable.Key> keys = new ArrayList<>();
    if (content instanceof Content.Images images) {
      images.pictures().forEach(file -> keys.add(image(account, file)));
    } else if (content instanceof Content.Voice voice) {
      keys.add(new UploadTable.Key(account, UploadTable.Kind.VOICE, voice.sound()));
    } else if (content instanceof Content.Video video) {
      keys.add(video(account, video));
    } else if (content instanceof Content.Articles articles) {
      for (Article article : articles.articles()) {
        if (article.cover().orElse(null) instanceof Cover.OfFile own) {
          keys.add(image(account, own.sha256()));
        }
      }
    }
    database.write(
        "forget what an account held",
        tx -> {
          keys.forEach(key -> UploadTable.forget(tx, tenant, key));
          return true;
        });
  }

  private static UploadTable.Key image(String account, String sha256) {
    return new UploadTable.Key(account, UploadTable.Kind.IMAGE, sha256);
  }

  /** Its words are part of what the account holds. */
  private static UploadTable.Key video(String account, Content.Video video) {
    String all = video.film() + "\n" + video.title() + "\n" + video.description();
    return new UploadTable.Key(
        account, UploadTable.Kind.VIDEO, ContentJson.sha256(all.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Deletes drafts that were dropped.
   *
   * @param most at most so many, one network call each
   * @return how many were deleted; the others are tried again
   */
  int sweep(Tenant tenant, Channels.Channel channel, int most) {
    List<DraftTable.Made> dropped =
        database.read(
            "read the drafts to delete",
            tx -> DraftTable.dropped(tx, tenant, channel.account(), most));
    int deleted = 0;
    for (DraftTable.Made draft : dropped) {
      ChannelAnswer<Boolean> answer =
          Channels.await(
              channel.articles().deleteDraft(draft.mediaId()), channel.articles().callLimit());
      if (answer.given().isEmpty()) {
        return deleted; // the next would hardly fare better
      }
      database.write(
          "record that a draft was deleted",
          tx -> {
            DraftTable.remove(tx, tenant, draft.id());
            return true;
          });
      deleted++;
    }
    return deleted;
  }

  /** How many drafts may stand in an account's draft box without anybody knowing their ids. */
  long orphans(Tenant tenant, String account) {
    return database.read("count lost drafts", tx -> DraftTable.lost(tx, tenant, account));
  }

  /** The same answer where something else was to be given. */
  private static <R> ChannelAnswer<R> failed(ChannelAnswer<?> answer) {
    return answer.then(
        value -> {
          throw new IllegalStateException("it is done");
        });
  }

  /** The call by which a file is uploaded. */
  private interface Uploading {
    CompletionStage<ChannelAnswer<String>> of(Upload file);
  }

  /** One call of {@link #prepare}. */
  private final class Run {
    private final Tenant tenant;
    private final Channels.Channel channel;
    private final Batch batch;
    private final Map<String, ContentFile> files;
    private final long end;
    private final DraftTable.Batch rows;
    private int calls;

    Run(
        Tenant tenant,
        Channels.Channel channel,
        Batch batch,
        Map<String, ContentFile> files,
        long end) {
      this.tenant = tenant;
      this.channel = channel;
      this.batch = batch;
      this.files = files;
      this.end = end;
      rows = new DraftTable.Batch(tenant, channel.account(), batch.key());
    }

    ChannelAnswer<MassPayload> payload() {
      Content content = batch.content();
      if (content instanceof Content.Text text) {
        return ChannelAnswer.done(new MassPayload.Text(text.text()));
      }
      if (content instanceof Content.Voice voice) {
        return uploaded(
                new UploadTable.Key(channel.account(), UploadTable.Kind.VOICE, voice.sound()),
                voice.sound(),
                file -> channel.articles().addMaterial(ArticleChannel.Material.VOICE, file))
            .map(MassPayload.Voice::new);
      }
      if (content instanceof Content.Video video) {
        return uploaded(
                video(channel.account(), video),
                video.film(),
                file -> channel.articles().addVideo(file, video.title(), video.description()))
            .map(id -> new MassPayload.Video(id, video.title(), video.description()));
      }
      if (content instanceof Content.Images images) {
        return images(images);
      }
      return draft((Content.Articles) content)
          .map(id -> new MassPayload.Draft(id, batch.sendReprint()));
    }

    private ChannelAnswer<MassPayload> images(Content.Images images) {
      List<String> mediaIds = new ArrayList<>();
      for (String file : images.pictures()) {
        ChannelAnswer<String> id = picture(file);
        if (id.given().isEmpty()) {
          return failed(id);
        }
        mediaIds.add(id.given().get());
      }
      return ChannelAnswer.done(
          new MassPayload.Images(mediaIds, images.words(), images.comments()));
    }

    private ChannelAnswer<String> picture(String sha256) {
      return uploaded(
          image(channel.account(), sha256),
          sha256,
          file -> channel.articles().addMaterial(ArticleChannel.Material.IMAGE, file));
    }

    /** Where the account holds the file; uploads it if it does not. */
    private ChannelAnswer<String> uploaded(UploadTable.Key key, String sha256, Uploading upload) {
      Optional<String> there =
          database.read("look for an upload", tx -> UploadTable.find(tx, tenant, key));
      if (there.isPresent()) {
        return ChannelAnswer.done(there.get());
      }
      if (over()) {
        return goesOn();
      }
      ContentFile file = notNull("file", files.get(sha256));
      byte[] bytes = database.read("read a file", tx -> FileTable.bytes(tx, tenant, file));
      ChannelAnswer<String> answer =
          Channels.await(
              upload.of(new Upload(file.name(), bytes)), channel.articles().uploadLimit());
      return surely(answer).map(ref -> kept(key, ref));
    }

    /** Of two that were uploaded at once the first is used, by all. */
    private String kept(UploadTable.Key key, String ref) {
      return database.write(
          "record an upload",
          tx ->
              UploadTable.put(tx, tenant, key, ref)
                  ? ref
                  : UploadTable.find(tx, tenant, key).orElse(ref));
    }

    /** At least one call is made each time, so that it comes to an end whatever the budget is. */
    private boolean over() {
      return calls++ > 0 && System.nanoTime() - end >= 0;
    }

    private <T> ChannelAnswer<T> goesOn() {
      return new ChannelAnswer.Later<>(
          Duration.ZERO, false, Reason.of("GOES_ON", "Its files are still being uploaded"));
    }

    /** What may be there is made anew later: it is nowhere used then. */
    private <T> ChannelAnswer<T> surely(ChannelAnswer<T> answer) {
      return answer instanceof ChannelAnswer.Unknown<T> unknown
          ? new ChannelAnswer.Later<>(SOON, false, unknown.why())
          : answer;
    }

    // ---- drafts

    private ChannelAnswer<String> draft(Content.Articles content) {
      String hash = hash(content);
      Optional<DraftTable.Made> made =
          database.write(
              "look for a draft",
              tx -> {
                // Whoever made it was killed before it was told.
                DraftTable.change(tx, rows, State.MAKING, State.LOST);
                Optional<DraftTable.Made> there = DraftTable.made(tx, rows);
                if (there.isPresent() && !there.get().hash().equals(hash)) {
                  DraftTable.change(tx, rows, State.MADE, State.DROPPED);
                  return Optional.empty();
                }
                return there;
              });
      if (made.isPresent()) {
        return ChannelAnswer.done(made.get().mediaId());
      }
      ChannelAnswer<Optional<String>> found = found(content, hash);
      if (found.given().isEmpty()) {
        return failed(found);
      }
      if (found.given().get().isPresent()) {
        return ChannelAnswer.done(found.given().get().get());
      }
      ChannelAnswer<String> first = anew(content, hash);
      boolean gone =
          first instanceof ChannelAnswer.Refused<String> refused
              && GONE.contains(refused.why().code());
      if (!gone) {
        return first;
      }
      forget(tenant, channel.account(), content);
      return anew(content, hash);
    }

    /** One that was made and not recorded, if it can be recognized. */
    private ChannelAnswer<Optional<String>> found(Content.Articles content, String hash) {
      List<Long> lost =
          database.read("look for lost drafts", tx -> DraftTable.lost(tx, rows, hash));
      if (lost.isEmpty() || !ownLinks(content)) {
        return ChannelAnswer.done(Optional.empty());
      }
      for (int page = 0; page < MOST_PAGES; page++) {
        ChannelAnswer<DraftPage> answer =
            Channels.await(
                channel.articles().drafts(page * PAGE, PAGE), channel.articles().callLimit());
        if (answer.given().isEmpty()) {
          return failed(surely(answer));
        }
        DraftPage drafts = answer.given().get();
        for (StaffDraft draft : drafts.drafts()) {
          if (ours(draft, content)) {
            database.write(
                "record a draft that was found",
                tx -> {
                  DraftTable.made(tx, tenant, lost.get(0), draft.mediaId());
                  return true;
                });
            return ChannelAnswer.done(Optional.of(draft.mediaId()));
          }
        }
        if (drafts.drafts().isEmpty() || (page + 1L) * PAGE >= drafts.total()) {
          break;
        }
      }
      return ChannelAnswer.done(Optional.empty());
    }

    private boolean ownLinks(Content.Articles content) {
      for (int i = 0; i < content.articles().size(); i++) {
        String given = content.articles().get(i).sourceUrl();
        if (!batch.links().of(i, given).equals(given)) {
          return true;
        }
      }
      return false;
    }

    private boolean ours(StaffDraft draft, Content.Articles content) {
      if (draft.articles().size() != content.articles().size()) {
        return false;
      }
      for (int i = 0; i < draft.articles().size(); i++) {
        Article article = content.articles().get(i);
        StaffDraft.Entry entry = draft.articles().get(i);
        if (!entry.title().equals(article.title())
            || !entry.sourceUrl().equals(batch.links().of(i, article.sourceUrl()))) {
          return false;
        }
      }
      return true;
    }

    /** Of all that the draft holds: the links of the batch too. */
    private String hash(Content.Articles content) {
      StringBuilder all = new StringBuilder(content.hash());
      for (int i = 0; i < content.articles().size(); i++) {
        all.append('\n').append(batch.links().of(i, content.articles().get(i).sourceUrl()));
      }
      return ContentJson.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    private ChannelAnswer<String> anew(Content.Articles content, String hash) {
      List<NewDraftArticle> articles = new ArrayList<>();
      for (Article article : content.articles()) {
        ChannelAnswer<NewDraftArticle> written = written(articles.size(), article);
        if (written.given().isEmpty()) {
          return failed(written);
        }
        articles.add(written.given().get());
      }
      return over() ? goesOn() : created(articles, hash);
    }

    private ChannelAnswer<NewDraftArticle> written(int number, Article article) {
      Map<String, String> addresses = new HashMap<>();
      BodyHtml body = BodyHtml.of(article.body());
      for (String sha256 : body.files()) {
        ChannelAnswer<String> address =
            uploaded(
                new UploadTable.Key(channel.account(), UploadTable.Kind.BODY, sha256),
                sha256,
                file -> channel.articles().uploadBodyImage(file));
        if (address.given().isEmpty()) {
          return failed(address);
        }
        addresses.put(sha256, address.given().get());
      }
      return cover(article)
          .map(
              cover ->
                  new NewDraftArticle(
                      article.title(),
                      article.author(),
                      article.digest(),
                      body.withAddresses(sha256 -> notNull("address", addresses.get(sha256))),
                      batch.links().of(number, article.sourceUrl()),
                      cover,
                      article.crops(),
                      article.comments()));
    }

    private ChannelAnswer<String> cover(Article article) {
      Cover cover = article.cover().orElseThrow();
      return cover instanceof Cover.OfMaterial material
          ? ChannelAnswer.done(material.mediaId())
          : picture(((Cover.OfFile) cover).sha256());
    }

    /** Recorded before and after: what may be there is never forgotten. */
    private ChannelAnswer<String> created(List<NewDraftArticle> articles, String hash) {
      long id = ids.next();
      database.write(
          "record that a draft is being made",
          tx -> {
            DraftTable.begin(tx, rows, id, hash);
            return true;
          });
      ChannelAnswer<String> answer =
          Channels.await(channel.articles().createDraft(articles), channel.articles().callLimit());
      database.write(
          "record what became of a draft",
          tx -> {
            if (answer instanceof ChannelAnswer.Done<String> done) {
              DraftTable.made(tx, tenant, id, done.value());
            } else if (answer instanceof ChannelAnswer.Unknown) {
              DraftTable.change(tx, rows, State.MAKING, State.LOST);
            } else {
              DraftTable.remove(tx, tenant, id);
            }
            return true;
          });
      return surely(answer);
    }
  }
}

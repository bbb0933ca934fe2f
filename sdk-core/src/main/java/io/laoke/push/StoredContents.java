package io.laoke.push;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;
import static io.laoke.base.Check.text;

import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@link Contents} over the tables. */
final class StoredContents implements Contents {
  private static final Duration PREPARED_WITHIN = Duration.ofSeconds(40);
  private static final int SWEPT_AT_ONCE = 5;

  private final Database database;
  private final Tenant tenant;
  private final Channels channels;
  private final ContentUses uses;
  private final Ids ids;
  private final Clock clock;

  StoredContents(
      Database database, Tenant tenant, Channels channels, ContentUses uses, Ids ids, Clock clock) {
    this.database = database;
    this.tenant = tenant;
    this.channels = channels;
    this.uses = uses;
    this.ids = ids;
    this.clock = clock;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public SavedContent save(String key, String name, Content content, String by) {
    String checkedKey = key("key", key, 64);
    String checkedName = text("name", name, 100);
    String checkedBy = text("by", by, 64);
    Content read = read(notNull("content", content));
    String body = ContentJson.write(read);
    if (body.length() > ContentJson.MOST) {
      throw new InvalidInputException(
          "content",
          "has %,d characters in its JSON form, at most %,d are kept; split it into several"
              .formatted(body.length(), ContentJson.MOST));
    }
    String hash = read.hash();
    Instant now = now();
    return database.write(
        "save content '" + checkedKey + "'",
        tx -> {
          ContentTable.lock(tx, tenant);
          Optional<SavedContent> before = ContentTable.find(tx, tenant, checkedKey, true);
          if (before.isPresent()
              && before.get().hash().equals(hash)
              && before.get().name().equals(checkedName)) {
            return before.get();
          }
          SavedContent saved =
              new SavedContent(
                  checkedKey,
                  ContentTable.lastVersion(tx, tenant, checkedKey) + 1,
                  checkedName,
                  read,
                  hash,
                  now,
                  checkedBy);
          ContentTable.put(tx, tenant, saved, body, before.isEmpty());
          return saved;
        });
  }

  /** With the articles of its drafts in place of those that were not read yet. */
  private Content read(Content content) {
    if (!(content instanceof Content.Articles articles)
        || articles.articles().stream().noneMatch(Article::unread)) {
      return content;
    }
    List<Article> read = new ArrayList<>();
    for (Article article : articles.articles()) {
      if (article.unread()) {
        DraftRef draft = article.draft().orElseThrow();
        outside("read a draft");
        Channels.Channel channel =
            draft.account().isPresent()
                ? channels.of(tenant, draft.account().get())
                : channels.needed(tenant);
        read.addAll(DraftReader.articles(channel, draft.mediaId()));
      } else {
        read.add(article);
      }
    }
    return new Content.Articles(read);
  }

  /** No network call while a transaction is open. */
  private void outside(String what) {
    if (database.joined()) {
      throw new ConflictException(
          "Cannot %s inside a transaction, which would wait for the network. Call it before the transaction, or after it."
              .formatted(what));
    }
  }

  @Override
  public Optional<SavedContent> find(String key) {
    String checked = key("key", key, 64);
    return database.read(
        "read content '" + checked + "'", tx -> ContentTable.find(tx, tenant, checked, false));
  }

  @Override
  public Optional<SavedContent> find(String key, int version) {
    String checked = key("key", key, 64);
    return database.read(
        "read content '" + checked + "'", tx -> ContentTable.find(tx, tenant, checked, version));
  }

  @Override
  public List<SavedContent> versions(String key) {
    String checked = key("key", key, 64);
    return database.read(
        "read the versions of content '" + checked + "'",
        tx -> ContentTable.versions(tx, tenant, checked));
  }

  @Override
  public List<SavedContent> all() {
    return database.read("read the contents", tx -> ContentTable.all(tx, tenant));
  }

  @Override
  public boolean remove(String key, String by) {
    String checked = key("key", key, 64);
    String checkedBy = text("by", by, 64);
    Instant now = now();
    return database.write(
        "remove content '" + checked + "'",
        tx -> {
          ContentTable.lock(tx, tenant);
          Optional<SavedContent> found = ContentTable.find(tx, tenant, checked, true);
          if (found.isEmpty()) {
            return false;
          }
          List<String> users = uses.of(tx, tenant, checked);
          if (!users.isEmpty()) {
            throw new ConflictException(
                "Content '%s' is used by %s. Give those another content, or end them, before it is removed."
                    .formatted(checked, String.join(", ", users)));
          }
          ContentTable.remove(tx, tenant, found.get(), checkedBy, now);
          return true;
        });
  }

  @Override
  public List<ContentProblem> problems(Content content) {
    return problems(
        content,
        channels
            .first(tenant)
            .map(channel -> channel.articles().limits())
            .orElse(ContentLimits.DEFAULT));
  }

  @Override
  public List<ContentProblem> problems(Content content, String account) {
    return problems(content, channels.of(tenant, account).articles().limits());
  }

  private List<ContentProblem> problems(Content content, ContentLimits limits) {
    Set<String> named = notNull("content", content).files();
    Map<String, ContentFile> found =
        named.isEmpty()
            ? Map.of()
            : database.read("read the files of a content", tx -> FileTable.find(tx, tenant, named));
    return limits.problems(content, sha256 -> Optional.ofNullable(found.get(sha256)));
  }

  @Override
  public void preview(String key, String account, String openid) {
    String checkedOpenid = key("openid", openid, 64);
    outside("show a content");
    Channels.Channel channel = channels.of(tenant, key("account", account, 64));
    SavedContent content =
        find(key)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "There is no content '%s'. Look at contents().all() for those that there are."
                            .formatted(key)));
    ContentPreparer preparer = new ContentPreparer(database, ids);
    String prepared = "preview-" + ids.next();
    MassPayload payload =
        DraftReader.value(
            preparer.prepare(
                tenant,
                channel,
                ContentPreparer.Batch.of(prepared, content.content()),
                PREPARED_WITHIN),
            "Could not prepare content '" + key + "'");
    try {
      DraftReader.value(
          Channels.await(
              channel.articles().preview(checkedOpenid, payload), channel.articles().callLimit()),
          "Could not show content '" + key + "'");
    } finally {
      preparer.drop(tenant, channel.account(), prepared);
      preparer.sweep(tenant, channel, SWEPT_AT_ONCE);
    }
  }

  // ---- files

  @Override
  public ContentFile addFile(byte[] bytes, String name) {
    String checkedName = key("name", name, 60);
    int size = notNull("bytes", bytes).length;
    if (size == 0) {
      throw new InvalidInputException(
          "bytes", checkedName + " must not be empty; choose another file");
    }
    if (size > ContentFile.MAX_BYTES) {
      throw new InvalidInputException(
          "bytes",
          "%s must have at most %,d bytes, has %,d; compress it or cut it down"
              .formatted(checkedName, ContentFile.MAX_BYTES, size));
    }
    FileType type =
        FileType.of(bytes)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "bytes",
                        checkedName
                            + " is no picture (jpg, png, gif, bmp), sound (mp3, wma, wav, amr) or"
                            + " film (mp4) by its first bytes; convert it"));
    byte[] own = bytes.clone(); // what is kept is what was hashed
    ContentFile file = new ContentFile(checkedName, type, ContentJson.sha256(own), size);
    return database.write(
        "keep file '" + checkedName + "'", tx -> FileTable.put(tx, tenant, file, own));
  }

  @Override
  public Optional<ContentFile> file(String sha256) {
    String checked = ContentFile.sha256("sha256", sha256);
    return database.read("read a file", tx -> find(tx, checked));
  }

  private Optional<ContentFile> find(Tx tx, String sha256) {
    return Optional.ofNullable(FileTable.find(tx, tenant, Set.of(sha256)).get(sha256));
  }

  @Override
  public byte[] bytes(String sha256) {
    String checked = ContentFile.sha256("sha256", sha256);
    return database.read(
        "read a file",
        tx ->
            FileTable.bytes(
                tx,
                tenant,
                find(tx, checked)
                    .orElseThrow(
                        () ->
                            new NotFoundException(
                                "There is no file %s… of this dealer. Give it to contents().addFile."
                                    .formatted(checked.substring(0, 8))))));
  }

  // ---- the draft box

  @Override
  public DraftPage drafts(String account, int offset, int count) {
    long unused = range("offset", offset, 0, Integer.MAX_VALUE) + range("count", count, 1, 20);
    outside("read the draft box");
    return DraftReader.page(channels.of(tenant, account), offset, count);
  }

  @Override
  public Content fromDraft(String account, String mediaId) {
    String checked = key("mediaId", mediaId, 128);
    outside("read a draft");
    return new Content.Articles(DraftReader.articles(channels.of(tenant, account), checked));
  }
}

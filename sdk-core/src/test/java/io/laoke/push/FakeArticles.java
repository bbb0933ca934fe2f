package io.laoke.push;

import io.laoke.message.Account;
import io.laoke.message.ChannelKind;
import io.laoke.message.MessageChannel;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** An account that keeps drafts and material, as a test wants it. */
final class FakeArticles implements Account, ArticleChannel {
  private final String key;

  /** The calls made, by name. */
  final List<String> calls = new ArrayList<>();

  final Map<String, StaffDraft> drafts = new LinkedHashMap<>();
  final Map<String, List<NewDraftArticle>> made = new LinkedHashMap<>();
  final Map<String, byte[]> material = new HashMap<>();

  /** What becomes of the next calls, in place of what they do. */
  final Queue<ChannelAnswer<?>> script = new ConcurrentLinkedQueue<>();

  /** What becomes of the next calls, though they do what they do. */
  final Queue<ChannelAnswer<?>> afterwards = new ConcurrentLinkedQueue<>();

  /** Happens before and after each call. */
  Runnable onCall = () -> {};

  ContentLimits limits = ContentLimits.DEFAULT;
  private int number;

  FakeArticles(String key) {
    this.key = key;
  }

  @SuppressWarnings("unchecked")
  private synchronized <T> CompletionStage<ChannelAnswer<T>> call(String name, Supplier<T> does) {
    onCall.run();
    calls.add(name);
    ChannelAnswer<?> instead = script.poll();
    if (instead != null) {
      return CompletableFuture.completedFuture((ChannelAnswer<T>) instead);
    }
    T value;
    try {
      value = does.get();
    } catch (IllegalStateException refused) {
      return CompletableFuture.completedFuture(
          new ChannelAnswer.Refused<>(Reason.of(refused.getMessage(), "refused")));
    }
    onCall.run();
    ChannelAnswer<?> told = afterwards.poll();
    return CompletableFuture.completedFuture(
        told == null ? ChannelAnswer.done(value) : (ChannelAnswer<T>) told);
  }

  long count(String name) {
    return calls.stream().filter(name::equals).count();
  }

  void put(String mediaId, StaffDraft.Entry... articles) {
    drafts.put(mediaId, new StaffDraft(mediaId, List.of(articles), Optional.empty()));
  }

  static StaffDraft.Entry written(String title) {
    return new StaffDraft.Entry(
        title,
        "小周",
        "摘要",
        "<p>正文</p>",
        "",
        "COVER",
        List.of(new Crop("1_1", 0, 0, 1, 1)),
        Comments.OFF,
        false,
        Optional.empty());
  }

  @Override
  public ContentLimits limits() {
    return limits;
  }

  @Override
  public Duration dedupeWindow() {
    return Duration.ofHours(24);
  }

  @Override
  public Duration callLimit() {
    return Duration.ofSeconds(10);
  }

  @Override
  public Duration uploadLimit() {
    return Duration.ofSeconds(60);
  }

  private String kept(Upload file) {
    String id = "M" + ++number;
    material.put(id, file.bytes());
    return id;
  }

  @Override
  public CompletionStage<ChannelAnswer<String>> uploadBodyImage(Upload file) {
    return call("body", () -> "http://mmbiz.qpic.cn/" + kept(file));
  }

  @Override
  public CompletionStage<ChannelAnswer<String>> addMaterial(Material kind, Upload file) {
    return call(kind.name(), () -> kept(file));
  }

  @Override
  public CompletionStage<ChannelAnswer<String>> addVideo(
      Upload file, String title, String introduction) {
    return call("VIDEO", () -> kept(file));
  }

  @Override
  public CompletionStage<ChannelAnswer<String>> createDraft(List<NewDraftArticle> articles) {
    return call(
        "draft",
        () -> {
          for (NewDraftArticle article : articles) {
            if (!material.containsKey(article.coverMediaId())
                && !article.coverMediaId().equals("COVER")) {
              throw new IllegalStateException("40007");
            }
          }
          String id = "D" + ++number;
          made.put(id, List.copyOf(articles));
          return id;
        });
  }

  @Override
  public CompletionStage<ChannelAnswer<Optional<StaffDraft>>> draft(String mediaId) {
    return call("read", () -> Optional.ofNullable(drafts.get(mediaId)));
  }

  @Override
  public CompletionStage<ChannelAnswer<DraftPage>> drafts(int offset, int count) {
    return call(
        "page",
        () ->
            new DraftPage(
                drafts.size() + made.size(), box().stream().skip(offset).limit(count).toList()));
  }

  /** All drafts, the newest first, as WeChat lists them. */
  private List<StaffDraft> box() {
    List<StaffDraft> box = new ArrayList<>(drafts.values());
    made.forEach(
        (id, articles) ->
            box.add(
                new StaffDraft(
                    id, articles.stream().map(FakeArticles::entry).toList(), Optional.empty())));
    Collections.reverse(box);
    return box;
  }

  private static StaffDraft.Entry entry(NewDraftArticle article) {
    return new StaffDraft.Entry(
        article.title(),
        article.author(),
        article.digest(),
        "",
        article.sourceUrl(),
        article.coverMediaId(),
        article.crops(),
        article.comments(),
        false,
        Optional.empty());
  }

  @Override
  public CompletionStage<ChannelAnswer<Boolean>> deleteDraft(String mediaId) {
    return call("delete", () -> made.remove(mediaId) != null);
  }

  /** What came by which id. */
  record Sent(Set<String> openids, MassPayload payload, String msgId) {}

  /** What came, by the id of its call; a draft ends with it. */
  final Map<String, Sent> sent = new LinkedHashMap<>();

  /** What becomes of the next sends, in place of what they do. */
  final Queue<SendOutcome> sends = new ConcurrentLinkedQueue<>();

  /** What becomes of the next sends, though they come. */
  final Queue<SendOutcome> lostAnswers = new ConcurrentLinkedQueue<>();

  @Override
  public synchronized CompletionStage<SendOutcome> send(
      Collection<String> openids, MassPayload payload, String clientMsgId, boolean repeated) {
    onCall.run();
    calls.add("send");
    SendOutcome instead = sends.poll();
    if (instead != null) {
      return CompletableFuture.completedFuture(instead);
    }
    Sent before = sent.get(clientMsgId);
    if (before == null) {
      if (payload instanceof MassPayload.Draft draft && made.remove(draft.mediaId()) == null) {
        Reason gone = Reason.of("40007", "no such draft");
        return CompletableFuture.completedFuture(
            repeated ? new SendOutcome.Unknown(gone) : new SendOutcome.Refused(gone, false, false));
      }
      before = new Sent(new TreeSet<>(openids), payload, "J" + ++number);
      if (before.openids().size() < openids.size()) {
        throw new AssertionError("an openid twice in a list");
      }
      sent.put(clientMsgId, before);
      onCall.run();
    }
    SendOutcome lost = lostAnswers.poll();
    return CompletableFuture.completedFuture(
        lost == null ? new SendOutcome.Accepted(before.msgId(), List.of()) : lost);
  }

  /** How many messages each openid got. */
  synchronized Map<String, Integer> got() {
    Map<String, Integer> got = new TreeMap<>();
    sent.values()
        .forEach(one -> one.openids().forEach(openid -> got.merge(openid, 1, Integer::sum)));
    return got;
  }

  /** Whom tags are on, by their names. */
  final Map<String, Set<String>> tags = new LinkedHashMap<>();

  private final Map<Long, String> tagNames = new HashMap<>();

  /** What becomes of all calls for a new tag, if anything else than one. */
  Optional<ChannelAnswer<Long>> noTags = Optional.empty();

  /** Whom WeChat refuses to tag. */
  final Set<String> untaggable = new TreeSet<>();

  @Override
  public CompletionStage<SendOutcome> sendToTag(
      long tagId, MassPayload payload, String clientMsgId, boolean repeated) {
    return send(tags.getOrDefault(tagNames.get(tagId), Set.of()), payload, clientMsgId, repeated);
  }

  @Override
  public CompletionStage<ChannelAnswer<Boolean>> preview(String openid, MassPayload payload) {
    throw new AssertionError("nothing is shown here");
  }

  /** How jobs stand that have not succeeded. */
  final Map<String, JobState> jobs = new HashMap<>();

  /** Whose state was asked for. */
  final List<String> asked = new ArrayList<>();

  @Override
  public CompletionStage<ChannelAnswer<JobState>> status(String msgId) {
    asked.add(msgId);
    return call("status", () -> jobs.getOrDefault(msgId, JobState.SUCCEEDED));
  }

  @Override
  public CompletionStage<ChannelAnswer<Boolean>> delete(String msgId, int article) {
    return call("take away", () -> true);
  }

  @Override
  public CompletionStage<ChannelAnswer<Integer>> speed() {
    return call("speed", () -> 0);
  }

  @Override
  public CompletionStage<ChannelAnswer<Boolean>> speed(int level) {
    return call("set speed", () -> true);
  }

  @Override
  public CompletionStage<ChannelAnswer<Long>> createTag(String name) {
    if (noTags.isPresent()) {
      calls.add("create tag");
      return CompletableFuture.completedFuture(noTags.get());
    }
    return call(
        "create tag",
        () -> {
          if (tags.putIfAbsent(name, new TreeSet<>()) != null) {
            throw new IllegalStateException("45157");
          }
          tagNames.put((long) ++number, name);
          return (long) number;
        });
  }

  @Override
  public CompletionStage<ChannelAnswer<Optional<Long>>> findTag(String name) {
    return call(
        "find tag",
        () ->
            tagNames.entrySet().stream()
                .filter(tag -> tag.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst());
  }

  @Override
  public CompletionStage<ChannelAnswer<Tagged>> tag(long tagId, Collection<String> openids) {
    return call(
        "tag",
        () -> {
          List<String> done = new ArrayList<>(openids);
          done.removeAll(untaggable);
          tags.get(tagNames.get(tagId)).addAll(done);
          Map<String, Reason> refused = new HashMap<>();
          openids.stream()
              .filter(untaggable::contains)
              .forEach(openid -> refused.put(openid, Reason.of("40003", "no follower")));
          return new Tagged(done, refused, Map.of());
        });
  }

  @Override
  public CompletionStage<ChannelAnswer<Tagged>> untag(long tagId, Collection<String> openids) {
    return call("untag", () -> new Tagged(List.copyOf(openids), Map.of(), Map.of()));
  }

  @Override
  public CompletionStage<ChannelAnswer<Boolean>> deleteTag(long tagId) {
    return call("delete tag", () -> tags.remove(String.valueOf(tagNames.remove(tagId))) != null);
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public Optional<MessageChannel> channel(ChannelKind kind) {
    return Optional.empty();
  }

  @Override
  public <T> Optional<T> capability(Class<T> type) {
    return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
  }

  @Override
  public void close() {}
}

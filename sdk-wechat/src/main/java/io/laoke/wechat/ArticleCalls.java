package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.message.SendOutcome.Scope;
import io.laoke.push.ArticleChannel;
import io.laoke.push.ChannelAnswer;
import io.laoke.push.Comments;
import io.laoke.push.ContentLimits;
import io.laoke.push.ContentLimits.Limit;
import io.laoke.push.Crop;
import io.laoke.push.DraftPage;
import io.laoke.push.MassPayload;
import io.laoke.push.NewDraftArticle;
import io.laoke.push.StaffDraft;
import io.laoke.push.Upload;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What plans need of an account, over its drafts, material, mass messages and tags. */
final class ArticleCalls implements ArticleChannel {
  private static final Logger log = LoggerFactory.getLogger(ArticleCalls.class);
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration DEDUPE = Duration.ofHours(24);

  private final Drafts drafts;
  private final Materials materials;
  private final MassMessages mass;
  private final Tags tags;
  private final Workers workers;
  private final MassOutcomes outcomes;
  private final ContentLimits limits;
  private final Duration callTimeout;
  private final Duration uploadTimeout;

  ArticleCalls(
      Drafts drafts,
      Materials materials,
      MassMessages mass,
      Tags tags,
      Workers workers,
      OfficialAccountSettings settings) {
    this.drafts = drafts;
    this.materials = materials;
    this.mass = mass;
    this.tags = tags;
    this.workers = workers;
    outcomes = new MassOutcomes(settings.clock());
    callTimeout = settings.callTimeout();
    uploadTimeout = settings.uploadTimeout();
    limits = limits(settings.articleLimits(), settings.baseUrl());
  }

  /** A platform at another address, such as a simulator, keeps pictures there. */
  private static ContentLimits limits(ArticleLimits articles, URI baseUrl) {
    List<String> hosts = new ArrayList<>(ContentLimits.DEFAULT.imageHosts());
    String host = baseUrl.getHost();
    if (host != null && !host.toLowerCase(Locale.ROOT).endsWith(".weixin.qq.com")) {
      hosts.add(host);
    }
    return ContentLimits.DEFAULT
        .with(Limit.TITLE, articles.title())
        .with(Limit.AUTHOR, articles.author())
        .with(Limit.ARTICLES, articles.articles())
        .withImageHosts(hosts);
  }

  @Override
  public ContentLimits limits() {
    return limits;
  }

  @Override
  public Duration dedupeWindow() {
    return DEDUPE;
  }

  @Override
  public Duration callLimit() {
    return callTimeout;
  }

  @Override
  public Duration uploadLimit() {
    return uploadTimeout;
  }

  // ---- how calls end

  /** What is there twice if it is made twice. */
  private <T> CompletionStage<ChannelAnswer<T>> making(Supplier<T> call) {
    return started(call, false);
  }

  /** What is harmless to repeat: an answer that did not come is asked for later. */
  private <T> CompletionStage<ChannelAnswer<T>> asking(Supplier<T> call) {
    return started(call, true);
  }

  private <T> CompletionStage<ChannelAnswer<T>> started(Supplier<T> call, boolean harmless) {
    CompletableFuture<ChannelAnswer<T>> answer = new CompletableFuture<>();
    try {
      workers
          .network()
          .execute(
              () -> {
                ChannelAnswer<T> told = told(call, harmless);
                workers.foreign(() -> answer.complete(told));
              });
    } catch (RejectedExecutionException closed) {
      answer.complete(new ChannelAnswer.Later<>(SOON, false, closed()));
    } catch (Error noThread) {
      log.warn("No thread could be started for a call to WeChat", noThread);
      answer.complete(
          new ChannelAnswer.Later<>(
              SOON, false, Reason.of("NO_THREAD", "No thread could be started")));
    }
    return answer;
  }

  private static Reason closed() {
    return Reason.of("CLOSED", "The account has been closed");
  }

  private <T> ChannelAnswer<T> told(Supplier<T> call, boolean harmless) {
    try {
      return ChannelAnswer.done(call.get());
    } catch (WeChatException failed) {
      return failed(failed.problem(), harmless);
    } catch (InvalidInputException wrong) {
      return new ChannelAnswer.Refused<>(invalid(wrong));
    } catch (RuntimeException | Error fault) {
      log.error("a fault of Laoke's in a call to WeChat", fault);
      return new ChannelAnswer.Unknown<>(Reason.of("FAULT", "Laoke itself failed"));
    }
  }

  private static Reason invalid(InvalidInputException wrong) {
    String said = String.valueOf(wrong.getMessage());
    return new Reason(
        "INVALID",
        "WeChat would not take it: " + said,
        "Correct what it names; nothing was sent.",
        "微信不会接受该内容：" + said + "。请按提示修改；未发送任何内容。");
  }

  private <T> ChannelAnswer<T> failed(Problem problem, boolean harmless) {
    MassOutcome outcome = outcomes.of(problem.path(), problem);
    if (outcome instanceof MassOutcome.Later later) {
      return new ChannelAnswer.Later<>(later.after(), later.wholeAccount(), later.why());
    }
    if (outcome instanceof MassOutcome.Refused refused) {
      return refused.fault() == MassOutcome.Fault.ACCOUNT
          ? new ChannelAnswer.Misconfigured<>(refused.why())
          : new ChannelAnswer.Refused<>(refused.why());
    }
    Reason why = Reasons.of(problem);
    if (problem.kind() == Problem.Kind.ANSWERED) { // a code that only sends are answered with
      return new ChannelAnswer.Refused<>(why);
    }
    return harmless
        ? new ChannelAnswer.Later<>(SOON, false, why)
        : new ChannelAnswer.Unknown<>(why);
  }

  // ---- material

  @Override
  public CompletionStage<ChannelAnswer<String>> uploadBodyImage(Upload file) {
    MediaFile media = media(file);
    return making(() -> materials.addBodyImage(media));
  }

  @Override
  public CompletionStage<ChannelAnswer<String>> addMaterial(Material kind, Upload file) {
    Materials.Kind of = Materials.Kind.valueOf(notNull("kind", kind).name());
    MediaFile media = media(file);
    return making(() -> materials.add(of, media).mediaId());
  }

  @Override
  public CompletionStage<ChannelAnswer<String>> addVideo(
      Upload file, String title, String introduction) {
    MediaFile media = media(file);
    return making(() -> materials.addVideo(media, title, introduction).mediaId());
  }

  private static MediaFile media(Upload file) {
    return MediaFile.of(notNull("file", file).name(), file.bytes());
  }

  // ---- drafts

  @Override
  public CompletionStage<ChannelAnswer<String>> createDraft(List<NewDraftArticle> articles) {
    List<NewDraftArticle> given = List.copyOf(notNull("articles", articles));
    return making(() -> drafts.add(given.stream().map(ArticleCalls::article).toList()));
  }

  private static DraftArticle article(NewDraftArticle article) {
    return new DraftArticle.News(
        article.title(),
        article.author(),
        article.digest(),
        article.body(),
        article.sourceUrl(),
        article.coverMediaId(),
        comments(article.comments()),
        article.crops().stream().map(ArticleCalls::crop).toList());
  }

  private static DraftArticle.Comments comments(Comments comments) {
    return DraftArticle.Comments.valueOf(comments.name());
  }

  private static DraftArticle.Crop crop(Crop crop) {
    return new DraftArticle.Crop(crop.ratio(), crop.x1(), crop.y1(), crop.x2(), crop.y2());
  }

  @Override
  public CompletionStage<ChannelAnswer<Optional<StaffDraft>>> draft(String mediaId) {
    return asking(() -> drafts.find(mediaId).map(ArticleCalls::draft));
  }

  @Override
  public CompletionStage<ChannelAnswer<DraftPage>> drafts(int offset, int count) {
    return asking(
        () -> {
          Drafts.Page page = drafts.page(offset, count, false);
          return new DraftPage(
              page.total(), page.drafts().stream().map(ArticleCalls::draft).toList());
        });
  }

  private static StaffDraft draft(Drafts.Draft draft) {
    return new StaffDraft(
        draft.mediaId(),
        draft.articles().stream().map(ArticleCalls::entry).toList(),
        draft.updatedAt());
  }

  private static StaffDraft.Entry entry(Drafts.Entry entry) {
    DraftArticle article = entry.article();
    DraftArticle.News news =
        article instanceof DraftArticle.News words
            ? words
            : DraftArticle.News.of(article.title(), article.content(), "")
                .withComments(article.comments());
    return new StaffDraft.Entry(
        news.title(),
        news.author(),
        news.digest(),
        news.content(),
        news.sourceUrl(),
        news.coverMediaId(),
        news.crops().stream()
            .map(crop -> new Crop(crop.ratio(), crop.x1(), crop.y1(), crop.x2(), crop.y2()))
            .toList(),
        Comments.valueOf(news.comments().name()),
        article instanceof DraftArticle.Pictures,
        entry.previewUrl());
  }

  @Override
  public CompletionStage<ChannelAnswer<Boolean>> deleteDraft(String mediaId) {
    return asking(() -> drafts.delete(mediaId));
  }

  // ---- sending

  @Override
  public CompletionStage<SendOutcome> send(
      Collection<String> openids, MassPayload payload, String clientMsgId, boolean repeated) {
    return sent(() -> mass.send(openids, content(payload), clientMsgId), repeated);
  }

  @Override
  public CompletionStage<SendOutcome> sendToTag(
      long tagId, MassPayload payload, String clientMsgId, boolean repeated) {
    return sent(() -> mass.sendToTag(tagId, content(payload), clientMsgId), repeated);
  }

  private static CompletionStage<SendOutcome> sent(
      Supplier<CompletionStage<MassOutcome>> call, boolean repeated) {
    try {
      return call.get().thenApply(outcome -> outcome(outcome, repeated));
    } catch (InvalidInputException wrong) {
      return CompletableFuture.completedFuture(
          new SendOutcome.Refused(invalid(wrong), false, true));
    }
  }

  private static SendOutcome outcome(MassOutcome outcome, boolean repeated) {
    if (outcome instanceof MassOutcome.Accepted accepted) {
      return new SendOutcome.Accepted(Long.toString(accepted.msgId()), List.of());
    }
    if (outcome instanceof MassOutcome.Repeated before) {
      return before.msgId().isPresent()
          ? new SendOutcome.Accepted(Long.toString(before.msgId().getAsLong()), List.of())
          : new SendOutcome.Unknown(
              new Reason(
                  "45065",
                  "WeChat took it at an earlier call and did not say its id",
                  "Wait for its job report; do not send it anew.",
                  "微信此前已接收该群发，但未返回消息ID；请等待群发结果通知，不要重新发送。"));
    }
    if (outcome instanceof MassOutcome.AwaitingAdministrator waiting) {
      return new SendOutcome.Accepted(
          waiting.msgId().isPresent() ? Long.toString(waiting.msgId().getAsLong()) : NO_ID,
          List.of(),
          Optional.of(waiting.why()));
    }
    if (outcome instanceof MassOutcome.Later later) {
      return new SendOutcome.Later(later.after(), later.wholeAccount(), later.why());
    }
    if (outcome instanceof MassOutcome.Refused refused) {
      if (refused.fault() == MassOutcome.Fault.ACCOUNT) {
        return new SendOutcome.Misconfigured(Scope.ACCOUNT, refused.why());
      }
      return repeated
          ? new SendOutcome.Unknown(refused.why()) // of the earlier call it says nothing
          : new SendOutcome.Refused(refused.why(), false, true);
    }
    return new SendOutcome.Unknown(((MassOutcome.Unknown) outcome).why());
  }

  private static MassContent content(MassPayload payload) {
    if (notNull("payload", payload) instanceof MassPayload.Draft draft) {
      return new MassContent.Article(draft.mediaId(), draft.sendReprint());
    }
    if (payload instanceof MassPayload.Text text) {
      return new MassContent.Text(text.text());
    }
    if (payload instanceof MassPayload.Images images) {
      return new MassContent.Images(images.mediaIds(), images.words(), comments(images.comments()));
    }
    if (payload instanceof MassPayload.Voice voice) {
      return new MassContent.Voice(voice.mediaId());
    }
    MassPayload.Video video = (MassPayload.Video) payload;
    return new MassContent.Video(video.mediaId(), video.title(), video.description());
  }

  @Override
  public CompletionStage<ChannelAnswer<Boolean>> preview(String openid, MassPayload payload) {
    return making(
        () -> {
          mass.preview(openid, content(payload));
          return true;
        });
  }

  @Override
  public CompletionStage<ChannelAnswer<JobState>> status(String msgId) {
    return asking(() -> JobState.valueOf(mass.state(number(msgId)).name()));
  }

  @Override
  public CompletionStage<ChannelAnswer<Boolean>> delete(String msgId, int article) {
    return asking(
        () -> {
          if (article == 0) {
            mass.delete(number(msgId));
          } else {
            mass.delete(number(msgId), article);
          }
          return true;
        });
  }

  private static long number(String msgId) {
    if (!notNull("msgId", msgId).matches("[0-9]{1,18}")) {
      throw new InvalidInputException(
          "msgId", "must be the id of a send, a number, as its outcome gave it");
    }
    return Long.parseLong(msgId);
  }

  @Override
  public CompletionStage<ChannelAnswer<Integer>> speed() {
    return asking(() -> mass.speed().level());
  }

  @Override
  public CompletionStage<ChannelAnswer<Boolean>> speed(int level) {
    return asking(
        () -> {
          mass.speed(level);
          return true;
        });
  }

  // ---- tags

  @Override
  public CompletionStage<ChannelAnswer<Long>> createTag(String name) {
    return making(() -> tags.create(name).id());
  }

  @Override
  public CompletionStage<ChannelAnswer<Optional<Long>>> findTag(String name) {
    String wanted = notNull("name", name).strip();
    return asking(
        () ->
            tags.all().stream()
                .filter(tag -> tag.name().equals(wanted))
                .map(Tags.Tag::id)
                .findFirst());
  }

  @Override
  public CompletionStage<ChannelAnswer<Tagged>> tag(long tagId, Collection<String> openids) {
    List<String> people = few(openids);
    return asking(() -> tagged(tags.put(tagId, people)));
  }

  @Override
  public CompletionStage<ChannelAnswer<Tagged>> untag(long tagId, Collection<String> openids) {
    List<String> people = few(openids);
    return asking(() -> tagged(tags.take(tagId, people)));
  }

  private static List<String> few(Collection<String> openids) {
    List<String> people = List.copyOf(notNull("openids", openids));
    if (people.size() > MAX_TAGGED) {
      throw new InvalidInputException(
          "openids",
          "must be at most %d, were %d; change the tag of fewer at once"
              .formatted(MAX_TAGGED, people.size()));
    }
    return people;
  }

  private static Tagged tagged(Tags.Changed changed) {
    Map<String, Reason> refused = new LinkedHashMap<>();
    Map<String, Reason> later = new LinkedHashMap<>();
    changed
        .failed()
        .forEach(
            (openid, failure) ->
                (failure.retryable() ? later : refused).put(openid, failure.why()));
    return new Tagged(changed.done(), refused, later);
  }

  @Override
  public CompletionStage<ChannelAnswer<Boolean>> deleteTag(long tagId) {
    return asking(() -> tags.delete(tagId));
  }
}

package io.laoke.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Mass sends of one account, their quotas and their articles. Guarded by the world. */
final class MassDesk {
  static final int A_MONTH = 4;
  private static final Duration DEDUPE = Duration.ofHours(24);
  private static final Duration CONFIRMED_WITHIN = Duration.ofMinutes(30);
  private static final Duration TOO_SOON = Duration.ofMinutes(1);

  /** An article of a send; deleting it leaves a dead card in the chats. */
  record Sent(SimulatedAccount account, Article article, boolean deleted) {}

  private final SimulatedAccount account;
  private final Map<Long, MassJob> jobs = new LinkedHashMap<>();
  private final Map<Long, MassJob.Content> contents = new HashMap<>();

  /** Jobs that wait for the administrator: whether answers tell their ids. */
  private final Map<Long, Boolean> asked = new HashMap<>();

  private final Map<String, Long> byClientId = new HashMap<>();
  private final Map<Long, List<Article>> articles = new HashMap<>();
  private final Set<String> deleted = new HashSet<>();
  private final Map<String, Integer> thisMonth = new HashMap<>();
  private final Follower helper;
  private @Nullable YearMonth month;
  private Duration takes = Duration.ZERO;
  private int speed = 3;

  MassDesk(SimulatedAccount account) {
    this.account = account;
    helper = new Follower(account, "mphelper", "mphelper", null);
  }

  private Instant now() {
    return account.world.now();
  }

  void takes(Duration time) {
    takes = time;
  }

  int speed() {
    return speed;
  }

  void speed(int value) {
    speed = value;
  }

  List<MassJob> jobs() {
    return List.copyOf(jobs.values());
  }

  @Nullable MassJob job(long msgId) {
    return jobs.get(msgId);
  }

  /** How many mass messages a follower of a service account got this month. */
  int used(String openId) {
    YearMonth current = account.world.month();
    if (!current.equals(month)) {
      month = current;
      thisMonth.clear();
    }
    return thisMonth.getOrDefault(openId, 0);
  }

  /** Refuses an id that stands for a job already, whatever else may be wrong with the call. */
  void checkRepeat(String clientMsgId) throws Refusal {
    Long msgId = byClientId.get(clientMsgId);
    MassJob before = msgId == null ? null : jobs.get(msgId);
    if (before == null || !now().isBefore(before.at().plus(DEDUPE))) {
      return;
    }
    Boolean tells = asked.get(before.msgId());
    if (tells != null) {
      throw awaits(89505, before, tells);
    }
    boolean soon = now().isBefore(before.at().plus(TOO_SOON));
    int code = soon ? 45066 : 45065;
    throw new Refusal(
        code, Refusal.words(code), soon ? Map.of() : Map.of("msg_id", before.msgId()));
  }

  /** What a call is answered while the administrator is asked. */
  static Refusal awaits(int code, MassJob job, boolean tellsId) {
    return new Refusal(
        code, Refusal.words(code), tellsId ? Map.of("msg_id", job.msgId()) : Map.of());
  }

  /** Refuses a second send of a subscription account on one day. */
  void checkQuota() throws Refusal {
    LocalDate today = account.world.today();
    boolean again =
        !account.type().isService()
            && jobs.values().stream()
                .filter(job -> job.state() != MassJob.State.SEND_FAIL)
                .anyMatch(job -> LocalDate.ofInstant(job.at(), World.ZONE).equals(today));
    if (again) {
      throw new Refusal(45028);
    }
  }

  /**
   * Takes a send.
   *
   * @param asks null where it goes at once; else it waits for the administrator
   */
  MassJob accept(
      String msgType,
      String clientMsgId,
      List<String> audience,
      MassJob.Content content,
      @Nullable Boolean asks) {
    long msgId = account.world.nextMsgId() - 3_911_000_000_000L;
    Draft draft = content.draft();
    long dataId = draft == null ? 0 : 2_000_000_000L + account.world.nextMsgId() % 1_000_000_000L;
    if (draft != null) {
      articles.put(dataId, draft.articles());
    }
    MassJob job =
        new MassJob(
            msgId,
            dataId,
            msgType,
            clientMsgId,
            now(),
            MassJob.State.SENDING,
            "",
            audience,
            List.of(),
            0);
    jobs.put(msgId, job);
    contents.put(msgId, content);
    byClientId.put(clientMsgId, msgId);
    if (asks != null) {
      asked.put(msgId, asks);
    }
    finishDue();
    return job;
  }

  void finishDue() {
    for (Long msgId : List.copyOf(contents.keySet())) {
      MassJob job = jobs.get(msgId);
      boolean waits = asked.containsKey(msgId);
      if (job != null && !now().isBefore(job.at().plus(waits ? CONFIRMED_WITHIN : takes))) {
        asked.remove(msgId);
        finish(job, waits ? "err(40002)" : null);
      }
    }
  }

  /** The administrator answers about a job that waits. */
  void answer(long msgId, boolean confirmed) {
    MassJob job = jobs.get(msgId);
    if (job == null || asked.remove(msgId) == null) {
      throw new IllegalArgumentException("no mass send waits for the administrator as " + msgId);
    }
    if (confirmed) {
      finishDue();
    } else {
      finish(job, "err(40001)");
    }
  }

  private void finish(MassJob job, @Nullable String refused) {
    MassJob.Content content = contents.remove(job.msgId());
    if (content != null && job.state() == MassJob.State.SENDING) {
      finish(job, content, refused == null ? account.faults.nextMassFails() : refused);
    }
  }

  private void finish(MassJob job, MassJob.Content content, @Nullable String failed) {
    List<Follower> left = new ArrayList<>();
    for (String openId : job.audience()) {
      Follower fan = account.byOpenId(openId);
      boolean full = account.type().isService() && used(openId) >= A_MONTH;
      if (fan != null && fan.following() && !fan.blocking() && !full) {
        left.add(fan);
      }
    }
    List<String> reached = new ArrayList<>();
    if (failed == null) {
      Draft draft = content.draft();
      if (draft != null) {
        account.drafts.remove(draft.mediaId()); // a draft ends with the send that carried it
      }
      for (Follower fan : left) {
        thisMonth.put(fan.openId(), used(fan.openId()) + 1);
        fan.show(message(job, content));
        reached.add(fan.openId());
      }
    }
    MassJob ended =
        job.ended(
            failed == null ? MassJob.State.SEND_SUCCESS : MassJob.State.SEND_FAIL,
            failed == null ? "send success" : failed,
            reached,
            left.size());
    jobs.put(job.msgId(), ended);
    report(ended);
  }

  /** Reports an end of a job that has ended, whatever was reported before. */
  void report(long msgId, String status) {
    MassJob job = jobs.get(msgId);
    if (job == null || job.state() == MassJob.State.SENDING) {
      throw new IllegalArgumentException("no mass send has ended as " + msgId);
    }
    boolean well = status.equals("send success");
    report(
        job.ended(job.state(), status, well ? job.audience() : List.of(), job.audience().size()));
  }

  private void report(MassJob ended) {
    Push push = account.simulator.pusher().make(helper, "MASSSENDJOBFINISH", told(ended));
    if (push != null) {
      account.simulator.pusher().sendInBackground(push);
    }
  }

  private Map<String, Object> told(MassJob job) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("MsgType", "event");
    fields.put("Event", "MASSSENDJOBFINISH");
    fields.put("MsgID", job.msgId());
    fields.put("Status", job.words());
    fields.put("TotalCount", job.audience().size());
    fields.put("FilterCount", job.filterCount());
    fields.put("SentCount", job.reached().size());
    fields.put("ErrorCount", job.filterCount() - job.reached().size());
    List<Article> sent = articles.getOrDefault(job.dataId(), List.of());
    if (!sent.isEmpty()) {
      List<Map<String, Object>> checks = new ArrayList<>();
      List<Map<String, Object>> urls = new ArrayList<>();
      for (int idx = 1; idx <= sent.size(); idx++) {
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("ArticleIdx", idx);
        check.put("UserDeclareState", 0);
        check.put("AuditState", 0);
        check.put("OriginalArticleUrl", "");
        check.put("OriginalArticleType", 0);
        check.put("CanReprint", 0);
        check.put("NeedReplaceContent", 0);
        check.put("NeedShowReprintSource", 0);
        checks.add(check);
        Map<String, Object> url = new LinkedHashMap<>();
        url.put("ArticleIdx", idx);
        url.put("ArticleUrl", url(job.dataId(), idx));
        urls.add(url);
      }
      fields.put("CopyrightCheckResult", result(sent.size(), checks, 1));
      fields.put("ArticleUrlResult", result(sent.size(), urls, -1));
    }
    return fields;
  }

  private static Map<String, Object> result(
      int count, List<Map<String, Object>> items, int checkState) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("Count", count);
    result.put("ResultList", Map.of("item", items));
    if (checkState >= 0) {
      result.put("CheckState", checkState);
    }
    return result;
  }

  /** What it looks like in a chat. */
  ChatMessage message(MassJob job, MassJob.Content content) {
    Draft draft = content.draft();
    if (draft == null) {
      String text =
          content.kind() == null ? content.text() : word(content.kind(), content.mediaName());
      return ChatMessage.words(now(), ChatMessage.Kind.MASS, text);
    }
    List<ChatMessage.Field> fields =
        draft.articles().stream().map(a -> new ChatMessage.Field(a.title(), a.digest())).toList();
    Article first = draft.articles().get(0);
    return new ChatMessage(
        now(),
        ChatMessage.Kind.ARTICLE,
        first.title(),
        first.digest(),
        fields,
        job.dataId() == 0 ? "" : url(job.dataId(), 1),
        "",
        null,
        job.msgId(),
        job.clientMsgId(),
        Map.of());
  }

  static String word(MaterialShelf.Kind kind, String name) {
    return switch (kind) {
      case IMAGE, THUMB -> "[图片] " + name;
      case VOICE -> "[语音] " + name;
      case VIDEO -> "[视频] " + name;
    };
  }

  private String url(long dataId, int idx) {
    return account.simulator.baseUrl()
        + "/_sim/article?account="
        + account.appId()
        + "&id="
        + dataId
        + "&idx="
        + idx;
  }

  /** An article that was sent; {@code null} if there is none of that number. */
  @Nullable Sent sent(long dataId, int idx) {
    List<Article> all = articles.getOrDefault(dataId, List.of());
    return idx < 1 || idx > all.size()
        ? null
        : new Sent(account, all.get(idx - 1), deleted.contains(dataId + "/" + idx));
  }

  /** Deletes articles of a send; 0 means all. */
  void delete(MassJob job, int articleIdx) throws Refusal {
    int count = articles.getOrDefault(job.dataId(), List.of()).size();
    if (count == 0 && !job.msgType().equals("mpvideo")) {
      throw new Refusal(40065, "only articles and videos can be deleted");
    }
    if (articleIdx < 0 || articleIdx > count) {
      throw new Refusal(40060);
    }
    if (job.state() == MassJob.State.SENDING) {
      throw new Refusal(40065);
    }
    for (int idx = 1; idx <= count; idx++) {
      if (articleIdx == 0 || articleIdx == idx) {
        deleted.add(job.dataId() + "/" + idx);
      }
    }
    boolean all = true;
    for (int idx = 1; idx <= count; idx++) {
      all &= deleted.contains(job.dataId() + "/" + idx);
    }
    if (all) {
      jobs.put(
          job.msgId(),
          job.ended(MassJob.State.DELETE, job.words(), job.reached(), job.filterCount()));
    }
  }

  /** The job whose article has this address, with the article's number. */
  Map.@Nullable Entry<MassJob, Integer> byUrl(String url) {
    for (MassJob job : jobs.values()) {
      int count = articles.getOrDefault(job.dataId(), List.of()).size();
      for (int idx = 1; idx <= count; idx++) {
        if (url(job.dataId(), idx).equals(url)) {
          return Map.entry(job, idx);
        }
      }
    }
    return null;
  }
}

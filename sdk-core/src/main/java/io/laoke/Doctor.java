package io.laoke;

import io.laoke.error.ChannelException;
import io.laoke.error.LaokeException;
import io.laoke.message.Account;
import io.laoke.message.Checkup;
import io.laoke.message.Diagnosis;
import io.laoke.message.Finding;
import io.laoke.message.Finding.Severity;
import io.laoke.message.Finding.Words;
import io.laoke.notice.Notices;
import io.laoke.notice.Notices.TemplateProblem;
import io.laoke.segment.LiveCounts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Examines dealers: their accounts by the accounts themselves, what is set beside them, and how
 * their members are counted.
 */
final class Doctor {
  private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);
  private static final long CLOSING_SECONDS = 2;

  private final AtomicBoolean started = new AtomicBoolean();
  private volatile @Nullable Thread thread;

  /** What is wrong, or not, with one dealer. */
  Diagnosis examine(
      String dealer, List<Account> accounts, Notices notices, LiveCounts.Status live) {
    List<Finding> findings = new ArrayList<>();
    if (accounts.isEmpty()) {
      findings.add(
          new Finding(
              "",
              Severity.WARNING,
              "NO_ACCOUNT",
              new Words("The dealer has no account.", "该经销商没有配置公众号。"),
              new Words("Nothing can be sent.", "无法发送任何消息。"),
              new Words(
                  "Give it one with Laoke.builder().account(dealer, …).",
                  "请用 Laoke.builder().account(dealer, …) 为其添加公众号。")));
    }
    for (Account account : accounts) {
      findings.addAll(examined(account));
    }
    findings.addAll(templates(notices));
    findings.add(told(live));
    return new Diagnosis(dealer, findings);
  }

  private static List<Finding> examined(Account account) {
    Optional<Checkup> checkup = account.capability(Checkup.class);
    try {
      return checkup.isPresent() ? checkup.get().examine() : List.of();
    } catch (RuntimeException broken) {
      LOG.warn("laoke.doctor: the checkup of an account failed", broken);
      return List.of(
          new Finding(
              account.key(),
              Severity.WARNING,
              "CHECKUP_FAILED",
              new Words("The account could not examine itself.", "公众号自检未能完成。"),
              new Words(broken.getClass().getName(), broken.getClass().getName()),
              new Words("See the log.", "请查看日志。")));
    }
  }

  private static List<Finding> templates(Notices notices) {
    if (notices.templates().isEmpty()) {
      return List.of(
          new Finding(
              "",
              Severity.WARNING,
              "NO_STAGE_TOLD",
              new Words("No stage has a template.", "没有任何订单阶段配置了模板。"),
              new Words("Customers are told nothing.", "客户收不到任何进度通知。"),
              new Words(
                  "Set one with dealer.notices().template(stage, …).",
                  "请用 dealer.notices().template(stage, …) 为各阶段配置模板。")));
    }
    try {
      List<TemplateProblem> problems = notices.check();
      return problems.isEmpty()
          ? List.of(
              new Finding(
                  "",
                  Severity.FINE,
                  "TEMPLATES",
                  new Words("Templates and fields of all stages exist.", "各阶段的模板及字段均存在。"),
                  Words.NONE,
                  Words.NONE))
          : problems.stream().map(Doctor::told).toList();
    } catch (ChannelException unreachable) {
      return List.of(
          new Finding(
              "",
              Severity.NOTE,
              "TEMPLATES_NOT_COMPARED",
              new Words("Templates could not be compared.", "未能核对模板。"),
              new Words("The platform gave no list of templates.", "平台未返回模板列表。"),
              new Words(
                  "Set right what the account's own findings say, then look again.",
                  "请先解决公众号自检列出的问题，再重新检查。")));
    }
  }

  private static Finding told(TemplateProblem problem) {
    String en = problem.stage() + ": " + problem.kind() + " " + problem.reference() + ".";
    String zh =
        problem.stage().chinese()
            + "："
            + switch (problem.kind()) {
              case NO_SUCH_TEMPLATE -> "公众号没有模板 ";
              case NO_SUCH_FIELD -> "模板没有字段 ";
              case FIELD_NOT_SET -> "模板字段未配置 ";
            }
            + problem.reference()
            + "。";
    return new Finding(
        problem.account(),
        Severity.ERROR,
        problem.kind().name(),
        new Words(en, zh),
        new Words("Notices of this stage will be refused.", "该阶段的通知会被微信拒绝。"),
        new Words(problem.advice(), problem.adviceZh()));
  }

  private static Finding told(LiveCounts.Status live) {
    String why = live.why().orElse("");
    return switch (live.state()) {
      case OFF ->
          live(
              Severity.FINE,
              "LIVE_COUNTS_OFF",
              new Words("Live counts are off.", "实时计数未开启。"),
              new Words("The database counts.", "会员数由数据库统计。"),
              Words.NONE);
      case WAITING, BUILDING ->
          live(
              Severity.NOTE,
              live.state() == LiveCounts.State.WAITING
                  ? "LIVE_COUNTS_NOT_BUILT"
                  : "LIVE_COUNTS_BUILDING",
              new Words(
                  "The index for live counts does not answer yet: " + why,
                  live.state() == LiveCounts.State.WAITING ? "实时计数的索引尚未建立。" : "正在建立实时计数的索引。"),
              new Words("Until then the database counts.", "在此之前会员数由数据库统计。"),
              live.state() == LiveCounts.State.WAITING
                  ? new Words(
                      "The first count has it built by start(), startLiveCounts() or tick;"
                          + " segments().live().build() does so at once.",
                      "首次计数后，由 start()、startLiveCounts() 或 tick 在后台建立；"
                          + "也可调用 segments().live().build() 立即建立。")
                  : Words.NONE);
      case READY ->
          live(
              Severity.FINE,
              "LIVE_COUNTS",
              new Words(
                  "Live counts are served from memory: %,d members in %s MiB."
                      .formatted(live.members(), mebibytes(live.bytes())),
                  "实时计数由内存提供：%,d 名会员，占用 %s MiB。"
                      .formatted(live.members(), mebibytes(live.bytes()))),
              live.lastChange().equals(Instant.EPOCH)
                  ? new Words(
                      "No change since it was built, fresh to %s.".formatted(at(live.freshTo())),
                      "建立后尚无变更，数据截至 %s。".formatted(at(live.freshTo())))
                  : new Words(
                      "Last change taken in at %s, fresh to %s."
                          .formatted(at(live.lastChange()), at(live.freshTo())),
                      "最近一次变更于 %s 计入，数据截至 %s。"
                          .formatted(at(live.lastChange()), at(live.freshTo()))),
              Words.NONE);
      case UNABLE ->
          live(
              Severity.WARNING,
              "LIVE_COUNTS_UNABLE",
              new Words(
                  "Live counts are on, but not served from memory: " + why,
                  "实时计数已开启，但内存索引无法容纳该经销商：" + why),
              new Words("The database counts, which takes longer.", "会员数改由数据库统计，速度较慢。"),
              new Words(
                  "Allow it more memory with LiveSettings.mostMebibytes"
                      + " (laoke.live-counts.most-mebibytes in the starter), or name fewer dealers.",
                  "请调大 LiveSettings.mostMebibytes（starter 中为"
                      + " laoke.live-counts.most-mebibytes），或减少开启实时计数的经销商。"));
    };
  }

  private static Finding live(Severity severity, String code, Words what, Words why, Words advice) {
    return new Finding("", severity, code, what, why, advice);
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / (double) (1 << 20));
  }

  private static Instant at(Instant moment) {
    return moment.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Examines all dealers once, on a thread of its own, and logs what is wrong. */
  void start(Supplier<List<String>> dealers, Examination examination, BooleanSupplier closed) {
    if (!started.compareAndSet(false, true)) {
      return;
    }
    Thread fresh =
        new Thread(
            () -> {
              try {
                for (String dealer : dealers.get()) {
                  if (closed.getAsBoolean()) {
                    return;
                  }
                  Diagnosis diagnosis = examination.of(dealer);
                  if (!closed.getAsBoolean()) {
                    log(diagnosis);
                  }
                }
              } catch (LaokeException failed) {
                if (!closed.getAsBoolean()) {
                  LOG.warn("laoke.doctor could not look at everything at the start", failed);
                }
              } catch (RuntimeException failed) {
                LOG.warn("laoke.doctor failed at the start", failed);
              }
            },
            "laoke-doctor");
    fresh.setDaemon(true);
    thread = fresh;
    fresh.start();
  }

  /** Waits a moment for a checkup under way; its calls end with the accounts. */
  void close() {
    Thread running = thread;
    if (running == null || running == Thread.currentThread()) {
      return;
    }
    try {
      running.join(TimeUnit.SECONDS.toMillis(CLOSING_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How a dealer is examined. */
  interface Examination {
    Diagnosis of(String dealer);
  }

  private static void log(Diagnosis diagnosis) {
    for (Finding finding : diagnosis.findings()) {
      switch (finding.severity()) {
        case ERROR ->
            LOG.error(
                "laoke.doctor {}: {} | {}",
                diagnosis.dealer(),
                finding.english(),
                finding.chinese());
        case WARNING ->
            LOG.warn(
                "laoke.doctor {}: {} | {}",
                diagnosis.dealer(),
                finding.english(),
                finding.chinese());
        case NOTE, FINE -> LOG.debug("laoke.doctor {}: {}", diagnosis.dealer(), finding.english());
      }
    }
    LOG.info("laoke.doctor {}: {}", diagnosis.dealer(), diagnosis.worst());
  }
}

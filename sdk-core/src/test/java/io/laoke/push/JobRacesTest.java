package io.laoke.push;

import static io.laoke.push.JobReportsTest.asksAdministrator;
import static io.laoke.push.JobReportsTest.job;
import static io.laoke.push.JobReportsTest.reports;
import static io.laoke.push.JobReportsTest.started;
import static io.laoke.push.JobReportsTest.ticks;
import static io.laoke.push.PlanFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.Laoke;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever tells an end, and whoever is killed meanwhile: one end counts, and the ledger with it.
 */
class JobRacesTest {
  private static final PlanSettings ALL = PlanSettings.standard().withKept(0).withBatch(3);

  @ParameterizedTest
  @EnumSource
  void aReportAndAnAnswerThatDifferAtTheSameTimeGiveOneEnd(TestServer server) throws Exception {
    try (PlanFixture laoke = new PlanFixture(server, ALL)) {
      Laoke other = laoke.engine(laoke.pool, ALL);
      other.dealer("hengxin");
      long sent = 0;
      for (int plan = 0; plan < 4; plan++) {
        String key = "p" + plan;
        started(laoke, key, 3);
        ticks(laoke);
        String job = laoke.plans().batches(key).get(0).providerId().orElseThrow();
        laoke.wechat.jobs.put(job, ArticleChannel.JobState.FAILED);
        laoke.write("UPDATE {plan_batch} SET ask_ms = 1 WHERE job_end IS NULL");
        AtOnce.all(
            List.of(
                () -> {
                  reports(laoke, job, "send success", 3, 3);
                  return laoke.engine().tick(NOW);
                },
                () -> other.tick(NOW)));
        ticks(laoke);
        BatchStatus.State state = laoke.plans().batches(key).get(0).state();
        assertThat(state).isIn(BatchStatus.State.SENT, BatchStatus.State.FAILED);
        sent += state == BatchStatus.State.SENT ? 3 : 0;
        assertThat(laoke.used()).as(key + " " + state).isEqualTo(sent);
      }
      assertThat(laoke.number("SELECT COUNT(*) FROM {plan_batch} WHERE job_end IS NULL")).isZero();
    }
  }

  /** Killed at each commit in turn, each time with an engine that starts anew. */
  @ParameterizedTest
  @EnumSource
  void aRefusalCountsOnceWhereverAWorkerIsKilled(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, ALL)) {
      started(laoke, "p", 5);
      laoke.wechat.sends.add(asksAdministrator("J90"));
      int deaths = 0;
      for (int at = 1; at <= 16; at++) {
        if (at == 8) {
          reports(laoke, "J90", "err(40001)", 3, 0);
        }
        deaths += laoke.killed(ALL, at % 8 + 1) ? 1 : 0;
      }
      assertThat(deaths).isGreaterThan(8);
      for (int i = 0; i < 4; i++) {
        laoke.later();
      }
      long refused =
          laoke.batches("p").stream().filter(one -> one.endsWith("FAILED err(40001)")).count();
      assertThat(refused).as(laoke.batches("p").toString()).isEqualTo(1);
      assertThat(
              laoke.plans().events("p").stream()
                  .filter(one -> one.action() == PlanEvent.Action.PAUSED))
          .hasSize(1);
      assertThat(laoke.plans().find("p").orElseThrow().state()).isEqualTo(PlanState.PAUSED);
      laoke.plans().resume("p", "boss");
      laoke.later();
      laoke.later();
      assertThat(laoke.plans().find("p").orElseThrow().state()).isEqualTo(PlanState.DONE);
      int got = laoke.wechat.got().values().stream().mapToInt(Integer::intValue).sum();
      assertThat(laoke.wechat.got().values()).containsOnly(1);
      assertThat(laoke.used()).isEqualTo(got).isIn(2L, 3L);
      assertThat(job(laoke)).isNotEqualTo("J90");
    }
  }
}

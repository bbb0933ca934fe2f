package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.base.Sealer;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LaneTest {
  private static final Tenant DEALER =
      new Tenant(
          1, "hengxin", ZoneId.of("Asia/Shanghai"), new Privacy(new byte[32], Sealer.plain()));
  private static final long AN_HOUR = TimeUnit.HOURS.toNanos(1);

  private final FakeAccount account = new FakeAccount("wx1");
  private final List<Outcomes.Done> done = new ArrayList<>();
  private final List<CompletableFuture<SendOutcome>> calls = new ArrayList<>();
  private final Lane lane = new Lane(done::add);

  /** One call at a time, which the test answers. */
  private void oneAtATime() {
    account.channel.maxInFlight = 1;
    account.channel.answer =
        message -> {
          CompletableFuture<SendOutcome> call = new CompletableFuture<>();
          calls.add(call);
          return call;
        };
    assertThat(lane.room(account)).isPositive();
  }

  private Visit.Ready ready(long id, long sendBeforeNanos) {
    Row row =
        new Row(
            id,
            Delivery.State.CLAIMED,
            "wx1",
            Purpose.ORDER,
            0,
            Long.MAX_VALUE,
            id,
            "hash",
            1,
            "STAGE",
            id,
            ChannelKind.WECHAT_TEMPLATE,
            "tpl",
            "d" + id,
            0,
            "token",
            1,
            1,
            0L,
            false,
            false);
    TemplateMessage body =
        new TemplateMessage(
            "tpl",
            Map.of("thing1", new TemplateMessage.Field("m" + id, null)),
            Optional.empty(),
            Optional.empty());
    return new Visit.Ready(
        DEALER,
        row,
        new Outbound("o-anna", "d" + id, Purpose.ORDER, body),
        account.channel,
        false,
        false,
        sendBeforeNanos);
  }

  @Test
  void whatCouldOutlastItsLeaseIsGivenBackInsteadOfHandedOver() {
    oneAtATime();
    long now = System.nanoTime();
    Visit.Ready first = ready(1, now + AN_HOUR);
    Visit.Ready late = ready(2, now);
    Visit.Ready inTime = ready(3, now + AN_HOUR);
    lane.add(List.of(first, late, inTime));
    assertThat(account.channel.values()).containsExactly("m1");

    SendOutcome accepted = new SendOutcome.Accepted("p", List.of());
    calls.get(0).complete(accepted);
    assertThat(account.channel.values()).containsExactly("m1", "m3");
    assertThat(done)
        .containsExactly(new Outcomes.Done(first, accepted), new Outcomes.Done(late, null));
  }

  @Test
  void whatHasWaitedTooLongIsTakenAwayAndNothingElse() {
    oneAtATime();
    long now = System.nanoTime();
    Visit.Ready soon = ready(2, now + AN_HOUR);
    Visit.Ready still = ready(3, now + 2 * AN_HOUR);
    lane.add(List.of(ready(1, now + AN_HOUR), soon, still));
    assertThat(lane.drainLate(now + AN_HOUR - 1)).isEmpty();
    assertThat(lane.drainLate(now + AN_HOUR)).containsExactly(soon);

    calls.get(0).complete(new SendOutcome.Accepted("p", List.of()));
    assertThat(account.channel.values()).containsExactly("m1", "m3");
  }

  @Test
  void aCallThatNeverAnswersIsForgottenAndItsRoomIsFree() {
    oneAtATime();
    long before = System.nanoTime();
    Visit.Ready lost = ready(1, before + AN_HOUR);
    lane.add(List.of(lost, ready(2, before + AN_HOUR), ready(3, before + AN_HOUR)));
    int room = lane.room(account);
    assertThat(lane.forget(before)).as("it is not so old").isEmpty();
    assertThat(lane.forget(System.nanoTime() + 1)).containsExactly(lost);
    assertThat(lane.room(account)).isEqualTo(room + 1);
    lane.pump();
    assertThat(account.channel.values()).containsExactly("m1", "m2");

    SendOutcome late = new SendOutcome.Accepted("late", List.of());
    calls.get(0).complete(late);
    assertThat(done).as("it is heard all the same").containsExactly(new Outcomes.Done(lost, late));
    assertThat(account.channel.values()).as("the second is still under way").hasSize(2);
    assertThat(lane.idle()).isFalse();
    calls.get(1).complete(late);
    calls.get(2).complete(late);
    assertThat(account.channel.values()).containsExactly("m1", "m2", "m3");
    assertThat(lane.idle()).isTrue();
  }
}

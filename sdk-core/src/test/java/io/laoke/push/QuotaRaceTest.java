package io.laoke.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plans that want the same followers at once never take more than there is. */
class QuotaRaceTest {
  private static final int FOLLOWERS = 60;
  private static final int TAKERS = 12;

  @ParameterizedTest
  @EnumSource
  void noFollowerIsSoldAFifthMessage(TestServer server) throws Exception {
    try (PlanFixture laoke = new PlanFixture(server, PlanSettings.standard())) {
      List<String> all = new ArrayList<>();
      for (int i = 0; i < FOLLOWERS; i++) {
        laoke.follower("o-" + i);
        all.add("o-" + i);
      }
      Map<String, Integer> sold = Collections.synchronizedMap(new TreeMap<>());
      List<Callable<Boolean>> takers = new ArrayList<>();
      for (int taker = 0; taker < TAKERS; taker++) {
        Random random = new Random(taker);
        Set<String> some = new TreeSet<>();
        all.stream().filter(one -> random.nextInt(4) > 0).forEach(some::add);
        takers.add(
            () -> {
              laoke.take(some, 4).forEach(hash -> sold.merge(hash, 1, Integer::sum));
              return true;
            });
      }
      AtOnce.all(takers);
      assertThat(sold.values()).allMatch(many -> many <= 4).contains(4);
      assertThat(sold).hasSize(FOLLOWERS);
      assertThat(laoke.number("SELECT MAX(used) FROM {push_quota}")).isEqualTo(4);
      assertThat(laoke.number("SELECT SUM(used) FROM {push_quota}"))
          .as("the ledger knows all that was sold")
          .isEqualTo(sold.values().stream().mapToInt(Integer::intValue).sum());
    }
  }
}

package io.laoke.loop;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.error.LaokeException;
import io.laoke.message.Inbound;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * What many threads of several processes do at once to the same few orders and people. Everything
 * that the two processes must agree on is in the record.
 *
 * @param appId the account
 * @param at when everything happened: the same facts in both processes
 * @param scenes of the codes of the orders SO-0, SO-1, …
 * @param openids of the people
 */
record Race(String appId, Instant at, List<String> scenes, List<String> openids) {
  static final List<Stage> STAGES =
      List.of(Stage.APPROVED, Stage.SHIPPED, Stage.DELIVERED, Stage.INSTALLED);

  /** What a thread may do. A new one is one line. */
  enum Act {
    UPSERT((race, laoke, dealer, random) -> dealer.orders().upsert(race.order(race.any(random)))),
    ISSUE((race, laoke, dealer, random) -> dealer.bindings().issue("SO-" + race.any(random))),
    SCAN((race, laoke, dealer, random) -> laoke.receive(race.appId, race.scan(random))),
    ADVANCE((race, laoke, dealer, random) -> race.advance(dealer, random)),
    AUTO_BIND((race, laoke, dealer, random) -> dealer.orders().upsert(race.later(random))),
    TICK((race, laoke, dealer, random) -> laoke.tick(Instant.now()));

    private final Deed deed;

    Act(Deed deed) {
      this.deed = deed;
    }
  }

  private interface Deed {
    void on(Race race, Laoke laoke, Dealer dealer, Random random);
  }

  private int any(Random random) {
    return random.nextInt(scenes.size());
  }

  Order order(int i) {
    // Three orders a customer: what one scan brings in, the others may bind by.
    return order("SO-" + i, "C-" + i / 3);
  }

  private Order order(String orderNo, String customerNo) {
    return Order.of(orderNo, at)
        .buyer(Buyer.of(customerNo, "王芳", null))
        .line(OrderLine.goods("1", "kitchen/hood", 1, "2999.00").name("油烟机"));
  }

  /** Not there at first; whoever comes first makes it, and binds it to who follows by then. */
  private Order later(Random random) {
    int i = any(random);
    return order("LATER-" + i, "C-" + i / 3);
  }

  /** The same scan again and again, by pushes with the same id and with others. */
  private Inbound scan(Random random) {
    int order = any(random);
    String openid = openids.get(random.nextInt(openids.size()));
    String push = openid + "-" + order + "-" + random.nextInt(3);
    return new Inbound.Scanned(push, at, openid, scenes.get(order), false);
  }

  private void advance(Dealer dealer, Random random) {
    String orderNo = "SO-" + any(random);
    dealer.orders().advance(orderNo, StageReport.of(STAGES.get(random.nextInt(4)), at));
  }

  /** What a race came to in one process. */
  record Done(int deeds, int repeats, List<String> errors) {}

  /** Runs; every act is done by every thread in an order of its own. */
  Done run(Laoke laoke, long seed, int threads, int rounds) throws Exception {
    Dealer dealer = laoke.dealer("hengxin");
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CountDownLatch together = new CountDownLatch(threads);
    List<Future<Done>> all = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      Random random = new Random(seed + thread);
      all.add(
          pool.submit(
              () -> {
                together.countDown();
                together.await();
                return one(laoke, dealer, random, rounds);
              }));
    }
    try {
      int deeds = 0;
      int repeats = 0;
      List<String> errors = new ArrayList<>();
      for (Future<Done> each : all) {
        Done done = each.get();
        deeds += done.deeds;
        repeats += done.repeats;
        errors.addAll(done.errors);
      }
      return new Done(deeds, repeats, errors);
    } finally {
      pool.shutdownNow();
    }
  }

  private Done one(Laoke laoke, Dealer dealer, Random random, int rounds) {
    int deeds = 0;
    int repeats = 0;
    List<String> errors = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      Act act = Act.values()[random.nextInt(Act.values().length)];
      long own = random.nextLong();
      for (int attempt = 1; ; attempt++) {
        try {
          act.deed.on(this, laoke, dealer, new Random(own));
          deeds++;
          break;
        } catch (LaokeException refused) {
          if (!refused.retryable() || attempt == 50) {
            errors.add(act + ": " + refused);
            break;
          }
          repeats++;
          LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2_000_000L * attempt));
        } catch (RuntimeException escaped) {
          errors.add(act + ": " + escaped);
          break;
        }
      }
    }
    return new Done(deeds, repeats, errors);
  }
}

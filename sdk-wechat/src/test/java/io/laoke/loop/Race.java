package io.laoke.loop;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.binding.ClaimOutcome;
import io.laoke.error.ConflictException;
import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import io.laoke.member.Member;
import io.laoke.member.Merge;
import io.laoke.message.Inbound;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
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
 * <p>Each three orders have one buyer, so that what one scan brings in, the others may bind by. The
 * first buyers stay, and are merged with each other and split again. The others are erased in the
 * course of the race, pairs of them merged before or meanwhile; whoever comes to their orders may
 * be taken for them and be erased with them, so the people who stay keep away from those.
 *
 * @param appId the account
 * @param at when everything happened: the same facts in both processes
 * @param staying how many buyers are never erased
 * @param scenes of the codes of the orders SO-0, SO-1, …
 * @param openids of the people: those who stay, as many as there are buyers who do not, and one who
 *     only guesses
 */
record Race(String appId, Instant at, int staying, List<String> scenes, List<String> openids) {
  static final List<Stage> STAGES =
      List.of(Stage.APPROVED, Stage.SHIPPED, Stage.DELIVERED, Stage.INSTALLED);
  static final String MANAGER = "店长";
  private static final int ORDERS_OF_ONE = 3;

  /**
   * Orders that have no code yet; in each part of the race all come for the first one of another.
   */
  static final int WITHOUT_CODE = 4;

  /** What a thread may do. A new one is one line. */
  enum Act {
    UPSERT((race, turn) -> turn.dealer.orders().upsert(race.order(race.any(turn.random)))),
    ISSUE(Race::issue),
    SCAN((race, turn) -> turn.laoke.receive(race.appId, race.scan(turn.random))),
    CLAIM(Race::claim),
    ADVANCE(Race::advance),
    AUTO_BIND((race, turn) -> turn.dealer.orders().upsert(race.later(turn.random))),
    MERGE(Race::merge),
    SPLIT(Race::split),
    ERASE(Race::erase),
    TICK((race, turn) -> turn.laoke.tick(Instant.now()));

    private final Deed deed;

    Act(Deed deed) {
      this.deed = deed;
    }
  }

  /**
   * Whose turn it is.
   *
   * @param done how much of the race is over for this thread, from 0 to 1
   * @param issued the code that each order was first seen with
   */
  private record Turn(
      Laoke laoke, Dealer dealer, Random random, double done, Map<String, Long> issued) {}

  private interface Deed {
    void on(Race race, Turn turn);
  }

  private int any(Random random) {
    return random.nextInt(scenes.size());
  }

  int buyers() {
    return scenes.size() / ORDERS_OF_ONE;
  }

  int leaving() {
    return buyers() - staying;
  }

  private boolean stays(int buyer) {
    return buyer < staying;
  }

  // What belongs to one buyer only, and is to be nowhere once they are erased.

  static String customerNo(int buyer) {
    return "KH-88%04d".formatted(buyer);
  }

  static String phone(int buyer) {
    return "1370013%04d".formatted(1 + buyer);
  }

  String name(int buyer) {
    return stays(buyer) ? "王芳" : "独孤客%04d".formatted(buyer);
  }

  static String street(int buyer) {
    return "独居路%04d号".formatted(buyer);
  }

  Order order(int i) {
    return order("SO-" + i, i / ORDERS_OF_ONE);
  }

  private Order order(String orderNo, int buyer) {
    return Order.of(orderNo, at)
        .buyer(Buyer.of(customerNo(buyer), name(buyer), phone(buyer)))
        .place(Place.of("浙江/杭州", street(buyer), name(buyer), phone(buyer)))
        .line(OrderLine.goods("1", "kitchen/hood", 1, "2999.00").name("油烟机"));
  }

  /** Not there at first; whoever comes first makes it, and binds it to who follows by then. */
  private Order later(Random random) {
    int i = any(random);
    return order("LATER-" + i, i / ORDERS_OF_ONE);
  }

  /** There before the race, without a code. */
  Order withoutCode(int i) {
    return order(withoutCodeNo(i), i);
  }

  static String withoutCodeNo(int i) {
    return "NEW-" + i;
  }

  private void issue(Turn turn) {
    for (String orderNo :
        List.of("SO-" + any(turn.random), withoutCodeNo((int) (WITHOUT_CODE * turn.done)))) {
      long ticket = turn.dealer.bindings().issue(orderNo).id();
      Long before = turn.issued.putIfAbsent(orderNo, ticket);
      expect(before == null || before == ticket, "a second code of " + orderNo);
    }
  }

  private List<String> near(int buyer) {
    return openids.subList(stays(buyer) ? 0 : peopleWhoStay(), openids.size() - 1);
  }

  int peopleWhoStay() {
    return openids.size() - 1 - leaving();
  }

  String guesser() {
    return openids.get(openids.size() - 1);
  }

  private String anybody(int order, Random random) {
    List<String> people = near(order / ORDERS_OF_ONE);
    return people.get(random.nextInt(people.size()));
  }

  /** The same scan again and again, by pushes with the same id and with others. */
  private Inbound scan(Random random) {
    int order = any(random);
    String openid = anybody(order, random);
    String push = openid + "-" + order + "-" + random.nextInt(3);
    return new Inbound.Scanned(push, at, openid, scenes.get(order), false);
  }

  private void claim(Turn turn) {
    int order = any(turn.random);
    int buyer = order / ORDERS_OF_ONE;
    if (turn.random.nextInt(8) == 0) {
      ClaimOutcome guessed = turn.dealer.bindings().claim(appId, guesser(), "SO-" + order, "9999");
      expect(
          guessed instanceof ClaimOutcome.NoMatch || guessed instanceof ClaimOutcome.TooManyTries,
          guessed);
      return;
    }
    String openid = anybody(order, turn.random);
    ClaimOutcome outcome =
        turn.dealer.bindings().claim(appId, openid, "SO-" + order, phone(buyer).substring(7));
    // Who is erased proves nothing, and neither does the phone of who was.
    expect(
        outcome instanceof ClaimOutcome.Bound
            || outcome instanceof ClaimOutcome.AlsoReceiving
            || outcome instanceof ClaimOutcome.AlreadyYours
            || outcome instanceof ClaimOutcome.TakenByAnother
            || openids.indexOf(openid) >= peopleWhoStay(),
        outcome);
  }

  private static void expect(boolean may, Object what) {
    if (!may) {
      throw new IllegalStateException("came to " + what);
    }
  }

  private void advance(Turn turn) {
    int order = any(turn.random);
    int buyer = order / ORDERS_OF_ONE;
    turn.dealer
        .orders()
        .advance(
            "SO-" + order,
            StageReport.of(STAGES.get(turn.random.nextInt(4)), at)
                .text("送到" + street(buyer))
                .technician(name(buyer) + " " + phone(buyer)));
  }

  /** Another who stays, or the other of a pair that leaves. */
  private int partner(int buyer, Random random) {
    return stays(buyer) ? random.nextInt(staying) : staying + ((buyer - staying) ^ 1);
  }

  private void merge(Turn turn) {
    int buyer = turn.random.nextInt(buyers());
    int other = partner(buyer, turn.random);
    OptionalLong one = member(turn, buyer);
    OptionalLong two = member(turn, other);
    if (one.isEmpty() || two.isEmpty() || one.equals(two)) {
      return;
    }
    try {
      turn.dealer.members().merge(one.getAsLong(), two.getAsLong(), MANAGER, "也用" + phone(buyer));
    } catch (NotFoundException erased) {
      expect(!stays(buyer), erased);
    }
  }

  private void split(Turn turn) {
    int buyer = turn.random.nextInt(buyers());
    OptionalLong member = member(turn, buyer);
    if (member.isEmpty()) {
      return;
    }
    List<Merge> ours =
        turn.dealer.members().merges(member.getAsLong()).stream()
            .filter(merge -> merge.live() && merge.by().equals(MANAGER))
            .toList();
    if (!ours.isEmpty()) {
      try {
        turn.dealer.members().split(ours.get(ours.size() - 1).id(), MANAGER, "不是" + phone(buyer));
      } catch (ConflictException mergedOn) {
        // Its survivor was merged into another since, or erased.
      }
    }
  }

  /** One of those whose time has come: the first at once, the last towards the end. */
  private void erase(Turn turn) {
    int buyer = staying + turn.random.nextInt(1 + (int) (leaving() * turn.done));
    member(turn, buyer).ifPresent(id -> turn.dealer.members().erase(id, MANAGER, "客户要求"));
  }

  private OptionalLong member(Turn turn, int buyer) {
    OptionalLong found =
        turn.dealer.members().find(customerNo(buyer)).map(Member::id).stream()
            .mapToLong(id -> id)
            .findFirst();
    expect(found.isPresent() || !stays(buyer), "nobody");
    return found;
  }

  /** What a race came to in one process. */
  record Done(int deeds, int repeats, List<String> errors) {}

  /** Runs; every act is done by every thread in an order of its own. */
  Done run(Laoke laoke, long seed, int threads, int rounds) throws Exception {
    Dealer dealer = laoke.dealer("hengxin");
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CountDownLatch together = new CountDownLatch(threads);
    Map<String, Long> issued = new ConcurrentHashMap<>();
    List<Future<Done>> all = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      Random random = new Random(seed + thread);
      all.add(
          pool.submit(
              () -> {
                together.countDown();
                together.await();
                return one(laoke, dealer, random, rounds, issued);
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

  private Done one(
      Laoke laoke, Dealer dealer, Random random, int rounds, Map<String, Long> issued) {
    int deeds = 0;
    int repeats = 0;
    List<String> errors = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      Act act = Act.values()[random.nextInt(Act.values().length)];
      long own = random.nextLong();
      for (int attempt = 1; ; attempt++) {
        try {
          act.deed.on(this, new Turn(laoke, dealer, new Random(own), (double) i / rounds, issued));
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

package io.laoke.binding;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.base.Sealer;
import io.laoke.catalog.CatalogModule;
import io.laoke.error.NotFoundException;
import io.laoke.imports.ImportModule;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberModule;
import io.laoke.message.Accounts;
import io.laoke.message.DealerAccount;
import io.laoke.message.Decision;
import io.laoke.message.EngineSettings;
import io.laoke.message.Inbound;
import io.laoke.message.MessageModule;
import io.laoke.message.Outbound;
import io.laoke.message.Reply;
import io.laoke.message.Tenants;
import io.laoke.notice.CustomerPages;
import io.laoke.notice.NoticeModule;
import io.laoke.notice.NoticeSettings;
import io.laoke.notice.Notices;
import io.laoke.notice.ServiceDesk;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.OrderModule;
import io.laoke.order.OrderSettings;
import io.laoke.order.Orders;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A dealer with two accounts on a fresh database, and any number of engines on it: everything up to
 * the notices, as the composition root puts it together. Only the platform is not the real one.
 */
public final class World implements AutoCloseable {
  public static final Instant START = Instant.parse("2026-05-01T02:00:00Z");
  public static final String ACCOUNT = "wxmain";
  public static final String OTHER = "wxother";

  public final HikariDataSource pool;
  public final Database database;
  public final Tenant dealer;
  private final TestServer server;
  public final FakePlatform main = new FakePlatform(ACCOUNT);
  public final FakePlatform other = new FakePlatform(OTHER);
  public volatile Instant now = START;

  /** How far the machine clock of sign-ins is ahead. */
  public volatile Duration ahead = Duration.ZERO;

  public volatile io.laoke.member.PeopleSettings peopleSettings =
      io.laoke.member.PeopleSettings.standard();
  public volatile BindingSettings bindingSettings = BindingSettings.standard();

  /** Tells each stage, however many wait. */
  public volatile NoticeSettings noticeSettings =
      NoticeSettings.standard().withDealerName("恒信电器").withNewestOnly(false);

  public final Engine engine;
  private final List<Engine> engines = new ArrayList<>();
  private final AtomicLong counter = new AtomicLong();

  public World(TestServer server) {
    this(server, new HikariConfig());
  }

  public World(TestServer server, HikariConfig config) {
    this.server = server;
    config.setMaximumPoolSize(40);
    pool = server.migrated(config);
    database = TestServer.database(pool);
    byte[] key = Arrays.copyOf("hengxin".getBytes(StandardCharsets.UTF_8), 32);
    dealer = new Tenant(1, "hengxin", ZoneId.of("Asia/Shanghai"), new Privacy(key, Sealer.plain()));
    engine = engine();
  }

  public Engine engine() {
    Engine made = new Engine(TestServer.database(pool));
    engines.add(made);
    return made;
  }

  public Engine engine(HostTransaction host) {
    Engine made = new Engine(new Database(pool, host, new Names("laoke_", Optional.empty())));
    engines.add(made);
    return made;
  }

  /** One engine: a node of its own. */
  public final class Engine {
    public final Database database;
    public final Ids ids;
    public final CatalogModule catalogs = new CatalogModule();
    public final MemberModule members;
    public final OrderModule orders;
    public final ImportModule imports;
    public final MessageModule messages;
    public final BindingModule binding;
    public final NoticeModule notice;
    public final CustomerPages pages;
    private Engine outside;

    Engine(Database database) {
      this.database = database;
      ids = new Ids(database, Clock.systemUTC());
      ids.renew();
      InstantSource business = () -> now;
      InstantSource machine = () -> Instant.now().plus(ahead);
      Clock clock = business.withZone(ZoneOffset.UTC);
      Json json = new Json();
      Accounts accounts =
          new Accounts(
              List.of(new DealerAccount("hengxin", main), new DealerAccount("hengxin", other)));
      members = new MemberModule(catalogs.book(), ids, clock, json, tenant -> peopleSettings);
      orders =
          new OrderModule(
              json,
              ids,
              catalogs.book(),
              members.book(),
              clock,
              tenant -> OrderSettings.defaults());
      messages =
          new MessageModule(
              database, json, ids, accounts, new OneDealer(), clock, EngineSettings.standard());
      messages.addressBook(members.addressBook());
      messages.recipients(members.recipientListener());
      binding =
          new BindingModule(
              database,
              ids,
              clock,
              orders.book(),
              members.book(),
              catalogs.book(),
              accounts,
              messages.decisions(),
              tenant -> bindingSettings);
      notice =
          new NoticeModule(
              json,
              clock,
              orders.book(),
              catalogs.book(),
              binding.book(),
              accounts,
              messages.outbox(),
              messages.decisions(),
              tenant -> noticeSettings,
              tenant -> bindingSettings.webAddress());
      pages =
          notice.pages(
              database,
              ids,
              new OneDealer(),
              binding.door(),
              tenant -> binding.bindings(database, tenant),
              ServiceDesk.NONE,
              machine.withZone(ZoneOffset.UTC));
      orders.listen(binding.orderListener());
      orders.listen(notice.orderListener());
      binding.listen(notice.bindingListener());
      messages.inbound(members.inboundHandler(binding::reply));
      messages.inbound(binding.inboundHandler());
      messages.erased(members.erasedRecipients());
      members.gateRules().forEach(messages::gate);
      notice.gateRules().forEach(messages::gate);
      messages.rewords(notice.rewords());
      members.ownings(orders.ownings());
      orders.claims(binding.claims());
      imports = new ImportModule(json, ids, catalogs, members, orders, clock);
      List.of(
              orders.personalData(),
              members.personalData(),
              catalogs.personalData(),
              imports.personalData(),
              binding.personalData(),
              notice.personalData(),
              messages.personalData())
          .forEach(members::personalData);
    }

    public Bindings bindings() {
      return binding.bindings(database, dealer);
    }

    /**
     * For codes, claims, checks and imports, which refuse a host's transaction: itself, or beside
     * it a node that joins none.
     */
    public synchronized Engine outsideOfHosts() {
      if (outside == null) {
        outside = Way.eachCallJoined() ? engine(HostTransaction.none()) : this;
      }
      return outside;
    }

    public io.laoke.member.Members members() {
      return members.members(database, dealer);
    }

    /** For who erases: outside of a host's transaction where that is refused in it. */
    public io.laoke.member.Members eraser() {
      return (Way.eachCallBlind(server) ? outsideOfHosts() : this).members();
    }

    public Notices notices() {
      return notice.notices(database, dealer);
    }

    public Orders orders() {
      return orders.orders(database, dealer);
    }

    public Reply receive(String account, Inbound fact) {
      return messages.receiver().accept(account, fact).process();
    }

    public Reply receive(Inbound fact) {
      return receive(ACCOUNT, fact);
    }

    /** A scan by a follower. */
    public String scan(String openid, String scene) {
      return said(receive(scanned(openid, scene, false)));
    }

    /** A scan by somebody who follows by it. */
    public String scanAndFollow(String openid, String scene) {
      return said(receive(scanned(openid, scene, true)));
    }

    public void tick() {
      messages.tick(now, Duration.ofSeconds(20));
    }

    public List<Decision> decisions(String orderNo) {
      return messages.deliveries(database, dealer).decisions(orderNo);
    }
  }

  public Inbound.Scanned scanned(String openid, String scene, boolean followed) {
    return new Inbound.Scanned("k" + counter.incrementAndGet(), later(), openid, scene, followed);
  }

  public Inbound.Followed followed(String openid) {
    return new Inbound.Followed("k" + counter.incrementAndGet(), later(), openid);
  }

  public Inbound.Unfollowed unfollowed(String openid) {
    return new Inbound.Unfollowed("k" + counter.incrementAndGet(), later(), openid);
  }

  public Inbound.Said text(String openid, String text) {
    return new Inbound.Said("k" + counter.incrementAndGet(), later(), openid, text);
  }

  private Instant later() {
    return START.plusSeconds(counter.get());
  }

  public static String said(Reply reply) {
    return reply instanceof Reply.Text text ? text.text() : "";
  }

  /** An order of one refrigerator, by a buyer without a number or a phone. */
  public String guestOrder() {
    return order(Buyer.unknown());
  }

  public String order(Buyer buyer) {
    String orderNo = "SO-" + counter.incrementAndGet();
    engine.orders().upsert(aOrder(orderNo).buyer(buyer));
    return orderNo;
  }

  public Order aOrder(String orderNo) {
    return Order.of(orderNo, now.minusSeconds(3600))
        .line(OrderLine.goods("1", "kitchen/fridge", 1, "5999.00").name("双开门冰箱"))
        .line(OrderLine.goods("2", "kitchen/hood", 2, "3000.00").name("抽油烟机"));
  }

  public void advance(String orderNo, Stage stage) {
    engine.orders().advance(orderNo, StageReport.of(stage, now));
  }

  /** The scene of the ticket that lives, or lived last. */
  public String scene(String orderNo) {
    long order = engine.orders().find(orderNo).orElseThrow().id();
    return database.read(
        "scene",
        tx ->
            tx.query("SELECT scene FROM {ticket} WHERE order_id = :order ORDER BY id DESC LIMIT 1")
                .bind("order", order)
                .mapTo(String.class)
                .one());
  }

  /** A follower scans the code of an order, which is issued if need be. */
  public String scan(String openid, String orderNo) {
    return engine.scan(openid, issued(orderNo));
  }

  /** Issues a ticket and gives its scene. */
  public String issued(String orderNo) {
    engine.bindings().issue(orderNo);
    return scene(orderNo);
  }

  public OptionalLong memberOf(String orderNo) {
    return engine.orders().find(orderNo).orElseThrow().memberId();
  }

  public OptionalLong memberOfOpenid(String openid) {
    return database.read(
        "member",
        tx ->
            engine
                .members
                .book()
                .openid(tx, dealer, ACCOUNT, hash(openid))
                .orElseThrow()
                .memberId());
  }

  public String hash(String openid) {
    return engine.members.book().openidHash(dealer, ACCOUNT, openid);
  }

  public RecipientState stateOf(String orderNo, String openid) {
    return engine.bindings().recipient(orderNo, ACCOUNT, openid).map(Recipient::state).orElse(null);
  }

  public long count(String table) {
    return database.read(
        "count", tx -> tx.query("SELECT COUNT(*) FROM {" + table + "}").mapTo(Long.class).one());
  }

  /** How many facts from outside could not be processed. */
  public long messagesFailed() {
    return engine
        .messages
        .deliveries(database, dealer)
        .failedInbound(Optional.empty(), 100)
        .items()
        .size();
  }

  /** What was sent to a person of the main account, first to last. */
  public List<Outbound> sentTo(String openid) {
    return main.sent().stream().filter(message -> message.to().equals(openid)).toList();
  }

  /** Starts all at once, and gives what they gave. */
  public static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
    return AtOnce.all(tasks);
  }

  @Override
  public void close() {
    engines.forEach(one -> one.messages.close());
    pool.close();
  }

  private final class OneDealer implements Tenants {
    @Override
    public Set<Integer> ids() {
      return Set.of(dealer.id());
    }

    @Override
    public Tenant byId(int id) {
      if (id != dealer.id()) {
        throw new NotFoundException("no dealer " + id);
      }
      return dealer;
    }

    @Override
    public Tenant byCode(String code) {
      if (!code.equals(dealer.code())) {
        throw new NotFoundException("no dealer " + code);
      }
      return dealer;
    }
  }
}

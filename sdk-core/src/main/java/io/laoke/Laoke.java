package io.laoke;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.base.HostTransaction;
import io.laoke.base.Sealer;
import io.laoke.binding.BindingModule;
import io.laoke.binding.BindingSettings;
import io.laoke.binding.Bindings;
import io.laoke.binding.ReplyTexts;
import io.laoke.catalog.Catalog;
import io.laoke.catalog.CatalogModule;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.imports.ImportModule;
import io.laoke.imports.Imports;
import io.laoke.inbox.Inbox;
import io.laoke.inbox.InboxModule;
import io.laoke.inbox.InboxSettings;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.Attributes;
import io.laoke.member.Events;
import io.laoke.member.MemberModule;
import io.laoke.member.Members;
import io.laoke.message.Account;
import io.laoke.message.AccountSource;
import io.laoke.message.Accounts;
import io.laoke.message.AlarmListener;
import io.laoke.message.DealerAccount;
import io.laoke.message.Deliveries;
import io.laoke.message.Diagnosis;
import io.laoke.message.EngineSettings;
import io.laoke.message.Inbound;
import io.laoke.message.InboundReceiver;
import io.laoke.message.MessageModule;
import io.laoke.message.Reply;
import io.laoke.message.TickReport;
import io.laoke.notice.CustomerPages;
import io.laoke.notice.NoticeModule;
import io.laoke.notice.NoticeSettings;
import io.laoke.notice.Notices;
import io.laoke.order.LinesFollow;
import io.laoke.order.OrderModule;
import io.laoke.order.OrderSettings;
import io.laoke.order.Orders;
import io.laoke.order.Returns;
import io.laoke.push.Contents;
import io.laoke.push.Plans;
import io.laoke.push.PushModule;
import io.laoke.push.PushQuota;
import io.laoke.reminder.BookingListener;
import io.laoke.reminder.DigestListener;
import io.laoke.reminder.ReminderModule;
import io.laoke.reminder.ReminderSettings;
import io.laoke.reminder.Reminders;
import io.laoke.reminder.Services;
import io.laoke.segment.LiveIndex;
import io.laoke.segment.LiveSettings;
import io.laoke.segment.SegmentModule;
import io.laoke.segment.Segments;
import io.laoke.sms.Sms;
import io.laoke.sms.SmsModule;
import io.laoke.sms.SmsPushes;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The engine. Built once per database, immutable, safe for use by many threads; two engines in one
 * JVM do not meet. It starts no thread before {@code start()}, and opens nothing before the first
 * call.
 */
public final class Laoke implements AutoCloseable {
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
  private static final Duration TICK_BUDGET = Duration.ofSeconds(50);
  private static final Duration INBOX_SLICE = Duration.ofSeconds(5);
  private static final Duration LINES_SLICE = Duration.ofSeconds(5);
  private static final Duration REMINDERS_SLICE = Duration.ofSeconds(5);

  private final Database tables;
  private final DealerTable dealers;
  private final Ids ids;
  private final Accounts accounts;
  private final MessageModule messages;
  private final CatalogModule catalog = new CatalogModule();
  private final MemberModule members;
  private final OrderModule orders;
  private final LinesFollow lines;
  private final ImportModule imports;
  private final BindingModule bindings;
  private final NoticeModule notices;
  private final InboxModule inbox;
  private final SegmentModule segments;
  private final ReminderModule reminders;
  private final PushModule pushes;
  private final SmsModule sms;
  private final SmsPushes smsPushes;
  private final LiveIndex live;
  private final CustomerPages pages;
  private final ReplyTexts replies;
  private final Doctor doctor = new Doctor();
  private final boolean checkupAtStart;
  private final CompletionStage<?> checkupAfter;
  private final Json json;
  private final Database database;
  private final List<PersonalData> personalData;
  private final Retention retention;
  private volatile boolean closed;

  private Laoke(Builder builder, DataSource dataSource) {
    Clock machine = Clock.systemUTC();
    this.json = new Json();
    this.replies = builder.replies;
    this.checkupAtStart = builder.checkupAtStart;
    this.checkupAfter = builder.checkupAfter;
    this.accounts = new Accounts(builder.given(), builder.accountSource);
    this.tables =
        new Database(
            dataSource,
            builder.hostTransaction,
            new Names(builder.tablePrefix, Optional.ofNullable(builder.schema)));
    this.ids = new Ids(tables, machine);
    this.dealers =
        new DealerTable(tables, json, builder.sealer, machine, builder.declared, builder.named());
    this.database = tables.before(ids::renew);
    this.messages =
        new MessageModule(database, json, ids, accounts, dealers, builder.clock, builder.engine);
    this.members =
        new MemberModule(
            catalog.book(), ids, builder.clock, json, tenant -> dealers.settings(tenant).people());
    this.orders =
        new OrderModule(
            json, ids, catalog.book(), members.book(), builder.clock, this::orderSettings);
    catalog.goods(orders.placedGoods());
    this.lines = orders.follow(database, dealers, catalog.changes());
    catalog.wakes(lines::wake);
    this.imports = new ImportModule(json, ids, catalog, members, orders, builder.clock);
    this.bindings =
        new BindingModule(
            database,
            ids,
            builder.clock,
            orders.book(),
            members.book(),
            catalog.book(),
            accounts,
            messages.decisions(),
            this::bindingSettings);
    this.notices =
        new NoticeModule(
            json,
            builder.clock,
            orders.book(),
            catalog.book(),
            bindings.book(),
            accounts,
            messages.outbox(),
            messages.decisions(),
            this::noticeSettings,
            tenant -> dealers.settings(tenant).binding().webAddress());
    this.live = new LiveIndex(tables, builder.live, builder.clock, machine);
    this.segments = new SegmentModule(catalog, members.fields(), ids, builder.clock, live);
    members.reserve(SegmentModule.builtInFields());
    this.inbox =
        new InboxModule(
            database,
            dealers,
            catalog,
            members,
            orders,
            builder.inbox,
            builder.clock,
            messages::raise);
    this.sms =
        new SmsModule(
            json, builder.clock, members.book(), accounts, messages.outbox(), messages.decisions());
    this.reminders =
        new ReminderModule(
            database,
            dealers,
            catalog,
            orders,
            members.book(),
            messages.outbox(),
            messages.decisions(),
            notices.serviceTexts(),
            sms.book(),
            ids,
            builder.clock,
            this::reminderSettings,
            tenant -> dealers.settings(tenant).binding().webAddress());
    this.pushes =
        new PushModule(
            database,
            dealers,
            segments,
            members,
            accounts,
            messages.outbox(),
            messages.decisions(),
            ids,
            builder.clock,
            tenant -> dealers.settings(tenant).plans());
    this.pages =
        notices.pages(
            database,
            ids,
            dealers,
            bindings.door(),
            tenant -> bindings.bindings(database, tenant),
            reminders.serviceDesk(database),
            machine);
    bindings.phoneCodes(sms.book(), messages.outbox());
    this.smsPushes = sms.pushes(messages.receiver());
    messages.addressBook(new Addresses(members.addressBook(), catalog.book()));
    messages.prepare(pushes.preparer(sms.preparer()));
    messages.recipients(sms.recipientListener());
    messages.inbound(sms.inboundHandler());
    messages.recipients(members.recipientListener());
    messages.inbound(members.inboundHandler(bindings::reply)); // before who else hears its words
    messages.inbound(bindings.inboundHandler());
    messages.inbound(reminders.inboundHandler(database));
    messages.inbound(pushes.inboundHandler());
    messages.erased(members.erasedRecipients());
    members.gateRules().forEach(messages::gate);
    messages.gate(sms.gateRule());
    notices.gateRules().forEach(messages::gate);
    messages.gate(reminders.gateRule());
    messages.gate(pushes.gateRule());
    messages.rewords(notices.rewords());
    members.ownings(orders.ownings());
    members.accounts(accounts);
    orders.claims(bindings.claims());
    // In the order of locks.
    this.personalData =
        List.of(
            orders.personalData(),
            members.personalData(),
            catalog.personalData(),
            imports.personalData(),
            bindings.personalData(),
            notices.personalData(),
            messages.personalData(),
            sms.personalData(),
            inbox.personalData(),
            segments.personalData(),
            reminders.personalData(),
            pushes.personalData(),
            new RootData());
    personalData.forEach(members::personalData);
    this.retention =
        new Retention(database, personalData, tenant -> dealers.settings(tenant).retention());
    messages.chores(retention::due);
    orders.listen(bindings.orderListener());
    orders.listen(notices.orderListener());
    orders.listen(reminders.orderListener());
    bindings.listen(notices.bindingListener());
    builder.alarms.forEach(messages::alarms);
    builder.bookings.forEach(reminders::bookings);
    builder.digests.forEach(reminders::digests);
  }

  private BindingSettings bindingSettings(Tenant tenant) {
    return dealers.settings(tenant).binding().withReplies(replies);
  }

  private NoticeSettings noticeSettings(Tenant tenant) {
    return dealers.settings(tenant).notices();
  }

  private ReminderSettings reminderSettings(Tenant tenant) {
    return dealers.settings(tenant).reminders();
  }

  private OrderSettings orderSettings(Tenant tenant) {
    return dealers.settings(tenant).orders();
  }

  /** Starts the settings of an engine. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The handle of a dealer. Reads the dealer at most every ten seconds, in the host's transaction
   * if there is one.
   *
   * <p>A dealer that is made by this call, and the number that an engine takes for its ids when it
   * writes for the first time, are written on a connection of their own. Where all connections of
   * the pool may be in the host's transactions, call this once before, outside of any.
   *
   * @throws io.laoke.error.NotFoundException if neither the builder nor the database knows it
   */
  public Dealer dealer(String code) {
    Dealer dealer = new Handle(dealers.entry(code, tables).tenant().code(), tables);
    if (!tables.joined()) {
      ids.renew();
    }
    return dealer;
  }

  /** The dealers of this database. */
  public Dealers dealers() {
    return new Registry();
  }

  /**
   * Seals every sealed value of every dealer anew that is not under the sealer's current key, in
   * small transactions, on the calling thread. May be called while everything works, repeated, and
   * begun again after a kill: what is done is passed over. Values that no key opens are counted and
   * left alone.
   *
   * @param progress told after each some hundred rows what has been done so far
   */
  public ResealReport reseal(Consumer<ResealReport> progress) {
    Resealer resealer = new Resealer(database, json, personalData, notNull("progress", progress));
    dealers.codes().forEach(code -> resealer.dealer(dealers.entry(code).tenant()));
    return resealer.report();
  }

  List<PersonalTable> personalTables() {
    return personalData.stream().flatMap(feature -> feature.tables().stream()).toList();
  }

  /** Laoke's own tables. */
  public Migrations migrations() {
    return new Migrations(tables);
  }

  /**
   * Takes in a fact from an account: writes it down, commits, and processes it. A repeat of the
   * same event changes nothing and gives the same reply. For hosts that get WeChat's events by a
   * way of their own; the callback of {@code laoke-wechat} does this by itself.
   *
   * @param account the account's key, for WeChat the appid
   * @return what to answer to the person, if anything
   * @throws io.laoke.error.NotFoundException if no dealer has this account
   * @throws io.laoke.error.StoreException if it could not be written down; let the platform repeat
   *     it. If it was written down but not processed, the next tick does that
   */
  public Reply receive(String account, Inbound fact) {
    return inbound().accept(account, fact).process();
  }

  /** The same in two steps, for whoever must answer the platform within its time limit. */
  public InboundReceiver inbound() {
    return messages.receiver();
  }

  /** Where the host's endpoints hand over what providers of text messages push. */
  public SmsPushes smsPushes() {
    return smsPushes;
  }

  /**
   * The pages that customers open on their phones: paper links, claims, orders. To be mounted on
   * the path that the dealers' {@code webAddress} names.
   */
  public CustomerPages web() {
    return pages;
  }

  /**
   * Does what is due, on the calling thread: applies the rows of table {@code inbox}, sends
   * messages, processes facts that a crash left, has recorded lines follow changes of the
   * catalogue, plans services and has reminders come due. Returns when nothing is due, at the
   * latest after 50 seconds. Any number of nodes may tick at once. Call it every few seconds, or
   * {@link #start()} instead.
   *
   * @param now business time; leases and back-off go by the database's clock, whatever this says
   */
  public TickReport tick(Instant now) {
    if (notNull("now", now).isBefore(Instant.EPOCH) || now.isAfter(LATEST)) {
      throw new InvalidInputException("now", "must be between 1970 and 2200, was " + now);
    }
    open();
    long deadline = System.nanoTime() + TICK_BUDGET.toNanos();
    TickReport all = new TickReport(0, 0, 0, 0, 0, 0, 0, 0);
    int applied;
    boolean followed;
    boolean reminded;
    boolean planned;
    do {
      applied = 0;
      RuntimeException failure = null;
      try {
        applied = inbox.run(INBOX_SLICE.toNanos());
      } catch (RuntimeException failed) {
        failure = failed; // messages leave all the same
      }
      Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
      all = all.and(messages.tick(now, left).withInbound(applied));
      followed = lines.run(Math.min(LINES_SLICE.toNanos(), deadline - System.nanoTime()));
      AtomicInteger due = new AtomicInteger();
      reminded =
          reminders.run(
              now,
              Math.min(REMINDERS_SLICE.toNanos(), deadline - System.nanoTime()),
              due::addAndGet);
      all = all.withReminded(due.get());
      planned = pushes.run(now, deadline - System.nanoTime());
      if (failure != null) {
        throw failure;
      }
    } while ((applied > 0 || followed || reminded || planned) && System.nanoTime() - deadline < 0);
    live.tick();
    return all;
  }

  /**
   * From now on due work is done on threads of Laoke's own: at once after a commit that made some,
   * and every second; rows that others insert into table {@code inbox} are looked for every second.
   * The first call also examines all dealers once in the background, as {@link #doctor()} does, and
   * logs what is wrong; see {@link Builder#checkupAfter}. Repeating is harmless.
   */
  public void start() {
    open();
    messages.start();
    inbox.start();
    lines.start();
    reminders.start();
    pushes.start();
    live.start();
    if (checkupAtStart) {
      checkupAfter.thenRun(this::checkup);
    }
  }

  /**
   * From now on the indexes of {@link Builder#liveCounts} are built and kept fresh on a thread of
   * Laoke's own, and nothing else is done by itself: for a node that shows counts and leaves
   * sending to another. {@link #start} does so, too. Repeating is harmless, and so is it where live
   * counts are off.
   */
  public void startLiveCounts() {
    open();
    live.start();
  }

  private void checkup() {
    if (!closed) {
      doctor.start(this::withAccounts, code -> dealer(code).doctor(), () -> closed);
    }
  }

  /**
   * Examines every dealer that has an account, one after the other; see {@link Dealer#doctor()}.
   *
   * @throws io.laoke.error.ConflictException inside a transaction
   * @throws io.laoke.error.StoreException if the database fails
   */
  public List<Diagnosis> doctor() {
    return withAccounts().stream().map(code -> dealer(code).doctor()).toList();
  }

  private List<String> withAccounts() {
    return accounts.all().stream().map(DealerAccount::dealer).distinct().toList();
  }

  private void open() {
    if (closed) {
      throw new ConflictException(
          "This Laoke is closed, so it sends nothing any more. Build a new one.");
    }
  }

  /**
   * Ends threads, waits for what is under way, gives leases back and closes the accounts that the
   * builder was given. Repeating is harmless; {@link #tick} and {@link #start} refuse from then on.
   */
  @Override
  public void close() {
    closed = true;
    try {
      inbox.close();
      lines.close();
      reminders.close();
      pushes.close();
      live.close();
      messages.close();
    } finally {
      try {
        ids.close();
      } finally {
        accounts.close();
        doctor.close();
      }
    }
  }

  private final class Registry implements Dealers {
    @Override
    public Dealer put(String code, DealerSettings settings) {
      return new Handle(dealers.put(code, notNull("settings", settings)).tenant().code(), tables);
    }

    @Override
    public DealerSettings settings(String code) {
      return dealers.entry(code).settings();
    }

    @Override
    public List<String> codes() {
      return dealers.codes();
    }

    @Override
    public ExpiredRecords expire(String code) {
      return retention.all(dealers.entry(code).tenant());
    }
  }

  private final class Handle implements Dealer {
    private final String code;
    private final Database plain;
    private final Database view;

    Handle(String code, Database plain) {
      this.code = code;
      this.plain = plain;
      this.view =
          plain.before(
              () -> {
                ids.renew();
                dealers.entry(code, plain);
              });
    }

    private Tenant tenant() {
      return dealers.entry(code, plain).tenant();
    }

    @Override
    public String code() {
      return code;
    }

    @Override
    public Dealer in(Connection connection) {
      return new Handle(code, plain.in(notNull("connection", connection)));
    }

    @Override
    public Catalog catalog() {
      return catalog.catalog(view, tenant());
    }

    @Override
    public Members members() {
      return members.members(view, tenant());
    }

    @Override
    public Attributes attributes() {
      return members.attributes(view, tenant());
    }

    @Override
    public Events events() {
      return members.events(view, tenant());
    }

    @Override
    public Orders orders() {
      return orders.orders(view, tenant());
    }

    @Override
    public Returns returns() {
      return orders.returns(view, tenant());
    }

    @Override
    public Imports imports() {
      return imports.imports(view, tenant());
    }

    @Override
    public Bindings bindings() {
      return bindings.bindings(view, tenant());
    }

    @Override
    public Notices notices() {
      return notices.notices(view, tenant());
    }

    @Override
    public Contents contents() {
      return pushes.contents(view, tenant());
    }

    @Override
    public Segments segments() {
      return segments.segments(view, tenant());
    }

    @Override
    public Reminders reminders() {
      return reminders.reminders(view, tenant());
    }

    @Override
    public Plans plans() {
      return pushes.plans(view, tenant());
    }

    @Override
    public PushQuota quota() {
      return pushes.quota(view, tenant());
    }

    @Override
    public Services services() {
      return reminders.services(view, tenant());
    }

    @Override
    public Inbox inbox() {
      return inbox.inbox(view, tenant());
    }

    @Override
    public Sms sms() {
      return sms.sms(view, tenant());
    }

    @Override
    public Deliveries deliveries() {
      return messages.deliveries(view, tenant());
    }

    @Override
    public Diagnosis doctor() {
      if (view.joined()) {
        throw new ConflictException(
            "doctor() asks the platforms over the network, which must not happen inside a"
                + " transaction. Call it outside.");
      }
      return doctor.examine(code, accounts.of(code), notices(), segments().live().status());
    }

    @Override
    public String toString() {
      return "Dealer[" + code() + "]";
    }
  }

  /** Settings of an engine. Used by one thread; {@link #build()} checks them all at once. */
  public static final class Builder {
    private @Nullable DataSource dataSource;
    private HostTransaction hostTransaction = HostTransaction.none();
    private Sealer sealer = Sealer.plain();
    private String tablePrefix = "laoke_";
    private @Nullable String schema;
    private Clock clock = Clock.systemUTC();
    private AccountSource accountSource = List::of;
    private ReplyTexts replies = ReplyTexts.chinese();
    private InboxSettings inbox = InboxSettings.standard();
    private LiveSettings live = LiveSettings.off();
    private boolean checkupAtStart = true;
    private CompletionStage<?> checkupAfter = CompletableFuture.completedStage("at once");
    private EngineSettings engine = EngineSettings.standard();
    private final List<AlarmListener> alarms = new ArrayList<>();
    private final List<BookingListener> bookings = new ArrayList<>();
    private final List<DigestListener> digests = new ArrayList<>();
    private final Map<String, DealerSettings> declared = new LinkedHashMap<>();
    private final Set<String> named = new LinkedHashSet<>();
    private final List<Given> accounts = new ArrayList<>();

    private Builder() {}

    private record Given(@Nullable String dealer, @Nullable Account account) {
      DealerAccount checked() {
        DealerAccount checked =
            new DealerAccount(notNull("dealer", dealer), notNull("account", account));
        Check.text("account", checked.account().key(), 64);
        return checked;
      }
    }

    private List<DealerAccount> given() {
      return accounts.stream().map(Given::checked).toList();
    }

    private Set<String> named() {
      Set<String> all = new LinkedHashSet<>(named);
      given().forEach(account -> all.add(account.dealer()));
      return all;
    }

    /** The host's database: the only setting without a default. */
    public Builder dataSource(DataSource dataSource) {
      this.dataSource = dataSource;
      return this;
    }

    /** How to find the host's own transactions; default: there are none to find. */
    public Builder hostTransaction(HostTransaction hostTransaction) {
      this.hostTransaction = hostTransaction;
      return this;
    }

    /** Encrypts personal values in the tables; default: they are kept as they are. */
    public Builder sealer(Sealer sealer) {
      this.sealer = sealer;
      return this;
    }

    /** What the names of all tables begin with; default {@code laoke_}. */
    public Builder tablePrefix(String tablePrefix) {
      this.tablePrefix = tablePrefix;
      return this;
    }

    /** The schema of all tables; default: the connection's own. */
    public Builder schema(String schema) {
      this.schema = schema;
      return this;
    }

    /** Business time; default the system's. A test passes a fixed one. */
    public Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /** A dealer with settings; they win over stored ones when this engine first uses it. */
    public Builder dealer(String code, DealerSettings settings) {
      declared.put(code, settings);
      return this;
    }

    /** A dealer with the settings that are stored, or defaults when it is new. */
    public Builder dealer(String code) {
      named.add(code);
      return this;
    }

    /**
     * An account of a dealer, which is made if it is new. The first account of a dealer is its
     * default. {@link Laoke#close()} closes it.
     */
    public Builder account(String dealer, Account account) {
      accounts.add(new Given(dealer, account));
      return this;
    }

    /** Further accounts that may change at run time; they are not closed by the engine. */
    public Builder accounts(AccountSource source) {
      this.accountSource = source;
      return this;
    }

    /** The words of the immediate replies to followers; default short and friendly Chinese. */
    public Builder replies(ReplyTexts replies) {
      this.replies = replies;
      return this;
    }

    /** Whether and how rows of table {@code inbox} are applied, and how long they are kept. */
    public Builder inbox(InboxSettings settings) {
      this.inbox = settings;
      return this;
    }

    /**
     * Whether this engine keeps members in memory for {@code segments().live()}; default no. All
     * engines of the database must be of a version that has this setting: older ones do not tell
     * what they change.
     */
    public Builder liveCounts(LiveSettings settings) {
      this.live = settings;
      return this;
    }

    /**
     * Whether {@link Laoke#start()} examines all dealers once in the background and logs what is
     * wrong; default yes. It costs some ten calls to the platform for each account.
     */
    public Builder checkupAtStart(boolean checkupAtStart) {
      this.checkupAtStart = checkupAtStart;
      return this;
    }

    /**
     * What the checkup of the first {@link Laoke#start()} waits for, such as that the application
     * has set its templates; by default for nothing. If that fails, or never completes, nothing is
     * examined.
     */
    public Builder checkupAfter(CompletionStage<?> ready) {
      this.checkupAfter = notNull("ready", ready);
      return this;
    }

    /** Other times of the engine, for tests that cannot wait for those of production. */
    Builder engine(EngineSettings engine) {
      this.engine = engine;
      return this;
    }

    /** Told when a person should look at something; alarms are logged in any case. */
    public Builder alarms(AlarmListener listener) {
      alarms.add(listener);
      return this;
    }

    /** Told when staff have booked a slot with a customer, at least once for each. */
    public Builder bookings(BookingListener listener) {
      bookings.add(listener);
      return this;
    }

    /** Told each day what each member of staff has to do, once for each person and day. */
    public Builder digests(DigestListener listener) {
      digests.add(listener);
      return this;
    }

    /**
     * Checks everything at once. Opens nothing and starts nothing.
     *
     * @throws InvalidInputException naming every setting that is wrong
     */
    public Laoke build() {
      List<String> wrong = new ArrayList<>();
      wrong(wrong, () -> notNull("clock", clock));
      wrong(wrong, () -> notNull("hostTransaction", hostTransaction));
      wrong(wrong, () -> notNull("sealer", sealer));
      wrong(wrong, () -> notNull("replies", replies));
      wrong(wrong, () -> notNull("inbox", inbox));
      wrong(wrong, () -> notNull("liveCounts", live));
      alarms.forEach(listener -> wrong(wrong, () -> notNull("alarms", listener)));
      bookings.forEach(listener -> wrong(wrong, () -> notNull("bookings", listener)));
      digests.forEach(listener -> wrong(wrong, () -> notNull("digests", listener)));
      wrong(wrong, () -> new Names(notNull("tablePrefix", tablePrefix), Optional.empty()));
      wrong(wrong, () -> new Names("", Optional.ofNullable(schema)));
      int before = wrong.size();
      accounts.forEach(account -> wrong(wrong, account::checked));
      wrong(wrong, () -> notNull("accounts", accountSource));
      if (wrong.size() == before) {
        wrong(wrong, () -> new Accounts(given(), accountSource));
      }
      declared.forEach(
          (code, settings) -> {
            wrong(wrong, () -> Check.text("dealer", code, 64));
            wrong(wrong, () -> notNull("settings of dealer " + code, settings));
          });
      named.forEach(code -> wrong(wrong, () -> Check.text("dealer", code, 64)));
      DataSource given = dataSource;
      if (given == null) {
        wrong.add("dataSource: must be set, since Laoke keeps its tables in the host's database");
        throw refused(wrong);
      }
      if (!wrong.isEmpty()) {
        throw refused(wrong);
      }
      return new Laoke(this, given);
    }

    private static void wrong(List<String> wrong, Runnable check) {
      try {
        check.run();
      } catch (LaokeException found) {
        wrong.add(String.valueOf(found.getMessage()));
      }
    }

    private static InvalidInputException refused(List<String> wrong) {
      return new InvalidInputException("Laoke.builder()", String.join("; ", wrong));
    }
  }
}

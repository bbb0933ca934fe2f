package io.laoke.catalog;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Phone;
import io.laoke.base.Upserted;
import io.laoke.error.ConflictException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

final class StoredCatalog implements Catalog {
  private static final String DECLARED = "DECLARED";
  private static final String OF_STORE = "STORE";
  private static final String OF_STAFF = "STAFF";

  private final Database database;
  private final Tenant tenant;

  StoredCatalog(Database database, Tenant tenant) {
    this.database = database;
    this.tenant = tenant;
  }

  // Categories

  @Override
  public Upserted put(Category category) {
    notNull("category", category);
    return database.write("put category " + category.path(), tx -> put(tx, category));
  }

  private Upserted put(Tx tx, Category category) {
    List<String> fromRoot = new ArrayList<>(Keys.upwards(category.path()));
    Collections.reverse(fromRoot);
    boolean created = false;
    for (String path : fromRoot) {
      boolean own = path.equals(category.path());
      String name = own ? category.name() : path.substring(path.lastIndexOf('/') + 1);
      created = add(tx, path, name, own ? category.serviceable() : Optional.empty());
    }
    boolean changed = !created && update(tx, category);
    for (String code : category.codes()) {
      changed |= addCode(tx, code, category.path());
    }
    return outcome(created, changed);
  }

  private boolean add(Tx tx, String path, String name, Optional<Boolean> serviceable) {
    addCode(tx, path, path);
    if (exists(tx, path)) {
      return false;
    }
    return tx.insertIfAbsent(
        """
        INSERT INTO {category} (dealer_id, path, name, serviceable)
        VALUES (:dealer, :path, :name, :serviceable)""",
        row ->
            row.bind("dealer", tenant.id())
                .bind("path", path)
                .bind("name", name)
                .bind("serviceable", serviceable.orElse(null)));
  }

  private boolean exists(Tx tx, String path) {
    return tx.query("SELECT 1 FROM {category} WHERE dealer_id = :dealer AND path = :path")
        .bind("dealer", tenant.id())
        .bind("path", path)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  private boolean addCode(Tx tx, String code, String path) {
    Optional<String> known = pathOf(tx, code, "");
    if (known.isEmpty()
        && tx.insertIfAbsent(
            "INSERT INTO {category_code} (dealer_id, code, path) VALUES (:dealer, :code, :path)",
            row -> row.bind("dealer", tenant.id()).bind("code", code).bind("path", path))) {
      return true;
    }
    String named =
        known.orElseGet(
            () -> pathOf(tx, code, " FOR UPDATE").orElseThrow(() -> Races.lost("category")));
    if (!named.equals(path)) {
      throw new ConflictException(
          "The code '%s' cannot name the category '%s': it names '%s' already. Use another code, or put these goods under '%s'."
              .formatted(code, path, named, named));
    }
    return false;
  }

  private Optional<String> pathOf(Tx tx, String code, String lock) {
    return tx.query(
            "SELECT path FROM {category_code} WHERE dealer_id = :dealer AND code = :code" + lock)
        .bind("dealer", tenant.id())
        .bind("code", code)
        .mapTo(String.class)
        .findFirst();
  }

  private boolean update(Tx tx, Category category) {
    Category recorded =
        categories(tx, " AND path = :path FOR UPDATE", category.path()).stream()
            .findFirst()
            .orElseThrow(() -> Races.lost("category"));
    Optional<Boolean> serviceable = category.serviceable().or(recorded::serviceable);
    if (recorded.name().equals(category.name()) && recorded.serviceable().equals(serviceable)) {
      return false;
    }
    tx.update(
            """
            UPDATE {category} SET name = :name, serviceable = :serviceable
            WHERE dealer_id = :dealer AND path = :path""")
        .bind("name", category.name())
        .bind("serviceable", serviceable.orElse(null))
        .bind("dealer", tenant.id())
        .bind("path", category.path())
        .execute();
    return true;
  }

  @Override
  public boolean markServiceable(String path, boolean serviceable) {
    String key = Keys.path("path", path);
    return database.write(
        "mark category " + key,
        tx -> {
          Category recorded =
              categories(tx, " AND path = :path FOR UPDATE", key).stream()
                  .findFirst()
                  .orElseThrow(
                      () ->
                          new NotFoundException(
                              "There is no category '%s' to mark; put it first.".formatted(key)));
          return update(tx, recorded.withServiceable(serviceable));
        });
  }

  @Override
  public Optional<Category> category(String path) {
    String key = Keys.path("path", path);
    return database
        .read(
            "read category " + key,
            tx ->
                withCodes(
                    categories(tx, " AND path = :path", key), codes(tx, " AND path = :path", key)))
        .stream()
        .findFirst();
  }

  @Override
  public List<Category> categories() {
    return database.read(
        "read the categories",
        tx -> withCodes(categories(tx, " ORDER BY path", ""), codes(tx, "", "")));
  }

  private List<Category> categories(Tx tx, String which, String path) {
    var query =
        tx.query("SELECT path, name, serviceable FROM {category} WHERE dealer_id = :dealer" + which)
            .bind("dealer", tenant.id());
    if (!path.isEmpty()) {
      query.bind("path", path);
    }
    return query
        .map(
            (row, context) -> {
              boolean mark = row.getBoolean("serviceable");
              Optional<Boolean> serviceable = row.wasNull() ? Optional.empty() : Optional.of(mark);
              return new Category(
                  row.getString("path"), row.getString("name"), Set.of(), serviceable);
            })
        .list();
  }

  private Map<String, Set<String>> codes(Tx tx, String which, String path) {
    var query =
        tx.query("SELECT code, path FROM {category_code} WHERE dealer_id = :dealer" + which)
            .bind("dealer", tenant.id());
    if (!path.isEmpty()) {
      query.bind("path", path);
    }
    Map<String, Set<String>> codes = new HashMap<>();
    query
        .map((row, context) -> Map.entry(row.getString("path"), row.getString("code")))
        .forEach(
            pair ->
                codes.computeIfAbsent(pair.getKey(), any -> new TreeSet<>()).add(pair.getValue()));
    return codes;
  }

  private static List<Category> withCodes(
      List<Category> categories, Map<String, Set<String>> codes) {
    return categories.stream()
        .map(
            found ->
                new Category(
                    found.path(),
                    found.name(),
                    codes.getOrDefault(found.path(), Set.of()),
                    found.serviceable()))
        .toList();
  }

  // Stores

  @Override
  public Upserted put(Store store) {
    notNull("store", store);
    return database.write("put store " + store.code(), tx -> put(tx, store));
  }

  private Upserted put(Tx tx, Store store) {
    Optional<Store> recorded = lockStore(tx, store.code());
    boolean created = recorded.isEmpty() && write(tx, INSERT_STORE, store);
    boolean changed = false;
    if (!created) {
      Store before =
          recorded.or(() -> lockStore(tx, store.code())).orElseThrow(() -> Races.lost("store"));
      if (!sameRow(before, store)) {
        changed = write(tx, UPDATE_STORE, store);
      }
    }
    changed |= ownPhones(tx, OF_STORE, store.code(), store.phones());
    return outcome(created, changed);
  }

  private static final String INSERT_STORE =
      """
      INSERT INTO {store} (dealer_id, code, name, region, account)
      VALUES (:dealer, :code, :name, :region, :account)""";
  private static final String UPDATE_STORE =
      """
      UPDATE {store} SET name = :name, region = :region, account = :account
      WHERE dealer_id = :dealer AND code = :code""";

  private boolean write(Tx tx, String sql, Store store) {
    return execute(
        tx,
        sql,
        row ->
            row.bind("dealer", tenant.id())
                .bind("code", store.code())
                .bind("name", store.name())
                .bind("region", store.region().orElse(null))
                .bind("account", store.account().orElse(null)));
  }

  private static boolean execute(
      Tx tx, String sql, java.util.function.Consumer<org.jdbi.v3.core.statement.Update> values) {
    if (sql.startsWith("INSERT")) {
      return tx.insertIfAbsent(sql, values);
    }
    var update = tx.update(sql);
    values.accept(update);
    update.execute();
    return true;
  }

  private static boolean sameRow(Store one, Store other) {
    return one.name().equals(other.name())
        && one.region().equals(other.region())
        && one.account().equals(other.account());
  }

  private Optional<Store> lockStore(Tx tx, String code) {
    return stores(tx, " AND code = :code FOR UPDATE", code, Map.of()).stream().findFirst();
  }

  @Override
  public Optional<Store> store(String code) {
    String key = Keys.line("code", code, 64);
    return database
        .read(
            "read store " + key,
            tx ->
                stores(
                    tx,
                    " AND code = :code",
                    key,
                    Map.of(key, Set.copyOf(phones(tx, OF_STORE, key).values()))))
        .stream()
        .findFirst();
  }

  @Override
  public List<Store> stores() {
    return database.read(
        "read the stores", tx -> stores(tx, " ORDER BY code", "", phonesOfStores(tx)));
  }

  private List<Store> stores(Tx tx, String which, String code, Map<String, Set<Phone>> phones) {
    var query =
        tx.query(
                "SELECT code, name, region, account FROM {store} WHERE dealer_id = :dealer" + which)
            .bind("dealer", tenant.id());
    if (!code.isEmpty()) {
      query.bind("code", code);
    }
    return query
        .map(
            (row, context) ->
                new Store(
                    row.getString("code"),
                    row.getString("name"),
                    Optional.ofNullable(row.getString("region")),
                    Optional.ofNullable(row.getString("account")),
                    phones.getOrDefault(row.getString("code"), Set.of())))
        .list();
  }

  private Map<String, Set<Phone>> phonesOfStores(Tx tx) {
    Map<String, Set<Phone>> phones = new HashMap<>();
    tx.query("SELECT code, phone FROM {own_phone} WHERE dealer_id = :dealer AND origin = :origin")
        .bind("dealer", tenant.id())
        .bind("origin", OF_STORE)
        .map((row, context) -> Map.entry(row.getString("code"), row.getString("phone")))
        .forEach(
            pair ->
                phones
                    .computeIfAbsent(pair.getKey(), any -> new HashSet<>())
                    .add(opened(pair.getValue())));
    return phones;
  }

  // Staff

  @Override
  public Upserted put(Staff staff) {
    notNull("staff", staff);
    return database.write("put staff " + staff.code(), tx -> put(tx, staff));
  }

  private Upserted put(Tx tx, Staff staff) {
    Optional<Staff> recorded = lockStaff(tx, staff.code());
    boolean created = recorded.isEmpty() && write(tx, INSERT_STAFF, staff);
    boolean changed = false;
    if (!created) {
      Staff before =
          recorded
              .or(() -> lockStaff(tx, staff.code()))
              .orElseThrow(() -> Races.lost("member of staff"));
      if (!before.equals(staff)) {
        changed = write(tx, UPDATE_STAFF, staff);
      }
    }
    Set<Phone> own = staff.active() ? staff.phone().map(Set::of).orElse(Set.of()) : Set.<Phone>of();
    ownPhones(tx, OF_STAFF, staff.code(), own);
    return outcome(created, changed);
  }

  private static final String INSERT_STAFF =
      """
      INSERT INTO {staff} (dealer_id, code, name, role, phone, store, active)
      VALUES (:dealer, :code, :name, :role, :phone, :store, :active)""";
  private static final String UPDATE_STAFF =
      """
      UPDATE {staff} SET name = :name, role = :role, phone = :phone, store = :store, active = :active
      WHERE dealer_id = :dealer AND code = :code""";

  private boolean write(Tx tx, String sql, Staff staff) {
    return execute(
        tx,
        sql,
        row ->
            row.bind("dealer", tenant.id())
                .bind("code", staff.code())
                .bind("name", sealed(staff.name()))
                .bind("role", staff.role().orElse(null))
                .bind("phone", staff.phone().map(phone -> sealed(phone.value())).orElse(null))
                .bind("store", staff.store().orElse(null))
                .bind("active", staff.active()));
  }

  private Optional<Staff> lockStaff(Tx tx, String code) {
    return staff(tx, " AND code = :code FOR UPDATE", code).stream().findFirst();
  }

  @Override
  public Optional<Staff> staff(String code) {
    String key = Keys.line("code", code, 64);
    return database.read("read staff " + key, tx -> staff(tx, " AND code = :code", key)).stream()
        .findFirst();
  }

  @Override
  public List<Staff> staff() {
    return database.read("read the staff", tx -> staff(tx, " ORDER BY code", ""));
  }

  private List<Staff> staff(Tx tx, String which, String code) {
    var query =
        tx.query(
                """
                SELECT code, name, role, phone, store, active FROM {staff}
                WHERE dealer_id = :dealer"""
                    + which)
            .bind("dealer", tenant.id());
    if (!code.isEmpty()) {
      query.bind("code", code);
    }
    return query
        .map(
            (row, context) ->
                new Staff(
                    row.getString("code"),
                    Objects.requireNonNull(tenant.privacy().open(row.getString("name"))),
                    Optional.ofNullable(row.getString("role")),
                    phone(row.getString("phone")),
                    Optional.ofNullable(row.getString("store")),
                    row.getBoolean("active")))
        .list();
  }

  @Override
  public boolean linkStaff(String code, String account, String openid) {
    String staff = Keys.line("code", code, 64);
    String key = Keys.line("account", account, 64);
    String value = Keys.line("openid", openid, 128);
    String hash = Keys.openidHash(tenant, key, value);
    return database.write("link staff " + staff, tx -> link(tx, staff, key, value, hash));
  }

  private boolean link(Tx tx, String staff, String account, String openid, String hash) {
    if (lockStaff(tx, staff).isEmpty()) {
      throw new NotFoundException(
          "There is no member of staff '%s' to link; put them first.".formatted(staff));
    }
    boolean inserted =
        tx.insertIfAbsent(
            """
            INSERT INTO {staff_openid} (dealer_id, account, openid_hash, openid, staff)
            VALUES (:dealer, :account, :hash, :openid, :staff)""",
            row ->
                row.bind("dealer", tenant.id())
                    .bind("account", account)
                    .bind("hash", hash)
                    .bind("openid", sealed(openid))
                    .bind("staff", staff));
    return inserted
        || tx.update(
                    """
                    UPDATE {staff_openid} SET staff = :staff
                    WHERE dealer_id = :dealer AND account = :account AND openid_hash = :hash
                      AND staff <> :staff""")
                .bind("staff", staff)
                .bind("dealer", tenant.id())
                .bind("account", account)
                .bind("hash", hash)
                .execute()
            == 1;
  }

  @Override
  public boolean unlinkStaff(String code, String account, String openid) {
    String staff = Keys.line("code", code, 64);
    String key = Keys.line("account", account, 64);
    String hash = Keys.openidHash(tenant, key, openid);
    return database.write(
        "unlink staff " + staff,
        tx ->
            tx.update(
                        """
                        DELETE FROM {staff_openid}
                        WHERE dealer_id = :dealer AND account = :account AND openid_hash = :hash
                          AND staff = :staff""")
                    .bind("dealer", tenant.id())
                    .bind("account", key)
                    .bind("hash", hash)
                    .bind("staff", staff)
                    .execute()
                == 1);
  }

  // Own phones

  @Override
  public boolean ownPhone(String phone) {
    Phone own = Phone.parse("phone", phone);
    return database.write("declare a phone", tx -> addOwnPhone(tx, DECLARED, "", own));
  }

  @Override
  public boolean releaseOwnPhone(String phone) {
    Phone own = Phone.parse("phone", phone);
    return database.write(
        "release a phone", tx -> removeOwnPhone(tx, DECLARED, "", Keys.hash(tenant, own)));
  }

  @Override
  public List<Phone> ownPhones() {
    return database.read(
        "read the declared phones", tx -> List.copyOf(phones(tx, DECLARED, "").values()));
  }

  /** Makes the own phones of one origin exactly these. */
  private boolean ownPhones(Tx tx, String origin, String code, Set<Phone> phones) {
    Map<String, Phone> wanted = new HashMap<>();
    phones.forEach(phone -> wanted.put(Keys.hash(tenant, phone), phone));
    Set<String> recorded = phones(tx, origin, code).keySet();
    boolean changed = false;
    for (String hash : recorded) {
      if (!wanted.containsKey(hash)) {
        changed |= removeOwnPhone(tx, origin, code, hash);
      }
    }
    for (Map.Entry<String, Phone> phone : wanted.entrySet()) {
      if (!recorded.contains(phone.getKey())) {
        changed |= addOwnPhone(tx, origin, code, phone.getValue());
      }
    }
    return changed;
  }

  private boolean addOwnPhone(Tx tx, String origin, String code, Phone phone) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {own_phone} (dealer_id, phone_hash, origin, code, phone)
        VALUES (:dealer, :hash, :origin, :code, :phone)""",
        row ->
            row.bind("dealer", tenant.id())
                .bind("hash", Keys.hash(tenant, phone))
                .bind("origin", origin)
                .bind("code", code)
                .bind("phone", sealed(phone.value())));
  }

  private boolean removeOwnPhone(Tx tx, String origin, String code, String hash) {
    return tx.update(
                """
                DELETE FROM {own_phone}
                WHERE dealer_id = :dealer AND phone_hash = :hash AND origin = :origin AND code = :code""")
            .bind("dealer", tenant.id())
            .bind("hash", hash)
            .bind("origin", origin)
            .bind("code", code)
            .execute()
        == 1;
  }

  private Map<String, Phone> phones(Tx tx, String origin, String code) {
    Map<String, Phone> phones = new HashMap<>();
    tx.query(
            """
            SELECT phone_hash, phone FROM {own_phone}
            WHERE dealer_id = :dealer AND origin = :origin AND code = :code""")
        .bind("dealer", tenant.id())
        .bind("origin", origin)
        .bind("code", code)
        .map((row, context) -> Map.entry(row.getString("phone_hash"), row.getString("phone")))
        .forEach(pair -> phones.put(pair.getKey(), opened(pair.getValue())));
    return phones;
  }

  private String sealed(String value) {
    return Objects.requireNonNull(tenant.privacy().seal(value));
  }

  private Phone opened(String sealed) {
    return new Phone(Objects.requireNonNull(tenant.privacy().open(sealed)));
  }

  private Optional<Phone> phone(@Nullable String sealed) {
    return sealed == null ? Optional.empty() : Optional.of(opened(sealed));
  }

  private static Upserted outcome(boolean created, boolean changed) {
    if (created) {
      return Upserted.CREATED;
    }
    return changed ? Upserted.CHANGED : Upserted.UNCHANGED;
  }
}

package io.laoke.catalog;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.base.Phone;
import io.laoke.base.Upserted;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

final class StoredCatalog implements Catalog {
  private static final String DECLARED = "DECLARED";
  private static final String OF_STORE = "STORE";
  private static final String OF_STAFF = "STAFF";

  private static final int MOST_PRODUCTS = 10_000;

  private final Database database;
  private final Tenant tenant;
  private final CatalogBook book;
  private final ChangeTable changes;
  private final PlacedGoods goods;
  private final Runnable wake;
  private final CategoryMover mover;
  private final ProductTable products;

  StoredCatalog(
      Database database,
      Tenant tenant,
      CatalogBook book,
      ChangeTable changes,
      PlacedGoods goods,
      Runnable wake) {
    this.database = database;
    this.tenant = tenant;
    this.book = book;
    this.changes = changes;
    this.goods = goods;
    this.wake = wake;
    this.mover = new CategoryMover(tenant);
    this.products = new ProductTable(tenant);
  }

  // Categories

  @Override
  public Upserted put(Category category) {
    notNull("category", category).codes().forEach(Keys::checkCode);
    return database.write("put category " + category.path(), tx -> put(tx, category));
  }

  private Upserted put(Tx tx, Category given) {
    String path = mover.resolved(tx, given.path());
    Category category = new Category(path, given.name(), given.codes(), given.serviceable());
    Set<String> fresh = new TreeSet<>();
    boolean created = false;
    List<String> fromRoot = fromRoot(path);
    for (String one : fromRoot) {
      boolean own = one.equals(path);
      created =
          add(
              tx,
              one,
              own ? category.name() : lastLevel(one),
              own ? category.serviceable() : Optional.empty(),
              fresh);
    }
    boolean changed = !created && update(tx, category);
    for (String code : category.codes()) {
      changed |= addCode(tx, code, path, false, fresh);
    }
    if (!path.equals(given.path())) {
      addCode(tx, given.path(), path, true, fresh);
    }
    follow(tx, path, leading(path, fresh));
    return outcome(created, changed);
  }

  private static List<String> fromRoot(String path) {
    List<String> fromRoot = new ArrayList<>(Keys.upwards(path));
    Collections.reverse(fromRoot);
    return fromRoot;
  }

  private static String lastLevel(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private boolean add(
      Tx tx, String path, String name, Optional<Boolean> serviceable, Set<String> fresh) {
    addCode(tx, path, path, false, fresh);
    if (exists(tx, path)) {
      return false;
    }
    tx.listsChanged(tenant.id());
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

  private boolean addCode(Tx tx, String code, String path, boolean moved, Set<String> fresh) {
    Optional<String> known = pathOf(tx, code, "");
    if (known.isEmpty()) {
      if (!code.equals(path)) {
        stays(tx, path);
      } else if (path.indexOf('/') >= 0) {
        stays(tx, path.substring(0, path.lastIndexOf('/')));
      }
      if (tx.insertIfAbsent(
          """
          INSERT INTO {category_code} (dealer_id, code, path, moved)
          VALUES (:dealer, :code, :path, :moved)""",
          row ->
              row.bind("dealer", tenant.id())
                  .bind("code", code)
                  .bind("path", path)
                  .bind("moved", moved ? 1 : 0))) {
        fresh.add(code);
        return true;
      }
    }
    String named =
        known.orElseGet(
            () -> pathOf(tx, code, " FOR UPDATE").orElseThrow(() -> Races.lost("category")));
    if (!named.equals(path)) {
      // Written beside us, or what we were put at has moved since it was looked up: the next try
      // sees which, and refuses what is a conflict.
      throw known.isEmpty() || !mover.resolved(tx, path).equals(path)
          ? Races.lost("category")
          : conflict(code, path, named);
    }
    return false;
  }

  private static ConflictException conflict(String code, String path, String named) {
    return new ConflictException(
        "The code '%s' cannot name the category '%s': it names '%s' already. Use another code, or put these goods under '%s'."
            .formatted(code, path, named, named));
  }

  /** A category is not moved away while something comes to lead to it, or to stand below it. */
  private void stays(Tx tx, String path) {
    if (!pathOf(tx, path, " FOR UPDATE").equals(Optional.of(path))) {
      throw Races.lost("category");
    }
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
    tx.listsChanged(tenant.id());
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
  public String currentPath(String path) {
    String key = Keys.path("path", path);
    return database.read("read where category " + key + " is", tx -> mover.resolved(tx, key));
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
    return categories(query);
  }

  static List<Category> categories(Query query) {
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

  // Changes that recorded lines follow

  @Override
  public ChangeProgress move(String fromPath, String toPath) {
    CatalogChange.Move move = new CatalogChange.Move(fromPath, toPath);
    return database.write(
        "move category " + move.from(),
        tx -> {
          Optional<ChangeProgress> before = made(tx, move);
          if (before.isPresent()) {
            return before.get();
          }
          CategoryMover.Checked checked = mover.check(tx, move, true);
          Map<String, String> fresh = fresh(tx, checked);
          List<Look> looks = looks(tx, move, fresh);
          for (String path : above(move.to())) {
            add(tx, path, lastLevel(path), Optional.empty(), new TreeSet<>());
          }
          mover.make(tx, checked);
          long id =
              changes.insert(
                  tx, tenant, ChangeProgress.Kind.MOVE, move.from(), move.to(), 1, looks);
          changes.sweep(tx, tenant);
          tx.afterCommit(wake);
          return changes.progress(tx, tenant, id).orElseThrow();
        });
  }

  /** The same move, if it was made and nothing has moved since. */
  private Optional<ChangeProgress> made(Tx tx, CatalogChange.Move move) {
    return !exists(tx, move.from()) && mover.resolved(tx, move.from()).equals(move.to())
        ? changes.last(tx, tenant, move.from(), move.to())
        : Optional.empty();
  }

  private static List<String> above(String path) {
    List<String> above = fromRoot(path);
    above.remove(path);
    return above;
  }

  /** The codes that a move makes, with where they lead: each path is one of itself. */
  private Map<String, String> fresh(Tx tx, CategoryMover.Checked checked) {
    Map<String, String> fresh = unnamed(tx, checked.move().to());
    checked.unlisted().forEach(path -> fresh.put(path, path));
    return fresh;
  }

  /** The paths above one that name nothing yet. */
  private Map<String, String> unnamed(Tx tx, String path) {
    Map<String, String> unnamed = new HashMap<>();
    for (String one : above(path)) {
      Optional<String> named = pathOf(tx, one, "");
      if (named.isEmpty()) {
        unnamed.put(one, one);
      } else if (!named.get().equals(one)) {
        throw conflict(one, one, named.get());
      }
    }
    return unnamed;
  }

  private List<Look> looks(Tx tx, CatalogChange.Move move, Map<String, String> fresh) {
    List<Look> looks = new ArrayList<>(List.of(new Look(move.from(), true, null)));
    ofCodes(tx, fresh).stream()
        .filter(look -> !look.place().equals(move.from()) && !Keys.below(look.place(), move.from()))
        .forEach(looks::add);
    return looks;
  }

  private static Map<String, String> leading(String path, Set<String> codes) {
    Map<String, String> leading = new HashMap<>();
    List<String> above = above(path);
    codes.forEach(code -> leading.put(code, above.contains(code) ? code : path));
    return leading;
  }

  /** Lines that stand elsewhere follow codes that have come to name a category. */
  private void follow(Tx tx, String path, Map<String, String> codes) {
    if (codes.isEmpty()) {
      return;
    }
    changes.sweep(tx, tenant);
    List<Look> looks = ofCodes(tx, codes);
    if (!looks.isEmpty()) {
      long items = looks.stream().map(Look::code).distinct().count();
      changes.insert(
          tx, tenant, ChangeProgress.Kind.CODES, null, path, Math.toIntExact(items), looks);
      tx.afterCommit(wake);
    }
  }

  /** Where lines stand that are to follow these codes to where they lead. */
  private List<Look> ofCodes(Tx tx, Map<String, String> codes) {
    if (codes.isEmpty()) {
      return List.of();
    }
    Set<String> places = products.paths(tx);
    places.add(CatalogBook.UNMAPPED);
    return goods.standing(tx, tenant, places, codes.keySet()).stream()
        .filter(look -> look.code() == null || !look.place().equals(codes.get(look.code())))
        .toList();
  }

  @Override
  public int mapProducts(Collection<Product> given) {
    List<Product> wanted =
        new CatalogChange.MapProducts(List.copyOf(notNull("products", given))).products();
    if (wanted.size() > MOST_PRODUCTS) {
      throw new InvalidInputException(
          "products",
          "must be at most %,d in a call, are %,d; split them"
              .formatted(MOST_PRODUCTS, wanted.size()));
    }
    return database.write("map products", tx -> mapProducts(tx, wanted));
  }

  private int mapProducts(Tx tx, List<Product> wanted) {
    List<Product> there = known(tx, wanted);
    Map<Product.Key, String> before = book.productsOf(tx, tenant, models(there));
    List<Product> changed =
        there.stream()
            .filter(product -> !product.path().equals(before.get(product.key())))
            .toList();
    if (changed.isEmpty()) {
      return 0;
    }
    Set<String> leadsTo = new TreeSet<>();
    changed.forEach(product -> leadsTo.add(product.path()));
    leadsTo.forEach(path -> stays(tx, path));
    products.write(tx, changed, before);
    changes.insert(
        tx,
        tenant,
        ChangeProgress.Kind.PRODUCTS,
        null,
        leadsTo.size() == 1 ? leadsTo.iterator().next() : null,
        changed.size(),
        ofProducts(changed, before));
    tx.afterCommit(wake);
    return changed.size();
  }

  private static Set<String> models(List<Product> products) {
    Set<String> models = new TreeSet<>();
    products.forEach(product -> models.add(product.model()));
    return models;
  }

  /** Where goods of these models stand, as far as products or nothing lead them there. */
  private static List<Look> ofProducts(List<Product> changed, Map<Product.Key, String> before) {
    Set<String> models = models(changed);
    Set<String> places = new TreeSet<>();
    places.add(CatalogBook.UNMAPPED);
    before.forEach(
        (key, path) -> {
          if (models.contains(key.model())) {
            places.add(path);
          }
        });
    return places.stream().map(place -> new Look(place, false, null)).toList();
  }

  /** The same with the paths that their categories have now. */
  private List<Product> known(Tx tx, List<Product> wanted) {
    Map<String, String> paths = new HashMap<>();
    wanted.forEach(product -> paths.put(product.path(), product.path()));
    Set<String> unknown = new TreeSet<>(paths.keySet());
    for (List<String> some : Chunks.of(paths.keySet())) {
      unknown.removeAll(
          tx.query("SELECT path FROM {category} WHERE dealer_id = :dealer AND path IN (<paths>)")
              .bind("dealer", tenant.id())
              .bindList("paths", some)
              .mapTo(String.class)
              .list());
    }
    for (String path : unknown) {
      String now = mover.resolved(tx, path);
      if (now.equals(path) || !exists(tx, now)) {
        throw new NotFoundException(
            "There is no category '%s' to map products to; put it first.".formatted(path));
      }
      paths.put(path, now);
    }
    return wanted.stream()
        .map(
            product ->
                new Product(
                    product.model(),
                    product.brand(),
                    paths.getOrDefault(product.path(), product.path())))
        .toList();
  }

  @Override
  public boolean mapProduct(String model, String path) {
    return mapProducts(List.of(Product.of(model, path))) == 1;
  }

  @Override
  public boolean unmapProduct(String model, Optional<String> brand) {
    CatalogChange.UnmapProduct unmap = new CatalogChange.UnmapProduct(model, brand);
    Product.Key key = new Product.Key(unmap.model(), unmap.brand().orElse(""));
    return database.write(
        "unmap product " + unmap.model(),
        tx -> {
          Optional<String> path = products.lock(tx, key);
          if (path.isEmpty() || !products.delete(tx, key)) {
            return false;
          }
          changes.insert(
              tx,
              tenant,
              ChangeProgress.Kind.PRODUCTS,
              path.get(),
              null,
              1,
              List.of(new Look(path.get(), false, null)));
          tx.afterCommit(wake);
          return true;
        });
  }

  @Override
  public List<Product> products(@Nullable Product after, int limit) {
    Check.range("limit", limit, 1, 1_000);
    return database.read(
        "read the products", tx -> products.page(tx, after == null ? null : after.key(), limit));
  }

  @Override
  public List<UnmappedGoods> unmapped(@Nullable UnmappedGoods after, int limit) {
    Check.range("limit", limit, 1, 1_000);
    return database.read(
        "read goods of no category", tx -> goods.unmapped(tx, tenant, after, limit));
  }

  @Override
  public ChangePlan plan(CatalogChange change) {
    notNull("change", change);
    return database.view("plan a change of the catalogue", tx -> plan(tx, change));
  }

  private ChangePlan plan(Tx tx, CatalogChange change) {
    if (change instanceof CatalogChange.Move move) {
      if (made(tx, move).isPresent()) {
        return goods.plan(tx, tenant, List.of(), now -> now);
      }
      Map<String, String> fresh = fresh(tx, mover.check(tx, move, false));
      return goods.plan(tx, tenant, looks(tx, move, fresh), now -> now.after(move).with(fresh));
    }
    if (change instanceof CatalogChange.MapCodes map) {
      Map<String, String> fresh = fresh(tx, map);
      return goods.plan(tx, tenant, ofCodes(tx, fresh), now -> now.with(fresh));
    }
    if (change instanceof CatalogChange.MapProducts map) {
      List<Product> there = known(tx, map.products());
      CatalogChange known = new CatalogChange.MapProducts(there);
      Map<Product.Key, String> before = book.productsOf(tx, tenant, models(there));
      return goods.plan(tx, tenant, ofProducts(there, before), now -> now.after(known));
    }
    CatalogChange.UnmapProduct unmap = (CatalogChange.UnmapProduct) change;
    Product.Key key = new Product.Key(unmap.model(), unmap.brand().orElse(""));
    String path = book.productsOf(tx, tenant, List.of(unmap.model())).get(key);
    List<Look> looks = path == null ? List.of() : List.of(new Look(path, false, null));
    return goods.plan(tx, tenant, looks, now -> now.after(unmap));
  }

  /** The codes that this makes, with where they lead. */
  private Map<String, String> fresh(Tx tx, CatalogChange.MapCodes map) {
    String path = mover.resolved(tx, map.path());
    Map<String, String> fresh = unnamed(tx, path);
    Set<String> codes = new TreeSet<>(map.codes());
    codes.add(path);
    for (String code : codes) {
      Optional<String> named = pathOf(tx, code, "");
      if (named.isEmpty()) {
        fresh.put(code, path);
      } else if (!named.get().equals(path)) {
        throw conflict(code, path, named.get());
      }
    }
    return fresh;
  }

  @Override
  public List<ChangeProgress> changes(long beforeId, int limit) {
    Check.range("beforeId", beforeId, 0, Long.MAX_VALUE);
    Check.range("limit", limit, 1, 1_000);
    return database.read(
        "read the changes of the catalogue",
        tx -> changes.page(tx, tenant, beforeId == 0 ? Long.MAX_VALUE : beforeId, limit));
  }

  @Override
  public Optional<ChangeProgress> change(long id) {
    return database.read("read a change of the catalogue", tx -> changes.progress(tx, tenant, id));
  }

  // Regions

  @Override
  public Upserted putRegion(String path, String name) {
    Region region = new Region(path, name);
    return database.write("put region " + region.path(), tx -> put(tx, region));
  }

  private Upserted put(Tx tx, Region region) {
    boolean created = false;
    for (String path : fromRoot(region.path())) {
      boolean own = path.equals(region.path());
      created =
          region(tx, path, "").isEmpty()
              && addRegion(tx, path, own ? region.name() : lastLevel(path));
    }
    if (created) {
      return Upserted.CREATED;
    }
    Region recorded =
        region(tx, region.path(), " FOR UPDATE").orElseThrow(() -> Races.lost("region"));
    if (recorded.equals(region)) {
      return Upserted.UNCHANGED;
    }
    tx.update("UPDATE {region} SET name = :name WHERE dealer_id = :dealer AND path = :path")
        .bind("name", region.name())
        .bind("dealer", tenant.id())
        .bind("path", region.path())
        .execute();
    return Upserted.CHANGED;
  }

  private boolean addRegion(Tx tx, String path, String name) {
    return tx.insertIfAbsent(
        "INSERT INTO {region} (dealer_id, path, name) VALUES (:dealer, :path, :name)",
        row -> row.bind("dealer", tenant.id()).bind("path", path).bind("name", name));
  }

  private Optional<Region> region(Tx tx, String path, String lock) {
    return tx.query(
            "SELECT path, name FROM {region} WHERE dealer_id = :dealer AND path = :path" + lock)
        .bind("dealer", tenant.id())
        .bind("path", path)
        .map((row, context) -> new Region(row.getString("path"), row.getString("name")))
        .findOne();
  }

  @Override
  public Optional<Region> region(String path) {
    String key = Keys.path("path", path);
    return database.read("read region " + key, tx -> region(tx, key, ""));
  }

  @Override
  public List<Region> regions() {
    return database.read(
        "read the regions",
        tx ->
            tx.query("SELECT path, name FROM {region} WHERE dealer_id = :dealer ORDER BY path")
                .bind("dealer", tenant.id())
                .map((row, context) -> new Region(row.getString("path"), row.getString("name")))
                .list());
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
    tx.listsChanged(tenant.id());
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
      INSERT INTO {staff} (dealer_id, code, name, role, phone, store, active, digest_by)
      VALUES (:dealer, :code, :name, :role, :phone, :store, :active, :digest)""";
  private static final String UPDATE_STAFF =
      """
      UPDATE {staff} SET name = :name, role = :role, phone = :phone, store = :store, active = :active,
        digest_by = :digest
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
                .bind("active", staff.active())
                .bind("digest", staff.digestBy().name()));
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
                SELECT code, name, role, phone, store, active, digest_by FROM {staff}
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
                    row.getBoolean("active"),
                    Staff.DigestBy.valueOf(row.getString("digest_by"))))
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

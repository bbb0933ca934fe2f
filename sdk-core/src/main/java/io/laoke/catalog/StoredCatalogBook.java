package io.laoke.catalog;

import io.laoke.base.Phone;
import io.laoke.internal.jdbc.Listed;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

final class StoredCatalogBook implements CatalogBook {
  /** With the marks from the first level to the path itself, its ancestors' among them. */
  private static final String STAND =
      """
      SELECT k.code, k.path, c.path AS marked, c.serviceable FROM {category_code} k
      LEFT JOIN {category} c ON c.dealer_id = k.dealer_id AND c.path <= k.path
        AND c.path >= LEFT(k.path, POSITION('/' IN CONCAT(k.path, '/')) - 1)
        AND c.serviceable IS NOT NULL
      WHERE k.dealer_id = :dealer AND k.code IN (<codes>)
      """;

  private static final String OWN_PHONE =
      "SELECT phone_hash FROM {own_phone} WHERE dealer_id = :dealer AND phone_hash = :hash LIMIT 1";

  @Override
  public Map<String, String> pathsOf(Tx tx, Tenant tenant, Collection<String> codes) {
    Map<String, String> asKeys = new HashMap<>();
    for (String code : codes) {
      asKeys.put(code, Keys.loose(code));
    }
    Map<String, String> found = new HashMap<>();
    for (List<String> some : Chunks.of(new HashSet<>(asKeys.values()))) {
      tx.query(
              "SELECT code, path FROM {category_code} WHERE dealer_id = :dealer AND code IN"
                  + " (<codes>)")
          .bind("dealer", tenant.id())
          .bindList("codes", some)
          .map((row, context) -> Map.entry(row.getString("code"), row.getString("path")))
          .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
    }
    asKeys.replaceAll((code, key) -> found.getOrDefault(key, UNMAPPED));
    return asKeys;
  }

  @Override
  public Map<Product.Key, String> productsOf(Tx tx, Tenant tenant, Collection<String> models) {
    Map<Product.Key, String> found = new HashMap<>();
    for (List<String> some : Chunks.of(new HashSet<>(models))) {
      tx.query(
              "SELECT model, brand, path FROM {product} WHERE dealer_id = :dealer AND model IN"
                  + " (<models>)",
              "models",
              Rows.Type.TEXT,
              some)
          .bind("dealer", tenant.id())
          .map(
              (row, context) ->
                  Map.entry(
                      new Product.Key(row.getString("model"), row.getString("brand")),
                      row.getString("path")))
          .forEach(product -> found.put(product.getKey(), product.getValue()));
    }
    return found;
  }

  @Override
  public Map<String, Boolean> serviceable(Tx tx, Tenant tenant, Collection<String> paths) {
    Set<String> all = new HashSet<>();
    paths.forEach(path -> all.addAll(Keys.upwards(path)));
    Map<String, Boolean> marks = new HashMap<>();
    for (List<String> some : Chunks.of(all)) {
      tx.query(
              """
              SELECT path, serviceable FROM {category}
              WHERE dealer_id = :dealer AND path IN (<paths>) AND serviceable IS NOT NULL
              """)
          .bind("dealer", tenant.id())
          .bindList("paths", some)
          .map((row, context) -> Map.entry(row.getString("path"), row.getBoolean("serviceable")))
          .forEach(mark -> marks.put(mark.getKey(), mark.getValue()));
    }
    return nearest(paths, marks);
  }

  @Override
  public Map<String, String> movedPaths(Tx tx, Tenant tenant, Collection<String> paths) {
    Set<String> all = new HashSet<>();
    paths.forEach(path -> all.addAll(Keys.upwards(path)));
    Set<String> moved = new HashSet<>();
    for (List<String> some : Chunks.of(all)) {
      tx.query(
              """
              SELECT code FROM {category_code}
              WHERE dealer_id = :dealer AND code IN (<codes>) AND moved = 1""",
              "codes",
              Rows.Type.TEXT,
              some)
          .bind("dealer", tenant.id())
          .mapTo(String.class)
          .forEach(moved::add);
    }
    Map<String, String> now = new HashMap<>();
    for (String path : paths) {
      if (Keys.upwards(path).stream().anyMatch(moved::contains)) {
        now.put(path, new CategoryMover(tenant).resolved(tx, path));
      }
    }
    return now;
  }

  private static Map<String, Boolean> nearest(
      Collection<String> paths, Map<String, Boolean> marks) {
    Map<String, Boolean> nearest = new HashMap<>();
    for (String path : paths) {
      nearest.put(
          path,
          Keys.upwards(path).stream()
              .filter(marks::containsKey)
              .findFirst()
              .map(marks::get)
              .orElse(false));
    }
    return nearest;
  }

  @Override
  public Supplier<Stand> standLater(Tx tx, Tenant tenant, Collection<Goods> goods) {
    Set<String> codes = new HashSet<>();
    goods.forEach(one -> codes.add(Keys.loose(one.code())));
    if (codes.isEmpty() || codes.size() > Chunks.SIZE) {
      return CatalogBook.super.standLater(tx, tenant, goods);
    }
    Map<String, String> paths = new HashMap<>();
    Map<String, Boolean> marks = new HashMap<>();
    tx.later(
        STAND,
        Map.of("dealer", tenant.id(), "codes", new Listed(Rows.Type.TEXT, codes)),
        row -> {
          paths.put(row.getString("code"), row.getString("path"));
          String marked = row.getString("marked");
          if (marked != null) {
            marks.put(marked, row.getBoolean("serviceable"));
          }
        });
    return () -> stand(tx, tenant, goods, paths, marks);
  }

  private Stand stand(
      Tx tx,
      Tenant tenant,
      Collection<Goods> goods,
      Map<String, String> paths,
      Map<String, Boolean> marks) {
    if (goods.stream()
        .anyMatch(one -> one.model() != null && !paths.containsKey(Keys.loose(one.code())))) {
      // Their models lead elsewhere.
      return CatalogBook.super.standLater(tx, tenant, goods).get();
    }
    return new Stand(Placing.of(paths, Map.of()), nearest(paths.values(), marks));
  }

  @Override
  public Optional<String> accountOfStore(Tx tx, Tenant tenant, String storeCode) {
    return ofStore(
        tx,
        tenant,
        "SELECT account FROM {store} WHERE dealer_id = :dealer AND code = :code AND account IS NOT"
            + " NULL",
        storeCode);
  }

  @Override
  public Optional<String> storeName(Tx tx, Tenant tenant, String storeCode) {
    return ofStore(
        tx,
        tenant,
        "SELECT name FROM {store} WHERE dealer_id = :dealer AND code = :code",
        storeCode);
  }

  @Override
  public Map<String, String> storeNames(Tx tx, Tenant tenant, Collection<String> storeCodes) {
    Map<String, String> known = new HashMap<>();
    for (List<String> some :
        Chunks.of(storeCodes.stream().map(String::strip).distinct().toList())) {
      tx.query("SELECT code, name FROM {store} WHERE dealer_id = :dealer AND code IN (<codes>)")
          .bind("dealer", tenant.id())
          .bindList("codes", some)
          .map((row, context) -> Map.entry(row.getString("code"), row.getString("name")))
          .forEach(store -> known.put(store.getKey(), store.getValue()));
    }
    Map<String, String> names = new HashMap<>();
    for (String code : storeCodes) {
      String name = known.get(code.strip());
      if (name != null) {
        names.put(code, name);
      }
    }
    return names;
  }

  private static Optional<String> ofStore(Tx tx, Tenant tenant, String sql, String storeCode) {
    return tx.query(sql)
        .bind("dealer", tenant.id())
        .bind("code", storeCode.strip())
        .mapTo(String.class)
        .findFirst();
  }

  @Override
  public boolean ownPhone(Tx tx, Tenant tenant, String phoneHash) {
    return tx.query(OWN_PHONE)
        .bind("dealer", tenant.id())
        .bind("hash", phoneHash)
        .mapTo(String.class)
        .findFirst()
        .isPresent();
  }

  @Override
  public BooleanSupplier ownPhoneLater(Tx tx, Tenant tenant, String phoneHash) {
    List<String> found = new ArrayList<>();
    tx.later(
        OWN_PHONE,
        Map.of("dealer", tenant.id(), "hash", phoneHash),
        row -> found.add(row.getString("phone_hash")));
    return () -> !found.isEmpty();
  }

  @Override
  public Set<String> ownPhones(Tx tx, Tenant tenant, Collection<String> phoneHashes) {
    Set<String> own = new HashSet<>();
    for (List<String> some : Chunks.of(phoneHashes)) {
      own.addAll(
          tx.query(
                  "SELECT phone_hash FROM {own_phone} WHERE dealer_id = :dealer AND phone_hash IN"
                      + " (<hashes>)",
                  "hashes",
                  Rows.Type.TEXT,
                  some)
              .bind("dealer", tenant.id())
              .mapTo(String.class)
              .list());
    }
    return own;
  }

  @Override
  public Set<String> staffOpenids(
      Tx tx, Tenant tenant, String account, Collection<String> openidHashes) {
    Set<String> staff = new HashSet<>();
    for (List<String> some : Chunks.of(openidHashes)) {
      staff.addAll(
          tx.query(
                  """
                  SELECT o.openid_hash FROM {staff_openid} o
                  JOIN {staff} s ON s.dealer_id = o.dealer_id AND s.code = o.staff
                  WHERE o.dealer_id = :dealer AND o.account = :account
                    AND o.openid_hash IN (<hashes>) AND s.active = TRUE
                  """,
                  "hashes",
                  Rows.Type.TEXT,
                  some)
              .bind("dealer", tenant.id())
              .bind("account", account)
              .mapTo(String.class)
              .list());
    }
    return staff;
  }

  @Override
  public boolean staffOpenid(Tx tx, Tenant tenant, String account, String openidHash) {
    return tx.query(
            """
            SELECT 1 FROM {staff_openid} o
            JOIN {staff} s ON s.dealer_id = o.dealer_id AND s.code = o.staff
            WHERE o.dealer_id = :dealer AND o.account = :account AND o.openid_hash = :hash
              AND s.active = TRUE
            """)
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("hash", openidHash)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  @Override
  public Works works(Tx tx, Tenant tenant, String staff) {
    return tx.query("SELECT active FROM {staff} WHERE dealer_id = :dealer AND code = :code")
        .bind("dealer", tenant.id())
        .bind("code", staff)
        .mapTo(Boolean.class)
        .findOne()
        .map(active -> active ? Works.YES : Works.NO_LONGER)
        .orElseGet(() -> keepsStaff(tx, tenant) ? Works.UNKNOWN : Works.NOT_KEPT);
  }

  private static boolean keepsStaff(Tx tx, Tenant tenant) {
    return tx.query("SELECT 1 FROM {staff} WHERE dealer_id = :dealer LIMIT 1")
        .bind("dealer", tenant.id())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  @Override
  public List<Seat> seats(Tx tx, Tenant tenant) {
    return tx.query(
            """
            SELECT s.code, s.role, s.store, s.active, o.region FROM {staff} s
            LEFT JOIN {store} o ON o.dealer_id = s.dealer_id AND o.code = s.store
            WHERE s.dealer_id = :dealer ORDER BY s.code""")
        .bind("dealer", tenant.id())
        .map(
            (row, context) ->
                new Seat(
                    row.getString("code"),
                    Optional.ofNullable(row.getString("role")),
                    Optional.ofNullable(row.getString("store")),
                    row.getBoolean("active"),
                    Optional.ofNullable(row.getString("region"))))
        .list();
  }

  private static final String STAFF_PHONES =
      """
      SELECT p.code, p.phone_hash, p.phone FROM {own_phone} p
      JOIN {staff} s ON s.dealer_id = p.dealer_id AND s.code = p.code AND s.active = TRUE
      WHERE p.dealer_id = :dealer AND %s IN (<some>) AND p.origin = 'STAFF'
      """;

  @Override
  public Map<String, String> staffPhones(Tx tx, Tenant tenant, Collection<String> staff) {
    Map<String, String> hashes = new HashMap<>();
    for (List<String> some : Chunks.of(staff)) {
      tx.query(STAFF_PHONES.formatted("p.code"), "some", Rows.Type.TEXT, some)
          .bind("dealer", tenant.id())
          .map((row, context) -> Map.entry(row.getString("code"), row.getString("phone_hash")))
          .forEach(one -> hashes.put(one.getKey(), one.getValue()));
    }
    return hashes;
  }

  @Override
  public Map<String, Staff.DigestBy> digestsBy(Tx tx, Tenant tenant, Collection<String> staff) {
    Map<String, Staff.DigestBy> found = new HashMap<>();
    for (List<String> some : Chunks.of(staff)) {
      tx.query(
              """
              SELECT code, digest_by FROM {staff}
              WHERE dealer_id = :dealer AND code IN (<some>) AND active = TRUE""",
              "some",
              Rows.Type.TEXT,
              some)
          .bind("dealer", tenant.id())
          .map(
              (row, context) ->
                  Map.entry(
                      row.getString("code"), Staff.DigestBy.valueOf(row.getString("digest_by"))))
          .forEach(one -> found.put(one.getKey(), one.getValue()));
    }
    return found;
  }

  @Override
  public Map<String, List<StaffOpenid>> openidsOf(Tx tx, Tenant tenant, Collection<String> staff) {
    Map<String, List<StaffOpenid>> found = new HashMap<>();
    for (List<String> some : Chunks.of(staff)) {
      tx.query(
              """
              SELECT o.staff, o.account, o.openid_hash FROM {staff_openid} o
              JOIN {staff} s ON s.dealer_id = o.dealer_id AND s.code = o.staff AND s.active = TRUE
              WHERE o.dealer_id = :dealer AND o.staff IN (<some>)
              ORDER BY o.account, o.openid_hash""",
              "some",
              Rows.Type.TEXT,
              some)
          .bind("dealer", tenant.id())
          .map(
              (row, context) ->
                  Map.entry(
                      row.getString("staff"),
                      new StaffOpenid(row.getString("account"), row.getString("openid_hash"))))
          .forEach(
              one ->
                  found
                      .computeIfAbsent(one.getKey(), code -> new ArrayList<>())
                      .add(one.getValue()));
    }
    return found;
  }

  @Override
  public Map<String, String> openidsOfStaff(
      Tx tx, Tenant tenant, String account, Collection<String> openidHashes) {
    Map<String, String> found = new HashMap<>();
    for (List<String> some : Chunks.of(openidHashes)) {
      tx.query(
              """
              SELECT o.openid_hash, o.openid FROM {staff_openid} o
              JOIN {staff} s ON s.dealer_id = o.dealer_id AND s.code = o.staff AND s.active = TRUE
              WHERE o.dealer_id = :dealer AND o.account = :account AND o.openid_hash IN (<some>)""",
              "some",
              Rows.Type.TEXT,
              some)
          .bind("dealer", tenant.id())
          .bind("account", account)
          .map((row, context) -> Map.entry(row.getString("openid_hash"), row.getString("openid")))
          .forEach(
              one -> {
                String openid = tenant.privacy().open(one.getValue());
                if (openid != null) {
                  found.put(one.getKey(), openid);
                }
              });
    }
    return found;
  }

  @Override
  public Map<String, String> phonesOfStaff(Tx tx, Tenant tenant, Collection<String> phoneHashes) {
    Map<String, String> phones = new HashMap<>();
    for (List<String> some : Chunks.of(phoneHashes)) {
      tx.query(STAFF_PHONES.formatted("p.phone_hash"), "some", Rows.Type.TEXT, some)
          .bind("dealer", tenant.id())
          .map((row, context) -> Map.entry(row.getString("phone_hash"), row.getString("phone")))
          .forEach(
              one -> {
                String phone = tenant.privacy().open(one.getValue());
                if (phone != null && Phone.read(phone).filter(Phone::mobile).isPresent()) {
                  phones.put(one.getKey(), phone);
                }
              });
    }
    return phones;
  }
}

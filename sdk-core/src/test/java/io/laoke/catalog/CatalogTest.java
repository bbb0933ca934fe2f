package io.laoke.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.base.Phone;
import io.laoke.base.Upserted;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.member.MemberFixture;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {
  // Categories

  @ParameterizedTest
  @EnumSource
  void putsACategoryWithItsAncestorsAndChangesNoRowOnARepeat(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Catalog catalog = on.catalog();
      Category hood = Category.of(" kitchen / hood ", "油烟机").withCodes("0203", "HOOD");

      assertThat(catalog.put(hood)).isEqualTo(Upserted.CREATED);
      assertThat(catalog.put(hood)).isEqualTo(Upserted.UNCHANGED);
      assertThat(catalog.categories())
          .containsExactly(Category.of("kitchen", "kitchen"), hood)
          .last()
          .satisfies(found -> assertThat(found.path()).isEqualTo("kitchen/hood"));
      assertThat(catalog.put(Category.of("kitchen", "厨房😀"))).isEqualTo(Upserted.CHANGED);
      assertThat(catalog.put(Category.of("kitchen/hood", "油烟机"))).isEqualTo(Upserted.UNCHANGED);
      assertThat(catalog.put(hood.withCodes("0204"))).isEqualTo(Upserted.CHANGED);
      assertThat(catalog.category("kitchen").orElseThrow().name()).isEqualTo("厨房😀");
      assertThat(catalog.category("kitchen/hood").orElseThrow().codes())
          .containsExactly("0203", "0204", "HOOD");
      assertThat(catalog.category("Kitchen")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void leadsCodesToPathsAndUnmappedOnesToTheQuestionMark(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      on.catalog().put(Category.of("kitchen/hood", "油烟机").withCodes("0203", "o'hood\"%_"));

      assertThat(
              paths(
                  on,
                  "0203",
                  " 0203 ",
                  "o'hood\"%_",
                  "kitchen/hood",
                  "kitchen / hood",
                  "kitchen",
                  "KITCHEN",
                  "hood",
                  "?",
                  "",
                  "x".repeat(300)))
          .containsEntry("0203", "kitchen/hood")
          .containsEntry(" 0203 ", "kitchen/hood")
          .containsEntry("o'hood\"%_", "kitchen/hood")
          .containsEntry("kitchen/hood", "kitchen/hood")
          .containsEntry("kitchen / hood", "kitchen/hood")
          .containsEntry("kitchen", "kitchen")
          .containsEntry("KITCHEN", "?")
          .containsEntry("hood", "?")
          .containsEntry("?", "?")
          .containsEntry("", "?")
          .containsEntry("x".repeat(300), "?");
      assertThat(paths(on)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void answersForMoreCodesThanOneStatementTakes(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      on.catalog().put(Category.of("a", "a").withCodes("c1234"));
      String[] codes = new String[1500];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = "c" + i;
      }

      assertThat(paths(on, codes))
          .hasSize(1500)
          .containsEntry("c1234", "a")
          .containsEntry("c1", "?");
    }
  }

  private static Map<String, String> paths(MemberFixture on, String... codes) {
    return on.database.read(
        "paths", tx -> on.catalogs.book().pathsOf(tx, on.tenant, List.of(codes)));
  }

  @ParameterizedTest
  @EnumSource
  void aCodeNamesOneCategoryOnly(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Catalog catalog = on.catalog();
      catalog.put(Category.of("kitchen/hood", "油烟机").withCodes("0203"));

      assertThatThrownBy(() -> catalog.put(Category.of("kitchen/stove", "灶").withCodes("0203")))
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("0203", "kitchen/hood");
      assertThat(catalog.category("kitchen/stove")).as("nothing half-written").isEmpty();
      assertThatThrownBy(() -> catalog.put(Category.of("0203", "x")))
          .isInstanceOf(ConflictException.class);
      assertThatThrownBy(() -> catalog.put(Category.of("x", "x").withCodes("kitchen")))
          .isInstanceOf(ConflictException.class);
      assertThat(catalog.categories()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusedPutLeavesTheHostsTransactionUsable(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server);
        Connection host = on.pool.getConnection()) {
      host.setAutoCommit(false);
      Catalog joined = on.catalogs.catalog(on.database.in(host), on.tenant);
      joined.put(Category.of("a", "a").withCodes("1"));
      assertThatThrownBy(() -> joined.put(Category.of("b/c", "c").withCodes("1")))
          .isInstanceOf(ConflictException.class);
      joined.put(Store.of("S1", "店"));
      host.commit();

      assertThat(on.catalog().categories()).extracting(Category::path).containsExactly("a");
      assertThat(on.catalog().stores()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theNearestMarkDecidesWhetherUnitsAreServiced(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Catalog catalog = on.catalog();
      catalog.put(Category.of("kitchen", "厨房").withServiceable(true));
      catalog.put(Category.of("kitchen/hood/small", "小"));
      catalog.put(Category.of("av", "影音"));

      assertThat(catalog.markServiceable("kitchen/hood", false)).isTrue();
      assertThat(catalog.markServiceable("kitchen/hood", false)).isFalse();
      assertThat(catalog.put(Category.of("kitchen", "厨房"))).isEqualTo(Upserted.UNCHANGED);
      assertThat(
              on.database.<Map<String, Boolean>>read(
                  "marks",
                  tx ->
                      on.catalogs
                          .book()
                          .serviceable(
                              tx,
                              on.tenant,
                              List.of(
                                  "kitchen",
                                  "kitchen/pot",
                                  "kitchen/hood",
                                  "kitchen/hood/small",
                                  "av",
                                  "?",
                                  "kitchenette"))))
          .isEqualTo(
              Map.of(
                  "kitchen",
                  true,
                  "kitchen/pot",
                  true,
                  "kitchen/hood",
                  false,
                  "kitchen/hood/small",
                  false,
                  "av",
                  false,
                  "?",
                  false,
                  "kitchenette",
                  false));
      assertThat(catalog.category("kitchen/hood").orElseThrow().serviceable()).contains(false);
      assertThat(catalog.category("kitchen/hood/small").orElseThrow().serviceable()).isEmpty();
      assertThatThrownBy(() -> catalog.markServiceable("bath", true))
          .isInstanceOf(NotFoundException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sixteenPutsOfOneTreeAtOnceMakeOneTree(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server)) {
      List<Callable<Upserted>> tasks =
          Collections.nCopies(
              16, () -> on.catalog().put(Category.of("a/b/c", "丙").withCodes("1", "2")));

      List<Upserted> outcomes = MemberFixture.atOnce(tasks);

      assertThat(outcomes).containsOnlyOnce(Upserted.CREATED).doesNotContain(Upserted.CHANGED);
      assertThat(on.catalog().categories()).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofTwoCategoriesThatClaimACodeAtOnceOneGetsIt(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server)) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Category mine = Category.of("c" + i, "c").withCodes("wanted");
        tasks.add(
            () -> {
              try {
                return on.catalog().put(mine) == Upserted.CREATED;
              } catch (ConflictException taken) {
                return false;
              }
            });
      }

      assertThat(MemberFixture.atOnce(tasks)).containsOnlyOnce(true);
      assertThat(on.catalog().categories())
          .singleElement()
          .satisfies(winner -> assertThat(winner.codes()).containsExactly("wanted"));
    }
  }

  // Stores and staff

  @ParameterizedTest
  @EnumSource
  void putsStores(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Catalog catalog = on.catalog();
      Store store =
          Store.of("S/1'", "西湖店🏬")
              .withRegion("浙江 / 杭州/西湖区")
              .withAccount("wx1")
              .withPhones("0571-87654321", "400 8888 123");

      assertThat(catalog.put(store)).isEqualTo(Upserted.CREATED);
      assertThat(catalog.put(store)).isEqualTo(Upserted.UNCHANGED);
      assertThat(catalog.store(" S/1' ")).contains(store);
      assertThat(catalog.stores()).containsExactly(store);
      assertThat(store.region()).contains("浙江/杭州/西湖区");
      assertThat(catalog.put(store.withPhones("0571-87654321"))).isEqualTo(Upserted.CHANGED);
      assertThat(catalog.store("S/1'").orElseThrow().phones())
          .containsExactly(Phone.of("0571-87654321"));
      assertThat(catalog.put(Store.of("S/1'", "西湖店"))).isEqualTo(Upserted.CHANGED);
      assertThat(catalog.store("S/1'")).contains(Store.of("S/1'", "西湖店"));
      assertThat(on.count("own_phone")).isZero();
      assertThat(catalog.store("s/1'")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsAStoresNameAndAccount(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      on.catalog().put(Store.of("S1", "西湖店").withAccount("wx1"));
      on.catalog().put(Store.of("S2", "城东店"));
      CatalogBook book = on.catalogs.book();

      on.database.read(
          "read",
          tx -> {
            assertThat(book.accountOfStore(tx, on.tenant, "S1")).contains("wx1");
            assertThat(book.accountOfStore(tx, on.tenant, "S2")).isEmpty();
            assertThat(book.accountOfStore(tx, on.tenant, "S3")).isEmpty();
            assertThat(book.storeName(tx, on.tenant, "S2")).contains("城东店");
            assertThat(book.storeName(tx, on.tenant, "S3")).isEmpty();
            assertThat(book.storeName(tx, MemberFixture.tenant(2, "other"), "S1")).isEmpty();
            return null;
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void putsStaffAndKnowsTheirOpenidsWhileTheyAreActive(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Catalog catalog = on.catalog();
      Staff staff = Staff.of("E1", "小李😀").withRole("导购").withPhone("13700137000").withStore("S1");
      assertThat(catalog.put(staff)).isEqualTo(Upserted.CREATED);
      assertThat(catalog.put(staff)).isEqualTo(Upserted.UNCHANGED);
      assertThat(catalog.staff("E1")).contains(staff);

      assertThat(catalog.linkStaff("E1", "wx1", "oStaff")).isTrue();
      assertThat(catalog.linkStaff("E1", "wx1", "oStaff")).isFalse();
      assertThat(isStaff(on, "wx1", "oStaff")).isTrue();
      assertThat(isStaff(on, "wx2", "oStaff")).isFalse();
      assertThat(isStaff(on, "wx1", "oOther")).isFalse();

      assertThat(catalog.put(staff.withActive(false))).isEqualTo(Upserted.CHANGED);
      assertThat(isStaff(on, "wx1", "oStaff")).isFalse();
      catalog.put(staff);
      assertThat(isStaff(on, "wx1", "oStaff")).isTrue();

      catalog.put(Staff.of("E2", "小王"));
      assertThat(catalog.linkStaff("E2", "wx1", "oStaff")).isTrue();
      assertThat(catalog.unlinkStaff("E1", "wx1", "oStaff")).isFalse();
      assertThat(catalog.unlinkStaff("E2", "wx1", "oStaff")).isTrue();
      assertThat(isStaff(on, "wx1", "oStaff")).isFalse();
      assertThat(catalog.staff()).extracting(Staff::code).containsExactly("E1", "E2");
      assertThatThrownBy(() -> catalog.linkStaff("E9", "wx1", "oStaff"))
          .isInstanceOf(NotFoundException.class)
          .hasMessageNotContaining("oStaff");
    }
  }

  private static boolean isStaff(MemberFixture on, String account, String openid) {
    return on.database.read(
        "staff",
        tx ->
            on.book.staff(tx, on.tenant, account, on.book.openidHash(on.tenant, account, openid)));
  }

  @ParameterizedTest
  @EnumSource
  void declaresOwnPhones(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Catalog catalog = on.catalog();
      catalog.put(Staff.of("E1", "小李").withPhone("400 8888 123"));

      assertThat(catalog.ownPhone("4008888123")).isTrue();
      assertThat(catalog.ownPhone("400-8888-123")).isFalse();
      assertThat(catalog.ownPhones()).containsExactly(Phone.of("4008888123"));
      assertThat(catalog.releaseOwnPhone("400 8888123")).isTrue();
      assertThat(catalog.releaseOwnPhone("400 8888123")).isFalse();
      assertThat(catalog.ownPhones()).isEmpty();
      assertThat(
              on.database.<Boolean>read(
                  "own",
                  tx ->
                      on.catalogs
                          .book()
                          .ownPhone(tx, on.tenant, Keys.hash(on.tenant, Phone.of("4008888123")))))
          .as("still that of staff")
          .isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsTheLongestOfEverything(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      String emoji = "😀";
      String path =
          String.join("/", Collections.nCopies(7, emoji.repeat(20))) + "/" + emoji.repeat(53);
      Category category = Category.of(path, emoji.repeat(100)).withCodes(emoji.repeat(200));
      Store store =
          Store.of(emoji.repeat(64), emoji.repeat(100))
              .withRegion(path)
              .withAccount("a".repeat(64));
      Staff staff =
          Staff.of(emoji.repeat(64), emoji.repeat(100))
              .withRole(emoji.repeat(32))
              .withStore(emoji.repeat(64));
      Catalog catalog = on.catalog();
      catalog.put(category);
      catalog.put(store);
      catalog.put(staff);

      assertThat(path.codePointCount(0, path.length())).isEqualTo(200);
      assertThat(catalog.category(path)).contains(category);
      assertThat(catalog.store(store.code())).contains(store);
      assertThat(catalog.staff(staff.code())).contains(staff);
    }
  }

  // Bad input

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "/a",
        "a/",
        "a//b",
        "a/ /b",
        "?",
        "a/?",
        "a\nb",
        "a\u0000b",
        "a\u0085b",
        "\ud83d",
        "1/2/3/4/5/6/7/8/9"
      })
  void refusesABadPath(String path) {
    assertThatThrownBy(() -> Category.of(path, "name"))
        .isInstanceOfSatisfying(
            InvalidInputException.class, e -> assertThat(e.field()).isEqualTo("path"));
  }

  @Test
  void namesTheFieldOfBadInput() {
    Set<String> withNull = new HashSet<>();
    withNull.add(null);
    Map<String, List<ThrowingCallable>> bad =
        Map.of(
            "path",
            List.of(
                () -> Category.of(null, "n"),
                () -> Category.of("a".repeat(101), "n"),
                () -> Category.of("a/".repeat(100) + "b", "n")),
            "name",
            List.of(
                () -> Category.of("a", null),
                () -> Category.of("a", " "),
                () -> Category.of("a", "x".repeat(101)),
                () -> Category.of("a", "x\ny"),
                () -> Store.of("s", ""),
                () -> Staff.of("e", "\u0007")),
            "codes",
            List.of(
                () -> Category.of("a", "n").withCodes("b", " "),
                () -> Category.of("a", "n").withCodes("b".repeat(201)),
                () -> new Category("a", "n", withNull, Optional.empty())),
            "code",
            List.of(
                () -> Store.of(null, "n"),
                () -> Store.of(" ", "n"),
                () -> Store.of("s".repeat(65), "n"),
                () -> Staff.of("e\tf", "n")),
            "region",
            List.of(() -> Store.of("s", "n").withRegion("a//b")),
            "account",
            List.of(() -> Store.of("s", "n").withAccount("a".repeat(65))),
            "phones",
            List.of(
                () -> Store.of("s", "n").withPhones("12"),
                () -> Store.of("s", "n").withPhones((String) null)),
            "phone",
            List.of(() -> Staff.of("e", "n").withPhone("none")),
            "role",
            List.of(() -> Staff.of("e", "n").withRole("r".repeat(33))));

    bad.forEach(
        (field, calls) ->
            calls.forEach(
                call ->
                    assertThatThrownBy(call)
                        .as(field)
                        .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            e -> assertThat(e.field()).isEqualTo(field))));
  }
}

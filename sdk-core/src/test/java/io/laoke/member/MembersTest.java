package io.laoke.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.base.Upserted;
import io.laoke.catalog.Staff;
import io.laoke.catalog.Store;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.testing.TestServer;
import io.laoke.testing.TextColumns;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDate;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MembersTest {
  private static final String PHONE = "13800138000";

  private static MemberProfile profile() {
    return MemberProfile.of("C1")
        .withName("王伟😀")
        .withGender(Gender.FEMALE)
        .withBirthday(LocalDate.of(1988, 2, 29))
        .withRegion("浙江/杭州")
        .withPhones(PHONE, "0571-87654321")
        .withSource("老系统");
  }

  @ParameterizedTest
  @EnumSource
  void putsACustomerAndChangesNoRowOnARepeat(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Members members = on.members();

      assertThat(members.put(profile())).isEqualTo(Upserted.CREATED);
      assertThat(members.put(profile())).isEqualTo(Upserted.UNCHANGED);
      assertThat(members.put(MemberProfile.of("C1"))).isEqualTo(Upserted.UNCHANGED);
      Member member = members.find("C1").orElseThrow();
      assertThat(member)
          .isEqualTo(
              new Member(
                  member.id(),
                  List.of("C1"),
                  Optional.of("王伟😀"),
                  Optional.of(Gender.FEMALE),
                  Optional.of(LocalDate.of(1988, 2, 29)),
                  Optional.of("浙江/杭州"),
                  "老系统",
                  MemberFixture.NOW));
      assertThat(members.get(member.id())).contains(member);
      assertThat(members.byPhone("057187654321")).contains(member);
      assertThat(members.put(profile().withRegion("浙江/宁波"))).isEqualTo(Upserted.CHANGED);
      assertThat(members.put(MemberProfile.of("C1").withPhones("13900139000")))
          .isEqualTo(Upserted.CHANGED);
      assertThat(members.put(profile().withRegion("浙江/宁波"))).isEqualTo(Upserted.UNCHANGED);
      assertThat(members.byPhone("13900139000").orElseThrow().region()).contains("浙江/宁波");
      assertThat(on.identify("C1", null, null)).hasValue(member.id());
      assertThat(on.count("member")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNewCustomerTakesTheMemberOfOnePhoneAndTheOthersAreNoted(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      long one = on.identify(null, "王伟", PHONE).getAsLong();
      long other = on.identify(null, "王伟", "13900139000").getAsLong();

      assertThat(
              on.members()
                  .put(MemberProfile.of("C1").withName("王伟").withPhones(PHONE, "13900139000")))
          .isEqualTo(Upserted.CHANGED);
      assertThat(on.members().find("C1").orElseThrow().id()).isIn(one, other);
      assertThat(on.members().duplicates(0, 10))
          .singleElement()
          .satisfies(pair -> assertThat(pair.one()).isEqualTo(Math.min(one, other)));
      assertThat(on.count("member")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sharedAndOwnPhonesAreNobodys(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      on.catalog().put(Store.of("S1", "店").withPhones("0571-87654321"));
      for (String name : List.of("甲", "乙", "丙")) {
        on.identify(null, name, PHONE);
      }
      assertThat(on.members().put(profile())).isEqualTo(Upserted.CREATED);
      assertThat(on.members().put(profile())).isEqualTo(Upserted.UNCHANGED);

      long id = on.members().find("C1").orElseThrow().id();
      assertThat(on.members().identities(id))
          .extracting(Identity::kind)
          .containsExactly(IdentityKind.CUSTOMER_NO);
    }
  }

  @ParameterizedTest
  @EnumSource
  void releasesAPhoneThatWasWrittenDownWrong(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      on.members().put(profile());

      assertThat(on.members().releasePhone("C2", PHONE)).isFalse();
      assertThat(on.members().releasePhone("C1", "13900139000")).isFalse();
      assertThat(on.members().releasePhone("C1", PHONE)).isTrue();
      assertThat(on.members().releasePhone("C1", PHONE)).isFalse();
      assertThat(on.members().byPhone(PHONE)).isEmpty();
      long next = on.identify("C2", "李娜", PHONE).getAsLong();
      assertThat(on.members().byPhone(PHONE).orElseThrow().id()).isEqualTo(next);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sixteenPutsOfOneCustomerAtOnceMakeOne(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server)) {
      List<Callable<Upserted>> tasks = Collections.nCopies(16, () -> on.members().put(profile()));

      assertThat(MemberFixture.atOnce(tasks))
          .containsOnlyOnce(Upserted.CREATED)
          .doesNotContain(Upserted.CHANGED);
      assertThat(on.count("member")).isEqualTo(1);
      assertThat(on.count("identity")).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void pagesThroughAllMembersByTheirIds(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      for (int i = 0; i < 25; i++) {
        on.identify("C" + i, null, null);
      }
      List<Member> all = new ArrayList<>();
      long after = 0;
      for (List<Member> page; !(page = on.members().page(after, 10)).isEmpty(); ) {
        all.addAll(page);
        after = page.get(page.size() - 1).id();
      }

      assertThat(all).hasSize(25).isSortedAccordingTo((a, b) -> Long.compare(a.id(), b.id()));
      assertThat(all).flatExtracting(Member::customerNos).hasSize(25).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @EnumSource
  void drawsAStableRandomNumberForEachMember(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      for (int i = 0; i < 64; i++) {
        on.identify("C" + i, null, null);
      }
      List<Integer> drawn = numbers(on);
      on.members().put(MemberProfile.of("C1").withName("王伟"));

      assertThat(drawn).allMatch(number -> number >= 0);
      assertThat(new HashSet<>(drawn)).hasSizeGreaterThan(60);
      assertThat(drawn).anyMatch(number -> number > 1 << 30).anyMatch(number -> number < 1 << 30);
      assertThat(numbers(on)).isEqualTo(drawn);
    }
  }

  private static List<Integer> numbers(MemberFixture on) {
    return on.database.read(
        "numbers",
        tx -> tx.query("SELECT random31 FROM {member} ORDER BY id").mapTo(Integer.class).list());
  }

  @ParameterizedTest
  @EnumSource
  void noPersonalValueStandsInClearInAnyColumn(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server)) {
      on.members().put(MemberProfile.of("C-77001").withName("欧阳修").withPhones(PHONE));
      on.identify("C-77002", "司马光", "13900139000");
      on.identify(null, "诸葛亮", "13900139000");
      on.members().declareWalkIn("W-77003");
      on.catalog().put(Staff.of("E1", "上官婉").withPhone("13700137000"));
      on.catalog().linkStaff("E1", "wx1", "oStaffOpenid");
      on.catalog().put(Store.of("S1", "西湖店").withPhones("0571-87654321"));
      on.catalog().ownPhone("4008888123");
      on.openid("wx1", "oCustomerOpenid");
      on.follows("wx1", "oFollowerOpenid", true, MemberFixture.NOW);
      String stored = everything(on);

      assertThat(stored)
          .contains("西湖店", "wx1", "E1")
          .doesNotContain("13800138000", "13900139000", "13700137000", "057187654321")
          .doesNotContain("4008888123", "欧阳修", "司马光", "诸葛亮", "上官婉")
          .doesNotContain("C-77001", "C-77002", "W-77003", "oStaff", "oCustomer", "oFollower");
      assertThat(on.catalog().staff("E1").orElseThrow().name()).isEqualTo("上官婉");
    }
  }

  private static String everything(MemberFixture on) throws Exception {
    StringBuilder all = new StringBuilder();
    try (Connection connection = on.pool.getConnection();
        Statement statement = connection.createStatement()) {
      List<String> tables = TextColumns.tables(connection);
      assertThat(tables).hasSizeGreaterThanOrEqualTo(12);
      for (String table : tables) {
        try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
          while (rows.next()) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
              all.append(rows.getString(i)).append('\n');
            }
          }
        }
      }
    }
    return all.toString();
  }

  @ParameterizedTest
  @EnumSource
  void keepsTheLongestOfEverything(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      String emoji = "😀";
      MemberProfile longest =
          MemberProfile.of(emoji.repeat(64))
              .withName(emoji.repeat(100))
              .withRegion(emoji.repeat(99) + "/" + emoji.repeat(100))
              .withSource(emoji.repeat(32));
      on.members().put(longest);
      on.openid("a".repeat(64), "o".repeat(128));

      Member member = on.members().find(longest.customerNo()).orElseThrow();
      assertThat(member.customerNos()).containsExactly(longest.customerNo());
      assertThat(member.name()).isEqualTo(longest.name());
      assertThat(member.region()).isEqualTo(longest.region());
      assertThat(member.source()).isEqualTo(longest.source().orElseThrow());
      assertThat(on.address("a".repeat(64), "o".repeat(128))).contains("o".repeat(128));
    }
  }

  // Bad input

  @ParameterizedTest
  @CsvSource({
    "FEMALE, FEMALE",
    "f, FEMALE",
    "女, FEMALE",
    "Male, MALE",
    "M, MALE",
    "' 男 ', MALE",
    "UNKNOWN, ",
    "未知, ",
    "' ', ",
    ", "
  })
  void readsAGender(String text, Gender gender) {
    assertThat(Gender.of(text)).isEqualTo(Optional.ofNullable(gender));
  }

  @Test
  void namesTheFieldOfABadProfile() {
    MemberProfile good = MemberProfile.of("C1");
    String[] phones = new String[21];
    for (int i = 0; i < phones.length; i++) {
      phones[i] = "138001380" + (10 + i);
    }
    Map<String, List<ThrowingCallable>> bad =
        Map.of(
            "customerNo",
            List.of(
                () -> MemberProfile.of(null),
                () -> MemberProfile.of(" "),
                () -> MemberProfile.of("x".repeat(65)),
                () -> MemberProfile.of("a\nb"),
                () -> MemberProfile.of("a\u0000b")),
            "name",
            List.of(
                () -> good.withName(""),
                () -> good.withName("x".repeat(101)),
                () -> good.withName("\ud83d")),
            "gender",
            List.of(() -> Gender.of("x")),
            "birthday's year",
            List.of(
                () -> good.withBirthday(LocalDate.of(1899, 12, 31)),
                () -> good.withBirthday(LocalDate.MAX)),
            "region",
            List.of(() -> good.withRegion("/"), () -> good.withRegion("?")),
            "phones",
            List.of(
                () -> good.withPhones("12"),
                () -> good.withPhones(""),
                () -> good.withPhones(phones)),
            "source",
            List.of(() -> good.withSource("x".repeat(33))));

    bad.forEach(
        (field, calls) ->
            calls.forEach(
                call ->
                    assertThatThrownBy(call)
                        .as(field)
                        .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            e -> assertThat(e.field()).isEqualTo(field))));
    assertThat(profile()).hasToString("MemberProfile[***]");
  }

  @ParameterizedTest
  @EnumSource
  void refusesBadInputAndWritesNothing(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Members members = on.members();
      Map<String, List<ThrowingCallable>> bad =
          Map.of(
              "birthday",
              List.of(() -> members.put(profile().withBirthday(LocalDate.of(2026, 5, 2)))),
              "profile",
              List.of(() -> members.put(null)),
              "customerNo",
              List.of(
                  () -> members.find(" "),
                  () -> members.declareWalkIn(null),
                  () -> members.declareWalkIn("x".repeat(65)),
                  () -> members.withdrawWalkIn("")),
              "phone",
              List.of(() -> members.byPhone("x"), () -> members.releasePhone("C1", "x")),
              "limit",
              List.of(
                  () -> members.page(0, 0),
                  () -> members.page(0, 1_001),
                  () -> members.duplicates(0, -1)),
              "openid",
              List.of(
                  () -> members.byOpenid("wx1", " "),
                  () -> on.openid("wx1", "o".repeat(129)),
                  () -> on.follows("wx1", "", true, MemberFixture.NOW)),
              "account",
              List.of(() -> members.byOpenid(null, "o"), () -> on.openid("", "o")),
              "buyer.phone",
              List.of(() -> on.identify("C1", "王伟", "1380013"), () -> on.identify(null, null, "")),
              "buyer.customerNo",
              List.of(() -> on.identify("x".repeat(65), null, null)),
              "buyer.name",
              List.of(() -> on.identify("C1", "a\u0001", null)));

      bad.forEach(
          (field, calls) ->
              calls.forEach(
                  call ->
                      assertThatThrownBy(call)
                          .as(field)
                          .isInstanceOfSatisfying(
                              InvalidInputException.class,
                              e -> assertThat(e.field()).isEqualTo(field))));
      assertThat(on.count("member") + on.count("identity")).isZero();
      assertThatThrownBy(
              () -> {
                members.declareWalkIn("C1");
                members.put(profile());
              })
          .isInstanceOf(ConflictException.class);
      assertThat(on.count("member")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void keysWithQuotesAndSlashesAreJustKeys(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      Set<Long> found = new HashSet<>();
      List<String> hostile =
          List.of(
              "a'b",
              "a\"b",
              "a/b",
              "a\\b",
              "a%b",
              "a_b",
              "'; DROP TABLE x; --",
              "<ids>",
              ":id",
              "{member}");
      for (String no : hostile) {
        found.add(on.identify(no, no, null).getAsLong());
        assertThat(on.members().find(no).orElseThrow().name()).contains(no);
      }
      assertThat(found).hasSize(hostile.size());
    }
  }
}

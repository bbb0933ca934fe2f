package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.ConflictException;
import io.laoke.error.LaokeException;
import io.laoke.imports.ImportFact;
import io.laoke.imports.Imports;
import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TestServer;
import io.laoke.testing.TextColumns;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who erases in a transaction that began before the last of the person came. */
class ErasedInOlderSnapshotTest {
  /** A person with an order, followed by a friend. */
  private record Person(int n, String order, long member, String openid, String friend) {
    static Person of(World on, int n) {
      Buyer buyer = Buyer.of("KH-7700" + n, "王小明" + n, "1391234567" + n);
      String order = on.order(buyer);
      Person made =
          new Person(
              n, order, on.memberOf(order).orElseThrow(), "oWangXiaoMing" + n, "oFriend" + n);
      on.scan(made.openid, order);
      on.scan(made.friend, order);
      return made;
    }

    String name() {
      return "王小明" + n;
    }

    String phone() {
      return "1391234567" + n;
    }

    List<String> needles() {
      return List.of(name(), phone(), "KH-7700" + n, openid);
    }
  }

  /** What may come of a person at any moment. */
  private enum Since {
    SAID {
      @Override
      void comes(World on, Person person) {
        on.engine.receive(on.text(person.openid, "我是" + person.name()));
      }
    },
    TRIED_TO_CLAIM {
      @Override
      void comes(World on, Person person) {
        on.engine.receive(on.text(person.openid, "绑定 " + on.guestOrder() + " 0000"));
      }
    },
    SCANNED_FOR_ANOTHER {
      @Override
      void comes(World on, Person person) {
        String another = on.order(Buyer.of("C-" + person.n, "李四", null));
        on.scan(person.openid, another);
        on.engine
            .bindings()
            .unbind(another, World.ACCOUNT, person.openid, "店员", person.name() + " 说不是");
      }
    },
    REPLIED_TO_A_FRIEND {
      @Override
      void comes(World on, Person person) {
        assertThat(on.scan(person.friend, person.order)).contains(person.order);
      }
    },
    STAGE {
      @Override
      void comes(World on, Person person) {
        on.engine
            .orders()
            .advance(
                person.order, StageReport.of(Stage.SHIPPED, on.now).text(person.name() + " 收"));
      }
    },
    UNBOUND {
      @Override
      void comes(World on, Person person) {
        on.engine
            .bindings()
            .unbind(person.order, World.ACCOUNT, person.friend, "店员", person.phone() + " 说不是");
      }
    },
    PHONE_OF_ANOTHER {
      @Override
      void comes(World on, Person person) {
        on.engine
            .orders()
            .upsert(
                on.aOrder("SO-P" + person.n)
                    .buyer(Buyer.of("C-" + person.n, "赵六", person.phone())));
      }
    },
    REFUSED {
      @Override
      void comes(World on, Person person) {
        Imports imports = on.engine.imports.imports(TestServer.outsideOfHosts(on.pool), on.dealer);
        imports.run(
            "h" + person.n,
            List.of(
                    ImportFact.refused(
                        ImportFact.Kind.MEMBER,
                        "KH-7700" + person.n,
                        "phone",
                        person.phone() + "0",
                        "too long"))
                .iterator());
      }
    },
    MERGED {
      @Override
      void comes(World on, Person person) {
        long keep = on.memberOf(on.order(Buyer.of("K-" + person.n, null, null))).orElseThrow();
        on.engine.members().merge(keep, person.member, "店长", "同一人");
      }
    };

    abstract void comes(World on, Person person);
  }

  private static Connection begun(World on, Person person, int level) throws SQLException {
    Connection host = on.pool.getConnection();
    host.setTransactionIsolation(level);
    host.setAutoCommit(false);
    assertThat(joined(on, host).find("KH-7700" + person.n)).isPresent();
    return host;
  }

  private static Members joined(World on, Connection host) {
    return on.engine.members.members(on.database.in(host), on.dealer);
  }

  private static void nothingIsLeft(World on, Person person, Since since) {
    assertThat(TextColumns.showing(on.pool, person.needles())).as("%s", since).isEmpty();
    for (String table : List.of("claim_try", "recipient", "store_follower")) {
      String key = table.equals("claim_try") ? "key_hash" : "openid_hash";
      long left =
          on.database.read(
              "count",
              tx ->
                  tx.query("SELECT COUNT(*) FROM {%s} WHERE %s = :hash".formatted(table, key))
                      .bind("hash", on.hash(person.openid))
                      .mapTo(Long.class)
                      .one());
      assertThat(left).as("%s: %s", since, table).isZero();
    }
    long told =
        on
            .database
            .read(
                "replies",
                tx -> tx.query("SELECT reply FROM {callback_inbox}").mapTo(String.class).list())
            .stream()
            .filter(reply -> reply != null && reply.contains(person.order))
            .count();
    assertThat(told).as("%s: told of %s", since, person.order).isZero();
  }

  private static void template(World on) {
    on.engine
        .notices()
        .template(Stage.SHIPPED, NoticeTemplate.of("tpl").field("thing1", "{buyer.name}"));
  }

  @ParameterizedTest
  @CsvSource({
    "H2, REPEATABLE_READ",
    "H2, SERIALIZABLE",
    "POSTGRESQL, REPEATABLE_READ",
    "POSTGRESQL, SERIALIZABLE"
  })
  void whereTheRestCannotBeSeenItIsRefusedAndTheHostGoesOn(TestServer server, String level)
      throws SQLException {
    try (World on = new World(server)) {
      Person person = Person.of(on, 1);
      try (Connection host =
          begun(
              on,
              person,
              level.equals("SERIALIZABLE")
                  ? Connection.TRANSACTION_SERIALIZABLE
                  : Connection.TRANSACTION_REPEATABLE_READ)) {
        Members members = joined(on, host);
        assertThatThrownBy(() -> members.erase(person.member, "店长", "客户要求"))
            .isInstanceOfSatisfying(
                ConflictException.class, told -> assertThat(told.retryable()).isFalse())
            .hasMessageContainingAll("READ COMMITTED", "outside of any transaction");
        assertThat(members.declareWalkIn("0000")).isTrue();
        host.commit();
        host.setAutoCommit(true);
      }
      assertThat(on.engine.members().walkIns()).containsExactly("0000");
      assertThat(on.engine.members().find("KH-77001")).isPresent();
    }
  }

  @ParameterizedTest
  @CsvSource({"H2", "POSTGRESQL", "MYSQL", "MARIADB"})
  void atReadCommittedWhatCameSinceGoesToo(TestServer server) throws SQLException {
    goesToo(server, Connection.TRANSACTION_READ_COMMITTED);
  }

  @ParameterizedTest
  @CsvSource({"MYSQL", "MARIADB"})
  void whatCameSinceAnOlderSnapshotGoesTooOrTheHostRepeats(TestServer server) throws SQLException {
    goesToo(server, Connection.TRANSACTION_REPEATABLE_READ);
  }

  private static void goesToo(TestServer server, int level) throws SQLException {
    try (World on = new World(server)) {
      template(on);
      int n = 0;
      for (Since since : Since.values()) {
        Person person = Person.of(on, n++);
        boolean came = false;
        boolean again = true;
        while (again) {
          try (Connection host = begun(on, person, level)) {
            if (!came) {
              since.comes(on, person);
            }
            try {
              joined(on, host).erase(person.member, "店长", "客户要求");
              host.commit();
              again = false;
            } catch (LaokeException told) {
              host.rollback();
              assertThat(told.retryable()).as("%s: %s", since, told).isTrue();
              assertThat(came).as("%s: told so twice", since).isFalse();
            }
            came = true;
            host.setAutoCommit(true);
          }
        }
        nothingIsLeft(on, person, since);
      }
    }
  }

  /** No order of theirs shows it, nor an identity. */
  @ParameterizedTest
  @CsvSource({"MYSQL", "MARIADB"})
  void whoWasMergedSinceIsErasedWithWhomTheyAreNow(TestServer server) throws SQLException {
    try (World on = new World(server)) {
      on.engine.members().put(MemberProfile.of("KH-1").withName("王芳").withPhones("13912345678"));
      on.engine.members().put(MemberProfile.of("KH-2"));
      long away = on.engine.members().find("KH-1").orElseThrow().id();
      long keep = on.engine.members().find("KH-2").orElseThrow().id();
      try (Connection host = on.pool.getConnection()) {
        host.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        host.setAutoCommit(false);
        assertThat(joined(on, host).find("KH-1")).isPresent();
        on.engine.members().merge(keep, away, "店长", "同一人");

        assertThatThrownBy(() -> joined(on, host).erase(away, "店长", "客户要求"))
            .isInstanceOfSatisfying(
                LaokeException.class, told -> assertThat(told.retryable()).isTrue());

        host.rollback();
        joined(on, host).erase(away, "店长", "客户要求");
        host.commit();
        host.setAutoCommit(true);
      }
      assertThat(TextColumns.showing(on.pool, List.of("王芳", "13912345678", "KH-2"))).isEmpty();
    }
  }
}

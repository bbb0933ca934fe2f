package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.base.Upserted;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.Attributes;
import io.laoke.member.Event;
import io.laoke.member.EventType;
import io.laoke.member.Events;
import io.laoke.member.MemberModule;
import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who declares and who writes values wait for each other; on H2 nobody holds a row with others. */
class DeclaredWhileWrittenTest {
  private static final EventType VISIT = EventType.of("到店").property(AttributeType.text("话"));

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL", "MARIADB"})
  void noValueOfAnotherTypeStays(TestServer server) throws Exception {
    try (Locks locks = new Locks(server);
        Connection host = locks.on.pool.getConnection()) {
      World on = locks.on;
      MemberModule module = on.engine.members;
      // The first of all writers makes the row that the others share.
      on.engine.members().put(MemberProfile.of("C1").withAttribute("x", Attribute.of(1)));
      on.engine.members().put(MemberProfile.of("C2"));
      long one = on.engine.members().find("C1").orElseThrow().id();
      long two = on.engine.members().find("C2").orElseThrow().id();
      Attributes attributes = module.attributes(on.database, on.dealer);
      Events events = module.events(on.database, on.dealer);
      events.declare(VISIT);
      // Above it, MySQL and MariaDB also lock the gaps where others insert.
      host.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      host.setAutoCommit(false);
      Members hosts = module.members(on.database.in(host), on.dealer);
      Events hostsEvents = module.events(on.database.in(host), on.dealer);

      hosts.attributes(one, Map.of("级别", Attribute.of("金")));
      assertThat(
              locks.waitsForNobody(
                  () -> on.engine.members().attributes(two, Map.of("级别", Attribute.of("银")))))
          .as("another writer")
          .isTrue();
      Future<Upserted> declaring = locks.waits(() -> attributes.put(AttributeType.integer("级别")));
      host.commit();
      assertThatThrownBy(() -> locks.ends(declaring))
          .hasCauseInstanceOf(ConflictException.class)
          .hasMessageContaining("2 have a value of kind TEXT");

      module.attributes(on.database.in(host), on.dealer).put(AttributeType.integer("积分"));
      Future<Boolean> writing =
          locks.waits(() -> on.engine.members().attributes(one, Map.of("积分", Attribute.of("甲"))));
      host.commit();
      assertThatThrownBy(() -> locks.ends(writing))
          .hasCauseInstanceOf(InvalidInputException.class)
          .hasMessageContaining("积分");

      hostsEvents.record(one, Event.of("到店", "E1", World.START).with("话", Attribute.of("好")));
      assertThat(locks.waitsForNobody(() -> events.record(two, Event.of("到店", "E2", World.START))))
          .isEqualTo(Upserted.CREATED);
      Future<Upserted> narrowing = locks.waits(() -> events.declare(EventType.of("到店")));
      host.commit();
      assertThatThrownBy(() -> locks.ends(narrowing))
          .hasCauseInstanceOf(ConflictException.class)
          .hasMessageContaining("1 have '话'");

      hostsEvents.declare(VISIT.property(AttributeType.flag("买")));
      Future<Upserted> recording =
          locks.waits(
              () ->
                  events.record(
                      two, Event.of("到店", "E3", World.START).with("买", Attribute.of(true))));
      host.commit();
      assertThat(locks.ends(recording)).isEqualTo(Upserted.CREATED);
    }
  }
}

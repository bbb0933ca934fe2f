package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.Laoke;
import io.laoke.member.MemberProfile;
import io.laoke.order.Statements;
import io.laoke.order.UnitServiceReport;
import io.laoke.sms.SmsPurpose;
import io.laoke.sms.SmsTemplate;
import io.laoke.testing.TestServer;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a tick asks of the database does not grow with the customers that it is about. Of H2, which
 * is for trying, some keys are asked one by one.
 */
class ReminderStatementsTest {
  private static final LocalDate DUE = ReminderFixture.START.plusMonths(6);

  private static final Pattern KIND =
      Pattern.compile(
          "\\A\\s*(SELECT|INSERT|UPDATE|DELETE)\\b.*?\\blaoke_((?:reminder|identity|member|consent"
              + "|pause|sms_template|order|customer|subscription|template)\\w*)");

  /** One of some rows is locked at a time where a list would make the database lock others, too. */
  private static final String ONE_BY_ONE = "IN (?) ORDER BY id FOR UPDATE";

  /** How many statements there were of each kind, of tables about customers and their tasks. */
  private static Map<String, Integer> asked(Statements statements) {
    Map<String, Integer> asked = new TreeMap<>();
    for (String call : statements.taken()) {
      for (String sql : call.split(";\n")) {
        Matcher kind = KIND.matcher(sql.replace('\n', ' '));
        if (!sql.contains(ONE_BY_ONE) && kind.find()) {
          asked.merge(kind.group(1) + " " + kind.group(2), 1, Integer::sum);
        }
      }
    }
    return asked;
  }

  /** Each of a phone of their own, told by text message first. */
  private static ReminderFixture texted(TestServer server, int customers) {
    ReminderFixture laoke = new ReminderFixture(server);
    laoke
        .dealer()
        .sms()
        .templates()
        .put(
            SmsTemplate.of(
                    ReminderSettings.SMS_TEMPLATE, SmsPurpose.NOTICE, "您的${items}该${service}了。")
                .with("items", 6)
                .with("service", 6)
                .approved("aliyun", "SMS_7")
                .build());
    laoke
        .rules()
        .put(
            ReminderFixture.cleaning()
                .named("清洗")
                .contact(ContactPlan.auto().steps(ContactStep.SMS, ContactStep.CALL)));
    for (int i = 1; i <= customers; i++) {
      laoke
          .dealer()
          .members()
          .put(MemberProfile.of("C" + i).withPhones("1380000%04d".formatted(i)));
      laoke.sold("SO-" + i, "C" + i, 1);
      laoke.installed("SO-" + i, ReminderFixture.START);
    }
    laoke.tick();
    return laoke;
  }

  private static Map<String, Integer> dueByText(TestServer server, int customers) {
    try (ReminderFixture laoke = texted(server, customers)) {
      Statements statements = new Statements();
      try (Laoke counted = laoke.told(statements.of(laoke.pool))) {
        laoke.be(DUE);
        counted.tick(at(DUE));
        assertThat(laoke.sms.sent()).hasSize(customers);
        return asked(statements);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL", "MARIADB"})
  void customersAreToldByTextMessageByTheSameStatements(TestServer server) {
    assertThat(dueByText(server, 40)).isEqualTo(dueByText(server, 4));
  }

  private static Map<String, Integer> begunGoOn(TestServer server, int customers) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(customers);
      for (int i = 1; i <= customers; i++) {
        laoke.work().claim(laoke.task("SO-" + i), "li");
        // Something else, by which the order is planned anew and the task goes on.
        laoke
            .dealer()
            .services()
            .record("SO-" + i, UnitServiceReport.of("1", "REPAIR", at(laoke.today())));
      }
      Statements statements = new Statements();
      try (Laoke counted = laoke.over(statements.of(laoke.pool))) {
        counted.tick(at(laoke.today()));
      }
      assertThat(laoke.count("reminder_todo")).isZero();
      assertThat(laoke.work().list(TaskQuery.todo(), null, 100).tasks())
          .hasSize(customers)
          .extracting(Task::state)
          .containsOnly(TaskState.CLAIMED);
      return asked(statements);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL", "MARIADB"})
  void ordersOfTasksInHandArePlannedByTheSameStatements(TestServer server) {
    assertThat(begunGoOn(server, 40)).isEqualTo(begunGoOn(server, 4));
  }

  @ParameterizedTest
  @EnumSource
  void tasksInHandGoWithTheirUnitsTogether(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(4);
      for (int i = 1; i <= 4; i++) {
        laoke.work().claim(laoke.task("SO-" + i), "li");
      }
      for (int i : List.of(1, 3)) {
        laoke.sold("SO-" + i, "N" + i, 1); // corrected: somebody else bought it
      }
      laoke.tick();

      for (int i = 1; i <= 4; i++) {
        String customer = (i % 2 == 1 ? "N" : "C") + i;
        assertThat(laoke.work().find(laoke.task("SO-" + i)).orElseThrow().memberId())
            .hasValue(laoke.dealer().members().find(customer).orElseThrow().id());
      }
      assertThat(laoke.strays()).isEmpty();
    }
  }
}

package io.laoke.reminder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.catalog.Staff;
import io.laoke.error.ConflictException;
import io.laoke.error.NotFoundException;
import io.laoke.testing.TestServer;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may take tasks, by what is known of the dealer's staff. */
class TakingStaffTest {
  private static void staff(ReminderFixture laoke) {
    laoke.dealer().catalog().put(Staff.of("li", "李"));
    laoke.dealer().catalog().put(Staff.of("wang", "王"));
    laoke.dealer().catalog().put(Staff.of("gone", "孙").withActive(false));
  }

  private static void unknown(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("'lee'", "'hengxin' has no member of staff", "catalog().staff()");
  }

  private static void inactive(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("'gone'", "not active", "catalog().put(Staff)");
  }

  @ParameterizedTest
  @EnumSource
  void onlyActiveStaffCanBeGivenTasks(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(2);
      staff(laoke);
      Tasks tasks = laoke.work();
      long id = laoke.task("SO-1");
      TaskQuery todo = TaskQuery.todo();
      List<String> before = laoke.everything();
      unknown(() -> tasks.claim(id, "lee"));
      inactive(() -> tasks.claim(id, "gone"));
      unknown(() -> tasks.claimNext("lee", todo));
      inactive(() -> tasks.claimNext("gone", todo));
      unknown(() -> tasks.reassign(id, null, "lee", "boss"));
      inactive(() -> tasks.reassign(id, null, "gone", "boss"));
      assertThat(laoke.everything()).isEqualTo(before);

      tasks.claim(id, "li");
      unknown(() -> tasks.reassign(id, "li", "lee", "boss"));
      unknown(() -> tasks.leave("li", "lee", "boss"));
      inactive(() -> tasks.leave("li", "gone", "boss"));
      unknown(() -> tasks.leave("lee", "li", "boss"));
      unknown(() -> tasks.leave("lee", null, "boss"));
      assertThat(tasks.find(id).orElseThrow().assignee()).hasValue("li");
      assertThat(tasks.leave("gone", "wang", "boss")).as("left, with nothing").isZero();
      assertThat(tasks.reassign(id, "li", "wang", "boss")).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoLeavesEndsWhatTheyBeganOrGivesItOver(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(3);
      Tasks tasks = laoke.work();
      tasks.claim(laoke.task("SO-1"), "gone");
      tasks.claim(laoke.task("SO-2"), "gone");
      tasks.reassign(laoke.task("SO-3"), null, "lee", "boss"); // before any staff were put
      staff(laoke);

      inactive(() -> tasks.claim(laoke.task("SO-1"), "gone"));
      assertThat(tasks.refused(laoke.task("SO-1"), "gone", null)).isTrue();
      assertThat(tasks.leave("gone", "li", "boss")).isEqualTo(1);
      assertThat(tasks.leave("gone", "li", "boss")).isZero();
      assertThat(tasks.leave("lee", "li", "boss")).isEqualTo(1);
      assertThat(tasks.find(laoke.task("SO-3")).orElseThrow().assignee()).hasValue("li");

      assertThat(tasks.reassign(laoke.task("SO-3"), "li", "wang", "boss")).isTrue();
      laoke.dealer().catalog().put(Staff.of("wang", "王").withActive(false));
      assertThat(tasks.reassign(laoke.task("SO-3"), "li", "wang", "boss"))
          .as("a repeat changes nothing")
          .isFalse();
      assertThat(tasks.claim(laoke.task("SO-3"), "wang").state())
          .as("theirs for good, with nothing to prolong")
          .isEqualTo(TaskState.CLAIMED);
    }
  }
}

package io.laoke.reminder;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How the customer hears of a service that is due. Each step is taken only for a reason that the
 * one before has left: it could not reach them, or they said nothing for some days. Immutable.
 *
 * @param steps one after the other, each at most once, {@link ContactStep#CALL} last if at all
 * @param silenceDays after so many days without a word the next step is taken, 1 to 30
 */
public record ContactPlan(List<ContactStep> steps, int silenceDays) {
  private static final ContactPlan AUTO =
      new ContactPlan(List.of(ContactStep.TEMPLATE, ContactStep.SMS, ContactStep.CALL), 3);
  private static final ContactPlan BY_STAFF = new ContactPlan(List.of(ContactStep.CALL), 3);

  /** Checks and copies. */
  public ContactPlan {
    steps = List.copyOf(notNull("contact.steps", steps));
    range("contact.silenceDays", silenceDays, 1, 30);
    if (steps.isEmpty()) {
      throw new InvalidInputException(
          "contact.steps", "must name one step or more, such as TEMPLATE and CALL");
    }
    if (steps.stream().distinct().count() < steps.size()) {
      throw new InvalidInputException(
          "contact.steps", "must name each step once, was %s".formatted(steps));
    }
    if (steps.contains(ContactStep.SUBSCRIPTION)) {
      throw new InvalidInputException(
          "contact.steps",
          "must not name SUBSCRIPTION, which is taken by itself before TEMPLATE; was %s"
              .formatted(steps));
    }
    int call = steps.indexOf(ContactStep.CALL);
    if (call >= 0 && call < steps.size() - 1) {
      throw new InvalidInputException(
          "contact.steps",
          "must end with CALL, since nothing follows a call; was %s".formatted(steps));
    }
  }

  /** A WeChat message, else a text message, else a call; 3 days of silence count as no answer. */
  public static ContactPlan auto() {
    return AUTO;
  }

  /** Nobody but staff tells them. */
  public static ContactPlan byStaff() {
    return BY_STAFF;
  }

  /** With other steps. */
  public ContactPlan steps(ContactStep... given) {
    return new ContactPlan(Arrays.asList(given), silenceDays);
  }

  /**
   * With another time that counts as no answer.
   *
   * @param days 1 to 30
   */
  public ContactPlan silenceDays(int days) {
    return new ContactPlan(steps, days);
  }

  /** As tables keep it. */
  String stored() {
    return steps.stream().map(ContactStep::name).collect(Collectors.joining(","))
        + ";"
        + silenceDays;
  }

  /** Reads what {@link #stored} gave; steps of a newer version are left out. */
  static ContactPlan stored(String text) {
    int end = text.indexOf(';');
    List<String> known = Arrays.stream(ContactStep.values()).map(ContactStep::name).toList();
    List<ContactStep> steps =
        Arrays.stream(text.substring(0, end).split(","))
            .map(name -> name.toUpperCase(Locale.ROOT))
            .filter(known::contains)
            .map(ContactStep::valueOf)
            .filter(step -> step != ContactStep.SUBSCRIPTION)
            .toList();
    return new ContactPlan(
        steps.isEmpty() ? BY_STAFF.steps : steps, Integer.parseInt(text.substring(end + 1)));
  }
}

package io.laoke.push;

import static io.laoke.base.Check.range;

/**
 * How a dealer plans. Immutable; each method gives a changed copy.
 *
 * @param monthly how many mass messages a follower can get in a calendar month, console and API
 *     together: 4 for a service account
 * @param kept how many of them only plans of {@link PlanPriority#HIGH} may use
 * @param heldOut how many of 1,000 members no plan of the dealer reaches, always the same ones (for
 *     5: {@code Criteria.bucket("holdout", 0, 50)}), so that what plans bring in can be told
 * @param approvedByAnother whether a plan is approved by somebody else than whoever submitted it
 */
public record PlanSettings(int monthly, int kept, int heldOut, boolean approvedByAnother) {
  /** Checks. */
  public PlanSettings {
    range("plans.monthly", monthly, 1, 100);
    range("plans.kept", kept, 0, monthly);
    range("plans.heldOut", heldOut, 0, 500);
  }

  /** Four a month, one of them kept, nobody held out, approved by another. */
  public static PlanSettings standard() {
    return new PlanSettings(4, 1, 0, true);
  }

  /** With so many messages a month. */
  public PlanSettings withMonthly(int many) {
    return new PlanSettings(many, kept, heldOut, approvedByAnother);
  }

  /** With so many kept for plans of high priority. */
  public PlanSettings withKept(int many) {
    return new PlanSettings(monthly, many, heldOut, approvedByAnother);
  }

  /** With so many of 1,000 members held out of all plans. */
  public PlanSettings withHeldOut(int perMille) {
    return new PlanSettings(monthly, kept, perMille, approvedByAnother);
  }

  /** Lets whoever submitted a plan approve it, as in a shop of one. */
  public PlanSettings approvedByAnybody() {
    return new PlanSettings(monthly, kept, heldOut, false);
  }

  /** Of how many messages a month a plan may make use. */
  int open(PlanPriority priority) {
    return priority == PlanPriority.HIGH ? monthly : monthly - kept;
  }

  /** As it is kept; read by {@link #restored}. */
  public String stored() {
    return "%d/%d/%d/%b".formatted(monthly, kept, heldOut, approvedByAnother);
  }

  /**
   * Reads what {@link #stored} gave.
   *
   * @throws RuntimeException if it is something else
   */
  public static PlanSettings restored(String stored) {
    String[] parts = stored.split("/", -1);
    return new PlanSettings(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Boolean.parseBoolean(parts[3]));
  }
}

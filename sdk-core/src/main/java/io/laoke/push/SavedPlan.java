package io.laoke.push;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A plan as it is kept.
 *
 * @param plan its newest version
 * @param version 1 or more; grows with each change
 * @param hash of all that the version says, in base64url, of the very contents once it is
 *     submitted: what is approved is this
 * @param state how far it is
 * @param changedAt business time of the last change or step
 * @param changedBy who did it
 * @param submittedBy who submitted this version, if anybody did
 * @param allocatedAt business time as of which it was decided who gets what, if it was
 * @param contents the version of each content that is sent, by its key, as it was when the plan was
 *     submitted; empty before. What is changed of a content afterwards is not in this plan
 */
public record SavedPlan(
    Plan plan,
    int version,
    String hash,
    PlanState state,
    Instant changedAt,
    String changedBy,
    Optional<String> submittedBy,
    Optional<Instant> allocatedAt,
    Map<String, Integer> contents) {
  /** Copies. */
  public SavedPlan {
    contents = Map.copyOf(contents);
  }

  /** A version that nobody has submitted. */
  static SavedPlan draft(Plan plan, int version, Instant at, String by) {
    return new SavedPlan(
        plan,
        version,
        PlanJson.hash(PlanJson.write(plan)),
        PlanState.DRAFT,
        at,
        by,
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  /** Handed over by somebody, with the very contents that are meant. */
  SavedPlan submitted(String who, Collection<SavedContent> sent) {
    Map<String, Integer> versions = new TreeMap<>();
    StringBuilder said = new StringBuilder(PlanJson.write(plan));
    for (SavedContent one : sent) {
      versions.put(one.key(), one.version());
      said.append('\n').append(one.hash());
    }
    return new SavedPlan(
        plan,
        version,
        PlanJson.hash(said.toString()),
        state,
        changedAt,
        changedBy,
        Optional.of(who),
        allocatedAt,
        versions);
  }

  /** Decided, as of a moment. */
  SavedPlan allocated(Instant asOf) {
    return new SavedPlan(
        plan, version, hash, state, changedAt, changedBy, submittedBy, Optional.of(asOf), contents);
  }

  /** In another state, to which somebody took it. */
  SavedPlan in(PlanState next, Instant at, String by) {
    return new SavedPlan(plan, version, hash, next, at, by, submittedBy, allocatedAt, contents);
  }
}

package io.laoke.push;

import java.time.Instant;
import java.util.Optional;

/**
 * A plan as it is kept.
 *
 * @param plan its newest version
 * @param version 1 or more; grows with each change
 * @param hash of all that the version says, in base64url: what is approved is this
 * @param state how far it is
 * @param changedAt business time of the last change or step
 * @param changedBy who did it
 * @param submittedBy who submitted this version, if anybody did
 * @param allocatedAt business time as of which it was decided who gets what, if it was
 */
public record SavedPlan(
    Plan plan,
    int version,
    String hash,
    PlanState state,
    Instant changedAt,
    String changedBy,
    Optional<String> submittedBy,
    Optional<Instant> allocatedAt) {}

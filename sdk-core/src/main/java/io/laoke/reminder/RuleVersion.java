package io.laoke.reminder;

import java.time.Instant;

/**
 * A rule as it is recorded.
 *
 * @param rule the rule
 * @param version 1, and one more with each change
 * @param active false once it was retired
 * @param changedAt business time of that version
 */
public record RuleVersion(ReminderRule rule, int version, boolean active, Instant changedAt) {}

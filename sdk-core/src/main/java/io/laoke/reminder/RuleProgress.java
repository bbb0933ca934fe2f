package io.laoke.reminder;

import java.time.Instant;
import java.util.Optional;

/**
 * How far reminders have followed the last change of a rule.
 *
 * @param code of the rule
 * @param version which change
 * @param effect on those that have followed
 * @param doneAt business time when all had; empty while it goes on
 */
public record RuleProgress(String code, int version, RuleEffect effect, Optional<Instant> doneAt) {}

package io.laoke.member;

import java.time.Instant;
import java.util.Optional;

/**
 * Who changed what in a member's file, when and why.
 *
 * @param id gives the next page of {@link Members#audit}
 * @param action what was done
 * @param subject with what: the tag, the remark's id, the purpose, or the complaint's number
 * @param until when a pause was to end by itself
 * @param why why, where that is asked for
 * @param by who did it
 * @param at business time
 */
public record AuditEntry(
    long id,
    Action action,
    String subject,
    Optional<Instant> until,
    Optional<String> why,
    String by,
    Instant at) {
  /** What was done. */
  public enum Action {
    /** A tag was given. */
    TAGGED,
    /** A tag was taken away. */
    UNTAGGED,
    /** Something was noted. */
    REMARKED,
    /** A remark was taken back, and its words are gone. */
    REMARK_TAKEN_BACK,
    /** Messages of a purpose were paused. */
    PAUSED,
    /** They go again. */
    RESUMED,
    /** A complaint was opened. */
    COMPLAINT_OPENED,
    /** It was closed. */
    COMPLAINT_CLOSED
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "AuditEntry[%d, %s, %s]".formatted(id, action, at);
  }
}

package io.laoke.member;

import java.time.Instant;

/**
 * That a person was erased.
 *
 * @param id of the record
 * @param memberId the pseudonym under which what they bought still counts
 * @param by who did it
 * @param at business time
 */
public record Erasure(long id, long memberId, String by, Instant at) {}

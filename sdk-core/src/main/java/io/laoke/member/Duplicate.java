package io.laoke.member;

import java.time.Instant;

/**
 * Two members that may be one person.
 *
 * @param id of the pair, for paging
 * @param one the older member's id
 * @param other the other member's id
 * @param why what they met at: PHONE, or what the floor that noted it said
 * @param since when it was first noted
 */
public record Duplicate(long id, long one, long other, String why, Instant since) {}

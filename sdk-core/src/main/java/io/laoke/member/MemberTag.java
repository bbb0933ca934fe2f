package io.laoke.member;

import java.time.Instant;

/**
 * A word that staff sort members by.
 *
 * @param tag the word
 * @param by who gave it to the member
 * @param at business time
 */
public record MemberTag(String tag, String by, Instant at) {}

package io.laoke.segment;

import java.time.Instant;

/**
 * Members frozen at a time. Consent, caps and quiet hours are asked again for each of them when
 * something is sent.
 *
 * @param id its number
 * @param name what people call it
 * @param segment canonical, references expanded: it says the same for ever
 * @param hash of that
 * @param asOf to which its windows were relative
 * @param members how many there are
 * @param frozenAt business time
 * @param frozenBy who did it
 */
public record Audience(
    long id,
    String name,
    Segment segment,
    String hash,
    Instant asOf,
    long members,
    Instant frozenAt,
    String frozenBy) {}

package io.laoke.segment;

import java.time.Instant;

/**
 * A segment under a key.
 *
 * @param key by which others refer to it
 * @param version 1 when it was first saved, one more with each change, of which a removal is one
 * @param name what people call it
 * @param segment as it was given
 * @param hash of its canonical form with the references as they were when it was saved: equal ones
 *     ask the same
 * @param savedAt business time
 * @param savedBy who saved it
 */
public record SavedSegment(
    String key,
    int version,
    String name,
    Segment segment,
    String hash,
    Instant savedAt,
    String savedBy) {}

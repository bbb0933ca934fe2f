package io.laoke.push;

import java.time.Instant;

/**
 * A content under a key.
 *
 * @param key by which plans refer to it
 * @param version 1 when it was first saved, one more with each change, of which a removal is one
 * @param name what people call it
 * @param content as it was given, drafts in it read
 * @param hash of its canonical form: equal ones have the same content
 * @param savedAt business time
 * @param savedBy who saved it
 */
public record SavedContent(
    String key,
    int version,
    String name,
    Content content,
    String hash,
    Instant savedAt,
    String savedBy) {}

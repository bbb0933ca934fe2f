package io.laoke.member;

import java.time.Instant;

/**
 * An event as it is recorded.
 *
 * @param memberId whose it is now
 * @param event what happened
 * @param recordedAt when it was first recorded; business time
 */
public record RecordedEvent(long memberId, Event event, Instant recordedAt) {}

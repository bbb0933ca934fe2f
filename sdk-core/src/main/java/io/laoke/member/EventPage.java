package io.laoke.member;

import java.util.List;
import java.util.Optional;

/**
 * Some events of a member.
 *
 * @param events the latest first
 * @param next what to give for the next page; empty after the last
 */
public record EventPage(List<RecordedEvent> events, Optional<String> next) {
  /** Copies. */
  public EventPage {
    events = List.copyOf(events);
  }
}

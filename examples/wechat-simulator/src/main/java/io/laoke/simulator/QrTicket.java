package io.laoke.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A parametric QR code that a host had made.
 *
 * @param ticket for {@code showqrcode}
 * @param url the text inside the code
 * @param scene scene value, as the event key tells it
 * @param numeric whether the scene was given as {@code scene_id}
 * @param until platform time when it expires; {@code null} for a permanent one
 */
public record QrTicket(
    String ticket, String url, String scene, boolean numeric, @Nullable Instant until) {

  /** Whether it no longer works at this platform time. */
  public boolean expired(Instant now) {
    return until != null && !now.isBefore(until);
  }
}

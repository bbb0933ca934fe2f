package io.laoke.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A parametric QR code: {@code until} is {@code null} for a permanent one. */
record QrTicket(String ticket, String url, String scene, boolean numeric, @Nullable Instant until) {

  boolean expired(Instant now) {
    return until != null && !now.isBefore(until);
  }
}

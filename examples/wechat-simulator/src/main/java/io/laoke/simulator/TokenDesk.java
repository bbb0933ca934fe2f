package io.laoke.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The access tokens of one account. The stable line and the classic line are isolated from each
 * other. Guarded by the world.
 */
final class TokenDesk {
  static final Duration LIFE = Duration.ofHours(2);
  static final Duration OVERLAP = Duration.ofMinutes(5);
  private static final Duration FORCE_GAP = Duration.ofSeconds(30);
  private static final int FORCES_A_DAY = 20;

  /** What the platform says about a token. */
  enum Verdict {
    GOOD,
    EXPIRED,
    VOID
  }

  /** A token and how long it still lives. */
  record Issued(String value, long expiresIn) {}

  private static final class Token {
    final String value;
    Instant until;
    boolean superseded;

    Token(String value, Instant until) {
      this.value = value;
      this.until = until;
    }
  }

  private final World world;
  private final Map<String, Token> all = new HashMap<>();
  private @Nullable Token stable;
  private @Nullable Token classic;
  private @Nullable Token classicBefore;
  private @Nullable Instant lastForce;
  private @Nullable LocalDate forceDay;
  private int forcesToday;
  private int issued;

  TokenDesk(World world) {
    this.world = world;
  }

  Issued classic() {
    if (classicBefore != null) {
      voidNow(classicBefore); // only the last two work
    }
    if (classic != null && classic.until.isAfter(world.now())) {
      overlap(classic);
      classicBefore = classic;
    }
    Token token = fresh();
    classic = token;
    return new Issued(token.value, LIFE.toSeconds());
  }

  Issued stable(boolean force) throws Refusal {
    Instant now = world.now();
    Token held = stable;
    if (force && (lastForce == null || !now.isBefore(lastForce.plus(FORCE_GAP)))) {
      countForce();
      lastForce = now;
      if (held != null) {
        voidNow(held);
      }
      held = null;
    }
    if (held != null && held.until.isAfter(now)) {
      Duration left = Duration.between(now, held.until);
      if (left.compareTo(OVERLAP) > 0) {
        return new Issued(held.value, left.toSeconds());
      }
      overlap(held);
    }
    Token token = fresh();
    stable = token;
    return new Issued(token.value, LIFE.toSeconds());
  }

  private void countForce() throws Refusal {
    if (!world.today().equals(forceDay)) {
      forceDay = world.today();
      forcesToday = 0;
    }
    if (forcesToday >= FORCES_A_DAY) {
      throw new Refusal(45009);
    }
    forcesToday++;
  }

  private Token fresh() {
    issued++;
    Token token = new Token("88_" + world.alnum(133), world.now().plus(LIFE));
    all.put(token.value, token);
    return token;
  }

  private void overlap(Token token) {
    token.until = world.now().plus(OVERLAP);
    token.superseded = true;
  }

  private void voidNow(Token token) {
    if (token.until.isAfter(world.now())) {
      token.until = world.now();
      token.superseded = true;
    }
  }

  /** The verdict on a token of this account, or {@code null} if it never was one. */
  @Nullable Verdict check(String value) {
    Token token = all.get(value);
    if (token == null) {
      return null;
    }
    if (world.now().isBefore(token.until)) {
      return Verdict.GOOD;
    }
    return token.superseded ? Verdict.VOID : Verdict.EXPIRED;
  }

  void voidAll() {
    all.values().forEach(this::voidNow);
    stable = null;
    classic = null;
    classicBefore = null;
  }

  int issued() {
    return issued;
  }
}

package io.laoke.examples.benchmarks.crash;

import io.laoke.simulator.Faults;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Orders one fault after the other, each kind once before any comes again. */
final class CrashFaults {
  static final String SEND = "/cgi-bin/message/template/send";

  private final WeChatSimulator wechat;
  private final SimulatedAccount account;
  private final Duration longerThanACall;
  private final Random random;
  private final List<Kind> left = new ArrayList<>();
  private final Map<Kind, List<Faults.Fault>> ordered = new TreeMap<>();
  private int tokensVoided;

  private enum Kind {
    BUSY,
    ACCEPTED_THEN_TIMEOUT,
    ACCEPTED_THEN_RESET,
    ACCEPTED_THEN_502,
    ACCEPTED_THEN_GARBLED,
    ACCEPTED_THEN_CUT_OFF,
    RESET_UNREAD,
    RESET_UNPROCESSED,
    TOKEN_REFUSED,
    ALL_TOKENS_VOID,
    QUOTA_USED_UP
  }

  CrashFaults(
      WeChatSimulator wechat, SimulatedAccount account, Duration callTimeout, Random random) {
    this.wechat = wechat;
    this.account = account;
    this.longerThanACall = callTimeout.plusSeconds(1);
    this.random = random;
  }

  void next() {
    if (left.isEmpty()) {
      Collections.addAll(left, Kind.values());
      Collections.shuffle(left, random);
    }
    Kind kind = left.remove(left.size() - 1);
    Faults.CallFault once = wechat.faults().onCall(SEND);
    switch (kind) {
      case BUSY -> order(kind, once.times(2).answer(-1));
      case ACCEPTED_THEN_TIMEOUT -> order(kind, once.acceptThenHang(longerThanACall));
      case ACCEPTED_THEN_RESET -> order(kind, once.acceptThenReset());
      case ACCEPTED_THEN_502 -> order(kind, once.acceptThenHttpStatus(502));
      case ACCEPTED_THEN_GARBLED -> order(kind, once.acceptThenGarble());
      case ACCEPTED_THEN_CUT_OFF -> order(kind, once.acceptThenTruncate());
      case RESET_UNREAD -> order(kind, once.resetBeforeReading());
      case RESET_UNPROCESSED -> order(kind, once.resetUnprocessed());
      case TOKEN_REFUSED -> order(kind, once.answer(40001));
      case QUOTA_USED_UP -> order(kind, once.answer(45009));
      case ALL_TOKENS_VOID -> {
        account.voidTokens();
        tokensVoided++;
      }
    }
  }

  private void order(Kind kind, Faults.Fault fault) {
    ordered.computeIfAbsent(kind, any -> new ArrayList<>()).add(fault);
  }

  /** How often a message was taken and its sender not told. */
  int leftInDoubt() {
    return struck().entrySet().stream()
        .filter(kind -> kind.getKey().startsWith("ACCEPTED"))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** How often each kind struck. */
  Map<String, Integer> struck() {
    Map<String, Integer> struck = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      struck.put(
          kind.name(),
          kind == Kind.ALL_TOKENS_VOID
              ? tokensVoided
              : ordered.getOrDefault(kind, List.of()).stream().mapToInt(Faults.Fault::used).sum());
    }
    return struck;
  }
}

package io.laoke.simulator;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Faults ordered by a test or from the page. A call or push is struck by the first ordered fault
 * that fits it and is not used up; orders are consumed one by one. Safe for use by many threads.
 */
public final class Faults {
  private final World world;
  private final List<Fault> calls = new ArrayList<>();
  private final List<Fault> callbacks = new ArrayList<>();
  private final List<Fault> deliveries = new ArrayList<>();
  private final List<Fault> masses = new ArrayList<>();
  private final List<Fault> protections = new ArrayList<>();
  private final Runnable release;

  Faults(World world, Runnable release) {
    this.world = world;
    this.release = release;
  }

  /** Orders a fault for calls of one path, such as {@code /cgi-bin/message/template/send}. */
  public CallFault onCall(String path) {
    return new CallFault(AccountSpec.requireText(path, "path"));
  }

  /** Orders a fault for calls of any path. */
  public CallFault onAnyCall() {
    return new CallFault(null);
  }

  /**
   * Orders a fault for pushes of one event or message type, such as {@code SCAN} or {@code text}.
   */
  public CallbackFault onCallback(String event) {
    return new CallbackFault(AccountSpec.requireText(event, "event"));
  }

  /** Orders a fault for pushes of any kind. */
  public CallbackFault onAnyCallback() {
    return new CallbackFault(null);
  }

  /** The next template messages are accepted but end {@code failed: system failed}. */
  public Fault failDelivery(int times) {
    return order(deliveries, new Fault("delivery", null, times, Act.FAIL_DELIVERY, 0, "", null));
  }

  /**
   * The next mass sends are accepted but reach nobody and end with this status.
   *
   * @param status as the job-finish event says it, such as {@code send fail} or {@code err(20001)}
   */
  public Fault failMass(int times, String status) {
    return order(
        masses,
        new Fault(
            "mass",
            null,
            times,
            Act.FAIL_MASS,
            0,
            AccountSpec.requireText(status, "status"),
            null));
  }

  /**
   * The next mass sends, whoever they are for, are answered 89504 and wait for the account's
   * administrator: see {@link SimulatedAccount#answerMass}. A repeat meanwhile is answered 89505;
   * after 30 minutes of platform time without an answer they end {@code err(40002)}.
   *
   * @param tellsId whether the answers hold the {@code msg_id}, which is not documented
   */
  public Fault protectMass(int times, boolean tellsId) {
    return order(
        protections,
        new Fault(
            "protection", null, times, Act.ASK_ADMINISTRATOR, 0, tellsId ? "msg_id" : "", null));
  }

  /** Sends the pushes that {@link CallbackFault#hold()} keeps back, the last held first. */
  public void releaseHeld() {
    release.run();
  }

  /** Forgets all orders; what was held stays held. */
  public void clear() {
    synchronized (world) {
      calls.clear();
      callbacks.clear();
      deliveries.clear();
      masses.clear();
      protections.clear();
    }
  }

  /** The orders that are not used up. */
  public List<Fault> pending() {
    synchronized (world) {
      List<Fault> all = new ArrayList<>(calls);
      all.addAll(callbacks);
      all.addAll(deliveries);
      all.addAll(masses);
      all.addAll(protections);
      all.removeIf(fault -> fault.left <= 0);
      return List.copyOf(all);
    }
  }

  @Nullable Fault nextForCall(String path, boolean unread) {
    return next(calls, path, unread ? Act.DROP_UNREAD : null);
  }

  @Nullable Fault nextForCallback(String event) {
    return next(callbacks, event, null);
  }

  boolean nextDeliveryFails() {
    return next(deliveries, "", null) != null;
  }

  /** Whether the next mass send waits for the administrator: whether its id is told; else null. */
  @Nullable Boolean nextMassAsks() {
    Fault fault = next(protections, "", null);
    return fault == null ? null : (Boolean) !fault.words.isEmpty();
  }

  @Nullable String nextMassFails() {
    Fault fault = next(masses, "", null);
    return fault == null ? null : fault.words;
  }

  /** The first fault that fits; with {@code only}, none if that first one acts otherwise. */
  private @Nullable Fault next(List<Fault> orders, String name, @Nullable Act only) {
    synchronized (world) {
      for (Fault fault : orders) {
        if (fault.left > 0 && fault.fits(name)) {
          if (only == null ? fault.act == Act.DROP_UNREAD : fault.act != only) {
            return null;
          }
          fault.left--;
          fault.used++;
          return fault;
        }
      }
      return null;
    }
  }

  private Fault order(List<Fault> orders, Fault fault) {
    synchronized (world) {
      orders.removeIf(old -> old.left <= 0);
      orders.add(fault);
    }
    return fault;
  }

  /** What a fault does. */
  enum Act {
    PROCEED,
    ANSWER,
    HTTP_STATUS,
    DROP_UNREAD,
    DROP_UNPROCESSED,
    ACCEPT_RESET,
    ACCEPT_HANG,
    ACCEPT_HTTP_STATUS,
    ACCEPT_GARBLE,
    ACCEPT_TRUNCATE,
    LOSE,
    TWICE,
    LATE,
    HOLD,
    WRONG_SIGNATURE,
    WRONG_APPID,
    PREVIOUS_KEY,
    SHIFT_TIMESTAMP,
    FAIL_DELIVERY,
    FAIL_MASS,
    ASK_ADMINISTRATOR
  }

  /** An ordered fault. */
  public final class Fault {
    final Act act;
    final int code;
    final String words;
    final Duration duration;
    private final String kind;
    private final @Nullable String name;
    private int left;
    private int used;

    private Fault(
        String kind,
        @Nullable String name,
        int times,
        Act act,
        int code,
        String words,
        @Nullable Duration duration) {
      if (times < 1) {
        throw new IllegalArgumentException("times must be at least 1, was: " + times);
      }
      this.kind = kind;
      this.name = name;
      this.left = times;
      this.act = act;
      this.code = code;
      this.words = words;
      this.duration = duration == null ? Duration.ZERO : duration;
      if (act != Act.SHIFT_TIMESTAMP && (this.duration.isNegative() || tooLong(this.duration))) {
        throw new IllegalArgumentException("time must be 0 to 1 day, was: " + duration);
      }
      boolean status = act == Act.HTTP_STATUS || act == Act.ACCEPT_HTTP_STATUS;
      if (status && (code < 200 || code > 599)) {
        throw new IllegalArgumentException("HTTP status must be 200 to 599, was: " + code);
      }
    }

    private static boolean tooLong(Duration time) {
      return time.compareTo(Duration.ofDays(1)) > 0;
    }

    private boolean fits(String given) {
      return name == null || name.equalsIgnoreCase(given);
    }

    /** How often it struck. */
    public int used() {
      synchronized (world) {
        return used;
      }
    }

    /** Takes the order back. */
    public void cancel() {
      synchronized (world) {
        left = 0;
      }
    }

    /** Says what was ordered and how often it is still to strike. */
    @Override
    public String toString() {
      synchronized (world) {
        String what = act.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return kind
            + " "
            + (name == null ? "any" : name)
            + ": "
            + what
            + (code == 0 ? "" : " " + code)
            + (duration.isZero() ? "" : " " + duration)
            + " ×"
            + (left > 1_000_000 ? "∞" : String.valueOf(left));
      }
    }
  }

  /** An order for calls in the making; one of the ending methods places it. */
  public final class CallFault {
    private final @Nullable String path;
    private int times = 1;
    private Duration pause = Duration.ZERO;

    private CallFault(@Nullable String path) {
      this.path = path;
    }

    /** How many calls it strikes; 1 if not said. */
    public CallFault times(int count) {
      times = count;
      return this;
    }

    /** It strikes every call until it is cancelled. */
    public CallFault always() {
      return times(Integer.MAX_VALUE);
    }

    /** Real time to wait before anything else happens. */
    public CallFault pausing(Duration time) {
      pause = requireNonNull(time, "time");
      return this;
    }

    /** Waits in real time, then goes on as if nothing were wrong. */
    public Fault delay(Duration time) {
      pause = requireNonNull(time, "time");
      return place(Act.PROCEED, 0, "");
    }

    /** Answers this errcode with its usual words; nothing is done. */
    public Fault answer(int errcode) {
      return place(Act.ANSWER, errcode, Refusal.words(errcode));
    }

    /** Answers this errcode and these words; nothing is done. */
    public Fault answer(int errcode, String errmsg) {
      return place(Act.ANSWER, errcode, requireNonNull(errmsg, "errmsg"));
    }

    /** Answers an HTTP status such as 502 and a page; nothing is done. */
    public Fault httpStatus(int status) {
      return place(Act.HTTP_STATUS, status, "");
    }

    /** Resets the connection when only the head was read; nothing is done. */
    public Fault resetBeforeReading() {
      return place(Act.DROP_UNREAD, 0, "");
    }

    /** Reads the request, then resets the connection; nothing is done. */
    public Fault resetUnprocessed() {
      return place(Act.DROP_UNPROCESSED, 0, "");
    }

    /** Does what was asked, then resets the connection instead of answering. */
    public Fault acceptThenReset() {
      return place(Act.ACCEPT_RESET, 0, "");
    }

    /** Does what was asked, then does not answer for this long of real time. */
    public Fault acceptThenHang(Duration time) {
      pause = requireNonNull(time, "time");
      return place(Act.ACCEPT_HANG, 0, "");
    }

    /** Does what was asked, then answers an HTTP status such as 502. */
    public Fault acceptThenHttpStatus(int status) {
      return place(Act.ACCEPT_HTTP_STATUS, status, "");
    }

    /** Does what was asked, then answers 200 with a body that is not JSON. */
    public Fault acceptThenGarble() {
      return place(Act.ACCEPT_GARBLE, 0, "");
    }

    /** Does what was asked, then breaks off in the middle of the answer. */
    public Fault acceptThenTruncate() {
      return place(Act.ACCEPT_TRUNCATE, 0, "");
    }

    private Fault place(Act act, int code, String words) {
      return order(calls, new Fault("call", path, times, act, code, words, pause));
    }
  }

  /** An order for pushes in the making; one of the ending methods places it. */
  public final class CallbackFault {
    private final @Nullable String event;
    private int times = 1;

    private CallbackFault(@Nullable String event) {
      this.event = event;
    }

    /** How many pushes it strikes; 1 if not said. */
    public CallbackFault times(int count) {
      times = count;
      return this;
    }

    /** It strikes every push until it is cancelled. */
    public CallbackFault always() {
      return times(Integer.MAX_VALUE);
    }

    /** The push never leaves. */
    public Fault lose() {
      return place(Act.LOSE, Duration.ZERO);
    }

    /** The push is sent once more after it was answered. */
    public Fault twice() {
      return place(Act.TWICE, Duration.ZERO);
    }

    /** The push is sent after this much real time, while later pushes overtake it. */
    public Fault late(Duration time) {
      return place(Act.LATE, requireNonNull(time, "time"));
    }

    /** The push is kept back until {@link Faults#releaseHeld()}, while later pushes overtake it. */
    public Fault hold() {
      return place(Act.HOLD, Duration.ZERO);
    }

    /** The push carries signatures made with another token. */
    public Fault wrongSignature() {
      return place(Act.WRONG_SIGNATURE, Duration.ZERO);
    }

    /** The cipher text is made for another appid; only in compatible and secure mode. */
    public Fault wrongAppId() {
      return place(Act.WRONG_APPID, Duration.ZERO);
    }

    /** The push is encrypted with the key before the present one. */
    public Fault withPreviousKey() {
      return place(Act.PREVIOUS_KEY, Duration.ZERO);
    }

    /** The push's timestamp is older than now by this much (a negative one is newer). */
    public Fault stale(Duration by) {
      return place(Act.SHIFT_TIMESTAMP, requireNonNull(by, "by"));
    }

    private Fault place(Act act, Duration duration) {
      return order(callbacks, new Fault("callback", event, times, act, 0, "", duration));
    }
  }
}

package io.laoke.simulator;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Daily and minute counters of one account. Guarded by the world. */
final class Quotas {
  private static final int OTHERWISE = 100_000;
  private static final Map<String, Integer> DAILY =
      Map.ofEntries(
          Map.entry("/cgi-bin/token", 2_000),
          Map.entry("/cgi-bin/stable_token", 500_000),
          Map.entry("/cgi-bin/qrcode/create", 100_000),
          Map.entry("/cgi-bin/message/template/send", 100_000),
          Map.entry("/cgi-bin/menu/create", 1_000),
          Map.entry("/cgi-bin/menu/get", 10_000),
          Map.entry("/cgi-bin/menu/delete", 1_000),
          Map.entry("/cgi-bin/user/info/updateremark", 10_000),
          Map.entry("/cgi-bin/user/get", 500),
          Map.entry("/cgi-bin/user/info", 5_000_000),
          Map.entry("/cgi-bin/user/info/batchget", 5_000_000),
          Map.entry("/cgi-bin/media/upload", 5_000),
          Map.entry("/cgi-bin/media/get", 10_000),
          Map.entry("/cgi-bin/message/custom/send", 500_000),
          Map.entry("/cgi-bin/message/mass/sendall", 100),
          Map.entry("/cgi-bin/message/mass/send", 100),
          Map.entry("/cgi-bin/message/mass/preview", 100));
  private static final String MASS = "/cgi-bin/message/mass/";
  private static final int MASS_A_MINUTE = 60;
  private static final int STABLE_A_MINUTE = 10_000;
  private static final int CLEARS_A_MONTH = 10;
  private static final int SINGLE_CLEARS_A_MONTH = 50;

  private final World world;
  private final Map<String, Integer> limits = new HashMap<>(DAILY);
  private final Map<String, Integer> used = new HashMap<>();
  private @Nullable LocalDate day;
  private @Nullable YearMonth clearMonth;
  private int clears;
  private int singleClears;
  private final Map<String, Integer> usedThisMinute = new HashMap<>();
  private long minute;

  Quotas(World world) {
    this.world = world;
  }

  void use(String path) throws Refusal {
    if (used(path) >= limit(path)) {
      throw new Refusal(45009);
    }
    if (path.equals("/cgi-bin/stable_token")) {
      useMinute(path, STABLE_A_MINUTE);
    } else if (path.startsWith(MASS)) {
      useMinute(MASS, MASS_A_MINUTE);
    }
    used.merge(path, 1, Integer::sum);
  }

  private void useMinute(String what, int most) throws Refusal {
    long now = world.now().getEpochSecond() / 60;
    if (now != minute) {
      minute = now;
      usedThisMinute.clear();
    }
    if (usedThisMinute.merge(what, 1, Integer::sum) > most) {
      throw new Refusal(45011);
    }
  }

  int used(String path) {
    if (!world.today().equals(day)) {
      day = world.today();
      used.clear();
    }
    return used.getOrDefault(path, 0);
  }

  int limit(String path) {
    return limits.getOrDefault(path, OTHERWISE);
  }

  void limit(String path, int perDay) {
    limits.put(path, perDay);
  }

  void clearAll() throws Refusal {
    month();
    if (clears >= CLEARS_A_MONTH) {
      throw new Refusal(48006);
    }
    clears++;
    used.clear();
  }

  void clear(String path) throws Refusal {
    month();
    if (singleClears >= SINGLE_CLEARS_A_MONTH) {
      throw new Refusal(48006);
    }
    singleClears++;
    used.remove(path);
  }

  private void month() {
    if (!world.month().equals(clearMonth)) {
      clearMonth = world.month();
      clears = 0;
      singleClears = 0;
    }
  }
}

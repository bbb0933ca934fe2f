package io.laoke.examples.erp;

import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** 演示日期: the day that the demo plays. It is kept, so that a restart does not go back in time. */
@Component
@ControllerAdvice
class DemoDate {
  private static final String MOVED = "clock-days";
  private static final int FARTHEST_DAYS = 5 * 366;

  private final DemoClock clock;
  private final DemoSettings settings;

  DemoDate(DemoClock clock, DemoSettings settings) {
    this.clock = clock;
    this.settings = settings;
    settings.read(MOVED).map(Long::valueOf).map(Duration::ofDays).ifPresent(clock::move);
  }

  LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), OrderDesk.ZONE);
  }

  private LocalDate real() {
    return LocalDate.ofInstant(clock.real(), OrderDesk.ZONE);
  }

  /**
   * Goes to a day, at the time of day that it is.
   *
   * @return whether it is near enough
   */
  boolean go(LocalDate day) {
    long days = ChronoUnit.DAYS.between(real(), day);
    if (Math.abs(days) > FARTHEST_DAYS) {
      return false;
    }
    settings.write(MOVED, String.valueOf(days));
    clock.move(Duration.ofDays(days));
    return true;
  }

  boolean back() {
    return go(real());
  }

  /**
   * The day as pages show it.
   *
   * @param day the day that it is
   * @param moved whether that is another day than the calendar's
   */
  record Shown(LocalDate day, boolean moved) {}

  @ModelAttribute("demoDate")
  Shown forPages() {
    return new Shown(today(), !clock.moved().isZero());
  }
}

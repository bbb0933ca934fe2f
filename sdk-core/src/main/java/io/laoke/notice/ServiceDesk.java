package io.laoke.notice;

import io.laoke.base.Internal;
import io.laoke.internal.tenant.Tenant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** SPI: what customers answer on the page of a service that is due; of the floor above. */
@Internal
public interface ServiceDesk {
  /** For an engine without such pages. */
  ServiceDesk NONE =
      new ServiceDesk() {
        @Override
        public View look(Tenant tenant, String token) {
          return View.unknown();
        }

        @Override
        public View act(Tenant tenant, String token, Map<String, String> form) {
          return View.unknown();
        }
      };

  /** What a page shows; changes nothing. */
  View look(Tenant tenant, String token);

  /**
   * Takes what was sent from a page, and says how it is then.
   *
   * @param form as it came in
   */
  View act(Tenant tenant, String token, Map<String, String> form);

  /**
   * A page.
   *
   * @param title what it says first
   * @param words what it says then
   * @param form what can be answered; empty if nothing can
   * @param problem what is wrong with what was sent
   */
  record View(
      Kind kind, String title, String words, Optional<Form> form, Optional<String> problem) {
    /** Of a link that nobody has given. */
    public static View unknown() {
      return new View(Kind.UNKNOWN, "", "", Optional.empty(), Optional.empty());
    }
  }

  /** What a link leads to. */
  enum Kind {
    /** It can be answered. */
    OPEN,
    /** It was answered, or settled otherwise. */
    DONE,
    /** Its time is over. */
    OVER,
    /** Nobody has given it. */
    UNKNOWN
  }

  /** One of several. */
  record Choice(String value, String words) {}

  /**
   * What can be answered.
   *
   * @param slots times on offer
   * @param later after how many days to ask again
   * @param assumed since when the goods are taken for installed, if that can be corrected
   * @param today the last day that can be said of it
   * @param asked whether they have asked to be called
   */
  record Form(
      List<Choice> slots,
      List<Choice> later,
      Optional<LocalDate> assumed,
      LocalDate today,
      boolean asked) {}
}

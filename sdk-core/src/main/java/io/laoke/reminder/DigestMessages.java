package io.laoke.reminder;

import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.CatalogBook.Seat;
import io.laoke.catalog.Chunks;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Decision;
import io.laoke.message.Decisions;
import io.laoke.message.StaffCause;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What became of the messages that told staff of digests: found by where they are written to. */
final class DigestMessages {
  private final CatalogBook catalog;
  private final Decisions decisions;

  DigestMessages(CatalogBook catalog, Decisions decisions) {
    this.catalog = catalog;
    this.decisions = decisions;
  }

  /** The last about that day to each active member of staff, by code. */
  Map<String, Decision> of(Tx tx, Tenant tenant, LocalDate day) {
    List<String> staff = catalog.seats(tx, tenant).stream().map(Seat::code).toList();
    Map<String, Set<String>> whose = new HashMap<>();
    catalog
        .staffPhones(tx, tenant, staff)
        .forEach((code, phone) -> whose.computeIfAbsent(phone, to -> new HashSet<>()).add(code));
    catalog
        .openidsOf(tx, tenant, staff)
        .forEach(
            (code, openids) ->
                openids.forEach(
                    one ->
                        whose.computeIfAbsent(one.openidHash(), to -> new HashSet<>()).add(code)));
    Instant from = day.atStartOfDay(tenant.zone()).toInstant();
    Instant until = day.plusDays(1).atStartOfDay(tenant.zone()).toInstant();
    Map<String, Decision> found = new TreeMap<>();
    for (List<String> some : Chunks.of(new TreeSet<>(whose.keySet()))) {
      for (Decision one : decisions.told(tx, tenant, StaffCause.DIGEST, some, from, until)) {
        whose
            .getOrDefault(one.recipient(), Set.of())
            .forEach(code -> found.merge(code, one, DigestMessages::newer));
      }
    }
    return found;
  }

  private static Decision newer(Decision one, Decision other) {
    return other.at().isBefore(one.at()) ? one : other;
  }
}

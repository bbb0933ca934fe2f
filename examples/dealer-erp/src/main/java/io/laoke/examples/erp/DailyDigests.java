package io.laoke.examples.erp;

import java.time.LocalDate;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;

interface DailyDigests extends JpaRepository<DailyDigest, String> {
  List<DailyDigest> findByDayLessThanEqualOrderByDayDescStaffAsc(LocalDate last, Limit limit);

  boolean existsByDayGreaterThan(LocalDate last);
}

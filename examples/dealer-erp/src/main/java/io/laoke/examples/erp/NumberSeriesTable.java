package io.laoke.examples.erp;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;

interface NumberSeriesTable extends JpaRepository<NumberSeries, String> {
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  Optional<NumberSeries> findWithLockByName(String name);
}

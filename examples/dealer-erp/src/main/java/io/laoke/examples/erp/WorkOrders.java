package io.laoke.examples.erp;

import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

interface WorkOrders extends JpaRepository<WorkOrder, String> {
  Optional<WorkOrder> findByTaskId(long taskId);
}

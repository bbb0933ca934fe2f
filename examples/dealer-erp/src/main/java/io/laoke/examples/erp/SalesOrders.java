package io.laoke.examples.erp;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

interface SalesOrders extends JpaRepository<SalesOrder, Long> {
  Optional<SalesOrder> findByOrderNo(String orderNo);

  @Lock(LockModeType.PESSIMISTIC_WRITE)
  Optional<SalesOrder> findWithLockByOrderNo(String orderNo);

  Optional<SalesOrder> findByRequestId(String requestId);

  /** Newest first; null means whatever. */
  @EntityGraph(attributePaths = {"salesperson", "salesperson.store"})
  @Query(
      """
      select o from SalesOrder o
      where (:status is null or o.status = :status)
        and (:words is null or o.orderNo like concat('%', :words, '%') escape '!'
          or o.customerName like concat('%', :words, '%') escape '!'
          or o.customerPhone like concat('%', :words, '%') escape '!')
      order by o.id desc
      """)
  Page<SalesOrder> search(@Nullable OrderStatus status, @Nullable String words, Pageable page);
}

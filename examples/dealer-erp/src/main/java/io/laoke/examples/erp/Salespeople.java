package io.laoke.examples.erp;

import java.util.List;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.JpaRepository;

interface Salespeople extends JpaRepository<Salesperson, String> {
  @EntityGraph(attributePaths = "store")
  List<Salesperson> findAllByOrderByCode();
}

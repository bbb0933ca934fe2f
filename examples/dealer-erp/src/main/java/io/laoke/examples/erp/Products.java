package io.laoke.examples.erp;

import java.util.List;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.JpaRepository;

interface Products extends JpaRepository<Product, String> {
  @EntityGraph(attributePaths = "category")
  List<Product> findAllByOrderBySku();
}

package io.laoke.examples.erp;

import org.springframework.data.jpa.repository.JpaRepository;

interface ProductCategories extends JpaRepository<ProductCategory, String> {}

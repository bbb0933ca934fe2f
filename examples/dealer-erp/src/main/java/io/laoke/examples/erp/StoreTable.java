package io.laoke.examples.erp;

import org.springframework.data.jpa.repository.JpaRepository;

interface StoreTable extends JpaRepository<Store, String> {}

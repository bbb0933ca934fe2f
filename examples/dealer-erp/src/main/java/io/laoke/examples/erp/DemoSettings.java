package io.laoke.examples.erp;

import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

interface DemoSettings extends JpaRepository<DemoSetting, String> {
  default Optional<String> read(String name) {
    return findById(name).map(DemoSetting::value);
  }

  default void write(String name, String value) {
    save(new DemoSetting(name, value));
  }
}

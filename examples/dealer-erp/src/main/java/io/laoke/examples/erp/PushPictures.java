package io.laoke.examples.erp;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

interface PushPictures extends JpaRepository<PushPicture, String> {
  List<PushPicture> findTop60ByOrderByAddedAtDesc();
}

package io.laoke.segment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of {@code services}. */
final class ServiceRows extends Branch {
  @Override
  String from() {
    return "{unit_service} s";
  }

  @Override
  List<String> where() {
    return List.of("s.dealer_id = :dealer", "s.member_id IS NOT NULL");
  }

  @Override
  String member() {
    return "s.member_id";
  }

  @Override
  String at() {
    return "s.at_ms";
  }

  @Override
  @Nullable String live() {
    return null;
  }

  @Override
  List<String> order() {
    return List.of("s.document", "s.id");
  }

  @Override
  Cell cell(FieldDef field) {
    FieldType type = field.type();
    return switch (field.name()) {
      case "kind" -> Scalar.always("s.kind", type);
      case "paidAmount" -> Scalar.always("s.paid_fen", type);
      case "at" -> Scalar.always(at(), type);
      default -> throw new IllegalArgumentException("no field of services: " + field.name());
    };
  }
}

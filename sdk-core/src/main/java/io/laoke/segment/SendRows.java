package io.laoke.segment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of {@code sends}: what was decided about telling a member something, sent or not. */
final class SendRows extends Branch {
  /** An accepted message leaves its decision as it was when it waited. */
  private static final String OUTCOME =
      "CASE WHEN d.delivery IS NULL AND d.result NOT IN ('SENT', 'FITTED') AND x.state = 'SENT' THEN 'SENT' ELSE d.result END";

  private static final String PURPOSE =
      "CASE d.purpose WHEN 0 THEN 'ORDER' WHEN 1 THEN 'CARE' ELSE 'MARKETING' END";

  @Override
  String from() {
    return "{decision} d JOIN {identity} i ON i.dealer_id = d.dealer_id AND i.kind = 'OPENID' AND i.account = d.account AND i.value_hash = d.recipient";
  }

  @Override
  List<String> where() {
    return List.of("d.dealer_id = :dealer", "i.member_id IS NOT NULL");
  }

  @Override
  String member() {
    return "i.member_id";
  }

  @Override
  String at() {
    return "d.at_ms";
  }

  @Override
  @Nullable String live() {
    return null;
  }

  @Override
  List<String> order() {
    return List.of("d.id");
  }

  @Override
  Cell cell(FieldDef field) {
    FieldType type = field.type();
    return switch (field.name()) {
      case "channel" -> Scalar.always("d.channel", type);
      case "purpose" -> Scalar.always(PURPOSE, type);
      case "outcome" -> {
        joined("x", " LEFT JOIN {outbox} x ON x.dealer_id = d.dealer_id AND x.id = d.id");
        yield Scalar.always(OUTCOME, type);
      }
      case "at" -> Scalar.always(at(), type);
      default -> Cell.MISSING;
    };
  }
}

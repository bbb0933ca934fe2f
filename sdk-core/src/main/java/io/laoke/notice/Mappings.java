package io.laoke.notice;

import io.laoke.notice.Notices.StageTemplate;
import io.laoke.order.Stage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All that is set for a dealer. */
record Mappings(List<StageTemplate> all) {
  /** What tells this stage in this account: its own, else that for all accounts. */
  Optional<NoticeTemplate> effective(Stage stage, String account) {
    return own(stage, account)
        .or(() -> find(stage, Optional.empty()).map(StageTemplate::template).findFirst());
  }

  Optional<NoticeTemplate> own(Stage stage, String account) {
    return find(stage, Optional.of(account)).map(StageTemplate::template).findFirst();
  }

  private Stream<StageTemplate> find(Stage stage, Optional<String> account) {
    return all.stream().filter(one -> one.stage() == stage && one.account().equals(account));
  }

  /** Whether a stage is told by this template in this account. */
  boolean uses(String account, String templateId) {
    return Stream.of(Stage.values())
        .flatMap(stage -> effective(stage, account).stream())
        .anyMatch(template -> template.templateId().equals(templateId));
  }
}

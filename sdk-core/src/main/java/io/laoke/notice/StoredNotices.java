package io.laoke.notice;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.error.ConflictException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Account;
import io.laoke.message.Accounts;
import io.laoke.message.TemplateCatalog;
import io.laoke.notice.Notices.TemplateProblem.Kind;
import io.laoke.order.Stage;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Mappings in the database. */
final class StoredNotices implements Notices {
  private static final String ALL = "";

  private final TemplateTable templates;
  private final Rewording rewording;
  private final Accounts accounts;
  private final Clock business;
  private final Database view;
  private final Tenant tenant;

  StoredNotices(
      TemplateTable templates,
      Rewording rewording,
      Accounts accounts,
      Clock business,
      Database view,
      Tenant tenant) {
    this.templates = templates;
    this.rewording = rewording;
    this.accounts = accounts;
    this.business = business;
    this.view = notNull("view", view);
    this.tenant = notNull("tenant", tenant);
  }

  @Override
  public void template(Stage stage, NoticeTemplate template) {
    put(stage, ALL, template);
  }

  @Override
  public void template(Stage stage, String account, NoticeTemplate template) {
    put(stage, account(account), template);
  }

  private void put(Stage stage, String account, NoticeTemplate template) {
    notNull("stage", stage);
    NoticeWriter.check(notNull("template", template), NoticeName.Subject.ORDER);
    Instant now = business.instant().truncatedTo(ChronoUnit.MILLIS);
    view.write(
        "set a notice's template", tx -> rewording.set(tx, tenant, account, stage, template, now));
  }

  @Override
  public void reminderTemplate(NoticeTemplate template) {
    put(ALL, REMINDERS, template);
  }

  @Override
  public void reminderTemplate(String account, NoticeTemplate template) {
    put(account(account), REMINDERS, template);
  }

  @Override
  public Map<String, NoticeTemplate> reminderTemplates() {
    return all(REMINDERS);
  }

  @Override
  public boolean removeReminderTemplate() {
    return removed(ALL, REMINDERS);
  }

  @Override
  public boolean removeReminderTemplate(String account) {
    return removed(Check.text("account", account, 64), REMINDERS);
  }

  @Override
  public void digestTemplate(NoticeTemplate template) {
    put(ALL, DIGESTS, template);
  }

  @Override
  public void digestTemplate(String account, NoticeTemplate template) {
    put(account(account), DIGESTS, template);
  }

  @Override
  public Map<String, NoticeTemplate> digestTemplates() {
    return all(DIGESTS);
  }

  @Override
  public boolean removeDigestTemplate() {
    return removed(ALL, DIGESTS);
  }

  @Override
  public boolean removeDigestTemplate(String account) {
    return removed(Check.text("account", account, 64), DIGESTS);
  }

  /** What is no stage and has templates. */
  private record Standing(String stored, NoticeName.Subject subject, String words) {}

  private static final Standing REMINDERS =
      new Standing(TemplateTable.REMINDER, NoticeName.Subject.SERVICE, "reminders");
  private static final Standing DIGESTS =
      new Standing(TemplateTable.DIGEST, NoticeName.Subject.DIGEST, "digests");

  private void put(String account, Standing kind, NoticeTemplate template) {
    NoticeWriter.check(notNull("template", template), kind.subject());
    Instant now = business.instant().truncatedTo(ChronoUnit.MILLIS);
    view.write(
        "set the template of " + kind.words(),
        tx -> templates.put(tx, tenant, account, kind.stored(), template, now));
  }

  private Map<String, NoticeTemplate> all(Standing kind) {
    return view.read(
        "read the templates of " + kind.words(),
        tx -> Collections.unmodifiableMap(templates.of(tx, tenant, kind.stored())));
  }

  private boolean removed(String account, Standing kind) {
    return view.write(
        "remove the template of " + kind.words(),
        tx -> templates.remove(tx, tenant, account, kind.stored()));
  }

  @Override
  public void subscription(String account, SubscriptionNotice notice) {
    String key = account(account);
    NoticeTemplate template = notNull("notice", notice).template();
    NoticeWriter.check(template, NoticeName.Subject.SERVICE);
    Instant now = business.instant().truncatedTo(ChronoUnit.MILLIS);
    view.write(
        "set the subscription message of reminders",
        tx -> templates.put(tx, tenant, key, TemplateTable.SUBSCRIPTION, template, now));
  }

  @Override
  public Map<String, SubscriptionNotice> subscriptions() {
    return view.read(
        "read the subscription messages of reminders",
        tx -> {
          Map<String, SubscriptionNotice> found = new LinkedHashMap<>();
          templates
              .of(tx, tenant, TemplateTable.SUBSCRIPTION)
              .forEach((key, template) -> found.put(key, SubscriptionNotice.read(template)));
          return Collections.unmodifiableMap(found);
        });
  }

  @Override
  public boolean removeSubscription(String account) {
    String key = Check.text("account", account, 64);
    return view.write(
        "remove the subscription message of reminders",
        tx -> templates.remove(tx, tenant, key, TemplateTable.SUBSCRIPTION));
  }

  @Override
  public List<StageTemplate> templates() {
    return view.read("read the notices' templates", tx -> templates.all(tx, tenant).all());
  }

  @Override
  public boolean remove(Stage stage) {
    return removed(stage, ALL);
  }

  @Override
  public boolean remove(Stage stage, String account) {
    return removed(stage, Check.text("account", account, 64));
  }

  private boolean removed(Stage stage, String account) {
    notNull("stage", stage);
    return view.write(
        "remove a notice's template", tx -> templates.remove(tx, tenant, account, stage.name()));
  }

  @Override
  public List<TemplateProblem> check() {
    if (view.joined()) {
      throw new ConflictException(
          "check() asks the platform over the network, which must not happen inside a transaction."
              + " Call it outside.");
    }
    List<StageTemplate> set = templates();
    List<TemplateProblem> problems = new ArrayList<>();
    for (Account account : accounts.of(tenant.code())) {
      Optional<TemplateCatalog> catalog = account.capability(TemplateCatalog.class);
      if (catalog.isPresent() && !set.isEmpty()) {
        problems.addAll(problems(account.key(), set, catalog.get().templates()));
      }
    }
    return List.copyOf(problems);
  }

  private static List<TemplateProblem> problems(
      String account, List<StageTemplate> set, List<TemplateCatalog.Template> known) {
    Map<String, TemplateCatalog.Template> byId =
        known.stream()
            .collect(
                Collectors.toMap(
                    TemplateCatalog.Template::id, Function.identity(), (one, other) -> one));
    List<TemplateProblem> problems = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      new Mappings(set)
          .effective(stage, account)
          .ifPresent(
              template ->
                  problems.addAll(
                      problems(account, stage, template, byId.get(template.templateId()))));
    }
    return problems;
  }

  private static List<TemplateProblem> problems(
      String account,
      Stage stage,
      NoticeTemplate template,
      TemplateCatalog.@Nullable Template known) {
    if (known == null) {
      return List.of(
          new TemplateProblem(
              stage,
              account,
              Kind.NO_SUCH_TEMPLATE,
              template.templateId(),
              "The account does not have this template. Add it in the account's console, or set the"
                  + " id that the console shows.",
              "该公众号下没有这个模板，请在公众平台添加模板，或改用后台显示的模板 ID。"));
    }
    List<TemplateProblem> problems = new ArrayList<>();
    for (String field : template.fields().keySet()) {
      if (!known.fields().contains(field)) {
        problems.add(
            new TemplateProblem(
                stage,
                account,
                Kind.NO_SUCH_FIELD,
                field,
                "The template has no such field; it has " + known.fields() + ".",
                "模板中没有该字段，模板字段为 " + known.fields() + "。"));
      }
    }
    for (String field : known.fields()) {
      if (!template.fields().containsKey(field)) {
        problems.add(
            new TemplateProblem(
                stage,
                account,
                Kind.FIELD_NOT_SET,
                field,
                "Set an expression for this field: the platform refuses a message without it.",
                "请为该字段设置内容，缺少字段的消息会被平台拒绝。"));
      }
    }
    return problems;
  }

  private String account(String account) {
    return accounts.keyOf(tenant.code(), account);
  }
}

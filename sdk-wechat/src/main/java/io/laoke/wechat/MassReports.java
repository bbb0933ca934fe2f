package io.laoke.wechat;

import io.laoke.wechat.MassReport.Article;
import io.laoke.wechat.MassReport.Check;
import io.laoke.wechat.MassReport.Copyright;
import io.laoke.wechat.MassReport.End;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads {@code MASSSENDJOBFINISH}, in XML and JSON. */
final class MassReports {
  private static final String EVENT = "masssendjobfinish";
  private static final String COPYRIGHT = "CopyrightCheckResult";
  private static final String URLS = "ArticleUrlResult";

  /** More articles than a draft ever had. */
  private static final int MOST = 100;

  private MassReports() {}

  /** The report; empty for other events, and for one that names no job. */
  static Optional<MassReport> of(PushBody push) {
    long id = number(Inbounds.jobId(push));
    if (!push.field("Event").equalsIgnoreCase(EVENT) || id <= 0) {
      return Optional.empty();
    }
    String status = Inbounds.detail(push.field("Status"));
    return Optional.of(
        new MassReport(
            id,
            End.of(status),
            status,
            count(push, "TotalCount"),
            count(push, "FilterCount"),
            count(push, "SentCount"),
            count(push, "ErrorCount"),
            List.copyOf(articles(push).values()),
            copyright(push.field(COPYRIGHT + "/CheckState"))));
  }

  private static Optional<Copyright> copyright(String state) {
    return switch (state.strip()) {
      case "", "0" -> Optional.empty();
      case "1" -> Optional.of(Copyright.ORIGINAL);
      case "2" -> Optional.of(Copyright.REPRINT_PERMITTED);
      case "3" -> Optional.of(Copyright.REPRINT_FORBIDDEN);
      default -> Optional.of(Copyright.OTHER);
    };
  }

  private static Map<Integer, Article> articles(PushBody push) {
    Map<Integer, Article> articles = new TreeMap<>();
    for (int i = 1; i <= MOST; i++) {
      String item = item(push, URLS, i);
      int index = small(push, item + "/ArticleIdx");
      if (index == 0) {
        break;
      }
      articles.put(index, new Article(index, some(push, item + "/ArticleUrl"), Optional.empty()));
    }
    for (int i = 1; i <= MOST; i++) {
      String item = item(push, COPYRIGHT, i);
      int index = small(push, item + "/ArticleIdx");
      if (index == 0) {
        break;
      }
      Article known = articles.get(index);
      articles.put(
          index,
          new Article(
              index,
              known == null ? Optional.empty() : known.url(),
              Optional.of(check(push, item))));
    }
    return articles;
  }

  /** Where an item stands; in JSON its list may stand without the name between. */
  private static String item(PushBody push, String result, int number) {
    String which = number == 1 ? "" : "[" + number + "]";
    String nested = result + "/ResultList/item" + which;
    return push.fields().containsKey(nested + "/ArticleIdx")
        ? nested
        : result + "/ResultList" + which;
  }

  private static Check check(PushBody push, String item) {
    return new Check(
        small(push, item + "/UserDeclareState"),
        small(push, item + "/AuditState"),
        some(push, item + "/OriginalArticleUrl"),
        small(push, item + "/OriginalArticleType"),
        small(push, item + "/CanReprint") == 1,
        small(push, item + "/NeedReplaceContent") == 1,
        small(push, item + "/NeedShowReprintSource") == 1);
  }

  private static Optional<String> some(PushBody push, String field) {
    return Optional.of(push.field(field).strip()).filter(value -> !value.isEmpty());
  }

  private static int count(PushBody push, String field) {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, number(push.field(field))));
  }

  private static int small(PushBody push, String field) {
    long value = number(push.field(field));
    return value < 0 || value > Integer.MAX_VALUE ? 0 : (int) value;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}

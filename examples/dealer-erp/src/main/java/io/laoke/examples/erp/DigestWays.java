package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.catalog.Staff.DigestBy;
import io.laoke.notice.NoticeTemplate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** 摘要怎么发: to each person by what, and in which words of WeChat's template. */
@Component
class DigestWays {
  private final Salespeople people;
  private final Dealer dealer;
  private final String account;
  private final String sms;

  DigestWays(
      Salespeople people,
      Laoke laoke,
      @Value("${laoke.wechat.accounts.hengxin.app-id}") String account,
      @Value("${erp.sms.key-id:}") String sms) {
    this.people = people;
    this.dealer = laoke.dealer("hengxin");
    this.account = account;
    this.sms = sms;
  }

  /**
   * How somebody gets digests.
   *
   * @param code whose
   * @param name as the shop calls them
   * @param phone masked; blank if there is none
   * @param by the way that was chosen
   * @param openid of their own WeChat; blank if it is not known
   * @param means what comes of that now
   */
  record Way(String code, String name, String phone, DigestBy by, String openid, String means) {}

  List<Way> list() {
    boolean template = template().isPresent();
    return people.findAllByOrderByCode().stream().map(one -> way(one, template)).toList();
  }

  private Way way(Salesperson one, boolean template) {
    return new Way(
        one.code(),
        one.name(),
        one.phone().map(Shown::masked).orElse(""),
        one.digestBy(),
        one.openid().orElse(""),
        means(one, template));
  }

  private String means(Salesperson one, boolean template) {
    if (one.digestBy() == DigestBy.NONE) {
      return "只在本页看";
    }
    String lacks = "";
    if (one.digestBy() == DigestBy.WECHAT) {
      if (one.openid().isPresent() && template) {
        return "发微信";
      }
      lacks = one.openid().isEmpty() ? "没有关联微信，" : "还没有微信模板，";
    }
    return lacks + (one.phone().isEmpty() || sms.isBlank() ? "没有手机号或短信账号，只在本页看" : "发短信");
  }

  /** What was chosen for one person. */
  record Choice(DigestBy by, @Nullable String openid) {}

  /** Returns how many have changed. */
  @Transactional
  int choose(Map<String, Choice> choices) {
    int changed = 0;
    for (Salesperson one : people.findAllByOrderByCode()) {
      Choice choice = choices.get(one.code());
      Optional<String> was = one.openid();
      if (choice == null
          || (choice.by() == one.digestBy() && was.equals(Optional.ofNullable(choice.openid())))) {
        continue;
      }
      one.digest(choice.by(), choice.openid());
      people.save(one);
      dealer.catalog().put(CustomerNotices.staff(one)); // Laoke
      link(one, was);
      changed++;
    }
    return changed;
  }

  /** Laoke: their own WeChat, which never binds as a customer's. */
  private void link(Salesperson one, Optional<String> was) {
    was.filter(old -> !one.openid().equals(Optional.of(old)))
        .ifPresent(old -> dealer.catalog().unlinkStaff(one.code(), account, old));
    one.openid().ifPresent(now -> dealer.catalog().linkStaff(one.code(), account, now));
  }

  // Laoke: in which words.

  Optional<NoticeTemplate> template() {
    return Optional.ofNullable(dealer.notices().digestTemplates().get(""));
  }

  void put(NoticeTemplate template) {
    dealer.notices().digestTemplate(template);
  }

  boolean remove() {
    return dealer.notices().removeDigestTemplate();
  }
}

package io.laoke.examples.erp;

import io.laoke.simulator.SmsGateway;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** 手机上的短信: what the simulated gateway has brought to a phone; nothing with a real one. */
@Component
class SmsPhone {
  private static final Pattern LINK = Pattern.compile("https?://[!-~]+");

  private final ObjectProvider<SmsGateway> gateway;

  SmsPhone(ObjectProvider<SmsGateway> gateway) {
    this.gateway = gateway;
  }

  boolean simulated() {
    return gateway.getIfAvailable() != null;
  }

  /** The latest first. */
  List<Text> texts(String phone) {
    SmsGateway known = gateway.getIfAvailable();
    if (known == null) {
      return List.of();
    }
    List<Text> texts =
        new ArrayList<>(known.accepted(phone).stream().map(sms -> Text.of(sms.text())).toList());
    Collections.reverse(texts);
    return texts;
  }

  /**
   * A text message, with the address in it that a phone makes a link of.
   *
   * @param before the words before it
   * @param link the address; blank where there is none
   * @param after the words behind it
   */
  record Text(String before, String link, String after) {
    static Text of(String words) {
      Matcher link = LINK.matcher(words);
      return link.find()
          ? new Text(words.substring(0, link.start()), link.group(), words.substring(link.end()))
          : new Text(words, "", "");
    }
  }
}

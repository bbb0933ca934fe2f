package io.laoke.spring;

import io.laoke.Laoke;
import io.laoke.wechat.WeChat;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The Official Accounts under {@code laoke.wechat.accounts}. */
@AutoConfiguration(before = LaokeAutoConfiguration.class)
@ConditionalOnClass({Laoke.class, WeChat.class})
@EnableConfigurationProperties(LaokeProperties.class)
public class LaokeWeChatAutoConfiguration {
  /** For Spring. */
  LaokeWeChatAutoConfiguration() {}

  @Bean
  WeChatAccounts laokeWeChatAccounts(LaokeProperties properties) {
    return new WeChatAccounts(properties);
  }
}

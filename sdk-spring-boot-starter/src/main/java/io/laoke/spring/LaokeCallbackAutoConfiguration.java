package io.laoke.spring;

import io.laoke.Laoke;
import io.laoke.wechat.WeChat;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.DispatcherServlet;

/** The address that WeChat pushes to. */
@AutoConfiguration(after = {LaokeAutoConfiguration.class, LaokeWeChatAutoConfiguration.class})
@ConditionalOnClass({WeChat.class, DispatcherServlet.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean({Laoke.class, WeChatAccounts.class})
@ConditionalOnProperty(name = "laoke.callback.enabled", matchIfMissing = true)
public class LaokeCallbackAutoConfiguration {
  /** For Spring. */
  LaokeCallbackAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  WeChatCallbackController laokeWeChatCallbackController(Laoke laoke, WeChatAccounts accounts) {
    return new WeChatCallbackController(laoke, accounts);
  }
}

package io.laoke.examples.erp;

import io.laoke.binding.CodeUnavailableException;
import io.laoke.error.ConflictException;
import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Laoke could not do, in words for the shop; the log has Laoke's own. */
final class Refused {
  private static final Logger LOG = LoggerFactory.getLogger(Refused.class);

  private Refused() {}

  static String words(LaokeException failure) {
    LOG.warn("{}", failure.getMessage());
    if (failure instanceof CodeUnavailableException) {
      return failure.retryable() ? "微信暂时没有给出绑定码，请稍后再试" : "微信不给绑定码，请管理员检查公众号设置";
    }
    if (failure instanceof ConflictException || failure instanceof NotFoundException) {
      return "内容已经是别的状态，请看页面上的最新内容";
    }
    return failure.retryable() ? "系统正忙，没有办成，请再试一次" : "没有办成，请把时间告诉管理员查日志";
  }
}

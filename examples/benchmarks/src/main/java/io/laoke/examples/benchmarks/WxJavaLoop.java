package io.laoke.examples.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import me.chanjar.weixin.common.error.WxErrorException;
import me.chanjar.weixin.mp.api.WxMpService;
import me.chanjar.weixin.mp.api.impl.WxMpServiceImpl;
import me.chanjar.weixin.mp.bean.template.WxMpTemplateData;
import me.chanjar.weixin.mp.bean.template.WxMpTemplateMessage;
import me.chanjar.weixin.mp.config.WxMpHostConfig;
import me.chanjar.weixin.mp.config.impl.WxMpDefaultConfigImpl;

/** WxJava as it comes, from many threads; its pool has ten connections for one host. */
final class WxJavaLoop {
  private final WxMpService service = new WxMpServiceImpl();
  private final int threads;

  WxJavaLoop(String stub, int threads) {
    this.threads = threads;
    WxMpDefaultConfigImpl config = new WxMpDefaultConfigImpl();
    config.setAppId("wx0000000000000001");
    config.setSecret("0123456789abcdef0123456789abcdef");
    config.setHostConfig(new WxMpHostConfig(stub, stub, stub));
    config.updateAccessToken("STUB-TOKEN", 7200);
    service.setWxMpConfigStorage(config);
  }

  long round(StubProcess stub, int messages) throws Exception {
    long before = stub.messages();
    AtomicInteger next = new AtomicInteger();
    AtomicInteger bad = new AtomicInteger();
    CountDownLatch ended = new CountDownLatch(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long nanos =
          Rounds.timed(
              () -> {
                for (int i = 0; i < threads; i++) {
                  Future<?> unused = pool.submit(() -> work(next, messages, bad, ended));
                }
                ended.await();
              });
      long taken = stub.messages() - before;
      if (bad.get() > 0 || taken != messages) {
        throw new IllegalStateException("%d failed, %d taken".formatted(bad.get(), taken));
      }
      return nanos;
    } finally {
      pool.shutdownNow();
    }
  }

  private void work(AtomicInteger next, int messages, AtomicInteger bad, CountDownLatch ended) {
    try {
      for (int i = next.incrementAndGet(); i <= messages; i = next.incrementAndGet()) {
        service.getTemplateMsgService().sendTemplateMsg(message(i));
      }
    } catch (WxErrorException | RuntimeException failed) {
      bad.incrementAndGet();
    } finally {
      ended.countDown();
    }
  }

  private static WxMpTemplateMessage message(int i) {
    WxMpTemplateMessage message =
        WxMpTemplateMessage.builder()
            .toUser("o%027d".formatted(i))
            .templateId("TPL-STAGE")
            .clientMsgId("lk%024d".formatted(i))
            .build();
    message.addData(new WxMpTemplateData("character_string1", "SO-" + i));
    message.addData(new WxMpTemplateData("thing2", "侧吸式油烟机"));
    message.addData(new WxMpTemplateData("phrase3", "已出库"));
    return message;
  }
}

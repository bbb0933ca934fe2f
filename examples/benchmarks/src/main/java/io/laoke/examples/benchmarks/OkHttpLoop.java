package io.laoke.examples.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The bare limit: the same bodies, each answer starts the next call, nothing is written down. */
final class OkHttpLoop {
  private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

  private final OkHttpClient client;
  private final String url;
  private final List<String> bodies;
  private final int flight;

  OkHttpLoop(String stub, int messages, int flight) {
    this.flight = flight;
    url = stub + "/cgi-bin/message/template/send?access_token=STUB-TOKEN";
    Dispatcher dispatcher = new Dispatcher();
    dispatcher.setMaxRequests(flight);
    dispatcher.setMaxRequestsPerHost(flight);
    client =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .connectionPool(new ConnectionPool(flight, 30, TimeUnit.SECONDS))
            .build();
    bodies = IntStream.rangeClosed(1, messages).mapToObj(OkHttpLoop::body).toList();
  }

  /** As Laoke's, for the same order. */
  private static String body(int i) {
    return """
        {"touser":"o%027d","template_id":"TPL-STAGE","client_msg_id":"lk%024d","data":{\
        "character_string1":{"value":"SO-%d"},"thing2":{"value":"侧吸式油烟机"},"phrase3":{"value":"已出库"}}}"""
        .formatted(i, i, i);
  }

  long round(StubProcess stub) throws Exception {
    long before = stub.messages();
    AtomicInteger next = new AtomicInteger();
    AtomicInteger bad = new AtomicInteger();
    CountDownLatch left = new CountDownLatch(bodies.size());
    long nanos =
        Rounds.timed(
            () -> {
              for (int i = 0; i < flight; i++) {
                start(next, left, bad);
              }
              left.await();
            });
    long taken = stub.messages() - before;
    if (bad.get() > 0 || taken != bodies.size()) {
      throw new IllegalStateException("%d failed, %d taken".formatted(bad.get(), taken));
    }
    return nanos;
  }

  private void start(AtomicInteger next, CountDownLatch left, AtomicInteger bad) {
    int i = next.getAndIncrement();
    if (i >= bodies.size()) {
      return;
    }
    Request request =
        new Request.Builder().url(url).post(RequestBody.create(bodies.get(i), JSON)).build();
    client
        .newCall(request)
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException failure) {
                ended(false);
              }

              @Override
              public void onResponse(Call call, Response response) throws IOException {
                try (response) {
                  ended(response.body().string().contains("\"errcode\":0"));
                }
              }

              private void ended(boolean good) {
                if (!good) {
                  bad.incrementAndGet();
                }
                left.countDown();
                start(next, left, bad);
              }
            });
  }
}

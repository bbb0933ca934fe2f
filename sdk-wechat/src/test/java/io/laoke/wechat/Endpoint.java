package io.laoke.wechat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A callback endpoint on the JDK's own server. */
final class Endpoint implements AutoCloseable {
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final HttpServer server;

  Endpoint(WeChatCallback callback) throws IOException {
    server = open(callback, 0, threads);
  }

  // region endpoint
  static HttpServer open(WeChatCallback callback, int port, ExecutorService threads)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(threads);
    server.createContext("/wechat", new JdkCallbackHandler(callback));
    server.start();
    return server;
  }

  // endregion

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/wechat";
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

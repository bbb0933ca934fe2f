package io.laoke.examples.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Locale;

/**
 * A server that answers as WeChat does, each request after the same time. One thread, no allocation
 * worth speaking of: the cheapest platform there can be, the same for all sides. A program of its
 * own, so that its work is nobody's garbage.
 */
final class Stub {
  private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final long latencyNanos;
  private final ArrayDeque<Due> waiting = new ArrayDeque<>();
  private final Selector selector = Selector.open();
  private long messages;

  private record Due(long atNanos, SocketChannel to, ByteBuffer answer) {}

  /** What a client has sent and nobody has read. */
  private static final class Received {
    private final byte[] bytes = new byte[32 * 1024];
    private final ByteBuffer in = ByteBuffer.wrap(bytes);
  }

  private Stub(int latencyMillis) throws IOException {
    latencyNanos = latencyMillis * 1_000_000L;
  }

  /** Answers after so many milliseconds, on a port that it prints, until its input ends. */
  public static void main(String... arguments) throws IOException {
    Stub stub = new Stub(Integer.parseInt(arguments[0]));
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    server.configureBlocking(false);
    server.register(stub.selector, SelectionKey.OP_ACCEPT);
    System.out.println(((InetSocketAddress) server.getLocalAddress()).getPort());
    System.out.flush();
    Thread parent = new Thread(Stub::endWithParent, "parent");
    parent.setDaemon(true);
    parent.start();
    while (true) {
      stub.turn();
    }
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is ever written.
      }
    } catch (IOException gone) {
      // As at the end of the input.
    }
    Runtime.getRuntime().halt(0);
  }

  private void turn() throws IOException {
    Due first = waiting.peek();
    if (first == null) {
      selector.select();
    } else {
      long left = first.atNanos - System.nanoTime();
      if (left > 0) {
        selector.select((left + 999_999) / 1_000_000);
      } else {
        selector.selectNow();
      }
    }
    Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
    while (keys.hasNext()) {
      SelectionKey key = keys.next();
      keys.remove();
      if (key.isAcceptable()) {
        accept((ServerSocketChannel) key.channel());
      } else {
        read(key);
      }
    }
    for (Due due = waiting.peek();
        due != null && due.atNanos - System.nanoTime() <= 0;
        due = waiting.peek()) {
      waiting.remove();
      write(due.to, due.answer);
    }
  }

  private void accept(ServerSocketChannel server) throws IOException {
    SocketChannel client = server.accept();
    if (client != null) {
      client.configureBlocking(false);
      client.socket().setTcpNoDelay(true);
      client.register(selector, SelectionKey.OP_READ, new Received());
    }
  }

  private void read(SelectionKey key) throws IOException {
    SocketChannel client = (SocketChannel) key.channel();
    Received received = (Received) key.attachment();
    ByteBuffer in = received.in;
    try {
      if (client.read(in) < 0) {
        client.close();
        return;
      }
    } catch (IOException reset) {
      client.close();
      return;
    }
    for (int length = request(received); length > 0; length = request(received)) {
      ByteBuffer answer =
          answer(new String(received.bytes, 0, Math.min(length, 300), StandardCharsets.UTF_8));
      in.flip().position(length);
      in.compact();
      if (latencyNanos == 0) {
        write(client, answer);
      } else {
        waiting.add(new Due(System.nanoTime() + latencyNanos, client, answer));
      }
    }
  }

  /** The length of the whole request at the start of what was read, or 0. */
  private static int request(Received received) {
    byte[] bytes = received.bytes;
    int read = received.in.position();
    for (int at = 0; at + END.length <= read; at++) {
      if (bytes[at] == '\r'
          && bytes[at + 1] == '\n'
          && bytes[at + 2] == '\r'
          && bytes[at + 3] == '\n') {
        int length =
            at + END.length + contentLength(new String(bytes, 0, at, StandardCharsets.US_ASCII));
        return length <= read ? length : 0;
      }
    }
    return 0;
  }

  private static int contentLength(String head) {
    int at = head.toLowerCase(Locale.ROOT).indexOf("\r\ncontent-length:");
    if (at < 0) {
      return 0;
    }
    int end = head.indexOf('\r', at + 2);
    return Integer.parseInt(head.substring(at + 17, end < 0 ? head.length() : end).strip());
  }

  private ByteBuffer answer(String start) {
    String path = start.substring(0, start.indexOf('\r'));
    if (path.contains("/message/template/send")) {
      messages++;
      return http(
          "{\"errcode\":0,\"errmsg\":\"ok\",\"msgid\":" + (4_000_000_000_000L + messages) + "}");
    }
    if (path.contains("token")) {
      return http("{\"access_token\":\"STUB-TOKEN\",\"expires_in\":7200}");
    }
    return http("{\"messages\":" + messages + "}");
  }

  private static ByteBuffer http(String json) {
    String answer =
        "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Type: application/json; encoding=utf-8\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json;
    return ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII));
  }

  private static void write(SocketChannel client, ByteBuffer answer) {
    try {
      while (answer.hasRemaining()) {
        client.write(answer);
      }
    } catch (IOException gone) {
      // Whoever asked does not listen any more.
    }
  }
}

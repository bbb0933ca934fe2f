package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP/1.1 server on 127.0.0.1, on plain sockets because the faults need them: a real reset
 * before or after reading, a half body, an answer that never comes. One daemon thread a connection,
 * at most {@value #MAX_CONNECTIONS}.
 */
final class LoopbackServer implements AutoCloseable {
  /** Decides about requests. */
  interface Handler {
    /** Asked when only the head was read: {@code true} resets the connection at once. */
    boolean dropUnread(HttpCall head);

    HttpAnswer answer(HttpCall call) throws InterruptedException;
  }

  static final int MAX_CONNECTIONS = 512;
  private static final Logger log = LoggerFactory.getLogger(LoopbackServer.class);
  private static final int MAX_HEAD = 64 * 1024;
  private static final int MAX_BODY = 16 * 1024 * 1024;
  private static final int IDLE_MILLIS = 300_000;
  private static final int CLOSING_MILLIS = 2_000;

  private final ServerSocket listener;
  private final Handler handler;
  private final Clock wire;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor threads;
  private final Thread acceptor;

  /**
   * Listens.
   *
   * @param wire the time that answers carry
   */
  LoopbackServer(int port, Handler handler, Clock wire) throws IOException {
    this.listener = bind(port);
    this.handler = handler;
    this.wire = wire;
    this.threads =
        new ThreadPoolExecutor(
            0,
            MAX_CONNECTIONS,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> daemon(task, "wechat-simulator-http"));
    this.acceptor = daemon(this::accept, "wechat-simulator-accept");
    acceptor.start();
  }

  static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  int port() {
    return listener.getLocalPort();
  }

  private static ServerSocket bind(int wanted) throws IOException {
    InetAddress loopback = InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
    for (int port = wanted; ; port++) {
      ServerSocket socket = new ServerSocket();
      try {
        socket.bind(new InetSocketAddress(loopback, port), 256);
        return socket;
      } catch (BindException taken) {
        socket.close();
        if (wanted == 0 || port >= wanted + 99 || port >= 65535) {
          throw taken;
        }
      }
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        try {
          threads.execute(() -> serve(socket));
        } catch (RejectedExecutionException full) {
          open.remove(socket);
          reset(socket);
        }
      } catch (IOException closed) {
        log.debug("Accepting ended: {}", closed.toString());
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(IDLE_MILLIS);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (exchange(socket, in)) {
        socket.setSoTimeout(IDLE_MILLIS);
      }
    } catch (IOException gone) {
      log.debug("Connection ended: {}", gone.toString());
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  private HttpAnswer answer(HttpCall call) throws InterruptedException {
    try {
      return handler.answer(call);
    } catch (RuntimeException e) {
      log.warn("{} {} broke", call.method(), call.path(), e);
      return HttpAnswer.text(500, "the simulator broke; see its log");
    }
  }

  /** Serves one request; {@code false} when the connection is not to be used again. */
  private boolean exchange(Socket socket, InputStream in) throws IOException, InterruptedException {
    String requestLine = line(in);
    if (requestLine == null) {
      return false;
    }
    String[] words = requestLine.split(" ", 3);
    if (words.length < 3) {
      write(socket, HttpAnswer.text(400, "bad request"), false, true);
      return false;
    }
    Map<String, String> headers = headers(in);
    String ip = socket.getInetAddress().getHostAddress();
    HttpCall head = HttpCall.of(words[0], words[1], headers, new byte[0], ip);
    if (handler.dropUnread(head)) {
      reset(socket);
      return false;
    }
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      socket.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
    }
    byte[] body = body(in, headers);
    boolean keep =
        words[2].equals("HTTP/1.1") && !"close".equalsIgnoreCase(headers.get("connection"));
    HttpAnswer answer = answer(HttpCall.of(words[0], words[1], headers, body, ip));
    switch (answer.ending()) {
      case NORMAL -> write(socket, answer, keep, !words[0].equals("HEAD"));
      case RESET -> reset(socket);
      case HANG -> hang(socket, in, answer.hang());
      case TRUNCATE -> truncate(socket, answer);
    }
    return keep && answer.ending() == HttpAnswer.Ending.NORMAL;
  }

  private static void hang(Socket socket, InputStream in, Duration howLong) throws IOException {
    socket.setSoTimeout((int) Math.max(1, Math.min(howLong.toMillis(), Integer.MAX_VALUE)));
    try {
      while (in.read() >= 0) {
        log.debug("The caller sends on while it is kept waiting");
      }
    } catch (SocketTimeoutException over) {
      log.debug("Kept a caller waiting for {}", howLong);
    }
    reset(socket);
  }

  private void truncate(Socket socket, HttpAnswer answer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(head(answer, false));
    bytes.write(answer.body(), 0, answer.body().length / 2);
    OutputStream out = socket.getOutputStream();
    out.write(bytes.toByteArray());
    out.flush();
    socket.close();
  }

  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0); // close() then sends RST
    socket.close();
  }

  private void write(Socket socket, HttpAnswer answer, boolean keep, boolean withBody)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(head(answer, keep));
    if (withBody) {
      bytes.write(answer.body());
    }
    OutputStream out = socket.getOutputStream();
    out.write(bytes.toByteArray());
    out.flush();
  }

  private byte[] head(HttpAnswer answer, boolean keep) {
    return """
    HTTP/1.1 %d %s
    Date: %s
    Content-Type: %s
    Content-Length: %d
    Cache-Control: no-store
    %sConnection: %s

    """
        .formatted(
            answer.status(),
            answer.status() == 200 ? "OK" : "Status",
            DateTimeFormatter.RFC_1123_DATE_TIME.format(wire.instant().atZone(ZoneOffset.UTC)),
            answer.contentType(),
            answer.body().length,
            answer.moreHead(),
            keep ? "keep-alive" : "close")
        .replace("\n", "\r\n")
        .getBytes(ISO_8859_1);
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    int size = 0;
    while (true) {
      String line = line(in);
      if (line == null) {
        throw new EOFException("in the head");
      }
      if (line.isEmpty()) {
        return headers;
      }
      size += line.length();
      if (size > MAX_HEAD) {
        throw new IOException("head larger than " + MAX_HEAD);
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip());
      }
    }
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      return chunks(in);
    }
    String length = headers.getOrDefault("content-length", "0");
    return exactly(in, size(length, 10));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String line = line(in);
      if (line == null) {
        throw new EOFException("in a chunk");
      }
      int semicolon = line.indexOf(';');
      int size = size(semicolon < 0 ? line : line.substring(0, semicolon), 16);
      if (size == 0) {
        headers(in); // trailers
        return body.toByteArray();
      }
      body.write(exactly(in, size));
      line(in);
      if (body.size() > MAX_BODY) {
        throw new IOException("body larger than " + MAX_BODY);
      }
    }
  }

  private static int size(String text, int radix) throws IOException {
    try {
      int size = Integer.parseInt(text.strip(), radix);
      if (size < 0 || size > MAX_BODY) {
        throw new IOException("body larger than " + MAX_BODY);
      }
      return size;
    } catch (NumberFormatException e) {
      throw new IOException("not a length: " + text, e);
    }
  }

  private static byte[] exactly(InputStream in, int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("in the body");
    }
    return bytes;
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      line.write(next);
      if (line.size() > MAX_HEAD) {
        throw new IOException("line larger than " + MAX_HEAD);
      }
      next = in.read();
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  /** Ends all connections and threads; waits for the threads, but not for ever. */
  @Override
  public void close() {
    quietly(listener);
    threads.shutdownNow();
    open.forEach(LoopbackServer::quietly);
    try {
      acceptor.join(CLOSING_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    await(threads);
  }

  /** Waits for the end of threads that were told to end, but not for ever. */
  static void await(ExecutorService ending) {
    try {
      if (!ending.awaitTermination(CLOSING_MILLIS, TimeUnit.MILLISECONDS)) {
        log.debug("Threads are still busy");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void quietly(Closeable what) {
    try {
      what.close();
    } catch (IOException e) {
      log.debug("While closing: {}", e.toString());
    }
  }
}

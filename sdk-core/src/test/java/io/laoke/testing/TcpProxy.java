package io.laoke.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a server that can be closed and opened again; at the same port, so none need know. */
public final class TcpProxy implements AutoCloseable {
  private final InetSocketAddress target;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private ServerSocket door;

  /** A way to a port of this machine. */
  public TcpProxy(int targetPort) throws IOException {
    this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
    this.door = listen(0);
    this.port = door.getLocalPort();
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  private ServerSocket listen(int at) throws IOException {
    ServerSocket made = new ServerSocket();
    made.setReuseAddress(true);
    made.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at));
    thread(() -> acceptFrom(made));
    return made;
  }

  private void acceptFrom(ServerSocket from) {
    try {
      while (true) {
        Socket near = from.accept();
        Socket far = new Socket();
        open.add(near);
        open.add(far);
        far.connect(target);
        if (from.isClosed()) {
          close(near);
          close(far);
        }
        thread(() -> copy(near, far));
        thread(() -> copy(far, near));
      }
    } catch (IOException closed) {
      // That is the end of it.
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] some = new byte[16 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        out.write(some, 0, n);
      }
    } catch (IOException broken) {
      // Both ends hear of it.
    } finally {
      close(from);
      close(to);
    }
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "tcp-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException gone) {
      // It is closed.
    }
  }

  /** From now on nobody gets through, and whoever had is cut off. */
  public synchronized void down() throws IOException {
    door.close();
    open.forEach(this::close);
  }

  /** Whoever asks gets through again. */
  public synchronized void up() throws IOException {
    door = listen(port);
  }

  @Override
  public void close() throws IOException {
    down();
  }
}

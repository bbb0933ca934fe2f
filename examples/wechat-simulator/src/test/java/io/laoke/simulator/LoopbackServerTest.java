package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wire: what real HTTP clients send, byte by byte. */
class LoopbackServerTest {
  private final LoopbackServer server = start();
  private Socket socket = new Socket();

  private static LoopbackServer start() {
    try {
      return new LoopbackServer(
          0,
          new LoopbackServer.Handler() {
            @Override
            public boolean dropUnread(HttpCall head) {
              return head.path().equals("/drop");
            }

            @Override
            public HttpAnswer answer(HttpCall call) {
              if (call.path().equals("/broken")) {
                throw new IllegalStateException("broken");
              }
              return HttpAnswer.text(
                  200,
                  call.method()
                      + " "
                      + call.path()
                      + " "
                      + call.query()
                      + " "
                      + new String(call.body(), UTF_8));
            }
          },
          java.time.Clock.systemUTC());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void connect() throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(10_000);
  }

  @AfterEach
  void stop() throws IOException {
    socket.close();
    server.close();
  }

  private void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }

  /** One answer with its body. */
  private String read() throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return head.toString();
      }
      head.append((char) next);
    }
    int from = head.indexOf("Content-Length: ");
    if (from < 0) {
      return head.toString();
    }
    int length = Integer.parseInt(head.substring(from + 16, head.indexOf("\r\n", from)));
    return head + new String(in.readNBytes(length), UTF_8);
  }

  @Test
  void keepsAConnectionAndReadsPipelinedCalls() throws IOException {
    write("GET /a?x=1&y=%E4%B8%AD+b HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(read()).contains("HTTP/1.1 200 OK", "keep-alive", "GET /a {x=1, y=中 b}");
    assertThat(read()).contains("GET /b {}");
    write("GET /c HTTP/1.1\r\nConnection: close\r\n\r\n");
    assertThat(read()).contains("GET /c", "Connection: close");
    assertThat(socket.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void readsBodiesByLengthByChunkAndAfterContinue() throws IOException {
    write("POST /a HTTP/1.1\r\ncontent-length: 6\r\n\r\n中文");
    assertThat(read()).endsWith("中文");
    write(
        "POST /a HTTP/1.1\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "3;x=y\r\n"
            + "中\r\n"
            + "3\r\n"
            + "文\r\n"
            + "0\r\n"
            + "A: b\r\n\r\n");
    assertThat(read()).endsWith("中文");
    write("POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    assertThat(read()).startsWith("HTTP/1.1 100 Continue");
    write("ok");
    assertThat(read()).endsWith("ok");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "POST /a HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST /a HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "POST /a HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /a HTTP/1.1\r\nContent-Length: 10\r\n\r\nshort",
        ""
      })
  void brokenRequestsEndTheConnectionOnly(String text) throws IOException {
    write(text);
    socket.shutdownOutput();
    String answer;
    try {
      answer = read();
    } catch (SocketException reset) {
      answer = "";
    }
    assertThat(answer).doesNotContain(" 200 ");
    connect();
    write("GET /again HTTP/1.1\r\n\r\n");
    assertThat(read()).contains("GET /again");
  }

  @Test
  void aBugInTheSimulatorIsAnswered() throws IOException {
    write("GET /broken HTTP/1.1\r\n\r\n");
    assertThat(read()).startsWith("HTTP/1.1 500");
    write("GET /again HTTP/1.1\r\n\r\n");
    assertThat(read()).contains("GET /again");
  }

  @Test
  void takesTheWholeUrlAsAProxyGetsIt() throws IOException {
    write("GET http://api.weixin.qq.com/a?x=http://b HTTP/1.1\r\n\r\n");
    assertThat(read()).contains("GET /a {x=http://b}");
  }

  @Test
  void anUnreadRequestIsReset() throws IOException {
    write("POST /drop HTTP/1.1\r\nContent-Length: 5\r\n\r\n12345");
    String end;
    try {
      end = read();
    } catch (SocketException reset) {
      end = "reset";
    }
    assertThat(end).isEqualTo("reset");
  }
}

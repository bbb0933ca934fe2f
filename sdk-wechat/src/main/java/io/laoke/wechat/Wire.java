package io.laoke.wechat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSink;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * The only class that knows OkHttp; written to run on its versions 3.14, 4 and 5. One request is
 * one exchange: nothing is repeated, redirected or resent behind the caller's back.
 */
final class Wire implements AutoCloseable {
  /** Calls besides messages, such as for a token or a code, that always find room. */
  static final int SPARE_CALLS = 8;

  /** The largest file that is read. */
  private static final long FILE_LIMIT = 64L * 1024 * 1024;

  private static final int PIECE = 16 * 1024;
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

  private final HttpUrl base;
  private final OkHttpClient client;
  private final Workers workers;
  private final int mostPaced;
  private final Set<Call> paced = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** The paths that Laoke calls, a handful, and each one's address of last time. */
  private final Map<String, HttpUrl> paths = new ConcurrentHashMap<>();

  private final Map<String, Asked> last = new ConcurrentHashMap<>();

  private record Asked(Map<String, String> query, HttpUrl url) {}

  Wire(URI baseUrl, Duration callTimeout, int maxInFlight, Workers workers) {
    base = HttpUrl.get(baseUrl);
    this.workers = workers;
    mostPaced = 2 * maxInFlight;
    Dispatcher dispatcher = new Dispatcher(workers.network());
    dispatcher.setMaxRequests(maxInFlight + SPARE_CALLS);
    dispatcher.setMaxRequestsPerHost(maxInFlight + SPARE_CALLS);
    Duration half = callTimeout.dividedBy(2);
    client =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .connectionPool(
                new ConnectionPool(maxInFlight, KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS))
            // one exchange per connection: a reset touches one message, not all that are under way
            .protocols(List.of(Protocol.HTTP_1_1))
            .callTimeout(callTimeout.toMillis(), TimeUnit.MILLISECONDS)
            .connectTimeout(Math.min(CONNECT.toMillis(), half.toMillis()), TimeUnit.MILLISECONDS)
            // the whole call has its limit; should that be missed, nothing is read for ever
            .readTimeout(2 * callTimeout.toMillis(), TimeUnit.MILLISECONDS)
            .writeTimeout(0, TimeUnit.MILLISECONDS)
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .addInterceptor(this::unlessClosed)
            // a 503 with "Retry-After: 0" would make it ask again
            .addNetworkInterceptor(Wire::withoutRetryAfter)
            .build();
  }

  /**
   * Starts a request; {@code done} is called once, on a network thread.
   *
   * @throws RejectedExecutionException after the threads' end, if it is paced; nothing is called
   */
  Flight start(Request request, Consumer<Exchange> done) {
    AtomicReference<Stage> stage = new AtomicReference<>(Stage.UNTOUCHED);
    okhttp3.Request.Builder builder =
        new okhttp3.Request.Builder().url(url(request)).header("Accept", "application/json");
    RequestBody body = body(request);
    if (body == null) {
      builder.get();
    } else {
      builder.post(new OnceBody(body, stage));
    }
    Call call = client.newCall(builder.build());
    Duration limit = request.limit();
    if (limit != null) {
      call.timeout().timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
    Answering answering = new Answering(request, stage, done);
    if (request.paced()) {
      workers.inTurn(() -> onThisThread(call, answering));
    } else {
      call.enqueue(answering);
    }
    return () -> {
      boolean untouched = stage.compareAndSet(Stage.UNTOUCHED, Stage.ABANDONED);
      call.cancel();
      return untouched;
    };
  }

  private static @Nullable RequestBody body(Request request) {
    FormFile file = request.file();
    if (file != null) {
      MultipartBody.Builder form =
          new MultipartBody.Builder()
              .setType(MultipartBody.FORM)
              .addFormDataPart("media", file.name(), new FileBody(file));
      file.fields().forEach(form::addFormDataPart);
      return form.build();
    }
    byte[] json = request.body();
    return json == null ? null : new JsonBody(json);
  }

  @Override
  public void close() {
    closed = true;
    client.dispatcher().cancelAll();
    paced.forEach(Call::cancel); // also those whose answers are being read
    client.connectionPool().evictAll();
  }

  private void onThisThread(Call call, Answering answering) {
    paced.add(call);
    try {
      if (paced.size() > mostPaced) {
        // their callers have given them up, but nothing ends a look-up of a host's name
        answering.onFailure(call, new ConnectException("too many calls hang"));
      } else {
        answering.to(call);
      }
    } finally {
      paced.remove(call);
    }
  }

  /** What begins after the end was not yet there to be cancelled. */
  private Response unlessClosed(Interceptor.Chain chain) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    return chain.proceed(chain.request());
  }

  private static Response withoutRetryAfter(Interceptor.Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    return response.header("Retry-After") == null
        ? response
        : response.newBuilder().removeHeader("Retry-After").build();
  }

  private HttpUrl url(Request request) {
    Asked before = last.get(request.path());
    if (before != null && before.query.equals(request.query())) {
      return before.url;
    }
    HttpUrl url = newUrl(request);
    last.put(request.path(), new Asked(Map.copyOf(request.query()), url));
    return url;
  }

  private HttpUrl newUrl(Request request) {
    HttpUrl.Builder url = paths.computeIfAbsent(request.path(), this::path).newBuilder();
    for (Map.Entry<String, String> parameter : request.query().entrySet()) {
      url.addQueryParameter(parameter.getKey(), parameter.getValue());
    }
    return url.build();
  }

  private HttpUrl path(String path) {
    HttpUrl.Builder url = base.newBuilder();
    for (String segment : path.substring(1).split("/", -1)) {
      url.addPathSegment(segment);
    }
    return url.build();
  }

  /** A request under way. */
  interface Flight {
    /**
     * Gives up.
     *
     * @return whether the request's body certainly never left
     */
    boolean abandon();
  }

  /** How a request ended. */
  sealed interface Exchange {
    /**
     * An answer was read in full.
     *
     * @param saved how many bytes were written to the request's file instead; else -1
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Answered(int status, byte[] body, @Nullable String date, long saved)
        implements Exchange {}

    /** No or no whole answer. */
    record Broken(IOException cause, boolean bodyLeft) implements Exchange {}
  }

  /** How far a request's body has come; a request without its whole body has no effect. */
  private enum Stage {
    UNTOUCHED,
    LEAVING,
    ABANDONED
  }

  /** A file of this machine could not be read or written: no fault of the network's. */
  static final class LocalFile extends IOException {
    private static final long serialVersionUID = 1;

    LocalFile(IOException cause) {
      super("a file of this machine", cause);
    }
  }

  /** A body that is written once and never again, whatever OkHttp would like to repeat. */
  private static final class OnceBody extends RequestBody {
    private final RequestBody body;
    private final AtomicReference<Stage> stage;

    OnceBody(RequestBody body, AtomicReference<Stage> stage) {
      this.body = body;
      this.stage = stage;
    }

    @Override
    public @Nullable MediaType contentType() {
      return body.contentType();
    }

    @Override
    public long contentLength() throws IOException {
      return body.contentLength();
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      if (!stage.compareAndSet(Stage.UNTOUCHED, Stage.LEAVING)) {
        throw new IOException("given up or repeated: not written");
      }
      body.writeTo(sink);
    }
  }

  private static final class JsonBody extends RequestBody {
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    private final byte[] bytes;

    JsonBody(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public MediaType contentType() {
      return JSON;
    }

    @Override
    public long contentLength() {
      return bytes.length;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(bytes);
    }
  }

  /** A file's bytes, piece by piece as they are read. */
  private static final class FileBody extends RequestBody {
    private final FormFile file;

    FileBody(FormFile file) {
      this.file = file;
    }

    @Override
    public MediaType contentType() {
      return MediaType.get(file.contentType());
    }

    @Override
    public long contentLength() {
      return file.size();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      byte[] piece = new byte[PIECE];
      long left = file.size();
      try (InputStream in = opened()) {
        for (int read = read(in, piece); read >= 0; read = read(in, piece)) {
          left -= read;
          if (left < 0) {
            break;
          }
          sink.write(piece, 0, read);
        }
      }
      if (left != 0) {
        throw new LocalFile(new IOException("the file changed while it was read"));
      }
    }

    private InputStream opened() throws LocalFile {
      try {
        return file.open();
      } catch (IOException e) {
        throw new LocalFile(e);
      }
    }

    private static int read(InputStream in, byte[] piece) throws LocalFile {
      try {
        return in.read(piece);
      } catch (IOException e) {
        throw new LocalFile(e);
      }
    }
  }

  private static final class Answering implements Callback {
    private final int limit;
    private final @Nullable Path saveTo;
    private final AtomicReference<Stage> stage;
    private final boolean harmless;
    private final Consumer<Exchange> done;

    Answering(Request request, AtomicReference<Stage> stage, Consumer<Exchange> done) {
      limit = request.answerLimit();
      saveTo = request.saveTo();
      harmless = request.asks();
      this.stage = stage;
      this.done = done;
    }

    /** Makes the call on this thread. */
    void to(Call call) {
      Response response;
      try {
        response = call.execute();
      } catch (IOException e) {
        onFailure(call, e);
        return;
      } catch (RuntimeException | Error e) {
        onFailure(call, new IOException("the call failed", e));
        throw e;
      }
      onResponse(call, response);
    }

    @Override
    public void onFailure(Call call, IOException e) {
      done.accept(broken(e));
    }

    @Override
    public void onResponse(Call call, Response response) {
      Exchange exchange;
      try (response) {
        exchange = answered(response);
      } catch (IOException e) {
        exchange = broken(e);
      }
      done.accept(exchange);
    }

    private Exchange answered(Response response) throws IOException {
      ResponseBody body = response.body();
      String date = response.header("Date");
      if (saveTo != null && body != null && response.isSuccessful()) {
        BufferedSource source = body.source(); // closed with its response
        if (isMedia(source)) {
          return new Exchange.Answered(response.code(), new byte[0], date, save(source, saveTo));
        }
      }
      return new Exchange.Answered(response.code(), read(body), date, -1);
    }

    /** By its first bytes: what the answer says of its type is not to be trusted. */
    private static boolean isMedia(BufferedSource source) throws IOException {
      byte[] head = new byte[MediaFormat.HEAD];
      boolean unused = source.request(head.length);
      int read = source.peek().read(head);
      return read > 0 && MediaFormat.of(Arrays.copyOf(head, read)).isPresent();
    }

    private long save(BufferedSource source, Path to) throws IOException {
      byte[] piece = new byte[PIECE];
      long saved = 0;
      try (Saved file = new Saved(to)) {
        for (int read = source.read(piece); read >= 0; read = source.read(piece)) {
          saved += read;
          if (saved > FILE_LIMIT) {
            throw new IOException("the file is larger than " + FILE_LIMIT + " bytes");
          }
          file.write(piece, read);
        }
      }
      return saved;
    }

    private Exchange broken(IOException e) {
      return new Exchange.Broken(e, !harmless && stage.get() == Stage.LEAVING);
    }

    private byte[] read(@Nullable ResponseBody body) throws IOException {
      if (body == null) {
        return new byte[0];
      }
      BufferedSource source = body.source(); // closed with its response
      if (source.request(limit + 1L)) {
        throw new IOException("the answer is larger than " + limit + " bytes");
      }
      return source.readByteArray();
    }
  }

  /** A file that is written, whose failures are told apart from the network's. */
  private static final class Saved implements AutoCloseable {
    private final OutputStream out;

    Saved(Path to) throws LocalFile {
      try {
        out = Files.newOutputStream(to);
      } catch (IOException e) {
        throw new LocalFile(e);
      }
    }

    void write(byte[] piece, int length) throws LocalFile {
      try {
        out.write(piece, 0, length);
      } catch (IOException e) {
        throw new LocalFile(e);
      }
    }

    @Override
    public void close() throws LocalFile {
      try {
        out.close();
      } catch (IOException e) {
        throw new LocalFile(e);
      }
    }
  }
}

package io.laoke.examples.shell;

import io.laoke.error.LaokeException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The program: its commands are classes of their own, listed here; what all of them are told by
 * options is here too.
 */
@Command(
    name = "examples/run shell",
    description =
        "Brings a dealer's history into Laoke's tables, in any database that Laoke knows, and asks"
            + " questions about its members.",
    subcommands = {
      ImportCommand.class,
      CountCommand.class,
      ListCommand.class,
      ExplainCommand.class,
      BreakdownCommand.class,
      DescribeCommand.class,
      RulesCommand.class,
      TickCommand.class,
      DueCommand.class,
      TasksCommand.class,
      DoneCommand.class,
      ReportCommand.class,
      ForecastCommand.class
    },
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Shell.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:All went well.",
      "1:Done, but some rows or questions were refused.",
      "2:The command line, or the segment, is wrong.",
      "3:It cannot be done: a file, the database, or a conflict. What is committed stays."
    })
public final class Shell implements Runnable {
  /** Done, but some rows or questions were refused. */
  static final int SOME_REFUSED = 1;

  /** The command line, or the segment, is wrong. */
  static final int WRONG = 2;

  /** It cannot be done. */
  static final int CANNOT = 3;

  private final InputStream in;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--database",
      paramLabel = "PATH|jdbc:URL",
      scope = ScopeType.INHERIT,
      defaultValue = "${sys:laoke.shell.home:-data}/laoke",
      description =
          "A file of the embedded database, made if it is new, or the address of a PostgreSQL, MySQL"
              + " or MariaDB server's. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init")
  private String database;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "The database's user, where the address does not name one.")
  private @Nullable String user;

  @Option(
      names = "--password-from",
      paramLabel = "env:NAME|file:PATH",
      scope = ScopeType.INHERIT,
      description =
          "Where the user's password stands: an environment variable, or the first line of a file."
              + " There is no option for the password itself, since others see command lines.")
  private @Nullable String passwordFrom;

  @Option(
      names = "--dealer",
      paramLabel = "CODE",
      scope = ScopeType.INHERIT,
      defaultValue = "demo",
      description = "The dealer, made if it is new. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init")
  private String dealer;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      scope = ScopeType.INHERIT,
      description =
          "The dealer's time zone, such as Asia/Shanghai. Stored with a new dealer (Asia/Shanghai if"
              + " it is not given); a different one later is an error.")
  private @Nullable String zone;

  @Option(
      names = "--charset",
      paramLabel = "utf-8|gb18030|auto",
      scope = ScopeType.INHERIT,
      defaultValue = "utf-8",
      description =
          "How files are written: gb18030 (also GBK and GB2312) is what Excel writes in China; auto"
              + " takes it for files that are no UTF-8. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init")
  private String charset;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Answers as one JSON object instead of text.")
  private boolean json;

  private Shell(InputStream in) {
    this.in = in;
  }

  /** Runs it, and ends the process with its exit code. */
  public static void main(String... arguments) {
    WatchedOutput output = new WatchedOutput(new FileOutputStream(FileDescriptor.out));
    System.setOut(new PrintStream(new BufferedOutputStream(output), true));
    int code = commandLine(System.in).execute(arguments);
    System.out.flush();
    String lost = output.lost();
    if (lost != null) {
      System.err.println(
          "The answer was not written in full: " + lost + ". Make room, then ask again.");
      code = CANNOT;
    }
    System.exit(code);
  }

  /** The same inside this process. */
  static int run(InputStream in, PrintWriter out, PrintWriter err, String... arguments) {
    return commandLine(in).setOut(out).setErr(err).execute(arguments);
  }

  private static CommandLine commandLine(InputStream in) {
    return new CommandLine(new Shell(in))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((failure, line, parsed) -> failed(failure, line));
  }

  private static int failed(Exception failure, CommandLine line) throws Exception {
    PrintWriter err = line.getErr();
    if (failure instanceof CannotException || failure instanceof LaokeException) {
      err.println(failure.getMessage());
    } else {
      err.println("This should not happen; please report it with the lines below.");
      failure.printStackTrace(err);
    }
    err.flush();
    return CANNOT;
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command.");
  }

  /** Standard input. */
  InputStream in() {
    return in;
  }

  /** Where to work. */
  Target target() {
    return Target.of(database, user, passwordFrom, this::wrong);
  }

  /** Of whom. */
  String dealer() {
    return dealer;
  }

  /** The zone that was given. */
  Optional<ZoneId> zone() {
    try {
      return Optional.ofNullable(zone).map(ZoneId::of);
    } catch (DateTimeException unknown) {
      throw wrong("--zone must be a time zone such as Asia/Shanghai, was: " + zone);
    }
  }

  /** How files are written. */
  Charsets charset() {
    return Charsets.named(charset)
        .orElseThrow(
            () -> wrong("--charset must be utf-8, gb18030 or auto, was: " + Cells.shown(charset)));
  }

  /** Whether to answer in JSON. */
  boolean json() {
    return json;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Read from what the build writes down. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      Properties properties = new Properties();
      try (InputStream in = Shell.class.getResourceAsStream("version.properties")) {
        properties.load(in);
      }
      return new String[] {"laoke-shell " + properties.getProperty("version")};
    }
  }

  /** A path as it is shown: as it was given, or absolute where that says more. */
  static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}

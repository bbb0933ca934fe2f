package io.laoke.examples.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** A command that was run in this process through the shell's own entry. */
record Ran(int code, String out, String err) {
  static Ran of(String... arguments) {
    return asked("", arguments);
  }

  /** With something on standard input. */
  static Ran asked(String in, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Shell.run(
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(out),
            new PrintWriter(err),
            arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  /** Imports a folder, and answers in JSON. */
  static Ran imported(Path dir, String database, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("import", dir.toString(), "--database", database, "--json"));
    arguments.addAll(List.of(more));
    return of(arguments.toArray(String[]::new));
  }

  /** One line of an answer. */
  static JsonNode line(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (IOException none) {
      throw new AssertionError(json, none);
    }
  }

  JsonNode json() {
    try {
      return new ObjectMapper().readTree(out);
    } catch (IOException none) {
      throw new AssertionError("exit code " + code + "\n" + out + "\n" + err, none);
    }
  }

  /** The errors as lines of text. */
  List<String> errors() {
    List<String> errors = new ArrayList<>();
    json()
        .path("errors")
        .forEach(
            one ->
                errors.add(
                    "%s:%d %s '%s': %s"
                        .formatted(
                            one.path("file").asText(),
                            one.path("line").asLong(),
                            one.path("column").asText(),
                            one.path("value").asText(),
                            one.path("reason").asText())));
    return errors;
  }

  /** The warnings by code, with how often. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    json()
        .path("warnings")
        .forEach(one -> warnings.add(one.path("code").asText() + " " + one.path("count").asLong()));
    return warnings;
  }

  /** A database in memory that is gone with this process. */
  static String memory() {
    return "jdbc:h2:mem:shell" + System.nanoTime() + ";DB_CLOSE_DELAY=-1";
  }

  /** Writes a file of lines. */
  static Path file(Path dir, String name, String... lines) throws IOException {
    return bytes(dir, name, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a file, packed if its name says so. */
  static Path bytes(Path dir, String name, byte[] bytes) throws IOException {
    Files.createDirectories(dir);
    Path file = dir.resolve(name);
    if (!name.endsWith(".gz")) {
      return Files.write(file, bytes);
    }
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(bytes);
    }
    return file;
  }
}

package chat.parley.chaos.disk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The file system's program, compiled once in a process from the sources in this jar. Blocking. */
final class DiskProgram {
  private static final List<String> SOURCES =
      List.of("main.c", "disk.c", "unsynced.c", "disk.h", "unsynced.h");
  private static final long COMPILE_S = 120;
  private static Path compiled;

  private DiskProgram() {}

  /** Why there can be none here; empty where there can. */
  static Optional<String> missing() {
    if (!Files.isWritable(Path.of("/dev/fuse"))) {
      return Optional.of("there is no /dev/fuse that may be written");
    }
    if (!runs("cc", "--version")) {
      return Optional.of("there is no C compiler (cc)");
    }
    if (!runs("pkg-config", "--exists", "fuse3")) {
      return Optional.of("libfuse 3 cannot be compiled against (Debian: fuse3 libfuse3-dev)");
    }
    return Optional.empty();
  }

  /**
   * The program's file, removed at this process's end.
   *
   * @throws IllegalStateException with what the compiler says
   */
  static synchronized Path compiled() {
    try {
      if (compiled == null) {
        compiled = compile(Files.createTempDirectory("parley-disk"));
      }
      return compiled;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path compile(Path folder) throws IOException {
    folder.toFile().deleteOnExit();
    List<String> command = new ArrayList<>(List.of("cc", "-std=c11", "-O2", "-Wall", "-Wextra"));
    command.add("-Werror");
    command.addAll(List.of(output("pkg-config", "--cflags", "fuse3").strip().split("\\s+")));
    for (String source : SOURCES) {
      Path file = folder.resolve(source);
      try (InputStream in = DiskProgram.class.getResourceAsStream(source)) {
        Files.copy(in, file);
      }
      file.toFile().deleteOnExit();
      if (source.endsWith(".c")) {
        command.add(file.toString());
      }
    }
    Path program = folder.resolve("parley-disk");
    program.toFile().deleteOnExit();
    command.addAll(List.of("-o", program.toString()));
    command.addAll(List.of(output("pkg-config", "--libs", "fuse3").strip().split("\\s+")));
    command.add("-lpthread");
    output(command.toArray(String[]::new));
    return program;
  }

  private static boolean runs(String... command) {
    try {
      output(command);
      return true;
    } catch (IOException | IllegalStateException e) {
      return false;
    }
  }

  /** What a command says; throws when it fails. */
  static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(COMPILE_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", command) + " failed: " + said);
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }
}

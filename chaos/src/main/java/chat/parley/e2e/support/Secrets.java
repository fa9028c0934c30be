package chat.parley.e2e.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Every token, password, secret and text of a message that a test used: none may stand in a log.
 * They are kept in files, one of each JVM of tests, because who looks at the logs is another JVM.
 */
public final class Secrets {
  private static final Path FOLDER =
      Path.of(System.getProperty("parley.logs")).resolveSibling("e2e-secrets");
  private static final Path FILE = FOLDER.resolve(ProcessHandle.current().pid() + ".txt");
  private static final Set<String> ALL = ConcurrentHashMap.newKeySet();

  private static final int SHORTEST = 8;

  /** A soak says more than can be searched for; the tests stay below. */
  private static final int MOST = 200_000;

  private Secrets() {}

  /** Short ones are left out: they would be found in any text by chance. */
  public static String remember(String secret) {
    boolean wanted = secret != null && secret.length() >= SHORTEST && ALL.size() < MOST;
    if (wanted && ALL.add(secret)) {
      keep(secret);
    }
    return secret;
  }

  private static synchronized void keep(String secret) {
    String line = Base64.getEncoder().encodeToString(secret.getBytes(UTF_8)) + "\n";
    try {
      Files.createDirectories(FOLDER);
      Files.writeString(FILE, line, CREATE, APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the tests of all JVMs remembered. */
  public static Set<String> all() {
    Set<String> all = new HashSet<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        for (String line : Files.readAllLines(file)) {
          all.add(new String(Base64.getDecoder().decode(line), UTF_8));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}

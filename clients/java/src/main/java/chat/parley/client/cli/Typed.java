package chat.parley.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lines that were typed here and have not come back yet: they are not printed when they do, be it
 * at the next start. Thread-safe.
 */
final class Typed {
  private static final int MOST = 10_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Deque<String> lines = new ArrayDeque<>();

  Typed(Path file) {
    this.file = file;
    if (Files.exists(file)) {
      try {
        for (JsonNode line : JSON.readTree(file.toFile())) {
          lines.add(line.asText());
        }
      } catch (IOException e) {
        // Half written in a crash: some own lines are printed.
        lines.clear();
      }
    }
  }

  synchronized void add(String line) {
    if (lines.size() < MOST) {
      lines.add(line);
    }
  }

  /** Takes a line out; false when it was not typed here. */
  synchronized boolean comesBack(String line) {
    return lines.removeFirstOccurrence(line);
  }

  synchronized void save() {
    ArrayNode json = JSON.createArrayNode();
    lines.forEach(json::add);
    try {
      Files.writeString(file, json.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

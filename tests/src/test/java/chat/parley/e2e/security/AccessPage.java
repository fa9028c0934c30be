package chat.parley.e2e.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The tables of docs/access.md, which are the expectations of the tests here. */
final class AccessPage {
  private static final Path PAGE =
      Path.of(System.getProperty("parley.repository"), "docs", "access.md");

  private static final int AT_ONCE = 8;

  private AccessPage() {}

  /**
   * What the page says of one request of one caller.
   *
   * @param row first cell of its line
   * @param column head of its column
   */
  record Cell(String row, String column, String expected) {}

  /** The table under a heading, cell by cell. */
  static List<Cell> cells(String heading) {
    List<String> lines = linesUnder(heading);
    List<String> columns = split(lines.get(0));
    List<Cell> cells = new ArrayList<>();
    for (String line : lines.subList(2, lines.size())) {
      List<String> row = split(line);
      assertThat(row).as(line).hasSameSizeAs(columns);
      for (int i = 1; i < columns.size(); i++) {
        cells.add(new Cell(row.get(0), columns.get(i), row.get(i)));
      }
    }
    return cells;
  }

  static Set<String> rows(String heading) {
    return cells(heading).stream()
        .map(Cell::row)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** What stands in backticks in the first cells, once each. */
  static Set<String> operations(String heading) {
    return rows(heading).stream()
        .map(row -> row.split("`")[1])
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Asks for every cell, several at once because some refusals wait for a join that may be on its
   * way, and compares.
   *
   * @param outcome of a request, in the words of the page
   */
  static void requireTrue(String heading, Outcome outcome) {
    ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE);
    try {
      Map<Cell, Future<String>> outcomes = new LinkedHashMap<>();
      cells(heading).forEach(cell -> outcomes.put(cell, callers.submit(() -> outcome.of(cell))));
      List<String> different = new ArrayList<>();
      for (Map.Entry<Cell, Future<String>> asked : outcomes.entrySet()) {
        String seen = asked.getValue().get(1, TimeUnit.MINUTES);
        if (!seen.equals(asked.getKey().expected())) {
          different.add(asked.getKey() + " but was " + seen);
        }
      }
      assertThat(different).isEmpty();
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    } finally {
      callers.shutdownNow();
    }
  }

  /** Finds out what a cell's request comes to. */
  interface Outcome {
    String of(Cell cell);
  }

  private static List<String> linesUnder(String heading) {
    String page;
    try {
      page = Files.readString(PAGE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> table =
        page.lines()
            .dropWhile(line -> !line.equals("## " + heading))
            .skip(1)
            .takeWhile(line -> !line.startsWith("## "))
            .filter(line -> line.startsWith("|"))
            .toList();
    assertThat(table).as("table under " + heading).hasSizeGreaterThan(2);
    return table;
  }

  private static List<String> split(String line) {
    return Arrays.stream(line.substring(1, line.length() - 1).split("\\|"))
        .map(String::trim)
        .toList();
  }
}

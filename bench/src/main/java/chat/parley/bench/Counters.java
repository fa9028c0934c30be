package chat.parley.bench;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The counters of all processes of a server, from their metrics pages. */
final class Counters {
  /** Of a target that has none. */
  static final Counters NONE = new Counters(null, List.of());

  private static final int ANSWER_WITHIN_S = 10;

  private final Loops loops;
  private final List<URI> pages;

  /**
   * @param pages of all processes: what one of them counts would be missing else
   */
  Counters(Loops loops, List<URI> pages) {
    this.loops = loops;
    this.pages = List.copyOf(pages);
  }

  /** Every sample by its name with its labels, summed over the pages; null when one is missing. */
  Map<String, Double> read() {
    if (pages.isEmpty()) {
      return null;
    }
    Map<String, Double> all = new LinkedHashMap<>();
    for (URI page : pages) {
      try {
        for (String line : text(page).split("\n")) {
          int space = line.lastIndexOf(' ');
          if (space > 0 && line.startsWith("parley_")) {
            double value = Double.parseDouble(line.substring(space + 1));
            all.merge(line.substring(0, space), value, Double::sum);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BenchException("interrupted", e);
      } catch (ExecutionException | TimeoutException | NumberFormatException e) {
        return null;
      }
    }
    return all;
  }

  /** What has crossed the bus since an earlier look; null when it is not known. */
  Bus since(Map<String, Double> before) {
    Map<String, Double> now = before == null ? null : read();
    return now == null ? null : Bus.between(before, now);
  }

  private String text(URI page) throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<String> text = new CompletableFuture<>();
    new Http(loops.posts(), page, 1)
        .ask(
            "GET",
            page.getPath(),
            null,
            null,
            (answer, failure) -> {
              if (failure != null) {
                text.completeExceptionally(failure);
              } else {
                text.complete(answer.body());
              }
            });
    return text.get(ANSWER_WITHIN_S, TimeUnit.SECONDS);
  }
}

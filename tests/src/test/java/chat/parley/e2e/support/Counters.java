package chat.parley.e2e.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What a process counts, on its metrics page at one moment. */
public final class Counters {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final String page;

  private Counters(String page) {
    this.page = page;
  }

  public static Counters of(ParleyProcess process) {
    URI address = URI.create("http://127.0.0.1:" + process.endpoints().management() + "/metrics");
    HttpRequest request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(15)).build();
    try {
      return new Counters(CLIENT.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** The sum of a counter's samples, whatever their labels. */
  public long sum(String name) {
    double[] samples =
        page.lines()
            .filter(line -> line.startsWith(name + ' ') || line.startsWith(name + '{'))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .toArray();
    if (samples.length == 0) {
      throw new AssertionError("there is no " + name + " on the page");
    }
    double sum = 0;
    for (double sample : samples) {
      sum += sample;
    }
    return Math.round(sum);
  }
}

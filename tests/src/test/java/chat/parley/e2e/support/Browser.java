package chat.parley.e2e.support;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A headless Chromium of the machine. Each person has a context of their own, as on a computer. */
public final class Browser implements AutoCloseable {
  private static final double DEADLINE_MS = 20_000;

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser chromium;
  private final List<BrowserContext> contexts = new ArrayList<>();

  public Browser() {
    playwright = Playwright.create();
    chromium =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable())
                    .setHeadless(true)
                    .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")));
  }

  private static Path executable() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .map(name -> Path.of("/usr/bin", name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no Chromium in /usr/bin; see .ci/run"));
  }

  /** A person with a screen of this size, at the site's first page. */
  public ChatPage open(URI site, int width, int height) {
    BrowserContext context =
        chromium.newContext(
            new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(width, height));
    context.setDefaultTimeout(DEADLINE_MS);
    contexts.add(context);
    Page page = context.newPage();
    page.navigate(site.toString());
    return new ChatPage(page);
  }

  /** Everybody closes their windows. */
  public void closeAll() {
    contexts.forEach(BrowserContext::close);
    contexts.clear();
  }

  @Override
  public void close() {
    closeAll();
    chromium.close();
    playwright.close();
  }
}

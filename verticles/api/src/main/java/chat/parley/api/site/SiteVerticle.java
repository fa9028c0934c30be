package chat.parley.api.site;

import chat.parley.api.http.HttpListener;
import chat.parley.settings.SettingsReader;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;

/** Serves the static chat site. */
public final class SiteVerticle extends VerticleBase {
  private static final Duration DRAIN = Duration.ofSeconds(2);

  private HttpListener listener;

  @Override
  public Future<?> start() {
    SiteSettings settings =
        SettingsReader.section(config(), SiteSettings.SECTION, SiteSettings.class);
    SiteAddresses addresses = SiteAddresses.of(settings, config());
    return vertx
        .executeBlocking(() -> SiteFiles.load(settings.root()))
        .compose(
            files ->
                HttpListener.open(
                    vertx, settings.listen(), true, new SiteEndpoint(files, addresses)))
        .onSuccess(open -> listener = open);
  }

  /** Answers under way are finished. */
  @Override
  public Future<?> stop() {
    return listener == null ? Future.succeededFuture() : listener.shutdown(DRAIN);
  }
}

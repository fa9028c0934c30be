package chat.parley.api;

import chat.parley.api.http.HttpListener;
import chat.parley.api.v1.BodyReader;
import chat.parley.api.v1.Cors;
import chat.parley.api.v1.V1Accounts;
import chat.parley.api.v1.V1Endpoint;
import chat.parley.api.v1.V1Messages;
import chat.parley.bus.LogicClient;
import chat.parley.bus.ProtoCodec;
import chat.parley.settings.SettingsReader;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Serves the HTTP API of v1 and hands every request to logic. */
public final class ApiVerticle extends VerticleBase {
  private ApiSettings settings;
  private HttpListener listener;

  @Override
  public Future<?> start() {
    ProtoCodec.install(vertx);
    settings = SettingsReader.section(config(), ApiSettings.SECTION, ApiSettings.class);
    LogicClient logic = new LogicClient(vertx, settings.deadline(), settings.maxInFlight());
    V1Endpoint endpoint =
        new V1Endpoint(
            new Cors(settings.corsOrigins()),
            new BodyReader(vertx, settings.maxBody(), settings.deadline()),
            new V1Accounts(logic).operations(),
            new V1Messages(logic, settings.zone()).operations());
    return HttpListener.open(vertx, settings.listen(), false, endpoint)
        .onSuccess(open -> listener = open);
  }

  /** Requests under way are answered, within the deadline that they have anyway. */
  @Override
  public Future<?> stop() {
    return listener == null ? Future.succeededFuture() : listener.shutdown(settings.deadline());
  }
}

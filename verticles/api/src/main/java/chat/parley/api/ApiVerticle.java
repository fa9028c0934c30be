package chat.parley.api;

import chat.parley.api.http.BodyReader;
import chat.parley.api.http.Cors;
import chat.parley.api.http.HttpListener;
import chat.parley.api.v1.V1Accounts;
import chat.parley.api.v1.V1Endpoint;
import chat.parley.api.v1.V1Messages;
import chat.parley.api.v2.V2Endpoint;
import chat.parley.bus.LogicClient;
import chat.parley.bus.ProtoCodec;
import chat.parley.settings.SettingsReader;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerRequest;

/** Serves the HTTP APIs of v1 and v2 on one port and hands every request to logic. */
public final class ApiVerticle extends VerticleBase {
  private ApiSettings settings;
  private HttpListener listener;

  @Override
  public Future<?> start() {
    ProtoCodec.install(vertx);
    settings = SettingsReader.section(config(), ApiSettings.SECTION, ApiSettings.class);
    LogicClient logic = new LogicClient(vertx, settings.deadline(), settings.maxInFlight());
    Cors cors = new Cors(settings.corsOrigins());
    BodyReader bodies =
        new BodyReader(vertx, settings.maxBody(), settings.maxBodies(), settings.deadline());
    V1Endpoint v1 =
        new V1Endpoint(
            cors,
            bodies,
            new V1Accounts(logic).operations(),
            new V1Messages(logic, settings.zone()).operations());
    V2Endpoint v2 = new V2Endpoint(cors, bodies, logic, settings.deadline());
    return HttpListener.open(
            vertx, settings.listen(), false, request -> endpoint(v1, v2, request).handle(request))
        .onSuccess(open -> listener = open);
  }

  private static Handler<HttpServerRequest> endpoint(
      V1Endpoint v1, V2Endpoint v2, HttpServerRequest request) {
    return V2Endpoint.serves(request) ? v2 : v1;
  }

  /** Requests under way are answered, within the deadline that they have anyway. */
  @Override
  public Future<?> stop() {
    return listener == null ? Future.succeededFuture() : listener.shutdown(settings.deadline());
  }
}

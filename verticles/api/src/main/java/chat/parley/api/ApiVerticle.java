package chat.parley.api;

import chat.parley.api.http.BodyReader;
import chat.parley.api.http.Callers;
import chat.parley.api.http.Cors;
import chat.parley.api.http.Endpoint;
import chat.parley.api.http.HttpListener;
import chat.parley.api.v1.V1Accounts;
import chat.parley.api.v1.V1Endpoint;
import chat.parley.api.v1.V1Messages;
import chat.parley.api.v2.V2Endpoint;
import chat.parley.bus.ChatError;
import chat.parley.bus.LogicClient;
import chat.parley.bus.ProtoCodec;
import chat.parley.settings.SettingsReader;
import io.vertx.core.Future;
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
    LogicClient logic =
        new LogicClient(vertx, settings.deadline(), settings.maxInFlight(), "api.max-in-flight");
    Callers callers = new Callers(settings.addresses());
    Cors cors = new Cors(settings.corsOrigins());
    BodyReader bodies =
        new BodyReader(vertx, settings.maxBody(), settings.maxBodies(), settings.deadline());
    V1Endpoint v1 =
        new V1Endpoint(
            cors,
            bodies,
            callers,
            new V1Accounts(logic).operations(),
            new V1Messages(logic, settings.zone()).operations());
    V2Endpoint v2 = new V2Endpoint(cors, bodies, callers, logic, settings.deadline());
    return HttpListener.open(vertx, settings.listen(), false, new ByPath(v1, v2))
        .onSuccess(open -> listener = open);
  }

  private record ByPath(V1Endpoint v1, V2Endpoint v2) implements Endpoint {
    @Override
    public void handle(HttpServerRequest request) {
      of(request).handle(request);
    }

    @Override
    public void refuse(HttpServerRequest request, ChatError error) {
      of(request).refuse(request, error);
    }

    private Endpoint of(HttpServerRequest request) {
      return V2Endpoint.serves(request) ? v2 : v1;
    }
  }

  /** Requests under way are answered, within the deadline that they have anyway. */
  @Override
  public Future<?> stop() {
    return listener == null ? Future.succeededFuture() : listener.shutdown(settings.deadline());
  }
}

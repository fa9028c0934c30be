package chat.parley.app;

import chat.parley.bus.Addresses;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.CheckAuth;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Whether this process can do what it is there for: its verticles run, and what they need answers.
 */
final class Readiness {
  private static final long PROBE_DEADLINE_MS = 1_000;

  private final Vertx vertx;
  private final Deployments deployments;
  private final List<Probe> probes = new ArrayList<>();
  private boolean started;

  Readiness(Vertx vertx, Deployments deployments) {
    this.vertx = vertx;
    this.deployments = deployments;
  }

  /** Something outside that must answer. */
  private record Probe(String what, Supplier<Future<?>> question) {}

  /** From now on the process is not ready while this fails or gives no answer within a second. */
  void require(String what, Supplier<Future<?>> question) {
    probes.add(new Probe(what, question));
  }

  /** From now on the process is not ready while no logic answers on the bus. */
  void requireLogic() {
    require("logic", this::askLogic);
  }

  /** All verticles of the process are deployed. */
  void started() {
    started = true;
  }

  /** What is missing, in words; empty when the process is ready. Never fails. */
  Future<List<String>> missing() {
    if (deployments.draining()) {
      return Future.succeededFuture(List.of("the process is stopping"));
    }
    if (!started) {
      return Future.succeededFuture(List.of("the process is starting"));
    }
    List<String> missing = new ArrayList<>();
    List<Future<?>> answers = new ArrayList<>();
    for (Probe probe : probes) {
      answers.add(
          probe
              .question()
              .get()
              .timeout(PROBE_DEADLINE_MS, TimeUnit.MILLISECONDS)
              .onFailure(t -> missing.add(probe.what() + " does not answer")));
    }
    return Future.join(answers).transform(done -> Future.succeededFuture(missing));
  }

  /** Logic that refuses a token that nobody has is there, and can read its sessions. */
  private Future<?> askLogic() {
    CheckAuth nobody = CheckAuth.newBuilder().setToken("readiness-probe").build();
    return vertx
        .eventBus()
        .request(
            Addresses.CHECK_AUTH, nobody, ProtoCodec.options().setSendTimeout(PROBE_DEADLINE_MS))
        .<Void>mapEmpty()
        .recover(
            t ->
                ChatError.of(t).code() == ErrorCode.UNAUTHENTICATED
                    ? Future.succeededFuture()
                    : Future.failedFuture(t));
  }
}

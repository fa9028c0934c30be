package chat.parley.app;

import chat.parley.bus.Addresses;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.HostedVerticle;
import chat.parley.proto.NodeStatus;
import chat.parley.proto.ReadNodeStatus;
import chat.parley.proto.ScaleVerticle;
import chat.parley.proto.Scaled;
import com.google.protobuf.Message;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.util.Map;

/** This process as the rest of the cluster asks it: what it runs, and to run more or less. */
final class NodeControl {
  /** Local map in which connect and task keep their figures of this process. */
  static final String STATUS = "parley.status";

  private final Vertx vertx;
  private final String nodeId;
  private final String host;
  private final Deployments deployments;

  /**
   * @param nodeId of this process in the cluster
   * @param host that it is known by
   */
  NodeControl(Vertx vertx, String nodeId, String host, Deployments deployments) {
    this.vertx = vertx;
    this.nodeId = nodeId;
    this.host = host;
    this.deployments = deployments;
  }

  /** When the Future succeeds, every node of the cluster can ask. */
  Future<Void> register() {
    return vertx
        .eventBus()
        .<Message>consumer(
            Addresses.controlOf(nodeId),
            request ->
                answerTo(request)
                    .onSuccess(answer -> request.reply(answer, ProtoCodec.options()))
                    .onFailure(t -> ChatError.of(t).failTo(request)))
        .completion();
  }

  private Future<? extends Message> answerTo(io.vertx.core.eventbus.Message<Message> request) {
    try {
      return answer(ProtoCodec.bodyOf(request));
    } catch (ChatError unreadable) {
      return Future.failedFuture(unreadable);
    }
  }

  private Future<? extends Message> answer(Message request) {
    if (request instanceof ReadNodeStatus) {
      return Future.succeededFuture(status());
    }
    if (request instanceof ScaleVerticle scale) {
      return scale(scale);
    }
    return refusal(ErrorCode.BAD_REQUEST, "a node cannot answer that");
  }

  private Future<Scaled> scale(ScaleVerticle request) {
    Layer layer = Layer.find(request.getVerticle()).orElse(null);
    if (layer == null || !deployments.hosts(layer)) {
      return refusal(
          ErrorCode.NOT_FOUND, "node " + nodeId + " does not host " + request.getVerticle());
    }
    int wanted = request.getInstances();
    if (wanted < 0 || wanted > Deployments.MAX_INSTANCES) {
      return refusal(
          ErrorCode.BAD_REQUEST, "a node runs 0 to " + Deployments.MAX_INSTANCES + " instances");
    }
    int before = deployments.counts().get(layer);
    return deployments
        .scale(layer, wanted)
        .map(
            done ->
                Scaled.newBuilder()
                    .setNodeId(nodeId)
                    .setBefore(before)
                    .setAfter(deployments.counts().get(layer))
                    .build())
        .recover(t -> refusal(ErrorCode.UNAVAILABLE, Sentences.of(t)));
  }

  private NodeStatus status() {
    NodeStatus.Builder status =
        NodeStatus.newBuilder()
            .setNodeId(nodeId)
            .setHost(host)
            .setPid(ProcessHandle.current().pid())
            .setConnections(figure("connections"))
            .setPartitions(figure("partitions"))
            .setUptimeMs(ManagementFactory.getRuntimeMXBean().getUptime())
            .setVersion(Version.current())
            .setDraining(deployments.draining());
    deployments
        .counts()
        .forEach(
            (layer, n) ->
                status.addVerticles(
                    HostedVerticle.newBuilder().setName(layer.shortName()).setInstances(n)));
    return status.build();
  }

  private int figure(String name) {
    Map<String, Object> status = vertx.sharedData().getLocalMap(STATUS);
    return status.get(name) instanceof Number n ? n.intValue() : 0;
  }

  private static <T> Future<T> refusal(ErrorCode code, String text) {
    return Future.failedFuture(new ChatError(code, text));
  }
}

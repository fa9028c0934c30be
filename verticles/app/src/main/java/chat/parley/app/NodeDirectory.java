package chat.parley.app;

import chat.parley.bus.Addresses;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.NodeStatus;
import chat.parley.proto.ReadNodeStatus;
import com.google.protobuf.Message;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.ClusterManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The nodes of the cluster, asked one by one over the bus. */
final class NodeDirectory {
  /** Name of the one node there is without a cluster. */
  static final String ALONE = "local";

  private static final Duration STATUS_DEADLINE = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final ClusterManager cluster;

  NodeDirectory(Vertx vertx) {
    this.vertx = vertx;
    this.cluster = ((VertxInternal) vertx).clusterManager();
  }

  /**
   * What all nodes said.
   *
   * @param statuses sorted by node
   * @param silent nodes that gave no answer in time: stopped, or not started by this program
   */
  record Answers(List<NodeStatus> statuses, List<String> silent) {}

  /** This process's own name in the cluster. */
  String self() {
    return cluster == null ? ALONE : cluster.getNodeId();
  }

  /** The address that this process is known by in the cluster. */
  String selfHost() {
    return cluster == null ? "127.0.0.1" : cluster.getNodeInfo().host();
  }

  /** Asks every node at once; never fails. */
  Future<Answers> ask() {
    List<String> nodes = cluster == null ? List.of(ALONE) : cluster.getNodes();
    List<NodeStatus> statuses = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    List<Future<?>> questions = new ArrayList<>();
    for (String node : nodes) {
      questions.add(
          this.<NodeStatus>tell(node, ReadNodeStatus.getDefaultInstance(), STATUS_DEADLINE)
              .onSuccess(statuses::add)
              .onFailure(t -> silent.add(node)));
    }
    return Future.join(questions)
        .transform(
            done -> {
              statuses.sort(Comparator.comparing(NodeStatus::getNodeId));
              return Future.succeededFuture(new Answers(statuses, silent));
            });
  }

  /** Sends a request to one node's control. */
  <T extends Message> Future<T> tell(String node, Message request, Duration deadline) {
    return vertx
        .eventBus()
        .<T>request(
            Addresses.controlOf(node),
            request,
            ProtoCodec.options().setSendTimeout(deadline.toMillis()))
        .map(io.vertx.core.eventbus.Message::body);
  }
}

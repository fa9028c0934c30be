package chat.parley.app;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.HostedVerticle;
import chat.parley.proto.NodeStatus;
import chat.parley.proto.ScaleVerticle;
import chat.parley.proto.Scaled;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes how many instances of a verticle run.
 *
 * <p>For one node, the number is that node's. Without a node it is the total of the nodes that host
 * the verticle: divided evenly, the rest given to the first of them by name. Nodes that grow are
 * told before nodes that shrink, so that nobody is without service in between.
 */
final class Scaler {
  private final NodeDirectory nodes;
  private final Duration drainDeadline;

  Scaler(NodeDirectory nodes, Duration drainDeadline) {
    this.nodes = nodes;
    this.drainDeadline = drainDeadline;
  }

  /**
   * Succeeds when every node runs what it should. Fails with a {@link ChatError} that names what
   * was wrong; what had been changed until then stays.
   *
   * @param node its name or the beginning of it; null: all that host the verticle
   */
  Future<List<Scaled>> scale(String verticle, int instances, String node) {
    String name = Layer.find(verticle).map(Layer::shortName).orElse(null);
    if (name == null) {
      return refusal(ErrorCode.NOT_FOUND, "there is no verticle " + verticle);
    }
    if (instances < 0 || instances == 0 && node == null) {
      return refusal(
          ErrorCode.BAD_REQUEST, "the mesh needs at least one instance of " + name + " somewhere");
    }
    return nodes
        .ask()
        .compose(
            answers -> {
              List<Target> targets =
                  node == null
                      ? spread(hosts(answers.statuses(), name), instances)
                      : one(answers.statuses(), name, node, instances);
              return apply(name, targets);
            });
  }

  /** A node and what it should run. */
  record Target(String nodeId, int now, int wanted) {}

  /** A node that hosts the verticle and how many instances it runs. */
  record Host(String nodeId, int now) {}

  static List<Target> spread(List<Host> hosts, int total) {
    if (hosts.isEmpty()) {
      throw new ChatError(ErrorCode.NOT_FOUND, "no node hosts that verticle");
    }
    int each = total / hosts.size();
    int rest = total % hosts.size();
    List<Target> targets = new ArrayList<>();
    for (Host host : hosts) {
      targets.add(new Target(host.nodeId(), host.now(), each + (targets.size() < rest ? 1 : 0)));
    }
    if (targets.get(0).wanted() > Deployments.MAX_INSTANCES) {
      throw new ChatError(
          ErrorCode.BAD_REQUEST,
          "a node runs at most "
              + Deployments.MAX_INSTANCES
              + " instances, and there are "
              + hosts.size()
              + " nodes");
    }
    targets.sort(Comparator.comparingInt(target -> target.now() - target.wanted()));
    return targets;
  }

  private static List<Host> hosts(List<NodeStatus> statuses, String verticle) {
    List<Host> hosts = new ArrayList<>();
    for (NodeStatus status : statuses) {
      for (HostedVerticle hosted : status.getVerticlesList()) {
        if (hosted.getName().equals(verticle)) {
          hosts.add(new Host(status.getNodeId(), hosted.getInstances()));
        }
      }
    }
    return hosts;
  }

  private static List<Target> one(
      List<NodeStatus> statuses, String verticle, String node, int instances) {
    List<NodeStatus> named =
        statuses.stream().filter(status -> status.getNodeId().startsWith(node)).toList();
    if (named.size() != 1) {
      throw new ChatError(
          ErrorCode.NOT_FOUND,
          (named.isEmpty() ? "there is no node " : "more than one node begins with ") + node);
    }
    return hosts(named, verticle).stream()
        .findFirst()
        .map(host -> List.of(new Target(host.nodeId(), host.now(), instances)))
        .orElseThrow(
            () ->
                new ChatError(
                    ErrorCode.NOT_FOUND,
                    "node " + named.get(0).getNodeId() + " does not host " + verticle));
  }

  private Future<List<Scaled>> apply(String verticle, List<Target> targets) {
    Map<String, Scaled> results = new LinkedHashMap<>();
    Future<Void> all = Future.succeededFuture();
    for (Target target : targets) {
      all = all.compose(done -> apply(verticle, target, results));
    }
    return all.map(done -> List.copyOf(results.values()));
  }

  private Future<Void> apply(String verticle, Target target, Map<String, Scaled> results) {
    ScaleVerticle request =
        ScaleVerticle.newBuilder().setVerticle(verticle).setInstances(target.wanted()).build();
    int steps = 1 + Math.abs(target.now() - target.wanted());
    return nodes
        .<Scaled>tell(target.nodeId(), request, drainDeadline.multipliedBy(steps))
        .onSuccess(scaled -> results.put(target.nodeId(), scaled))
        .mapEmpty();
  }

  private static <T> Future<T> refusal(ErrorCode code, String text) {
    return Future.failedFuture(new ChatError(code, text));
  }
}

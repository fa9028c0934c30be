package chat.parley.stores;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * Which connect buckets want which topics. A bucket is one instance of connect on a node, named
 * {@code nodeId/number}. Everything that a node's buckets registered hangs on the node's lease and
 * vanishes when that ends.
 *
 * <p>Calls made through one instance take effect in their order.
 */
public interface Topics {
  /** When the Future succeeds, every message accepted from now on finds this bucket. */
  Future<Void> subscribe(String bucket, String topic);

  Future<Void> unsubscribe(String bucket, String topic);

  /** Nodes (not buckets) that want each topic; topics that nobody wants are absent. */
  Future<Map<String, Set<String>>> nodesOf(Collection<String> topics);
}

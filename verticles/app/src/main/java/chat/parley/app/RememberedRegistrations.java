package chat.parley.app;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hazelcast's cluster, and a look now and then whether it still knows what this node serves.
 *
 * <p>A node that was silent for a while (SIGSTOP, a cut cable) takes all others for dead when it
 * goes on, and they have taken it for dead. Each side clears away what the other had registered;
 * when they are one cluster again, what was cleared away in between may be missing for good, and
 * nobody finds the services of nodes that are well. So each node puts back what is its own, and
 * clears away what is left at its addresses of nodes that are gone.
 */
class RememberedRegistrations extends HazelcastClusterManager {
  private static final Logger LOG = LoggerFactory.getLogger(RememberedRegistrations.class);
  private static final long LOOK_EVERY_MS = 2_000;

  /** Of each address, and whether the cluster is known to have learnt of it. */
  private final Map<String, Map<RegistrationInfo, Boolean>> own = new ConcurrentHashMap<>();

  private volatile Vertx vertx;
  private volatile long timer = -1;
  private volatile NodeInfo where;
  private volatile boolean looking;

  RememberedRegistrations(Config config) {
    super(config);
  }

  /**
   * @param member running already
   */
  RememberedRegistrations(HazelcastInstance member) {
    super(member);
  }

  @Override
  public void init(Vertx vertx) {
    super.init(vertx);
    this.vertx = vertx;
  }

  @Override
  public void setNodeInfo(NodeInfo info, Completable<Void> promise) {
    where = info;
    super.setNodeInfo(info, promise);
    if (timer == -1) {
      timer = vertx.setPeriodic(LOOK_EVERY_MS, tick -> look());
    }
  }

  @Override
  public void leave(Completable<Void> promise) {
    vertx.cancelTimer(timer);
    super.leave(promise);
  }

  @Override
  public void addRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
    if (info.localOnly()) {
      super.addRegistration(address, info, promise);
      return;
    }
    own.compute(address, (a, infos) -> with(infos, info));
    super.addRegistration(
        address,
        info,
        (done, failure) -> {
          if (failure == null) {
            own.computeIfPresent(address, (a, infos) -> learnt(infos, info));
          }
          promise.complete(done, failure);
        });
  }

  @Override
  public void removeRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
    own.computeIfPresent(address, (a, infos) -> without(infos, info));
    super.removeRegistration(address, info, promise);
  }

  private static Map<RegistrationInfo, Boolean> with(
      Map<RegistrationInfo, Boolean> infos, RegistrationInfo info) {
    Map<RegistrationInfo, Boolean> more = infos == null ? new ConcurrentHashMap<>() : infos;
    more.put(info, false);
    return more;
  }

  private static Map<RegistrationInfo, Boolean> learnt(
      Map<RegistrationInfo, Boolean> infos, RegistrationInfo info) {
    infos.replace(info, true);
    return infos;
  }

  private static Map<RegistrationInfo, Boolean> without(
      Map<RegistrationInfo, Boolean> infos, RegistrationInfo info) {
    infos.remove(info);
    return infos.isEmpty() ? null : infos;
  }

  private Map<RegistrationInfo, Boolean> of(String address) {
    return own.getOrDefault(address, Map.of());
  }

  /**
   * One question after the other: each may wait for a member that has gone until Hazelcast gives
   * up, which takes more than a minute, and must not keep all worker threads waiting with it.
   */
  private void look() {
    if (isActive() && !looking) {
      looking = true;
      getNodeInfo(
          getNodeId(),
          (known, failure) -> {
            if (failure != null) {
              tellWhere();
            }
            lookFor(new ArrayList<>(own.keySet()).iterator());
          });
    }
  }

  private void lookFor(Iterator<String> addresses) {
    if (!addresses.hasNext() || !isActive()) {
      looking = false;
      return;
    }
    String address = addresses.next();
    getRegistrations(
        address,
        (known, failure) -> {
          if (failure == null) {
            putBack(address, known);
            clearAway(address, known);
          }
          lookFor(addresses);
        });
  }

  private void tellWhere() {
    LOG.info("the cluster has forgotten this node, which tells where it is once more");
    NodeInfo info = where;
    // Not here: it waits for the lock under which the departure of a member is dealt with.
    vertx.executeBlocking(
        () -> {
          super.setNodeInfo(info, (done, failure) -> {});
          return null;
        },
        false);
  }

  private void putBack(String address, List<RegistrationInfo> known) {
    of(address)
        .forEach(
            (info, learnt) -> {
              if (learnt && !known.contains(info)) {
                LOG.info(
                    "the cluster has forgotten that this node serves {}: registered again",
                    address);
                super.addRegistration(
                    address, info, (done, failure) -> takeBackIfGone(address, info));
              }
            });
  }

  /** What a departure should have cleared away, but for a failure in the middle of it. */
  private void clearAway(String address, List<RegistrationInfo> known) {
    List<String> members = getNodes();
    for (RegistrationInfo info : known) {
      if (!info.localOnly() && !members.contains(info.nodeId())) {
        LOG.info("a node that is gone still seemed to serve {}: cleared away", address);
        super.removeRegistration(address, info, (done, failure) -> {});
      }
    }
  }

  /** It may have been taken away between the look and its return. */
  private void takeBackIfGone(String address, RegistrationInfo info) {
    if (!of(address).containsKey(info)) {
      super.removeRegistration(address, info, (done, failure) -> {});
    }
  }
}

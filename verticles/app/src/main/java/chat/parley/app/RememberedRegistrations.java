package chat.parley.app;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hazelcast's cluster, and a look now and then whether it still knows what this node serves.
 *
 * <p>A node that was silent for a while (SIGSTOP, a cut cable) takes all others for dead when it
 * goes on, and they have taken it for dead. Each side clears away what the other had registered;
 * when they are one cluster again, what was cleared away in between may be missing for good, and
 * nobody finds the services of nodes that are well. So each node puts back what is its own.
 */
class RememberedRegistrations extends HazelcastClusterManager {
  private static final Logger LOG = LoggerFactory.getLogger(RememberedRegistrations.class);
  private static final long LOOK_EVERY_MS = 2_000;

  private final Map<String, Set<RegistrationInfo>> own = new ConcurrentHashMap<>();
  private final AtomicInteger questions = new AtomicInteger();
  private Vertx vertx;
  private volatile long timer = -1;

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
    if (!info.localOnly()) {
      own.computeIfAbsent(address, a -> ConcurrentHashMap.newKeySet()).add(info);
    }
    super.addRegistration(address, info, promise);
  }

  @Override
  public void removeRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
    if (!info.localOnly()) {
      own.computeIfPresent(address, (a, infos) -> without(infos, info));
    }
    super.removeRegistration(address, info, promise);
  }

  private static Set<RegistrationInfo> without(Set<RegistrationInfo> infos, RegistrationInfo info) {
    infos.remove(info);
    return infos.isEmpty() ? null : infos;
  }

  /** One question for each address that this node serves; none while the last ones are open. */
  private void look() {
    if (!isActive() || !questions.compareAndSet(0, 1)) {
      return;
    }
    getNodeInfo(getNodeId(), (known, failure) -> answered(failure == null, this::tellWhere));
    own.forEach(this::lookFor);
  }

  private void lookFor(String address, Set<RegistrationInfo> infos) {
    questions.incrementAndGet();
    getRegistrations(
        address,
        (known, failure) -> {
          boolean all = failure != null || known.containsAll(infos);
          answered(all, () -> putBack(address, known));
        });
  }

  private void answered(boolean asItShouldBe, Runnable mend) {
    questions.decrementAndGet();
    if (!asItShouldBe && isActive()) {
      mend.run();
    }
  }

  private void tellWhere() {
    LOG.info("the cluster has forgotten this node, which tells where it is once more");
    super.setNodeInfo(getNodeInfo(), (done, failure) -> {});
  }

  private void putBack(String address, List<RegistrationInfo> known) {
    LOG.info(
        "the cluster has forgotten that this node serves {}, which says so once more", address);
    for (RegistrationInfo info : own.getOrDefault(address, Set.of())) {
      if (!known.contains(info)) {
        super.addRegistration(address, info, (done, failure) -> takeBackIfGone(address, info));
      }
    }
  }

  /** It may have been taken away between the look and its return. */
  private void takeBackIfGone(String address, RegistrationInfo info) {
    if (!own.getOrDefault(address, Set.of()).contains(info)) {
      super.removeRegistration(address, info, (done, failure) -> {});
    }
  }
}

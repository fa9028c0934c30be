package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.chaos.ports.Ports;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A member outside the cluster, whose settings name many places where nobody is. */
class MemberJoinerTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final List<HazelcastInstance> members = new ArrayList<>();

  @AfterEach
  void stop() {
    members.forEach(HazelcastInstance::shutdown);
  }

  @Test
  void whoWasLeftOutIsBackHoweverManyOtherAddressesAreConfigured() throws Exception {
    int first = Ports.free();
    int second = Ports.free();
    List<String> cluster = List.of("127.0.0.1:" + first, "127.0.0.1:" + second);
    List<String> nobody = IntStream.rangeClosed(1, 100).mapToObj(p -> "127.0.0.1:" + p).toList();
    HazelcastInstance alone =
        member(Ports.free(), Stream.concat(nobody.stream(), cluster.stream()).toList());
    assertThat(alone.getCluster().getMembers()).hasSize(1);

    member(first, cluster);
    member(second, cluster);

    long end = System.nanoTime() + PATIENCE_NANOS;
    while (alone.getCluster().getMembers().size() < 3 && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    assertThat(alone.getCluster().getMembers()).hasSize(3);
  }

  private HazelcastInstance member(int port, List<String> others) {
    String name = "left-out-" + ProcessHandle.current().pid();
    ClusterSettings settings =
        new ClusterSettings(name, null, port, 1, others, null, 0, null, null, null);
    Config config =
        new HazelcastCluster(settings, "/unused")
            .config()
            .setProperty("hazelcast.merge.first.run.delay.seconds", "1")
            .setProperty("hazelcast.merge.next.run.delay.seconds", "1");
    HazelcastInstance member = GuardedMember.join(config, ClusterTls.read(settings));
    members.add(member);
    return member;
  }
}

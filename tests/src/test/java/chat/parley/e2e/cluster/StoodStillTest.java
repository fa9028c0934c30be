package chat.parley.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Cluster;
import chat.parley.e2e.support.Counters;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.RunningCluster;
import chat.parley.e2e.support.V2Http;
import chat.parley.e2e.support.V2Http.Login;
import org.junit.jupiter.api.Test;

/** SIGSTOP, SIGCONT: what a process finds in its sockets when it goes on may have been given up. */
@RunningCluster
class StoodStillTest {

  @Test
  void aLoginThatWaitedInAFrozenLogicProcessEndsNoNewerSession(Cluster cluster) {
    V2Http http = new V2Http(cluster.member("api", 0).endpoints().apiAddress());
    Login device = http.newUser();
    ParleyProcess frozen = cluster.member("logic", 0);
    // Both have been asked, and know how old what comes from this process is.
    http.again(http.again(device));
    long lateBefore = late(frozen);

    Login newest = device;
    frozen.freeze();
    try {
      boolean unanswered = false;
      boolean again = true;
      while (again) {
        try {
          newest = http.again(device);
          again = !unanswered;
        } catch (AssertionError noAnswer) {
          unanswered = true;
        }
      }
    } finally {
      frozen.thaw();
    }

    Eventually.eventually("what came too late is found", () -> late(frozen) > lateBefore);
    assertThat(http.devices(newest.token()).ok()).as("the newest session is there").isTrue();
  }

  private static long late(ParleyProcess logic) {
    return Counters.of(logic).sum("parley_logic_requests_late_total");
  }
}

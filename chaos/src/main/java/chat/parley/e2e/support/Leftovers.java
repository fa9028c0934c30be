package chat.parley.e2e.support;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Every process that the tests started, and the children of those (an embedded Redis outlives a
 * killed parent). What still runs when the tests' JVM ends is killed.
 */
final class Leftovers {
  private static final Set<ProcessHandle> STARTED = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Leftovers::killAll));
  }

  private Leftovers() {}

  static void watch(ProcessHandle process) {
    STARTED.add(process);
  }

  /** Children must be noted while their parent lives: an orphan has another parent. */
  static Set<ProcessHandle> watchChildrenOf(ProcessHandle parent) {
    Set<ProcessHandle> children = ConcurrentHashMap.newKeySet();
    parent.descendants().forEach(children::add);
    STARTED.addAll(children);
    return children;
  }

  static void kill(Stream<ProcessHandle> processes) {
    processes.filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
  }

  private static void killAll() {
    STARTED.forEach(Leftovers::watchChildrenOf);
    kill(STARTED.stream());
  }
}

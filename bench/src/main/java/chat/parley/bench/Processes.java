package chat.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What processes of this machine and their children have used, by /proc. Linux only. */
final class Processes {
  /** CPU time in /proc is in hundredths of a second, on every Linux that there is. */
  private static final double TICKS = 100;

  /** Fields behind the name: its own user and system time, and that of children that ended. */
  private static final int USER = 11;

  private static final int SYSTEM_OF_ENDED_CHILDREN = 14;
  private static final Path PROC = Path.of("/proc");

  private final Collection<Long> roots;
  private Set<Long> family;

  /** One process at one moment. */
  record Use(String name, double cpuSeconds, long rssKib) {}

  /** What a process used between two moments. */
  record Spent(long pid, String name, double cpuSeconds, double rssMib) {}

  /** All processes at one moment. */
  record Snapshot(long at, Map<Long, Use> uses) {
    double cpuSeconds() {
      return uses.values().stream().mapToDouble(Use::cpuSeconds).sum();
    }

    double rssMib() {
      return uses.values().stream().mapToLong(Use::rssKib).sum() / 1024.0;
    }

    /** By process, from an earlier moment to this. */
    List<Spent> since(Snapshot before) {
      List<Spent> spent = new ArrayList<>();
      uses.forEach(
          (pid, now) -> {
            Use then = before.uses.get(pid);
            double cpu = now.cpuSeconds - (then == null ? 0 : then.cpuSeconds);
            spent.add(new Spent(pid, now.name, cpu, now.rssKib / 1024.0));
          });
      return spent;
    }
  }

  /**
   * @param roots processes that are accounted with all their descendants; none: every figure is 0
   */
  Processes(Collection<Long> roots) {
    this.roots = List.copyOf(roots);
    refresh();
  }

  boolean isEmpty() {
    return roots.isEmpty();
  }

  Snapshot now() {
    Map<Long, Use> uses = new TreeMap<>();
    for (long pid : family) {
      Use use = use(pid);
      if (use != null) {
        uses.put(pid, use);
      }
    }
    return new Snapshot(System.nanoTime(), uses);
  }

  /** Ends the processes that it was made for as a crash would; not their descendants. */
  void kill() {
    if (isEmpty()) {
      throw new BenchException("the server's processes are not known (--management or --pids)");
    }
    roots.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  /** Looks for descendants that are new. Not done at every look, because it costs. */
  void refresh() {
    Set<Long> found = new TreeSet<>(roots);
    for (long root : roots) {
      ProcessHandle.of(root)
          .ifPresent(process -> process.descendants().forEach(child -> found.add(child.pid())));
    }
    family = found;
  }

  private static Use use(long pid) {
    Path folder = PROC.resolve(Long.toString(pid));
    try {
      String stat = Files.readString(folder.resolve("stat"));
      int name = stat.indexOf('(');
      int end = stat.lastIndexOf(')');
      String[] fields = stat.substring(end + 2).split(" ");
      double cpu = 0;
      for (int i = USER; i <= SYSTEM_OF_ENDED_CHILDREN; i++) {
        cpu += Long.parseLong(fields[i]) / TICKS;
      }
      long rss = 0;
      for (String line : Files.readAllLines(folder.resolve("status"))) {
        if (line.startsWith("VmRSS:")) {
          rss = Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
      return new Use(stat.substring(name + 1, end), cpu, rss);
    } catch (IOException gone) {
      return null;
    }
  }
}

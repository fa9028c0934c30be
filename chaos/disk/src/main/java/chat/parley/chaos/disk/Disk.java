package chat.parley.chaos.disk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A disk that loses power and fills up when it is told to: a folder that is seen through a FUSE
 * file system, which knows what was not fsynced yet. What it models is written in {@code
 * chaos/disk/src/main/c/unsynced.c}.
 *
 * <p>Unmounted when it is closed, when this process ends, and when this process is killed: the file
 * system's program leaves when its standard input ends. Blocking; for one thread at a time.
 */
public final class Disk implements AutoCloseable {
  private static final long ANSWER_S = 60;
  private static final long DEATH_S = 30;

  /** How a disk differs from ext4 and xfs as they are used. */
  public enum Option {
    /** What was appended lands in any order, with zeros between. */
    HOLES("--holes"),
    /** A name is on disk only when its folder is fsynced. */
    STRICT_NAMES("--strict-names");

    private final String flag;

    Option(String flag) {
      this.flag = flag;
    }
  }

  private final Path mountPoint;
  private final Process program;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Thread atExit = new Thread(this::end, "parley-disk-unmount");

  private Disk(Path mountPoint, Process program) {
    this.mountPoint = mountPoint;
    this.program = program;
    Thread listener = new Thread(this::listen, "parley-disk-answers");
    listener.setDaemon(true);
    listener.start();
  }

  /** Why a disk cannot be had on this machine; empty where it can. For whoever skips the fault. */
  public static Optional<String> missing() {
    return DiskProgram.missing();
  }

  /**
   * Mounts a disk at {@code folder/disk}; its content lies in {@code folder/behind}, and stays
   * there when the disk is gone.
   *
   * @throws IllegalStateException saying why not
   */
  public static Disk mount(Path folder, Option... options) {
    Path mountPoint = folder.resolve("disk");
    try {
      Path behind = Files.createDirectories(folder.resolve("behind"));
      Path removed = Files.createDirectories(folder.resolve("removed"));
      Files.createDirectories(mountPoint);
      List<String> command = new ArrayList<>();
      command.add(DiskProgram.compiled().toString());
      command.addAll(List.of(behind.toString(), removed.toString(), mountPoint.toString()));
      for (Option option : options) {
        command.add(option.flag);
      }
      Process program =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      Disk disk = new Disk(mountPoint, program);
      Runtime.getRuntime().addShutdownHook(disk.atExit);
      disk.expect("mounted");
      return disk;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the disk is seen. */
  public Path path() {
    return mountPoint;
  }

  /**
   * Power off and on again, at one moment for everything: what was not fsynced is gone, and so are
   * the processes.
   *
   * @param processes all that have files open here; ended by SIGKILL
   * @return what was lost, for people
   */
  public String cut(Collection<ProcessHandle> processes) {
    return cut("cut", processes);
  }

  /**
   * Power off and on again; of what was not fsynced any part may have landed, in any order, torn at
   * 512 or 4,096 bytes.
   *
   * @param seed decides which
   */
  public String cut(long seed, Collection<ProcessHandle> processes) {
    return cut("cut " + Long.toUnsignedString(seed), processes);
  }

  private String cut(String command, Collection<ProcessHandle> processes) {
    // Nobody gets an answer from the disk between the cut and his end.
    call("freeze");
    processes.forEach(ProcessHandle::destroyForcibly);
    String report = call(command);
    processes.forEach(Disk::awaitEnd);
    call("on");
    return report;
  }

  /**
   * Writes what a cut at this moment would leave, and goes on. Cheap: many moments of one run can
   * be looked at.
   *
   * @param seed as for {@link #cut(long, Collection)}
   * @param into an empty folder, not on this disk
   */
  public String image(long seed, Path into) {
    return call("image " + Long.toUnsignedString(seed) + " " + into.toAbsolutePath());
  }

  /** Leaves room for so many bytes more; what does not fit fails with ENOSPC. */
  public void full(long bytesMore) {
    call("full " + bytesMore);
  }

  /** There is room again. */
  public void room() {
    call("room");
  }

  /** What is not synced, for people. */
  public String status() {
    return call("status");
  }

  /** Unmounts, whoever has files open. Idempotent. */
  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException exiting) {
      // The hook runs already, or has.
      return;
    }
  }

  private synchronized String call(String command) {
    try {
      program.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
      program.getOutputStream().flush();
      String answer = line();
      if (answer == null || answer.startsWith("error")) {
        throw new IllegalStateException("the disk answered " + answer + " to " + command);
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException("the disk is gone", e);
    }
  }

  private void expect(String word) {
    String said = line();
    if (!word.equals(said)) {
      close();
      throw new IllegalStateException("the disk cannot be mounted at " + mountPoint);
    }
  }

  private String line() {
    try {
      return answers.poll(ANSWER_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** So that a wait for an answer has a deadline. */
  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.add(line);
      }
    } catch (IOException e) {
      answers.add("error: " + e.getMessage());
    }
    answers.add("error: the disk's program has ended");
  }

  private void end() {
    try {
      program.getOutputStream().close();
      if (!program.waitFor(DEATH_S, TimeUnit.SECONDS)) {
        program.destroyForcibly().waitFor(DEATH_S, TimeUnit.SECONDS);
      }
      if (program.exitValue() != 0) {
        unmountTheDead();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A program that was killed leaves its mount behind. */
  private void unmountTheDead() throws IOException {
    try {
      DiskProgram.output("fusermount3", "-u", "-z", mountPoint.toString());
    } catch (IllegalStateException notMounted) {
      // It was not mounted, or unmounted at the last moment.
      return;
    }
  }

  /** Also true for a process that only waits for its parent to notice. */
  private static void awaitEnd(ProcessHandle process) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEATH_S);
    while (process.isAlive() && !isZombie(process)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("process " + process.pid() + " cannot be killed");
      }
      Thread.onSpinWait();
    }
  }

  private static boolean isZombie(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
    } catch (IOException gone) {
      return true;
    }
  }
}

package chat.parley.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.HdrHistogram.Histogram;

/**
 * Connections of many members: opened so many at a time, counted, and when they persist opened
 * again as the protocol asks, with a growing random delay.
 *
 * <p>Belongs to the loop of the sockets; the figures may be read by any thread.
 */
final class Crowd implements Connection.Owner {
  /** A source address has fewer ports than this to connect from. */
  private static final int PER_SOURCE = 20_000;

  private static final int FIRST_BACKOFF_MS = 1_000;
  private static final int LAST_BACKOFF_MS = 30_000;

  private final EventLoop loop;
  private final List<InetSocketAddress> addresses;
  private final BiFunction<Integer, Connection.Owner, Connection> make;
  private final boolean persists;
  private final int atOnce;
  private final Connection[] connections;
  private final int[] attempts;
  private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
  private final Map<Connection, Integer> indexes = new IdentityHashMap<>();
  private final Map<String, Integer> failures = new TreeMap<>();
  private final Histogram times = Arrivals.microseconds();
  private volatile long began;
  private int opening;
  private boolean closing;
  private volatile int ready;
  private volatile int failed;
  private volatile int lost;

  /**
   * @param size members
   * @param atOnce connections that are being opened at one time
   * @param persists whether what fails is tried again
   * @param make a member's connection, by the member's index
   */
  Crowd(
      EventLoop loop,
      List<InetSocketAddress> addresses,
      int size,
      int atOnce,
      boolean persists,
      BiFunction<Integer, Connection.Owner, Connection> make) {
    this.loop = loop;
    this.addresses = addresses;
    this.make = make;
    this.persists = persists;
    this.atOnce = atOnce;
    this.connections = new Connection[size];
    this.attempts = new int[size];
  }

  void open() {
    loop.execute(
        () -> {
          began = System.nanoTime();
          for (int i = 0; i < connections.length; i++) {
            waiting.add(i);
          }
          next();
        });
  }

  private void next() {
    while (opening < atOnce && !waiting.isEmpty() && !closing) {
      connect(waiting.poll());
    }
  }

  private void connect(int index) {
    opening++;
    Connection connection = make.apply(index, this);
    connections[index] = connection;
    indexes.put(connection, index);
    InetSocketAddress address = addresses.get(index % addresses.size());
    Bootstrap client = Loops.client(loop).handler(connection);
    if (connections.length > PER_SOURCE && address.getAddress().isLoopbackAddress()) {
      client.localAddress(new InetSocketAddress("127.0.0." + (2 + index / PER_SOURCE), 0));
    }
    client
        .connect(address)
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                String why = String.valueOf(done.cause().getMessage());
                connection.end(why.replaceFirst(": /?[0-9.:]+$", ""));
              }
            });
  }

  @Override
  public void ready(Connection connection) {
    opening--;
    ready++;
    times.recordValue((System.nanoTime() - began) / 1000);
    next();
  }

  @Override
  public void ended(Connection connection, String why) {
    Integer index = indexes.remove(connection);
    if (closing || index == null) {
      return;
    }
    failures.merge(why, 1, Integer::sum);
    if (connection.wasReady()) {
      lost++;
      ready--;
    } else {
      opening--;
    }
    if (connection instanceof V2Connection v2) {
      v2.outbox().ended();
    }
    if (persists) {
      int bound = Math.min(LAST_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(5, attempts[index]++));
      loop.schedule(
          () -> {
            waiting.add(index);
            next();
          },
          ThreadLocalRandom.current().nextInt(bound),
          TimeUnit.MILLISECONDS);
    } else {
      failed++;
      next();
    }
  }

  /** Closes every connection; v2 says goodbye when {@code politely}. */
  void close(boolean politely) {
    closing = true;
    for (Connection connection : connections) {
      if (connection != null) {
        if (politely && connection instanceof V2Connection v2) {
          v2.sayGoodbye();
        }
        connection.leave();
      }
    }
  }

  /** Every member is in, or, without persistence, has failed. */
  boolean settled() {
    return ready + failed >= connections.length;
  }

  /** When the first one was opened, by {@link System#nanoTime}. */
  long began() {
    return began;
  }

  /** Members that are in at this moment. */
  int ready() {
    return ready;
  }

  /** Connections that ended after they had been ready. */
  int lost() {
    return lost;
  }

  int size() {
    return connections.length;
  }

  /** Why connections ended, and how often. On the loop. */
  Map<String, Integer> failures() {
    return new TreeMap<>(failures);
  }

  /** Microseconds from the beginning until each was ready. On the loop. */
  Histogram times() {
    return times;
  }

  Connection get(int index) {
    return connections[index];
  }

  List<Connection> all() {
    List<Connection> all = new ArrayList<>();
    for (Connection connection : connections) {
      if (connection != null) {
        all.add(connection);
      }
    }
    return all;
  }
}

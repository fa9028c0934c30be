package chat.parley.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/**
 * Users of the bench on one server: made when they are not there yet, logged in once a run, or once
 * and for all runs that share a file of sessions. On v2 a log-in makes a device; {@link #end}
 * revokes it, unless its session is kept.
 */
final class Accounts {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int AT_A_TIME = 64;
  private static final int ATTEMPTS = 8;
  private static final long RETRY_MS = 250;
  private static final String PASSWORD = "bench-password";

  private final Http http;
  private final boolean v2;
  private final String prefix;
  private final Path sessions;
  private final Stop stop;
  private final ConcurrentMap<String, Account> known = new ConcurrentHashMap<>();
  private boolean begun;
  private volatile boolean mostlyNew;

  /**
   * @param prefix of their names
   * @param sessions file of log-ins that outlive the run; null: none do
   */
  Accounts(Http http, boolean v2, String prefix, Path sessions, Stop stop) {
    this.http = http;
    this.v2 = v2;
    this.prefix = prefix;
    this.sessions = sessions;
    this.stop = stop;
  }

  /** The first users, logged in. */
  List<Account> first(int count, Duration patience) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(prefix + '-' + i);
    }
    return of(keys, patience);
  }

  /** Several devices of one user. */
  List<Account> devices(String name, int count, Duration patience) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(prefix + '-' + name + '#' + i);
    }
    of(keys.subList(0, 1), patience); // The others log in to what this one has registered.
    return of(keys, patience);
  }

  private List<Account> of(List<String> keys, Duration patience) {
    begin(patience);
    Semaphore free = new Semaphore(AT_A_TIME);
    AtomicInteger done = new AtomicInteger();
    AtomicReference<String> failure = new AtomicReference<>();
    long deadline = System.nanoTime() + patience.toNanos();
    int started = 0;
    for (String key : keys) {
      boolean may = known.containsKey(key) || acquire(free, deadline);
      if (!may || failure.get() != null || stop.asked()) {
        break;
      }
      started++;
      if (known.containsKey(key)) {
        done.incrementAndGet();
        continue;
      }
      new Entry(key, free, done, failure).begin();
    }
    int all = started;
    stop.until(
        Duration.ofNanos(Math.max(0, deadline - System.nanoTime())),
        () -> done.get() >= all || failure.get() != null);
    if (failure.get() != null) {
      throw new BenchException("a user could not log in: " + failure.get());
    }
    if (stop.asked()) {
      throw new BenchException("stopped while users were logging in");
    }
    if (done.get() < keys.size()) {
      throw new BenchException(
          "only %d of %d users had logged in after %d s (--patience)"
              .formatted(done.get(), keys.size(), patience.toSeconds()));
    }
    return keys.stream().map(known::get).toList();
  }

  /** Goes on with the sessions that were kept, if the server knows them still. */
  private void begin(Duration patience) {
    if (begun || sessions == null) {
      return;
    }
    begun = true;
    Map<String, Account> kept = SavedSessions.read(sessions, v2);
    if (!kept.isEmpty() && isIn(kept.values().iterator().next(), patience)) {
      known.putAll(kept);
    }
  }

  private boolean isIn(Account account, Duration patience) {
    CompletableFuture<Boolean> in = new CompletableFuture<>();
    BiConsumer<Http.Answer, Throwable> answered =
        (answer, broken) -> {
          boolean ok = broken == null && answer.status() < 300;
          in.complete(ok && (v2 || read(answer.body()).path("code").asInt(-1) == 0));
        };
    if (v2) {
      http.ask("GET", "/api/v2/devices", account.token(), null, answered);
    } else {
      http.ask("POST", "/user/checkAuth", null, checkAuth(account.token()), answered);
    }
    return stop.until(patience, in::isDone) && in.join();
  }

  private static String checkAuth(String token) {
    return MAPPER.createObjectNode().put("authToken", token).toString();
  }

  private static boolean acquire(Semaphore free, long deadline) {
    try {
      return free.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** One user on the way in. Its steps run on the loop of the HTTP client. */
  private final class Entry {
    private final String key;
    private final String name;
    private final Semaphore free;
    private final AtomicInteger done;
    private final AtomicReference<String> failure;
    private boolean register = mostlyNew;
    private int attempts;

    Entry(String key, Semaphore free, AtomicInteger done, AtomicReference<String> failure) {
      this.key = key;
      this.name = key.replaceFirst("#.*", "");
      this.free = free;
      this.done = done;
      this.failure = failure;
    }

    void begin() {
      attempts++;
      String path = (v2 ? "/api/v2/" : "/user/") + (register ? "register" : "login");
      ObjectNode body = MAPPER.createObjectNode().put("userName", name);
      if (v2) {
        body.put("password", PASSWORD).putObject("device").put("name", "parley-bench");
      } else {
        body.put("passWord", PASSWORD);
      }
      http.ask("POST", path, null, body.toString(), this::answered);
    }

    private void answered(Http.Answer answer, Throwable broken) {
      if (broken != null) {
        fail(broken.getMessage());
        return;
      }
      JsonNode body = read(answer.body());
      String token = body.path(v2 ? "token" : "data").asText("");
      boolean in = v2 ? answer.status() < 300 : body.path("code").asInt(-1) == 0;
      if (in && !token.isEmpty()) {
        mostlyNew = register;
        who(token, body);
      } else if (attempts >= ATTEMPTS) {
        fail(answer.body().strip());
      } else if (v2 && body.path("retryable").asBoolean()) {
        http.later(RETRY_MS, this::begin);
      } else {
        register = !register; // Is not there yet, or is there already.
        http.later(attempts > 2 ? RETRY_MS : 0, this::begin);
      }
    }

    private void who(String token, JsonNode body) {
      if (v2) {
        long user = body.path("userId").asLong();
        in(new Account(name, token, user, body.path("deviceId").asLong()));
        return;
      }
      http.ask(
          "POST",
          "/user/checkAuth",
          null,
          checkAuth(token),
          (answer, broken) -> {
            if (broken != null) {
              fail(broken.getMessage());
            } else {
              long user = read(answer.body()).path("data").path("userId").asLong();
              in(new Account(name, token, user, 0));
            }
          });
    }

    private void in(Account account) {
      known.put(key, account);
      done.incrementAndGet();
      free.release();
    }

    private void fail(String why) {
      failure.compareAndSet(null, name + ": " + why);
      free.release();
    }
  }

  private static JsonNode read(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      return MAPPER.createObjectNode();
    }
  }

  /** Keeps the sessions, or revokes the devices that this run has made, within a bounded time. */
  void end(Duration atMost) {
    if (sessions != null && !known.isEmpty()) {
      SavedSessions.write(sessions, v2, new TreeMap<>(known));
    } else if (sessions == null && v2) {
      forget(atMost);
    }
  }

  private void forget(Duration atMost) {
    AtomicInteger open = new AtomicInteger(known.size());
    for (Account account : known.values()) {
      http.ask(
          "DELETE",
          "/api/v2/devices/" + account.deviceId(),
          account.token(),
          null,
          (answer, broken) -> open.decrementAndGet());
    }
    // Asked to end or not, what was made is taken away.
    new Stop().until(atMost, () -> open.get() <= 0);
    known.clear();
  }
}

package chat.parley.client;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Heartbeat;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.Welcome;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;

/**
 * Keeps a client connected: logs in, says Hello at one address after the other, tells a dead
 * connection from a quiet one, and comes back after a pause. On the client's thread.
 */
final class Link {
  private static final String SOFTWARE = "parley-java";

  private final Loop loop;
  private final LinkSettings settings;
  private final Accounts accounts;
  private final Carriers carriers;
  private final Inbox inbox;
  private final Outbox outbox;
  private final Requests requests;
  private final Backoff backoff;
  private Optional<Login> login;
  private boolean registers;
  private boolean tokenRefused;
  private int next;
  // What belongs to an earlier attempt is of no interest.
  private long attempt;
  private URI address;
  private Carrier carrier;
  private boolean up;
  private boolean over;
  private Future<?> greeting;
  private Future<?> ticking;
  private long intervalNanos;
  private long lastSent;
  private volatile long lastHeard;

  Link(
      Loop loop,
      LinkSettings settings,
      Accounts accounts,
      Carriers carriers,
      Inbox inbox,
      Outbox outbox,
      Requests requests) {
    this.loop = loop;
    this.settings = settings;
    this.accounts = accounts;
    this.carriers = carriers;
    this.inbox = inbox;
    this.outbox = outbox;
    this.requests = requests;
    this.backoff = new Backoff(settings.timing().leastPause(), settings.timing().mostPause());
    this.login = settings.login();
    this.registers = settings.register() && login.isEmpty();
  }

  void connect() {
    if (over) {
      return;
    }
    long mine = ++attempt;
    if (login.isPresent() && !tokenRefused) {
      open(mine);
    } else if (settings.credentials().isEmpty()) {
      end("the token is not valid any more");
    } else {
      logIn(mine);
    }
  }

  private void logIn(long mine) {
    Accounts.Credentials who = settings.credentials().get();
    long device = login.map(Login::deviceId).orElse(0L);
    (registers
            ? accounts.register(who, settings.deviceName())
            : accounts.login(who, device, settings.deviceName()))
        .whenComplete(
            (fresh, failure) ->
                loop.execute(
                    () -> {
                      if (mine != attempt || over) {
                        return;
                      }
                      if (failure == null) {
                        login = Optional.of(fresh);
                        registers = false;
                        tokenRefused = false;
                        // Not kept: the next process logs in again.
                        Loop.attempt(() -> settings.state().saveLogin(fresh));
                        open(mine);
                      } else {
                        notLoggedIn(device, cause(failure));
                      }
                    }));
  }

  private void notLoggedIn(long device, Throwable failure) {
    boolean final_ = failure instanceof ParleyException refused && !refused.retryable();
    if (final_ && device != 0 && "NOT_FOUND".equals(((ParleyException) failure).code())) {
      // The device was revoked; who has the password may have another.
      login = Optional.empty();
      connect();
    } else if (final_) {
      end("cannot log in: " + failure.getMessage());
    } else {
      Duration notSooner =
          failure instanceof ParleyException busy ? busy.retryAfter() : Duration.ZERO;
      lost("cannot log in: " + failure.getMessage(), notSooner);
    }
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private void open(long mine) {
    address = settings.addresses().get(next++ % settings.addresses().size());
    long withinMs = settings.timing().connectWithin().toMillis();
    greeting =
        loop.after(
            withinMs,
            () -> {
              if (mine == attempt && !up) {
                lost(address + " did not welcome within " + withinMs + " ms", Duration.ZERO);
              }
            });
    carriers
        .open(address, eventsOf(mine))
        .whenComplete(
            (opened, failure) -> {
              if (!loop.execute(() -> opened(mine, opened, failure)) && opened != null) {
                opened.close();
              }
            });
  }

  private void opened(long mine, Carrier opened, Throwable failure) {
    if (mine != attempt || over) {
      if (opened != null) {
        opened.close();
      }
      return;
    }
    if (failure != null) {
      lost("cannot connect to " + address + ": " + said(cause(failure)), Duration.ZERO);
      return;
    }
    carrier = opened;
    Login who = login.orElseThrow();
    Attempt number = settings.state().nextAttempt();
    carrier.send(
        ClientFrame.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setProtocol(2)
                    .setToken(who.token())
                    .setDeviceId(who.deviceId())
                    .addAllCursors(Frames.positions(inbox.cursors()))
                    .setBacklog(
                        settings.onlyNew() ? Hello.Backlog.NOTHING : Hello.Backlog.EVERYTHING)
                    .setInstance(number.instance())
                    .setAttempt(number.number())
                    .setClient(SOFTWARE))
            .build());
  }

  private static String said(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  private Carrier.Events eventsOf(long mine) {
    return new Carrier.Events() {
      @Override
      public void frame(ServerFrame frame, Runnable goOn) {
        lastHeard = System.nanoTime();
        loop.execute(
            () -> {
              try {
                if (mine == attempt && !over) {
                  take(frame);
                }
              } finally {
                // A listener's time is not the server's silence.
                lastHeard = System.nanoTime();
                goOn.run();
              }
            });
      }

      @Override
      public void closed(String reason) {
        loop.execute(
            () -> {
              if (mine == attempt && !over) {
                lost(address + ": " + reason, Duration.ZERO);
              }
            });
      }
    };
  }

  private void take(ServerFrame frame) {
    if (frame.hasGoodbye()) {
      goodbye(frame.getGoodbye());
    } else if (frame.hasWelcome() && !up) {
      welcome(frame.getWelcome());
    } else if (up) {
      taken(frame);
    }
  }

  private void taken(ServerFrame frame) {
    switch (frame.getBodyCase()) {
      case BATCH -> inbox.batch(frame.getBatch());
      case SEND_ACK -> outbox.acked(Frames.ack(frame.getSendAck()));
      case NOT_RECOVERED -> inbox.notRecovered(frame.getNotRecovered());
      case HEARTBEAT -> frame.getHeartbeat().getHeadsList().forEach(inbox::head);
      case SYNCED -> {
        backoff.reset();
        Loop.tell(settings.listener()::onSynced);
      }
      case ERROR -> {
        String id = frame.getError().getClientMessageId();
        if (id.isEmpty()) {
          requests.fail(frame.getRe(), Frames.error(frame.getError()));
        } else {
          outbox.refused(id, Frames.error(frame.getError()));
        }
      }
      case JOINED, LEFT, HISTORY_PAGE, MEMBERS, USER -> requests.answered(frame);
      default -> {
        // A newer server's frame.
      }
    }
    // Between bursts, so that a crash repeats little.
    if (loop.isIdle()) {
      inbox.save();
    }
  }

  private void welcome(Welcome welcome) {
    up = true;
    greeting.cancel(false);
    intervalNanos = Duration.ofMillis(Math.max(20, welcome.getHeartbeatIntervalMs())).toNanos();
    ticking = loop.every(Math.max(5, intervalNanos / 4_000_000), this::tick);
    Loop.tell(
        () ->
            settings
                .listener()
                .onConnected(
                    new Session(
                        welcome.getSession(),
                        welcome.getUserId(),
                        welcome.getUserName(),
                        welcome.getDeviceId(),
                        welcome.getRoomIdsList(),
                        address)));
    if (over) {
      return;
    }
    inbox.connected(
        this::send, welcome.getLimits().getAcknowledgeAfterMs(), welcome.getRoomIdsList());
    requests.connected(this::send);
    outbox.connected(
        this::send,
        welcome.getUserId(),
        welcome.getLimits().getMaxInFlight(),
        welcome.getLimits().getMaxFrameBytes());
  }

  private void send(ClientFrame frame) {
    if (carrier != null) {
      lastSent = System.nanoTime();
      carrier.send(frame);
    }
  }

  private void tick() {
    long now = System.nanoTime();
    if (now - lastHeard > intervalNanos * 5 / 2) {
      lost(address + " has been silent for too long", Duration.ZERO);
      return;
    }
    if (now - lastSent >= intervalNanos / 2) {
      send(ClientFrame.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
    }
    outbox.tick();
  }

  private void goodbye(Goodbye goodbye) {
    String why =
        goodbye.getCode() + (goodbye.getReason().isEmpty() ? "" : ": ") + goodbye.getReason();
    Duration notSooner = Duration.ofMillis(Math.max(0, goodbye.getRetryAfterMs()));
    if (goodbye.getCode() == Goodbye.Code.UNAUTHENTICATED && settings.credentials().isPresent()) {
      tokenRefused = true;
      lost(why, notSooner);
    } else if (goodbye.getReconnect()) {
      lost(why, notSooner);
    } else {
      end(why);
    }
  }

  private void lost(String reason, Duration notSooner) {
    down();
    loop.after(backoff.nextMs(notSooner), this::connect);
    Loop.tell(() -> settings.listener().onDisconnected(reason, true));
  }

  private void end(String reason) {
    over = true;
    down();
    ParleyException ended = new ParleyException(ParleyException.ENDED, reason, false);
    outbox.fail(ended);
    requests.failAll(ended);
    Loop.tell(() -> settings.listener().onDisconnected(reason, false));
    Loop.tell(() -> settings.listener().onEnded(reason));
  }

  /** Says goodbye and stays away; completes when all is written, or cannot be. */
  CompletableFuture<?> close() {
    if (up) {
      inbox.acknowledge();
      send(
          ClientFrame.newBuilder()
              .setGoodbye(Goodbye.newBuilder().setCode(Goodbye.Code.BYE))
              .build());
    }
    over = true;
    return down();
  }

  private CompletableFuture<?> down() {
    attempt++;
    up = false;
    if (greeting != null) {
      greeting.cancel(false);
    }
    if (ticking != null) {
      ticking.cancel(false);
    }
    CompletableFuture<?> written =
        carrier == null ? CompletableFuture.completedFuture(null) : carrier.close();
    carrier = null;
    inbox.disconnected();
    outbox.disconnected();
    requests.disconnected();
    return written;
  }
}

package chat.parley.logic;

import chat.parley.stores.AccountStore;
import chat.parley.stores.CursorStore;
import chat.parley.stores.DeviceStore;
import chat.parley.stores.MessageStore;
import chat.parley.stores.PushQueue;
import chat.parley.stores.SessionStore;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Clock;

/** The services of one instance of logic, put together over its stores. */
record LogicServices(
    AccountService accounts,
    UserService users,
    DeviceService devices,
    ConnectionService connections,
    ConversationService conversations,
    RoomService rooms,
    MessageService messages,
    BatchService batches,
    HistoryService history) {

  /**
   * @param context of the verticle instance that uses them
   */
  static LogicServices of(
      Vertx vertx,
      Context context,
      LogicStores stores,
      LogicSettings settings,
      LimitSettings limits,
      Passwords passwords,
      DevelopmentAccounts.Settings development) {
    AccountStore accounts = stores.jdbc().accounts();
    DeviceStore devices = stores.jdbc().devices();
    CursorStore cursors = stores.jdbc().cursors();
    MessageStore stored = stores.jdbc().messages();
    SessionStore sessionStore = stores.redis().sessions();
    PushQueue queue = stores.redis().pushQueue(stored);
    Nodes nodes = new Nodes(vertx, stores.redis().topics());
    Sessions sessions = new Sessions(vertx, sessionStore, settings.joinGrace());
    Standings standings = new Standings(stores.jdbc().conversations(), cursors, queue);
    UserNames names = new UserNames(accounts);
    Acceptance acceptance = acceptance(vertx, context, stores, limits, queue);
    return new LogicServices(
        new AccountService(
            accounts,
            sessionStore,
            new DeviceLogins(devices, sessionStore, cursors, nodes, settings.maxDevicesPerUser()),
            passwords,
            new Attempts(stores.redis().quotas(), limits),
            new DevelopmentAccounts(development, accounts, passwords),
            nodes,
            settings),
        new UserService(sessions, accounts, settings.maxUserNameLength()),
        new DeviceService(sessions, sessionStore, devices, nodes),
        new ConnectionService(sessions, sessionStore, devices, cursors, standings, nodes),
        new ConversationService(sessions, standings, stores.jdbc().conversations(), cursors),
        new RoomService(sessionStore, sessions, queue, cursors, stores.redis().presence(), nodes),
        new MessageService(sessions, names, acceptance, settings.roomPosting()),
        new BatchService(sessions, names, acceptance, settings.roomPosting()),
        new HistoryService(
            sessions, stored, queue, settings.historyPage(), settings.historyPageLimit()));
  }

  private static Acceptance acceptance(
      Vertx vertx, Context context, LogicStores stores, LimitSettings limits, PushQueue queue) {
    Clock clock = Clock.systemUTC();
    return new Acceptance(
        new RateLimit(limits.messagesPerUser(), System::nanoTime),
        new Resends(
            queue, stores.jdbc().messages(), stores.redis().settings().rememberIds(), clock),
        queue,
        stores.node().ids()::next,
        new Waker(vertx, context, queue.partitions()),
        clock);
  }
}

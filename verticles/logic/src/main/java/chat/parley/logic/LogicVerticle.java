package chat.parley.logic;

import chat.parley.bus.Addresses;
import chat.parley.bus.ProtoCodec;
import chat.parley.settings.SettingsReader;
import chat.parley.stores.AccountStore;
import chat.parley.stores.MessageStore;
import chat.parley.stores.PushQueue;
import chat.parley.stores.SessionStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.List;

/**
 * Serves accounts, rooms and messages on the event bus. Started when the cluster knows every
 * address; fails to start when Redis or the database is away. Stops in the order of a message:
 * takes nothing more, ends what is under way, closes what it opened.
 */
public final class LogicVerticle extends VerticleBase {
  private LogicSettings settings;
  private LogicStores stores;
  private Passwords passwords;
  private Requests requests;

  @Override
  public Future<?> start() {
    ProtoCodec.install(vertx);
    settings = SettingsReader.section(config(), "logic", LogicSettings.class);
    DevelopmentAccounts.Settings development =
        SettingsReader.section(
            config(), "development-accounts", DevelopmentAccounts.Settings.class);
    return LogicStores.open(vertx, config())
        .compose(
            opened -> {
              stores = opened;
              return serve(development)
                  .recover(
                      failure -> opened.close().transform(closed -> Future.failedFuture(failure)));
            });
  }

  @Override
  public Future<?> stop() {
    return requests.drain(settings.drain()).eventually(passwords::close).eventually(stores::close);
  }

  private Future<Void> serve(DevelopmentAccounts.Settings development) {
    SessionStore sessionStore = stores.redis().sessions();
    AccountStore accountStore = stores.jdbc().accounts();
    MessageStore messageStore = stores.jdbc().messages();
    PushQueue queue = stores.redis().pushQueue(messageStore);
    Nodes nodes = new Nodes(vertx, stores.redis().topics());
    Sessions sessions = new Sessions(vertx, sessionStore, settings.joinGrace());
    passwords = new Passwords(vertx, settings);

    AccountService accounts =
        new AccountService(
            accountStore,
            sessionStore,
            passwords,
            new DevelopmentAccounts(development, accountStore, passwords),
            nodes,
            settings);
    RoomService rooms =
        new RoomService(sessionStore, sessions, queue, stores.redis().presence(), nodes);
    MessageService messages =
        new MessageService(
            sessions,
            new UserNames(accountStore),
            new RateLimit(settings.messagesPerSecondPerUser(), System::nanoTime),
            queue,
            messageStore,
            stores.node().ids()::next,
            new Waker(vertx, context, queue.partitions()),
            Clock.systemUTC(),
            settings.roomPosting());
    HistoryService history =
        new HistoryService(
            sessions, messageStore, settings.historyPage(), settings.historyPageLimit());

    requests = new Requests(vertx, settings.maxInFlight());
    return Future.all(
            List.of(
                requests.serve(Addresses.REGISTER, accounts::register),
                requests.serve(Addresses.LOGIN, accounts::login),
                requests.serve(Addresses.LOGOUT, accounts::logout),
                requests.serve(Addresses.CHECK_AUTH, accounts::check),
                requests.serve(Addresses.JOIN_ROOM, rooms::join),
                requests.serve(Addresses.ASK_ROOM, rooms::ask),
                requests.serve(Addresses.SEND, messages::send),
                requests.serve(Addresses.HISTORY, history::history),
                requests.serve(Addresses.FETCH, history::fetch),
                requests.serve(Addresses.HEADS, history::heads)))
        .mapEmpty();
  }
}

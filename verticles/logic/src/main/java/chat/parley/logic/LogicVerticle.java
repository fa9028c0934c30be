package chat.parley.logic;

import chat.parley.bus.Addresses;
import chat.parley.bus.ProtoCodec;
import chat.parley.settings.SettingsReader;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.stream.Stream;

/**
 * Serves accounts, devices, rooms and messages on the event bus. Started when the cluster knows
 * every address; fails to start when Redis or the database is away. Stops in the order of a
 * message: takes nothing more, ends what is under way, closes what it opened.
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
                  .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
            });
  }

  @Override
  public Future<?> stop() {
    return requests.drain(settings.drain()).eventually(passwords::close).eventually(stores::close);
  }

  private Future<Void> serve(DevelopmentAccounts.Settings development) {
    passwords = new Passwords(vertx, settings);
    requests = new Requests(vertx, settings.maxInFlight());
    LimitSettings limits =
        SettingsReader.section(config(), LimitSettings.SECTION, LimitSettings.class);
    LogicServices logic =
        LogicServices.of(vertx, context, stores, settings, limits, passwords, development);
    return Future.all(
            Stream.of(ofUsers(logic), ofDevices(logic), ofRooms(logic), ofMessages(logic))
                .flatMap(List::stream)
                .toList())
        .mapEmpty();
  }

  private List<Future<Void>> ofUsers(LogicServices logic) {
    return List.of(
        requests.serve(Addresses.REGISTER, logic.accounts()::register),
        requests.serve(Addresses.LOGIN, logic.accounts()::login),
        requests.serve(Addresses.LOGOUT, logic.accounts()::logout),
        requests.serve(Addresses.CHECK_AUTH, logic.accounts()::check),
        requests.serve(Addresses.FIND_USER, logic.users()::find));
  }

  private List<Future<Void>> ofDevices(LogicServices logic) {
    return List.of(
        requests.serve(Addresses.LIST_DEVICES, logic.devices()::list),
        requests.serve(Addresses.RENAME_DEVICE, logic.devices()::rename),
        requests.serve(Addresses.REVOKE_DEVICE, logic.devices()::revoke),
        requests.serve(Addresses.OPEN_CONNECTION, logic.connections()::open),
        requests.serve(Addresses.CHECK_CONNECTIONS, logic.connections()::check),
        requests.serve(Addresses.SAVE_CURSORS, logic.conversations()::saveCursors));
  }

  private List<Future<Void>> ofRooms(LogicServices logic) {
    return List.of(
        requests.serve(Addresses.JOIN_ROOM, logic.rooms()::join),
        requests.serve(Addresses.LEAVE_ROOM, logic.rooms()::leave),
        requests.serve(Addresses.ASK_ROOM, logic.rooms()::ask),
        requests.serve(Addresses.MEMBERS, logic.rooms()::members));
  }

  private List<Future<Void>> ofMessages(LogicServices logic) {
    return List.of(
        requests.serve(Addresses.SEND, logic.messages()::send),
        requests.serve(Addresses.SEND_MANY, logic.batches()::send),
        requests.serve(Addresses.HISTORY, logic.history()::history),
        requests.serve(Addresses.FETCH, logic.history()::fetch),
        requests.serve(Addresses.HEADS, logic.history()::heads),
        requests.serve(Addresses.USER_HEADS, logic.conversations()::userHeads),
        requests.serve(Addresses.CONVERSATIONS, logic.conversations()::list));
  }
}

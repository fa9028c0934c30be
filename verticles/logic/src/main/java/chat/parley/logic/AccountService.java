package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.Identity;
import chat.parley.proto.LoggedOut;
import chat.parley.proto.Login;
import chat.parley.proto.Logout;
import chat.parley.proto.Register;
import chat.parley.proto.SessionEnded;
import chat.parley.proto.SessionKind;
import chat.parley.proto.SessionOpened;
import chat.parley.stores.Account;
import chat.parley.stores.AccountStore;
import chat.parley.stores.SessionStore;
import io.vertx.core.Future;
import java.util.Optional;

/** Registers, logs in and out, and says who a token belongs to. */
final class AccountService {
  private final AccountStore accounts;
  private final SessionStore sessions;
  private final DeviceLogins devices;
  private final Passwords passwords;
  private final Attempts attempts;
  private final DevelopmentAccounts development;
  private final Nodes nodes;
  private final LogicSettings settings;

  AccountService(
      AccountStore accounts,
      SessionStore sessions,
      DeviceLogins devices,
      Passwords passwords,
      Attempts attempts,
      DevelopmentAccounts development,
      Nodes nodes,
      LogicSettings settings) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.devices = devices;
    this.passwords = passwords;
    this.attempts = attempts;
    this.development = development;
    this.nodes = nodes;
    this.settings = settings;
  }

  /** Creates an account and opens its first session. Of many at one moment one gets the name. */
  Future<SessionOpened> register(Register request, Deadline deadline) {
    String name = request.getUserName();
    Fields.userName(name, settings.maxUserNameLength());
    Fields.password(request.getPassword(), settings.maxPasswordBytes());
    String deviceName = Fields.deviceName(request.getDeviceName());
    return attempts
        .registration(
            request.getClientAddress(),
            name,
            () ->
                development
                    .awaited(name)
                    .compose(there -> accounts.byName(name))
                    .compose(
                        found ->
                            found.isPresent()
                                ? Future.failedFuture(nameTaken())
                                : passwords.hash(request.getPassword()))
                    .compose(hash -> deadline.before(() -> create(name, hash))))
        .compose(account -> openFirst(account, request.getKind(), deviceName, deadline));
  }

  /**
   * Opens a session for who knows the password. The answer does not tell which names exist. Who has
   * given up may have logged in elsewhere by now, and would lose that session to one that nobody
   * has.
   */
  Future<SessionOpened> login(Login request, Deadline deadline) {
    String name = request.getUserName();
    Fields.userName(name, settings.maxUserNameLength());
    Fields.password(request.getPassword(), settings.maxPasswordBytes());
    String deviceName = Fields.deviceName(request.getDeviceName());
    return attempts
        .login(
            request.getClientAddress(),
            name,
            () ->
                development
                    .awaited(name)
                    .compose(there -> accounts.byName(name))
                    .compose(found -> verified(found, request.getPassword())))
        .compose(
            account ->
                open(account, request.getKind(), request.getDeviceId(), deviceName, deadline));
  }

  /** Ends the session, then tells the nodes that hold its sockets. */
  Future<LoggedOut> logout(Logout request) {
    Fields.token(request.getToken());
    return sessions
        .end(request.getToken())
        .compose(
            ended -> {
              Identity who = ended.orElseThrow(Sessions::unauthenticated);
              return nodes
                  .sessionEnded(who.getUserId(), who.getSessionId(), SessionEnded.Reason.LOGGED_OUT)
                  .map(LoggedOut.getDefaultInstance());
            });
  }

  Future<Identity> check(CheckAuth request) {
    Fields.token(request.getToken());
    return sessions
        .find(request.getToken())
        .map(found -> found.orElseThrow(Sessions::unauthenticated));
  }

  private Future<Account> create(String name, String hash) {
    return accounts
        .create(name, hash)
        .recover(
            failure ->
                Future.failedFuture(
                    ChatError.of(failure).code() == ErrorCode.NAME_TAKEN ? nameTaken() : failure));
  }

  /**
   * The account is there whatever happens now: an error that says "nothing was taken" would have
   * the request repeated, and the repetition would find the name taken.
   */
  private Future<SessionOpened> openFirst(
      Account account, SessionKind kind, String deviceName, Deadline deadline) {
    return open(account, kind, 0, deviceName, deadline)
        .recover(
            failure ->
                Future.failedFuture(
                    new ChatError(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "the account is there, but no session could be opened, please log in",
                        failure)));
  }

  private Future<SessionOpened> open(
      Account account, SessionKind kind, long deviceId, String deviceName, Deadline deadline) {
    if (kind == SessionKind.SESSION_KIND_DEVICE) {
      return answer(devices.open(account, deviceId, deviceName, deadline));
    }
    return answer(
        deadline.before(() -> sessions.open(account.userId(), account.userName(), kind, 0)));
  }

  private static Future<SessionOpened> answer(Future<SessionStore.Opened> session) {
    return session.map(
        opened ->
            SessionOpened.newBuilder()
                .setToken(opened.token())
                .setIdentity(opened.identity())
                .build());
  }

  private Future<Account> verified(Optional<Account> found, String password) {
    return found
        .map(account -> passwords.matches(password, account.passwordHash()))
        .orElseGet(() -> passwords.matchesNobody(password))
        .map(
            right -> {
              if (!right) {
                throw new ChatError(
                    ErrorCode.WRONG_CREDENTIALS, "name and password do not belong together");
              }
              return found.orElseThrow();
            });
  }

  private static ChatError nameTaken() {
    return new ChatError(ErrorCode.NAME_TAKEN, "the name belongs to somebody");
  }
}

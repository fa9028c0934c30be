package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.FindUser;
import chat.parley.proto.UserFound;
import chat.parley.stores.Account;
import chat.parley.stores.AccountStore;
import io.vertx.core.Future;

/** Finds users for users. */
final class UserService {
  private final Sessions sessions;
  private final AccountStore accounts;
  private final int maxUserNameLength;

  UserService(Sessions sessions, AccountStore accounts, int maxUserNameLength) {
    this.sessions = sessions;
    this.accounts = accounts;
    this.maxUserNameLength = maxUserNameLength;
  }

  /** The user of a name or an id; fails with {@code NOT_FOUND} when there is none. */
  Future<UserFound> find(FindUser request) {
    Fields.token(request.getToken());
    switch (request.getByCase()) {
      case USER_NAME -> Fields.userName(request.getUserName(), maxUserNameLength);
      case USER_ID -> Fields.userId(request.getUserId());
      case BY_NOT_SET -> throw Fields.bad("userName or userId must be set");
    }
    return sessions
        .find(request.getToken())
        .compose(
            who ->
                (request.hasUserName()
                        ? accounts.byName(request.getUserName())
                        : accounts.byId(request.getUserId()))
                    .map(
                        found ->
                            shown(found.orElseThrow(UserService::noSuchUser), who.getUserId())));
  }

  static ChatError noSuchUser() {
    return new ChatError(ErrorCode.NOT_FOUND, "no such user");
  }

  private static UserFound shown(Account account, long askerId) {
    return UserFound.newBuilder()
        .setUserId(account.userId())
        .setUserName(account.userName())
        .setConversation(Conversations.ofPair(askerId, account.userId()))
        .build();
  }
}

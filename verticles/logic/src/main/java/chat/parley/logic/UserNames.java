package chat.parley.logic;

import chat.parley.stores.Account;
import chat.parley.stores.AccountStore;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Names of users by id. A name never changes, so that one look-up serves for good; only the least
 * recently asked are forgotten. Those who ask in one moment share a look-up and hear in their
 * order.
 */
final class UserNames {
  private static final int KEPT = 10_000;

  private final AccountStore accounts;
  private final Map<Long, Future<Optional<String>>> names =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Future<Optional<String>>> eldest) {
          return size() > KEPT;
        }
      };

  UserNames(AccountStore accounts) {
    this.accounts = accounts;
  }

  /** Empty when there is no such user. */
  Future<Optional<String>> of(long userId) {
    Future<Optional<String>> known = names.get(userId);
    return known == null ? lookUp(userId) : known;
  }

  /** Who does not exist may be registered next, and a failure may pass: neither is kept. */
  private Future<Optional<String>> lookUp(long userId) {
    Future<Optional<String>> name =
        accounts.byId(userId).map(found -> found.map(Account::userName));
    names.put(userId, name);
    return name.onComplete(
        end -> {
          if (end.failed() || end.result().isEmpty()) {
            names.remove(userId);
          }
        });
  }
}

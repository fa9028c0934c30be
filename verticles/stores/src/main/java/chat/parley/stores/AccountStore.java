package chat.parley.stores;

import io.vertx.core.Future;
import java.util.Optional;

/** Accounts, by id and by name. Names are compared exactly. */
public interface AccountStore {
  /**
   * Creates an account under a name that nobody has. The database's unique key decides between
   * requests at the same moment: exactly one of them succeeds, the others fail with {@code
   * NAME_TAKEN}.
   */
  Future<Account> create(String userName, String passwordHash);

  Future<Optional<Account>> byName(String userName);

  Future<Optional<Account>> byId(long userId);
}

package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.settings.SettingsException;
import chat.parley.stores.AccountStore;
import io.vertx.core.Future;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accounts that a development start comes with. They are made while requests are served already;
 * what concerns one of their names waits until they are there.
 */
public final class DevelopmentAccounts {
  private static final Logger LOG = LoggerFactory.getLogger(DevelopmentAccounts.class);

  private final Settings settings;
  private final Future<Void> created;

  DevelopmentAccounts(Settings settings, AccountStore accounts, Passwords passwords) {
    this.settings = settings;
    Future<Void> all = Future.succeededFuture();
    // One after the other, so that they never take the place of users in the queue for hashing.
    for (String name : settings.names()) {
      all = all.compose(done -> create(name, accounts, passwords));
    }
    this.created = all;
  }

  /** Succeeds when an account of this name is there, if it is one of these; never fails. */
  Future<Void> awaited(String userName) {
    return settings.names().contains(userName) ? created : Future.succeededFuture();
  }

  private Future<Void> create(String name, AccountStore accounts, Passwords passwords) {
    return accounts
        .byName(name)
        .compose(
            found ->
                found.isPresent()
                    ? Future.<Void>succeededFuture()
                    : passwords
                        .hash(settings.password())
                        .compose(hash -> accounts.create(name, hash))
                        .<Void>mapEmpty())
        .recover(
            failure -> {
              // Taken: another instance or process made it in the same moment.
              if (ChatError.of(failure).code() != ErrorCode.NAME_TAKEN) {
                LOG.warn("the development account {} was not made", name, failure);
              }
              return Future.succeededFuture();
            });
  }

  /**
   * Section {@code development-accounts}; none in production.
   *
   * @param names that have an account after the start
   * @param password of all of them; not changed for an account that is there already
   */
  public record Settings(List<String> names, String password) {
    public Settings {
      names = names == null ? List.of() : List.copyOf(names);
      if (!names.isEmpty() && (password == null || password.isEmpty())) {
        throw new SettingsException("development-accounts.password must be set");
      }
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "DevelopmentAccounts" + names;
    }
  }
}

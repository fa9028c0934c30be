package chat.parley.logic;

import chat.parley.bus.Bounds;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.settings.Rate;
import chat.parley.stores.Quotas;
import chat.parley.stores.Quotas.Quota;
import chat.parley.stores.Quotas.UsedUp;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Log-ins and registrations, of which nobody may try too many: not from one address, which would
 * keep all others from having their passwords hashed, and not of one account, which is guessing.
 * Names that do not exist are counted as those that do.
 *
 * <p>Everything is taken before the attempt, and what it did not use is given back after it: of
 * many at one moment no more are let through than one after another would be.
 */
final class Attempts {
  private final Quotas quotas;
  private final LimitSettings limits;
  private final Map<Kind, Counter> refusals = new EnumMap<>(Kind.class);

  private enum Kind {
    LOGINS_PER_ADDRESS("logins-per-address", "too many log-ins from this address"),
    WRONG_PASSWORDS_PER_ADDRESS(
        "wrong-passwords-per-address", "too many wrong passwords from this address"),
    WRONG_PASSWORDS_PER_ADDRESS_AND_ACCOUNT(
        "wrong-passwords-per-address-and-account",
        "too many wrong passwords for this name from this address"),
    WRONG_PASSWORDS_PER_ACCOUNT(
        "wrong-passwords-per-account", "too many wrong passwords for this name"),
    REGISTRATIONS_PER_ADDRESS(
        "registrations-per-address", "too many registrations from this address"),
    REGISTRATIONS_PER_ACCOUNT("registrations-per-account", "too many registrations of this name");

    private final String setting;
    private final String text;

    Kind(String setting, String text) {
      this.setting = setting;
      this.text = text;
    }

    private Quota quota(String subject, Rate rate) {
      return new Quota(setting, subject, rate);
    }
  }

  Attempts(Quotas quotas, LimitSettings limits) {
    this.quotas = quotas;
    this.limits = limits;
    for (Kind kind : Kind.values()) {
      refusals.put(kind, Bounds.refusals(LimitSettings.SECTION + "." + kind.setting));
    }
  }

  /**
   * Tries a log-in.
   *
   * @param address empty when it is not known: then nothing counts for it
   */
  <T> Future<T> login(String address, String account, Supplier<Future<T>> attempt) {
    List<Quota> counted = new ArrayList<>();
    List<Quota> wrong = new ArrayList<>();
    if (!address.isEmpty()) {
      counted.add(Kind.LOGINS_PER_ADDRESS.quota(address, limits.loginsPerAddress()));
      wrong.add(Kind.WRONG_PASSWORDS_PER_ADDRESS.quota(address, limits.wrongPasswordsPerAddress()));
      wrong.add(
          Kind.WRONG_PASSWORDS_PER_ADDRESS_AND_ACCOUNT.quota(
              address + " " + account, limits.wrongPasswordsPerAddressAndAccount()));
    }
    wrong.add(Kind.WRONG_PASSWORDS_PER_ACCOUNT.quota(account, limits.wrongPasswordsPerAccount()));
    return within(counted, wrong, attempt);
  }

  /** Tries a registration; see {@link #login}. */
  <T> Future<T> registration(String address, String account, Supplier<Future<T>> attempt) {
    List<Quota> counted = new ArrayList<>();
    if (!address.isEmpty()) {
      counted.add(Kind.REGISTRATIONS_PER_ADDRESS.quota(address, limits.registrationsPerAddress()));
    }
    counted.add(Kind.REGISTRATIONS_PER_ACCOUNT.quota(account, limits.registrationsPerAccount()));
    return within(counted, List.of(), attempt);
  }

  /**
   * @param always used by every attempt that was made
   * @param wrong used by a wrong password only
   */
  private <T> Future<T> within(List<Quota> always, List<Quota> wrong, Supplier<Future<T>> attempt) {
    List<Quota> all = new ArrayList<>(always);
    all.addAll(wrong);
    return quotas
        .take(all)
        .compose(
            usedUp ->
                usedUp.isPresent() ? Future.failedFuture(refused(usedUp.get())) : attempt.get())
        .onSuccess(in -> quotas.giveBack(wrong))
        .onFailure(
            failure -> {
              ChatError error = ChatError.of(failure);
              if (error.retryable() && error.code() != ErrorCode.RATE_LIMITED) {
                quotas.giveBack(all);
              } else if (error.code() != ErrorCode.WRONG_CREDENTIALS
                  && error.code() != ErrorCode.RATE_LIMITED) {
                quotas.giveBack(wrong);
              }
            });
  }

  private ChatError refused(UsedUp usedUp) {
    for (Kind kind : Kind.values()) {
      if (kind.setting.equals(usedUp.quota().kind())) {
        refusals.get(kind).increment();
        return ChatError.rateLimited(kind.text, usedUp.refill());
      }
    }
    throw new IllegalStateException("no kind " + usedUp.quota().kind());
  }
}

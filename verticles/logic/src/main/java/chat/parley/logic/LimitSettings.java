package chat.parley.logic;

import chat.parley.settings.Rate;
import java.time.Duration;

/**
 * Section {@code limits}: how often something may be done. What is said of log-ins and
 * registrations is counted once for the whole cluster, messages by each instance of logic.
 *
 * @param loginsPerAddress attempts from one address, good and bad
 * @param wrongPasswordsPerAddress from one address, of all accounts
 * @param wrongPasswordsPerAddressAndAccount from one address, of one account
 * @param wrongPasswordsPerAccount from everywhere, of one account
 * @param registrationsPerAddress attempts from one address
 * @param registrationsPerAccount attempts to get one name
 * @param messagesPerUser that one instance takes of one user
 */
public record LimitSettings(
    Rate loginsPerAddress,
    Rate wrongPasswordsPerAddress,
    Rate wrongPasswordsPerAddressAndAccount,
    Rate wrongPasswordsPerAccount,
    Rate registrationsPerAddress,
    Rate registrationsPerAccount,
    Rate messagesPerUser) {
  static final String SECTION = "limits";

  public LimitSettings {
    loginsPerAddress = orElse(loginsPerAddress, 600, Duration.ofMinutes(10));
    wrongPasswordsPerAddress = orElse(wrongPasswordsPerAddress, 100, Duration.ofMinutes(15));
    wrongPasswordsPerAddressAndAccount =
        orElse(wrongPasswordsPerAddressAndAccount, 10, Duration.ofMinutes(15));
    wrongPasswordsPerAccount = orElse(wrongPasswordsPerAccount, 100, Duration.ofHours(1));
    registrationsPerAddress = orElse(registrationsPerAddress, 60, Duration.ofHours(1));
    registrationsPerAccount = orElse(registrationsPerAccount, 20, Duration.ofHours(1));
    messagesPerUser = orElse(messagesPerUser, 1_000, Duration.ofSeconds(10));
  }

  private static Rate orElse(Rate rate, int times, Duration per) {
    return rate == null ? new Rate(times, per) : rate;
  }
}

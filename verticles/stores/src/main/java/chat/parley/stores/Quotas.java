package chat.parley.stores;

import chat.parley.settings.Rate;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How often something was done, counted once for the whole cluster: whoever is turned away by one
 * node is not let in by the next. A quota that nobody has used for the time of its rate is
 * forgotten, and full.
 */
public interface Quotas {
  /**
   * Takes one from each quota, or nothing when one of them is used up.
   *
   * @return empty when all were taken
   */
  Future<Optional<UsedUp>> take(List<Quota> quotas);

  /** Gives one back to each quota, of what was taken and not used. */
  Future<Void> giveBack(List<Quota> quotas);

  /**
   * What is counted.
   *
   * @param kind of what is done
   * @param subject who does it, or to whom; kept as a hash only
   * @param rate how often that may be
   */
  record Quota(String kind, String subject, Rate rate) {}

  /**
   * A quota that has nothing left.
   *
   * @param refill how long until it has one again
   */
  record UsedUp(Quota quota, Duration refill) {}
}

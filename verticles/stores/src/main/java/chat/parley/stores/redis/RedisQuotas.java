package chat.parley.stores.redis;

import chat.parley.stores.Quotas;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Each quota as one number in Redis: when it will be full again. Time is Redis' own. */
final class RedisQuotas implements Quotas {
  private final RedisLink link;

  RedisQuotas(RedisLink link) {
    this.link = link;
  }

  @Override
  public Future<Optional<UsedUp>> take(List<Quota> quotas) {
    List<Quota> limited = limited(quotas);
    if (limited.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return link.eval(Script.QUOTA_TAKE, keys(limited), rates(limited))
        .map(
            reply -> {
              int which = reply.get(0).toInteger();
              return which == 0
                  ? Optional.empty()
                  : Optional.of(
                      new UsedUp(limited.get(which - 1), Duration.ofMillis(reply.get(1).toLong())));
            });
  }

  @Override
  public Future<Void> giveBack(List<Quota> quotas) {
    List<Quota> limited = limited(quotas);
    return limited.isEmpty()
        ? Future.succeededFuture()
        : link.eval(Script.QUOTA_RETURN, keys(limited), rates(limited)).mapEmpty();
  }

  private static List<Quota> limited(List<Quota> quotas) {
    return quotas.stream().filter(quota -> quota.rate().limited()).toList();
  }

  /** Hashed: of bounded length, and people mistake the field of the name for that of the secret. */
  private static List<String> keys(List<Quota> quotas) {
    return quotas.stream().map(q -> Keys.quota(q.kind(), Sha256.of(q.subject()))).toList();
  }

  private static Object[] rates(List<Quota> quotas) {
    Object[] args = new Object[2 * quotas.size()];
    for (int i = 0; i < quotas.size(); i++) {
      args[2 * i] = quotas.get(i).rate().per().toMillis();
      args[2 * i + 1] = quotas.get(i).rate().times();
    }
    return args;
  }
}

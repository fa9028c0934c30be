package chat.parley.client;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a listener was told, in order, as words. */
final class Heard implements ParleyListener {
  private final BlockingQueue<String> all = new LinkedBlockingQueue<>();

  /** The next thing; fails when nothing comes. */
  String next() {
    try {
      String next = all.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing was heard");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The next thing that begins so; what comes before is passed over. */
  String next(String beginning) {
    String next = next();
    while (!next.startsWith(beginning)) {
      next = next();
    }
    return next;
  }

  @Override
  public void onConnected(Session session) {
    all.add("connected " + session.userName() + " " + session.deviceId());
  }

  @Override
  public void onMessage(Message message) {
    all.add("message " + message.conversation() + " " + message.seq() + " " + message.text());
  }

  @Override
  public void onSynced() {
    all.add("synced");
  }

  @Override
  public void onNotRecovered(String conversation, long from, long to) {
    all.add("not recovered " + conversation + " " + from + " " + to);
  }

  @Override
  public void onDisconnected(String reason, boolean willRetry) {
    all.add("disconnected " + willRetry + " " + reason);
  }

  @Override
  public void onEnded(String reason) {
    all.add("ended " + reason);
  }
}

package chat.parley.connect;

import chat.parley.bus.LogicClient;
import chat.parley.proto.DeviceCursor;
import chat.parley.proto.SaveCursors;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What devices have acknowledged, on its way to the store: however often a device acknowledges, its
 * cursor is written once in a pause, together with those of the others. A cursor that is lost on
 * the way means repeats after the next Hello, and nothing else.
 *
 * <p>Belongs to one event loop.
 */
final class Cursors {
  private static final int MOST_AT_A_TIME = 1_000;

  /** Beyond it the store has been away for long: what is not noted here is only sent again. */
  private static final int BOUND = 200_000;

  private final Bucket bucket;
  private final LogicClient logic;
  private final ArrayDeque<Line> unsaved = new ArrayDeque<>();
  private Future<Void> underWay;

  Cursors(Bucket bucket, LogicClient logic) {
    this.bucket = bucket;
    this.logic = logic;
  }

  void start() {
    bucket.vertx().setPeriodic(bucket.v2().cursorSave().toMillis(), timer -> save());
  }

  void add(Line line) {
    if (unsaved.size() < BOUND && line.markUnsaved()) {
      unsaved.add(line);
    }
  }

  /** Writes everything noted so far; the Future completes when it is written, or was tried. */
  Future<Void> save() {
    if (underWay == null) {
      Future<Void> all = saveSome();
      if (!all.isComplete()) {
        underWay = all.onComplete(done -> underWay = null);
      }
      return all;
    }
    return underWay; // It does not end before everything is tried.
  }

  private Future<Void> saveSome() {
    List<Line> some = new ArrayList<>(Math.min(unsaved.size(), MOST_AT_A_TIME));
    SaveCursors.Builder request = SaveCursors.newBuilder();
    while (some.size() < MOST_AT_A_TIME && !unsaved.isEmpty()) {
      Line line = unsaved.poll();
      line.saving();
      if (line.session().lines().get(line.conversation()) != line) {
        continue; // The device has left the room; when it comes again it may begin further back.
      }
      some.add(line);
      request.addCursors(
          DeviceCursor.newBuilder()
              .setDeviceId(line.session().identity().getDeviceId())
              .setConversation(line.conversation())
              .setSeq(line.acknowledged()));
    }
    if (some.isEmpty()) {
      return Future.succeededFuture();
    }
    return logic
        .saveCursors(request.build())
        .onFailure(failure -> some.forEach(this::add))
        .transform(done -> done.succeeded() ? saveSome() : Future.succeededFuture());
  }
}

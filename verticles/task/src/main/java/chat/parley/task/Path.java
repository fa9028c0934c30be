package chat.parley.task;

import chat.parley.stores.PushQueue;
import chat.parley.stores.Topics;
import io.vertx.core.Vertx;

/** What a message passes on its way through a worker; shared by the worker's partitions. */
record Path(
    Vertx vertx,
    TaskSettings settings,
    PushQueue queue,
    StoreWriter store,
    Topics topics,
    NodeOutboxes outboxes,
    Settler settler,
    RoomRetention retention,
    TaskCounters counters) {}

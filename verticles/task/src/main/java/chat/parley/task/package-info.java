/**
 * Partition workers: what was accepted is read from the queue, stored, handed to the connect nodes
 * that want it, and only then removed from the queue.
 *
 * <p>Everything of one {@link chat.parley.task.TaskVerticle} instance runs on that instance's event
 * loop; no class here is thread-safe, and none blocks. Every step may be done again at any time: a
 * message is found by conversation and seq, so the second time is harmless.
 */
package chat.parley.task;

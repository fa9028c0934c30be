/**
 * Drives a running Parley over its public wires and tells what arrived, when, and at what cost. A
 * program of its own; nothing of the server's code is in it.
 *
 * <p>Everything of a round that is counted is counted on one event loop, {@link
 * chat.parley.bench.Loops#sockets}; the main thread waits, with a deadline for each wait.
 */
package chat.parley.bench;

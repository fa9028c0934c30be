/**
 * A running Parley from the outside: its processes, its stores, and clients. {@code ./parley chaos}
 * and the end-to-end tests share it; the tests add to this package what only they need.
 *
 * <p>Nothing here imports a class of the server: it is told what to do by command lines, settings
 * and sockets, as its users do. What does not come to pass in time is an {@link AssertionError}.
 */
package chat.parley.e2e.support;

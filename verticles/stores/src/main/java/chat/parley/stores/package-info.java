/**
 * The ports to what is kept: Redis (queue, sessions, topics, leases) and the database (accounts,
 * devices, cursors, messages), stated as promises. Adapters stand in {@code redis} and {@code
 * jdbc}; both adapters of a port pass one suite. Knows no verticle.
 *
 * <p>Every method may be called on any context of Vert.x, returns at once, and ends within the
 * adapter's deadline with a result or a {@link chat.parley.bus.ChatError}: {@code UNAVAILABLE} or
 * {@code DEADLINE_EXCEEDED} when what is behind it is away.
 */
package chat.parley.stores;

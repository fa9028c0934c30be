/**
 * A real redis-server as a child process, for a machine that has no Redis of its own. Blocking, and
 * therefore for a main thread and never for an event loop.
 */
package chat.parley.stores.redis.embedded;

/**
 * The adapters to Redis. One {@link chat.parley.stores.redis.RedisLink} carries all commands of one
 * verticle instance; {@link chat.parley.stores.redis.Keys} names every key that is ever written.
 */
package chat.parley.stores.redis;

-- Numbers a session's new connection, and begins its life and its pointer's again. Answers user,
-- name, device and the number; nothing for an unknown session.
-- KEYS: session   ARGV: session id, ms to live of a v1 session, of a device's session, prefixes of:
-- v1 pointers, device pointers
local who = redis.call('HMGET', KEYS[1], 'user', 'name', 'device')
if not who[1] then return {} end
local ttl, pointer = ARGV[2], ARGV[4] .. who[1]
if who[3] then ttl, pointer = ARGV[3], ARGV[5] .. who[3] end
who[4] = redis.call('HINCRBY', KEYS[1], 'connection', 1)
redis.call('PEXPIRE', KEYS[1], ttl)
if redis.call('GET', pointer) == ARGV[1] then redis.call('PEXPIRE', pointer, ttl) end
return who

-- Takes a session out of a room; answers user, name and device.
-- KEYS: session   ARGV: field of the room
redis.call('HDEL', KEYS[1], ARGV[1])
return redis.call('HMGET', KEYS[1], 'user', 'name', 'device')

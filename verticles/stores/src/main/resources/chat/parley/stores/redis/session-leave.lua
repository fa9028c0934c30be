-- Takes a session out of a room. Answers user, name, device and whether (1, 0) the connection that
-- asks was replaced, which changes nothing; nothing for an unknown session.
-- KEYS: session   ARGV: field of the room, number of the connection (0 for none)
local who = redis.call('HMGET', KEYS[1], 'user', 'name', 'device')
if not who[1] then return {} end
who[4] = 1
local newest = tonumber(redis.call('HGET', KEYS[1], 'connection') or 0)
if ARGV[2] ~= '0' and newest > tonumber(ARGV[2]) then return who end
redis.call('HDEL', KEYS[1], ARGV[1])
who[4] = 0
return who

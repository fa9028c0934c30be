-- Ends the session that a device's pointer points to; answers user, name, device and session id,
-- nothing when there is none.
-- KEYS: pointer   ARGV: prefix of sessions
local id = redis.call('GET', KEYS[1])
if not id then return {} end
local who = redis.call('HMGET', ARGV[1] .. id, 'user', 'name', 'device')
redis.call('DEL', KEYS[1], ARGV[1] .. id)
if not who[1] then return {} end
who[4] = id
return who

-- Ends a session, and its pointer while it is the session's; answers user, name and device, nothing
-- for an unknown one.
-- KEYS: session   ARGV: session id, prefixes of: v1 pointers, device pointers
local who = redis.call('HMGET', KEYS[1], 'user', 'name', 'device')
if not who[1] then return {} end
redis.call('DEL', KEYS[1])
local pointer = ARGV[2] .. who[1]
if who[3] then pointer = ARGV[3] .. who[3] end
if redis.call('GET', pointer) == ARGV[1] then redis.call('DEL', pointer) end
return who

-- Ends a session; answers whose it was, nothing for an unknown one.
-- KEYS: session
local who = redis.call('HMGET', KEYS[1], 'user', 'name')
if not who[1] then return {} end
redis.call('DEL', KEYS[1])
return who

-- Ends a node's lease at once; its number begins to rest.
-- KEYS: nodes, numbers, numbers of nodes   ARGV: node
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local number = redis.call('HGET', KEYS[3], ARGV[1])
if number then redis.call('ZADD', KEYS[2], now, number) end
redis.call('HDEL', KEYS[3], ARGV[1])
return redis.call('ZADD', KEYS[1], 'XX', 0, ARGV[1])

-- Enters a user of a bucket into a room. The room's version moves when that is news.
-- KEYS: room, presence of the node, nodes, versions   ARGV: bucket|user, name, room, node
redis.call('ZADD', KEYS[3], 'NX', 0, ARGV[4])
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return 0 end
redis.call('SADD', KEYS[2], ARGV[3] .. '|' .. ARGV[1])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('HINCRBY', KEYS[4], ARGV[3], 1)
return 1

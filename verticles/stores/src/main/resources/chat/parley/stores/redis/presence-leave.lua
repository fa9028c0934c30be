-- Takes a user of a bucket out of a room. The room's version moves when that is news.
-- KEYS: room, presence of the node, versions   ARGV: bucket|user, room
redis.call('SREM', KEYS[2], ARGV[2] .. '|' .. ARGV[1])
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[3], ARGV[2], 1)
return 1

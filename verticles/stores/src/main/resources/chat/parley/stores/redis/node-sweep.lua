-- Removes some of what hangs on an ended lease, in one step with the look at the lease: a node that
-- took its lease again in between loses nothing. Answers NONE, MORE (of this node) or CLEARED.
-- KEYS: nodes, versions, numbers of nodes   ARGV: entries at most, prefixes of: topics of a node,
-- presence of a node, topic, room
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local node = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 1)[1]
if not node then return 'NONE' end
local topics = redis.call('SPOP', ARGV[2] .. node, ARGV[1])
for _, entry in ipairs(topics) do
  local bar = string.find(entry, '|', 1, true)
  redis.call('SREM', ARGV[4] .. string.sub(entry, bar + 1), string.sub(entry, 1, bar - 1))
end
local present = redis.call('SPOP', ARGV[3] .. node, ARGV[1])
for _, entry in ipairs(present) do
  local bar = string.find(entry, '|', 1, true)
  local room = string.sub(entry, 1, bar - 1)
  if redis.call('HDEL', ARGV[5] .. room, string.sub(entry, bar + 1)) == 1 then
    redis.call('HINCRBY', KEYS[2], room, 1)
  end
end
if #topics + #present > 0 then return 'MORE' end
redis.call('ZREM', KEYS[1], node)
redis.call('HDEL', KEYS[3], node)
return 'CLEARED'

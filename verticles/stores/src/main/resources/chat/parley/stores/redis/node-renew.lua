-- Takes or prolongs a node's lease. Answers how, and the node's number.
-- KEYS: nodes, numbers, numbers of nodes   ARGV: node, ms of the lease, ms a number rests, numbers,
-- the caller's number ('' when it has none)
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local ends = now + ARGV[2]
local held = redis.call('ZSCORE', KEYS[1], ARGV[1])
local number = redis.call('HGET', KEYS[3], ARGV[1])
local how = 'REGAINED'
if held and tonumber(held) > now and number then
  -- Another number: the answer that said so was lost, and the caller still has to hear it.
  if number == ARGV[5] then how = 'KEPT' end
else
  -- Numbers rotate: one that never was used, else the one that has rested longest.
  local used = redis.call('ZCARD', KEYS[2])
  if used < tonumber(ARGV[4]) then
    number = used
  else
    local oldest = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
    if tonumber(oldest[2]) + ARGV[3] > now then return {'EXHAUSTED'} end
    number = oldest[1]
  end
end
redis.call('ZADD', KEYS[2], ends, number)
redis.call('HSET', KEYS[3], ARGV[1], number)
redis.call('ZADD', KEYS[1], ends, ARGV[1])
return {how, tostring(number)}

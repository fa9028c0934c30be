-- Accepts one message as one step. Everything that can fail comes before the first write, and the
-- write that may be refused for want of memory comes first: a seq is never taken without its entry.
-- KEYS: queue, seqs, trimmed [, ack]   ARGV: conversation, bound, entry, base ('' when not looked
-- up), id, accepted at, ms to remember the ack, bound in bytes
-- Answers what became of it; of a new one also its seq and its position in the queue.
local queue, seqs, ack = KEYS[1], KEYS[2], KEYS[4]
if ack then
  local known = redis.call('GET', ack)
  if known then return {'KNOWN', known} end
end
local length = redis.call('LLEN', queue)
if length >= tonumber(ARGV[2]) then return {'OVERLOADED'} end
-- An estimate, from a few entries; a short queue is not worth it.
if length >= 256 and redis.call('MEMORY', 'USAGE', queue) >= tonumber(ARGV[8]) then
  return {'OVERLOADED'}
end
local last = redis.call('HGET', seqs, ARGV[1])
if not last then
  if ARGV[4] == '' then return {'NEED_HEAD'} end
  last = ARGV[4]
end
local seq = tonumber(last) + 1
local position = tonumber(redis.call('GET', KEYS[3]) or '0') + length
-- Field 15 as fixed64: its tag, then eight bytes, the low ones first. Appended, it makes the entry
-- a complete ChatMessage.
local field = '\121' .. struct.pack('<I4I4', seq % 4294967296, math.floor(seq / 4294967296))
redis.call('LPUSH', queue, ARGV[3] .. field)
local text = string.format('%.0f', seq)
redis.call('HSET', seqs, ARGV[1], text)
if ack then
  redis.call('SET', ack, text .. ':' .. ARGV[5] .. ':' .. ARGV[6], 'PX', ARGV[7])
end
return {'NEW', text, string.format('%.0f', position)}

-- Entries from a position on; removes nothing. Answers the first position, then the entries, the
-- newest first (as the list holds them).
-- KEYS: queue, trimmed   ARGV: from, max
local first = tonumber(redis.call('GET', KEYS[2]) or '0')
local length = redis.call('LLEN', KEYS[1])
local from = tonumber(ARGV[1])
-- A reader ahead of the queue knows a queue that was lost: it starts over.
if from < first or from > first + length then from = first end
local skip = from - first
local n = math.min(tonumber(ARGV[2]), length - skip)
local slice = {string.format('%.0f', from)}
if n > 0 then
  slice[2] = redis.call('LRANGE', KEYS[1], -(skip + n), -(skip + 1))
else
  slice[2] = {}
end
return slice

-- Removes the entries before a position, while the lease is the caller's.
-- KEYS: lease, queue, trimmed   ARGV: lease's value, up to
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local first = tonumber(redis.call('GET', KEYS[3]) or '0')
local n = tonumber(ARGV[2]) - first
-- A position beyond the end is one of a queue that was lost: what is here now was never read.
if n > 0 and n <= redis.call('LLEN', KEYS[2]) then
  redis.call('LTRIM', KEYS[2], 0, -(n + 1))
  redis.call('SET', KEYS[3], string.format('%.0f', first + n))
end
return 1

-- Takes one from each quota, or from none when one of them is used up. A quota is the moment at which
-- it is full again, in milliseconds; a missing one is full.
-- KEYS: quotas   ARGV: for each of them, ms in which an empty one fills, how many a full one holds
-- Answers 0, or which of them is used up (from 1 on) and ms until it has one.
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local full = {}
for i, quota in ipairs(KEYS) do
  local per, times = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  full[i] = math.max(tonumber(redis.call('GET', quota) or '0'), now) + per / times
  -- The last of a full one comes out at per, but for the rounding of the sums.
  local missing = full[i] - now - per
  if missing > 0.01 then return {i, math.ceil(missing)} end
end
for i, quota in ipairs(KEYS) do
  redis.call('SET', quota, string.format('%.3f', full[i]), 'PX', math.ceil(full[i] - now))
end
return {0}

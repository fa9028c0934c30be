-- Gives one back to each quota; see quota-take.
-- KEYS: quotas   ARGV: for each of them, ms in which an empty one fills, how many a full one holds
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
for i, quota in ipairs(KEYS) do
  local full = redis.call('GET', quota)
  if full then
    full = tonumber(full) - ARGV[2 * i - 1] / ARGV[2 * i]
    if full > now then
      redis.call('SET', quota, string.format('%.3f', full), 'PX', math.ceil(full - now))
    else
      redis.call('DEL', quota)
    end
  end
end

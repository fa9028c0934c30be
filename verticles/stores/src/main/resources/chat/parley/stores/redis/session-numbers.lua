-- Number of the newest connection of each session, 0 before its first; -1 for an unknown session.
-- KEYS: sessions
local numbers = {}
for i, session in ipairs(KEYS) do
  local found = redis.call('HMGET', session, 'user', 'connection')
  numbers[i] = found[1] and (found[2] or '0') or '-1'
end
return numbers

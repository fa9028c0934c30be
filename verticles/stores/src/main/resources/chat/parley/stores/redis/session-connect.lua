-- Numbers a session's new connection, and begins its life and its pointer's again. Answers user,
-- name, device and the number, 0 for an attempt that was overtaken; nothing for an unknown session.
-- KEYS: session   ARGV: session id, ms to live of a v1 session, of a device's session, prefixes of:
-- v1 pointers, device pointers; instance ('' for none) and its attempt
local who = redis.call('HMGET', KEYS[1], 'user', 'name', 'device')
if not who[1] then return {} end
local ttl, pointer = ARGV[2], ARGV[4] .. who[1]
if who[3] then ttl, pointer = ARGV[3], ARGV[5] .. who[3] end
if ARGV[6] ~= '' then
  local last = redis.call('HGET', KEYS[1], 'attempt') or ''
  local instance, attempt = string.match(last, '^(.*):(%d+)$')
  if instance == ARGV[6] and tonumber(attempt) > tonumber(ARGV[7]) then
    who[4] = 0
    return who
  end
  redis.call('HSET', KEYS[1], 'attempt', ARGV[6] .. ':' .. ARGV[7])
end
who[4] = redis.call('HINCRBY', KEYS[1], 'connection', 1)
redis.call('PEXPIRE', KEYS[1], ttl)
if redis.call('GET', pointer) == ARGV[1] then redis.call('PEXPIRE', pointer, ttl) end
return who

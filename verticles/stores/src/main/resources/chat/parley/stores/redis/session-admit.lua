-- Notes in a session that it joined a room. Answers user, name and device, nothing for an unknown
-- session, 0 when it has joined as many rooms as it may.
-- KEYS: session   ARGV: field of the room, rooms at most
local who = redis.call('HMGET', KEYS[1], 'user', 'name', 'device')
if not who[1] then return {} end
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then
  -- What is no room: user and name always, the others once they are there.
  local rooms = redis.call('HLEN', KEYS[1]) - 2
  if who[3] then rooms = rooms - 1 end
  rooms = rooms - redis.call('HEXISTS', KEYS[1], 'connection')
  rooms = rooms - redis.call('HEXISTS', KEYS[1], 'attempt')
  if rooms >= tonumber(ARGV[2]) then return 0 end
  redis.call('HSET', KEYS[1], ARGV[1], 1)
end
return who

-- Notes in a session that it joined rooms, all or none. Answers user, name, device and whether (1, 0)
-- the connection that asks was replaced, which changes nothing; nothing for an unknown session, 0 for
-- more rooms than it may.
-- KEYS: session   ARGV: rooms at most; instance ('' for none) and its attempt, number of the
-- connection (0 for none); fields of the rooms
local who = redis.call('HMGET', KEYS[1], 'user', 'name', 'device')
if not who[1] then return {} end
who[4] = 1
local last = redis.call('HGET', KEYS[1], 'attempt') or ''
local instance, attempt = string.match(last, '^(.*):(%d+)$')
if ARGV[2] ~= '' and instance == ARGV[2] and tonumber(attempt) > tonumber(ARGV[3]) then return who end
local newest = tonumber(redis.call('HGET', KEYS[1], 'connection') or 0)
if ARGV[4] ~= '0' and newest > tonumber(ARGV[4]) then return who end
who[4] = 0
local joined = {}
for i = 5, #ARGV do
  if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 0 then table.insert(joined, ARGV[i]) end
end
if #joined == 0 then return who end
-- What is no room: user and name always, the others once they are there.
local rooms = redis.call('HLEN', KEYS[1]) - 2
if who[3] then rooms = rooms - 1 end
rooms = rooms - redis.call('HEXISTS', KEYS[1], 'connection')
rooms = rooms - redis.call('HEXISTS', KEYS[1], 'attempt')
if rooms + #joined > tonumber(ARGV[1]) then return 0 end
for _, room in ipairs(joined) do redis.call('HSET', KEYS[1], room, 1) end
return who

-- Opens a session; with a pointer, in the place of the one that it pointed to, whose id is answered.
-- KEYS: session [, pointer]   ARGV: user id, user name, device ('' when none), ms to live, session
-- id, prefix of sessions
redis.call('HSET', KEYS[1], 'user', ARGV[1], 'name', ARGV[2])
if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'device', ARGV[3]) end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
if not KEYS[2] then return false end
local previous = redis.call('GET', KEYS[2])
redis.call('SET', KEYS[2], ARGV[5], 'PX', ARGV[4])
if previous and redis.call('DEL', ARGV[6] .. previous) == 1 then return previous end
return false

-- Opens a session; with a pointer, in the place of the one that it pointed to.
-- KEYS: session [, pointer]   ARGV: user id, user name, ms to live, session id, prefix of sessions
redis.call('HSET', KEYS[1], 'user', ARGV[1], 'name', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if KEYS[2] then
  local previous = redis.call('GET', KEYS[2])
  redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[3])
  if previous and previous ~= ARGV[4] then redis.call('DEL', ARGV[5] .. previous) end
end
return 1

-- Takes a partition's lease with the next fencing token; 0 when somebody has it.
-- KEYS: lease, fence   ARGV: worker, ms
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local token = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. token, 'PX', ARGV[2])
return token

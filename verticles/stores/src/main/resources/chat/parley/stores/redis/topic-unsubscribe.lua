-- KEYS: topic, topics of the node   ARGV: bucket, bucket|topic
redis.call('SREM', KEYS[2], ARGV[2])
return redis.call('SREM', KEYS[1], ARGV[1])

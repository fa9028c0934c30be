-- Enters a bucket under a topic, and both under the node. A node without a lease is listed as
-- ended, so that a sweep finds what it registered.
-- KEYS: topic, topics of the node, nodes   ARGV: bucket, bucket|topic, node
redis.call('ZADD', KEYS[3], 'NX', 0, ARGV[3])
redis.call('SADD', KEYS[2], ARGV[2])
return redis.call('SADD', KEYS[1], ARGV[1])

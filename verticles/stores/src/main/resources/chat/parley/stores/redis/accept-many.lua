-- Accepts messages of one conversation as one step, as if one after the other by accept.lua: the
-- same checks, the same order of writes, but each write once for all.
-- KEYS: queue, seqs, trimmed, then an ack for each message that has one   ARGV: conversation, bound,
-- base ('' when not looked up), ms to remember acks, bound in bytes, then for each message: entry,
-- the end of its ack (':id:accepted at'), which of the acks is its own (0: none)
-- Answers for each message its seq, what is known of it, or 0 beyond the bound, and behind them the
-- position of the first new one in the queue, which the other new ones follow; nothing at all when
-- the base is needed.
local queue, seqs, conversation, base = KEYS[1], KEYS[2], ARGV[1], ARGV[3]
local acks = #KEYS - 3
local known = acks > 0 and redis.call('MGET', unpack(KEYS, 4)) or {}
local length = redis.call('LLEN', queue)
local room = tonumber(ARGV[2]) - length
if length >= 256 and redis.call('MEMORY', 'USAGE', queue) >= tonumber(ARGV[5]) then room = 0 end
local answers, entries, given, new = {}, {}, {}, {}
local seq
for i = 6, #ARGV, 3 do
  local own = tonumber(ARGV[i + 2])
  local key = own > 0 and KEYS[own + 3]
  local answer = key and (known[own] or given[key])
  if not answer then
    if room <= 0 then
      answer = 0
    else
      if not seq then
        local last = redis.call('HGET', seqs, conversation)
        if not last then
          if base == '' then return false end
          last = base
        end
        seq = tonumber(last)
      end
      seq = seq + 1
      room = room - 1
      answer = seq
      -- Field 15 as fixed64, as in accept.lua.
      local field = '\121' .. struct.pack('<I4I4', seq % 4294967296, math.floor(seq / 4294967296))
      entries[#entries + 1] = ARGV[i] .. field
      if key then
        local ack = string.format('%.0f', seq) .. ARGV[i + 1]
        given[key] = ack
        new[#new + 1] = key
      end
    end
  end
  answers[#answers + 1] = answer
end
local first = tonumber(redis.call('GET', KEYS[3]) or '0') + length
if #entries > 0 then
  redis.call('LPUSH', queue, unpack(entries))
  redis.call('HSET', seqs, conversation, string.format('%.0f', seq))
  for _, key in ipairs(new) do
    redis.call('SET', key, given[key], 'PX', ARGV[4])
  end
end
answers[#answers + 1] = string.format('%.0f', first)
return answers

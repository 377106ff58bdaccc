// The steps of the ledger that Redis must do in one go, as Lua. Rows are "<revision> <installation> <pull request> <run>\n<call as JSON>": the
// first line is what the indexes are by, so that no script has to read JSON.

/** Names of the indexes of a row; a row is in each of them by the time at which it began. */
const indexes = `
local function facts(row) return string.match(row, "^(%d+) (%d+) (%S+) ([^\\n]*)\\n") end
local function indexesOf(prefix, row)
  local _, _, pull, run = facts(row)
  local repository = string.match(pull, "^(.*)#%d+$")
  return { prefix .. "calls", prefix .. "calls-of-run:" .. run, prefix .. "calls-of-pull:" .. pull,
    prefix .. "calls-of-repository:" .. repository }, prefix .. "calls-accepted:" .. repository
end`;

/**
 * KEYS: call, contents, repositories of the installation, the sums. ARGV: prefix, id, at, row, contents or "", repository, micros, then limit and
 * milliseconds to keep of each sum. {0, 0} = held back; else which sum does not fit, from 1, and what is there. The same id again changes nothing:
 * the client sends a step again when the connection broke before the answer.
 */
export const reserveCallScript = `${indexes}
if redis.call("EXISTS", KEYS[1]) == 1 then return { 0, 0 } end
local prefix, id, at, row, contents, micros = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[7])
for i = 4, #KEYS do
  local spent = tonumber(redis.call("GET", KEYS[i]) or "0")
  if spent + micros > tonumber(ARGV[2 * i]) then return { i - 3, spent } end
end
for i = 4, #KEYS do
  redis.call("INCRBY", KEYS[i], ARGV[7])
  redis.call("PEXPIRE", KEYS[i], ARGV[2 * i + 1])
end
redis.call("SET", KEYS[1], row)
for _, index in ipairs(indexesOf(prefix, row)) do redis.call("ZADD", index, at, id) end
redis.call("ZADD", prefix .. "calls-reserved", at, id)
if contents ~= "" then
  redis.call("SET", KEYS[2], contents)
  redis.call("ZADD", prefix .. "calls-with-contents", at, id)
end
redis.call("SADD", KEYS[3], ARGV[6])
return { 0, 0 }`;

/**
 * KEYS: call, contents, the sums. ARGV: prefix, id, at, revision before, row, contents or "", micros to add, "1" if reserved, "1" if accepted.
 * 0 = the row is gone or at another revision. A sum that has been forgotten since is not begun anew.
 */
export const replaceCallScript = `${indexes}
local row = redis.call("GET", KEYS[1])
if not row or facts(row) ~= ARGV[4] then return 0 end
local prefix, id, at = ARGV[1], ARGV[2], ARGV[3]
local function keep(index, wanted)
  if wanted then redis.call("ZADD", index, at, id) else redis.call("ZREM", index, id) end
end
redis.call("SET", KEYS[1], ARGV[5])
if ARGV[6] == "" then redis.call("DEL", KEYS[2]) else redis.call("SET", KEYS[2], ARGV[6]) end
local _, accepted = indexesOf(prefix, ARGV[5])
keep(prefix .. "calls-with-contents", ARGV[6] ~= "")
keep(prefix .. "calls-reserved", ARGV[8] == "1")
keep(accepted, ARGV[9] == "1")
for i = 3, #KEYS do
  if ARGV[7] ~= "0" and redis.call("EXISTS", KEYS[i]) == 1 then redis.call("INCRBY", KEYS[i], ARGV[7]) end
end
return 1`;

/**
 * KEYS: index. ARGV: prefix, id behind which to go on or "", least time, how many. Ids of calls with their rows and contents ("" for none), three each.
 * Behind an id that is not there everything is left: what is forgotten of old age goes oldest first.
 */
export const listCallsScript = `
local prefix = ARGV[1]
local start = redis.call("ZCOUNT", KEYS[1], "-inf", "(" .. ARGV[3])
local rank = redis.call("ZRANK", KEYS[1], ARGV[2])
if rank and rank + 1 > start then start = rank + 1 end
local found = {}
for _, id in ipairs(redis.call("ZRANGE", KEYS[1], start, start + tonumber(ARGV[4]) - 1)) do
  found[#found + 1] = id
  found[#found + 1] = redis.call("GET", prefix .. "call:" .. id) or ""
  found[#found + 1] = redis.call("GET", prefix .. "call-contents:" .. id) or ""
end
return found`;

/** KEYS: an index that they are in. ARGV: prefix, installation or "" for any, then ids. Removes these calls. Returns how many. Sums stay. */
export const removeCallsScript = `${indexes}
local prefix = ARGV[1]
local gone = 0
for i = 3, #ARGV do
  local id = ARGV[i]
  local row = redis.call("GET", prefix .. "call:" .. id)
  local _, installation = facts(row or "")
  if row and (ARGV[2] == "" or ARGV[2] == installation) then
    local all, accepted = indexesOf(prefix, row)
    for _, index in ipairs(all) do redis.call("ZREM", index, id) end
    for _, index in ipairs({ accepted, prefix .. "calls-reserved", prefix .. "calls-with-contents" }) do
      redis.call("ZREM", index, id)
    end
    redis.call("DEL", prefix .. "call:" .. id, prefix .. "call-contents:" .. id)
    gone = gone + 1
  end
end
return gone`;

/** KEYS: an index that they are in. ARGV: prefix, then ids. Forgets the contents of these calls; the new revision stops whoever is about to write them back. Returns how many. */
export const forgetContentsScript = `
local prefix = ARGV[1]
local gone = 0
for i = 2, #ARGV do
  local id = ARGV[i]
  redis.call("ZREM", prefix .. "calls-with-contents", id)
  gone = gone + redis.call("DEL", prefix .. "call-contents:" .. id)
  local row = redis.call("GET", prefix .. "call:" .. id)
  if row then
    local revision, rest = string.match(row, "^(%d+)(.*)$")
    redis.call("SET", prefix .. "call:" .. id, string.format("%d", revision + 1) .. rest)
  end
end
return gone`;

// The steps that Redis must do in one go, as Lua. Every key begins with `keyPrefix`, whose braces keep them in one cluster slot.

/** Keys after the prefix: see `redis-store.ts`. */
export const keyPrefix = "{errand}:";

/** KEYS: delivery, item, inbox, items, waiting, installation. ARGV: seconds, item id, entry, mailbox. 1 = accepted. */
export const acceptScript = `
if redis.call("EXISTS", KEYS[1], KEYS[2]) > 0 then return 0 end
redis.call("SET", KEYS[1], "1", "EX", ARGV[1])
redis.call("SET", KEYS[2], "1", "EX", ARGV[1])
if redis.call("HSET", KEYS[4], ARGV[2], ARGV[3]) == 1 then redis.call("RPUSH", KEYS[3], ARGV[2]) end
redis.call("SADD", KEYS[5], ARGV[4])
redis.call("SADD", KEYS[6], ARGV[4])
return 1`;

/**
 * KEYS: turns, turn. ARGV: seconds. One counter for all mailboxes, so that a mailbox forgotten and met again never gives out an old
 * number twice.
 */
export const takeTurnScript = `
local token = redis.call("INCR", KEYS[1])
redis.call("SET", KEYS[2], token, "EX", ARGV[1])
return token`;

/** KEYS: inbox, items. The oldest entry, or nil. */
export const peekScript = `
local id = redis.call("LINDEX", KEYS[1], 0)
if not id then return nil end
return redis.call("HGET", KEYS[2], id)`;

/** KEYS: inbox, items. Every entry, oldest first. */
export const listWaitingScript = `
local ids = redis.call("LRANGE", KEYS[1], 0, -1)
local entries = {}
for _, id in ipairs(ids) do
  local entry = redis.call("HGET", KEYS[2], id)
  if entry then entries[#entries + 1] = entry end
end
return entries`;

/** KEYS: turn, inbox, items, waiting. ARGV: token, item id, mailbox. 0 = the turn was lost. */
export const doneScript = `
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("LREM", KEYS[2], 1, ARGV[2])
redis.call("HDEL", KEYS[3], ARGV[2])
if redis.call("EXISTS", KEYS[2]) == 0 then redis.call("SREM", KEYS[4], ARGV[3]) end
return 1`;

/** KEYS: turn, run, runs, installation. ARGV: token, installation, run, started at, run id, mailbox. 0 = the turn was lost. */
export const saveRunScript = `
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("HSET", KEYS[2], "installation", ARGV[2], "run", ARGV[3])
redis.call("ZADD", KEYS[3], ARGV[4], ARGV[5])
redis.call("SADD", KEYS[4], ARGV[6])
return 1`;

/**
 * KEYS: turn, pull, index of the repository (without phase), installation.
 * ARGV: token, installation, phase, state, pull key, mailbox, repository. 0 = the turn was lost.
 */
export const savePullScript = `
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
local before = redis.call("HGET", KEYS[2], "phase")
if before then redis.call("SREM", KEYS[3] .. before, ARGV[5]) end
redis.call("HSET", KEYS[2], "installation", ARGV[2], "phase", ARGV[3], "state", ARGV[4], "repository", ARGV[7])
redis.call("SADD", KEYS[3] .. ARGV[3], ARGV[5])
redis.call("SADD", KEYS[4], ARGV[6])
return 1`;

/**
 * KEYS: turn, replay, resolutions, their ages, installation.
 * ARGV: token, installation, progress, mailbox, how many to keep, then key, age and text of each resolution. 0 = the turn was lost.
 */
export const saveReplayScript = `
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("HSET", KEYS[2], "installation", ARGV[2], "progress", ARGV[3])
redis.call("SADD", KEYS[5], ARGV[4])
for i = 6, #ARGV, 3 do
  redis.call("HSET", KEYS[3], ARGV[i], ARGV[i + 2])
  redis.call("ZADD", KEYS[4], ARGV[i + 1], ARGV[i])
end
local surplus = redis.call("ZCARD", KEYS[4]) - tonumber(ARGV[5])
if surplus > 0 then
  for _, old in ipairs(redis.call("ZRANGE", KEYS[4], 0, surplus - 1)) do
    redis.call("HDEL", KEYS[3], old)
    redis.call("ZREM", KEYS[4], old)
  end
end
return 1`;

/**
 * KEYS: installation. ARGV: prefix, installation, "1" to keep history, then the repositories (none: all).
 * Entries carry their installation, so that a repository that has moved to another one keeps what it has there.
 */
export const purgeScript = `
local prefix, installation, keep = ARGV[1], ARGV[2], ARGV[3] == "1"
local wanted = {}
for i = 4, #ARGV do wanted[ARGV[i]] = true end
local gone = 0
for _, mailbox in ipairs(redis.call("SMEMBERS", KEYS[1])) do
  local remembering = string.match(mailbox, "^memory:(.*)$")
  local repository = remembering or string.match(mailbox, "^(.*)#%d+$")
  if #ARGV == 3 or (repository and wanted[repository]) then
    local inbox, items = prefix .. "inbox:" .. mailbox, prefix .. "items:" .. mailbox
    for _, id in ipairs(redis.call("LRANGE", inbox, 0, -1)) do
      local entry = redis.call("HGET", items, id)
      if entry and string.match(entry, "^%d+") == installation then
        redis.call("LREM", inbox, 1, id)
        redis.call("HDEL", items, id)
        gone = gone + 1
      end
    end
    if redis.call("EXISTS", inbox) == 0 then redis.call("SREM", prefix .. "waiting", mailbox) end
    if not keep then
      local runs = prefix .. "runs:" .. mailbox
      for _, id in ipairs(redis.call("ZRANGE", runs, 0, -1)) do
        if redis.call("HGET", prefix .. "run:" .. id, "installation") == installation then
          redis.call("DEL", prefix .. "run:" .. id)
          redis.call("ZREM", runs, id)
        end
      end
      local pull = prefix .. "pull:" .. mailbox
      if redis.call("HGET", pull, "installation") == installation then
        local phase = redis.call("HGET", pull, "phase")
        redis.call("SREM", prefix .. "phase:" .. redis.call("HGET", pull, "repository") .. ":" .. phase, mailbox)
        redis.call("DEL", pull)
      end
      if remembering and redis.call("HGET", prefix .. "replay:" .. repository, "installation") == installation then
        for _, kind in ipairs({ "replay:", "resolutions:", "resolution-ages:" }) do redis.call("DEL", prefix .. kind .. repository) end
      end
      if repository then redis.call("DEL", prefix .. "turn:" .. mailbox, prefix .. "turn:memory:" .. repository) end
      redis.call("SREM", KEYS[1], mailbox)
    end
  end
end
return gone`;

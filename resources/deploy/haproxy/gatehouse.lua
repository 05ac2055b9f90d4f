-- Gatehouse for HAProxy 2.6 and newer (built with Lua, as Debian's is): the action `lua.gatehouse`, which asks the
-- enforcement service about a call before HAProxy passes it on. See example.cfg for how it is used.
--
-- It only ever sets the variable txn.gatehouse_allowed. The configuration refuses every call that has not got it, so
-- that neither an error in here nor a service that is away lets anybody in.

-- Where the enforcement service listens (GATEHOUSE_LISTEN). An IP address: names would need a `resolvers` section.
local SERVICE = "http://127.0.0.1:8787"

-- How long the service may take to answer, in milliseconds. HAProxy asks up to four times before it gives up, and
-- 2.6 cannot be told otherwise: a call waits for at most four times this.
local TIMEOUT_MS = 1500

-- Where a key may be (GATEHOUSE_KEY_HEADERS). Nothing else of the call is sent to the service but its
-- user agent, and where example.cfg makes one the fingerprint of its TLS client.
local KEY_HEADERS = { "api-key", "x-api-key", "authorization" }

-- The lines of a header, in their order; nil where there is none.
local function lines(headers, name)
  local found = headers[name]
  if found == nil then return nil end
  local values, index = {}, 0
  while found[index] ~= nil do
    values[#values + 1] = found[index]
    index = index + 1
  end
  return values
end

-- The way that the call came. Headers of callers that are no proxies of one's own have been deleted before. A caller on a
-- Unix socket has no address: the service refuses this one, and tells the administrator.
local function forwarded_for(txn, headers)
  local way = lines(headers, "x-forwarded-for") or {}
  local peer = txn.sf:src()
  way[#way + 1] = (peer == nil or peer == "") and "unix:" or peer
  return table.concat(way, ", ")
end

local function gatehouse(txn)
  local headers = txn.http:req_get_headers()
  local chain = forwarded_for(txn, headers)
  -- The API is told the way that is judged.
  txn.http:req_set_header("x-forwarded-for", chain)
  if txn:get_var("txn.gatehouse_preflight") then
    txn:set_var("txn.gatehouse_allowed", true)
    return
  end

  local question = {
    ["x-forwarded-for"] = { chain },
    ["x-original-method"] = { txn.sf:method() },
    ["x-original-uri"] = { txn.sf:pathq() },
    -- Left out, HAProxy would name itself.
    ["user-agent"] = { table.concat(lines(headers, "user-agent") or {}, ", ") },
  }
  local fingerprint = txn:get_var("txn.gatehouse_fingerprint")
  if fingerprint ~= nil then question["x-gatehouse-fingerprint"] = { fingerprint } end
  for _, name in ipairs(KEY_HEADERS) do
    question[name] = lines(headers, name)
  end

  local answer = core.httpclient():get({
    url = SERVICE .. "/v1/check",
    headers = question,
    timeout = TIMEOUT_MS,
  })
  if answer == nil then return end

  local function said(name)
    local values = answer.headers and answer.headers[name]
    return values and values[0]
  end
  if answer.status == 200 and said("x-gatehouse-verdict") == "allowed" then
    -- The API is told the id of the key.
    local key = said("x-gatehouse-key")
    if key ~= nil then txn.http:req_set_header("x-gatehouse-key", key) end
    txn:set_var("txn.gatehouse_allowed", true)
    return
  end
  -- 401 blocked, 400 a chain that cannot be read: the caller gets the service's own words.
  if (answer.status == 401 or answer.status == 400) and said("x-gatehouse-verdict") == "blocked" then
    local reply = txn:reply({ status = answer.status, body = answer.body })
    reply:add_header("content-type", "application/json")
    reply:add_header("cache-control", "no-store")
    txn:done(reply)
  end
end

core.register_action("gatehouse", { "http-req" }, gatehouse, 0)

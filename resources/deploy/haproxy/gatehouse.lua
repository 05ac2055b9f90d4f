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

-- Where a key may be (GATEHOUSE_KEY_HEADERS). Nothing else of the call is sent to the service but its user agent.
local KEY_HEADERS = { "api-key", "x-api-key", "authorization" }

-- All lines of a header as one, as they are read by whoever gets them; nil where there is none.
local function header(headers, name)
  local lines = headers[name]
  if lines == nil then return nil end
  local values, index = {}, 0
  while lines[index] ~= nil do
    values[#values + 1] = lines[index]
    index = index + 1
  end
  return table.concat(values, ", ")
end

-- The way that the call came. Headers of callers that are no proxies of one's own have been deleted before.
local function forwarded_for(txn, headers)
  local before = header(headers, "x-forwarded-for")
  local peer = txn.sf:src()
  if before == nil or before == "" then return peer end
  return before .. ", " .. peer
end

local function gatehouse(txn)
  local headers = txn.http:req_get_headers()
  local chain = forwarded_for(txn, headers)
  local question = {
    ["x-forwarded-for"] = { chain },
    ["x-original-method"] = { txn.sf:method() },
    ["x-original-uri"] = { txn.sf:pathq() },
  }
  for _, name in ipairs(KEY_HEADERS) do
    local value = header(headers, name)
    if value ~= nil then question[name] = { value } end
  end
  local agent = header(headers, "user-agent")
  -- Left out, HAProxy would name itself.
  question["user-agent"] = { agent or "" }

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
    -- The API is told the way that was judged, and the id of the key.
    txn.http:req_set_header("x-forwarded-for", chain)
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

"""Launch, wait, read the results: Lua with LuaSocket, a reader of JSON included."""

from __future__ import annotations

from playground.payload.show.snippets import lua
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
-- «remark»
local http = require("«module»")
local ltn12 = require("ltn12")
local socket = require("socket")

local BASE_URL = "«base_url»"
local FINAL = {«final»}
local SUCCESS = {«success»}
«payload»

local function has(list, wanted)
  for _, one in ipairs(list) do
    if one == wanted then return true end
  end
  return false
end

-- The parts of an object or an array as they are written; names and values by turns.
local function parts(json)
  local found, depth, begin, at = {}, 0, 1, 1
  while true do
    at = json:find('["%[%]{},:]', at)
    if not at then return found end
    local sign = json:sub(at, at)
    if sign == '"' then
      repeat
        at = json:find('["\\]', at + 1)
        local is_escape = json:sub(at, at) == "\\"
        if is_escape then at = at + 1 end
      until not is_escape
    elseif sign == "{" or sign == "[" then
      depth = depth + 1
      if depth == 1 then begin = at + 1 end
    else
      if sign == "}" or sign == "]" then depth = depth - 1 end
      if depth == 0 or (depth == 1 and (sign == "," or sign == ":")) then
        local part = json:sub(begin, at - 1):match("^%s*(.-)%s*$")
        if part ~= "" then found[#found + 1] = part end
        begin = at + 1
      end
    end
    at = at + 1
  end
end

local MEANT = {b = "\b", f = "\f", n = "\n", r = "\r", t = "\t"}

local function text(part)
  if not part or part == "null" then return "" end
  if part:sub(1, 1) ~= '"' then return part end
  local halves = "\\u([dD][89abAB]%x%x)\\u([dD][c-fC-F]%x%x)"
  part = part:sub(2, -2):gsub("\\\\", "\\u005c"):gsub(halves, function(high, low)
    local code = (tonumber(high, 16) - 0xd800) * 0x400 + tonumber(low, 16) - 0xdc00
    return utf8.char(0x10000 + code)
  end)
  part = part:gsub("\\([^u])", function(code) return MEANT[code] or code end)
  return (part:gsub("\\u(%x%x%x%x)", function(code)
    local number = tonumber(code, 16)
    return utf8.char(number // 0x800 == 0x1b and 0xfffd or number)
  end))
end

local function members(json)
  local found, names, all = {}, {}, parts(json or "")
  for at = 1, #all, 2 do
    local name = text(all[at])
    names[#names + 1] = name
    found[name] = all[at + 1]
  end
  return found, names
end

local function call(method, url, body)
  while true do
    local answer = {}
    local done, status, headers = http.request({
      method = method,
      url = url,
      headers = {
        ["«auth»"] = "«scheme»" .. os.getenv("«key»"),
        ["«project_header»"] = os.getenv("«project»"),
        ["Content-Type"] = "application/json",
        ["Content-Length"] = #body,
      },
      source = ltn12.source.string(body),
      sink = ltn12.sink.table(answer),«checked»
    })
    local got = table.concat(answer)
    if done and status < 400 then return members(got) end
    if not done or status ~= 429 then
      io.stderr:write(status, ": ", got, "\n")
      os.exit(1)
    end
    local wait = tonumber((headers["retry-after"] or ""):match("^[1-9]%d*$")) or 10
    socket.sleep(math.min(wait, 3600))
  end
end

local function line(cells)
  for at, cell in ipairs(cells) do
    if cell:find('[",\r\n]') then cells[at] = '"' .. cell:gsub('"', '""') .. '"' end
  end
  return table.concat(cells, ",") .. "\r\n"
end

local launched = call("«method»", "«url»", payload)
local job = BASE_URL .. "/jobs/" .. text(launched.job_uid)
local status, pause = "", 1
while not has(FINAL, status) do
  socket.sleep(pause)
  pause = math.min(pause * 2, 30)
  status = text(call("GET", job, "").status)
  print(status)
end

local rows, columns, known, page, has_next = {}, {}, {}, 1, true
while has_next do
  local answer = call("GET", job .. "/results?page=" .. page, "")
  for _, part in ipairs(parts(answer.results or "")) do
    local row, names = members(part)
    rows[#rows + 1] = row
    for _, name in ipairs(names) do
      if not known[name] then columns[#columns + 1] = name end
      known[name] = true
    end
  end
  has_next = members(answer.paging).have_next_page == "true"
  page = page + 1
end

local file = assert(io.open("results.csv", "wb"))
file:write(line({table.unpack(columns)}))
for _, row in ipairs(rows) do
  local cells = {}
  for at, name in ipairs(columns) do cells[at] = text(row[name]) end
  file:write(line(cells))
end
file:close()
print(#rows .. " rows in results.csv")
os.exit(has(SUCCESS, status) and 0 or 1)
"""


def write(call: Call) -> str:
    return fill(_TEMPLATE, call, payload=lua.payload(call), **lua.library(call, " " * 6))


TARGET = Target(
    name="lua-follow",
    language="Lua",
    title="LuaSocket (Lua 5.3): launch, wait, results",
    file_name="follow.lua",
    write=write,
    needs="luasocket, luasec",
    flavour="follow",
)

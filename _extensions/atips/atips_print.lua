-- What is made for print: Typst's tables, grids and what stays together on a page; and what a table
-- is made of, for both outputs. A message between "ATIPS:" and ":END" is for the author.
local in_print = {}
local stringify = pandoc.utils.stringify

function in_print.fail(text) error("ATIPS:" .. text .. ":END", 0) end
function in_print.quoted(text) return '"' .. text:gsub('[\\"]', "\\%0") .. '"' end

local function raw(text) return pandoc.RawBlock("typst", text) end
local function to_typst(blocks)
  return pandoc.write(pandoc.Pandoc(blocks), "typst", { wrap_text = "none" })
end
in_print.to_typst = to_typst

-- A list whose items open with a number in bold; each becomes a cell of a grid.
function in_print.key_figures(d)
  local list = d.content[1]
  if not list or list.t ~= "BulletList" then in_print.fail(".key-figures holds one list; write - **18** cases") end
  local blocks = pandoc.Blocks({ raw("#key-figures(") })
  for _, item in ipairs(list.content) do
    blocks:insert(raw("["))
    blocks:extend(item)
    blocks:insert(raw("],"))
  end
  blocks:insert(raw(")"))
  return blocks
end

function in_print.mathematics(math)
  local formula = to_typst({ pandoc.Plain(math) }):gsub("%s+$", "")
  return pandoc.RawInline("typst", "#math.equation(alt: " .. in_print.quoted(math.text) ..
    ", block: " .. tostring(math.mathtype == "DisplayMath") .. ", " .. formula .. ")")
end

-- Tables --------------------------------------------------------------------------------------

function in_print.rows_of(tbl)
  local head, body = tbl.head.rows, pandoc.List()
  for _, part in ipairs(tbl.bodies) do body:extend(part.body) end
  return head, body
end

local function is_number(text)
  return text == "" or text:match("^[%d%s.,<>%%()–−+*/:-]+$") ~= nil or utf8.len(text) <= 2
end

-- Columns of plain numbers stand right-aligned where the author said nothing; the first one, of
-- years perhaps, heads its rows.
function in_print.align_numbers(tbl, head, body)
  for column, spec in ipairs(tbl.colspecs) do
    local title = head[1] and head[1].cells[column] and stringify(head[1].cells[column].contents)
    local numbers, digits = column > 1 and spec[1] == "AlignDefault", title and title:match("^%d+$") ~= nil
    for _, row in ipairs(body) do
      local text = row.cells[column] and stringify(row.cells[column].contents) or ""
      numbers = numbers and is_number(text)
      digits = digits or text:match("%d") ~= nil
    end
    if numbers and digits then tbl.colspecs[column] = { "AlignRight", nil } end
  end
end

local function longest_word(text)
  local longest = 0
  for word in text:gmatch("[^%s-]+") do longest = math.max(longest, utf8.len(word) or #word) end
  return longest
end

local function cell_text(row, column)
  return row.cells[column] and stringify(row.cells[column].contents) or ""
end

-- What the widest word of a text takes, in em of a table's type: capitals are wider.
local function widest_word(text)
  local widest = 0
  for word in text:gmatch("[^%s-]+") do
    local letters, _, capitals = utf8.len(word) or #word, word:gsub("%u", "")
    if letters < 24 then widest = math.max(widest, 0.54 * letters + 0.1 * capitals) end -- longer ones break
  end
  return widest
end

-- What a column needs, in characters: of a header the longest word, of the rows all; and in em what
-- no column may be narrower than, or words are printed over the next one.
local function needs_of(tbl, head, body)
  local needs = {}
  for column, spec in ipairs(tbl.colspecs) do
    local most, word = 3, 0
    for _, row in ipairs(head) do
      local text = cell_text(row, column)
      word = math.max(word, widest_word(text))
      most = math.max(most, longest_word(text), math.min(utf8.len(text), 11))
    end
    local least = most
    for _, row in ipairs(body) do
      local text = cell_text(row, column)
      word = math.max(word, widest_word(text))
      least = math.max(least, longest_word(text))
      most = math.max(most, utf8.len(text))
    end
    needs[column] = { least = least, most = most, text = spec[1] ~= "AlignRight", word = word + 1.3 }
  end
  return needs
end

-- About how many lines the rows take, each column as wide as `width` says (in em).
local function lines_of(body, width)
  local lines = 0
  for _, row in ipairs(body) do
    local most = 1
    for column = 1, #row.cells do
      local letters = utf8.len(cell_text(row, column)) or 0
      most = math.max(most, math.ceil(0.48 * letters / math.max(width(column) - 1.3, 1)))
    end
    lines = lines + most
  end
  return lines
end

-- Typst column widths: narrow columns as wide as what they hold, the others share the rest.
-- A line holds 50 em of a table's type; with more to hold, the type gets smaller.
local function typst_columns(tbl, head, body)
  local needs = needs_of(tbl, head, body)
  local widest = 1
  for column, need in ipairs(needs) do
    if need.most > needs[widest].most then widest = column end
  end
  local fixed, flowing = 0, 0
  for column, need in ipairs(needs) do
    need.flows = column == widest or need.most > 16 or (#needs <= 3 and need.text)
    if need.flows then
      flowing = flowing + 0.52 * math.max(need.least, math.min(need.most, column == widest and 28 or 16)) + 1.3
    else
      fixed = fixed + 0.52 * need.most + 1.3
    end
  end
  local room = fixed + flowing
  local widths = {}
  -- Nothing but short cells, or too much for any type: every column gets its share of the line.
  local shared = needs[widest].most <= 16 or room > 62
  local size = room <= 50 and "9pt" or room <= 56 and "8pt" or "7.3pt"
  local rest = room <= 50 and 50 or room <= 56 and 56 or 62
  local shares, whole = {}, 0
  for column, need in ipairs(needs) do
    if need.flows or shared then
      shares[column] = math.max(math.min(need.most, 120), 12) ^ 0.6 + need.least * 0.1
      if shared then shares[column] = 0.52 * math.min(need.most, 30) + 1.3 end
      whole = whole + shares[column]
    else
      local width = 0.52 * need.most + 1.3
      widths[column] = string.format("%.1fem", width)
      rest = rest - width
    end
  end
  -- A share that is narrower than the widest word of its column gives way to that word, where the
  -- line has room for all of them.
  local narrow, needed = false, 0
  for column in pairs(shares) do needed = needed + needs[column].word end
  repeat
    narrow = false
    for column, need in ipairs(needs) do
      local share = shares[column]
      if needed <= rest and share and share < whole and rest * share / whole < need.word then
        widths[column], shares[column] = string.format("%.1fem", need.word), nil
        whole, rest, needed, narrow = whole - share, rest - need.word, needed - need.word, true
      end
    end
  until not narrow
  local lines = lines_of(body, function(column)
    local own = tonumber((widths[column] or ""):match("^[%d.]+"))
    return own or rest * shares[column] / whole
  end)
  for column, share in pairs(shares) do widths[column] = string.format("%.1ffr", share) end
  return "columns: (" .. table.concat(widths, ", ") .. ",)", size, lines
end

local function with_columns(tbl, columns)
  local text = to_typst({ tbl }):gsub("columns: %b()", columns, 1):gsub("columns: %d+", columns, 1)
  text = text:gsub("align: (%b())", function(list)
    return "align: column-alignment" .. list:gsub("auto", "start")
  end, 1)
  if stringify(tbl.caption.long):match("%S") then return text end
  return (text:gsub("#figure%(", "#plain-table(", 1))
end

-- A table of so many rows is not broken over pages, unless it has several rows of many lines, which
-- would leave much of a page blank.
local SHORT = 11
local FEW, LINES = 6, 15
local rows_in = {}

-- The last two rows of a long table as its foot, which is not parted: no page opens with one row.
local function with_foot(tbl)
  local part = tbl.bodies[#tbl.bodies]
  if #tbl.foot.rows > 0 or #part.body < 3 then return tbl end
  tbl = tbl:clone()
  part = tbl.bodies[#tbl.bodies]
  local rows = part.body
  tbl.foot.rows = { rows[#rows - 1], rows[#rows] }
  for _ = 1, 2 do rows:remove() end
  part.body = rows
  tbl.bodies[#tbl.bodies] = part
  return tbl
end

function in_print.set_table(tbl, head, body)
  local columns, size, lines = typst_columns(tbl, head, body)
  local short = #body <= FEW or (#body <= SHORT and lines <= LINES)
  local text = with_columns(short and tbl or with_foot(tbl), columns)
  text = text:gsub("table%.footer%(", "table.footer(repeat: false, ")
  rows_in[text] = #body
  local blocks = pandoc.Blocks({ raw(text) })
  if short then
    blocks:insert(1, raw("#kept["))
    blocks:insert(raw("]"))
  end
  if size ~= "9pt" then
    blocks:insert(1, raw("#table-size.update(" .. size .. ")"))
    blocks:insert(raw("#table-size.update(9pt)"))
  end
  return blocks
end

-- What stays together in print ------------------------------------------------------------------

-- Where the call that `open` begins ends, counted in calls inside it.
local function closing(blocks, open)
  local depth = 0
  for index = open, #blocks do
    local text = blocks[index].t == "RawBlock" and blocks[index].text or ""
    if text:match("^#[%w-]+%b()%[$") or text:match("^#[%w-]+%[$") then depth = depth + 1 end
    if text == "]" then depth = depth - 1 end
    if depth == 0 then return index end
  end
end

local function is_raw(block, pattern)
  return block ~= nil and block.t == "RawBlock" and block.text:match(pattern) ~= nil
end

-- A long table's last row and its source line stay on one page; a short table sticks to its source
-- line, and to nothing else.
local function keep_sources(blocks)
  local index = 1
  while index <= #blocks do
    local block = blocks[index]
    if is_raw(block, "^#kept%[$") then
      local last = closing(blocks, index)
      local after = last and blocks[last + 1]
      if is_raw(after, "^#table%-size") then after = blocks[last + 2] end
      if not is_raw(after, "^#source%-note%[$") then block.text = "#whole[" end
      index = last or index
    elseif block.t == "RawBlock" and rows_in[block.text] and is_raw(block, "^#figure%(") then
      local open = index + 1
      if is_raw(blocks[open], "^#table%-size") then open = open + 1 end
      local last = is_raw(blocks[open], "^#source%-note%[$") and closing(blocks, open)
      if last then
        blocks[open].text = "]["
        blocks:insert(index, raw("#sourced(" .. rows_in[block.text] .. ")["))
        index = last + 1
      end
    end
    index = index + 1
  end
  return blocks
end

-- A paragraph that stands on the page of what follows it, where `joins` says so of the two.
local function keep_with_next(blocks, call, joins)
  local index = 1
  while index < #blocks do
    if blocks[index].t == "Para" and joins(blocks[index], blocks[index + 1]) then
      blocks:insert(index, raw("#" .. call .. "["))
      blocks:insert(index + 2, raw("]"))
      index = index + 2
    end
    index = index + 1
  end
  return blocks
end

-- A line in bold that heads a list or an example is not left behind at the foot of a page.
local function heads(block, following)
  return block.content[1].t == "Strong" and
    (following.t == "BulletList" or following.t == "CodeBlock")
end

local function opens_figure(block)
  if block == nil then return false end
  if block.t == "Div" then return opens_figure(block.content[1]) end
  return is_raw(block, "^#figure%(%[$")
end

-- The paragraph that a figure illustrates, or that says what is to be typed, stands on its page.
local function tells(_, following)
  return opens_figure(following) or following.t == "CodeBlock"
end

in_print.keep_together = { Blocks = function(blocks)
  return keep_with_next(keep_with_next(keep_sources(blocks), "heads", heads), "told", tells)
end }

-- The numbers behind figures ------------------------------------------------------------------

-- Its first column takes what the others leave.
function in_print.narrow_table(tbl)
  local columns = { "1fr" }
  for _ = 2, #tbl.colspecs do table.insert(columns, "auto") end
  return with_columns(tbl, "columns: (" .. table.concat(columns, ", ") .. ",)")
end

return in_print

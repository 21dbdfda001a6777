-- The embedded renderer's filter, run once for each writer (html5, typst) on the same tree.
-- It reads the syntax that Quarto reads: numbers figures, tables and sections, resolves @fig-,
-- @tbl- and @sec-, sets callouts, and makes what one of the writers leaves out. What cannot be
-- shown in both outputs stops it. What shared.lua defines stands before it.
local words, targets, counts = {}, {}, { fig = 0, tbl = 0, sec = { 0, 0, 0 } }
local kinds = { fig = "figure", tbl = "table", sec = "section" }

local function register(id, kind, number, title)
  if id:match("^" .. kind .. "%-") == nil then
    fail(words[kind .. "_needs_id"] or ("a captioned " .. kinds[kind] .. " (" .. title ..
      ") has no identifier; write {#" .. kind .. "-name} behind its caption"))
  end
  if targets[id] then fail("@" .. id .. " stands for two things; rename one") end
  targets[id] = { kind = kind, number = number, title = title }
end

local function label(kind, number)
  return pandoc.Span(pandoc.Strong(words[kinds[kind]] .. " " .. number .. "."), { class = "label" })
end

local level_before = 0
local function header(h)
  if h.level > level_before + 1 then
    fail("heading “" .. stringify(h) .. "” skips a level; use " .. ("#"):rep(level_before + 1))
  end
  level_before = h.level
  local numbered = h.level <= 3 and not h.classes:includes("unnumbered")
  local number = nil
  if numbered then
    counts.sec[h.level] = counts.sec[h.level] + 1
    for deeper = h.level + 1, 3 do counts.sec[deeper] = 0 end
    number = table.concat(counts.sec, ".", 1, h.level)
  end
  if h.identifier:match("^sec%-") then register(h.identifier, "sec", number, stringify(h)) end
  if typst then return h end
  h.level = h.level + 1
  if number then
    h.content:insert(1, pandoc.Space())
    h.content:insert(1, pandoc.Span(number, { class = "number" }))
  end
  return h
end

local function image(img)
  local alt = img.attributes["fig-alt"]
  if not alt or alt:match("^%s*$") then
    fail("picture " .. img.src .. " has no alternative text; write {fig-alt=\"…\"} behind it")
  end
  if not typst then
    img.attributes["fig-alt"], img.caption = nil, { pandoc.Str(alt) }
    return img
  end
  local width = img.attributes.width and (", width: " .. img.attributes.width) or ""
  return pandoc.RawInline("typst",
    "#image(" .. quoted(img.src) .. ", alt: " .. quoted(alt) .. width .. ")")
end

local function figure(fig)
  counts.fig = counts.fig + 1
  local title = stringify(fig.caption.long)
  register(fig.identifier, "fig", counts.fig, title)
  if not typst then
    fig.caption.long[1].content:insert(1, pandoc.Space())
    fig.caption.long[1].content:insert(1, label("fig", counts.fig))
    fig.content = { pandoc.Div(fig.content, { class = "figure-scroll" }) }
  end
  return fig
end

local function callout(div, kind)
  local title = pandoc.Inlines(div.attributes.title or words[kind] or words.note)
  if div.content[1] and div.content[1].t == "Header" then
    title = div.content[1].content
    div.content:remove(1)
  end
  if typst then
    div.content:insert(1, raw("#notice(" .. quoted(kind) .. ", [" ..
      to_typst({ pandoc.Plain(title) }) .. "])["))
    div.content:insert(raw("]"))
    return div.content
  end
  div.content:insert(1, pandoc.Div(pandoc.Plain(title), { class = "callout-title" }))
  return pandoc.Div(div.content, pandoc.Attr("", { "callout", "callout-" .. kind }, { { "role", "note" } }))
end

local function div(d)
  for _, class in ipairs(d.classes) do
    if class == "callout" then return nil end -- already made
    local kind = class:match("^callout%-(%a+)$")
    if kind == "note" or kind == "warning" then return callout(d, kind) end
    if kind and kind ~= "title" then fail(".callout-" .. kind .. " is not known; use -note or -warning") end
    if class == "key-figures" then return key_figures(d) end
    if class == "page-break" then
      return typst and raw("#pagebreak(weak: true)") or raw('<div class="page-break"></div>')
    end
    if class == "content-visible" then
      local wanted = d.attributes["when-format"] == "html"
      return wanted == not typst and d.content or {}
    end
    if typst and boxes[class] then
      d.content:insert(1, raw("#" .. boxes[class] .. "["))
      d.content:insert(raw("]"))
      return d.content
    end
  end
end

local function raw_markup(element)
  if element.format == "html" and element.text:match("^%s*<!%-%-") then return {} end
  if element.format:match("html") or element.format:match("tex") then
    fail("“" .. element.text:sub(1, 40) .. "” is " .. element.format ..
      " markup, which one of the outputs would lose; write Markdown")
  end
end

local function reference(cite)
  local parts = pandoc.Inlines({})
  for index, citation in ipairs(cite.citations) do
    local target = targets[citation.id]
    if not target then
      fail("@" .. citation.id .. " refers to nothing in this report; check the identifier, " ..
        "or write \\@ where no reference is meant")
    end
    local bare = citation.mode == "SuppressAuthor" or not target.number
    if index > 1 then parts:extend({ pandoc.Str(","), pandoc.Space() }) end
    if typst and target.number then
      parts:insert(pandoc.RawInline("typst",
        "#ref(<" .. citation.id .. ">" .. (bare and ", supplement: none" or "") .. ")"))
    else
      local shown = target.number or target.title
      if not bare then shown = words[kinds[target.kind]] .. "\u{a0}" .. target.number end
      parts:insert(pandoc.Link(shown, "#" .. citation.id, "", { class = "reference" }))
    end
  end
  return parts
end

-- Tables --------------------------------------------------------------------------------------

local function html_table(tbl, number)
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do
      if not stringify(cell.contents):match("%S") then -- a header says something to everybody
        cell.contents = { pandoc.Plain(pandoc.Span(words.row_head, { class = "visually-hidden" })) }
      end
      cell.attributes.scope = "col"
    end
  end
  for _, part in ipairs(tbl.bodies) do
    if tbl.colspecs[1][1] ~= "AlignRight" then
      part.row_head_columns = 1
      for _, row in ipairs(part.body) do row.cells[1].attributes.scope = "row" end
    end
    for _, row in ipairs(part.body) do
      for _, cell in ipairs(row.cells) do -- the two ends of an interval stand on one line
        if stringify(cell.contents):match("^[%d.,]+ %a+ [%d.,]+$") then cell.classes:insert("as-one") end
      end
    end
  end
  -- Attributes as lists: the order of a Lua table's keys differs from run to run.
  local function box(name, value)
    return pandoc.Attr("", { "table-scroll" }, { { "tabindex", "0" }, { "role", "region" }, { name, value } })
  end
  if not number then
    counts.bare = (counts.bare or 0) + 1 -- regions need names of their own
    return pandoc.Div({ tbl }, box("aria-label", words.scroll_table .. " (" .. counts.bare .. ")"))
  end
  local caption, id = tbl.caption.long, tbl.identifier
  caption[1].content:insert(1, pandoc.Space())
  caption[1].content:insert(1, label("tbl", number))
  tbl.caption, tbl.identifier = pandoc.Caption(), ""
  tbl.attributes["aria-labelledby"] = id .. "-caption"
  return pandoc.Div({
    pandoc.Div(caption, { id = id .. "-caption", class = "table-caption" }),
    pandoc.Div({ tbl }, box("aria-labelledby", id .. "-caption")),
  }, { id = id, class = "table-figure" })
end

-- Names of columns and codes may break after a low line.
local function breakable(text)
  local parts = pandoc.Inlines({})
  for piece, mark in text.text:gmatch("([^_]*)(_?)") do
    if piece .. mark ~= "" then parts:insert(pandoc.Str(piece .. mark)) end
    if mark ~= "" then parts:insert(pandoc.RawInline("html", "<wbr>")) end
  end
  return parts
end

local numbers_of_tables = {}
local function number_table(tbl)
  if not stringify(tbl.caption.long):match("%S") then return nil end
  counts.tbl = counts.tbl + 1
  register(tbl.identifier, "tbl", counts.tbl, stringify(tbl.caption.long))
  numbers_of_tables[tbl.identifier] = counts.tbl
end

local function set_table(tbl)
  local head, body = rows_of(tbl)
  align_numbers(tbl, head, body)
  if typst then return typst_table(tbl, head, body) end
  tbl = tbl:walk({ Str = function(text) return text.text:find("_", 1, true) and breakable(text) or nil end })
  return html_table(tbl, numbers_of_tables[tbl.identifier])
end

-- The numbers behind figures ------------------------------------------------------------------
-- `::: {.figure-data for=fig-x}` holds a table: folded away below its figure on a page, collected
-- where `::: {.figure-tables}` stands in print, or left where it is when that stands nowhere.

local collected, collects = {}, false

local function figure_data(d)
  if not d.classes:includes("figure-data") then return nil end
  local id = d.attributes["for"]
  local target = targets[id]
  if not target then fail("the numbers of @" .. tostring(id) .. " have no figure; correct for=") end
  if not typst then
    local label = words.figure .. "\u{a0}" .. target.number
    d = d:walk({ Div = function(box)
      if not box.classes:includes("table-scroll") then return nil end
      box.attributes["aria-label"] = words.figure_data .. " – " .. label
      return box
    end })
    local blocks = pandoc.Blocks({ pandoc.RawBlock("html", '<details class="figure-data"><summary>' ..
      words.figure_data .. '<span class="visually-hidden"> – ' .. label .. "</span></summary>") })
    blocks:extend(d.content)
    blocks:insert(pandoc.RawBlock("html", "</details>"))
    return blocks, false
  end
  local blocks = pandoc.Blocks({ raw("#figure-numbers(<" .. id .. ">, " .. quoted(target.title) .. ")[") })
  for _, block in ipairs(d.content) do
    if block.t == "Table" then
      local head, body = rows_of(block)
      align_numbers(block, head, body)
      block = raw((narrow_table(block)))
    end
    blocks:insert(block)
  end
  blocks:insert(raw("]"))
  if not collects then return blocks, false end
  for _, block in ipairs(blocks) do table.insert(collected, block) end
  return {}, false
end

local function figure_tables(d)
  if not d.classes:includes("figure-tables") then return nil end
  if not typst or #collected == 0 then return {} end
  local blocks = pandoc.Blocks({ raw("#figure-annex[") })
  blocks:extend(collected)
  blocks:insert(raw("]"))
  return blocks
end

function Pandoc(doc)
  for key, value in pairs(doc.meta.words or {}) do words[key] = stringify(value) end
  doc.meta.words = nil
  doc:walk({ Div = function(d) collects = collects or d.classes:includes("figure-tables") end })
  doc = doc
    :walk({ traverse = "topdown", Div = div })
    :walk({ traverse = "topdown", Header = header, Figure = figure, Table = number_table })
    :walk({ Image = image, RawBlock = function(e) return e.format ~= "typst" and not
      e.text:match('^<div class="page%-break">') and raw_markup(e) or nil end,
      RawInline = function(e) return e.format ~= "typst" and raw_markup(e) or nil end,
      Cite = reference, Math = mathematics })
  local data = { traverse = "topdown", Div = figure_data }
  local place = { traverse = "topdown", Div = figure_tables }
  local tables = { Table = set_table }
  if typst then return doc:walk(data):walk(place):walk(tables):walk(keep_together) end
  return doc:walk(tables):walk(data):walk(place)
end

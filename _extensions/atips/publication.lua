-- The filter of both renderers, run once for each writer (html, typst): by Quarto before its own
-- filters (`at: pre-ast`), by the embedded renderer with the same Pandoc. It numbers figures,
-- tables and sections, resolves @fig-, @tbl- and @sec-, sets callouts, and makes what one of the
-- writers leaves out, so that Quarto finds nothing of its own to number or to name: the words and
-- numbers of a page are the same whoever makes it. What cannot be shown in both outputs stops it.
local in_print = require("atips_print")
local mark = require("atips_mark")
local fail, quoted, to_typst = in_print.fail, in_print.quoted, in_print.to_typst
local rows_of, align_numbers = in_print.rows_of, in_print.align_numbers
local stringify = pandoc.utils.stringify
local typst = FORMAT:match("^typst") ~= nil
local function raw(text) return pandoc.RawBlock(typst and "typst" or "html", text) end
local function escaped(text)
  return (text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;"):gsub('"', "&quot;"))
end

local boxes = { source = "source-note", restated = "small-print", small = "small-print", lead = "lead" }
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

local function caption_of(blocks, kind, number)
  blocks[1].content:insert(1, pandoc.Space())
  blocks[1].content:insert(1, label(kind, number))
  return blocks
end

-- Figures, tables and callouts are written around their content, not as elements of Pandoc's:
-- Quarto would take those for its own, number them and give them words of its own.
local function around(opening, content, closing)
  local blocks = pandoc.Blocks({ raw(opening) })
  blocks:extend(content)
  blocks:insert(raw(closing))
  return blocks
end

local function number_figure(fig)
  counts.fig = counts.fig + 1
  register(fig.identifier, "fig", counts.fig, stringify(fig.caption.long))
end

local function set_figure(fig)
  local caption, id = fig.caption.long, fig.identifier
  if typst then
    return around("#figure([", fig.content, "], kind: image, caption: [" ..
      to_typst(caption):gsub("%s+$", "") .. "]) <" .. id .. ">")
  end
  local blocks = pandoc.Blocks({ pandoc.Div(fig.content, { class = "figure-scroll" }) })
  caption_of(caption, "fig", targets[id].number)
  blocks:extend(around("<figcaption>", caption, "</figcaption>"))
  return around('<figure id="' .. id .. '">', blocks, "</figure>")
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
  return around('<div class="callout callout-' .. kind .. '" role="note">', div.content, "</div>")
end

local function div(d)
  for _, class in ipairs(d.classes) do
    local kind = class:match("^callout%-(%a+)$")
    if kind == "note" or kind == "warning" then return callout(d, kind) end
    if kind and kind ~= "title" then fail(".callout-" .. kind .. " is not known; use -note or -warning") end
    if class == "key-figures" and typst then return in_print.key_figures(d) end
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

-- The longest word or words in the first column: of a code list it is short.
local function longest_head(tbl)
  local longest = 0
  for _, part in ipairs(tbl.bodies) do
    for _, row in ipairs(part.body) do
      longest = math.max(longest, utf8.len(stringify(row.cells[1].contents)) or 99)
    end
  end
  return longest
end

-- A table with words in two columns or more, beside which numbers are out of sight on a phone.
local function is_wordy(tbl)
  local numbers = 0
  for _, spec in ipairs(tbl.colspecs) do
    if spec[1] == "AlignRight" then numbers = numbers + 1 end
  end
  return #tbl.colspecs > 2 and #tbl.colspecs - numbers > 1
end

-- On a phone its rows stand as blocks: each cell says its column, and what it is to who listens.
local function stack(tbl, heads_rows)
  tbl.classes:insert("stacked")
  tbl.attributes.role = "table"
  local columns = {}
  local function take(part, rows, first, others)
    part.attr.attributes.role = "rowgroup"
    for _, row in ipairs(rows) do
      row.attr.attributes.role = "row"
      for at, cell in ipairs(row.cells) do
        cell.attributes.role = at == 1 and first or others
        if columns[at] then cell.attributes["data-head"] = columns[at] end
      end
    end
  end
  take(tbl.head, tbl.head.rows, "columnheader", "columnheader")
  for at, cell in ipairs(tbl.head.rows[1].cells) do columns[at] = stringify(cell.contents) end
  for _, part in ipairs(tbl.bodies) do take(part, part.body, heads_rows and "rowheader" or "cell", "cell") end
end

local function html_table(tbl, number)
  if longest_head(tbl) <= 14 then tbl.classes:insert("short-heads") end
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do
      if not stringify(cell.contents):match("%S") then -- a header says something to everybody
        cell.contents = { pandoc.Plain(pandoc.Span(words.row_head, { class = "visually-hidden" })) }
      end
      cell.attributes.scope = "col"
    end
  end
  local heads_rows = tbl.colspecs[1][1] ~= "AlignRight"
  for _, part in ipairs(tbl.bodies) do -- a blank cell heads nothing
    for _, row in ipairs(part.body) do
      heads_rows = heads_rows and stringify(row.cells[1].contents):match("%S") ~= nil
    end
  end
  if is_wordy(tbl) then stack(tbl, heads_rows) end
  for _, part in ipairs(tbl.bodies) do
    if heads_rows then
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
  local caption, id = caption_of(tbl.caption.long, "tbl", number), tbl.identifier
  tbl.caption, tbl.identifier = pandoc.Caption(), ""
  tbl.attributes["aria-labelledby"] = id .. "-caption"
  local blocks = around('<div class="table-caption" id="' .. id .. '-caption">', caption, "</div>")
  blocks:insert(pandoc.Div({ tbl }, box("aria-labelledby", id .. "-caption")))
  return around('<div class="table-figure" id="' .. id .. '">', blocks, "</div>")
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

-- Quarto's reader leaves `{#tbl-name}` in the caption as text; so that there is one way, ours does.
local function take_identifier(tbl)
  local last = tbl.caption.long[#tbl.caption.long]
  if tbl.identifier ~= "" or not last then return end
  local id = last.content[#last.content] and stringify(last.content[#last.content]):match("^{#([%w_-]+)}$")
  if not id then return end
  last.content:remove()
  if last.content[#last.content] and last.content[#last.content].t:match("Space$") or
    last.content[#last.content] and last.content[#last.content].t == "SoftBreak" then
    last.content:remove()
  end
  tbl.identifier = id
end

local numbers_of_tables = {}
local function number_table(tbl)
  take_identifier(tbl)
  if not stringify(tbl.caption.long):match("%S") then return nil end
  counts.tbl = counts.tbl + 1
  register(tbl.identifier, "tbl", counts.tbl, stringify(tbl.caption.long))
  numbers_of_tables[tbl.identifier] = counts.tbl
  return tbl
end

local function set_table(tbl)
  local head, body = rows_of(tbl)
  align_numbers(tbl, head, body)
  -- Quarto's reader gives columns of long lines shares of the width; the page's style sets them
  for at, spec in ipairs(tbl.colspecs) do tbl.colspecs[at] = { spec[1] } end
  if typst then return in_print.set_table(tbl, head, body) end
  tbl = tbl:walk({ Str = function(text) return text.text:find("_", 1, true) and breakable(text) or nil end })
  return html_table(tbl, numbers_of_tables[tbl.identifier])
end

-- The numbers behind figures ------------------------------------------------------------------
-- `::: {.figure-data for=fig-x}` holds a table: folded away below its figure on a page, collected
-- where `::: {.figure-tables}` stands in print, or left where it is when that stands nowhere.

local captions, collected, collects = {}, {}, false

local function keep_caption(fig)
  captions[fig.identifier] = to_typst(fig.caption.long):gsub("%s+$", "")
end

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
  local blocks = pandoc.Blocks({ raw("#figure-numbers(<" .. id .. ">, [" .. captions[id] .. "])[") })
  for _, block in ipairs(d.content) do
    if block.t == "Table" then
      local head, body = rows_of(block)
      align_numbers(block, head, body)
      block = raw((in_print.narrow_table(block)))
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

-- As Typst writes it; left to the writer, Quarto's Pandoc colours it in a way of its own.
local function plain_code(block) return raw(to_typst({ block })) end
local function plain_code_inline(code)
  return pandoc.RawInline("typst", (to_typst({ pandoc.Plain(code) }):gsub("%s+$", "")))
end

local function mathematics(math)
  if typst then return in_print.mathematics(math) end
end

-- "5 %", "583 p", "100 000" and "k = 11" stand on one line.
local function unparted(inlines)
  for i = #inlines - 1, 2, -1 do
    local before, gap, after = inlines[i - 1], inlines[i], inlines[i + 1]
    local words = before.t == "Str" and (gap.t == "Space" or gap.t == "SoftBreak") and after.t == "Str"
    local number = words and before.text:match("%d$")
    local equal = words and ((before.text == "=" and after.text:match("^%d")) or
      (after.text:match("^=\u{a0}%d") and (utf8.len(before.text) or 9) <= 2))
    local group = number and before.text:match("^%D*%d%d?%d?$") and after.text:match("^%d%d%d%D*$")
    if equal or number and (after.text:match("^%%") or after.text:match("^p%p*$") or group) then
      before.text = before.text .. "\u{a0}" .. after.text
      inlines:remove(i + 1)
      inlines:remove(i)
    end
  end
  return inlines
end

-- Two names, or two months, that a hyphen joins: Aalen-Johansen, January-December.
local function joined_name(text)
  return #text.text < 30 and text.text:match("%u%l+%-%u%l+") ~= nil
end

-- Names, codes, dates and ranges stand on one line: A-TIPs, PREV-01, 2021–2024, 1–11. In print the
-- same is `unparted-name` of publication.typ, and for joined names `boxed_name`: those of tables
-- may break, or they would be wider than their column.
local function whole(text)
  local found = text.text:match("%f[%w]%u%u?%u?%u?%-[%u%d]") or text.text:match("%f[%w]%a%-%a")
    or text.text:match("%d%-%d") or text.text:match("%d\u{2013}%d") or joined_name(text)
  return found and #text.text < 30 and pandoc.Span({ text }, { class = "as-one" }) or nil
end

-- On paper the name of another page is a name: its file lies elsewhere, or nowhere.
local function unlinked(link)
  if link.target:match("^[%w/-]+%.html") then return link.content end
end

local function boxed_name(text)
  if not joined_name(text) then return nil end
  return { pandoc.RawInline("typst", "#box["), text, pandoc.RawInline("typst", "]") }
end

function Pandoc(doc)
  local about = mark.read(doc)
  words = about.words
  mark.refuse_confidential(doc, about)
  doc:walk({ Div = function(d) collects = collects or d.classes:includes("figure-tables") end })
  doc = doc
    :walk({ RawBlock = raw_markup, RawInline = raw_markup })
    :walk({ traverse = "topdown", Div = div })
    :walk({ traverse = "topdown", Header = header, Figure = number_figure, Table = number_table })
    :walk({ Image = image, Cite = reference, Math = mathematics, Inlines = unparted })
  local data = { traverse = "topdown", Div = figure_data }
  local place = { traverse = "topdown", Div = figure_tables }
  local floats = { Table = set_table, Figure = set_figure }
  if typst then
    doc:walk({ Figure = keep_caption })
    doc = doc:walk(data):walk(place):walk(floats):walk(in_print.keep_together)
    doc = doc:walk({ CodeBlock = plain_code, Code = plain_code_inline, Link = unlinked, Str = boxed_name })
    return mark.on_paper(doc, about)
  end
  return mark.on_screen(doc:walk(floats):walk(data):walk(place):walk({ Str = whole }), about)
end

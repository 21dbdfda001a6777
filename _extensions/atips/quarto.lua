-- What Quarto does not know of the syntax that both renderers read. It runs before Quarto's own
-- filters have parsed anything (`at: pre-ast`), on Pandoc's plain tree; numbers, references,
-- pictures and, on a web page, callouts are Quarto's. What shared.lua defines stands before it.
local words_by = {
  en = { note = "Note", warning = "Warning", numbers = "Table of these numbers", row_head = "Item" },
  es = { note = "Nota", warning = "Advertencia", numbers = "Tabla con estos números", row_head = "Rubro" },
}
local words, titles = words_by.en, {}
local collected, collects = pandoc.Blocks({}), false

-- Tables: in print with the columns of the embedded renderer, on a page with heads for everybody.

local function refers(tbl)
  local found = false
  tbl:walk({ Cite = function() found = true end })
  return found
end

-- The identifier stands in the attributes, or still at the end of the caption.
local function identifier_of(tbl)
  if tbl.identifier ~= "" then return tbl.identifier end
  return stringify(tbl.caption.long):match("{#(tbl%-[%w-]+)}%s*$")
end

local function printed_table(tbl, head, body)
  local id, caption = identifier_of(tbl), tbl.caption.long
  -- A reference inside is Quarto's to resolve, so that such a table is Quarto's too.
  if refers(tbl) or (id and tbl.identifier == "") then return nil end
  tbl.caption, tbl.identifier = pandoc.Caption(), ""
  local blocks = typst_table(tbl, head, body)
  if not id then return blocks end
  local table_only = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    block.text = block.text:gsub("^#plain%-table%(", "#bare-table(")
    table_only:insert(block)
  end
  -- The table itself goes into Quarto's float; what is around it (type size, `kept`) stays there.
  local result = pandoc.Blocks({})
  for _, block in ipairs(table_only) do
    if block.text:match("^#bare%-table%(") then
      local inside = pandoc.Blocks({ block })
      for _, part in ipairs(caption) do
        inside:insert(part.t == "Plain" and pandoc.Para(part.content) or part)
      end
      result:insert(pandoc.Div(inside, pandoc.Attr(id)))
    else
      result:insert(block)
    end
  end
  return result
end

local function page_table(tbl)
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do
      if not stringify(cell.contents):match("%S") then
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
  end
  return tbl
end

local function set_table(tbl)
  local head, body = rows_of(tbl)
  align_numbers(tbl, head, body)
  if typst then return printed_table(tbl, head, body) or tbl end
  return page_table(tbl)
end

-- The numbers behind a figure: folded away on a page, collected at the end in print.

local function figure_data(div)
  local id = div.attributes["for"]
  local title = titles[id] or ""
  if typst then
    local blocks = pandoc.Blocks({ raw("#figure-numbers(<" .. id .. ">, " .. quoted(title) .. ")[") })
    for _, block in ipairs(div.content) do
      if block.t == "Table" and not refers(block) then
        local head, body = rows_of(block)
        align_numbers(block, head, body)
        block = raw((narrow_table(block)))
      end
      blocks:insert(block)
    end
    blocks:insert(raw("]"))
    if not collects then return blocks, false end
    collected:extend(blocks)
    return {}, false
  end
  local label = title:gsub("&", "&amp;"):gsub("<", "&lt;")
  local blocks = pandoc.Blocks({ raw('<details class="figure-data"><summary>' .. words.numbers ..
    '<span class="visually-hidden"> – ' .. label .. "</span></summary>") })
  blocks:extend(div.content)
  blocks:insert(raw("</details>"))
  return blocks, true
end

local function figure_tables()
  if not typst or #collected == 0 then return {} end
  local blocks = pandoc.Blocks({ raw("#figure-annex[") })
  blocks:extend(collected)
  blocks:insert(raw("]"))
  return blocks
end

-- Blocks with a look of their own in print.

local function notice(div, kind)
  local title = pandoc.Inlines(div.attributes.title or words[kind])
  local blocks = pandoc.Blocks({ raw("#notice(" .. quoted(kind) .. ", [" ..
    to_typst({ pandoc.Plain(title) }):gsub("%s+$", "") .. "])[") })
  blocks:extend(div.content)
  blocks:insert(raw("]"))
  return blocks
end

local function look(div)
  if div.classes:includes("page-break") then
    return typst and raw("#pagebreak(weak: true)") or raw('<div class="page-break"></div>')
  end
  if not typst then return nil end
  if div.classes:includes("key-figures") then return key_figures(div) end
  for _, kind in ipairs({ "note", "warning" }) do
    if div.classes:includes("callout-" .. kind) then return notice(div, kind) end
  end
  for class, name in pairs(boxes) do
    if div.classes:includes(class) then
      div.content:insert(1, raw("#" .. name .. "["))
      div.content:insert(raw("]"))
      return div.content
    end
  end
end

local function div_with(class, made)
  return { traverse = "topdown", Div = function(div)
    if div.classes:includes(class) then return made(div) end
  end }
end

function Pandoc(doc)
  local lang = stringify(doc.meta.lang or "en"):sub(1, 2)
  words = words_by[lang] or words_by.en
  doc:walk({
    Div = function(div) collects = collects or div.classes:includes("figure-tables") end,
    Figure = function(fig) titles[fig.identifier] = stringify(fig.caption.long) end,
  })
  return doc
    :walk(div_with("figure-data", figure_data))
    :walk(div_with("figure-tables", figure_tables))
    :walk({ Div = look })
    :walk({ Table = set_table, Math = mathematics })
end

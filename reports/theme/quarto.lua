-- The blocks that Quarto does not know; everything else is Quarto's own.
local typst = FORMAT:match("typst")
local boxes = { source = "source-note", lead = "lead" }
local function raw(text) return pandoc.RawBlock("typst", text) end
local collected, lang = pandoc.Blocks({}), "en"
local summaries = { en = "Table of these numbers", es = "Tabla con estos números" }

-- The numbers behind a figure: folded away on a page, collected at the end in print.
local function figure_data(div)
  local target = pandoc.Cite({ pandoc.Str("@" .. div.attributes["for"]) },
    { pandoc.Citation(div.attributes["for"], "AuthorInText") })
  if typst then
    collected:insert(pandoc.Para({ target }))
    collected:extend(div.content)
    return {}
  end
  local blocks = pandoc.Blocks({ pandoc.RawBlock("html",
    '<details class="figure-data"><summary>' .. summaries[lang] .. "</summary>") })
  blocks:extend(div.content)
  blocks:insert(pandoc.RawBlock("html", "</details>"))
  return blocks
end

local function block(div)
  if div.classes:includes("figure-data") then return figure_data(div) end
  if div.classes:includes("figure-tables") then return typst and collected or {} end
  if not typst then return nil end
  for class, name in pairs(boxes) do
    if div.classes:includes(class) then
      div.content:insert(1, raw("#" .. name .. "["))
      div.content:insert(raw("]"))
      return div.content
    end
  end
  if div.classes:includes("page-break") then return raw("#pagebreak(weak: true)") end
  local list = div.content[1]
  if div.classes:includes("key-figures") and list and list.t == "BulletList" then
    local blocks = pandoc.Blocks({ raw("#key-figures(") })
    for _, item in ipairs(list.content) do
      blocks:insert(raw("["))
      blocks:extend(item)
      blocks:insert(raw("],"))
    end
    blocks:insert(raw(")"))
    return blocks
  end
end

function Pandoc(doc)
  lang = summaries[pandoc.utils.stringify(doc.meta.lang or "en")] and pandoc.utils.stringify(doc.meta.lang) or "en"
  return doc:walk({ Div = block })
end

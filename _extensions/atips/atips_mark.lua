-- The mark of an edition: what a page is made from and what it says about itself. `atips` writes it
-- into the front matter, as JSON in a code span (`atips`); a page without it is refused.
local in_print = require("atips_print")
local mark = {}
local stringify = pandoc.utils.stringify

-- What the page may not show, as patterns of literal text in which # stands for a digit.
local function lua_pattern(text)
  return (text:gsub("[%^%$%(%)%%%.%[%]%*%+%-%?]", "%%%0"):gsub("#", "%%d"))
end

function mark.read(doc)
  local text = doc.meta.atips and stringify(doc.meta.atips) or ""
  local about = text ~= "" and pandoc.json.decode(text, false)
  if type(about) ~= "table" then
    in_print.fail("this page bears no mark of an edition; run atips build first, and let its " ..
      "filter hand over the notebook (ipynb-filters in _quarto.yml)")
  end
  return about
end

function mark.refuse_confidential(doc, about)
  for _, name in ipairs(about.refused_marks) do
    if doc.meta[name] == true then
      in_print.fail("this page shows what is " .. name:gsub("_", " ") .. ": no page is made of it")
    end
  end
  local shown = {}
  local function look(element) table.insert(shown, element.text) end
  doc.blocks:walk({ Str = look, Code = look, CodeBlock = look, Link = function(link)
    table.insert(shown, link.target)
  end, Image = function(img) table.insert(shown, img.attributes["fig-alt"] or "") end })
  local text = table.concat(shown, " ")
  for _, refused in ipairs(about.refused) do
    local what, pattern = table.unpack(refused)
    if text:find(lua_pattern(pattern)) then
      in_print.fail("this page holds " .. what .. ": no page is made of it")
    end
  end
end

-- The template takes the whole mark.
function mark.on_paper(doc, about)
  doc.meta.atips = pandoc.MetaInlines({ pandoc.RawInline("typst",
    "json(bytes(" .. in_print.quoted(pandoc.json.encode(about)) .. "))") })
  return doc
end

-- On a page whose frame is Quarto's own, what the house's frame would say stands in the text.
function mark.on_screen(doc, about)
  doc.meta.atips = nil
  if about.opening then doc.blocks:insert(1, pandoc.RawBlock("html", about.opening)) end
  if about.closing then doc.blocks:insert(pandoc.RawBlock("html", about.closing)) end
  return doc
end

return mark

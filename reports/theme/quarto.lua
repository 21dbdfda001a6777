-- The blocks that Quarto does not know, for its Typst output; everything else is Quarto's own.
if not FORMAT:match("typst") then return {} end

local boxes = { source = "source-note", lead = "lead" }
local function raw(text) return pandoc.RawBlock("typst", text) end

function Div(div)
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

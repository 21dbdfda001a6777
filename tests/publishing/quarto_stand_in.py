"""A stand-in for `quarto render`: what the real one (1.11) does to a notebook of ours, as far as a
page can tell. It is no copy of Quarto; each fact that it keeps is one that our pages fell over:

- a cell's source that is one text is split into lines, whose ends are lost;
- its reader has `table_attributes` off: `{#tbl-…}` is text when a filter `at: pre-ast` runs;
- what that filter leaves of figures, tables and callouts it takes for its own and words its way;
- a reference that it cannot resolve is a warning, and `?@…` on the page;
- columns of a table with long lines get shares of the width;
- without a theme of its own there are no sections, unless they are asked for;
- `--quiet` empties standard error, even when it fails;
- a theme of one format is added to a list of themes of another, and brings its scripts.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

OWN = """
local function worded(kind, id, blocks)
  return pandoc.Div(blocks, pandoc.Attr(id, { "quarto-float", "quarto-float-" .. kind }))
end
return {{
  traverse = "topdown",
  Figure = function(fig) return worded("fig", fig.identifier, fig.content), false end,
  Div = function(div)
    for _, kind in ipairs({ "note", "warning", "important", "tip", "caution" }) do
      if div.classes:includes("callout-" .. kind) then
        div.content:insert(1, pandoc.Para("Note"))
        return div.content
      end
    end
    if div.identifier:match("^tbl%-") then return worded("tbl", div.identifier, div.content), false end
  end,
  Cite = function(cite)
    io.stderr:write("WARNING: Unable to resolve crossref @" .. cite.citations[1].id .. "\\n")
    return pandoc.Strong("?@" .. cite.citations[1].id)
  end,
}}
"""


def lines(text: str) -> list[str]:
    return re.split(r"\r?\n", text)


def markdown_of(notebook: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Front matter and text, as Quarto puts a notebook's cells together."""
    texts = []
    for cell in notebook["cells"]:
        source = cell["source"]
        texts.append("".join(lines(source) if isinstance(source, str) else source) + "\n")
    found = re.match(r"---\n(.*?)\n---", texts[0], re.DOTALL)
    front = yaml.safe_load(found[1]) if found else {}
    return front, "\n".join(texts[1:] if found else texts)


def format_of(folder: Path, name: str) -> dict[str, Any]:
    """The extension's format with what the project's settings add."""
    base = name.removeprefix("atips-")
    extension = folder / "_extensions" / "atips"
    formats = yaml.safe_load((extension / "_extension.yml").read_text("utf-8"))["contributes"]
    settings = {**formats["formats"].get("common", {}), **formats["formats"][base]}
    for key in ("template", "css"):
        if key in settings:
            settings[key] = f"_extensions/atips/{settings[key]}"
    own = yaml.safe_load((folder / "_quarto.yml").read_text("utf-8"))
    for key, value in own.get("format", {}).get(name, {}).items():
        before = settings.get(key)
        settings[key] = [*before, value] if isinstance(before, list) else value
    return settings


def render(source: Path, to: str) -> None:
    folder = source.parent
    settings = format_of(folder, to)
    front, text = markdown_of(json.loads(source.read_text("utf-8")))
    (folder / "front.yml").write_text(yaml.safe_dump(front), encoding="utf-8")
    (folder / "own.lua").write_text(OWN, encoding="utf-8")
    extension = folder / "_extensions" / "atips"
    filters = [extension / one["path"] for one in settings["filters"] if one["at"] == "pre-ast"]
    base = to.removeprefix("atips-")
    made = folder / f"{source.stem}.{'html' if base == 'html' else 'typ'}"
    import pypandoc

    options = [
        "--from=markdown-table_attributes",
        f"--to={base}",
        "--standalone",
        "--wrap=none",
    ]
    options += ["--metadata-file=front.yml", f"--template={settings['template']}"]
    options += [f"--lua-filter={one}" for one in (*filters, folder / "own.lua")]
    options += [f"--shift-heading-level-by={settings.get('shift-heading-level-by', 0)}"]
    if settings.get("toc"):
        options += ["--toc", f"--toc-depth={settings['toc-depth']}"]
    if settings.get("number-sections"):
        options.append("--number-sections")
    if base == "html":
        options += ["--section-divs"] if settings.get("section-divs") else []
        options += [f"--{settings['html-math-method']}"]
        options += ["--embed-resources"] if settings.get("embed-resources") else []
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), *options, "--output", made.name],
        cwd=folder,
        input=text,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "LUA_PATH": f"{extension.as_posix()}/?.lua;;"},
    )
    if done.returncode:
        raise SystemExit(1)
    if base == "typst":
        _print(made, settings)
    elif settings.get("theme") != "none" or not settings.get("minimal"):
        scripts = "<head><script>" + "/* Bootstrap */" * 20_000 + "</script>"
        made.write_text(made.read_text("utf-8").replace("<head>", scripts), "utf-8")


def _print(source: Path, settings: dict[str, Any]) -> None:
    import typst

    try:
        typst.compile(
            str(source),
            output=str(source.with_suffix(".pdf")),
            root=str(source.parent),
            font_paths=[str(source.parent / one) for one in settings.get("font-paths", [])],
            timestamp=int(os.environ["SOURCE_DATE_EPOCH"]),
            pdf_standards=settings["pdf-standard"],
        )
    except typst.TypstError as error:
        print(f"ERROR: {error}", file=sys.stderr)
        raise SystemExit(1) from None


def main(arguments: list[str]) -> None:
    if arguments == ["--version"]:
        print(os.environ.get("QUARTO_STAND_IN_VERSION", "1.11.0"))
        return
    command, source, *options = arguments
    assert command == "render" and "--no-execute" in options
    if "--quiet" in options:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 2)
    render(Path(source).resolve(), options[options.index("--to") + 1])


if __name__ == "__main__":
    main(sys.argv[1:])

"""What can be known of the Quarto path without Quarto; a stand-in records how it is called."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from atips_analysis.errors import InputError, MachineError
from atips_analysis.project import find_project
from atips_analysis.publishing import Report, pandoc, publication_from, quarto, render
from atips_analysis.publishing.markdown import flatten

# Keys of Quarto 1.11 that the project uses, each with what it is for. A key that is not here is a
# slip of the pen or has to be justified here first.
KNOWN = {
    "project": "type default: a folder, no website",
    "execute": "enabled false: Quarto never runs a cell; echo false: no code in the page",
    "toc": "contents list",
    "toc-depth": "as the embedded renderer's",
    "number-sections": "without it @sec- is not resolved",
    "number-depth": "as the embedded renderer's",
    "filters": "the theme's own blocks in Typst",
    "format": "the two outputs",
}
KNOWN_HTML = {
    "embed-resources": "one file",
    "theme": "default; cosmo and flatly pull web fonts",
    "css": "shared with the embedded renderer",
    "html-math-method": "mathml; MathJax comes from the network",
    "toc-location": "left, as the embedded renderer's",
    "code-tools": "no code in a publication",
    "code-copy": "no buttons on examples",
    "anchor-sections": "no script-made links in headings",
    "crossrefs-hover": "no boxes that open over the text",
    "footnotes-hover": "the same",
    "citations-hover": "the same",
    "fig-cap-location": "below figures",
    "tbl-cap-location": "above tables",
    "include-before-body": "marks of drafts and simulated records",
    "include-after-body": "what it is made from, reporting lines",
}
KNOWN_TYPST = {
    "papersize": "a4; letter is the default",
    "pdf-standard": "ua-1, from Quarto 1.9",
    "toc": "false: the template sets it",
    "template-partials": "the theme's template",
    "font-paths": "the staged fonts, not the system's",
    "fig-cap-location": "below figures",
    "tbl-cap-location": "above tables",
}


@pytest.fixture
def settings() -> Any:
    return yaml.safe_load((find_project(Path(__file__)).root / "_quarto.yml").read_text("utf-8"))


@pytest.fixture
def report(tmp_path: Path, sample: Any, profile: Any) -> Report:
    publication = publication_from(
        profile, simulated=True, title='The "year": 2024', subtitle="Sub", period="2024"
    )
    return Report("annual", sample.example_notebook(tmp_path / "in" / "nb.ipynb"), publication)


@pytest.fixture
def staged(tmp_path: Path, report: Report, extension: Path) -> Path:
    work = tmp_path / "stage"
    work.mkdir()
    return quarto.stage(report, flatten(report.notebook), extension, work, "Quarto 1.11")


def test_quarto_never_executes_and_loads_nothing(settings: Any) -> None:
    assert settings["execute"] == {"enabled": False, "echo": False}
    html = settings["format"]["html"]
    assert html["embed-resources"] is True and html["html-math-method"] == "mathml"
    assert html["theme"] == ["default", "theme.scss"]


def test_every_key_is_one_that_quarto_knows_and_typst_never_sees_region(settings: Any) -> None:
    assert set(settings) == set(KNOWN)
    assert set(settings["format"]) == {"html", "typst"}
    assert set(settings["format"]["html"]) == set(KNOWN_HTML)
    assert set(settings["format"]["typst"]) == set(KNOWN_TYPST)
    assert settings["format"]["typst"]["papersize"] == "a4"


def test_every_file_that_the_settings_name_is_staged(settings: Any, staged: Path) -> None:
    html, typst = settings["format"]["html"], settings["format"]["typst"]
    named = [
        *[own["path"] for own in settings["filters"]],
        html["theme"][1],
        html["css"],
        html["include-before-body"],
        html["include-after-body"],
        *typst["template-partials"],
        *typst["font-paths"],
        "publication.typ",
        "publication.json",
        "figures/cases.svg",
    ]
    assert [name for name in named if not (staged.parent / name).exists()] == []


def test_the_staged_notebook_opens_with_front_matter_and_holds_the_embedded_renderers_text(
    staged: Path, report: Report
) -> None:
    document = json.loads(staged.read_text("utf-8"))
    first, second = document["cells"]
    assert first["cell_type"] == "raw"
    head, values, tail = first["source"].split("---")
    assert (head, tail) == ("", "")
    front = yaml.safe_load(values)
    assert front["title"] == 'The "year": 2024' and front["lang"] == "en"
    assert "region" not in front and front["params"]["simulated"] is True
    assert second["source"] == flatten(report.notebook).text


def test_the_staged_notebook_holds_no_code_output_or_metadata(staged: Path) -> None:
    document = json.loads(staged.read_text("utf-8"))
    assert {cell["cell_type"] for cell in document["cells"]} == {"raw", "markdown"}
    assert all(cell["metadata"] == {} and "outputs" not in cell for cell in document["cells"])
    assert "text/html" not in staged.read_text("utf-8")


def test_simulated_records_are_marked_in_both_outputs(staged: Path) -> None:
    before = (staged.parent / "before.html").read_text("utf-8")
    assert 'class="band"' in before and "SIMULATED RECORDS" in before
    particulars = json.loads((staged.parent / "publication.json").read_text("utf-8"))
    assert particulars["simulated"] is True and particulars["issuing_body"] is None
    assert "0-800-PROTECT" in (staged.parent / "after.html").read_text("utf-8")


def test_the_typst_template_is_the_embedded_renderers(extension: Path) -> None:
    assert '#import "publication.typ": *' in (extension / "typst-template.typ").read_text("utf-8")
    show = (extension / "typst-show.typ").read_text("utf-8")
    assert show.strip() == '#show: publication.with(json("publication.json"))'
    template = (extension / "publication.typ").read_text("utf-8")
    assert "quarto-float-tbl" in template and "breakable: true" in template


def test_the_filter_runs_before_quarto_parses_what_it_replaces(settings: Any) -> None:
    assert settings["filters"] == [{"path": "quarto.lua", "at": "pre-ast"}]


def test_the_page_has_the_scripts_that_the_embedded_page_has(staged: Path, extension: Path) -> None:
    after = (staged.parent / "after.html").read_text("utf-8")
    script = (extension / "publication.js").read_text("utf-8")
    assert script.strip() in after and after.count("<script>") == 1
    assert 'class="band"' in (staged.parent / "before.html").read_text("utf-8")


def test_no_date_of_publication_is_invented(staged: Path) -> None:
    front = yaml.safe_load(json.loads(staged.read_text("utf-8"))["cells"][0]["source"].strip("-"))
    assert "date" not in front and "author" not in front
    assert "SIMULATED RECORDS" in front["pagetitle"]


# What Quarto does to the tree after our filter, as far as printing needs it: floats get a kind,
# a caption and a label of their own, references a supplement. It is no copy of Quarto.
AS_QUARTO = """
local function raw(text) return pandoc.RawBlock("typst", text) end
local function float(kind, id, content, caption)
  local blocks = pandoc.Blocks({ raw("#figure([") })
  blocks:extend(content)
  blocks:insert(raw("], caption: figure.caption(position: " ..
    (kind == "tbl" and "top" or "bottom") .. ", ["))
  blocks:extend(caption)
  blocks:insert(raw('], ), kind: "quarto-float-' .. kind .. '", supplement: "' .. kind .. '", ) <' .. id .. ">"))
  return blocks, false
end
local refs = { Cite = function(cite)
  return pandoc.RawInline("typst", "#ref(<" .. cite.citations[1].id .. ">, supplement: [see])")
end }
local images = { Image = function(img)
  return pandoc.RawInline("typst", '#box(image("' .. img.src .. '", alt: "' .. img.attributes["fig-alt"] .. '"))')
end }
local floats = { traverse = "topdown",
  Figure = function(fig) return float("fig", fig.identifier, fig.content, fig.caption.long) end,
  Div = function(div)
    if not div.identifier:match("^tbl%-") then return nil end
    local caption = div.content:remove()
    return float("tbl", div.identifier, div.content, { pandoc.Plain(caption.content) })
  end,
  Table = function(tbl)
    if tbl.identifier == "" then return nil end
    local id, caption = tbl.identifier, tbl.caption.long
    tbl.identifier, tbl.caption = "", pandoc.Caption()
    return float("tbl", id, { tbl }, caption)
  end,
}
local shown = { Div = function(div)
  if div.classes:includes("content-visible") then
    return div.attributes["when-format"] == "typst" and div.content or {}
  end
end }
function Pandoc(doc)
  return doc:walk(shown):walk(images):walk(floats):walk(refs)
end
"""


def print_as_quarto(staged: Path, flattened: Any) -> tuple[str, bytes]:
    """The Typst text, and the PDF that Typst makes of it with PDF/UA-1 and our template."""
    import typst

    work = staged.parent
    (work / "as-quarto.lua").write_text(AS_QUARTO, encoding="utf-8")
    tree = pandoc.parse(flattened.text, "nb")
    tree["meta"] = {"lang": {"t": "MetaString", "c": "en"}}
    filters = [f"--lua-filter={work / name}" for name in ("quarto.lua", "as-quarto.lua")]
    body = pandoc.write(tree, "typst", options=filters, folder=work)
    template, show = (
        (work / name).read_text("utf-8") for name in ("typst-template.typ", "typst-show.typ")
    )
    # Quarto's own page setting stands between the two; ours has to win.
    page = '#set page(paper: "a4", margin: (x: 1.25in, y: 1.25in), numbering: none, columns: 1)'
    source = work / "annual.typ"
    source.write_text("\n".join([template, page, show, body]), encoding="utf-8")
    made, warnings = typst.compile_with_warnings(
        str(source),
        root=str(work),
        font_paths=[str(work / "fonts")],
        pdf_standards="ua-1",
        ignore_system_fonts=True,
    )
    assert not warnings
    return body, made


def test_what_our_filter_leaves_for_print_is_set_by_the_template(
    staged: Path, report: Report
) -> None:
    body, made = print_as_quarto(staged, flatten(report.notebook))
    assert made.startswith(b"%PDF")
    assert "#bare-table(" in body and 'kind: "quarto-float-tbl"' in body
    assert "kind: table" in body or "column-alignment" in body
    for left_over in ("figure-data", "figure-tables", "callout-", ".source"):
        assert left_over not in body


def test_the_annex_of_numbers_behind_figures_is_printed(
    tmp_path: Path, staged: Path, sample: Any
) -> None:
    (staged.parent / "chart.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>', encoding="utf-8"
    )
    text = (
        '# A\n\n![Cases](chart.svg){#fig-a fig-alt="Cases by year"}\n\n'
        "::: {.figure-data for=fig-a}\n| Year | Cases |\n|---|---:|\n| 2024 | 4321 |\n:::\n\n"
        '::: {.content-visible when-format="typst"}\n# Numbers\n\n::: {.figure-tables}\n:::\n:::\n\n'
        '::: {.callout-warning title="Mind"}\nSee @fig-a and @tbl-b.\n:::\n\n'
        "| a | b |\n|---|---|\n| 1 | @fig-a |\n\n: B {#tbl-b}\n"
    )
    body, _ = print_as_quarto(staged, SimpleNamespace(text=text))
    assert body.index("Numbers") < body.index("#figure-annex[") < body.index("4321")
    assert '#notice("warning", [Mind])[' in body


def test_on_a_page_tables_have_heads_for_everybody_and_numbers_fold_away(staged: Path) -> None:
    text = (
        '# A {area="X"}\n\n![Cases](figures/cases.svg){#fig-a fig-alt="Cases"}\n\n'
        "::: {.figure-data for=fig-a}\n| | Cases |\n|---|---:|\n| 2024 | 4321 |\n:::\n"
    )
    html = pandoc.write(
        pandoc.parse(text, "nb"),
        "html5",
        options=[f"--lua-filter={staged.parent / 'quarto.lua'}", "--section-divs"],
        folder=staged.parent,
    )
    assert '<section id="a" data-area="X"' in html or 'data-area="X"' in html
    assert '<details class="figure-data">' in html and "Cases</span></summary>" in html
    assert 'scope="col"' in html and 'scope="row"' in html and "Item" in html


def stand_in(folder: Path, body: str) -> Path:
    program = folder / "bin" / "quarto"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\nif [ $1 = --version ]; then echo 1.11.0; exit; fi\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_formats_are_rendered_one_after_the_other_from_one_staging_folder(
    tmp_path: Path, report: Report, extension: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    body = f'echo "$@" >> {log}\npwd >> {log}\nstem=${{2%.ipynb}}\necho made > $stem.html\necho made > $stem.pdf'
    program = stand_in(tmp_path, body)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    made = render(report, tmp_path / "out", extension=extension)
    assert [file.name for file in made] == ["annual.html", "annual.pdf"]
    first, place, second, same_place = log.read_text().splitlines()
    assert first == "render annual.ipynb --to html --no-execute --quiet"
    assert second == "render annual.ipynb --to typst --no-execute --quiet"
    assert place == same_place and not place.startswith(str(find_project(Path(__file__)).root))


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        ("echo 'missing image' >&2; exit 1", InputError, "missing image"),
        ("echo 'Unable to resolve crossref @fig-x' >&2; exit 0", InputError, "@fig-x"),
        ("exit 0", MachineError, "left no annual.html"),
    ],
)
def test_a_failure_of_quarto_is_one_line(
    tmp_path: Path,
    report: Report,
    extension: Path,
    monkeypatch: pytest.MonkeyPatch,
    body: str,
    error: type[Exception],
    words: str,
) -> None:
    program = stand_in(tmp_path, body)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    with pytest.raises(error, match=words):
        render(report, tmp_path / "out", renderer="quarto", extension=extension)


def test_asking_for_quarto_where_there_is_none_says_what_to_do(
    tmp_path: Path, report: Report, extension: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarto, "find_quarto", lambda: None)
    with pytest.raises(MachineError, match="--renderer embedded"):
        render(report, tmp_path, renderer="quarto", extension=extension)

"""What can be known of the Quarto path without Quarto; a stand-in records how it is called."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from atips_analysis.errors import InputError, MachineError
from atips_analysis.project import find_project
from atips_analysis.publishing import Report, publication_from, quarto, render
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
    "anchor-sections": "no script-made links in headings",
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
def staged(tmp_path: Path, report: Report, theme: Path) -> Path:
    work = tmp_path / "stage"
    work.mkdir()
    return quarto.stage(report, flatten(report.notebook), theme, work, "Quarto 1.11")


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
        *settings["filters"],
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


def test_the_typst_template_is_the_embedded_renderers(theme: Path) -> None:
    assert '#import "publication.typ": *' in (theme / "typst-template.typ").read_text("utf-8")
    show = (theme / "typst-show.typ").read_text("utf-8")
    assert show.strip() == '#show: publication.with(json("publication.json"))'
    template = (theme / "publication.typ").read_text("utf-8")
    assert "quarto-float-tbl" in template and "breakable: true" in template


def stand_in(folder: Path, body: str) -> Path:
    program = folder / "bin" / "quarto"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\nif [ $1 = --version ]; then echo 1.11.0; exit; fi\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_formats_are_rendered_one_after_the_other_from_one_staging_folder(
    tmp_path: Path, report: Report, theme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    body = f'echo "$@" >> {log}\npwd >> {log}\nstem=${{2%.ipynb}}\necho made > $stem.html\necho made > $stem.pdf'
    program = stand_in(tmp_path, body)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    made = render(report, tmp_path / "out", theme=theme)
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
    theme: Path,
    monkeypatch: pytest.MonkeyPatch,
    body: str,
    error: type[Exception],
    words: str,
) -> None:
    program = stand_in(tmp_path, body)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    with pytest.raises(error, match=words):
        render(report, tmp_path / "out", renderer="quarto", theme=theme)


def test_asking_for_quarto_where_there_is_none_says_what_to_do(
    tmp_path: Path, report: Report, theme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarto, "find_quarto", lambda: None)
    with pytest.raises(MachineError, match="--renderer embedded"):
        render(report, tmp_path, renderer="quarto", theme=theme)

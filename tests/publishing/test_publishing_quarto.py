"""Quarto's pages are the embedded renderer's: tried with a stand-in that keeps Quarto's habits,
and with Quarto itself where one that works is on PATH."""

from __future__ import annotations

import io
import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from atips_analysis.errors import InputError, MachineError
from atips_analysis.project import find_project
from atips_analysis.render import Publication, Report, publication_from, quarto, render
from atips_analysis.render.rendering import renderer_choice

HERE = Path(__file__).resolve().parent
COMPARED = ("headings", "tables", "captions", "figures", "alternatives", "identifiers", "title")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    """A verdict is kept for a whole build; each test has a Quarto of its own."""
    quarto._verdict.cache_clear()
    yield
    quarto._verdict.cache_clear()


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a program `quarto`, a shell script of these lines, on PATH."""

    def put(body: str) -> Path:
        program = tmp_path / "bin" / "quarto"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        return program

    return put


@pytest.fixture
def stand_in(on_path: Callable[[str], Path]) -> Path:
    return on_path(f'exec "{sys.executable}" "{HERE / "quarto_stand_in.py"}" "$@"')


def broken(rendering: str, version: str = "1.11.0") -> str:
    return f'if [ "$1" = --version ]; then echo {version}; exit; fi\n{rendering}'


@pytest.fixture
def report(tmp_path: Path, sample: Any, profile: Any) -> Report:
    publication = publication_from(
        profile, simulated=True, title='The "year": Belize\'s 2024', subtitle="Sub", period="2024"
    )
    return Report("annual", sample.example_notebook(tmp_path / "in" / "nb.ipynb"), publication)


def page_of(text: str, sample: Any, folder: Path, **particulars: Any) -> Report:
    notebook = sample.write_notebook(folder / "in" / "one.ipynb", sample.text_cell(text))
    return Report("one", notebook, Publication(title="One", **particulars))


def assert_same(report: Report, folder: Path, extension: Path, facts: Any) -> None:
    """The report by Quarto says what it says by the embedded renderer, on screen and on paper."""
    made = {}
    for renderer in ("embedded", "quarto"):
        files = render(report, folder / renderer, renderer=renderer, extension=extension)  # type: ignore[arg-type]
        made[renderer] = [file.read_bytes() for file in files]
    (page, paper), (own_page, own_paper) = made["embedded"], made["quarto"]
    one, other = (facts.facts_of(html.decode()) for html in (page, own_page))
    for what in COMPARED:
        assert getattr(other, what) == getattr(one, what), what
    for tag in (b"<section", b"<col"):  # what the page's scripts and styles look for
        assert own_page.count(tag) == page.count(tag), tag
    assert other.words == one.words
    assert other.literal_syntax == one.literal_syntax == []
    assert facts.words_of_pdf(own_paper) == facts.words_of_pdf(paper)
    assert len(own_page) < 1.2 * len(page) + 2_000, "no scripts or styles but the house's"
    assert b"Content-Security-Policy" in own_page


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_page_by_quarto_says_what_the_embedded_one_says(
    tmp_path: Path,
    sample: Any,
    profile: Any,
    extension: Path,
    facts: Any,
    stand_in: Path,
    lang: str,
) -> None:
    notebook = sample.example_notebook(tmp_path / "in" / "nb.ipynb", lang)
    publication = publication_from(
        profile, lang=lang, simulated=lang == "en", title="Title", period="2024"
    )
    assert_same(Report("page", notebook, publication), tmp_path, extension, facts)


def test_numbers_behind_figures_code_and_references_in_tables_are_the_same(
    tmp_path: Path, sample: Any, extension: Path, facts: Any, stand_in: Path
) -> None:
    text = (
        '# A\n\n![Cases, see @tbl-b](figures/cases.svg){#fig-a fig-alt="Cases by year"}\n\n'
        "::: {.figure-data for=fig-a}\n| | Cases |\n|---|---:|\n| 2024 | 4321 |\n:::\n\n"
        '::: {.content-visible when-format="typst"}\n# Numbers\n\n::: {.figure-tables}\n:::\n:::\n\n'
        '::: {.callout-warning title="Mind"}\nSee @fig-a and @tbl-b.\n:::\n\n'
        "| a | b |\n|---|---|\n| 1 | @fig-a |\n\n: B, *slanted* {#tbl-b}\n\n"
        "```python\nx = 1\n```\n\nA `code` word, $\\lambda$ and a note.[^n]\n\n[^n]: The note.\n"
    )
    report = page_of(text, sample, tmp_path)
    assert_same(report, tmp_path, extension, facts)
    printed = facts.words_of_pdf((tmp_path / "quarto" / "one.pdf").read_bytes())
    assert "@" not in printed and printed.count("Cases, see Table 1") == 2, "also in the annex"
    (html,) = render(report, tmp_path, renderer="quarto", formats=["html"], extension=extension)
    page = html.read_text("utf-8")
    assert "Figure\u00a01</span></summary>" in page, "what unfolds is named by its figure"
    assert re.search(r'<div class="callout-title">\s*Mind\s*</div>', page)


# What was wrong once, put back: the stand-in shows each fault as Quarto does.


def test_a_source_that_is_one_text_would_be_garbage(
    tmp_path: Path,
    report: Report,
    extension: Path,
    facts: Any,
    stand_in: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = quarto.as_notebook

    def joined(*given: Any) -> Any:
        document = whole(*given)
        for cell in document["cells"][1:]:
            cell["source"] = "".join(cell["source"])
        return document

    monkeypatch.setattr(quarto, "as_notebook", joined)
    with pytest.raises((AssertionError, InputError, MachineError)):
        assert_same(report, tmp_path, extension, facts)


def test_with_quiet_nobody_would_learn_why_it_failed(
    tmp_path: Path,
    report: Report,
    extension: Path,
    stand_in: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken_typst = report.notebook.parent / "broken"
    broken_typst.mkdir()
    copied = find_project(HERE).extension
    for file in copied.iterdir():
        (broken_typst / file.name).write_bytes(file.read_bytes())
    (broken_typst / "template.typ").write_text("#nobody-knows-this()\n", encoding="utf-8")
    asked: dict[str, Any] = {"renderer": "quarto", "formats": ["pdf"], "extension": broken_typst}
    with pytest.raises(MachineError, match="unknown variable: nobody-knows-this"):
        render(report, tmp_path / "out", **asked)
    line = quarto.command_line
    monkeypatch.setattr(quarto, "command_line", lambda *given: [*line(*given), "--quiet"])
    with pytest.raises(MachineError, match="exit code 1"):
        render(report, tmp_path / "out", **asked)


def test_a_reference_that_quarto_cannot_resolve_stops_the_page(
    tmp_path: Path, report: Report, extension: Path, on_path: Callable[[str], Path]
) -> None:
    on_path(
        broken("echo 'WARNING: Unable to resolve crossref @fig-x' >&2; echo made > annual.html")
    )
    with pytest.raises(MachineError, match="@fig-x") as failure:
        render(report, tmp_path, renderer="quarto", formats=["html"], extension=extension)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("See @fig-nothing.", "@fig-nothing refers to nothing"),
        ("![A](figures/two.svg){#fig-a}", "no alternative text"),
        ("# A\n\n### B", "skips a level"),
        ("Case BZ-CASE-2024-0007 was closed.", "holds a case number"),
    ],
)
def test_what_no_page_can_show_is_refused_by_the_filter_in_one_line(
    tmp_path: Path, sample: Any, extension: Path, stand_in: Path, text: str, words: str
) -> None:
    for renderer in ("embedded", "quarto", "auto"):
        with pytest.raises(InputError, match=words) as failure:
            render(
                page_of(text, sample, tmp_path), tmp_path, renderer=renderer, extension=extension
            )  # type: ignore[arg-type]
        assert "\n" not in str(failure.value)


# Which renderer is taken ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rendering", "version", "words"),
    [
        ("exit 0", "1.8.27", "1.8.27 is too old"),
        ("exit 0", "nonsense", "does not tell its version"),
        ("exit 3", "$(exit 3)", "does not tell its version"),
    ],
)
def test_auto_passes_over_a_quarto_that_cannot_be_used_and_says_why(
    on_path: Callable[[str], Path], rendering: str, version: str, words: str
) -> None:
    on_path(broken(rendering, version))
    assert words in renderer_choice("auto") and "embedded" in renderer_choice("auto")
    with pytest.raises(MachineError, match=words) as failure:
        renderer_choice("quarto")
    assert "--renderer embedded" in str(failure.value) and "\n" not in str(failure.value)


def test_a_quarto_that_does_not_start_or_hangs_is_passed_over(
    on_path: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    program = on_path("")
    program.write_text("#!/no/such/interpreter\n")
    assert "does not work" in renderer_choice("auto")
    quarto._verdict.cache_clear()
    on_path("sleep 60 & wait")
    monkeypatch.setattr(quarto, "VERSION_TIME_LIMIT", 1)
    assert "stopped after 1 s" in renderer_choice("auto")


def test_the_renderer_is_named_with_the_reason(on_path: Callable[[str], Path]) -> None:
    on_path(broken("exit 0", "1.9.0"))
    assert renderer_choice("auto") == "renderer: Quarto 1.9.0 (found)"
    assert renderer_choice("quarto") == "renderer: Quarto 1.9.0 (asked for)"
    assert renderer_choice("embedded") == "renderer: embedded (asked for)"


@pytest.mark.parametrize(
    ("rendering", "words"),
    [
        ("echo 'missing image' >&2; exit 1", "missing image"),
        ("exit 1", "exit code 1"),
        ("exit 0", "left no annual.html"),
        (": > annual.html", "left no annual.html"),
        ("sleep 60 & wait", "stopped after 1 s"),
    ],
)
def test_where_quarto_fails_on_a_page_auto_falls_back_and_quarto_alone_fails(
    tmp_path: Path,
    report: Report,
    extension: Path,
    on_path: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    rendering: str,
    words: str,
) -> None:
    on_path(broken(rendering))
    monkeypatch.setattr(quarto, "TIME_LIMIT", 1)
    (page,) = render(report, tmp_path, formats=["html"], extension=extension)
    assert "embedded: Pandoc" in page.read_text("utf-8")
    said = capfd.readouterr().err
    assert said.startswith("warning: annual: rendered by the embedded renderer") and words in said
    assert said.count("\n") == 1
    with pytest.raises(MachineError, match=words) as failure:
        render(report, tmp_path, renderer="quarto", formats=["html"], extension=extension)
    assert "\n" not in str(failure.value)


def test_asking_for_quarto_where_there_is_none_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quarto, "find_quarto", lambda: None)
    with pytest.raises(MachineError, match="--renderer embedded"):
        renderer_choice("quarto")
    assert renderer_choice("auto") == "renderer: embedded (Quarto was not found)"


def test_the_doctor_says_which_quarto_and_whether_it_is_used(
    on_path: Callable[[str], Path],
) -> None:
    from atips_analysis.commands.doctor import quarto as looked_at

    on_path(broken("exit 0", "1.6.40"))
    assert "1.6.40 is too old" in looked_at().found and looked_at().enough
    quarto._verdict.cache_clear()
    on_path(broken("exit 0", "1.10.18"))
    assert looked_at().found.startswith("1.10.18")


def test_formats_are_rendered_one_after_the_other_outside_the_project(
    tmp_path: Path, report: Report, extension: Path, on_path: Callable[[str], Path]
) -> None:
    log = tmp_path / "log"
    on_path(broken(f'echo "$@" >> {log}; pwd >> {log}; echo a > annual.html; echo a > annual.pdf'))
    made = render(report, tmp_path / "out", extension=extension)
    assert [file.name for file in made] == ["annual.html", "annual.pdf"]
    first, place, second, same_place = log.read_text().splitlines()
    rest = "--no-execute --log-level warning"
    assert first == f"render annual.ipynb --to atips-html {rest}"
    assert second == f"render annual.ipynb --to atips-typst {rest}"
    assert place == same_place and not place.startswith(str(find_project(HERE).root))


# What is handed over ----------------------------------------------------------------------------


def test_the_notebook_for_quarto_keeps_line_ends_and_holds_no_code_output_or_metadata() -> None:
    document = quarto.as_notebook("---\ntitle: A\n---\n", "# B\n\nC\n")
    front, body = document["cells"]
    assert front["cell_type"] == "raw" and body["cell_type"] == "markdown"
    assert body["source"] == ["# B\n", "\n", "C\n"]
    assert all(cell["metadata"] == {} and "outputs" not in cell for cell in document["cells"])


def test_front_matter_is_yaml_that_invents_no_date_and_no_author(report: Report) -> None:
    completed = report.publication.completed({})
    front = yaml.safe_load(quarto.front_matter(completed, "`{}`").strip("-\n"))
    assert front["title"] == "The “year”: Belize’s 2024"
    assert not {"date", "author", "region"} & set(front)


def test_the_title_of_the_window_names_the_period(
    tmp_path: Path, report: Report, extension: Path, facts: Any, stand_in: Path
) -> None:
    (page,) = render(report, tmp_path, renderer="quarto", formats=["html"], extension=extension)
    said = facts.facts_of(page.read_text("utf-8"))
    assert said.title.startswith("The “year”: Belize’s 2024 – 2024 – SIMULATED RECORDS")
    assert [tag for tag, _ in said.headings].count("h1") == 1


def test_both_renderers_leave_archival_and_accessible_pdfs(
    tmp_path: Path, report: Report, extension: Path, stand_in: Path
) -> None:
    from pypdf import PdfReader

    for renderer in ("embedded", "quarto"):
        (paper,) = render(report, tmp_path, renderer=renderer, formats=["pdf"], extension=extension)  # type: ignore[arg-type]
        root = PdfReader(io.BytesIO(paper.read_bytes())).trailer["/Root"]
        metadata = root["/Metadata"].get_data().decode()
        said = re.findall(r"<(pdf\w+:(?:part|conformance))>(\w+)<", metadata)
        assert dict(said) == {
            "pdfaid:part": "2",
            "pdfaid:conformance": "A",
            "pdfuaid:part": "1",
        }
        assert "/OutputIntents" in root and root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en"


# Quarto itself ----------------------------------------------------------------------------------


def _pages_of_the_last_build() -> list[Path]:
    folder = os.environ.get("ATIPS_EXECUTED")
    if folder:
        return sorted(Path(folder).rglob("*.ipynb"))
    from atips_analysis.pages.last_build import last_build

    try:
        return sorted((last_build(find_project(HERE)).parent / "executed").rglob("*.ipynb"))
    except InputError:
        return []


def test_quarto_itself_says_what_the_embedded_renderer_says_on_every_page(
    tmp_path: Path, sample: Any, profile: Any, extension: Path, facts: Any
) -> None:
    """The samples, and every page of the last build (or below ATIPS_EXECUTED) where there is one."""
    found = quarto.verdict()
    if not found.works:
        pytest.skip(f"{found.why}: its pages are not compared with the embedded renderer's")
    notebooks = _pages_of_the_last_build()
    for lang in ("en", "es"):
        notebooks.append(sample.example_notebook(tmp_path / "in" / f"sample-{lang}.ipynb", lang))
    for notebook in notebooks:
        lang = "es" if notebook.stem.endswith("-es") else "en"
        publication = publication_from(profile, lang=lang, simulated=True, period="2024")
        assert_same(Report(notebook.stem, notebook, publication), tmp_path, extension, facts)


def test_the_extension_asks_for_the_quarto_that_atips_asks_for(extension: Path) -> None:
    contributed = yaml.safe_load((extension / "_extension.yml").read_text("utf-8"))
    least = ".".join(map(str, quarto.SINCE))
    assert contributed["quarto-required"] == f">={least}.0"
    from atips_analysis.render.embedded import PDF_STANDARDS

    formats = contributed["contributes"]["formats"]
    assert formats["typst"]["pdf-standard"] == list(PDF_STANDARDS)
    assert formats["common"]["execute"] == {"enabled": False, "echo": False}
    named = [formats["html"]["theme"], formats["html"]["css"], formats["typst"]["template"]]
    named += [one["path"] for one in formats["common"]["filters"]]
    assert [name for name in named if not (extension / name).is_file()] == []
    assert json.dumps(contributed)

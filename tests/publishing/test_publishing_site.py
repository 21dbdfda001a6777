"""The project as a Quarto user finds it: which pages, from what, and what is refused."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from atips_analysis.errors import InputError
from atips_analysis.notebooks.committed import main as refuse_outputs
from atips_analysis.project import Project, find_project
from atips_analysis.render import pandoc, quarto

HOUSE = find_project(Path(__file__))
HOOKS = yaml.safe_load((HOUSE.root / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0][
    "hooks"
]
SOURCE = "---\ntitle: Source\n---"


@pytest.fixture
def settings() -> Any:
    return yaml.safe_load((HOUSE.root / "_quarto.yml").read_text("utf-8"))


@pytest.fixture
def built(tmp_path: Path, sample: Any) -> Project:
    """A small project with one page and, beside it, what the last build made of it."""
    root = tmp_path / "a house with spaces and é"
    shutil.copytree(HOUSE.council, root / "data" / "council")
    for name in ("_quarto.yml", "index.qmd", ".gitignore"):
        shutil.copyfile(HOUSE.root / name, root / name)
    shutil.copytree(HOUSE.extension, root / "_extensions" / "atips")
    project = Project(root)
    project.notebooks.mkdir()
    header, *rows = (HOUSE.notebooks / "pages.csv").read_text("utf-8").splitlines()
    page = next(row for row in rows if row.startswith("baseline,"))
    (project.notebooks / "pages.csv").write_text(f"{header}\n{page}\n", encoding="utf-8")
    sample.write_notebook(
        project.notebooks / "baseline.ipynb",
        sample.text_cell(SOURCE, "raw"),
        sample.code_cell("secret = 4711", count=None),
    )
    work = project.work / "2024-0f3a"
    sample.example_notebook(work / "executed" / "baseline" / "baseline.ipynb")
    about = {
        "baseline": "2021-2023",
        "edition": "0f3a",
        "simulated": True,
        "version": "1",
        "year": 2024,
    }
    (work / "public").mkdir()
    (work / "public" / "build.json").write_text(json.dumps(about), encoding="utf-8")
    pointer = {"2024": {"work": "data/work/2024-0f3a", "reports": "reports"}, "latest": "2024"}
    (project.work / "last-build.json").write_text(json.dumps(pointer), encoding="utf-8")
    return project


def asked(project: Project, name: str = "baseline") -> subprocess.CompletedProcess[str]:
    """As Quarto asks its notebook filter: the source as input, from the notebook's folder."""
    source = project.notebooks / f"{name}.ipynb"
    return subprocess.run(
        [sys.executable, "../_extensions/atips/last_build.py"],
        cwd=source.parent,
        input=source.read_text("utf-8"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def notebooks_of(register: Path) -> set[str]:
    with register.open(encoding="utf-8", newline="") as file:
        return {f"notebooks/{row['notebook']}.ipynb" for row in csv.DictReader(file)}


def test_the_site_is_made_of_the_pages_of_a_build_and_of_nothing_else(settings: Any) -> None:
    listed = settings["project"]["render"]
    assert set(listed) == notebooks_of(HOUSE.notebooks / "pages.csv") | {"index.qmd"}
    assert settings["project"]["type"] == "website"
    assert settings["project"]["output-dir"] == "_site"
    assert settings["execute"] == {"enabled": False}
    (own,) = settings["ipynb-filters"]
    assert (HOUSE.root / own).is_file()


def test_every_page_of_the_site_can_be_found_in_its_contents(settings: Any) -> None:
    named: set[str] = set()
    for part in settings["website"]["sidebar"]["contents"]:
        inside = part["contents"] if isinstance(part, dict) else [part]
        for one in [inside] if isinstance(inside, str) else inside:
            named |= {file.relative_to(HOUSE.root).as_posix() for file in HOUSE.root.glob(one)}
    assert set(settings["project"]["render"]) <= named
    front = (HOUSE.root / "index.qmd").read_text("utf-8").split("---")[1]
    patterns = yaml.safe_load(front)["listing"]["contents"]
    files = {
        file.relative_to(HOUSE.root).as_posix()
        for pattern in patterns
        if not pattern.startswith("!")
        for file in HOUSE.root.glob(pattern)
        if not file.name.startswith("_")
    } - {pattern[1:] for pattern in patterns}
    assert files == notebooks_of(HOUSE.notebooks / "pages.csv")


def test_quarto_finds_nothing_to_add_to_what_git_ignores() -> None:
    ignored = (HOUSE.root / ".gitignore").read_text("utf-8").splitlines()
    assert {"/.quarto/", "**/*.quarto_ipynb", "/_site/"} <= set(ignored)


def test_quarto_is_handed_what_the_last_build_left_of_a_notebook(built: Project) -> None:
    done = asked(built)
    assert (done.returncode, done.stderr) == (0, "")
    front, body = json.loads(done.stdout)["cells"]
    assert "4711" not in done.stdout and body["cell_type"] == "markdown"
    assert front["metadata"] == body["metadata"] == {} and "outputs" not in body
    values = yaml.safe_load("".join(front["source"]).strip("-\n"))
    mark = json.loads(values["atips"].strip("`"))
    assert ["Edition of the data bank", "0f3a (simulated records)"] in mark["made_from"]
    assert "SIMULATED RECORDS" in mark["opening"] and "made-from" in mark["closing"]
    picture = body["attachments"]["figures-cases.svg"]["image/svg+xml"]
    assert base64.b64decode(picture).startswith(b"<svg")
    assert "](attachment:figures-cases.svg){#fig-cases" in "".join(body["source"])


def _without_build(project: Project) -> None:
    (project.work / "last-build.json").unlink()


def _confidential(project: Project) -> None:
    executed = project.work / "2024-0f3a" / "executed" / "baseline" / "baseline.ipynb"
    document = json.loads(executed.read_text("utf-8"))
    document["cells"][1]["source"] = "---\nconfidential: true\n---"
    executed.write_text(json.dumps(document), encoding="utf-8")


def _no_page(project: Project) -> None:
    register = project.notebooks / "pages.csv"
    register.write_text(register.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("meddle", "words"),
    [
        (_without_build, "run atips build"),
        (_confidential, "holds confidential numbers"),
        (_no_page, "no page of a build"),
    ],
)
def test_where_there_is_nothing_to_hand_over_one_line_says_why(
    built: Project, meddle: Any, words: str
) -> None:
    meddle(built)
    done = asked(built)
    assert done.returncode != 0 and done.stdout == ""
    assert words in done.stderr and done.stderr.count("\n") == 1


def filtered(text: str, meta: dict[str, str], extension: Path) -> str:
    tree = pandoc.parse(text, "page", pandoc.AS_QUARTO)
    tree["meta"] = {
        name: {"t": "MetaInlines", "c": [{"t": "Code", "c": [["", [], []], value]}]}
        for name, value in meta.items()
    }
    option = f"--lua-filter={extension / 'publication.lua'}"
    return pandoc.write(tree, "html5", options=[option], modules=extension)


def test_a_page_without_the_mark_of_an_edition_is_refused(extension: Path) -> None:
    with pytest.raises(InputError, match="bears no mark of an edition"):
        filtered("# Numbers\n\n12 cases", {}, extension)


def test_a_marked_page_with_what_never_leaves_is_refused(extension: Path, tmp_path: Path) -> None:
    from atips_analysis.render import Publication
    from atips_analysis.render.publication import theme_words
    from atips_analysis.render.reports_gate import forbidden, never_leaves
    from atips_analysis.render.staging import mark

    publication = Publication(title="T", lang="en")
    about = mark(publication, theme_words(publication), []).strip("`")
    assert "12 cases" in filtered("12 cases", {"atips": about}, extension)
    for what, texts in never_leaves().items():
        for text in texts:
            shown = text.replace("#", "7")
            assert forbidden()[what].search(shown.encode()), "the gate and the filter agree"
            for place in (f"`{shown}`", f"[a]({shown}x)" if "\\" not in shown else f"`{shown}`"):
                with pytest.raises(InputError, match=what):
                    filtered(f"See {place}.", {"atips": about}, extension)


def test_notebooks_are_committed_without_outputs(
    tmp_path: Path, sample: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for notebook in HOUSE.notebooks.rglob("*.ipynb"):
        assert refuse_outputs([str(notebook)]) == 0, capsys.readouterr().out
    run = sample.example_notebook(tmp_path / "run.ipynb")
    assert refuse_outputs([str(run)]) == 1
    said = capsys.readouterr().out
    assert "holds outputs" in said and said.count("\n") == 1
    hook = next(one for one in HOOKS if one["id"] == "notebooks-without-outputs")
    assert (HOUSE.root / hook["entry"].split()[1]).is_file()


def test_what_is_checked_before_a_commit_is_what_lint_checks_with_the_locked_tools() -> None:
    recipe = (HOUSE.root / "Makefile").read_text("utf-8").split("\nlint:")[1].split("\n\n")[0]
    entries = {one["entry"].replace(".venv/bin", "$(BIN)") for one in HOOKS}
    own = {one for one in entries if one.startswith("$(BIN)")}
    assert len(own) == 4 and all(f"\t{one}" in recipe for one in own)
    assert {one["language"] for one in HOOKS} == {"system"}


@pytest.fixture
def working_quarto() -> Iterator[Path]:
    quarto._verdict.cache_clear()
    found = quarto.verdict()
    if not found.works or found.program is None:
        pytest.skip(f"{found.why}: the site is not made with it")
    yield found.program


def test_quarto_makes_a_page_of_the_site_and_touches_nothing_else(
    built: Project, working_quarto: Path
) -> None:
    def files() -> dict[str, str]:
        return {
            file.relative_to(built.root).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in built.root.rglob("*")
            if file.is_file() and {"_site", ".quarto"}.isdisjoint(file.parts)
        }

    before = files()
    done = subprocess.run(
        [working_quarto, "render", "notebooks/baseline.ipynb"],
        cwd=built.root,
        env={**os.environ, "QUARTO_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    page = (built.root / "_site" / "notebooks" / "baseline.html").read_text("utf-8")
    assert "Figure 1" in page.replace("\u00a0", " ") and "SIMULATED RECORDS" in page
    assert "4711" not in page and "{#tbl" not in page
    assert files() == before

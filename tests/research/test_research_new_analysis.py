"""`atips new-analysis`, `atips run`, and the page for researchers."""

from __future__ import annotations

import inspect
import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

import atips_analysis as atips
from atips_analysis import pages
from atips_analysis.build.building import build_reports
from atips_analysis.build.page_register import load_pages
from atips_analysis.cli import run
from atips_analysis.commands.new_analysis import make_analysis
from atips_analysis.databank import DataBank
from atips_analysis.errors import InputError
from atips_analysis.notebooks import run_notebook
from atips_analysis.project import Project, find_project
from atips_analysis.render.markdown import flatten

HERE = find_project(Path(__file__).parent)
RESEARCH = (
    "trends",
    "justice-pathway",
    "vulnerability-profile",
    "prevention-reach",
    "labour-inspections",
    "hidden-population",
)


def test_a_new_notebook_is_registered_and_runs_as_it_is(
    house: Project, reports: Path, kernels: bool, tmp_path: Path
) -> None:
    shutil.copy(HERE.root / "_quarto.yml", house.root / "_quarto.yml")
    path = make_analysis("age-of-cases", house.notebooks, 'Cases: how "old" are they?')
    listed = yaml.safe_load((house.root / "_quarto.yml").read_text(encoding="utf-8"))
    assert listed["project"]["render"][-1] == "notebooks/research/age-of-cases.ipynb"
    page = next(page for page in load_pages(house) if page.name == "research/age-of-cases")
    assert page.from_records and page.formats == ("html", "pdf")
    given = {"inputs": reports, "project": house.root}
    executed = run_notebook(path, tmp_path / "new.ipynb", given)
    assert flatten(executed).front_matter["title"] == 'Cases: how "old" are they?'
    assert (
        "| Potential and confirmed victims identified | 12 | 17 | 17 | 24 |"
        in flatten(executed).text
    )
    with pytest.raises(InputError, match="already"):
        make_analysis("age-of-cases", house.notebooks)


@pytest.mark.parametrize("name", ["Age", "age of cases", "../age", "age_of", "-age", "", "a" * 51])
def test_a_bad_name_is_refused_and_nothing_is_made(house: Project, name: str) -> None:
    before = sorted(house.notebooks.rglob("*"))
    with pytest.raises(InputError, match="small letters"):
        make_analysis(name, house.notebooks)
    assert sorted(house.notebooks.rglob("*")) == before


def test_every_research_notebook_is_a_page_that_bears_the_mark_of_its_records() -> None:
    known = {page.name: page for page in load_pages(HERE)}
    for name in RESEARCH:
        assert known[f"research/{name}"].from_records
    assert not known["for-researchers"].from_records


def test_the_list_of_parameters_says_type_default_and_meaning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["run", "trends", "--list"]) == 0
    told = capsys.readouterr().out
    assert "power: float = 0.8  how probably a change of the size shown would be noticed" in told
    assert run(["run", "--list"]) == 0
    listed = capsys.readouterr().out.split()
    assert "research/trends" in listed
    assert not any("_template" in name for name in listed), "the template is not an analysis"


def test_a_run_writes_nothing_among_the_reports_and_knows_its_renderers(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["run", "trends", "--out", str(HERE.reports / "mine")]) == 2
    assert (
        "only atips build, bulletin and release write among the reports" in capsys.readouterr().err
    )
    assert not (HERE.reports / "mine").exists()
    assert run(["run", "trends", "--out", str(tmp_path), "--renderer", "foo"]) == 2
    assert "'foo' is not one of auto, quarto, embedded" in capsys.readouterr().err


def test_a_wrong_type_on_the_command_line_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", "trends", "-p", "first_year=soon"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "has to be a whole number" in told


def test_the_page_for_researchers_answers_the_new_question_and_has_every_name(
    kernels: bool, tmp_path: Path
) -> None:
    source = HERE.notebooks / "for-researchers.ipynb"
    executed = run_notebook(source, tmp_path / "page.ipynb", {"project": HERE.root})
    text = flatten(executed).text
    asked = 'atips.indicator("PROT-07", bank, period="{}", by=["age_group"])'
    published = inspect.signature(build_reports).parameters["baseline"].default
    assert asked.format(published) in text, "other years may be hidden beside what is published"
    public = ("open_databank", "indicator", "shares", "measures", "dictionary", "public_table")
    for name in (*public, "show"):
        assert f"## {name} " in text and hasattr(atips, name)
    notebook = "A notebook of the site"
    things = ("An indicator", "A breakdown", "A stream", notebook, "A language", "A country")
    for thing in things:
        assert f"## {thing}" in text
    for path in re.findall(
        r"`((?:src|tests)/[\w/.]+|data/[\w/]+(?:\.csv|\.toml|/)|expectations/|notebooks/pages.csv)`",
        text,
    ):
        assert (HERE.root / path).exists(), path


def test_the_page_for_researchers_lists_every_name_of_the_kit(
    kernels: bool, tmp_path: Path
) -> None:
    source = HERE.notebooks / "for-researchers.ipynb"
    executed = run_notebook(source, tmp_path / "page.ipynb", {"project": HERE.root})
    text = flatten(executed).text.replace("\\_", "_")
    for name in pages.__all__:
        assert f"| {name} |" in text, name
    for name in ("edition.counts", "edition.series", "charts.bars", "charts.ratios"):
        assert f"| {name} |" in text, name
    assert "Where code names" not in text, "no page prints its software's debts"


def test_every_line_of_python_on_the_page_runs(
    house: Project, bank: DataBank, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = json.loads((HERE.notebooks / "for-researchers.ipynb").read_text(encoding="utf-8"))
    text = "\n".join(
        "".join(cell["source"]) for cell in cells["cells"] if cell["cell_type"] == "markdown"
    )
    blocks = re.findall(r"``` python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 7
    monkeypatch.chdir(house.root)
    sent = "victim_id,service_type,provider,start_month\n00000000000000a1,SHELTER,DHS,2025-01\n"
    (house.root / "services.csv").write_text(sent, encoding="utf-8")
    names: dict[str, object] = {}
    for block in blocks:
        exec(block.replace('"data/databank/example"', repr(str(house.databank))), names)
    days = names["days"]
    child = days[days["age_group"] == "CHILD"].iloc[0]  # type: ignore[index]
    assert (child["value"], child["denominator"], child["status"]) == (2, 24, "OK")
    assert days.attrs["published"], "the first answer is there at once"  # type: ignore[attr-defined]
    failed = [result for result in names["outcome"].results if not result.success]  # type: ignore[attr-defined]
    told = {result.expectation_config.meta["rule"] for result in failed}
    assert told == {"plausible month", "form details"}
    victims = names["victims"]
    assert set(victims["period"]) == {"2021", "2022", "2023", "2024"}  # type: ignore[index]


def test_the_citation_names_the_version() -> None:
    found = yaml.safe_load((HERE.root / "CITATION.cff").read_text(encoding="utf-8"))
    assert found["version"] == atips.__version__
    assert found["cff-version"] == "1.2.0" and found["authors"] and found["title"]

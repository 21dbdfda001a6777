"""Research notebooks: they run, say the numbers that the rows hold, and say them again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from atips_analysis.errors import InputError
from atips_analysis.notebooks import declared_parameters, run_notebook
from atips_analysis.pages import open_edition
from atips_analysis.project import Project
from atips_analysis.render.markdown import flatten

NAMES = (
    "trends",
    "justice-pathway",
    "vulnerability-profile",
    "prevention-reach",
    "labour-inspections",
    "hidden-population",
    "_template",
)


@pytest.fixture(scope="module")
def run(house: Project, reports: Path, kernels: bool, tmp_path_factory: pytest.TempPathFactory):
    """Run a notebook once with its defaults: (executed file, what its page says)."""
    done: dict[str, tuple[Path, str]] = {}

    def ran(name: str) -> tuple[Path, str]:
        if name not in done:
            out = tmp_path_factory.mktemp(name) / f"{name}.ipynb"
            given = {"inputs": reports, "project": house.root}
            run_notebook(house.notebooks / "research" / f"{name}.ipynb", out, given)
            done[name] = out, flatten(out).text
        return done[name]

    return ran


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_opens_with_the_mark_of_simulated_records_and_ends_with_its_parameters(
    run, name: str
) -> None:
    executed, text = run(name)
    assert flatten(executed).front_matter["simulated"] is True
    assert "invented so that the method can be tried" in text
    for parameter in declared_parameters(executed):
        assert f"| {parameter.name.replace('_', chr(92) + '_')} |" in text
    assert "Every parameter of this page" in text
    assert re.search(r"^# The question", text, re.MULTILINE)
    assert re.search(r"^# Limits", text, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_notebook_run_twice_is_the_same_to_the_byte(
    run, house: Project, reports: Path, tmp_path: Path, name: str
) -> None:
    first, _ = run(name)
    second = tmp_path / f"{name}.ipynb"
    given = {"inputs": reports, "project": house.root}
    run_notebook(house.notebooks / "research" / f"{name}.ipynb", second, given)
    assert second.read_bytes() == first.read_bytes()
    for picture in first.parent.glob("*.svg"):
        assert (tmp_path / picture.name).read_bytes() == picture.read_bytes()


def test_papermill_alone_gives_the_same_page(
    run, house: Project, reports: Path, kernels: bool, tmp_path: Path, monkeypatch
) -> None:
    import papermill

    out = tmp_path / "alone.ipynb"
    monkeypatch.chdir(house.root)  # `inputs` and `project` stay as the notebook declares them
    papermill.execute_notebook(
        house.notebooks / "research" / "labour-inspections.ipynb",
        out,
        {"first_year": 2021},
        progress_bar=False,
        cwd=house.root,
        kernel_name="python3",
    )
    cells = json.loads(out.read_text(encoding="utf-8"))["cells"]
    shown = [
        "".join(output["data"]["text/markdown"])
        for cell in cells
        for output in cell.get("outputs", [])
        if "text/markdown" in output.get("data", {})
    ]
    _, text = run("labour-inspections")
    assert len(shown) > 10
    assert all(part.strip() in text for part in shown if "simulated: true" not in part)


@pytest.mark.parametrize("name", ["labour-inspections", "justice-pathway"])
def test_opened_in_jupyterlab_a_notebook_says_the_same(
    run, house: Project, reports: Path, name: str
) -> None:
    """JupyterLab starts the kernel in the notebook's folder, and injects nothing."""
    import nbformat
    from nbclient import NotebookClient

    path = house.notebooks / "research" / f"{name}.ipynb"
    document = nbformat.read(path, as_version=4)
    there = {"metadata": {"path": str(path.parent)}}
    done = NotebookClient(document, kernel_name="python3", resources=there).execute()
    shown = [
        output["data"]["text/markdown"]
        for cell in done.cells
        for output in cell.get("outputs", [])
        if "text/markdown" in output.get("data", {})
    ]
    _, text = run(name)
    assert len(shown) > 8
    assert all(part.strip() in text for part in shown if "simulated: true" not in part)
    for picture in path.parent.glob("*.svg"):
        picture.unlink()


def test_victims_of_12_17_17_and_24_are_said_not_to_have_changed_as_on_every_page(run) -> None:
    _, text = run("trends")
    line = next(line for line in text.splitlines() if "Potential and confirmed victims" in line)
    assert "| 12 | 17 | 17 | 24 | 1.57 |" in line
    assert "{.statement of=PROT-01}" in line and "an increase" not in line
    potential = next(line for line in text.splitlines() if "Potential victims in the US" in line)
    assert "1.14 | 0.89 to 1.45" in potential


def test_potential_and_confirmed_victims_side_by_side_are_called_what_they_are(run) -> None:
    _, text = run("trends")
    assert "20 potential victims of 2020 stand beside 3 confirmed ones of 2021" in text
    assert "whether the number of victims did, they cannot tell" in text


def test_half_of_the_cases_are_charged_and_open_ones_are_not_left_out(run) -> None:
    _, text = run("justice-pathway")
    assert "**48** cases opened in 2021–2024" in text
    charged = next(line for line in text.splitlines() if line.startswith("| A person charged"))
    assert "| 24 | 50.0 |" in charged and "36.4" not in charged, "it may still rise: no interval"
    assert "| A person convicted | 0 |" in text
    # Half are charged after three months; the others wait, so that the median is just reached.
    line = next(line for line in text.splitlines() if line.startswith("| From the opening"))
    assert "| 24 charged, of 48 |" in line and re.search(r"\| \d+ \| \d+ to not reached \|", line)
    assert "| open, without a charge |" in text
    within = next(line for line in text.splitlines() if line.startswith("| Charged within 12"))
    assert "| 18 | 50.0 |" in within, within
    assert "never divided by one another" in " ".join(text.split())


def test_pairs_whose_tables_are_not_in_the_plan_are_named_and_said_not_to_be_tested(run) -> None:
    _, text = run("vulnerability-profile")
    assert re.search(r"(3\u00a0|Three )pairs of characteristics were to be tested", text)
    assert "none could be, from what may be shown" in text
    for pair in ("Sex and age", "Age and form"):
        line = next(line for line in text.splitlines() if line.startswith(f"| {pair}"))
        assert "| not tested |" in line and "left out" in line
    assert "None is found to go together" not in text


def test_everybody_was_threatened_so_that_the_count_stands_and_says_nothing_of_one(run) -> None:
    _, text = run("vulnerability-profile")
    assert "| Threats: of harm, of the authorities, against children | 46 | 100.0 |" in text
    assert "| Debt bondage, earnings or money withheld | 22 | 47.8 |" in text


def test_audience_sizes_are_not_collected_and_toledo_had_no_session(run) -> None:
    _, text = run("prevention-reach")
    assert "**20** sessions in 2021–2024" in text and "**400** attendances" in text
    assert "| Teachers | 16 | 320 | 20.0 | 4 |" in text
    assert "Toledo in 2021, Toledo in 2022, Toledo in 2023 and Toledo in 2024" in text
    assert "| 2024 | All audiences | 50 | 50 | 70.0 | 56.2 to 80.9 |" in text
    assert "**not collected**" in text and "**not known**" in text


def test_inspections_stand_beside_what_the_us_department_of_labor_published(run) -> None:
    _, text = run("labour-inspections")
    for line in (
        "| 2018 | 970 | US Department of Labor | : |  |",
        "| 2021 | 584 | US Department of Labor | 584 | the same |",
        "| 2023 | : |  | 800 |  |",
        "| 2024 | 834 | Council | 834 | the same |",
        "| 2019 | 25 | 1,020 | 40.8 | 0 |",
    ):
        assert line in text
    assert "10.0 % in 2023" in text
    assert "inspections on child labour were 125 of 834 in 2024 (15.0\N{NO-BREAK SPACE}%)" in text
    assert "capture-recapture). It is not attempted here, for four reasons" in text


def test_the_uk_lists_give_11313_and_are_refused_and_so_are_small_lists(run) -> None:
    _, text = run("hidden-population")
    assert "| This software | 11,313 | 9,889 | 13,063 |" in text
    assert "| BIC | LA:NG, LA:PFNCA, NG:PFNCA, NG:GP, PFNCA:GO | 22,991 |" in text
    assert "The gate refuses these lists." in text
    assert "more than twofold is too much" in text
    assert "are 70 models. They do not agree: 39 have no finite estimate" in text
    assert "say from 9,566 to 25,209 persons" in text
    assert "| referrals | \N{EN DASH} |" in text, "none is declared"
    assert "no number is given either" in text
    assert "there are not two lists that could overlap" in text


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("trends", {"first_year": 1999}, "the table has the years 2021 to 2024"),
        ("trends", {"first_year": 2023}, "too few years; give 3 or more"),
        ("trends", {"power": 0.1}, "'power' is 0.1"),
        ("justice-pathway", {"last_year": 2030}, "the table has the years"),
        ("vulnerability-profile", {"period": "2024"}, "there are 2021-2023"),
        ("vulnerability-profile", {"significance": 0.9}, "from 0.001 to 0.2"),
        ("vulnerability-profile", {"pairs": "sex x hair"}, "there are sex x age_group"),
        ("vulnerability-profile", {"pairs": ""}, "names no pair"),
        ("labour-inspections", {"first_year": 2010}, "the table has the years"),
        ("_template", {"indicator": "PROT-99"}, "'indicator' is 'PROT-99'"),
        ("prevention-reach", {"first_year": 2024, "last_year": 2021}, "swap them"),
        ("hidden-population", {"lists": "mars"}, "there are uk2013_5lists, uk2013_6lists"),
        ("hidden-population", {"referrals": "NG>MARS"}, "names the list MARS"),
        ("hidden-population", {"resamples": 5}, "give 0 for none, or 10 or more"),
    ],
)
def test_a_parameter_out_of_range_is_one_line(
    house: Project, reports: Path, kernels: bool, tmp_path: Path, name, given, told: str
) -> None:
    notebook = house.notebooks / "research" / f"{name}.ipynb"
    where = {"inputs": reports, "project": house.root}
    with pytest.raises(InputError) as failure:
        run_notebook(notebook, tmp_path / "out.ipynb", where | given)
    assert told in str(failure.value)
    assert "\n" not in str(failure.value)
    assert not (tmp_path / "out.ipynb").exists()


def test_without_a_build_the_line_says_what_to_do(house: Project, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="run atips build first"):
        open_edition(tmp_path, project=house.root)


def test_other_years_give_other_cohorts(
    house: Project, reports: Path, kernels: bool, tmp_path: Path
) -> None:
    notebook = house.notebooks / "research" / "justice-pathway.ipynb"
    where = {"inputs": reports, "project": house.root}
    two = run_notebook(notebook, tmp_path / "two.ipynb", where | {"first_year": 2023})
    text = flatten(two).text
    assert "**24** cases opened in 2023–2024" in text and "| A person charged | 12 | 50.0 |" in text
    one = run_notebook(notebook, tmp_path / "one.ipynb", where | {"first_year": 2024})
    assert "One year's cohort is too small" in flatten(one).text

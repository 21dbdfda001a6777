"""The researcher's API: protected by default; raw numbers mark the notebook and stay inside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import atips_analysis as atips
from atips_analysis.databank import DataBank
from atips_analysis.errors import FindingsError, InputError
from atips_analysis.project import Project
from atips_analysis.publishing import Publication, Report, render, run_notebook
from atips_analysis.publishing.confidential import is_confidential


@pytest.fixture(scope="module")
def opened(house: Project, bank: DataBank):
    return atips.open_databank(house.databank)


def ask(house: Project, opened, code: str, period, by=(), **more):
    return atips.indicator(code, opened, period, by, project=house, **more)


def test_the_median_days_to_the_first_service_for_children_take_four_lines(
    house: Project, opened, reports: Path
) -> None:
    frame = ask(house, opened, "PROT-07", "2022-2024", ["age_group"])
    child = frame[frame["age_group"] == "CHILD"].iloc[0]
    assert (child["value"], child["status"], child["denominator"]) == (2, "OK", 30)
    assert frame.attrs == {"edition": opened.edition, "simulated": True, "confidential": False}


def test_a_frame_has_the_documented_columns(house: Project, opened) -> None:
    frame = ask(house, opened, "PREV-01", 2024, ["district", "audience"])
    named = [
        name
        for column in atips.SCHEMA
        for name in (["district", "audience"] if column == "(dimensions)" else [column])
    ]
    assert list(frame.columns) == named
    assert frame["value"].iloc[0] == 5  # the total stands first


def test_small_counts_are_hidden_and_raw_ones_are_asked_for(
    house: Project, opened, reports: Path
) -> None:
    hidden = ask(house, opened, "PROT-01", 2021, ["citizenship_group"])
    raw = ask(house, opened, "PROT-01", 2021, ["citizenship_group"], confidential=True)
    assert 3 in raw["value"].tolist()
    assert not hidden["value"].isin([1, 2, 3, 4]).any()
    assert (hidden["status"] == "C").sum() >= 2
    assert raw.attrs["confidential"] is True


def test_what_a_build_has_published_is_protected_together_with_the_answer(
    house: Project, opened, reports: Path
) -> None:
    public = atips.public_table(reports)
    own = public[(public["indicator_id"] == "PROT-01") & (public["period"] == "2021")]
    blank = set(own.loc[own["status"] == "C", "citizenship_group"]) - {"Total"}
    answer = ask(house, opened, "PROT-01", "2021", ["citizenship_group"])
    assert blank and blank <= set(answer.loc[answer["status"] == "C", "citizenship_group"])


def test_rows_are_refused_without_the_word(opened) -> None:
    for read in (opened.victims, lambda: opened.frame("cases"), lambda: opened.beside("findings")):
        with pytest.raises(InputError, match="confidential=True"):
            read()
    assert len(opened.victims(year=2024, confidential=True)) == 24


@pytest.mark.parametrize(
    ("code", "period", "by", "told"),
    [
        ("PROT-99", 2024, (), "there are PREV-01"),
        ("PROT-01", "last year", (), "is not one that can be read"),
        ("PROT-01", 2024, ["colour"], "it can by status_of_victim, sex"),
        ("PROT-01", 2024, ["sex", "form"], "over pooled years only"),
        ("PROT-01", "2021-2024", ["sex", "form", "age_group"], "give two"),
        ("PROT-01", "2021-2024", ["district", "citizenship_group"], "never crossed"),
    ],
)
def test_what_cannot_be_asked_is_one_line(house: Project, opened, code, period, by, told) -> None:
    with pytest.raises(InputError, match=told) as failure:
        ask(house, opened, code, period, by)
    assert "\n" not in str(failure.value)


def test_measures_and_dictionary_say_what_there_is() -> None:
    table = atips.measures()
    assert {"PROT-01", "PROS-08", "PREV-01"} <= set(table["indicator_id"])
    assert table["about"].str.len().gt(0).all()
    assert "victim_id" in set(atips.dictionary("es")["column"])


def notebook(path: Path, *sources: str) -> Path:
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {"tags": ["parameters"]} if number == 0 else {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate(
            [
                "from pathlib import Path\n"
                "databank: Path = Path('.')  # folder of the data bank\n"
                "project: Path = Path('.')  # folder of the project",
                *sources,
            ]
        )
    ]
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


OPEN = (
    "import atips_analysis as atips\n"
    "from atips_analysis.project import Project\n"
    "bank = atips.open_databank(databank)\n"
)
ASK = "atips.indicator('PREV-02', bank, 2024, project=Project(project)"


def test_a_notebook_with_protected_numbers_becomes_a_page_marked_simulated(
    house: Project, bank: DataBank, kernels: bool, tmp_path: Path
) -> None:
    source = notebook(tmp_path / "safe.ipynb", OPEN + f"atips.show({ASK}), 'Attendances in 2024')")
    given = {"databank": house.databank, "project": house.root}
    executed = run_notebook(source, tmp_path / "out" / "safe.ipynb", given)
    page = render(
        Report("safe", executed, Publication(title="Attendances", reporting_lines=())),
        tmp_path / "pages",
        renderer="embedded",
        formats=("html",),
        theme=house.theme,
    )
    text = page[0].read_text(encoding="utf-8")
    assert "SIMULATED" in text and "Attendances in 2024" in text


@pytest.mark.parametrize(
    "raw",
    [
        f"raw = {ASK}, confidential=True);",
        "rows = bank.victims(year=2024, confidential=True);",
        f"word = 'confid' + 'ential'\nraw = {ASK}, **{{word: True}});",
    ],
)
def test_the_airlock_refuses_what_was_made_from_raw_numbers(
    house: Project, bank: DataBank, kernels: bool, tmp_path: Path, raw: str
) -> None:
    source = notebook(tmp_path / "raw.ipynb", OPEN + raw)
    given = {"databank": house.databank, "project": house.root}
    executed = run_notebook(source, tmp_path / "out" / "raw.ipynb", given)
    assert is_confidential(executed)
    with pytest.raises(FindingsError, match="may not leave"):
        render(Report("raw", executed, Publication(title="Raw")), tmp_path / "pages")
    assert not (tmp_path / "pages").exists()


def test_a_hidden_mark_is_found_by_what_the_cell_asks_for(tmp_path: Path) -> None:
    hidden = notebook(tmp_path / "a.ipynb", "%%capture\natips.indicator(x, confidential = 1)")
    assert is_confidential(hidden)
    assert not is_confidential(notebook(tmp_path / "b.ipynb", "f(confidential=False)"))

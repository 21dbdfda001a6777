"""The researcher's API: protected by default; raw numbers mark the notebook and stay inside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import atips_analysis as atips
from atips_analysis.databank import DataBank
from atips_analysis.errors import FindingsError, InputError
from atips_analysis.indicators.citation import table_hash
from atips_analysis.ledger.record import read_record
from atips_analysis.notebooks import run_notebook
from atips_analysis.notebooks.confidential import is_confidential
from atips_analysis.project import Project
from atips_analysis.render import Publication, Report, render


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
    told = {"edition": opened.edition, "simulated": True, "confidential": False, "published": False}
    assert frame.attrs == told | {"sha256": table_hash(frame)}


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
    assert hidden["status"].eq("C").sum() >= 2
    assert raw.attrs["confidential"] is True


def test_a_small_count_that_the_plan_does_not_publish_cannot_be_had_from_other_years(
    house: Project, opened, reports: Path
) -> None:
    by = ["citizenship_group"]
    raw = atips.indicator("PROT-01", opened, 2021, by, confidential=True)
    small = set(raw.loc[raw["value"].between(1, 4).fillna(False), by[0]]) - {"Total"}
    assert small
    pooled = ask(house, opened, "PROT-01", "2021-2022", by)
    later = ask(house, opened, "PROT-01", "2022", by)
    for code in small:  # 2021 cannot be had as the pooled years less 2022
        both = [frame[frame[by[0]] == code] for frame in (pooled, later)]
        assert any(len(row) == 0 or "C" in set(row["status"]) for row in both)


def test_a_published_breakdown_is_read_as_it_was_published(
    house: Project, opened, reports: Path
) -> None:
    public = atips.public_table(reports)
    for by in (["status_of_victim"], ["form"], ["age_group"]):
        answer = ask(house, opened, "PROT-01", 2022, by)
        own = public[(public["indicator_id"] == "PROT-01") & (public["period"] == "2022")]
        own = own[own[by[0]] != "Total"]
        assert answer.attrs["published"] is True
        assert answer["value"].tolist()[1:] == pytest.approx(own["value"].tolist(), nan_ok=True)
        assert answer["status"].tolist()[1:] == own["status"].tolist()


def test_asked_again_the_answer_is_the_same(house: Project, bank: DataBank, reports: Path) -> None:
    fresh = atips.open_databank(house.databank)
    first = ask(house, fresh, "PROT-01", "2022-2024", ["sex"])
    ask(house, fresh, "PROT-01", "2022-2024", ["form"])
    again = ask(house, fresh, "PROT-01", "2022-2024", ["sex"])
    assert first.equals(again) and not again.attrs["published"]


def test_answers_of_separate_calls_open_nothing_when_laid_side_by_side(
    house: Project, bank: DataBank, reports: Path
) -> None:
    import pandas as pd

    from atips_analysis.disclosure import System
    from atips_analysis.disclosure.released_table import released_from
    from atips_analysis.indicators import compute, parse_period
    from atips_analysis.indicators.denominators import mid_year_population
    from atips_analysis.indicators.place import narrow
    from atips_analysis.indicators.rows import rows_of

    fresh = atips.open_databank(house.databank)
    tables = (["citizenship_group"], ["district"], ["sex", "citizenship_group"], ["form"])
    for by in tables:
        ask(house, fresh, "PROT-01", "2022-2024", by)
    record = read_record(house.databank)
    given = [one.table for one in record.answers if one.door == "notebook"]
    assert len(given) >= 3
    everything = pd.concat([narrow(atips.public_table(reports)), *given])
    everything = everything[everything["indicator_id"].isin(set(given[0]["indicator_id"]))]
    also = [
        ("citizenship_group",),
        ("district",),
        ("sex", "citizenship_group"),
        ("form",),
        ("sex",),
    ]
    raw = compute(
        rows_of(bank),
        [parse_period(name) for name in sorted(set(everything["period"]))],
        sorted(set(everything["indicator_id"])),
        population=mid_year_population(house),
        vintage=bank.edition,
        also_by={("PROT-01", "VICTIM", "count"): also},
    )
    released, counts = released_from(everything, raw)
    report = System(counts, (), edition=bank.edition).attack(released.release, inside=False)
    assert report.solvable
    ours = {key for key in report.opened["key"] if str(key[0]).startswith("PROT-01")}
    assert not ours


@pytest.mark.whole
def test_quarters_asked_for_one_by_one_do_not_open_their_year(
    house: Project, bank: DataBank, reports: Path
) -> None:
    fresh = atips.open_databank(house.databank)
    year = ask(house, fresh, "PROT-01", 2024, ["citizenship_group"]).set_index("citizenship_group")
    hidden = [code for code, row in year.iterrows() if row["status"] == "C"]
    quarters = [
        ask(house, fresh, "PROT-01", f"2024-Q{n}", ["citizenship_group"]) for n in (1, 2, 3, 4)
    ]
    for code in hidden:
        found = [frame[frame["citizenship_group"] == code] for frame in quarters]
        assert any(len(own) == 0 or own["value"].isna().all() for own in found)


def test_rows_are_refused_without_the_word(opened) -> None:
    for read in (opened.victims, lambda: opened.frame("cases"), lambda: opened.kept("findings")):
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
        extension=house.extension,
    )
    text = page[0].read_text(encoding="utf-8")
    assert "SIMULATED" in text and "Attendances in 2024" in text


@pytest.mark.parametrize(
    "raw",
    [
        f"raw = {ASK}, confidential=True);",
        "rows = bank.victims(year=2024, confidential=True);",
        f"word = 'confid' + 'ential'\nraw = {ASK}, **{{word: True}});",
        f"copy = {ASK}, confidential=True).copy()\nimport os\ncopy.to_csv(os.devnull)",
        "import helping\ntotal = helping.total_of(bank)",
    ],
)
def test_the_airlock_refuses_what_was_made_from_raw_numbers(
    house: Project, bank: DataBank, kernels: bool, tmp_path: Path, raw: str
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "helping.py").write_text(  # a module of one's own, imported by the notebook
        "def total_of(bank):\n    return len(bank.victims(confidential=True))\n", encoding="utf-8"
    )
    source = notebook(tmp_path / "raw.ipynb", OPEN + raw)
    given = {"databank": house.databank, "project": house.root}
    executed = run_notebook(source, tmp_path / "out" / "raw.ipynb", given)
    assert is_confidential(executed)
    with pytest.raises(FindingsError, match="may not leave"):
        render(Report("raw", executed, Publication(title="Raw")), tmp_path / "pages")
    assert not (tmp_path / "pages").exists()


def test_numbers_of_no_published_table_make_a_working_page_and_no_page_of_a_build(
    house: Project, bank: DataBank, reports: Path, kernels: bool, tmp_path: Path
) -> None:
    raw = "frame = atips.indicator('PROT-01', bank, '2022-2024', ['sex'], project=Project(project))"
    source = notebook(tmp_path / "own.ipynb", OPEN + f"{raw}\natips.show(frame, 'By sex')")
    given = {"databank": house.databank, "project": house.root}
    executed = run_notebook(source, tmp_path / "out" / "own.ipynb", given)
    publication = Publication(title="Own", reporting_lines=())
    with pytest.raises(FindingsError, match="of no published table"):
        render(Report("own", executed, publication), tmp_path / "pages", extension=house.extension)
    page = render(
        Report("own", executed, publication, working=True),
        tmp_path / "pages",
        renderer="embedded",
        formats=("html",),
        extension=house.extension,
    )
    assert "Working page" in page[0].read_text(encoding="utf-8")


def test_a_hidden_mark_is_found_by_what_the_cell_asks_for(tmp_path: Path) -> None:
    hidden = notebook(tmp_path / "a.ipynb", "%%capture\natips.indicator(x, confidential = 1)")
    assert is_confidential(hidden)
    assert not is_confidential(notebook(tmp_path / "b.ipynb", "f(confidential=False)"))


@pytest.mark.parametrize(
    "source",
    [
        "import pandas as pd\npd.read_parquet('data/databank/example/editions/a/victims.parquet')",
        "from atips_analysis.databank import open_databank",
        "from atips_analysis import databank",
        "import duckdb",
    ],
)
def test_a_notebook_that_reads_the_files_of_the_data_bank_is_refused(
    tmp_path: Path, source: str
) -> None:
    assert is_confidential(notebook(tmp_path / "a.ipynb", source))
    assert not is_confidential(notebook(tmp_path / "b.ipynb", OPEN))


def test_shares_come_from_what_is_shown_with_the_interval_of_their_size(
    house: Project, opened, reports: Path
) -> None:
    counts = ask(house, opened, "PREV-02", 2024, ["audience"])
    shares = atips.shares(counts).set_index("audience")
    teachers = shares.loc["TEACHERS"]
    # 80 of 100; Wilson (1927): 71.1 to 86.7.
    assert (teachers["value"], teachers["numerator"], teachers["denominator"]) == (80, 80, 100)
    assert teachers["ci_low"] == pytest.approx(71.1, abs=0.05)
    assert teachers["ci_high"] == pytest.approx(86.7, abs=0.05)
    veiled = ask(house, opened, "PROT-01", 2021, ["citizenship_group"])
    none = atips.shares(veiled)
    assert none["value"].isna().all() and none["status"].eq("C").all()
    with pytest.raises(InputError, match="by one dimension"):
        atips.shares(ask(house, opened, "PROT-01", 2021))

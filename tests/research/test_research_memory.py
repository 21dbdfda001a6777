"""One memory: what left the data bank by any door is known to whoever asks by another."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from atips_analysis.cli import app
from atips_analysis.databank import DataBank, open_databank
from atips_analysis.disclosure.csv_tables import CountTable, read_counts
from atips_analysis.disclosure.releases import attack_releases, ties_by_counts
from atips_analysis.errors import InputError
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.compute import KEPT
from atips_analysis.indicators.edition_table import raw_table, years_and_pool
from atips_analysis.indicators.rows import rows_of
from atips_analysis.ledger.answers import answer, plan
from atips_analysis.ledger.of_databank import of_databank
from atips_analysis.ledger.question import Question, declared
from atips_analysis.ledger.record import begin_record, read_record, withdraw
from atips_analysis.project import Project

CODES = ("PROT-01", "PROT-02", "PROS-02")
WEEK = ("2021-2022", "2022-2023", "2021-2024", "2024-H1", "2024-H2", "2024-Q1", "2024-Q3")
DAY = ("2021-2022", "2022-2023", "2024-H1")
RUNNER = CliRunner()


@pytest.fixture(scope="module")
def planned(house: Project, bank: DataBank, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hand-made edition, and what a build of its last year prints is in its record."""
    folder = begin(house, tmp_path_factory.mktemp("planned") / "bank")
    own = open_databank(folder)
    answer(plan(own, house), own, rows_of(own), house, "notebook")
    assert [one.door for one in read_record(folder).answers] == ["build"]
    return folder


@pytest.fixture
def folder(planned: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(planned, tmp_path / "bank"))


def begin(house: Project, folder: Path) -> Path:
    shutil.copytree(house.databank / "editions", folder / "editions")
    shutil.copy(house.databank / "latest", folder / "latest")
    begin_record(folder)
    return folder


def by_sex(bank: DataBank, house: Project, file: Path, measure: str = "PROT-01") -> CountTable:
    """The counts of an edition by sex as a spreadsheet has them, in words."""
    raw = raw_table(bank, house, [parse_period("2024")])
    own = raw[raw["indicator_id"].eq(measure) & raw["statistic"].eq("count")]
    own = own[own["by_2"].eq("") & own["by_1"].isin(["", "sex"])]
    words = own["category_1"].map({"F": "Female", "M": "Male", "": "Total"})
    table = pd.DataFrame({"sex": words.fillna(own["category_1"]), "n": own["value"].astype(int)})
    table.to_csv(file, index=False)
    return read_counts(file, "n", ["sex"])


def test_a_table_said_to_be_of_the_data_bank_is_answered_from_the_record_and_stands_in_it(
    folder, house, tmp_path
):
    bank = open_databank(folder)
    table = by_sex(bank, house, tmp_path / "t.csv")
    before = len(read_record(folder).answers)
    given = of_databank(table, "PROT-01 VICTIM 2024", bank, house)
    said = dict(zip(given["sex"], given["n"], strict=True))
    asked = ask(folder, house, "2024")
    own = asked[asked["indicator_id"].eq("PROT-01") & asked["by_1"].isin(["", "sex"])]
    own = own[own["by_2"].eq("") & own["statistic"].eq("count")]
    there = {row["category_1"]: row["value"] for row in own.to_dict("records")}
    for word, code in (("Female", "F"), ("Male", "M"), ("Total", "")):
        if code in there and word in said:
            assert said[word] == ("" if pd.isna(there[code]) else f"{there[code]:.0f}")
    doors = [one.door for one in read_record(folder).answers]
    assert "protect" in doors and len(doors) > before


@pytest.mark.parametrize(
    ("name", "column", "why"),
    [
        ("PROT-01 VICTIM", "sex", "takes a measure and a period"),
        ("PROT-99 VICTIM 2024", "sex", "is not counted in the data bank"),
        ("PROT-01 VICTIM 2024", "colour", "no dimension of the data bank"),
    ],
)
def test_what_cannot_be_placed_in_the_data_bank_is_refused_in_one_line(
    folder, house, tmp_path, name, column, why
):
    file = tmp_path / "t.csv"
    file.write_text(f"{column},n\nFemale,12\nMale,7\nTotal,19\n", encoding="utf-8")
    table = read_counts(file, "n", [column])
    with pytest.raises(InputError, match=why):
        of_databank(table, name, open_databank(folder), house)


def test_a_table_that_prints_another_count_is_not_of_the_edition(folder, house, tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("sex,n\nFemale,412\nMale,307\nTotal,719\n", encoding="utf-8")
    with pytest.raises(InputError, match="the table is not of it"):
        of_databank(
            read_counts(file, "n", ["sex"]), "PROT-01 VICTIM 2024", open_databank(folder), house
        )


def question(name: str) -> Question:
    period = parse_period(name)
    return declared(years_and_pool(name) if period.whole_years else [period], CODES)


def ask(folder: Path, house: Project, name: str, door: str = "indicators") -> pd.DataFrame:
    """Each time the data bank is opened anew, as another notebook or command does."""
    bank = open_databank(folder)
    return answer(question(name), bank, rows_of(bank), house, door).table  # type: ignore[arg-type]


def by_subtraction(tables: list[pd.DataFrame]) -> list[tuple[str, ...]]:
    """Counts of 1 to 4 of a year that exact numbers of all tables add up to, and none prints."""
    everything = pd.concat(tables)
    counts = everything[
        everything["statistic"].eq("count")
        & everything["unit_of_count"].isin(["VICTIM", "SUSPECT"])
        & everything["status"].isin(["OK", "Z"])
    ]
    found = []
    for line, rows in counts.groupby(["indicator_id", "by_1", "category_1", "by_2", "category_2"]):
        printed = dict(zip(rows["period"], rows["value"].astype(float), strict=True))
        months = sorted({m for name in printed for m in _months(str(name))})
        matrix = np.array([[m in _months(str(name)) for m in months] for name in printed], float)
        for year in sorted({m[:4] for m in months}):
            wanted = np.array([m.startswith(year) for m in months], float)
            weights = np.linalg.lstsq(matrix.T, wanted, rcond=None)[0]
            value = float(weights @ np.array(list(printed.values())))
            if np.allclose(matrix.T @ weights, wanted) and 0.5 < value < 4.5:
                found.append((*map(str, line), year))
    return found


def _months(name: str) -> set[str]:
    period = parse_period(name)
    every = [f"{year}-{month:02d}" for year in period.years for month in range(1, 13)]
    return {month for month in every if period.start <= month <= period.end}


@pytest.mark.parametrize(
    "asked", [DAY, pytest.param(WEEK, marks=pytest.mark.whole)], ids=["day", "week"]
)
def test_an_officers_day_and_week_open_nothing(
    folder: Path, house: Project, asked: tuple[str, ...]
) -> None:
    bank = open_databank(folder)
    rows = rows_of(bank)
    tables = [answer(plan(bank, house), bank, rows, house, "indicators").table]
    tables += [ask(folder, house, name) for name in asked]
    assert by_subtraction(tables) == []
    raw = [raw_table(bank, house, list(question(name).periods)) for name in asked]
    assert by_subtraction([tables[0], *raw])  # the numbers as they are would open some
    record = read_record(folder)
    assert record is not None
    counts = {key: count for one in record.answers for key, count in one.counts.items()}
    told = [part for one in record.answers for part in one.released]
    first = attack_releases(told[:2], counts=counts)
    report = attack_releases(told, counts=counts)
    assert report.solvable
    printed = {key for one in told for key, shown in one.shown.items() if shown is None}
    opened = set(report.opened["key"]) & printed
    assert opened <= set(first.opened["key"])


def test_what_is_asked_again_is_answered_the_same_by_every_door(folder, house) -> None:
    first = ask(folder, house, "2021-2022")
    ask(folder, house, "2022-2023")
    pd.testing.assert_frame_equal(first, ask(folder, house, "2021-2022"))
    again = ask(folder, house, "2021-2022", door="notebook")
    pd.testing.assert_frame_equal(first, again)
    assert len(read_record(folder).answers) == 3  # the reports' table, and two answers


def test_an_answer_that_was_withdrawn_binds_nothing_any_more(folder, house) -> None:
    first = ask(folder, house, "2021-2022")
    for one in read_record(folder).answers:
        withdraw(folder, one.name[:6])
    assert not read_record(folder).answers and len(read_record(folder).withdrawn) == 2
    pd.testing.assert_frame_equal(first, ask(folder, house, "2021-2022"))
    with pytest.raises(InputError, match="no single answer is called 'zzz'"):
        withdraw(folder, "zzz")


def test_without_a_record_nothing_is_answered_beyond_the_reports(folder, house) -> None:
    shutil.rmtree(folder / "answers")
    assert len(ask(folder, house, "2022"))
    with pytest.raises(InputError, match="no record of what was answered"):
        ask(folder, house, "2021-2022")
    assert not (folder / "answers").exists()


def test_a_record_that_was_changed_is_not_believed(folder, house) -> None:
    ask(folder, house, "2021-2022")
    file = sorted((folder / "answers").glob("*.json"))[0]
    file.write_text(file.read_text("utf-8").replace('"door":"build"', '"door":"notebook"'), "utf-8")
    with pytest.raises(InputError, match="does not follow the answer before it"):
        read_record(folder)


def test_answers_are_listed_and_withdrawn_by_command(folder, house) -> None:
    ask(folder, house, "2021")
    bank = ["--databank", str(folder)]
    listed = RUNNER.invoke(app, ["databank", "answers", *bank])
    assert listed.exit_code == 0 and "PROS-02, PROT-01, PROT-02 for 2021" in listed.output
    names = RUNNER.invoke(app, ["databank", "answers", *bank, "--quiet"]).output.split()
    gone = RUNNER.invoke(app, ["databank", "withdraw", names[-1], *bank])
    assert gone.exit_code == 0 and f"withdrawn: answer {names[-1]}" in gone.output
    said = RUNNER.invoke(app, ["databank", "answers", *bank]).output
    assert "1 answers, 1 withdrawn" in said


@pytest.mark.whole
def test_what_no_correction_may_say_is_answered_as_it_was_by_every_door(
    house, tmp_path, edition_of_victims, hand_made_victims
):
    """One victim of 2024 was confirmed, and is withdrawn: that none is now would tell of her."""
    folder, rows = tmp_path / "bank", hand_made_victims
    hers = rows["victim_id"].eq(f"2024{1:012x}")
    confirmed = rows.assign(status=rows["status"].mask(hers, "CONFIRMED"))
    before = edition_of_victims(folder, confirmed)
    begin_record(folder)
    first = ask(folder, house, "2024")
    after = edition_of_victims(folder, confirmed[~hers])
    second = ask(folder, house, "2024")
    kept = second["vintage"].eq(before.edition)
    assert set(second[~kept]["vintage"]) == {after.edition}
    assert set(second[kept]["indicator_id"]) == {"PROT-01", "PROT-02"}
    assert second[kept]["note"].str.endswith(KEPT).all()
    same = [name for name in second if name != "note"]
    pd.testing.assert_frame_equal(second.loc[kept, same], first.loc[second.index[kept], same])
    half = ask(folder, house, "2024-H1")
    untold = half["vintage"].eq("")
    assert set(half[untold]["status"]) == {"C"} and set(half[untold]["note"]) == {KEPT}
    assert set(half[~untold]["vintage"]) == {after.edition}
    record = read_record(folder)
    told = [part for one in record.answers for part in one.released]
    counts = {key: count for one in record.answers for key, count in one.counts.items()}
    ties = ties_by_counts(told, counts)
    assert attack_releases(told, ties=ties, counts=counts).safe

"""One memory: what left the data bank by any door is known to whoever asks by another."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from atips_analysis.build.protecting import protected_build
from atips_analysis.cli import app
from atips_analysis.databank import DataBank, open_databank
from atips_analysis.errors import InputError
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.edition_table import raw_table, years_and_pool
from atips_analysis.indicators.rows import rows_of
from atips_analysis.ledger.answers import answer
from atips_analysis.ledger.question import Question, asked_for
from atips_analysis.ledger.record import read_record, withdraw
from atips_analysis.project import Project

CODES = ("PROT-01", "PROT-02")
RUNNER = CliRunner()


@pytest.fixture
def banked(house: Project, bank: DataBank, tmp_path: Path) -> DataBank:
    """The hand-made edition in a data bank of its own, with an empty record."""
    shutil.copytree(house.databank / "editions", tmp_path / "bank" / "editions")
    shutil.copy(house.databank / "latest", tmp_path / "bank" / "latest")
    (tmp_path / "bank" / "answers").mkdir()
    return open_databank(tmp_path / "bank")


def built(banked: DataBank, house: Project) -> pd.DataFrame:
    periods = [parse_period(name) for name in ("2021", "2022", "2023", "2024", "2021-2023")]
    raw = raw_table(banked, house, periods)
    return protected_build(raw, banked, house, 2024)[0].table


def ask(banked: DataBank, house: Project, *names: str, door: str = "indicators") -> pd.DataFrame:
    periods = [period for name in names for period in years_and_pool(name)]
    question = asked_for(periods, CODES, {})
    return answer(question, banked, rows_of(banked), house, door).table  # type: ignore[arg-type]


def determined(tables: list[pd.DataFrame]) -> dict[tuple[str, ...], dict[str, float]]:
    """For each line of counts, the single years that the exact numbers of all tables add up to."""
    lines: dict[tuple[str, ...], dict[str, float]] = {}
    for table in tables:
        counts = table[(table["statistic"] == "count") & table["status"].isin(["OK", "Z"])]
        counts = counts[counts["unit_of_count"] == "VICTIM"]
        for row in counts.to_dict("records"):
            line = tuple(
                str(row[n]) for n in ("unit_of_count", "by_1", "category_1", "by_2", "category_2")
            )
            lines.setdefault((row["indicator_id"], *line), {})[str(row["period"])] = row["value"]
    found: dict[tuple[str, ...], dict[str, float]] = {}
    for line, printed in lines.items():
        years = sorted({year for name in printed for year in parse_period(name).years})
        matrix = np.array(
            [[year in parse_period(n).years for year in years] for n in printed], float
        )
        values = np.array(list(printed.values()), float)
        for place, year in enumerate(years):
            wanted = np.zeros(len(years))
            wanted[place] = 1
            weights = np.linalg.lstsq(matrix.T, wanted, rcond=None)[0]
            if np.allclose(matrix.T @ weights, wanted):
                found.setdefault(line, {})[str(year)] = round(float(weights @ values), 6)
    return found


def test_answers_for_other_years_open_nothing_beside_a_build_by_plain_subtraction(banked, house):
    tables = [built(banked, house)]
    for names in (("2021-2022",), ("2022-2023",), ("2021-2024",)):
        tables.append(ask(banked, house, *names))
    # Were the answers given each by itself, some would be opened: the test can fail.
    alone = determined([raw_table(banked, house, [parse_period(n)]) for n in ("2021-2022", "2022")])
    assert any(1 <= value < 5 for years in alone.values() for value in years.values())
    for line, years in determined(tables).items():
        assert not [year for year, value in years.items() if 1 <= value < 5], (line, years)


def test_the_order_in_which_is_asked_opens_nothing_either(banked, house):
    tables = [ask(banked, house, names) for names in ("2021-2024", "2022-2023", "2021")]
    tables.append(built(banked, house))
    for line, years in determined(tables).items():
        assert not [year for year, value in years.items() if 1 <= value < 5], (line, years)


def test_what_is_asked_again_is_answered_the_same_by_every_door(banked, house):
    first = ask(banked, house, "2021-2022")
    built(banked, house)
    ask(banked, house, "2022-2023")
    record = read_record(banked.folder.parent.parent)
    again = ask(open_databank(banked.folder.parent.parent), house, "2021-2022", door="notebook")
    left = first.set_index([*first.columns[:10]])[["value", "status"]].sort_index()
    right = again.set_index([*again.columns[:10]])[["value", "status"]].sort_index()
    pd.testing.assert_frame_equal(left, right)
    assert read_record(banked.folder.parent.parent).digest == record.digest


def test_a_build_that_is_made_again_is_the_same_whatever_was_answered_since(banked, house):
    first = built(banked, house)
    ask(banked, house, "2021-2022")
    pd.testing.assert_frame_equal(first, built(banked, house))
    doors = [one.door for one in read_record(banked.folder.parent.parent).answers]
    assert doors == ["build", "indicators"]


def test_quarters_and_their_year_are_one_system_whoever_asked_for_which(banked, house):
    rows = rows_of(banked)
    asked = {("PROT-01", "VICTIM", "count"): frozenset({(), ("citizenship_group",)})}
    tables = [
        answer(Question({f"2024-Q{n}": asked}), banked, rows, house, "notebook").table
        for n in (1, 2, 3, 4)
    ]
    tables.append(answer(Question({"2024": asked}), banked, rows, house, "indicators").table)
    everything = pd.concat(tables)
    for (_, category), line in everything.groupby(["by_1", "category_1"]):
        hidden = line[line["status"] == "C"]
        if len(line) == 5:
            assert len(hidden) != 1, (category, line[["period", "value", "status"]])


def test_an_answer_that_was_withdrawn_stands_against_none_any_more(banked, house):
    databank = banked.folder.parent.parent
    first = built(banked, house)
    ask(banked, house, "2021-2024")
    for one in read_record(databank).answers:
        withdraw(databank, one.name[:6])
    record = read_record(databank)
    assert not record.answers and len(record.withdrawn) == 2 and record.digest
    pd.testing.assert_frame_equal(first, built(banked, house))
    with pytest.raises(InputError, match="no single answer is called 'zzz'"):
        withdraw(databank, "zzz")


def test_without_a_record_single_years_are_answered_and_nothing_beyond(banked, house):
    shutil.rmtree(banked.folder.parent.parent / "answers")
    assert len(ask(banked, house, "2022"))
    with pytest.raises(InputError, match="no record of what was answered"):
        ask(banked, house, "2021-2022")


def test_a_record_that_was_changed_is_not_believed(banked, house):
    ask(banked, house, "2021")
    ask(banked, house, "2022")
    databank = banked.folder.parent.parent
    file = sorted((databank / "answers").glob("*.json"))[0]
    file.write_text(
        file.read_text("utf-8").replace('"door":"indicators"', '"door":"notebook"'), "utf-8"
    )
    with pytest.raises(InputError, match="does not follow the answer before it"):
        read_record(databank)


def test_answers_are_listed_and_withdrawn_by_command(banked, house):
    ask(banked, house, "2021")
    databank = str(banked.folder.parent.parent)
    listed = RUNNER.invoke(app, ["databank", "answers", "--databank", databank])
    assert listed.exit_code == 0 and "PROT-01, PROT-02 for 2021" in listed.output
    name = RUNNER.invoke(
        app, ["databank", "answers", "--databank", databank, "--quiet"]
    ).output.strip()
    gone = RUNNER.invoke(app, ["databank", "withdraw", name, "--databank", databank])
    assert gone.exit_code == 0 and f"withdrawn: answer {name}" in gone.output
    assert (
        "0 answers, 1 withdrawn"
        in RUNNER.invoke(app, ["databank", "answers", "--databank", databank]).output
    )

"""A baseline that holds: frozen once, sealed, and compared without opening a cell."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.indicators.place import is_total
from atips_analysis.ledger import revision as module
from atips_analysis.ledger.freezing import SIMULATED_MARK, freeze
from atips_analysis.ledger.frozen_baseline import (
    FrozenBaseline,
    baseline_path,
    find_baseline,
    read_baseline,
)
from atips_analysis.ledger.revision import differences, revision, told
from atips_analysis.project import Project, find_project
from atips_analysis.quality.returns_received import COLUMNS

ROLE = "Chair, M&E Committee"
TYPES = {"year": "Int64", "count": "Int64", "age": "Int64", "bool": "boolean"}


@dataclass
class SmallBank:
    """An edition of reports only, made by hand, and of persons `screened` in each year."""

    reports: dict[int, tuple[int, int]]
    root: Path
    edition: str = "aaaaaaaaaaaa"
    simulated: bool = False
    screened: dict[int, int] = field(default_factory=dict)
    years: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.years = tuple(self.reports)

    @property
    def folder(self) -> Path:
        return self.root / "databank" / "editions" / self.edition

    def frame(self, stream: str) -> pd.DataFrame:
        columns = load_codebook().stream(stream).columns
        rows = []
        if stream == "reports":
            for year, (became, not_) in self.reports.items():
                for yes, n in ((True, became), (False, not_)):
                    rows.append(
                        {
                            "month": f"{year}-05", "channel": "HOTLINE", "became_case": yes, "n": n,
                            "file": f"BPD_{year}.xlsx", "sheet": "R", "row": 2 + yes,
                            "submitted_by": "BPD", "submitted_for": year, "source": "register",
                        }
                    )  # fmt: skip
        if stream == "screenings":
            for year, n in self.screened.items():
                rows.append(
                    {
                        "month": f"{year}-05", "agency": "IMM", "citizenship_group": "BLZ",
                        "sex": "F", "age_group": "ADULT", "outcome": "NO_IND", "n": n,
                        "file": f"IMM_{year}.xlsx", "sheet": "S", "row": 2,
                        "submitted_by": "IMM", "submitted_for": year, "source": "register",
                    }
                )  # fmt: skip
        names = [column.name for column in columns]
        provenance = ["file", "sheet", "row", "submitted_by", "submitted_for", "source"]
        kinds = {column.name: TYPES.get(column.type, "str") for column in columns}
        kinds |= dict.fromkeys(provenance, "str") | {"row": "Int64", "submitted_for": "Int64"}
        return pd.DataFrame(rows, columns=[*names, *provenance]).astype(kinds)

    def nil_returns(self) -> pd.DataFrame:
        return pd.DataFrame(columns=["submitted_by", "submitted_for", "stream"])

    def kept(self, table: str) -> pd.DataFrame:
        if table == "returns":
            return pd.DataFrame(columns=COLUMNS, dtype="str")
        place = ["stream", "file", "sheet", "row", "submitted_by", "submitted_for"]
        return pd.DataFrame(columns=[*place, "column", "rule", "severity"])


REPORTS = {2021: (5, 62), 2022: (2, 63), 2023: (7, 56)}


@pytest.fixture
def house(tmp_path: Path) -> Project:
    return house_in(tmp_path)


def house_in(root: Path) -> Project:
    (root / "data").mkdir()
    for name in ("framework", "published", "council"):
        (root / "data" / name).symlink_to(find_project().data / name)
    return Project(root)


@pytest.fixture(scope="module")
def once_frozen(tmp_path_factory: pytest.TempPathFactory) -> Project:
    house = house_in(tmp_path_factory.mktemp("frozen"))
    _, written = freeze(SmallBank(REPORTS, house.root), house, "2021-2023", f"  {ROLE} ")
    assert written
    return house


@pytest.fixture
def frozen(once_frozen: Project, house: Project) -> FrozenBaseline:
    """The baseline of `bank` as it lies in `house`."""
    shutil.copytree(once_frozen.baseline, house.baseline)
    return read_baseline(baseline_path(house, "2021-2023", simulated=False), house)


@pytest.fixture
def bank(tmp_path: Path) -> SmallBank:
    return SmallBank(REPORTS, tmp_path)


def test_a_baseline_names_edition_code_role_and_seal(bank, frozen):
    assert frozen.edition == bank.edition
    assert frozen.seal["frozen_by"] == ROLE
    assert len(frozen.seal["sha256"]) == 64 and len(frozen.seal["code"]) == 64
    assert set(frozen.table["period"]) == {"2021", "2022", "2023", "2021-2023"}


def test_what_is_frozen_is_protected(tmp_path, house):
    bank = SmallBank(REPORTS, tmp_path, screened={2021: 30, 2022: 3, 2023: 12})
    frozen, _ = freeze(bank, house, "2021-2023", ROLE)
    table = frozen.table[frozen.table["indicator_id"] == "PREV-07"]
    totals = table[is_total(table) & table["statistic"].eq("count")].set_index("period")
    assert totals["status"].to_dict() == {"2021": "OK", "2022": "C", "2023": "OK", "2021-2023": "C"}
    assert totals.loc["2022", ["value", "ci_low", "ci_high"]].isna().all()
    assert totals.loc["2022", ["low", "high"]].tolist() == [1, 4]
    assert not set(frozen.table["status"]) & {"P", "S"}


def test_freezing_the_same_again_changes_nothing(bank, house, frozen):
    before = {file: file.read_bytes() for file in house.baseline.iterdir()}
    again, written = freeze(bank, house, "2021-2023", "Somebody else")
    assert not written and again.seal == frozen.seal
    assert {file: file.read_bytes() for file in house.baseline.iterdir()} == before


def test_another_baseline_is_not_frozen_over_the_old_one_until_that_is_moved(bank, house, frozen):
    late = SmallBank(REPORTS | {2021: (5, 70)}, bank.root, edition="bbbbbbbbbbbb")
    with pytest.raises(InputError, match="frozen already"):
        freeze(late, house, "2021-2023", ROLE)
    for file in list(house.baseline.iterdir()):
        file.rename(file.with_name(f"old-{file.name}"))
    other, written = freeze(late, house, "2021-2023", ROLE)
    assert written and other.edition == "bbbbbbbbbbbb"


@pytest.mark.parametrize("suffix", [".json", ".csv"])
def test_a_baseline_that_was_edited_is_refused(house, frozen, suffix):
    file = frozen.path.with_suffix(suffix)
    file.write_text(file.read_text(encoding="utf-8").replace("67", "68", 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"was changed after it was frozen; restore"):
        read_baseline(frozen.path, house)


def test_a_new_seal_over_an_edited_role_is_refused_too(house, frozen):
    seal = json.loads(frozen.path.read_text(encoding="utf-8"))
    frozen.path.write_text(json.dumps(seal | {"frozen_by": "Nobody"}), encoding="utf-8")
    with pytest.raises(InputError, match="changed"):
        read_baseline(frozen.path, house)


def test_a_baseline_of_simulated_records_says_so_in_name_and_content(tmp_path, house):
    bank = SmallBank(REPORTS, tmp_path, simulated=True)
    frozen, _ = freeze(bank, house, "2021-2023", ROLE)
    assert frozen.path.name == "baseline-2021-2023-simulated.json"
    assert frozen.seal["mark"] == SIMULATED_MARK
    assert frozen.seal["records"] == "simulated" and frozen.simulated
    assert set(frozen.table["source"]) == {"simulated"}
    assert find_baseline(house, "2021-2023", simulated=False) is None


def test_a_year_without_any_return_cannot_be_part_of_a_baseline(bank, house):
    with pytest.raises(InputError, match="no return for 2020"):
        freeze(bank, house, "2020-2023", ROLE)


def test_a_baseline_needs_a_role_and_whole_years(bank, house):
    with pytest.raises(InputError, match="role"):
        freeze(bank, house, "2021-2023", "  ")
    with pytest.raises(InputError, match="whole years"):
        freeze(bank, house, "2021-H1", ROLE)


def test_the_same_data_revise_nothing(bank, house, frozen):
    assert revision(frozen, bank, bank, house).differences.empty


def test_late_records_are_a_difference_explained_by_rows(bank, house, frozen):
    late = SmallBank(REPORTS | {2023: (7, 80)}, bank.root, edition="bbbbbbbbbbbb")
    found = revision(frozen, late, bank, house)
    rows = found.differences[is_total(found.differences)]
    rows = rows.set_index(["indicator_id", "statistic", "period"])
    line = rows.loc["PREV-09", "count", "2023"]
    assert (line["frozen"], line["today"]) == (63, 87)
    assert line["rows_changed"] in ("C", "1")
    assert ("PREV-09", "count", "2021") not in rows.index


@pytest.mark.usefixtures("cases_and_reports_as_persons")
def test_of_figures_that_are_kept_no_rows_are_told(bank, house, monkeypatch):
    frozen, _ = freeze(bank, house, "2021-2023", ROLE)
    late = SmallBank(REPORTS | {2023: (7, 80)}, bank.root, edition="bbbbbbbbbbbb")
    asked = module.answer

    def kept(*question):
        given = asked(*question)
        return replace(given, table=given.table.assign(vintage="of another release"))

    assert "0" in set(revision(frozen, late, bank, house).differences["rows_added"])
    monkeypatch.setattr(module, "answer", kept)
    rows = revision(frozen, late, bank, house).differences
    assert len(rows) and set(rows["rows_added"]) == {"C"}


def test_without_the_frozen_edition_rows_are_not_told(bank, house, frozen):
    late = SmallBank(REPORTS | {2023: (7, 80)}, bank.root, edition="bbbbbbbbbbbb")
    found = revision(frozen, late, None, house)
    assert not found.explained and set(found.differences["rows_added"]) == {"M"}


def test_real_and_simulated_are_never_compared(house, frozen, tmp_path):
    other = SmallBank(REPORTS, tmp_path, simulated=True)
    with pytest.raises(InputError, match="simulated"):
        revision(frozen, other, None, house)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0, 0), ("0", "0", "0")),
        ((7, 0, 5), ("7", "0", "5")),
        ((4, 0, 0), ("C", "C", "0")),
        ((9, 2, 1), ("C", "C", "C")),
        ((5, 5, 4), ("5", "5", "C")),
    ],
)
def test_rows_of_persons_are_told_from_five_and_never_by_subtraction(counts, said):
    assert told(counts, persons=True, total_hidden=False) == said


def test_rows_behind_a_hidden_total_are_not_told_and_those_of_things_always_are():
    assert told((9, 0, 0), persons=True, total_hidden=True) == ("C", "C", "C")
    assert told((1, 2, 3), persons=False, total_hidden=True) == ("1", "2", "3")


def test_a_table_does_not_differ_from_itself(frozen):
    assert differences(frozen.table, frozen.table).empty

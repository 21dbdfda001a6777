"""A small data bank made by hand, and the public side that a build would make of it.

Victims by year are 12, 17, 17 and 24: with 20 after them they are the potential victims of
2016 to 2020 in the US reports.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.databank import DataBank, open_databank, write_edition
from atips_analysis.databank.edition import CHANGE, FINDING, HEADER
from atips_analysis.project import Project, find_project
from atips_analysis.statements import statements_of_edition, write_statements

HERE = find_project(Path(__file__).parent)
VICTIMS = {2021: 12, 2022: 17, 2023: 17, 2024: 24}
INSPECTIONS = {2021: 584, 2022: 831, 2023: 800, 2024: 834}
DISTRICTS = ("BZ", "CY", "CZL", "OW", "SC")
CASES_A_YEAR = 12


def rows_of_streams() -> dict[str, list[dict[str, object]]]:
    """Rows of every stream as text; Toledo never has a session, and no case ends in a conviction."""
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in load_codebook().streams}
    for year, victims in VICTIMS.items():
        for n in range(victims):
            code, child = f"{year}{n:012x}", n % 2 == 0
            rows["victims"].append(
                {
                    "year": year,
                    "victim_id": code,
                    "case_id": f"BZ-CASE-{year}-{n % CASES_A_YEAR + 1:04d}",
                    "identified_year": str(year),
                    "sex": "M" if n % 3 == 0 else "F",
                    "age_group": "CHILD" if child else "ADULT",
                    "citizenship": "BLZ" if n % 4 else "GTM",
                    "status": "POTENTIAL",
                    "status_date": f"{year}-{n % 12 + 1:02d}",
                    "decision_by": "DHS",
                    "form": "SEX_CSEC" if child else "LAB_SECTOR",
                    "primary_form": "yes",
                    "country_of_exploitation": "BLZ",
                    "means_of_control": "THREATS;DEBT_BONDAGE" if n % 2 else "THREATS",
                    "consent_statistics": "yes",
                }
            )
            rows["services"].append(
                {
                    "year": year,
                    "victim_id": code,
                    "service_type": "COUNSELLING",
                    "provider": "DHS",
                    "start_month": f"{year}-{n % 12 + 1:02d}",
                    "days_from_identification": "2" if child else "4",
                }
            )
        for n in range(CASES_A_YEAR):
            case = f"BZ-CASE-{year}-{n + 1:04d}"
            rows["cases"].append(
                {
                    "year": year,
                    "case_id": case,
                    "ref_year": str(year),
                    "opened_date": f"{year}-01",
                    "carried_over": "no",
                    "referral_source": "HOTLINE",
                    "district": DISTRICTS[n % 5],
                    "geographic_flow": "DOMESTIC",
                    "stage": "INVEST",
                }
            )
            if n < 6:
                for stage, month in (("CONTACT", "02"), ("CHARGED", "04")):
                    rows["suspects"].append(
                        {
                            "year": year,
                            "case_id": case,
                            "person_id": f"{year}{n:012x}",
                            "stage": stage,
                            "event_date": f"{year}-{month}",
                            "sex": "M",
                            "age_group": "ADULT",
                            "citizenship": "BLZ",
                        }
                    )
                rows["charges"].append(
                    {
                        "year": year,
                        "charge_id": f"{year}C{n}",
                        "person_id": f"{year}{n:012x}",
                        "offence_group": "TIP_SEX",
                        "counts": "1",
                        "charged_date": f"{year}-04",
                        "outcome": "PENDING",
                    }
                )
        for n, district in enumerate(DISTRICTS):
            rows["trainings"].append(
                {
                    "year": year,
                    "session_id": f"T{year}{n}",
                    "month": f"{year}-05",
                    "audience": "TEACHERS" if n else "POLICE",
                    "topic": "HT101",
                    "facilitator": "DHS",
                    "district": district,
                    "participants": "20",
                    "pre_post_pairs": "10",
                    "pre_post_gain": "7",
                }
            )
        child = INSPECTIONS[year] // 10
        for kind, count in (("CHILD_LABOUR", child), ("ROUTINE", INSPECTIONS[year] - child)):
            rows["inspections"].append(
                {
                    "year": year,
                    "month": f"{year}-06",
                    "inspection_type": kind,
                    "district": "BZ",
                    "sector": "A",
                    "finding": "NONE",
                    "n": str(count),
                }
            )
        rows["awareness"].append(
            {
                "year": year,
                "activity_id": f"A{year}",
                "month": f"{year}-01",
                "channel": "RADIO",
                "products": "3",
            }
        )
    return rows


@dataclass
class HandMade:
    """Stands for what intake and quality hand over."""

    files: pd.DataFrame
    sheets: pd.DataFrame
    headers: pd.DataFrame
    verdicts: dict[str, pd.DataFrame]
    findings: pd.DataFrame


def hand_made() -> HandMade:
    verdicts, sheets, files = {}, [], {}
    for stream, rows in rows_of_streams().items():
        names = [column.name for column in load_codebook().stream(stream).columns]
        lines = []
        for number, row in enumerate(rows, start=2):
            year = row["year"]
            file = f"DHS_{year}.xlsx"
            files[file] = year
            lines.append(
                {name: row.get(name) for name in names}
                | {
                    "file": file,
                    "sheet": stream,
                    "row": number,
                    "submitted_by": "DHS",
                    "submitted_for": year,
                    "source": "simulated",
                    "verdict": "accepted",
                }
            )
        if not lines:
            continue
        frame = pd.DataFrame(lines)
        frame[names] = frame[names].astype("str")
        verdicts[stream] = frame
        for file, own in frame.groupby("file"):
            sheets.append(
                {
                    "file": file,
                    "sheet": stream,
                    "stream": stream,
                    "rows_read": len(own),
                    "blank_rows": 0,
                    "title_rows": 0,
                    "totals_rows": 0,
                    "nil_return": False,
                }
            )
    order = sorted(files)
    return HandMade(
        pd.DataFrame(
            {
                "file": order,
                "sha256": [f"{number:064x}" for number in range(len(order))],
                "submitted_by": "DHS",
                "submitted_for": [files[file] for file in order],
                "state": "current",
                "replaced_by": pd.NA,
                "simulated": True,
            }
        ),
        pd.DataFrame(sheets),
        pd.DataFrame(columns=HEADER),
        verdicts,
        pd.DataFrame(columns=FINDING),
    )


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of its own: registers and notebooks copied, no report built."""
    root = tmp_path_factory.mktemp("house")
    folders = ("notebooks", "data/published", "data/framework", "_extensions/atips", "expectations")
    for folder in folders:
        shutil.copytree(HERE.root / folder, root / folder)
    shutil.copytree(HERE.council, root / "data" / "council")
    return Project(root)


@pytest.fixture(scope="session")
def bank(house: Project) -> DataBank:
    folder = house.databank
    made = hand_made()
    edition = write_edition(folder, made, pd.DataFrame(columns=CHANGE), made, {"rows": "by hand"})
    return open_databank(folder, edition.name)


@pytest.fixture(scope="session")
def edition_of_victims() -> Callable[[Path, pd.DataFrame], DataBank]:
    """Writes the hand-made edition with other rows of victims into a data bank, as its latest."""

    def write(folder: Path, victims: pd.DataFrame) -> DataBank:
        made = hand_made()
        made.verdicts["victims"] = victims
        own = victims.groupby("file").size()
        sheets = made.sheets.set_index("file")["stream"].eq("victims")
        read = made.sheets["file"].map(own)
        made.sheets["rows_read"] = made.sheets["rows_read"].where(~sheets.to_numpy(), read)
        code = {"rows": f"by hand, {len(victims)} victims"}
        edition = write_edition(folder, made, pd.DataFrame(columns=CHANGE), made, code)
        return open_databank(folder, edition.name)

    return write


@pytest.fixture(scope="session")
def hand_made_victims() -> pd.DataFrame:
    return hand_made().verdicts["victims"]


@pytest.fixture(scope="session")
def reports(house: Project, bank: DataBank) -> Path:
    """`reports/` with one build's tables: protected and attacked as a build does it."""
    from atips_analysis.disclosure.indicator_table import protect_table
    from atips_analysis.disclosure.released_table import released_from
    from atips_analysis.disclosure.research_tables import research_tables
    from atips_analysis.indicators import compute, measures, parse_period
    from atips_analysis.indicators.denominators import mid_year_population
    from atips_analysis.indicators.design_factors import design_factors
    from atips_analysis.indicators.rows import rows_of
    from atips_analysis.indicators.table import write_table
    from atips_analysis.ledger.question import declared
    from atips_analysis.ledger.record import enter

    names = ["2021", "2022", "2023", "2024", "2021-2023"]
    raw = compute(
        rows_of(bank),
        [parse_period(name) for name in names],
        list(dict.fromkeys(one.indicator_id for one in measures())),
        population=mid_year_population(house),
        vintage=bank.edition,
    )
    protected = protect_table(raw, house)
    folder = house.reports / "2024-simulated"
    folder.mkdir(parents=True)
    write_table(protected.table, folder / "indicators.csv")
    extra = research_tables(bank, "2021-2024", protected, 5)
    (folder / "research.json").write_text(json.dumps(extra), encoding="utf-8")
    about = {
        "edition": bank.edition,
        "simulated": True,
        "year": 2024,
        "baseline": "2021-2023",
        "version": "0",
        "design_factors": {
            str(one): None if math.isnan(factor) else factor
            for one, factor in design_factors(rows_of(bank)).items()
        },
    }
    statements = write_statements(statements_of_edition(house, protected.table, about))
    (folder / "statements.json").write_text(json.dumps(statements), encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(about), encoding="utf-8")
    told, counts = released_from(protected.table, raw)
    behind = {(bank.edition, key): count for key, count in counts.items()}
    asked = declared([parse_period(name) for name in names], sorted(set(raw["indicator_id"])))
    enter(house.databank, "build", asked, (protected.table, [told], behind))
    return house.reports


@pytest.fixture(scope="session")
def kernels() -> Iterator[bool]:
    from atips_analysis.notebooks import warm_kernels

    with warm_kernels() as warm:
        yield warm

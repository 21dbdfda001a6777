"""Sealed packs of invented countries, made by the product's own functions from drawn records.

A country's records are the simulated example's, drawn anew: whole cases, and rows of what is no
case, taken several times over and then each kept or not by a seeded draw. Its table is computed,
protected and attacked, entered in a ledger of its own and sealed. Everything is simulated, and
says so.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from atips_analysis import __version__
from atips_analysis.build.exhibits import COLUMNS
from atips_analysis.build.made_with import made_with
from atips_analysis.databank import open_databank
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.disclosure.released_table import released_from
from atips_analysis.disclosure.releases import to_json
from atips_analysis.indicators import compute, parse_period
from atips_analysis.indicators.denominators import mid_year_population
from atips_analysis.indicators.rows import Rows, rows_of
from atips_analysis.indicators.table import write_table
from atips_analysis.ledger.ledger_chain import Entry, with_seal
from atips_analysis.ledger.ledger_files import entry_file, files_of
from atips_analysis.project import Project, find_project
from atips_analysis.release.pack import Sealed, pack, pack_files
from atips_analysis.release.pack_metadata import Particulars
from atips_analysis.release.signing import Signs, signed_by

HOUSE = find_project(Path(__file__))
YEAR = 2024
PERIODS = ("2022", "2023", "2024")
INDICATORS = (
    *("PREV-01", "PREV-02", "PREV-04", "PREV-07", "PREV-08", "PREV-09"),
    *("PROT-01", "PROT-02", "PROT-06"),
    *("PROS-01", "PROS-02", "PROS-03", "PROS-04"),
)
FEW = ("PREV-04", "PREV-08", "PROT-01", "PROS-01", "PROS-04")
"""Enough for most tests, in a third of the time."""


@dataclass(frozen=True)
class Country:
    """An invented country: code, names, how often the records are taken and what share is kept."""

    area: str
    name: str
    name_es: str
    times: int
    share: float
    seed: int
    day: str = "2025-06-30"
    not_sent: tuple[str, ...] = ()
    """Streams that nobody returned."""


COUNTRIES = (
    Country("QMX", "Alta Serena", "Alta Serena", 1, 0.6, 1),
    Country("QNX", "Bahía Larga", "Bahía Larga", 3, 0.8, 2, "2025-09-15"),
    Country("QOX", "Cabo Lirio", "Cabo Lirio", 1, 0.3, 3),
    Country("QPX", "Dos Ríos", "Dos Ríos", 6, 0.9, 4, "2025-05-02"),
    Country("QQX", "Estero", "Estero", 2, 0.5, 5, not_sent=("inspections",)),
    Country("QRX", "Foz", "Foz", 1, 0.9, 6),
    Country("QSX", "Golfo Azul", "Golfo Azul", 4, 0.7, 7),
    Country("QTX", "Honda", "Honda", 1, 0.15, 8, not_sent=("reports",)),
    Country("QUX", "Isla Verde", "Isla Verde", 2, 0.9, 9, "2026-01-20"),
)
"""Nine, as the Coalition has: codes that ISO 3166-1 leaves to users, names that no country has."""


def project_of(country: Country, root: Path) -> Project:
    """The country's project: the house's registers under its own name, and no public figure."""
    for name in ("council", "framework", "published"):
        shutil.copytree(HOUSE.data / name, root / "data" / name)
    shutil.copytree(HOUSE.extension, root / "_extensions" / "atips")
    profile = root / "data" / "council" / "profile.toml"
    own = HOUSE.profile["country"]
    text = profile.read_text(encoding="utf-8")
    new_names = {"name_en": country.name, "name_es": country.name_es}
    codes = {"iso2": "XS", "iso3": country.area, "m49": "999"}
    for key, new in {**new_names, **codes}.items():
        text = text.replace(f'{key} = "{own[key]}"', f'{key} = "{new}"', 1)
    profile.write_text(text, encoding="utf-8")
    figures = root / "data" / "framework" / "public_figures.csv"
    head = figures.read_text(encoding="utf-8").splitlines()[0]
    figures.write_text(f"{head}\n", encoding="utf-8")
    return Project(root)


def records_of(country: Country, databank: Path) -> Rows:
    """The example's accepted rows, drawn anew for the country."""
    bank = rows_of(open_databank(databank))
    draw = np.random.default_rng(country.seed)
    cases: dict[str, bool] = {}
    frames = {}
    for name, frame in bank.frames.items():
        many = pd.concat(
            [_renamed(frame, time) for time in range(country.times)], ignore_index=True
        )
        if "case_id" in many:
            for case in many["case_id"].dropna().unique():
                cases.setdefault(case, bool(draw.random() < country.share))
            kept = many["case_id"].map(cases).fillna(False).astype(bool)
        else:
            kept = pd.Series(draw.random(len(many)) < country.share, many.index)
        frames[name] = many[kept & (name not in country.not_sent)].reset_index(drop=True)
    years = {name: of for name, of in bank.years.items() if name not in country.not_sent}
    edition = hashlib.sha256(f"{country}".encode()).hexdigest()[:12]
    return replace(bank, frames=frames, years=years, edition=edition)


def _renamed(frame: pd.DataFrame, time: int) -> pd.DataFrame:
    """The rows under other numbers of cases, victims and all else that has one."""
    named = [name for name in frame if str(name).endswith("_id")]
    return frame.assign(**{name: frame[name] + f"-{time}" for name in named})


def table_of(country: Country, databank: Path, indicators: Sequence[str]) -> pd.DataFrame:
    """The country's raw table."""
    rows = records_of(country, databank)
    periods = [parse_period(name) for name in PERIODS]
    population = mid_year_population(HOUSE)
    population["persons"] *= country.times
    return compute(rows, periods, indicators, population=population, vintage=rows.edition)


@dataclass(frozen=True)
class Made:
    """What a country's pack is made of: its project, its raw table and its protected one."""

    country: Country
    project: Project
    raw: pd.DataFrame
    table: pd.DataFrame


def make(
    country: Country, root: Path, databank: Path, indicators: Sequence[str] = INDICATORS
) -> Made:
    """The country's tables, computed from drawn records and protected; its project lies in `root`."""
    project, raw = project_of(country, root), table_of(country, databank, indicators)
    return Made(country, project, raw, protect_table(raw, project).table)


def seal(made: Made, folder: Path, year: int = YEAR, signers: tuple[Signs, ...] = ()) -> bytes:
    """A table as a pack: entered in a ledger of its own, and sealed; `folder` is worked in."""
    country, project, raw, table = made.country, made.project, made.raw, made.table
    public, reports = folder / "public", folder / "reports"
    reports.mkdir(parents=True, exist_ok=True)
    write_table(table, public / "indicators.csv")
    (public / "exhibits.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    (public / "quality.json").write_text("{}", encoding="utf-8")
    edition = str(raw["vintage"].iloc[0])
    about = {"edition": edition, "simulated": True, "year": year, "version": __version__}
    (public / "build.json").write_text(json.dumps(about), encoding="utf-8")
    roles = {"checked_by": "Statistics officer", "approved_by": "Council"}
    release = {"version": 1, "date": country.day, **roles}
    names = {"en": country.name, "es": country.name_es}
    manifest = {
        **about,
        "country": {"iso3": country.area, "name": names},
        "files": {},
        "release": release,
    }
    (reports / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    released, _ = released_from(table, raw)
    content = {
        **release,
        "edition": edition,
        "files": {},
        "table": hashlib.sha256((public / "indicators.csv").read_bytes()).hexdigest(),
        "release": to_json(released),
        "beside": {},
        "baselines": {},
        **({"signed_by": signed_by(signers)} if signers else {}),
    }
    file = entry_file(project.ledger, year, simulated=True)
    entry = Entry(file, year, 1, content, released)
    files = pack_files(replace(_sealed(country, folder, entry), signers=signers), project)
    content["contents"] = {name: hashlib.sha256(one).hexdigest() for name, one in files.items()}
    entry = replace(entry, content=with_seal(content, None))
    return pack(files, files_of([entry]), signers)


def _sealed(country: Country, folder: Path, entry: Entry) -> Sealed:
    day = datetime.fromisoformat(country.day).replace(tzinfo=UTC)
    particulars = Particulars(
        name=f"atips-{entry.year}-simulated",
        title=f"Trafficking in persons, {country.name}, {entry.year} (simulated records)",
        description=f"Made from SIMULATED RECORDS: no figure of {country.name}.",
        year=entry.year,
        edition=str(entry.content["edition"]),
        version=1,
        software=__version__,
        released=day,
        simulated=True,
        issuing_body=None,
        country=country.name,
        made_with=made_with("embedded"),
    )
    told = entry.content
    return Sealed(
        particulars,
        folder / "reports",
        folder / "public",
        [entry.file.name],
        str(told["checked_by"]),
        str(told["approved_by"]),
        f"atips-{entry.year}.zip",
    )

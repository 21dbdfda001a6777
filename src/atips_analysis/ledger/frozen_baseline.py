"""A frozen baseline: protected values with a seal, and what has been revised since.

Freezing writes two files that are tracked: the values as a table (CSV) and the seal (JSON), which
names the edition, the code, the role that froze it and the hash of everything. Both hold what is
protected and nothing else, so that anybody may read them and repeat the attack.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis import __version__
from atips_analysis.databank import DataBank
from atips_analysis.databank.fingerprint import code_fingerprint
from atips_analysis.disclosure.indicator_table import protect_table, public_figures
from atips_analysis.disclosure.released_table import released_from
from atips_analysis.disclosure.releases import Released, from_json, to_json
from atips_analysis.errors import InputError
from atips_analysis.indicators.edition_table import raw_table, years_and_pool
from atips_analysis.indicators.period import parse_period
from atips_analysis.indicators.table import read_table, write_table
from atips_analysis.ledger.ledger_files import write_counts
from atips_analysis.project import Project

SIMULATED_MARK = "SIMULATED RECORDS: invented, not the country's baseline"
ROOMS = (
    "codebook", "intake", "cleaning", "quality", "databank", "framework", "statistics",
    "indicators", "disclosure",
)  # fmt: skip


@dataclass(frozen=True)
class FrozenBaseline:
    """A frozen baseline as read, its seal verified.

    `seal` holds period, edition, records ("simulated" or "submitted by agencies"), version,
    code (hash of the rooms that made it), frozen_by (a role), table and sha256. `table` is the
    protected tidy table; `released` is the same as cells and sums, for the attack.
    """

    path: Path
    seal: dict[str, Any]
    table: pd.DataFrame
    released: Released

    @property
    def period(self) -> str:
        return str(self.seal["period"])

    @property
    def edition(self) -> str:
        return str(self.seal["edition"])

    @property
    def simulated(self) -> bool:
        return bool(self.seal["records"] == "simulated")


def freeze(
    bank: DataBank, project: Project, period: str, frozen_by: str
) -> tuple[FrozenBaseline, bool]:
    """Freeze the baseline of a period of whole years; say whether anything was written.

    The same values of the same edition are frozen once: freezing them again changes nothing.

    Raises
    ------
    InputError
        If the period is not made of whole years, the bank holds no return for one of them,
        no role is named, or another baseline of the period is frozen already.
    FindingsError
        If a hidden cell could be opened.
    """
    from atips_analysis.ledger.earlier import earlier_releases

    name = parse_period(period).name
    role = " ".join(frozen_by.split())
    if not role or len(role) > 100:
        raise InputError(
            "--frozen-by is empty or too long; name the role that freezes the baseline, such as "
            "'Chair, M&E Committee'"
        )
    periods = years_and_pool(name)
    lacking = [year.name for year in periods if year.is_year and year.years[0] not in bank.years]
    if lacking:
        raise InputError(
            f"edition {bank.edition} holds no return for {', '.join(lacking)}; consolidate the "
            "submissions of all years of the baseline first"
        )
    path = baseline_path(project, name, simulated=bank.simulated)
    before = read_baseline(path, project) if path.exists() else None
    raw = raw_table(bank, project, periods)
    databank = bank.folder.parent.parent
    earlier, counts = earlier_releases(project, databank, simulated=bank.simulated)
    table = protect_table(raw, project, earlier=earlier, earlier_counts=counts).table
    text = _as_csv(table, path.with_suffix(".csv"))
    if before is not None:
        if before.edition == bank.edition and _same_values(before.table, text, path):
            return before, False
        raise InputError(
            f"another baseline of {name} is frozen already (edition {before.edition}, by "
            f"{before.seal['frozen_by']}); atips baseline diff --period {name} shows what differs; "
            f"to freeze this one, move {path.name} and {path.with_suffix('.csv').name} away",
            file=_shown(path, project),
        )
    threshold = int(project.profile["disclosure"]["threshold"])
    released, behind = released_from(
        table, raw, figures=public_figures(project), threshold=threshold
    )
    write_counts(databank, bank.edition, behind)
    seal: dict[str, Any] = {
        "title": f"Baseline {name}",
        "period": name,
        "records": "simulated" if bank.simulated else "submitted by agencies",
        "mark": SIMULATED_MARK if bank.simulated else "",
        "edition": bank.edition,
        "version": __version__,
        "code": code_fingerprint(ROOMS),
        "frozen_by": role,
        "table": {"file": path.with_suffix(".csv").name, "sha256": _sha(text)},
        "released": to_json(released),
    }
    seal["sha256"] = _sha(_canonical(seal))
    _write(path.with_suffix(".csv"), text)
    _write(path, json.dumps(seal, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    return read_baseline(path, project), True


def read_baseline(path: Path, project: Project) -> FrozenBaseline:
    """Read a frozen baseline; refuse one that is not as it was frozen.

    Raises
    ------
    InputError
        If a file is missing, cannot be read, or was edited.
    """
    shown = _shown(path, project)
    restore = "restore both files of the baseline from the repository"
    try:
        seal = json.loads(path.read_text(encoding="utf-8"))
        stated = seal["sha256"]
        content = {name: value for name, value in seal.items() if name != "sha256"}
        table_file = path.with_name(str(seal["table"]["file"]))
        sha = seal["table"]["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"is no frozen baseline that can be read; {restore}", file=shown) from None
    if _sha(_canonical(content)) != stated:
        raise InputError(f"was changed after it was frozen; {restore}", file=shown)
    try:
        text = table_file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise InputError(
            f"its table {table_file.name} cannot be read; {restore}", file=shown
        ) from None
    if _sha(text) != sha:
        raise InputError(
            f"was changed after it was frozen; {restore}", file=_shown(table_file, project)
        )
    return FrozenBaseline(
        path, seal, read_table(table_file), from_json(seal["released"], file=shown)
    )


def find_baseline(project: Project, period: str, *, simulated: bool) -> FrozenBaseline | None:
    """The frozen baseline of a period, or None while nobody has frozen one."""
    path = baseline_path(project, parse_period(period).name, simulated=simulated)
    return read_baseline(path, project) if path.exists() else None


def frozen_baselines(project: Project, *, simulated: bool) -> list[FrozenBaseline]:
    """Every frozen baseline of real records, or of simulated ones: releases to be remembered."""
    found = [
        read_baseline(path, project) for path in sorted(project.baseline.glob("baseline-*.json"))
    ]
    return [baseline for baseline in found if baseline.simulated == simulated]


def baseline_path(project: Project, period: str, *, simulated: bool) -> Path:
    """Where the seal of a baseline lies; the mark of simulated records is in its name."""
    mark = "-simulated" if simulated else ""
    return project.baseline / f"baseline-{period}{mark}.json"


def _as_csv(table: pd.DataFrame, path: Path) -> str:
    """The table as `write_table` writes it."""
    beside = path.with_name(f".{path.name}.draft")
    write_table(table, beside)
    try:
        return beside.read_text(encoding="utf-8")
    finally:
        beside.unlink(missing_ok=True)


def _same_values(frozen: pd.DataFrame, text: str, path: Path) -> bool:
    """Whether a table, as it would be written, prints no value that differs from the frozen one."""
    from atips_analysis.ledger.revision import differences

    beside = path.with_name(f".{path.name}.draft")
    beside.write_text(text, encoding="utf-8", newline="\n")
    try:
        found = differences(frozen, read_table(beside))
    finally:
        beside.unlink(missing_ok=True)
    return bool((found["frozen"].isna() | found["today"].isna()).all())


def _canonical(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(beside, path)


def _shown(path: Path, project: Project) -> str:
    try:
        return path.relative_to(project.root).as_posix()
    except ValueError:
        return path.name

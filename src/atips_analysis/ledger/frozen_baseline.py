"""A frozen baseline: protected values with a seal, as it is read.

Its two files are tracked: the values as a table (CSV) and the seal (JSON), which names the edition,
the code, the role that froze it and the hash of everything. Both hold what is protected and nothing
else, so that anybody may read them and repeat the attack. `freezing` writes them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.disclosure.releases import Released, from_json
from atips_analysis.errors import InputError
from atips_analysis.files import read_json
from atips_analysis.indicators.period import parse_period
from atips_analysis.indicators.table import read_table
from atips_analysis.project import Project

ROOMS = (
    "words", "codebook", "statistics", "cleaning", "intake", "quality", "databank", "framework",
    "published", "indicators", "disclosure", "ledger",
)  # fmt: skip
"""The rooms whose code decides the values: their hash is the seal's `code`."""


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


def read_baseline(path: Path, project: Project) -> FrozenBaseline:
    """Read a frozen baseline; refuse one that is not as it was frozen.

    Raises InputError if a file is missing, cannot be read, or was edited.
    """
    shown = project.shown(path)
    restore = "restore both files of the baseline from the repository"
    try:
        seal = read_json(path)
        stated = seal["sha256"]
        content = {name: value for name, value in seal.items() if name != "sha256"}
        table_file = path.with_name(str(seal["table"]["file"]))
        sha = seal["table"]["sha256"]
    except (OSError, ValueError, KeyError, TypeError, ArithmeticError):
        raise InputError(f"is no frozen baseline that can be read; {restore}", file=shown) from None
    if sha256_of_text(canonical(content)) != stated:
        raise InputError(f"was changed after it was frozen; {restore}", file=shown)
    try:
        text = table_file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise InputError(
            f"its table {table_file.name} cannot be read; {restore}", file=shown
        ) from None
    if sha256_of_text(text) != sha:
        raise InputError(
            f"was changed after it was frozen; {restore}", file=project.shown(table_file)
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


def canonical(content: dict[str, Any]) -> str:
    """What a seal says as JSON in one form: sorted keys, no spaces."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256_of_text(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()

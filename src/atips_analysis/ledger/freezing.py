"""Freezing a baseline: its values protected beside all that was released, and sealed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis import __version__
from atips_analysis.databank import DataBank
from atips_analysis.databank.fingerprint import code_fingerprint
from atips_analysis.disclosure.indicator_figures import public_figures
from atips_analysis.disclosure.released_table import released_from
from atips_analysis.disclosure.releases import to_json
from atips_analysis.errors import InputError
from atips_analysis.files import for_readers, write_text
from atips_analysis.indicators.declared import registered
from atips_analysis.indicators.edition_table import raw_table, with_years_of, years_and_pool
from atips_analysis.indicators.period import parse_period
from atips_analysis.indicators.rows import rows_of
from atips_analysis.indicators.table import parse_table, table_text
from atips_analysis.ledger.answers import answer
from atips_analysis.ledger.frozen_baseline import (
    ROOMS,
    FrozenBaseline,
    baseline_path,
    canonical,
    read_baseline,
    sha256_of_text,
)
from atips_analysis.ledger.ledger_files import write_counts
from atips_analysis.ledger.question import declared
from atips_analysis.ledger.record import begin_record
from atips_analysis.ledger.revision import differences
from atips_analysis.project import Project

SIMULATED_MARK = "SIMULATED RECORDS: invented, not the country's baseline"


def freeze(
    bank: DataBank, project: Project, period: str, frozen_by: str
) -> tuple[FrozenBaseline, bool]:
    """Freeze the baseline of a period of whole years; say whether anything was written.

    The same values of the same edition are frozen once: freezing them again changes nothing.

    Raises InputError if the period is not made of whole years, the bank holds no return for one of
    them, no role is named, or another baseline of the period is frozen already. Raises
    FindingsError if a hidden cell could be opened.
    """
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
    raw = raw_table(bank, project, with_years_of(bank, periods))
    databank = bank.folder.parent.parent
    begin_record(databank)
    question = declared(periods, [one.id for one in registered(project)])
    table = answer(question, bank, rows_of(bank), project, "baseline").table
    text = table_text(table)
    if before is not None:
        if before.edition == bank.edition and _same_values(before.table, text, path):
            return before, False
        raise InputError(
            f"another baseline of {name} is frozen already (edition {before.edition}, by "
            f"{before.seal['frozen_by']}); atips baseline diff --period {name} shows what differs; "
            f"to freeze this one, move {path.name} and {path.with_suffix('.csv').name} away",
            file=project.shown(path),
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
        "table": {"file": path.with_suffix(".csv").name, "sha256": sha256_of_text(text)},
        "released": to_json(released),
    }
    seal["sha256"] = sha256_of_text(canonical(seal))
    with for_readers():
        write_text(path.with_suffix(".csv"), text)
        write_text(path, json.dumps(seal, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    return read_baseline(path, project), True


def _same_values(frozen: pd.DataFrame, text: str, path: Path) -> bool:
    """Whether a table, as it would be written, prints no value that differs from the frozen one."""
    found = differences(frozen, parse_table(text, path))
    return bool((found["frozen"].isna() | found["today"].isna()).all())

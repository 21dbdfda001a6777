"""Everything that was released before: the ledger's releases and the frozen baselines."""

from __future__ import annotations

from pathlib import Path

from atips_analysis.disclosure.baseline import frozen_baselines
from atips_analysis.disclosure.cells import CellKey
from atips_analysis.disclosure.ledger import Released
from atips_analysis.disclosure.ledger_files import ledger_files, read_counts, read_ledger
from atips_analysis.project import Project


def earlier_releases(
    project: Project, databank: Path, *, simulated: bool
) -> tuple[list[Released], dict[tuple[str, CellKey], int]]:
    """Releases of one kind of records, and the true counts behind those that are kept.

    A baseline is frozen to be published, so it counts as a release like any other.

    Parameters
    ----------
    project : Project
    databank : Path
        Folder of the data bank, where counts behind releases are kept.
    simulated : bool
        Releases of simulated records, or of the agencies'.
    """
    entries = read_ledger(ledger_files(project.ledger, simulated=simulated))
    frozen = frozen_baselines(project, simulated=simulated)
    released = [one for entry in entries for one in (entry.released, *entry.beside)]
    released += [one.released for one in frozen]
    return released, read_counts(databank) if released else {}

"""What is said of a protected table: to readers, to the confidential side, and where it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from atips_analysis.disclosure.attack import AttackReport
from atips_analysis.disclosure.cells import CellKey, describe
from atips_analysis.disclosure.indicator_cells import Cells
from atips_analysis.disclosure.indicator_figures import agrees
from atips_analysis.disclosure.knowledge import PublicFigure
from atips_analysis.disclosure.suppression import Protection


def what_opens(report: AttackReport, opened: pd.DataFrame, told: Sequence[CellKey]) -> str:
    """Why nothing is published, in a line: tables that contradict, or what is `opened` or `told`."""
    if not report.solvable:
        return (
            "nothing is published: the tables contradict one another, so that no cell can be shown "
            f"to be safe ({'; '.join(report.contradictions)})"
        )
    if opened.empty:
        return (
            "nothing is published: an agency that is to be withstood can work out "
            f"{describe(told[0])} of others; merge categories or leave one of the tables out"
        )
    first = next(opened.itertuples())
    cells = "1 hidden cell" if len(opened) == 1 else f"{len(opened)} hidden cells"
    by = f", opened by {first.opened_by}" if str(first.opened_by).strip() else ""
    return (
        f"nothing is published: {cells} can be worked out, the first is {describe(first.key)}{by}; "
        "merge categories or leave one of the tables out"
    )


def public_account(public: pd.DataFrame, threshold: int) -> dict[str, Any]:
    """What may be said of the protection: nothing that tells why a cell is hidden."""
    return {
        "attack": "withstood: no hidden value can be worked out from the tables",
        "kept": [],
        "threshold": threshold,
        **numbers(public),
    }


def numbers(public: pd.DataFrame) -> dict[str, int]:
    """How many values a protected table hides, and how many it shows."""
    return {
        "hidden": int((public["status"] == "C").sum()),
        "shown": int(public["status"].isin(["OK", "Z", "PV", "E"]).sum()),
    }


def confidential_account(
    protection: Protection,
    figures: list[PublicFigure],
    cells: Cells,
    given_away: frozenset[CellKey],
) -> dict[str, Any]:
    """What stays in the house: how many cells of each kind, and where public figures differ."""
    status = protection.cells["status"].value_counts()
    differing = [
        f"{figure.source}: {describe(figure.key)} is printed as {figure.value}, here it differs"
        for figure in figures
        if figure.key in cells.counts and not agrees(figure, cells.counts)
    ]
    return {
        "cells": {name: int(number) for name, number in status.items()},
        "gap": protection.gap,
        "hidden_value": protection.hidden_value,
        "optimal": protection.optimal,
        "opened_by_public_figures_alone": sorted(describe(key) for key in given_away),
        "public_figures_that_differ": differing,
    }

"""Findings: what is wrong with which cell, why, and what to do, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from atips_analysis.quality.checking import Boolean, Check, text

WORDS = ("reason_en", "remedy_en", "reason_es", "remedy_es")
FINDING_COLUMNS = (
    "stream",
    "file",
    "sheet",
    "row",
    "submitted_by",
    "submitted_for",
    "column",
    "value",
    "rule",
    "severity",
    "reason",
    "remedy",
    "reason_es",
    "remedy_es",
)
PARTS = ("at", "column", "value", "rule", "severity", "reason", "remedy", "reason_es", "remedy_es")


def as_findings(
    frame: pd.DataFrame,
    judged: list[tuple[dict[str, Any], Boolean]],
    checks: Mapping[str, Check],
) -> pd.DataFrame:
    """One row for each failing row of each expectation; `at` is its position in `frame`."""
    parts = []
    for expectation, failing in judged:
        at = np.flatnonzero(failing)
        if not len(at):
            continue
        meta = expectation["meta"]
        value = text(frame[meta["column"]].iloc[at])
        check = checks.get(expectation["kwargs"]["column"])
        detail = _at(check.detail if check else None, at)
        spanish = detail if check is None or check.detail_es is None else check.detail_es[at]
        parts.append(finding_rows(at, meta, expectation["severity"], value, detail, spanish))
    return pd.concat(parts, ignore_index=True) if parts else no_findings()


def finding_rows(
    at: np.ndarray,
    meta: Mapping[str, Any],
    severity: str,
    value: np.ndarray,
    detail: np.ndarray,
    detail_es: np.ndarray,
) -> pd.DataFrame:
    """Findings at the positions `at`, their words filled in with value and detail."""
    return pd.DataFrame(
        {
            "at": at,
            "column": meta["column"],
            "value": value,
            "rule": meta["rule"],
            "severity": severity,
            "reason": _filled(meta["reason_en"], value, detail),
            "remedy": meta["remedy_en"],
            "reason_es": _filled(meta["reason_es"], value, detail_es),
            "remedy_es": meta["remedy_es"],
        }
    )


def no_findings() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="object") for name in PARTS})


def _at(detail: np.ndarray | None, at: np.ndarray) -> np.ndarray:
    return np.full(len(at), "", dtype=object) if detail is None else detail[at]


def _filled(words: str, value: np.ndarray, detail: np.ndarray) -> np.ndarray | str:
    if "{value}" not in words and "{detail}" not in words:
        return words
    return np.array(
        [
            words.replace("{value}", str(v)).replace("{detail}", str(d))
            for v, d in zip(value, detail, strict=True)
        ],
        dtype=object,
    )

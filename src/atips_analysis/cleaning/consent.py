"""Without consent to statistics a person counts, and nothing else about them is kept."""

from __future__ import annotations

import numpy as np
import pandas as pd

from atips_analysis.cleaning.changes import Change, change_between
from atips_analysis.codebook import Codebook

# What counting each person once needs; everything else is a characteristic of the person.
KEPT = set(
    """victim_id case_id identified_year status status_date decision_by consent_statistics
    partial_key_1 partial_key_2 partial_key_3""".split()
)
# Details that belong to one form of exploitation only: blank, as the form is not known.
BLANK = {"age_years_ident", "sexual_type", "sector"}
# With the forms unknown, a victim's rows say the same; each is the main one, and one is counted.
FIXED = {"primary_form": "yes"}


def refused(frame: pd.DataFrame) -> np.ndarray:
    """One truth value a row: whether it must be counted without its characteristics.

    A no on one row holds for all rows that the same agency sent on the same victim.
    """
    nobody = np.zeros(len(frame), dtype=bool)
    if "consent_statistics" not in frame:
        return nobody
    said_no: np.ndarray = (frame["consent_statistics"] == "no").to_numpy(dtype=bool)
    if not said_no.any() or "victim_id" not in frame:
        return said_no
    keys = [name for name in ("submitted_by", "victim_id") if name in frame]
    persons = pd.MultiIndex.from_frame(frame[keys].fillna(""))
    same_person = persons.isin(persons[said_no]) & frame["victim_id"].notna().to_numpy()
    return np.asarray(said_no | same_person)


def withhold(frame: pd.DataFrame, rows: np.ndarray, codebook: Codebook) -> list[Change]:
    """The changes that make every characteristic of the victims in `rows` unknown.

    Source of the rule: WHO (2003), recommendation 6; IOM (2008), principle 4, as the project's
    register of ethics cites them.
    """
    changes = []
    for column in codebook.stream("victims").columns:
        if column.name in KEPT or column.name not in frame:
            continue
        unknown = FIXED.get(column.name)
        if unknown is None and column.name not in BLANK and column.codelist:
            unknown = codebook.unknown_code(column.codelist)
        old = frame[column.name].astype("str")
        new = old.mask(pd.Series(rows, index=old.index), pd.NA if unknown is None else unknown)
        change = change_between(old, new, "no consent")
        if change is not None:
            changes.append(change)
    return changes

"""The parent form "sexual exploitation" has one leaf for adults and one for children."""

from __future__ import annotations

import pandas as pd

from atips_analysis.cleaning.change import Change, change_between

PARENT = "SEX"
LEAF = {"ADULT": "SEX_ADULT", "CHILD": "SEX_CSEC"}
CHILD_GROUPS = {"CHILD", "A00_08", "A09_11", "A12_14", "A15_17"}
ADULT_GROUPS = {"ADULT", "A18_20", "A21_29", "A30_38", "A39_47", "A48P"}


def form_by_age(frame: pd.DataFrame) -> Change | None:
    """The change of `form` that tells "sex trafficking" apart by the age when it began.

    The code list itself tells SEX_ADULT and SEX_CSEC apart by the victim's age at exploitation
    and by nothing else. A child at identification was a child before; an adult need not have
    been an adult, so without `age_at_exploit_group` an adult's form stays open.
    """
    form = frame["form"].astype("str")
    if not (form == PARENT).any():
        return None
    began = _age(frame, "age_at_exploit_group")
    found = _age(frame, "age_group")
    age = began.where(began.notna(), found.where(found == "CHILD"))
    new = form.mask((form == PARENT) & age.notna(), age.map(LEAF))
    return change_between(form, new, "form by age")


def _age(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="str")
    groups = dict.fromkeys(CHILD_GROUPS, "CHILD") | dict.fromkeys(ADULT_GROUPS, "ADULT")
    return frame[column].astype("str").map(groups).astype("str")

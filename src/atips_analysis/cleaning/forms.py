"""The parent form "sexual exploitation", told apart by age and by the type of exploitation."""

from __future__ import annotations

import pandas as pd

from atips_analysis.cleaning.changes import Change, change_between

PARENT = "SEX"
CHILD_GROUPS = {"CHILD", "A00_08", "A09_11", "A12_14", "A15_17"}
ADULT_GROUPS = {"ADULT", "A18_20", "A21_29", "A30_38", "A39_47", "A48P"}
BY_MATERIAL = {"MATERIAL", "REMOTE"}


def form_by_age(frame: pd.DataFrame) -> Change | None:
    """The change of `form` that says which sexual exploitation a row means.

    An adult's is SEX_ADULT: the list has no other. A child's is SEX_CSAM where the row's type
    says material or remote services, SEX_CSEC with any other type or none: commercial sexual
    exploitation of a child is the wider term (the CSEC Act's charges cover material too, see the
    code list `offence_group`), and both are one category wherever forms of exploitation are
    published. A row without a type keeps its warning, so the agency is asked. A child at
    identification was a child before; an adult need not have been an adult when it began, so
    without `age_at_exploit_group` an adult's form stays open.
    """
    form = frame["form"].astype("str")
    if not (form == PARENT).any():
        return None
    began = _age(frame, "age_at_exploit_group")
    found = _age(frame, "age_group")
    age = began.where(began.notna(), found.where(found == "CHILD"))
    leaf = age.map({"ADULT": "SEX_ADULT", "CHILD": "SEX_CSEC"})
    if "sexual_type" in frame:
        material = frame["sexual_type"].isin(BY_MATERIAL) & (age == "CHILD").fillna(False)
        leaf = leaf.mask(material, "SEX_CSAM")
    new = form.mask((form == PARENT) & age.notna(), leaf)
    return change_between(form, new, "form by age")


def _age(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="str")
    groups = dict.fromkeys(CHILD_GROUPS, "CHILD") | dict.fromkeys(ADULT_GROUPS, "ADULT")
    return frame[column].astype("str").map(groups).astype("str")

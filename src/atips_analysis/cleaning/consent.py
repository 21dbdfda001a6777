"""Without consent to statistics a person counts, and nothing else about them is kept."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import Codebook

# What a count needs; everything else is a characteristic of the person.
KEPT = {
    "victim_id",
    "case_id",
    "identified_year",
    "status",
    "status_date",
    "decision_by",
    "consent_statistics",
}
# Details that belong to one form of exploitation only: blank, as the form is not known.
BLANK = {"age_years_ident", "sexual_type", "sector"}
# With the forms unknown, a victim's rows say the same; each is the main one, and one is counted.
FIXED = {"primary_form": "yes"}


def withhold(
    frame: pd.DataFrame, codebook: Codebook
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Victims who did not consent to statistics, with every characteristic unknown.

    A no on one row holds for all rows that the same agency sent on the same victim. Source of the
    rule: WHO (2003), recommendation 6; IOM (2008), principle 4, as the project's ethics register
    cites them.

    Returns
    -------
    The frame, and for each column old, new, rule and `withheld` (True where consent is missing).
    """
    refused = _refused(frame)
    withheld = {}
    frame = frame.copy()
    for column in codebook.stream("victims").columns:
        if column.name in KEPT or column.name not in frame:
            continue
        unknown = FIXED.get(column.name)
        if unknown is None and column.name not in BLANK and column.codelist:
            unknown = codebook.unknown_code(column.codelist)
        old = frame[column.name].astype("str")
        new = old.mask(refused, unknown if unknown is not None else pd.NA)
        frame[column.name] = new
        withheld[column.name] = pd.DataFrame(
            {
                "old": old.array,
                "new": new.array,
                "rule": "no consent",
                "withheld": refused.array,
            }
        )
    return frame, withheld


def _refused(frame: pd.DataFrame) -> pd.Series:
    if "consent_statistics" not in frame:
        return pd.Series(False, index=frame.index)
    said_no = (frame["consent_statistics"] == "no").fillna(False).astype(bool)
    if not said_no.any():
        return said_no
    keys = [name for name in ("submitted_by", "victim_id") if name in frame]
    persons = pd.MultiIndex.from_frame(frame[keys].fillna(""))
    same_person = pd.Series(persons.isin(persons[said_no.to_numpy()]), index=frame.index)
    named = frame["victim_id"].notna() if "victim_id" in frame else False
    return said_no | (same_person & named)

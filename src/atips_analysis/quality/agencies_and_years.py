"""Comparisons between agencies and between years: information, never a verdict on a row."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from atips_analysis.codebook import Codebook, Stream
from atips_analysis.quality.findings import FINDING_COLUMNS, said_in
from atips_analysis.statistics import rate_ratio
from atips_analysis.words import N_, languages, translator

REFERENCES = (
    ("victims", "case_id", "cases"),
    ("suspects", "case_id", "cases"),
    ("referrals", "case_id", "cases"),
    ("charges", "person_id", "suspects"),
    ("services", "victim_id", "victims"),
)
"""Stream and column that point to another stream's column of the same name."""
UNITS = {
    "cases": "case_id",
    "victims": "victim_id",
    "suspects": "person_id",
    "charges": "charge_id",
    "referrals": "referral_id",
    "trainings": "session_id",
    "awareness": "activity_id",
    "engagements": "engagement_id",
}
"""What is counted of each stream; the other streams count rows (services) or sum `n`."""
SUMMED = ("screenings", "inspections", "reports")
LEVEL = 0.05


def compare(
    frames: Mapping[str, pd.DataFrame], accepted: Mapping[str, pd.DataFrame], codebook: Codebook
) -> pd.DataFrame:
    """Findings about several rows together, for the M&E Committee and the agencies."""
    found = [
        *not_looked_up(frames, codebook),
        *overlap_of_victims(accepted),
        *unusual_counts(accepted, codebook),
    ]
    return pd.DataFrame(found, columns=list(FINDING_COLUMNS))


def not_looked_up(
    frames: Mapping[str, pd.DataFrame], codebook: Codebook
) -> list[dict[str, object]]:
    """References that could not be checked, because nobody sent what they point to."""
    found = []
    for stream, column, referred in REFERENCES:
        pointing = frames.get(stream)
        if pointing is None or len(frames.get(referred, ())) or not pointing[column].notna().any():
            continue
        own, other = codebook.streams[stream], codebook.streams[referred]
        some = pointing[pointing[column].notna()]
        for (agency, year), rows in some.groupby(["submitted_by", "submitted_for"], dropna=False):
            found.append(
                _finding(
                    (stream, agency, year),
                    column,
                    "foreign key",
                    N_(
                        "{rows} rows of {own} point to {other}, and none were sent with these "
                        "files: they could not be looked up."
                    ),
                    N_(
                        "Nothing to do; they are looked up when all agencies' files are "
                        "consolidated."
                    ),
                    {"rows": len(rows), "own": own, "other": other},
                )
            )
    return found


def overlap_of_victims(accepted: Mapping[str, pd.DataFrame]) -> list[dict[str, object]]:
    """How many victims of a year two agencies both know (DHS and the police, for instance)."""
    victims = accepted.get("victims")
    if victims is None or victims.empty:
        return []
    found = []
    for year, rows in victims.groupby("identified_year"):
        if rows["submitted_by"].nunique() < 2:
            continue
        known = {str(agency): set(own) for agency, own in rows.groupby("submitted_by")["victim_id"]}
        agencies = sorted(known)
        for place, first in enumerate(agencies):
            for second in agencies[place + 1 :]:
                both = len(known[first] & known[second])
                one, two = len(known[first]), len(known[second])
                found.append(
                    _finding(
                        ("victims", f"{first} {second}", year),
                        "victim_id",
                        "agencies agree",
                        N_(
                            "Victims identified in {year}: {first} reports {one}, {second} {two}; "
                            "{both} are the same."
                        ),
                        N_("Compare the lists when the overlap is smaller than expected."),
                        {"first": first, "one": one, "second": second, "two": two, "both": both},
                    )
                )
    return found


def unusual_counts(
    accepted: Mapping[str, pd.DataFrame], codebook: Codebook
) -> list[dict[str, object]]:
    """This year's count of an agency against the mean of its earlier years' (exact test).

    By `rate_ratio`, as if rows came singly: a question to an agency, never said on a page. Reported under 5 %; one in
    twenty comparisons is reported by chance alone, so each finding says how many were made.
    """
    compared = []
    for stream, frame in accepted.items():
        if frame.empty or stream == "counts":
            continue
        counts = _yearly_counts(stream, frame)
        for agency, own in counts.groupby(level=0):
            years = own.droplevel(0).sort_index()
            if len(years) >= 2:
                this, earlier = int(years.iloc[-1]), years.iloc[:-1]
                p = rate_ratio(this, int(earlier.sum()), 1, len(earlier)).p_value
                compared.append((stream, agency, years.index[-1], this, earlier, p))
    found = []
    for stream, agency, year, this, earlier, p in compared:
        if p >= LEVEL:
            continue
        before = ", ".join(f"{int(count)} ({at})" for at, count in earlier.items())
        found.append(
            _finding(
                (stream, agency, year),
                "",
                "earlier years",
                N_(
                    "{unit}: {this} in {year}, {before} before; chance alone would rarely differ "
                    "so much ({p}; {made} comparisons were made)."
                ),
                N_(
                    "Check that nothing is missing or counted twice; a real change needs no "
                    "correction."
                ),
                {
                    "unit": codebook.streams[stream],
                    "this": this,
                    "before": before,
                    "p": "p < 0.001" if p < 0.001 else f"p = {p:.3f}",
                    "made": len(compared),
                },
            )
        )
    return found


def _yearly_counts(stream: str, frame: pd.DataFrame) -> pd.Series:
    by = [frame["submitted_by"], pd.to_numeric(frame["submitted_for"]).astype("Int64")]
    if stream in SUMMED:
        return pd.to_numeric(frame["n"], errors="coerce").fillna(0).groupby(by).sum()
    if stream in UNITS:
        return frame[UNITS[stream]].groupby(by).nunique()
    return pd.Series(np.ones(len(frame)), index=frame.index).groupby(by).sum()


def _finding(
    about: tuple[str, object, object],
    column: str,
    rule: str,
    reason: str,
    remedy: str,
    values: Mapping[str, object],
) -> dict[str, object]:
    """A finding; of streams among the values the label is told."""
    stream, agency, year = about
    words = {}
    for lang in languages():
        _ = translator(lang)
        told = {
            name: value.label(lang) if isinstance(value, Stream) else value
            for name, value in values.items()
        }
        words[said_in("reason", lang)] = _(reason, year=year, **told)
        words[said_in("remedy", lang)] = _(remedy)
    return {
        "stream": stream,
        "submitted_by": agency,
        "submitted_for": year,
        "column": column,
        "rule": rule,
        "severity": "info",
        **words,
    }

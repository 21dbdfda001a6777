"""How many of the persons in each number are known to each agency: those of whom it returned a row.

A person whom several agencies returned is known to each of them. How she is counted may follow from
another's row (the strongest status, the care agency's age); an agency is taken to know that too.
"""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.compute import counted_of, units_in
from atips_analysis.indicators.measure import Bank, Measure, measures
from atips_analysis.indicators.period import parse_period
from atips_analysis.indicators.place import NAME, PLACE, cell_of
from atips_analysis.indicators.remembering import Remembering, once_a_bank

UNITS = ("victim_id", "person_id", "charge_id", "referral_id")


def own_numbers(bank: Bank, table: pd.DataFrame) -> pd.DataFrame:
    """Of each number of persons in a raw tidy table how many are known to each agency.

    Returns
    -------
    DataFrame
        A column an agency, by row id and role: `value` (of counts, rates and medians), `numerator`,
        `denominator` and `rest` (of shares). Confidential.
    """
    once = Remembering(bank)
    places = table[[*NAME, *PLACE]].astype("object")
    found: dict[tuple[str, str], pd.Series] = {}
    for measure in measures():
        if measure.persons:
            rows = places[places[list(NAME[:3])].eq(measure.place).all(axis=1)]
            for period, own in rows.groupby("period"):
                found |= _of_a_period(once, measure, str(period), own)
    index = pd.MultiIndex.from_tuples(list(found), names=["row", "role"])
    own = pd.DataFrame(list(found.values()), index=index).fillna(0).astype(int)
    return own.loc[:, own.any()]


def _of_a_period(
    bank: Bank, measure: Measure, period: str, rows: pd.DataFrame
) -> dict[tuple[str, str], pd.Series]:
    units = measure.population(bank, parse_period(period))
    if units.empty:  # its columns may be missing too, where a stream was not returned
        return {}
    units = units.set_axis(pd.RangeIndex(len(units)))
    known = _known(bank, units)
    whom = known.to_numpy(dtype=int)
    counted = counted_of(bank, measure, parse_period(period)).set_axis(units.index)
    found = {}
    for row, place in zip(rows.index, rows.to_dict("records"), strict=True):
        inside = units_in(measure, counted, cell_of(place))
        if inside.empty:
            continue
        own = whom[inside.index].T
        whole = pd.Series(own @ inside["n"].to_numpy(dtype=int), index=known.columns)
        if measure.statistic not in ("percent", "ratio"):
            found[row, "value"] = whole
            continue
        part = pd.Series(own @ inside["numerator"].to_numpy(dtype=int), index=known.columns)
        found |= {
            (row, "numerator"): part,
            (row, "denominator"): whole,
            (row, "rest"): whole - part,
        }
    return found


def _known(bank: Bank, units: pd.DataFrame) -> pd.DataFrame:
    """Whether each unit is known to each agency; its `key` begins with its code."""
    codes = _codes(bank)
    code = units["key"].astype("str").str.split("/").str[0]
    known = {agency: code.isin(own) for agency, own in codes.groupby("agency")["code"]}
    if "submitted_by" in units:
        for agency in units["submitted_by"].dropna().unique():
            own = units["submitted_by"].eq(agency)
            known[agency] = known[agency] | own if agency in known else own
    return pd.DataFrame(known, index=units.index).astype(bool)


@once_a_bank
def _codes(bank: Bank) -> pd.DataFrame:
    """agency, code: every unit of which an agency returned a row, in any stream, for any year."""
    frames = [bank.frame(stream) for stream in load_codebook().streams]
    found = [
        frame[["submitted_by", name]].set_axis(["agency", "code"], axis=1)
        for frame in frames
        for name in UNITS
        if name in frame
    ]
    return pd.concat(found).dropna().astype("str").drop_duplicates()

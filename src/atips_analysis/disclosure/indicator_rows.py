"""Which rows of the tidy table are printed, and in which form: withheld, blanked, with a range."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import pandas as pd

from atips_analysis.disclosure.attack import AttackReport
from atips_analysis.disclosure.indicator_cells import Cells
from atips_analysis.disclosure.knowledge import Rule
from atips_analysis.indicators import measures, parse_period
from atips_analysis.indicators.broken_down import BEHIND
from atips_analysis.indicators.compute import TELLING_NOTES
from atips_analysis.indicators.place import RANGE, is_total

BLANKED = ["value", "numerator", "denominator", "ci_low", "ci_high"]


def withheld_rows(table: pd.DataFrame, rule: Rule) -> frozenset[str]:
    """Rows (ids) of breakdowns and shares of too few persons: they are not published.

    A breakdown is published where its total, as it is printed, is a group large enough: `rule.group`
    persons or more (of pooled years what their printed totals make at the least). Its zeros would
    say of everyone in a smaller group what they all have in common (group attribute disclosure;
    Hundepool and others 2012, Statistical Disclosure Control, section 5.2). Shares stand from the
    threshold on. That a table is not there tells nothing that its total does not tell.
    """
    size = table["value"].where(table["statistic"] == "count", table["denominator"])
    size = size.where(table["statistic"] != "rate", table["numerator"])
    broken_down = ~is_total(table)
    group = ["indicator_id", "unit_of_count", "statistic", "period"]
    whole = table.assign(size=size)[~broken_down].set_index(group)["size"]
    own = pd.MultiIndex.from_frame(table[group])
    total = pd.Series(whole.reindex(own).to_numpy(), index=table.index)
    distribution = broken_down & total.isna() & (table["statistic"] == "percent")
    total = pd.to_numeric(total.where(~distribution, size))
    share = table["statistic"].isin(["percent", "ratio", "median"])
    few = (broken_down | share) & total.between(1, rule.threshold - 1).fillna(False)
    of_persons = {f"{m.indicator_id} {m.unit}" for m in measures() if m.persons}
    name = table["indicator_id"] + " " + table["unit_of_count"]
    counted = broken_down & table["statistic"].eq("count") & name.isin(of_persons)
    printed = _least_printed(whole, rule)
    least = pd.Series(printed.reindex(own).to_numpy(), index=table.index)
    few |= counted & pd.to_numeric(least).between(1, rule.group - 1).fillna(False)
    return frozenset(table.index[few.astype(bool)])


def _least_printed(whole: pd.Series, rule: Rule) -> pd.Series:
    """For each total the least that a reader can take it for: of pooled years, from their years."""
    numbers = pd.to_numeric(whole).astype(float)
    least = numbers.where(~numbers.between(1, rule.threshold - 1), 1.0)
    found = []
    for (*line, period), own in least.items():
        years = [(*line, str(year)) for year in parse_period(str(period)).years]
        pooled = len(years) > 1 and all(year in least.index for year in years)
        found.append(sum(least[year] for year in years) if pooled else own)
    return pd.Series(found, index=whole.index, dtype=float)


def public_table(
    table: pd.DataFrame,
    cells: Cells,
    hidden: frozenset[Hashable],
    report: AttackReport | None = None,
) -> pd.DataFrame:
    """The table with what is hidden left blank: one code, and all that goes with a value.

    Beside a hidden count stands its range (`low`, `high`), as the `report` of the attack has it: a
    reader can work it out, and need not. A range without an upper end has no `high`; of what others' figures
    give away no range is printed: it would be the number.
    """
    public = table.copy()
    unsaid = (public["status"] == "NAP") & (public["statistic"] != "rate")
    public.loc[unsaid & (public["denominator"] != 0).fillna(True), BLANKED] = pd.NA
    concealed = [row for row, keys in cells.rows.items() if not hidden.isdisjoint(keys)]
    public.loc[concealed, BLANKED] = pd.NA
    public.loc[concealed, ["method", "status"]] = ["", "C"]
    totals = set(public.index[is_total(public)])
    blank = sorted(cells.withheld & totals)
    public.loc[blank, BLANKED] = pd.NA
    public.loc[blank, ["method", "status"]] = ["", "C"]
    telling = public["note"].fillna("").str.startswith(TELLING_NOTES)
    public.loc[telling & public["status"].eq("C"), "note"] = ""
    if report is not None:
        _add_ranges(public, cells, concealed, report)
    behind = set(public.index[table["note"].eq(BEHIND)])
    return public.drop(index=sorted((cells.withheld | behind) - totals))


def _add_ranges(
    public: pd.DataFrame, cells: Cells, concealed: Sequence[str], report: AttackReport
) -> None:
    counted = set(public.index[public["statistic"] == "count"])
    ends = report.cells.drop_duplicates("key").set_index("key")[["low", "high"]]
    ends = ends.replace(float("inf"), float("nan"))
    known = ends.to_dict("index")
    for row in concealed:
        found = known.get(cells.rows[row][0])
        if row in counted and found and found["low"] != found["high"]:
            public.loc[row, list(RANGE)] = [found["low"], found["high"]]

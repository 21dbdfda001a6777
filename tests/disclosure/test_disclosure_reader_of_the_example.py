"""A reader of the example's public table, written apart from the library.

It has `indicators.csv` as it is printed, knows which sums hold, and reads each number as what it
may stand for: a hidden count lies in the range beside it. The ends of every
range come from integer programmes over one indicator family and all of its periods, with shares
and rates among them (not medians) and with the tables that are not printed, whose sums hold all the
same; there is no narrowing and nothing is shared between solves.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.databank import open_databank
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.edition_table import raw_table
from atips_analysis.indicators.table import write_table
from atips_analysis.project import find_project

FAR = 10_000
PERIODS = ("2021", "2022", "2023", "2024", "2021-2023")
OF_PERSONS = ("PROT", "PROS", "PREV-07", "PREV-09")
OF_ACTS = ("REPORT", "CASE")
"""Units of acts, which are counted exactly."""
AS_VICTIMS = {"PROT-02": "numerator", "PROT-04": "denominator", "PROT-05": "denominator"}
"""Shares and rates of which a part is printed as a count of victims as well."""
SERVICES = {"PROT-08": "SHELTER", "PROT-09": "REPATRIATION", "PROT-10": "IMM_STATUS"}
"""Indicators of one service, whose number PROT-06 prints among the services as well."""


@pytest.fixture(scope="module")
def printed(tmp_path_factory, example_bank):
    """(the public table as text, the raw one, public figures by place)"""
    house = find_project()
    folder = tmp_path_factory.mktemp("example")
    bank = open_databank(example_bank)
    raw = raw_table(bank, house, [parse_period(name) for name in PERIODS])
    protected = protect_table(raw, house)
    write_table(protected.table, folder / "indicators.csv")
    write_table(raw, folder / "raw.csv")
    public, raw = (
        pd.read_csv(folder / name, dtype=str, keep_default_na=False)
        for name in ("indicators.csv", "raw.csv")
    )
    figures = [((f.key[0], f.key[1], frozenset(f.key[2])), f.value) for f in protected.figures]
    return public, raw, figures


class Reader:
    """Unknown whole numbers with the least and the most that a table says of each, and sums."""

    def __init__(self):
        self.names, self.low, self.high, self.sums = {}, [], [], []

    def unknown(self, name):
        if name not in self.names:
            self.names[name] = len(self.names)
            self.low.append(0)
            self.high.append(FAR)
        return self.names[name]

    def learn(self, name, low, high):
        at = self.unknown(name)
        self.low[at], self.high[at] = max(self.low[at], low), min(self.high[at], high)

    def add_up(self, total, parts):
        self.sums.append((self.unknown(total), [self.unknown(part) for part in parts]))

    def ranges(self, wanted):
        n = len(self.names)
        rows = np.zeros((len(self.sums), n))
        for row, (total, parts) in enumerate(self.sums):
            rows[row, total] -= 1
            for part in parts:
                rows[row, part] += 1
        linked = sp.csr_array(abs(rows).T @ abs(rows))
        _, group = connected_components(linked, directed=False)
        for name in wanted:
            at = self.names[name]
            mine = np.flatnonzero(group == group[at])
            own = rows[:, mine]
            own = own[abs(own).sum(axis=1) > 0]
            ends = []
            for sign in (1, -1):
                goal = np.zeros(len(mine))
                goal[list(mine).index(at)] = sign
                rules = [LinearConstraint(own, 0, 0)] if len(own) else []
                bounds = Bounds(np.array(self.low)[mine], np.array(self.high)[mine])
                found = milp(goal, integrality=np.ones(len(mine)), bounds=bounds, constraints=rules)
                assert found.x is not None, f"what is printed of {name} contradicts itself"
                ends.append(round(sign * found.fun))
            yield name, *ends


def place(row):
    cell = frozenset((name, row[name]) for name in dimensions() if row[name] != "Total")
    return f"{row['indicator_id']} {row['unit_of_count']}", row["period"], cell


def truths(raw):
    """True counts by place, and by place and part for shares and rates."""
    found = {}
    for row in raw.to_dict("records"):
        if row["statistic"] == "count" and row["value"]:
            found[place(row)] = int(float(row["value"]))
        for part in ("numerator", "denominator"):
            if row["statistic"] in ("percent", "ratio", "rate") and row[part]:
                found[(*place(row), row["statistic"], part)] = int(float(row[part]))
    return found


def ends_of(figure):
    return figure if isinstance(figure, tuple) else (figure, figure)


def read(public, true, figures, *, tables=True):
    """The reader, and the names of what is not told exactly; without `tables`, of figures alone."""
    reader, untold = Reader(), []
    counts = [name for name in true if len(name) == 3 and of_persons(*name[0].split())]
    for name, figure in figures:
        low, high = ends_of(figure)
        if low <= true.get(name, -1) <= high:
            reader.learn(name, low, min(high, FAR))
    for row in public.to_dict("records"):
        if not of_persons(row["indicator_id"], row["unit_of_count"]):
            continue
        name = place(row)
        if row["statistic"] == "count" and name in true:
            read_count(reader, row, tables=tables)
        elif row["statistic"] in ("percent", "ratio", "rate"):
            read_share(reader, row, true, tables=tables)
    read_sums(reader, true, set(counts))
    for name in reader.names:
        at = reader.names[name]
        if tables and reader.low[at] < reader.high[at] and true.get(name):
            untold.append(name)
    return reader, untold


def of_persons(indicator, unit):
    return indicator.startswith(OF_PERSONS) and unit not in OF_ACTS


def read_count(reader, row, *, tables):
    """What a row of counts prints; without `tables`, a total of a year, zeros, and that it is."""
    name = place(row)
    if row["status"] != "C":
        low = high = int(row["value"])
    else:
        low, high = int(row["low"]), int(row["high"] or FAR)
    if tables or is_total_of_a_year(name) or high == 0:
        reader.learn(name, low, high)
    else:
        reader.learn(name, 1, FAR)


def is_total_of_a_year(name):
    return not name[2] and len(name[1]) == 4


def read_share(reader, row, true, *, tables):
    """What a share or rate prints of its part and its whole, and the rest of a percentage."""
    name = place(row)
    whole, top = [(*name, row["statistic"], part) for part in ("denominator", "numerator")]
    for part in (top, whole):
        if tables and row[part[-1]]:
            reader.learn(part, float(row[part[-1]]), float(row[part[-1]]))
    same = AS_VICTIMS.get(row["indicator_id"])
    victims = ("PROT-01 VICTIM", *name[1:])
    if same and true.get((*name, row["statistic"], same)) == true.get(victims, -1):
        reader.add_up((*name, row["statistic"], same), [victims])
    if row["statistic"] == "percent":
        reader.add_up(whole, [top, (*name, "rest")])


def held(name):
    """What a merged category holds, by place; nothing where no category is one."""
    found = []
    for dimension, category in name[2]:
        rest = name[2] - {(dimension, category)}
        codes = load_codebook().dimension(dimension).merged.get(category, ())
        found += [(*name[:2], rest | {(dimension, code)}) for code in codes]
    return found


def read_sums(reader, true, known):
    """The sums over categories and years that a reader knows to hold."""
    merged = {name for name in known if held(name)}
    for name in sorted(merged, key=repr):
        assert true[name] == sum(true[part] for part in held(name)), name
        reader.add_up(name, held(name))
    known = known - merged
    dimensions = {
        name[:2]: {d for n in known if n[:2] == name[:2] for d, _ in n[2]} for name in known
    }
    for total in sorted(known, key=repr):
        for dimension in sorted(dimensions[total[:2]] - {d for d, _ in total[2]}):
            parts = [
                n for n in known
                if n[:2] == total[:2] and n[2] > total[2]
                and {d for d, _ in n[2] - total[2]} == {dimension}
            ]  # fmt: skip
            if parts and true[total] == sum(true[part] for part in parts):
                reader.add_up(total, parts)
        service = frozenset([("service_type", SERVICES.get(total[0].split()[0]))])
        same = ("PROT-06 SERVICE", total[1], service)
        if not total[2] and same in known and true[same] == true[total]:
            reader.add_up(total, [same])
        years = [(total[0], year, total[2]) for year in ("2021", "2022", "2023")]
        whole = total[1] == "2021-2023" and known.issuperset(years)
        if whole and true[total] == sum(true[year] for year in years):
            reader.add_up(total, years)


def test_nothing_from_one_to_four_is_printed_of_persons_but_what_is_public(printed):
    public, _, figures = printed
    counts = public[
        public["indicator_id"].str.startswith(OF_PERSONS)
        & ~public["unit_of_count"].isin(OF_ACTS)
        & (public["statistic"] == "count")
        & public["status"].isin(["OK", "PV"])
    ]
    small = counts[counts["value"].astype(float).between(1, 4)]
    told = {(*name, value) for name, value in figures}
    for code, service in SERVICES.items():
        as_service = ("PROT-06 SERVICE", frozenset([("service_type", service)]))
        told |= {
            (as_service[0], period, as_service[1], value)
            for (name, period, cell), value in figures
            if name == f"{code} VICTIM" and not cell
        }
    for row in small.to_dict("records"):
        same = {(*place(row), int(row["value"])), ("", *place(row)[1:], int(row["value"]))}
        assert same & told, row["indicator_id"]


def test_the_range_beside_a_hidden_count_is_the_one_that_a_reader_works_out(printed):
    public, raw, _ = printed
    true = truths(raw)
    hidden = public[public["status"].eq("C") & public["statistic"].eq("count")]
    assert len(hidden) > 20
    assert (hidden["low"] != "").all()
    for row in hidden.to_dict("records"):
        assert int(row["low"]) <= true[place(row)] <= int(row["high"] or FAR)
        assert int(row["low"]) >= 1


def test_no_count_that_is_not_told_can_be_worked_out_or_known_to_be_small(printed):
    """Only what a printed total of a year leaves of a count may be less than three and up to 5."""
    public, raw, figures = printed
    true = truths(raw)
    reader, untold = read(public, true, figures)
    assert sum(len(name) == 3 for name in untold) > 200
    opened = {}
    for name, low, high in reader.ranges(untold):
        assert low <= true[name] <= high, name
        small = 1 <= true[name] <= 4
        judged = small or name in hidden_counts(public)
        if judged and (high - low < 2 or (small and high < 5)):
            opened[name] = (low, high)
    of_totals_alone, _ = read(public, true, figures, tables=False)
    for name, low, high in of_totals_alone.ranges(opened):
        least, most = opened[name]
        assert most - least >= min(2, high - low), (
            f"{name} is {least} to {most}: one may work it out"
        )
        assert true[name] > 4 or most >= min(5, high), f"{name} is known to be {most} at most"


def hidden_counts(public):
    hidden = public[public["status"].eq("C") & public["statistic"].eq("count")]
    return {place(row) for row in hidden.to_dict("records")}


def test_the_reader_would_notice_a_small_count_that_can_be_worked_out():
    reader = Reader()
    for name, low, high in (("all", 18, 18), ("F", 15, 15), ("M", 1, FAR)):
        reader.learn(name, low, high)
    reader.add_up("all", ["F", "M"])
    assert list(reader.ranges(["M"])) == [("M", 3, 3)]


def test_the_reader_takes_a_rounded_part_for_what_it_may_stand_for():
    reader = Reader()
    for name, low, high in (("2021", 0, 9), ("2022", 0, 14), ("pool", 12, 12)):
        reader.learn(name, low, high)
    reader.add_up("pool", ["2021", "2022"])
    assert list(reader.ranges(["2021", "2022"])) == [("2021", 0, 9), ("2022", 3, 12)]

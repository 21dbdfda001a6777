"""A reader of published tables, written apart from the library: it knows all that is published.

`reader_ranges` solves two integer programmes a hidden cell, over all cells of all tables (those
shown are held by constraints), and knows nothing of components, narrowing or shared solutions.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from atips_analysis.codebook import dimensions
from atips_analysis.disclosure import Aim, Earlier, Known, Relation, Release, Rule, System
from atips_analysis.indicators import measure, measures
from atips_analysis.indicators.place import narrow, wide_columns

EXAMPLES = Path(__file__).parents[1] / "data" / "sdc" / "examples.json"
FAR = 5_000


class Reader:
    """The system of all cells of all tables; each question is one integer programme."""

    def __init__(self, counts, relations, hidden, may_be_zero=()):
        self.keys = list(counts)
        self.place = {key: number for number, key in enumerate(self.keys)}
        rules, low, high = [], [], []
        for relation in relations:
            row = np.zeros(len(self.keys))
            row[self.place[relation.total]] -= 1
            for part in relation.parts:
                row[self.place[part]] += 1
            rules.append(row)
            low.append(0)
            high.append(0)
        for key, count in counts.items():
            row = np.zeros(len(self.keys))
            row[self.place[key]] = 1
            rules.append(row)
            least = 0 if key in may_be_zero else 1
            low.append(least if key in hidden else count)
            high.append(FAR if key in hidden else count)
        self.rules = LinearConstraint(np.array(rules), low, high)

    def end(self, key, sign):
        goal = np.zeros(len(self.keys))
        goal[self.place[key]] = sign
        answer = milp(
            goal,
            integrality=np.ones(len(goal)),
            bounds=Bounds(0, FAR),
            constraints=self.rules,
        )
        assert answer.x is not None, "the reader's system has no solution"
        return round(answer.x[self.place[key]])


def _reader_ranges(counts, relations, hidden, may_be_zero=()):
    reader = Reader(counts, relations, hidden, may_be_zero)
    return {key: (reader.end(key, 1), reader.end(key, -1)) for key in hidden}


def _unsafe(counts, relations, hidden, threshold=5, may_be_zero=()):
    """The hidden cells that this reader opens, and those that a person alone in a cell opens."""
    reader = Reader(counts, relations, hidden, may_be_zero)
    opened = [key for key in hidden if not _safe(reader, key, counts[key], threshold)]
    if opened:
        return opened
    small = [key for key in hidden if 1 <= counts[key] < threshold]
    for own in [key for key in small if counts[key] == 1]:
        hers = _same_person(own, counts, relations)
        known = Reader(counts, relations, set(hidden) - hers, may_be_zero)
        opened += [
            key
            for key in small
            if key not in hers and not _safe(known, key, counts[key], threshold)
        ]
    return opened


def _safe(reader, key, count, threshold):
    high = reader.end(key, -1)
    reaches = high >= threshold if count < threshold else True
    return reaches and high - reader.end(key, 1) >= 2


def _same_person(own, counts, relations):
    hers = {own}
    for _ in counts:
        for one in relations:
            for part in one.parts:
                if counts[part] == counts[one.total] == 1 and hers & {part, one.total}:
                    hers |= {part, one.total}
    return hers


def _two_way(table):
    """Cells (row, column) and the sums of a table whose last row and column are margins."""
    rows, columns = len(table), len(table[0])
    counts = {(i, j): table[i][j] for i in range(rows) for j in range(columns)}
    relations = [
        Relation((i, columns - 1), tuple((i, j) for j in range(columns - 1)), "rows")
        for i in range(rows)
    ]
    relations += [
        Relation((rows - 1, j), tuple((i, j) for i in range(rows - 1)), "columns")
        for j in range(columns)
    ]
    return counts, relations


@pytest.fixture(scope="session")
def reader_ranges():
    return _reader_ranges


@pytest.fixture(scope="session")
def unsafe_cells():
    return _unsafe


@pytest.fixture(scope="session")
def two_way():
    return _two_way


@pytest.fixture(scope="session")
def with_margins():
    def add(inner):
        table = [[*row, sum(row)] for row in inner]
        return [*table, [sum(column) for column in zip(*table, strict=True)]]

    return add


@pytest.fixture(scope="session")
def examples():
    return {example["id"]: example for example in json.loads(EXAMPLES.read_text("utf-8"))}


def _protected(cells, sums, *, threshold=5, aim=None, **known):
    """The cheapest safe pattern; what the rules tell has tests of its own."""
    aim = aim or Aim(rules=False)
    for name in ("unpublished", "exempt"):
        known[name] = frozenset(known.get(name, ()))
    return System(cells, sums, Known(**known), rule=Rule(threshold)).protect(aim)


def _attacked(releases, *, figures=(), ties=(), truth=None, threshold=5, inside=True):
    """The attack on one release or several, with true counts by (edition, key)."""
    releases = [releases] if isinstance(releases, Release) else list(releases)
    counts = {}
    for (edition, key), count in (truth or {}).items():
        counts.setdefault(edition, {})[key] = count
    known = Known(figures=tuple(figures), ties=tuple(ties))
    earlier = [Earlier(one, counts.get(one.edition, {})) for one in releases]
    return System({}, (), known, earlier, Rule(threshold)).attack(inside=inside)


def _tidy(edition, **by_sex):
    """Potential and confirmed victims of 2024 by sex as a raw tidy table."""
    rows = [("Total", sum(by_sex.values())), *by_sex.items()]
    table = pd.DataFrame("", index=range(len(rows)), columns=wide_columns(), dtype=object)
    table[list(dimensions())] = "Total"
    table["indicator_id"], table["unit_of_count"], table["statistic"] = "PROT-01", "VICTIM", "count"
    table["period"], table["vintage"], table["source"] = "2031", edition, "register"
    table["sex"] = [name for name, _ in rows]
    for column in ("value", "numerator", "denominator", "ci_low", "ci_high"):
        table[column] = pd.array([pd.NA] * len(rows), dtype="Float64")
    table["value"] = pd.array([float(count) for _, count in rows], dtype="Float64")
    table["status"] = ["Z" if count == 0 else "OK" for _, count in rows]
    return narrow(table)


@pytest.fixture(scope="session")
def tidy():
    """Makes the raw tidy table of an edition, of one year's victims by sex."""
    return _tidy


@pytest.fixture(scope="session")
def protect_cells():
    """The pattern that a system of cells gives itself."""
    return _protected


@pytest.fixture(scope="session")
def attack():
    return _attacked


@pytest.fixture
def cases_and_reports_as_persons(monkeypatch):
    """Cases and reports are counted exactly; here their shares stand for those of persons."""
    monkeypatch.setattr(measure, "_MEASURES", [replace(one, persons=True) for one in measures()])

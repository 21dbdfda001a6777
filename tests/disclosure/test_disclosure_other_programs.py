"""The same tables in τ-ARGUS (pytauargus) and in SSB's GaussSuppression."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest

from atips_analysis.disclosure import Aim, Relation, System

SMALL = 5


def test_the_pattern_of_gausssuppressions_vignette_leaves_three_values_to_each_cell():
    """Vignette "Small count frequency table suppression", table 1: maxN = 1, zeros hidden too."""
    counts = {
        ("young", "Spain"): 5, ("young", "Iceland"): 2, ("young", "Portugal"): 0,
        ("old", "Spain"): 6, ("old", "Iceland"): 3, ("old", "Portugal"): 4,
    }  # fmt: skip
    sums = []
    for place, labels in ((0, ("young", "old")), (1, ("Spain", "Iceland", "Portugal"))):
        for label in labels:
            parts = tuple(key for key in counts if key[place] == label)
            counts[label] = sum(counts[part] for part in parts)
            sums.append(Relation(label, parts))
    hidden = [(age, place) for age in ("young", "old") for place in ("Iceland", "Portugal")]
    shown = dict(counts) | dict.fromkeys(hidden, (0, float("inf")))
    report = System({}, sums).attack(shown, inside=False)
    ends = {row.key: (row.low, row.high) for row in report.cells.itertuples()}
    assert ends == {
        ("young", "Iceland"): (0, 2),
        ("young", "Portugal"): (0, 2),
        ("old", "Iceland"): (3, 5),
        ("old", "Portugal"): (2, 4),
    }


def _random_table(seed, with_margins, two_way):
    draw = np.random.default_rng(seed)
    inner = draw.poisson(draw.gamma(0.7, 8.0, (5, 4))).tolist()
    return two_way(with_margins(inner))


def _write_jj(file, counts, sums, marks):
    """The system as a JJ file of τ-ARGUS; the keys in the order of its cell numbers."""
    order = [key for key, count in counts.items() if count > 0]
    place = {key: number for number, key in enumerate(order)}
    ceiling = 10 * max(counts.values())
    lines = ["0", str(len(order))]
    for number, key in enumerate(order):
        rise = SMALL - counts[key] if marks.get(key) == "u" else 0
        mark, count = marks.get(key, "s"), counts[key]
        lines.append(f"{number} {count} {count} {mark} 1 {ceiling} 0.000 {rise:.3f} 0")
    rows = []
    for one in sums:
        parts = [place[part] for part in one.parts if part in place]
        if one.total in place:
            terms = [f"{place[one.total]} (-1)", *(f"{part} (1)" for part in parts)]
            rows.append(f"0 {len(terms)} : {' '.join(terms)} ")
    file.write_text("\n".join([*lines, str(len(rows)), *rows]) + "\n", encoding="utf-8")
    return order


@pytest.mark.parametrize("seed", range(6))
def test_a_pattern_is_never_dearer_than_that_of_tauargus_and_its_ranges_are_the_same(
    seed, tmp_path, two_way, with_margins
):
    pytest.importorskip("pytauargus")
    from pytauargus import HiTaSCtrl, _tauargus

    counts, sums = _random_table(seed, with_margins, two_way)
    small = {key for key, count in counts.items() if 1 <= count < SMALL}
    ours = System(counts, sums).protect(Aim(margins="alike", inside=False, rules=False))
    with contextlib.chdir(tmp_path):
        given, found = Path("jj.in"), Path("jj.out")
        order = _write_jj(given, counts, sums, dict.fromkeys(small, "u"))
        HiTaSCtrl().full_jj(str(given), str(found), 5)
        theirs = small | {
            order[int(line.split()[0])] for line in found.read_text().splitlines() if line
        }
        marks = {key: "u" if key in small else "m" for key in theirs}
        order = _write_jj(given, counts, sums, marks)
        audited = _tauargus.audit_jj(str(given))
    shown = {key: None if key in theirs else count for key, count in counts.items()}
    report = System({}, sums).attack(shown, inside=False, explained=0)
    ends = {row.key: (row.low, row.high) for row in report.cells.itertuples()}
    assert all(
        ends[order[row["cell"]]] == (round(row["min"]), round(row["max"])) for row in audited
    )
    if report.safe:
        assert ours.hidden_value <= sum(counts[key] for key in theirs)

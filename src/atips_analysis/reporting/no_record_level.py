"""Why no file with a row a person is released: k-anonymity and differential privacy at this size."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from scipy.optimize import brentq
from scipy.stats import norm

from atips_analysis.last_build import public_side
from atips_analysis.project import find_project
from atips_analysis.reporting import page
from atips_analysis.reporting.tidy import Tidy, open_tidy

EPSILON = 1.0
DELTA = 1e-5
TABLES = 20
COUNTS = (
    (5, "the smallest count of persons that is published"),
    (7, "arrests in the 2024 report"),
    (18, "cases in the 2024 report"),
)
NAMES = {
    "identified_year": "year",
    "sex": "sex",
    "age_group": "child or adult",
    "citizenship_group": "citizenship group",
    "form": "form of exploitation",
}


@dataclass(frozen=True)
class RecordLevelPage:
    """What the page needs: the protected table and the shares that k-anonymity leaves."""

    tidy: Tidy
    content: dict[str, Any]

    @property
    def records(self) -> str:
        return "simulated records" if self.tidy.simulated else "agencies' records"


def open_page(inputs: Path, project: Path) -> RecordLevelPage:
    """The page's inputs from a build's public side: the one named, or the last."""
    house = find_project(Path(project))
    public = public_side(inputs, house)
    tidy = open_tidy(public, house)
    content = json.loads((public / "record-level.json").read_text(encoding="utf-8"))
    return RecordLevelPage(tidy, content)


def in_short(own: RecordLevelPage) -> None:
    """The answer first."""
    last = own.content["left"][-1]["percent_left"]
    noise = interval_of_laplace(1 / EPSILON)
    page.say_lead(
        f"No file with one row per person is released, in any form. Made k-anonymous with k\u00a0=\u00a0"
        f"{own.content['k']}, it would keep {_about(last)} of the {own.records}; made "
        f"differentially private with ε\u00a0=\u00a0{EPSILON:g}, each of its counts would be off by up to "
        f"{noise:.0f}, which is more than half of a count of 5."
    )
    if own.tidy.simulated:
        page.say(
            "What is said of records on this page was computed from **simulated records**. They "
            "show the method; they are no substitute for data, and nothing about Belize follows "
            "from them. Counts of 7 and 18 are those that the Council's 2024 report prints."
        )


def anonymity(own: RecordLevelPage) -> None:
    """What k = 11 leaves as characteristics are added."""
    lines = []
    for step in own.content["left"]:
        names = [NAMES.get(name, name) for name in step["characteristics"]]
        lines.append([", ".join(names), _about(step["percent_left"])])
    page.say(
        "A record is k-anonymous when at least k records agree in everything that somebody could "
        "know of a person. The Counter-Trafficking Data Collaborative (CTDC) used k\u00a0=\u00a011 for its "
        "k-anonymised global file; by its own account two in five of its records would have to be "
        "left out, and its files hold far more victims than Belize's. Each row below asks for one "
        "characteristic more."
    )
    page.show_table(
        pd.DataFrame(lines, columns=["Characteristics in the file", "Records left"]),
        f"What k\u00a0=\u00a0{own.content['k']} would leave of the victims of {own.content['years']}",
        "tbl-anonymity",
        note=own.tidy.source_line + ". Shares are rounded down to tens, so that no count shows",
    )
    page.say(
        "What is left says the least: the most frequent combinations, without those whom a reader "
        "would ask about. And k-anonymity does not protect where all in a group share the answer, "
        "nor against a reader who has the published tables beside the file."
    )


def privacy(own: RecordLevelPage) -> None:
    """What noise does to counts like these."""
    each = EPSILON / TABLES
    sigma = gaussian_scale(EPSILON, DELTA)
    lines = []
    for count, what in COUNTS:
        lines.append(
            [
                f"{count} ({what})",
                _range(count, interval_of_laplace(1 / EPSILON)),
                _range(count, 1.96 * sigma),
                _range(count, interval_of_laplace(1 / each)),
            ]
        )
    page.say(
        "Differential privacy adds noise to each count, so that no single person's record changes "
        f"much of what is published. One count may have all of ε\u00a0=\u00a0{EPSILON:g}; a file, or a report "
        f"with {TABLES} tables in each of which a person stands, has to share it out, and each "
        f"table is left with ε\u00a0=\u00a0{each:g}."
    )
    page.show_table(
        pd.DataFrame(
            lines,
            columns=[
                "True count",
                f"Laplace, ε\u00a0=\u00a0{EPSILON:g}",
                f"Gaussian, ε\u00a0=\u00a0{EPSILON:g}, δ\u00a0=\u00a00.00001",
                f"Laplace, one of {TABLES} tables",
            ],
        ),
        "Where 19 of 20 noisy values would lie",
        "tbl-privacy",
        align="lrrr",
        note=(
            f"Computed: Laplace noise of scale 1/ε (Dwork and others 2006); Gaussian noise of "
            f"standard deviation {sigma:.2f} (Balle and Wang 2018, theorem 8); one person changes "
            "a count by 1"
        ),
    )
    wrong_order = laplace_difference_beyond(2, 1 / EPSILON)
    fifth = math.exp(-0.2 * 5 * EPSILON)
    page.say_list(
        f"With all of ε\u00a0=\u00a0{EPSILON:g} for itself, a count of 5 is wrong by a fifth or more in "
        f"{100 * fifth:.0f} of 100 releases.",
        f"Of two years with 5 and 7 persons, the wrong one comes out larger in "
        f"{100 * wrong_order:.0f} of 100 releases.",
        f"Shared out over {TABLES} tables, a count of 18 is wrong by its own size or more in "
        f"{100 * math.exp(-18 * each):.0f} of 100 releases.",
    )
    page.say(
        "Noise of that size hides what the statistics are for: whether services reached those who "
        "need them, and whether a year differs from another. Tables would not add up, and would "
        "contradict what the Council, UNODC and the US reports have printed already; those figures "
        "are exact, so noise would not even protect them."
    )


def instead(own: RecordLevelPage) -> None:
    """What is released in its place."""
    persons = own.tidy.table[own.tidy.table["statistic"] == "count"]
    hidden, rounded = (int((persons["status"] == status).sum()) for status in ("C", "R"))
    page.say(
        f"Tables of counts are released, protected together: {len(persons):,} counts, of which "
        f"{hidden:,} are hidden and {rounded:,} rounded to multiples of 5. Counts of persons from "
        "1 to 4 are hidden, with enough others that no hidden one can be worked out; a table of "
        "which more than half would be hidden is rounded instead. Each release is attacked with "
        "all earlier ones and with the public figures before it leaves."
    )
    page.say(
        "The simulated example of this package has rows, so that every step can be tried and "
        "taught. It was drawn at random to match published totals. It is not a substitute for "
        "data: whatever is found in its breakdowns was put there by chance."
    )


def interval_of_laplace(scale: float, share: float = 0.95) -> float:
    """Half the width that holds `share` of Laplace noise: scale · ln(1 / (1 − share))."""
    return scale * math.log(1 / (1 - share))


def laplace_difference_beyond(distance: float, scale: float) -> float:
    """Probability that the difference of two Laplace noises exceeds `distance`.

    The difference of two independent Laplace variables of scale b has the upper tail
    (2 + d/b) · exp(−d/b) / 4 (Kotz, Kozubowski and Podgórski 2001, section 2.3).
    """
    return (2 + distance / scale) * math.exp(-distance / scale) / 4


def gaussian_scale(epsilon: float, delta: float) -> float:
    """Least standard deviation of Gaussian noise that is (ε, δ)-private for a count.

    Balle and Wang 2018, "Improving the Gaussian Mechanism for Differential Privacy", theorem 8,
    with sensitivity 1.
    """

    def excess(sigma: float) -> float:
        left = norm.cdf(0.5 / sigma - epsilon * sigma)
        return float(left - math.exp(epsilon) * norm.cdf(-0.5 / sigma - epsilon * sigma) - delta)

    return float(brentq(excess, 0.05, 200.0))


def _about(percent: int) -> str:
    if percent >= 100:
        return "all"
    return "less than a tenth" if percent < 10 else f"{percent} to {percent + 10} %"


def _range(count: int, half: float) -> str:
    low, high = round(count - half), round(count + half)
    return f"{'−' if low < 0 else ''}{abs(low)} to {high}"

"""Which series changed, by how much, how sure; and what numbers of this size could show at all."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.indicators import external, measures
from atips_analysis.reporting import page
from atips_analysis.reporting.numbers import Cell, format_interval, format_number
from atips_analysis.reporting.points import Series, counts_over_years
from atips_analysis.reporting.research_figures import Ratio, power_picture, ratios_picture
from atips_analysis.reporting.research_inputs import (
    Study,
    check_between,
    check_years,
    open_study,
)
from atips_analysis.reporting.style import GREY, NAVY, ORANGE, TEAL
from atips_analysis.reporting.text import in_words, sentence_case
from atips_analysis.reporting.wording import comparisons_sentence
from atips_analysis.statistics import (
    AnnualChange,
    Verdict,
    annual_change,
    detectable_ratio,
    rate_ratio,
)

MEANINGS = {
    "first_year": "first year of the register's series",
    "last_year": "last year of the register's series",
    "confidence": "confidence of every interval, from 0.5 to 0.999",
    "power": "how probably a change of the size shown would be noticed, from 0.5 to 0.99",
}
PUBLISHED = {
    "us-potential_victims_identified": "Potential victims, US reports",
    "unodc-detected-victims": "Detected victims, UNODC",
    "dol-labour_inspections": "Labour inspections, US Dep. of Labor",
}
CHANGE = (Verdict.INCREASE, Verdict.DECREASE)


@dataclass(frozen=True)
class Followed:
    """One series: what it counts, its cells by year, and what may be said of it."""

    label: str
    origin: str
    years: tuple[int, ...]
    cells: tuple[Cell, ...]
    change: AnnualChange

    @property
    def complete(self) -> bool:
        """Whether every year has a number, and none is rounded."""
        return all(cell.value is not None and cell.status != "R" for cell in self.cells)

    @property
    def tested(self) -> bool:
        return self.change.verdict != Verdict.TOO_FEW_DATA

    @property
    def counts(self) -> list[int]:
        return [int(cell.value) for cell in self.cells if cell.value is not None]  # type: ignore[arg-type]


@dataclass(frozen=True)
class Trends:
    """All series of the page, followed once."""

    study: Study

    @cached_property
    def published(self) -> pd.DataFrame:
        return external.external_series(self.study.project)

    @cached_property
    def register(self) -> list[Followed]:
        """Counts of the framework that chance moves: those with a Poisson interval."""
        found = []
        for one in measures():
            if one.statistic != "count" or one.interval != "poisson":
                continue
            found.append(self._register(one.indicator_id, one.unit))
            if one.indicator_id == "PROT-01":
                found += [
                    self._register(one.indicator_id, one.unit, status)
                    for status in ("POTENTIAL", "CONFIRMED")
                ]
        return found

    @cached_property
    def printed(self) -> list[Followed]:
        """Series that others print for three calendar years or more."""
        newest = self.published["vintage"].where(
            self.published["series"].str.startswith("unodc"), ""
        )
        latest = newest.max()
        found = []
        for name, label in PUBLISHED.items():
            own = self._printed(name)
            if name.startswith("unodc"):
                own = own[own["vintage"] == latest]
            found.append(self._follow(label, "published", _by_year(own)))
        return [one for one in found if len(one.years) >= 3]

    @property
    def everything(self) -> list[Followed]:
        return [*self.register, *self.printed]

    @property
    def tested(self) -> list[Followed]:
        return [one for one in self.everything if one.tested]

    def spliced(self) -> Followed:
        """What nobody should follow: potential victims, and from the break on confirmed ones."""
        potential = _by_year(self._printed("us-potential_victims_identified"))
        confirmed = _by_year(self._printed("us-confirmed_victims_identified_by_government"))
        last = max(potential)
        joined = potential | {year: cell for year, cell in confirmed.items() if year > last}
        return self._follow("Both, joined", "published", joined)

    def _printed(self, name: str) -> pd.DataFrame:
        own = self.published[self.published["series"] == name]
        if name.startswith("us-"):
            own = external.victim_counts(self.published).query("series == @name")
            own = own[own["confidence"] == "read_in_source"]
        dimensions = [column for column in external.DIMENSIONS if column != "status_of_victim"]
        whole = (own[dimensions] == "Total").all(axis=1)
        return own[whole & own["period"].str.fullmatch(r"\d{4}")]

    def _register(self, indicator_id: str, unit: str, status: str = "") -> Followed:
        tidy, what = self.study.tidy, {"status_of_victim": status} if status else {}
        cells = {
            year: tidy.cell(indicator_id, year, unit, "count", **what) for year in self.study.years
        }
        label = tidy.indicator(indicator_id).name_en
        if status:
            label = f"of these, {tidy.label('status_of_victim', status).lower()}"
        return self._follow(f"{indicator_id} {label}", "register", cells)

    def _follow(self, label: str, origin: str, cells: dict[int, Cell]) -> Followed:
        years = tuple(sorted(cells))
        shown = tuple(cells[year] for year in years)
        known = all(cell.value is not None and cell.status != "R" for cell in shown)
        counts: list[Any] = [cell.value if known else None for cell in shown]
        change = annual_change(list(years), counts, confidence=self.study["confidence"])
        return Followed(label, origin, years, shown, change)


def open_trends(
    inputs: Path,
    project: Path,
    first_year: int,
    last_year: int,
    confidence: float,
    power: float,
) -> Trends:
    """Check the parameters and read the data."""
    check_between("confidence", confidence, 0.5, 0.999, 0.95)
    check_between("power", power, 0.5, 0.99, 0.8)
    values = {
        "first_year": first_year,
        "last_year": last_year,
        "confidence": confidence,
        "power": power,
    }
    study = open_study(inputs, project, MEANINGS, values)
    check_years(study, least=3)
    return Trends(study)


def summary(trends: Trends) -> None:
    """What changed, in a few sentences."""
    changed = [one for one in trends.tested if one.change.verdict in CHANGE]
    hidden = [one for one in trends.everything if not one.complete]
    few = [one for one in trends.everything if one.complete and not one.tested]
    page.say_key_figures(
        (str(len(trends.everything)), "series looked at"),
        (str(len(trends.tested)), "of them could be tested"),
        (str(len(changed)), "of them show a change"),
    )
    names = [
        f"**{one.label}** ({one.origin}): {one.change.verdict}, by a factor of "
        f"{format_number(one.change.ratio, decimals=2)} a year "
        f"({format_interval(one.change.interval.low, one.change.interval.high, decimals=2)})."
        for one in changed
    ]
    page.say_list(
        *(
            names
            or [
                "No series moved by more than chance alone could explain. That is not evidence "
                "that nothing changed: @tbl-power says how large a change would have had to be."
            ]
        ),
        f"{sentence_case(in_words(len(hidden)))} series {'has' if len(hidden) == 1 else 'have'} a year "
        f"that is hidden, rounded or missing and {in_words(len(few)) if few else 'none'} "
        f"{'has' if len(few) == 1 else 'have'} too few events: nothing is said "
        "of them.",
        comparisons_sentence(len(trends.tested), trends.study["confidence"]),
    )


def series_table(trends: Trends) -> None:
    """Every series with its yearly ratio, interval and verdict; and the figure."""
    tested = trends.tested
    if tested:
        picture = ratios_picture(
            [
                Ratio(
                    _in_two_lines(one.label),
                    one.change.ratio,
                    one.change.interval.low,
                    one.change.interval.high,
                    _colour(one),
                )
                for one in tested
            ],
            unit="Factor from one year to the next",
            name="yearly-factors",
        )
        page.show_figure(
            picture,
            "By what factor each series changed from year to year, with its interval",
            "fig-factors",
            note="An interval that holds 1 is compatible with no change. Blue: register; "
            f"orange: published by others. {trends.study.tidy.source_line}",
        )
    heads = [
        "Series",
        *map(str, trends.study.years),
        "Factor a year",
        f"{_level(trends)} interval",
        "What may be said",
    ]
    rows = [[one.label, *one.cells, *_said(one.change)] for one in trends.register]
    page.show_table(
        pd.DataFrame(rows, columns=heads),
        f"Series of the register, {trends.study['first_year']}–{trends.study['last_year']}",
        "tbl-register-series",
        widths=[36, *[8] * len(trends.study.years), 10, 15, 20],
        note=trends.study.tidy.source_line + _method_note(trends.register),
    )
    rows = [
        [
            one.label,
            f"{one.years[0]}–{one.years[-1]}",
            sum(one.counts) if one.complete else None,
            *_said(one.change),
        ]
        for one in trends.printed
    ]
    page.show_table(
        pd.DataFrame(rows, columns=["Series", "Years", "Events in all, n", *heads[-3:]]),
        "Series that others published",
        "tbl-published-series",
        widths=[36, 14, 12, 12, 16, 20],
        note="Sources: US Trafficking in Persons Reports (read in the source), UNODC (newest "
        "file), US Department of Labor. Years with a count that the publisher hides are not "
        "filled in, and the series is then not tested" + _method_note(trends.printed),
    )


def sensitivity_to_single_years(trends: Trends) -> None:
    """Each tested series again, every year left out once."""
    rows, fragile = [], []
    for one in trends.tested:
        if len(one.years) < 4:
            continue
        without = {
            year: annual_change(
                [other for other in one.years if other != year],
                [
                    count
                    for other, count in zip(one.years, one.counts, strict=True)
                    if other != year
                ],
                confidence=trends.study["confidence"],
            )
            for year in one.years
        }
        known = {year: change for year, change in without.items() if change.ratio == change.ratio}
        if not known:
            continue
        ratios = [change.ratio for change in known.values()]
        other = [year for year, change in known.items() if change.verdict != one.change.verdict]
        fragile += [one] if other else []
        rows.append(
            [
                one.label,
                one.change.ratio,
                format_interval(min(ratios), max(ratios), decimals=2),
                str(one.change.verdict),
                ", ".join(map(str, other)) or "none",
            ]
        )
    which = in_words(len(fragile)) if fragile else "none"
    page.say(
        f"Left out one at a time, single years change the verdict of {which} of the "
        f"{in_words(len(rows))} series that were tested and have four years or more. A verdict that "
        "hangs on one year is not one to build on; one that does not is only as sure as its "
        "interval."
    )
    page.show_table(
        pd.DataFrame(
            rows,
            columns=[
                "Series",
                "Factor a year",
                "Smallest to largest without one year",
                "What may be said of all years",
                "Years without which it changes",
            ],
        ),
        "The factor with every year left out once",
        "tbl-single-years",
        decimals=2,
        widths=[38, 12, 20, 20, 18],
        note=trends.study.tidy.source_line + "; US reports; US Department of Labor",
    )


def sensitivity_to_the_break(trends: Trends) -> None:
    """What joining potential and confirmed victims would seem to show."""
    potential = next(one for one in trends.printed if one.label.startswith("Potential"))
    spliced = trends.spliced()
    rows = [
        [one.label, f"{one.years[0]}–{one.years[-1]}", *_said(one.change)]
        for one in (potential, spliced)
    ]
    after = [year for year in spliced.years if year > potential.years[-1]]
    side = ""
    if after:
        later, earlier = spliced.counts[spliced.years.index(after[0])], potential.counts[-1]
        ratio = rate_ratio(later, earlier, confidence=trends.study["confidence"])
        if ratio.interval.high < 1:
            side = (
                f"Set side by side, the {earlier} potential victims of {potential.years[-1]} and "
                f"the {later} confirmed ones of {after[0]} would pass for a fall (ratio "
                f"{format_number(ratio.ratio, decimals=2)}, "
                f"{format_interval(*ratio.interval, decimals=2)}). What is counted changed between "
                "the two; whether the number of victims did, they cannot tell. "
            )
    page.say(
        f"The US reports count potential victims up to {potential.years[-1]}, and confirmed ones "
        f"after it. {side}Potential victims alone show {_words(potential.change.verdict)}. The two "
        "are never joined. In the register each victim's status is recorded, so that potential "
        "and confirmed victims are followed apart (@tbl-register-series)."
    )
    page.show_table(
        pd.DataFrame(rows, columns=["Series", "Years", "Factor a year", "Interval", "Verdict"]),
        "The break in victim status: what each way of reading the US reports would say",
        "tbl-break",
        widths=[34, 14, 14, 18, 26],
        note="Source: US Trafficking in Persons Reports, figures read in the source",
    )
    series = [
        Series("Potential victims", _points(potential), NAVY),
        Series(
            "Confirmed victims",
            _points(spliced, after=potential.years[-1]),
            TEAL,
        ),
    ]
    picture = counts_over_years(
        [one for one in series if len(one.points)],
        unit="Victims (count)",
        folder=Path(),
        name="break-in-status",
        break_after=potential.years[-1],
        break_label="from potential\nto confirmed",
    )
    page.show_figure(
        picture,
        "Victims in the US reports before and after the break in status; points are not joined",
        "fig-break",
        note="Source: US Trafficking in Persons Reports, figures read in the source",
    )


def power(trends: Trends) -> None:
    """What change could numbers of this size show at all?"""
    confidence, wanted = trends.study["confidence"], trends.study["power"]
    rows = []
    for one in trends.register:
        known = one.counts
        if not one.complete or sum(known) < len(known):
            continue
        typical = round(sum(known) / len(known))
        single = detectable_ratio(typical, typical, confidence=confidence, power=wanted)
        pooled = detectable_ratio(typical, 3 * typical, 1, 3, confidence=confidence, power=wanted)
        rows.append([one.label, typical, single.above, single.below, pooled.above, pooled.below])
    heads = ["Series", "Mean a year, n", "Rise, year on year", "Fall, year on year"]
    heads += ["Rise, on three years", "Fall, on three years"]
    frame = pd.DataFrame(rows, columns=heads).sort_values("Mean a year, n", ignore_index=True)
    page.say(
        f"At {format_number(100 * confidence)} % confidence, a change has to be at least as large "
        f"as @tbl-power says to be noticed with a probability of {format_number(100 * wanted)} %. "
        "Smaller changes happen, and these numbers cannot show them; “no evidence of change” is "
        "then not evidence that nothing changed. Two years, or one year and the three before it, are "
        "compared, with as many events in all as now; whole numbers make the limits jump a little "
        "from one size to the next."
    )
    page.show_table(
        frame,
        "The smallest change that could be noticed, as a factor",
        "tbl-power",
        decimals=dict.fromkeys(heads[2:], 2),
        widths=[40, 12, 12, 12, 12, 12],
        note="∞ and 0: no change could be noticed. " + trends.study.tidy.source_line,
    )
    counts = [5, 6, 7, 8, 9, 10, 12, 14, 17, 20, 25, 30, 40, 50, 70, 100, 140, 200]
    found = [detectable_ratio(n, n, confidence=confidence, power=wanted) for n in counts]
    marks = [
        (label.split(" ", 1)[0], int(size))
        for label, size in zip(frame["Series"], frame["Mean a year, n"], strict=True)
        if 5 < size <= 200
        and label.split(" ", 1)[0] in ("PROS-02", "PROT-01", "PROS-01", "PREV-09")
        and "of these" not in label
    ]
    picture = power_picture(
        counts,
        [one.above for one in found],
        [one.below for one in found],
        marks,
        unit="Smallest change that two years' counts would probably show",
        name="power",
    )
    page.show_figure(
        picture,
        "The smaller the count, the larger a change must be before it can be seen",
        "fig-power",
        note="Exact test of two Poisson counts; dashed: mean yearly counts of the register. "
        + trends.study.tidy.source_line,
    )


def _by_year(rows: pd.DataFrame) -> dict[int, Cell]:
    """Cells by year. A year without any number in print is left out; a hidden one is not."""
    cells: dict[int, Cell] = {}
    for row in rows[rows["status"] != "M"].to_dict("records"):
        value = None if pd.isna(row["value"]) else float(row["value"])
        cells.setdefault(int(row["period"]), Cell(value, str(row["status"])))
    return cells


def _points(one: Followed, after: int = 0) -> pd.DataFrame:
    kept = [
        (year, cell)
        for year, cell in zip(one.years, one.cells, strict=True)
        if year > after and cell.value is not None
    ]
    return pd.DataFrame(
        {
            "x": [year for year, _ in kept],
            "value": [cell.value for _, cell in kept],
            "low": None,
            "high": None,
            "status": "OK",
            "hollow": False,
        }
    )


def _said(change: AnnualChange) -> list[object]:
    if change.verdict == Verdict.TOO_FEW_DATA:
        return [None, "", "not tested"]
    interval = format_interval(change.interval.low, change.interval.high, decimals=2)
    return [format_number(change.ratio, decimals=2), interval, str(change.verdict)]


def _method_note(followed: list[Followed]) -> str:
    """Which series scatter more than chance makes them."""
    widened = [one.label for one in followed if one.change.method.startswith("quasi")]
    if not widened:
        return ". Poisson regression on the year"
    return f". Poisson regression on the year; quasi-Poisson (wider) for: {'; '.join(widened)}"


def _level(trends: Trends) -> str:
    return f"{format_number(100 * trends.study['confidence'])} %"


def _words(verdict: Verdict) -> str:
    return {Verdict.INCREASE: "an increase", Verdict.DECREASE: "a decrease"}.get(
        verdict, str(verdict)
    )


def _colour(one: Followed) -> str:
    return {"register": NAVY, "published": ORANGE}.get(one.origin, GREY)


def _in_two_lines(label: str) -> str:
    """A long label broken once, and cut where two lines do not hold it."""
    lines = textwrap.wrap(label, 36)
    return "\n".join(lines[:2]) + ("…" if len(lines) > 2 else "")

"""The annual report's comparison of the year with the baseline, in words that small numbers allow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log, sqrt

import pandas as pd

from atips_analysis.indicators import years_of
from atips_analysis.pages.frozen import standing
from atips_analysis.pages.numbers import Cell, format_interval
from atips_analysis.pages.text import in_words, join_words, lower, sentence_case
from atips_analysis.pages.wording import Comparison, compare, comparisons_sentence
from atips_analysis.reporting import page
from atips_analysis.reporting.annual_report_pieces import AnnualReport, count
from atips_analysis.statistics import Interval, Verdict

COMPARED = (
    ("PROT-01", "VICTIM", "Potential and confirmed victims identified", True),
    ("PROS-02", "SUSPECT", "Persons brought into formal contact", True),
    ("PROS-04", "CONVICTION_P", "Persons convicted of trafficking", False),
    ("PREV-07", "SCREENING", "Migrants screened", False),
    ("PREV-08", "INSPECTION", "Labour inspections", False),
    ("PREV-09", "REPORT", "Reports received through public channels", False),
    ("PROT-06", "SERVICE", "Services given", False),
)
LEVEL = 0.05
"""Of the dispersion test of the baseline's years."""
SAID = {
    Verdict.INCREASE: "an increase",
    Verdict.DECREASE: "a decrease",
    Verdict.NO_EVIDENCE: "no evidence of a change",
    Verdict.TOO_FEW_DATA: "cannot be compared",
}


@dataclass(frozen=True)
class Compared:
    """One count of the year beside the baseline's: what it is, both cells, what can be said."""

    subject: str
    before: Cell
    now: Cell
    comparison: Comparison

    @property
    def verdict(self) -> Verdict:
        return self.comparison.verdict


def change_from_baseline(report: AnnualReport) -> None:
    """The year against the baseline's yearly mean, in words that small numbers allow."""
    year, years = report.year, len(years_of(report.baseline))
    words = report.baseline.replace("-", "–")
    page.say(
        f"Each count of {year} is compared with the yearly mean of the baseline {words} by an exact "
        "test. A change is named only where the interval of the ratio leaves no doubt; an interval "
        "on a complete count describes the chance that moves numbers from year to year. More "
        "detected cases or victims is neither better nor worse. What stands at one day, such as "
        "persons awaiting trial, is not compared, and neither are attendances, which come by the "
        "group. Screenings, inspections and services are work that is planned: a change in them "
        "says what was done. Where the baseline's own years differ by more than chance, the exact "
        "test would be too sure, and the interval is widened by as much as they scatter."
    )
    page.say(standing(report.tidy, report.project, report.baseline).sentence)
    made = compared(report)
    page.show_table(
        pd.DataFrame(
            [_line(one, years) for one in made],
            columns=[
                "What is counted",
                f"{words}, yearly mean",
                str(year),
                "Ratio",
                "95 % interval",
                "What can be said",
            ],
        ),
        f"{year} beside the baseline {words}",
        "tbl-change",
        widths=[34, 12, 9, 8, 16, 21],
        decimals={f"{words}, yearly mean": 1, "Ratio": 2},
        note=f"{report.source_line}. Ratio: {year} over the baseline's yearly mean; exact "
        "conditional test with a central p-value; widened, with Student's t, where the dispersion "
        "test of the baseline's years rejects at 5 %",
    )
    page.say(comparisons_sentence(sum(one.verdict is not Verdict.TOO_FEW_DATA for one in made)))


def compared(report: AnnualReport) -> list[Compared]:
    """The comparisons that the report makes, but for counts that nobody records."""
    tidy, years = report.tidy, len(years_of(report.baseline))
    made = []
    for indicator, unit, subject, detection in COMPARED:
        before = tidy.cell(indicator, report.baseline, unit, "count")
        now = tidy.cell(indicator, report.year, unit, "count")
        if "NC" in (before.status, now.status):
            continue
        comparison = compare(
            subject,
            unit,
            (report.baseline, str(report.year)),
            (count(before), count(now)),
            "the data bank",
            exposures=(float(years), 1.0),
            relative_to="the number of years",
            detection=detection,
        )
        of_years = [
            count(tidy.cell(indicator, each.name, unit, "count"))
            for each in years_of(report.baseline)
        ]
        made.append(Compared(subject, before, now, _widened(comparison, of_years)))
    return made


def change_in_short(report: AnnualReport) -> str:
    """All comparisons in two or three sentences, for the page that opens the report."""
    made = compared(report)
    of = {
        verdict: [lower(one.subject) for one in made if one.verdict is verdict] for verdict in SAID
    }
    tested = len(made) - len(of[Verdict.TOO_FEW_DATA])
    if not tested:
        return "No count of the year can be compared with the baseline."
    said = []
    for verdict in (Verdict.INCREASE, Verdict.DECREASE, Verdict.NO_EVIDENCE):
        if of[verdict]:
            said.append(f"{SAID[verdict]} in {join_words(of[verdict])}")
    again = "one count" if tested == 1 else f"{in_words(tested)} counts"
    more = of[Verdict.TOO_FEW_DATA]
    rest = (
        f" Not compared, as a number is hidden, missing or of fewer months: {join_words(more)}."
        if more
        else ""
    )
    return f"{sentence_case(again)} compared (@tbl-change): {'; '.join(said)}.{rest}"


def _widened(comparison: Comparison, of_years: list[int | None]) -> Comparison:
    """The comparison with an interval that allows for years that scatter by more than chance.

    Pearson's dispersion of the baseline's years about their mean widens the log ratio's standard
    error, and Student's t takes the place of the normal (quasi-Poisson: McCullagh and Nelder 1989,
    sections 4.5 and 6.2.3). A year that is hidden or missing leaves the exact interval.
    """
    from scipy import stats

    earlier, later = comparison.counts
    known = [each for each in of_years if each is not None]
    if not earlier or not later or len(known) < max(2, len(of_years)) or sum(known) != earlier:
        return comparison
    mean, free = sum(known) / len(known), len(known) - 1
    scatter = sum((each - mean) ** 2 for each in known) / mean
    if stats.chi2.sf(scatter, free) >= LEVEL:
        return comparison
    error = sqrt(scatter / free * (1 / earlier + 1 / later))
    reach = float(stats.t.ppf((1 + comparison.confidence) / 2, free)) * error
    middle = log(comparison.ratio.ratio)
    wide = Interval(exp(middle - reach), exp(middle + reach))
    return replace(comparison, ratio=comparison.ratio._replace(interval=wide, p_value=float("nan")))


def _line(one: Compared, years: int) -> tuple[object, ...]:
    before = one.before
    mean = before if before.value is None else Cell(float(before.value) / years, before.status)
    ratio, (low, high) = one.comparison.ratio.ratio, one.comparison.ratio.interval
    known = one.verdict is not Verdict.TOO_FEW_DATA
    return (
        one.subject,
        mean,
        one.now,
        round(ratio, 2) if known else None,
        format_interval(low, high, decimals=2) if known else "",
        SAID[one.verdict],
    )

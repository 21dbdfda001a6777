"""Training and awareness: whom they reached, as far as attendance can say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.reporting import page
from atips_analysis.reporting.bars import Bar, lying_bars
from atips_analysis.reporting.numbers import Cell, format_interval, format_number
from atips_analysis.reporting.research_inputs import Study, check_years, open_study
from atips_analysis.reporting.text import in_words, join_words

MEANINGS = {
    "first_year": "first year of sessions and products",
    "last_year": "last year of sessions and products",
}


@dataclass(frozen=True)
class Reach:
    """The page's data."""

    study: Study

    @property
    def words(self) -> str:
        first, last = self.study["first_year"], self.study["last_year"]
        return str(first) if first == last else f"{first}–{last}"

    def codes(self, indicator_id: str, unit: str, dimension: str) -> list[str]:
        """Categories that occur in any of the years, in the order of the code list."""
        found: set[str] = set()
        for year in self.study.years:
            rows = self.study.tidy.rows(indicator_id, year, unit, "count", **{dimension: "*"})
            found |= set(rows[dimension])
        return sorted(found)

    def total(self, indicator_id: str, unit: str, **what: str) -> Cell:
        """The sum over the years; hidden or missing as soon as one year is."""
        cells = [
            self.study.tidy.cell(indicator_id, year, unit, "count", **what)
            for year in self.study.years
        ]
        for cell in cells:
            if cell.value is None:
                return cell
        whole = float(sum([float(cell.value or 0) for cell in cells]))
        return Cell(whole, "OK" if whole else "Z")


def open_reach(inputs: Path, project: Path, first_year: int, last_year: int) -> Reach:
    """Check the parameters and read the data."""
    values = {"first_year": first_year, "last_year": last_year}
    study = open_study(inputs, project, MEANINGS, values)
    check_years(study)
    return Reach(study)


def summary(reach: Reach) -> None:
    """What attendance says, and what it does not."""
    sessions = reach.total("PREV-01", "SESSION")
    attendances = reach.total("PREV-02", "PARTICIPANT")
    products = reach.total("PREV-05", "PRODUCT")
    none = _districts_without(reach)
    page.say_key_figures(
        (_figure(sessions), f"sessions in {reach.words}"),
        (_figure(attendances), "attendances"),
        (_figure(products), "awareness products"),
        (str(len(none)), "district and year pairs without a session"),
    )
    page.say_list(
        "Attendances are not people: whoever attends twice is counted twice, and nothing in the "
        "returns tells one from the other. Repeated attendance is **not known**.",
        "The size of each audience (how many teachers, officers or boatmen there are to be trained) "
        "is **not collected**. A share of an audience that was reached cannot be given, and none is "
        "estimated.",
        _gain_sentence(reach),
    )


def audiences(reach: Reach) -> None:
    """Sessions, attendances and their mean by audience; the audience's size as not collected."""
    tidy = reach.study.tidy
    rows, bars = [], []
    for code in reach.codes("PREV-02", "PARTICIPANT", "audience"):
        sessions = reach.total("PREV-01", "SESSION", audience=code)
        attendances = reach.total("PREV-02", "PARTICIPANT", audience=code)
        mean = (
            float(attendances.value) / float(sessions.value)
            if attendances.value is not None and sessions.value
            else None
        )
        years = len(
            [
                year
                for year in reach.study.years
                if float(tidy.cell("PREV-01", year, "SESSION", "count", audience=code).value or 0)
            ]
        )
        label = tidy.label("audience", code)
        rows.append([label, sessions, attendances, mean, years, Cell(None, "NC")])
        value = None if attendances.value is None else float(attendances.value)
        bars.append(Bar(label, value, attendances.status))
    order = sorted(range(len(bars)), key=lambda at: -(bars[at].value or -1))
    rows, bars = [rows[at] for at in order], [bars[at] for at in order]
    picture = lying_bars(bars, unit="Attendances (count)", folder=Path(), name="audiences")
    page.show_figure(
        picture,
        f"Attendances by audience, {reach.words}",
        "fig-audiences",
        note=tidy.source_line,
    )
    heads = [
        "Audience",
        "Sessions",
        "Attendances",
        "Attendances a session",
        "Years with a session",
        "Size of the audience",
    ]
    page.show_table(
        pd.DataFrame(rows, columns=heads),
        f"Audiences, {reach.words}",
        "tbl-audiences",
        decimals={"Attendances a session": 1},
        note=tidy.source_line,
    )


def districts(reach: Reach) -> None:
    """Sessions by district and year, and the districts that had none."""
    tidy = reach.study.tidy
    codes = [
        code for code in load_codebook().codelist("district").codes if code not in ("ABROAD", "UNK")
    ]
    rows = [
        [
            tidy.label("district", code),
            *[
                tidy.cell("PREV-01", year, "SESSION", "count", district=code)
                for year in reach.study.years
            ],
            reach.total("PREV-02", "PARTICIPANT", district=code),
        ]
        for code in codes
    ]
    none = _districts_without(reach)
    page.say(
        "Every district had a session in every year."
        if not none
        else "No session was held in "
        + join_words([f"{tidy.label('district', code)} in {year}" for code, year in none])
        + ". Without the number of people to be trained there, more sessions in one district than in "
        "another say nothing of need."
    )
    page.show_table(
        pd.DataFrame(
            rows, columns=["District", *map(str, reach.study.years), "Attendances, all years"]
        ),
        f"Sessions by district, {reach.words}",
        "tbl-districts",
        note=tidy.source_line,
    )


def gain(reach: Reach) -> None:
    """Of participants with both tests, those whose score rose, with exact intervals."""
    tidy = reach.study.tidy
    rows = []
    for year in reach.study.years:
        found = tidy.table[
            (tidy.table["indicator_id"] == "PREV-03") & (tidy.table["period"] == str(year))
        ]
        for row in found.to_dict("records"):
            who = (
                "All audiences"
                if row["audience"] == "Total"
                else tidy.label("audience", row["audience"])
            )
            value = None if pd.isna(row["value"]) else float(row["value"])
            if row["status"] == "NAP" and row["audience"] != "Total":
                continue
            tested = None if pd.isna(row["denominator"]) else int(row["denominator"])
            rows.append(
                [
                    str(year),
                    who,
                    Cell(tested, str(row["status"])),
                    _of_attendances(reach, year, row["audience"], tested),
                    Cell(value, str(row["status"])),
                    format_interval(row["ci_low"], row["ci_high"]),
                ]
            )
    page.say(_gain_sentence(reach))
    page.show_table(
        pd.DataFrame(
            rows,
            columns=[
                "Year",
                "Audience",
                "With both tests, n",
                "Of attendances, %",
                "Score rose, % of n",
                "95 % interval, %",
            ],
        ),
        "Pre- and post-tests: participants whose score rose",
        "tbl-gain",
        decimals={"Of attendances, %": 0, "Score rose, % of n": 1},
        align="llrrrr",
        widths=[8, 34, 14, 14, 14, 16],
        note=f"{tidy.source_line}. Shares of fewer than ten are not shown. Interval: exact "
        "(Clopper-Pearson) under n = 30, Wilson from 30; it takes participants for independent, "
        "and those of one session are not, so that the true one is wider",
    )


def awareness(reach: Reach) -> None:
    """Products by channel; whom they reached is not known."""
    tidy = reach.study.tidy
    rows = [
        [
            tidy.label("channel", code),
            *[
                tidy.cell("PREV-05", year, "PRODUCT", "count", channel=code)
                for year in reach.study.years
            ],
        ]
        for code in reach.codes("PREV-05", "PRODUCT", "channel")
    ]
    rows.append(
        [
            "All channels",
            *[tidy.cell("PREV-05", year, "PRODUCT", "count") for year in reach.study.years],
        ]
    )
    page.say(
        "A product is a video, an appearance or a campaign, not a person reached. Views and "
        "listeners are counted by each channel in its own way, several times over for one person; "
        "they are not added up, and no reach is computed from them."
    )
    page.show_table(
        pd.DataFrame(rows, columns=["Channel", *map(str, reach.study.years)]),
        f"Awareness products by channel, {reach.words}",
        "tbl-awareness",
        note=tidy.source_line,
    )


def _districts_without(reach: Reach) -> list[tuple[str, int]]:
    codes = [
        code for code in load_codebook().codelist("district").codes if code not in ("ABROAD", "UNK")
    ]
    return [
        (code, year)
        for code in codes
        for year in reach.study.years
        if reach.study.tidy.cell("PREV-01", year, "SESSION", "count", district=code).value == 0
    ]


def _gain_sentence(reach: Reach) -> str:
    tidy = reach.study.tidy
    known = [
        year
        for year in reach.study.years
        if tidy.cell("PREV-03", year, "PARTICIPANT", "percent").value is not None
    ]
    if not known:
        return "Pre- and post-tests were returned for no year in sufficient number."
    said = join_words(
        [
            f"{format_number(tidy.cell('PREV-03', year, 'PARTICIPANT', 'percent').value, decimals=0)} % in {year}"
            for year in known
        ]
    )
    lacking = len(reach.study.years) - len(known)
    more = (
        f" For {in_words(lacking)} of {in_words(len(reach.study.years))} years there are too few "
        "tests, or none."
        if lacking
        else ""
    )
    return (
        f"Of participants with a test before and after, the score rose for {said}.{more} A higher "
        "score on the day is not a change in practice, and those tested are not a sample of all."
    )


def _of_attendances(reach: Reach, year: int, audience: str, tested: int | None) -> float | None:
    """Those with both tests as a share of the attendances of the year."""
    what = {} if audience == "Total" else {"audience": audience}
    whole = reach.study.tidy.cell("PREV-02", year, "PARTICIPANT", "count", **what)
    if tested is None or not whole.value or whole.status == "R":
        return None
    return 100 * tested / float(whole.value)


def _figure(cell: Cell) -> str:
    return "c" if cell.value is None else format_number(cell.value)

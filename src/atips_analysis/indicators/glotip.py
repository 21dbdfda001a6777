"""UNODC's tables G1 to G11 filled from the register, in UNODC's own words, from protected values.

Only the protected tidy table goes in, so that no cell comes out that has not been protected and
attacked with all others. Three things may stand in a cell: its count; nothing, with status C,
where the count is hidden; nothing, with status NAP or NC and the reason, where the register has
no such cell. A year's table by sex and age together is one of those: at a small country's size two-way
tables of persons are published for pooled years only, and status C, which tells a reader that
somebody is there, would say something about cells that nobody has protected.

Victims are those confirmed, as everywhere in the framework where UNODC's series is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.errors import InputError
from atips_analysis.framework.register_files import read_framework_table
from atips_analysis.indicators.compute import KEPT, is_kept
from atips_analysis.indicators.period import parse_period
from atips_analysis.indicators.place import RANGE, TOTAL
from atips_analysis.project import Project, find_project
from atips_analysis.published.mappings import UNODC_AGE, UNODC_FORM, UNODC_SEX
from atips_analysis.words.catalogues import SOURCE

LAYOUT = (
    "Iso3_code",
    "Country",
    "Region",
    "Subregion",
    "Indicator",
    "Dimension",
    "Category",
    "Sex",
    "Age",
    "Year",
    "Unit of measurement",
    "txtVALUE",
    "Source",
)
WORDED = ("Indicator", "Category", "Sex", "Age")
WORDS = "glotip_words.csv"
SHELL_COLUMNS = ("table_id", *LAYOUT, "value", "status", *RANGE, "from", "note")
OWN_NATIONALS = "Own country nationals"
SHOWN = ("OK", "Z", "PV", "E")

NOT_BROKEN_DOWN = "confirmed victims are not broken down (small numbers)"
NOT_TOGETHER = "sex and age together are not published (small numbers)"
MERGED_WITH = "published together with others: {}"
NO_COUNTRY = "no agency records from which country own nationals were brought back"


@dataclass(frozen=True)
class Subject:
    """Where UNODC's indicator stands in the tidy table."""

    indicator_id: str
    unit: str
    statistic: str
    field: str
    categories: Mapping[str, str]


SUBJECTS = {
    "G1": Subject("PROS-01", "CASE", "count", "value", {"carried_over": "NO"}),
    "G2": Subject("PROS-02", "SUSPECT", "count", "value", {}),
    "G3": Subject("PROS-03", "SUSPECT", "count", "value", {}),
    "G4": Subject("PROS-04", "CONVICTION_P", "count", "value", {}),
    "G5": Subject("PROS-04", "CONVICTION_P", "count", "value", {}),
    "G6": Subject("PROS-04", "CONVICTION_P", "count", "value", {}),
    "G7": Subject("PROT-02", "VICTIM", "rate", "numerator", {}),
    "G8": Subject("PROT-02", "VICTIM", "rate", "numerator", {}),
    "G9": Subject("PROT-01", "VICTIM", "count", "value", {"status_of_victim": "CONFIRMED"}),
    "G11": Subject("PROT-01", "VICTIM", "count", "value", {"status_of_victim": "CONFIRMED"}),
}
NOTES = {
    "G1": "cases opened in the year; UNODC counts offences",
    "G8": "both forms together stand under other forms",
    "G9": "groups of countries: a country is not published",
    "G5": "groups of countries: a country is not published",
    "G6": "both forms together stand under other forms",
}


def glotip_shells(
    protected_table: pd.DataFrame, year: int | str, project: Project | None = None
) -> pd.DataFrame:
    """The shells G1 to G11 for a year, or for pooled years such as ``"2021-2023"``.

    Parameters
    ----------
    protected_table : DataFrame
        As `disclosure.indicator_table.protect_table` gives it, or as read from a build.
    year : int or str
        A period of the table. Pooled years fill what a single year may not show; the measures that
        do not add up over years (persons prosecuted, cases) are then not applicable.
    project : Project, optional
        For the shells and the country; by default the one around the working folder.

    Returns
    -------
    DataFrame
        Columns `SHELL_COLUMNS`: table_id, the thirteen columns of UNODC's public file (txtVALUE
        is the count as text, blank where there is none to show), value (Float64), status, low and
        high (the range of a hidden count), from (where in the tidy table) and note.

    Source: the layout and wording of UNODC's public file on trafficking of 2025-10-28.
    """
    project = project or find_project()
    period = parse_period(year).name
    shells = read_framework_table(
        project.framework / "glotip_tables.csv",
        columns=["table_id", "indicator_name_exact", "dimension_exact"],
        key=["table_id"],
    )
    table = protected_table[protected_table["period"] == period]
    rows = []
    for shell in shells.to_dict("records"):
        for cell in _cells(str(shell["table_id"]), table):
            rows.append(
                {
                    "table_id": shell["table_id"],
                    "Indicator": shell["indicator_name_exact"],
                    "Dimension": _dimension(shell["dimension_exact"]),
                }
                | cell
            )
    frame = pd.DataFrame(rows)
    for name, value in _country(project).items():
        frame[name] = value
    frame["Year"], frame["Unit of measurement"], frame["Source"] = period, "Counts", "Register"
    frame = frame.reindex(columns=list(dict.fromkeys([*frame.columns, *RANGE])))
    frame[["value", *RANGE]] = frame[["value", *RANGE]].astype("Float64")
    frame["txtVALUE"] = frame["value"].map(lambda v: "" if pd.isna(v) else str(int(v)))
    return frame[list(SHELL_COLUMNS)]


def in_words_of(shells: pd.DataFrame, lang: str, project: Project | None = None) -> pd.DataFrame:
    """The shells for a page in a language: UNODC's words in it, as `glotip_words.csv` has them.

    UNODC's public file is in English, and so is the data file that is made of the shells.

    Raises InputError if a word of theirs has no translation there.
    """
    if lang == SOURCE:
        return shells
    words = _words_in(lang, project or find_project())
    return shells.assign(
        **{name: [words(text) for text in shells[name]] for name in (*WORDED, "Dimension")}
    )


def _words_in(lang: str, project: Project) -> Callable[[str], str]:
    """UNODC's words, and our groups of countries, in a language."""
    table = read_framework_table(project.framework / WORDS, columns=[SOURCE, lang], key=[SOURCE])
    known = dict(zip(table[SOURCE], table[lang], strict=True))
    groups = load_codebook(project).codelist("citizenship_group")
    known |= {groups.label(code, SOURCE): groups.label(code, lang) for code in groups.codes}

    def words(text: str) -> str:
        if text not in known:
            raise InputError(
                f"{text!r}, a word of UNODC's, is not there; add it with its translations",
                file=f"data/framework/{WORDS}",
            )
        return str(known[text])

    return words


def sdg_16_2_2(protected_table: pd.DataFrame, period: int | str) -> pd.DataFrame:
    """SDG 16.2.2, the detected part: confirmed victims per 100,000 by sex, age and form.

    Returns
    -------
    DataFrame
        dimension (total, sex, age_group, form), category, value (per 100,000), numerator,
        denominator (mid-year population), ci_low, ci_high, method, status, note. Broken down
        for pooled years only; rates by form are over the whole population.

    Source: UN Statistics Division, metadata of indicator 16.2.2.
    """
    name = parse_period(period).name
    rows = protected_table[
        (protected_table["indicator_id"] == "PROT-02")
        & (protected_table["period"] == name)
        & (protected_table["statistic"].isin(["rate", ""]))
    ]
    found = []
    for row in rows.to_dict("records"):
        cell = {part: row[part] for part in dimensions() if row[part] != TOTAL}
        dimension, category = next(iter(cell.items()), ("total", TOTAL))
        kept = ("value", "numerator", "denominator", "ci_low", "ci_high", "method", "status")
        found.append(
            {"dimension": dimension, "category": category}
            | {part: row[part] for part in (*kept, "note")}
        )
    order = {"total": 0, "sex": 1, "age_group": 2, "form": 3}
    frame = pd.DataFrame(found)
    place = frame["dimension"].map(order)
    return (
        frame.assign(place=place)
        .sort_values(["place", "category"], kind="stable")
        .drop(columns="place")
        .reset_index(drop=True)
    )


Entries = Mapping[frozenset[tuple[str, str]], Mapping[str, Any]]
"""Rows of the tidy table by what they are broken down by."""
Where = tuple[str, str, str]
"""Category, sex and age of a cell, in UNODC's words."""
WHOLE: Where = (TOTAL, TOTAL, TOTAL)


@dataclass(frozen=True)
class Shell:
    """A table of UNODC's being filled: of what, from which rows, with which note."""

    subject: Subject
    table: Entries
    note: str


def _entries(table: pd.DataFrame, subject: Subject) -> Entries:
    own = table[
        (table["indicator_id"] == subject.indicator_id)
        & (table["unit_of_count"] == subject.unit)
        & (table["statistic"] == subject.statistic)
    ]
    return {
        frozenset((part, row[part]) for part in dimensions() if row[part] != TOTAL): row
        for row in own.to_dict("records")
    }


def _cells(table_id: str, frame: pd.DataFrame) -> Iterator[dict[str, object]]:
    """The rows of one shell: Category, Sex, Age, value, status, from, note."""
    if table_id == "G10":
        yield _empty(WHOLE, "NC", NO_COUNTRY)
        return
    subject = SUBJECTS[table_id]
    shell = Shell(subject, _entries(frame, subject), NOTES.get(table_id, ""))
    if table_id in ("G1", "G11"):
        own = {"citizenship_group": load_codebook().country} if table_id == "G11" else {}
        yield _cell(shell, WHOLE, own)
    elif table_id in ("G2", "G3", "G4", "G7"):
        yield from _by_sex_and_age(shell, TOTAL, [{}])
    elif table_id in ("G5", "G9"):
        for category, group in _citizenships(frame, subject):
            yield _cell(shell, (category, TOTAL, TOTAL), {"citizenship_group": group})
    else:
        for category, forms in _forms():
            if table_id == "G6":
                yield _added(shell, (category, TOTAL, TOTAL), forms)
            else:
                yield from _by_sex_and_age(shell, category, forms)


def _by_sex_and_age(
    shell: Shell, category: str, alternatives: list[dict[str, str]]
) -> Iterator[dict[str, object]]:
    for sex, sex_code in UNODC_SEX.items():
        for age, age_code in UNODC_AGE.items():
            if TOTAL not in (sex, age):
                yield _empty((category, sex, age), "NAP", NOT_TOGETHER)
                continue
            cell = {}
            if sex != TOTAL:
                cell["sex"] = sex_code
            if age != TOTAL:
                cell["age_group"] = age_code
            wanted = [{**form, **cell} for form in alternatives]
            yield _added(shell, (category, sex, age), wanted)


def _added(shell: Shell, where: Where, wanted: list[dict[str, str]]) -> dict[str, object]:
    """One cell of UNODC's out of one or several of ours; hidden when any of them is."""
    parts = [_cell(shell, where, cell) for cell in wanted]
    there = [part for part in parts if part["status"] != "NAP"]
    if len(there) <= 1:
        return (there or parts)[0]
    states = {str(part["status"]) for part in there}
    whole = dict(there[0])
    if states <= set(SHOWN):
        value = sum(float(str(part["value"])) for part in there)
        whole |= {"value": value, "status": "Z" if value == 0 else "OK"}
    else:
        whole |= {"value": pd.NA, "status": "C" if "C" in states else sorted(states)[0]}
        whole |= dict.fromkeys(RANGE, pd.NA)
    return whole | {"from": "; ".join(str(part["from"]) for part in there)}


def _cell(shell: Shell, where: Where, cell: Mapping[str, str]) -> dict[str, object]:
    subject, table = shell.subject, shell.table
    wanted = {**subject.categories, **cell}
    name = f"{subject.indicator_id} {subject.unit} " + " ".join(
        f"{k}={v}" for k, v in wanted.items()
    )
    row = table.get(frozenset(wanted.items()))
    if row is not None:
        status = str(row["status"])
        shown = status in SHOWN or (status == "NAP" and pd.notna(row[subject.field]))
        status = "OK" if shown else status
        why = _said_of(row, shell.note) if shown or status == "C" else str(row["note"])
        value: Any = row[subject.field] if shown else pd.NA
        if shown and float(value) == 0:
            status = "Z"
        ends = {part: row.get(part) for part in RANGE} if status == "C" else {}
        return _filled(where, value, status, name.strip(), why) | ends
    broken_down = wanted.keys() - subject.categories.keys()
    if merged := _merged_with(table, wanted):
        return _empty(where, "NAP", MERGED_WITH.format(merged))
    whole = table.get(frozenset())
    if broken_down and _has_table(table, subject, wanted):
        note = _said_of(table.get(frozenset(subject.categories.items())), shell.note)
        return _filled(where, 0, "Z", name.strip(), note)
    if whole is not None and whole["status"] in ("M", "NC"):
        return _empty(where, str(whole["status"]), str(whole["note"]))
    return _empty(where, "NAP", _why_not(subject, whole is not None))


def _said_of(row: Mapping[str, Any] | None, note: str) -> str:
    """The note of a shell, and that the row it is filled from stands as printed earlier, if it does."""
    kept = KEPT if row is not None and is_kept(row["note"]) else ""
    return "; ".join(filter(None, (note, kept)))


def _merged_with(table: Entries, wanted: Mapping[str, str]) -> str:
    """The label of the merged category under which a category is published, if it is."""
    there = {pair for cell in table for pair in cell if cell and len(cell) == len(wanted)}
    for name, code in wanted.items():
        dimension = load_codebook().dimension(name)
        held = dimension.holding(code, sorted(category for by, category in there if by == name))
        if held:
            return dimension.category(held)
    return ""


def _has_table(table: Entries, subject: Subject, wanted: Mapping[str, str]) -> bool:
    """Whether the whole breakdown is published, so that a category without a row is a true zero.

    A breakdown is left out when it counts too few; a part of it that others have published may
    stand there all the same. Then the parts that are shown do not make up the total.
    """
    fixed = frozenset(subject.categories.items())
    parts = [
        row
        for cell, row in table.items()
        if fixed <= cell and {dimension for dimension, _ in cell} == set(wanted)
    ]
    total = table.get(fixed)
    if not parts or total is None or any(row["status"] == "C" for row in parts):
        return bool(parts)
    shown = [row[subject.field] for row in parts if pd.notna(row[subject.field])]
    return bool(pd.notna(total[subject.field]) and sum(shown) >= total[subject.field])


def _why_not(subject: Subject, has_total: bool) -> str:
    if not has_total:
        return "not pooled: it does not add up over years"
    if subject.indicator_id.startswith("PROT"):
        return NOT_BROKEN_DOWN
    return "not broken down so, or too few persons to break down"


def _filled(where: Where, value: Any, status: str, origin: str, note: str) -> dict[str, object]:
    named = zip(("Category", "Sex", "Age"), where, strict=True)
    return dict(named) | {"value": value, "status": status, "from": origin, "note": note}


def _empty(where: Where, status: str, note: str) -> dict[str, object]:
    return _filled(where, pd.NA, status, "", note)


def _forms() -> list[tuple[str, list[dict[str, str]]]]:
    """UNODC's categories of form, and ours that make them; both forms at once are other."""
    ours = {"SEX": ["SEX"], "LAB": ["LAB"], "OTHER": ["OTHER", "MIXED"]}
    return [
        (category, [{"form": form} for form in ours[code]])
        for category, code in UNODC_FORM.items()
        if category != TOTAL
    ]


def _citizenships(table: pd.DataFrame, subject: Subject) -> list[tuple[str, str]]:
    """Own nationals and the published groups of countries, in the order of the code list."""
    codes, own_country = load_codebook().codelist("citizenship_group"), load_codebook().country
    own = table[
        (table["indicator_id"] == subject.indicator_id) & (table["unit_of_count"] == subject.unit)
    ]
    there = set(own["citizenship_group"]) - {TOTAL}
    return [
        (OWN_NATIONALS if code == own_country else codes.label(code, "en"), code)
        for code in codes.codes
        if code in there or code == own_country
    ]


def _dimension(text: str) -> str:
    return TOTAL if text == "(derived)" else text


def _country(project: Project) -> dict[str, str]:
    """The country as UNODC's own newest file writes it."""
    newest = sorted(project.published.glob("unodc_glotip_*_????-??-??.csv"))[-1]
    first = read_framework_table(newest, columns=list(LAYOUT[:4])).iloc[0]
    return {name: str(first[name]) for name in LAYOUT[:4]}

"""The family of comparisons: which series are spoken of, fixed before data are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from atips_analysis.errors import InputError
from atips_analysis.framework import load_indicators
from atips_analysis.framework.register_files import read_framework_table, records
from atips_analysis.indicators.design_factors import comes_about
from atips_analysis.project import Project
from atips_analysis.statistics import ComesAbout
from atips_analysis.words import NC_, translator
from atips_analysis.words.terminology import forbidden_in
from atips_analysis.words.translator import by_language

FILE = "data/framework/statements.csv"
COMPARED = ("baseline", "trend")
WORDS_OF_CHANGE = NC_(
    "pattern: words of change",
    r"\b(trend|increas|decreas|rises?\b|rising|rose\b|falls?\b|falling|fell\b|grew|upward|downward"
    r"|evidence of (a )?change)",
)


@dataclass(frozen=True)
class Declared:
    """A series that is spoken of.

    id : its name on pages: that of the indicator, where it is the register's
    indicator_id, unit : of the register's count; the indicator is blank where others published it
    series, read_as : of a published series, and how its figures were read
    compared : with the "baseline", or over its years ("trend")
    subject : what is counted, as a heading, by language
    also : what pages call it besides, by language
    """

    id: str
    indicator_id: str
    unit: str
    series: str
    read_as: str
    compared: str
    subject: Mapping[str, str] = field(hash=False)
    also: Mapping[str, list[str]] = field(default_factory=dict, hash=False)

    @property
    def comes_about(self) -> ComesAbout:
        return comes_about(self.unit)


def load_declared(project: Project) -> tuple[Declared, ...]:
    """The declared series, in the order in which pages list them.

    Raises InputError if a row names no indicator and no published series, another kind of
    comparison, or a subject that says how it changed; names the row.
    """
    columns = ["id", "indicator_id", "unit_of_count", "series", "read_as", "compared", "subject_en"]
    table = read_framework_table(project.framework / "statements.csv", columns=columns, key=["id"])
    known = {indicator.id for indicator in load_indicators(project)}
    return tuple(_declared(row, known, at) for at, row in enumerate(records(table), start=2))


def _declared(row: dict[str, str], known: set[str], at: int) -> Declared:
    of = row["indicator_id"]
    if of and of not in known:
        raise InputError(f"{of} is not an indicator of the framework", file=FILE, row=at)
    if bool(of) == bool(row["series"]):
        raise InputError("name an indicator or a published series, one of them", file=FILE, row=at)
    if row["compared"] not in COMPARED:
        raise InputError(
            f"compared is {row['compared']!r}; use one of {', '.join(COMPARED)}", file=FILE, row=at
        )
    subject = by_language(row, "subject")
    for lang, text in subject.items():
        _check_subject(text, lang, at)
    also = {
        lang: [name.strip() for name in names.split(";") if name.strip()]
        for lang, names in by_language(row, "also").items()
    }
    return Declared(
        id=row["id"],
        indicator_id=of,
        unit=row["unit_of_count"],
        series=row["series"],
        read_as=row["read_as"],
        compared=row["compared"],
        subject=subject,
        also=also,
    )


def _check_subject(text: str, lang: str, at: int) -> None:
    if not text.strip():
        raise InputError(f"subject_{lang} is blank; fill it in", file=FILE, row=at)
    for found in forbidden_in(text, lang):
        raise InputError(f"{text!r}: {found}", file=FILE, row=at)
    pattern = translator(lang).pgettext("pattern: words of change", WORDS_OF_CHANGE)
    if re.search(pattern, text, flags=re.IGNORECASE):
        raise InputError(
            f"{text!r}: a subject says what is counted, not how it changed", file=FILE, row=at
        )

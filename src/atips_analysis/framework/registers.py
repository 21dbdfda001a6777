"""The registers beside the indicators: objectives, targets, assumptions, sources, practices."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import pandas as pd

from atips_analysis.codebook import read_council_table, wrong_entry
from atips_analysis.errors import InputError
from atips_analysis.framework.register import Indicator, load_indicators
from atips_analysis.framework.register_files import read_framework_table, records
from atips_analysis.profile import PLACE as PROFILE_PLACE
from atips_analysis.project import Project
from atips_analysis.words.said import Message

RATINGS = ("high", "medium", "low")
LOCATOR = re.compile(r"\s*(?:;|\((?=GitHub|GLOTIP database|SP\.)|\sdatasets/|\svia\s|@)")
"""Where, behind a title or publisher in the register of sources, its technical locator begins."""
NAMES_OF_FILES = {"data_glotip_1.xlsx": "Global Report on Trafficking in Persons, database"}


def load_objectives(project: Project) -> pd.DataFrame:
    """The Strategy's eleven objectives: objective, priority_area, and text and status a language.

    Their text is blank until the Council fills it in; `status_en` says so meanwhile.
    """
    return read_framework_table(
        project.framework / "objectives.csv",
        columns=["objective", "priority_area", "text_en", "status_en"],
        key=["objective"],
    )


def load_targets(project: Project) -> pd.DataFrame:
    """Targets: indicator_id, year, target (number or missing), set_by, set_on, note.

    A blank target is one that the Council has not set. Nothing fills it.

    Raises InputError if a target is not a number, names no indicator, or is set without saying by
    whom.
    """
    table = read_council_table(
        project,
        "targets",
        ("indicator_id", "year", "target", "set_by", "set_on", "note"),
        key=("indicator_id", "year"),
    )
    known = {indicator.id for indicator in load_indicators(project)}
    for at, row in zip(table.index, records(table), strict=True):
        wrong = _wrong_target(row, known)
        if wrong:
            raise wrong_entry("targets", wrong, int(at))
    table["year"] = table["year"].astype(int)
    table["target"] = pd.to_numeric(table["target"].replace("", None))
    return table.reset_index(drop=True)


def _wrong_target(row: Mapping[str, str], known: Collection[str]) -> str:
    if row["indicator_id"] not in known:
        return Message("{code} is not an indicator of the framework; correct it").format(
            code=row["indicator_id"]
        )
    if not re.fullmatch(r"\d{4}", row["year"]):
        return Message("{text!r} is no year; write four digits, such as 2025").format(
            text=row["year"]
        )
    if row["target"] and not row["set_by"]:
        return Message("a target without who set it; fill in set_by").format()
    if row["target"] and not re.fullmatch(r"-?\d+(\.\d+)?", row["target"]):
        return Message("the target {text!r} is not a number; write digits, with a point").format(
            text=row["target"]
        )
    return ""


def load_assumptions(project: Project) -> pd.DataFrame:
    """The assumptions, rated: quality (how well founded) and impact (what hangs on them)."""
    table = read_framework_table(
        project.framework / "assumptions.csv",
        columns="""assumption_id assumption_en reason applies_to quality impact what_is_done_about_it""".split(),
        key=["assumption_id"],
    )
    return _rated(table, "data/framework/assumptions.csv")


def load_sources(project: Project) -> pd.DataFrame:
    """The sources with their ratings: source_id, title, publisher, year, url, access_confidence,
    quality, impact, kind, remark.

    Raises InputError if a published source has no rating, or a rating no source.
    """
    published = read_framework_table(
        project.published / "sources.csv",
        columns=["source_id", "title", "publisher", "year", "url", "access_confidence"],
        key=["source_id"],
    )
    ratings = _rated(
        read_framework_table(
            project.framework / "sources.csv",
            columns=["source_id", "quality", "impact", "kind", "remark"],
            key=["source_id"],
        ),
        "data/framework/sources.csv",
    )
    apart = set(published["source_id"]) ^ set(ratings["source_id"])
    if apart:
        raise InputError(
            Message(
                "{sources}: in one of data/published/sources.csv and data/framework/sources.csv only; give each source one row in both"
            ).format(sources=", ".join(sorted(apart)))
        )
    return published.merge(ratings, on="source_id", validate="one_to_one")


def in_short(title: str) -> str:
    """A title or publisher without the technical locator that the register keeps behind it."""
    cut = LOCATOR.split(title, maxsplit=1)[0]
    return NAMES_OF_FILES.get(cut, cut)


def load_acronyms(project: Project) -> pd.DataFrame:
    """The acronyms that reports use: acronym, meaning_en, meaning_es."""
    return read_framework_table(
        project.framework / "acronyms.csv",
        columns=["acronym", "meaning_en", "meaning_es"],
        key=["acronym"],
    )


def load_best_practices(project: Project) -> pd.DataFrame:
    """The register of Best Practices in TIPS; what is not known is blank."""
    return read_framework_table(
        project.framework / "best_practices.csv",
        columns="""practice_id priority_area practice_en problem what_was_done evidence
            evidence_strength cost how_to_repeat_it owner review_date source_id locator""".split(),
        key=["practice_id"],
    )


def logframe(project: Project) -> pd.DataFrame:
    """The results framework: one row an indicator.

    Ordered by priority area and, inside it, from impact down to input. `baseline`, `milestone`
    and `actual` are blank here: a report fills them in from its tables. `target` is that of the
    Strategy's last year.
    """
    last = int(project.profile["strategy"]["last_year"])
    targets = load_targets(project)
    due = targets[targets["year"] == last].set_index("indicator_id")["target"]
    assumptions = load_assumptions(project)
    order = ["impact", "outcome", "output", "process", "input", "context"]
    rows = [
        {
            "priority_area": item.priority_area,
            "result": item.level,
            "indicator": item.id,
            "baseline": "",
            "milestone": "",
            "target": due.get(item.id),
            "actual": "",
            "means_of_verification": item.means_of_verification,
            "assumptions_risks": _assumptions_of(item, assumptions),
            "responsible": item.source_agency,
        }
        for item in load_indicators(project)
    ]
    frame = pd.DataFrame(rows)
    areas = _areas(project)
    position = frame.assign(
        _area=frame["priority_area"].map(areas.index), _level=frame["result"].map(order.index)
    ).sort_values(["_area", "_level", "indicator"], kind="stable")
    return position.drop(columns=["_area", "_level"]).reset_index(drop=True)


def _areas(project: Project) -> list[str]:
    """The strategy's priority areas, in its order; each that the register has indicators of."""
    areas = list(project.profile["strategy"]["priority_areas"])
    lacking = {item.priority_area for item in load_indicators(project)} - set(areas)
    if lacking:
        raise InputError(
            Message(
                "priority_areas in [strategy] lacks {areas}, which indicators of the register belong to; add it"
            ).format(areas=", ".join(sorted(lacking))),
            file=PROFILE_PLACE.as_posix(),
        )
    return areas


def _assumptions_of(indicator: Indicator, assumptions: pd.DataFrame) -> str:
    named = [
        row["assumption_id"]
        for row in records(assumptions)
        if indicator.id in row["applies_to"].split("; ")
    ]
    return ", ".join(named)


def _rated(table: pd.DataFrame, name: str) -> pd.DataFrame:
    for column in ("quality", "impact"):
        wrong = ~table[column].isin(RATINGS)
        if wrong.any():
            at = int(wrong.to_numpy().argmax())
            raise InputError(
                Message("{column} is {value!r}; use one of {ratings}").format(
                    column=column, value=table.loc[at, column], ratings=", ".join(RATINGS)
                ),
                file=name,
                row=at + 2,
            )
    return table

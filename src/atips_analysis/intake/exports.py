"""Exports of form software, which say what they are: a profile each, as data.

A profile is a file in the folder `export_profiles`: by which headers it is recognised, which columns are the
platform's own, and whether names of groups stand before those of questions. A new one is one file.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from atips_analysis.codebook import fold
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.grid import Grid

HERE = Path(__file__).parent / "export_profiles"
SEARCHED_ROWS = 10
LEAST_PATHS = 2  # headers in one group from which a separator parts groups from questions


@dataclass(frozen=True)
class Profile:
    """What is known of one platform's exports.

    `recognised_by`: headers of which at least `least` must be there (`first`: in the first column);
    `columns` and `endings`: headers of the platform itself; `separator`: what stands between a
    group's name and a question's, blank for none; `standing`: the columns that say what became of
    a record, by their name or its ending, with the words by which it stands.
    """

    name: str
    recognised_by: frozenset[str]
    columns: frozenset[str]
    least: int = 1
    first: bool = False
    paths: bool = False
    separator: str = ""
    endings: tuple[str, ...] = ()
    standing: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def own(self, header: str) -> bool:
        return header.strip() in self.columns or header.strip().endswith(self.endings or ("\0",))

    def stands(self, header: str) -> frozenset[str] | None:
        """The words by which a record stands in a column of that name; None where it says none."""
        return next(
            (known for name, known in self.standing.items() if header.strip().endswith(name)), None
        )


def without_platform(grid: Grid) -> Grid:
    """The grid without the columns of the platform that exported it, and with questions' own names.

    A column of one choice of a question with several answers ("means/threats" beside "means") is
    the platform's too. What was left out is noted.
    """
    for at, (row, cells) in enumerate(grid.cells.head(SEARCHED_ROWS).iterrows()):
        texts = {int(place): str(text).strip() for place, text in cells.dropna().items()}
        profile = next((one for one in profiles() if _recognised(one, texts)), None)
        if profile is None:
            continue
        return _read(grid, at, int(row), texts, profile)
    return grid


def _recognised(profile: Profile, texts: dict[int, str]) -> bool:
    found = [place for place, text in texts.items() if text in profile.recognised_by]
    if profile.first:
        return bool(found) and found[0] == min(texts) and len(texts) > 2
    return len(found) >= profile.least or (
        profile.separator == "/" and profile.paths and _has_paths(texts)
    )


def _has_paths(texts: dict[int, str]) -> bool:
    groups = Counter(
        text.rpartition("/")[0] for text in texts.values() if "/" in text and " / " not in text
    )
    return any(group and number >= LEAST_PATHS for group, number in groups.items())


def _read(grid: Grid, at: int, row: int, texts: dict[int, str], profile: Profile) -> Grid:
    own = [place for place, text in texts.items() if profile.own(text)]
    names = {place: text for place, text in texts.items() if place not in own}
    if profile.paths:
        names, choices = _questions(names, profile.separator)
        own += choices
    cells = grid.cells.copy()
    told = {place: profile.stands(texts[place]) for place in own}
    doubtful = {
        place: cells[place].iloc[at + 1 :].map(fold, na_action="ignore").isin(known)
        for place, known in told.items()
        if known is not None
    }
    open_ones = {
        place: cells[place].iloc[at + 1 :].mask(stands) for place, stands in doubtful.items()
    }
    open_ones = {place: left for place, left in open_ones.items() if left.notna().any()}
    cells[own] = pd.NA  # columns keep their places
    header = cells.iloc[at].copy()
    for place, name in names.items():
        header[place] = name
    cells.iloc[at] = header
    for place, left in open_ones.items():
        cells.loc[left.index, place] = left
        cells.loc[row, place] = texts[place]
    unused = ", ".join(texts[place] for place in sorted(own))
    note = say.N_EXPORT.format(program=profile.name)
    if own:
        note = say.N_EXPORT_COLUMNS.format(program=profile.name, columns=unused)
    kept = cells.astype("str").where(cells.notna(), pd.NA).dropna(how="all")
    notes = (*grid.notes, (row, note))
    return replace(grid, cells=kept, notes=notes, not_standing=frozenset(open_ones))


def _questions(names: dict[int, str], separator: str) -> tuple[dict[int, str], list[int]]:
    """Headers by the question's name, its group in brackets where two would be the same; choices."""
    parts = {
        place: (group.rpartition(separator)[2], last)
        for place, text in names.items()
        for group, _, last in [text.rpartition(separator)]
        if group and last and f" {separator} " not in text
    }
    whole = {fold(text) for text in names.values()}
    choices = [place for place in parts if fold(names[place].rpartition(separator)[0]) in whole]
    lasts = Counter(fold(last) for place, (_, last) in parts.items() if place not in choices)
    lasts.update(fold(text) for place, text in names.items() if place not in parts)
    found = {}
    for place, text in names.items():
        if place in choices:
            continue
        if place not in parts:
            found[place] = text
            continue
        group, last = parts[place]
        found[place] = last if lasts[fold(last)] == 1 else f"{last} ({group})"
    return found, choices


@lru_cache(maxsize=1)
def profiles() -> tuple[Profile, ...]:
    """All profiles; those that are recognised by one header alone come last."""
    found = []
    for path in sorted(HERE.glob("*.toml")):
        with path.open("rb") as file:
            said = tomllib.load(file)
        found.append(
            Profile(
                said["name"],
                frozenset(said["recognised_by"]),
                frozenset(said["columns"]),
                int(said.get("least", 1)),
                bool(said.get("first", False)),
                bool(said.get("paths", False)),
                str(said.get("separator", "")),
                tuple(said.get("endings", ())),
                {
                    name: frozenset(map(fold, known))
                    for name, known in said.get("standing", {}).items()
                },
            )
        )
    return tuple(sorted(found, key=lambda profile: profile.first))

"""What people write for a report, as a notebook shows it: passages and photographs."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

from atips_analysis.errors import InputError
from atips_analysis.framework import load_sources
from atips_analysis.framework.register_files import read_framework_table, records
from atips_analysis.pages.drawing import Drawing, only_pixels
from atips_analysis.pages.edition import Edition
from atips_analysis.pages.passages import passage
from atips_analysis.pages.prose import Words
from atips_analysis.pages.restated import load_restated
from atips_analysis.pages.show import Figure
from atips_analysis.pages.text import escape_markdown
from atips_analysis.project import Project
from atips_analysis.words import translator

PHOTOGRAPHS = "photographs"
CHAPTERS = ("partnership", "prevention", "protection", "prosecution", "labour")
COLUMNS = ("file", "chapter", "caption", "alt")
MOST_PIXELS = 1600
"""The longer side of a photograph as it is printed; larger ones are made smaller."""


def narrative(edition: Edition, name: str, heading: str = "") -> Words:
    """A passage of `data/narrative`, below its heading; nothing where there is none.

    One that restates a published text says so, with the text and its chapter.

    Parameters
    ----------
    name : str
        Of the passage's file, such as ``protection``.
    heading : str
        A line of Markdown that stands only where the passage does.

    Raises
    ------
    InputError
        If the passage is wrong (`passages.passage`), or restates a source that is not registered.
    """
    found = passage(edition, edition.project, edition.year, name)
    if not found:
        return Words("")
    restated = load_restated(edition.project, edition.year).get(name)
    parts = [heading, found.text]
    if restated is not None and f"/{edition.year}/" in found.file:
        _ = translator(edition.lang)
        title = _title(edition, restated.source_id)
        said = _("Restated from: {title}, “{chapter}”", title=title, chapter=restated.chapter)
        parts.append(f"::: {{.restated}}\n{said}.\n:::")
    return Words("\n\n".join(part for part in parts if part))


def _title(edition: Edition, source_id: str) -> str:
    sources = load_sources(edition.project).set_index("source_id")
    if source_id not in sources.index:
        raise InputError(
            f"{source_id} is no source of data/published/sources.csv; correct it, or add it there",
            file=f"data/narrative/{edition.year}/restated.csv",
        )
    return str(sources.loc[source_id, "title"])


def photographs(edition: Edition, chapter: str) -> list[Figure]:
    """The photographs of a chapter that the Council added; none from simulated records.

    They lie in ``data/narrative/YEAR/photographs``, and ``photographs.csv`` beside the passages
    names each with its chapter, its caption and what it shows in words. What a camera wrote into a
    file (place, time, device) is left out.

    Raises
    ------
    InputError
        If a photograph is missing or cannot be read, has no words, or names no chapter.
    """
    if edition.simulated:
        return []
    shown = _registered(edition.project, edition.year)
    return [figure for place, figure in shown if place == chapter]


def check_photographs(project: Project, year: int) -> None:
    """Stop before a build where a photograph of the year could not be shown (`photographs`)."""
    for _ in _registered(project, year):
        pass


def _registered(project: Project, year: int) -> Iterator[tuple[str, Figure]]:
    """Each photograph with its chapter, in the order of the register."""
    folder = project.root / "data" / "narrative" / str(year)
    register = folder / f"{PHOTOGRAPHS}.csv"
    if not register.is_file():
        return
    table = read_framework_table(register, columns=COLUMNS, key=COLUMNS[:1])
    for row, said in enumerate(records(table), start=2):
        if said["chapter"] not in CHAPTERS:
            chapters = ", ".join(CHAPTERS)
            raise _wrong(year, f"{said['file']}: {said['chapter']!r} is none of {chapters}", row)
        if not said["alt"] or not said["caption"]:
            raise _wrong(year, f"{said['file']}: write caption and alt", row)
        file = folder / PHOTOGRAPHS / said["file"]
        if not file.is_file() or file.resolve() != folder.resolve() / PHOTOGRAPHS / said["file"]:
            raise _wrong(year, f"{file.name} is not in the folder {PHOTOGRAPHS}", row)
        drawing = Drawing(_as_drawing(file, year, row), said["alt"])
        caption = escape_markdown(said["caption"])
        yield said["chapter"], Figure(drawing, caption, f"fig-photograph-{row - 1}")


def _as_drawing(file: Path, year: int, row: int) -> str:
    """A photograph inside an SVG, which both renderers take as they take every drawing."""
    try:
        picture = only_pixels(file, "RGB")
    except ValueError:
        raise _wrong(year, f"{file.name} is no JPEG or PNG picture; save it again", row) from None
    picture.thumbnail((MOST_PIXELS, MOST_PIXELS))
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=82)
    wide, high = picture.size
    coded = base64.b64encode(content.getvalue()).decode()
    points = 360 / wide
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{360:g}pt" height="{high * points:.1f}pt" '
        f'viewBox="0 0 {wide} {high}"><image width="{wide}" height="{high}" '
        f'href="data:image/jpeg;base64,{coded}"/></svg>'
    )


def _wrong(year: int, what: str, row: int) -> InputError:
    return InputError(what, file=f"data/narrative/{year}/{PHOTOGRAPHS}.csv", row=row)

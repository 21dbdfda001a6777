"""What people write for a report, as a notebook shows it: passages and photographs."""

from __future__ import annotations

import base64
import io
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
from atips_analysis.words import translator

PHOTOGRAPHS = "photographs"
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
        If a photograph is missing or cannot be read, or has no words.
    """
    folder = edition.project.root / "data" / "narrative" / str(edition.year)
    register = folder / f"{PHOTOGRAPHS}.csv"
    if edition.simulated or not register.is_file():
        return []
    table = read_framework_table(register, columns=COLUMNS, key=COLUMNS[:1])
    shown = []
    for row, said in enumerate(records(table), start=2):
        if said["chapter"] != chapter:
            continue
        if not said["alt"] or not said["caption"]:
            raise _wrong(edition, f"{said['file']}: write caption and alt", row)
        svg = _as_drawing(folder / PHOTOGRAPHS / said["file"], edition, row)
        id = f"fig-photograph-{Path(said['file']).stem.lower()}"
        shown.append(Figure(Drawing(svg, said["alt"]), said["caption"], id))
    return shown


def _as_drawing(file: Path, edition: Edition, row: int) -> str:
    """A photograph inside an SVG, which both renderers take as they take every drawing."""
    if (
        file.parent.name != PHOTOGRAPHS
        or ".." in file.parts
        or file.is_symlink()
        or not file.is_file()
    ):
        raise _wrong(edition, f"{file.name} is not in the folder {PHOTOGRAPHS}", row)
    try:
        picture = only_pixels(file, "RGB")
    except ValueError:
        raise _wrong(
            edition, f"{file.name} is no JPEG or PNG picture; save it again", row
        ) from None
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


def _wrong(edition: Edition, what: str, row: int) -> InputError:
    return InputError(what, file=f"data/narrative/{edition.year}/{PHOTOGRAPHS}.csv", row=row)

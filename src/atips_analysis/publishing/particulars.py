"""What both renderers are given beside the text: the publication's particulars and its pictures."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from atips_analysis.publishing.fonts import typefaces
from atips_analysis.publishing.markdown import Flattened
from atips_analysis.publishing.publication import Publication

SHARED_FILTER = "shared.lua"


def publication_json(
    publication: Publication, words: dict[str, str], renderer: str
) -> dict[str, Any]:
    """What the Typst template reads: the particulars, the words, the typefaces."""
    faces = typefaces()
    return {
        "title": publication.title,
        "subtitle": publication.subtitle,
        "running_title": publication.running_title or publication.title,
        "period": publication.period,
        "country": publication.country,
        "lang": publication.lang,
        "issuing_body": publication.issuing_body,
        "draft": publication.draft,
        "simulated": publication.simulated,
        "layout": publication.layout,
        "description": publication.description,
        "keywords": list(publication.keywords),
        "reporting_lines": [
            [introduction, list(lines)] for introduction, lines in publication.reporting_groups
        ],
        "made_from": [list(line) for line in made_from(publication, words, renderer)],
        "date": [publication.date.year, publication.date.month, publication.date.day],
        "words": words,
        "fonts": {"text": list(faces.text), "display": list(faces.display)},
    }


def made_from(
    publication: Publication, words: dict[str, str], renderer: str
) -> list[tuple[str, str]]:
    """The lines of the last page: status, what went in, what made it."""
    status = words["status_draft"] if publication.draft else words["status_released"]
    records = [(words["records"], words["records_simulated"])] if publication.simulated else []
    return [
        (words["status"], status),
        *records,
        *publication.made_from,
        (words["renderer"], renderer),
    ]


def stage_pictures(flattened: Flattened, work: Path) -> None:
    """Copy the pictures to the same relative places below `work`."""
    for picture in flattened.pictures:
        target = work / picture
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(flattened.folder / picture, target)


def stage_filter(extension: Path, name: str, work: Path) -> None:
    """Write a renderer's filter into `work`, behind what the filters of both renderers share."""
    parts = [(extension / file).read_text(encoding="utf-8") for file in (SHARED_FILTER, name)]
    (work / name).write_text("\n".join(parts), encoding="utf-8", newline="\n")
